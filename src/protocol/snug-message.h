/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The codec between client and server: one JSON object in one WebSocket text frame. A SnugMessage
 * is immutable once it exists and every field of it has been checked. Any thread.
 */
#pragma once

#include <glib-object.h>

#include "snug-protocol.h"

G_BEGIN_DECLS

/**
 * SnugMessageKind:
 * @SNUG_MESSAGE_JOIN: client: version, room id, resume token
 * @SNUG_MESSAGE_JOINED: server: id (the client's own), ids of the members already there, ICE servers, resumed
 * @SNUG_MESSAGE_PEER_JOINED: server: peer-id, greet
 * @SNUG_MESSAGE_PEER_LEFT: server: peer-id, lost
 * @SNUG_MESSAGE_SIGNAL: both: peer-id ("to" from a client, "from" from the server), payload
 * @SNUG_MESSAGE_LEAVE: client
 * @SNUG_MESSAGE_ERROR: server: error code, text
 */
typedef enum
{
  SNUG_MESSAGE_JOIN = 1,
  SNUG_MESSAGE_JOINED,
  SNUG_MESSAGE_PEER_JOINED,
  SNUG_MESSAGE_PEER_LEFT,
  SNUG_MESSAGE_SIGNAL,
  SNUG_MESSAGE_LEAVE,
  SNUG_MESSAGE_ERROR
} SnugMessageKind;

/* Which side of the wire wrote a message: the two may send different kinds. */
typedef enum
{
  SNUG_MESSAGE_FROM_CLIENT,
  SNUG_MESSAGE_FROM_SERVER
} SnugMessageOrigin;

/* One ICE server (RFC 8489, RFC 8656). uris is NULL-terminated, username and credential may be NULL. */
typedef struct
{
  const char *const *uris;
  const char *username;
  const char *credential;
} SnugIceServer;

#define SNUG_TYPE_MESSAGE (snug_message_get_type ())
typedef struct _SnugMessage SnugMessage;
GType snug_message_get_type (void);
SnugMessage *snug_message_ref (SnugMessage *self);
void snug_message_unref (SnugMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugMessage, snug_message_unref)

/* room_id: see snug-room-key.h. Returns: (transfer full). */
SnugMessage *snug_message_new_join (const char *room_id);
/* The same for one who may come back: token: SNUG_RESUME_TOKEN_MIN_BYTES to _MAX_BYTES characters that nobody can guess, as
 * snug_protocol_random_id() makes them; nullable. */
SnugMessage *snug_message_new_join_with_token (const char *room_id, const char *token);
/* members: ids, NULL-terminated; fewer than SNUG_ROOM_SIZE_MAX. */
SnugMessage *snug_message_new_joined (const char *id,
                                      const char *const *members,
                                      const SnugIceServer *ice_servers,
                                      gsize n_ice_servers);
/* JOINED, for one who has its place again as it was. */
SnugMessage *snug_message_new_resumed (const char *id,
                                       const char *const *members,
                                       const SnugIceServer *ice_servers,
                                       gsize n_ice_servers);
SnugMessage *snug_message_new_peer_joined (const char *id);
/* PEER_JOINED, for one who was there before the receiver, but at a server that this one could not hear of. */
SnugMessage *snug_message_new_peer_to_greet (const char *id);
SnugMessage *snug_message_new_peer_left (const char *id);
/* PEER_LEFT, for one who did not say so: its connection to the server was lost, and not made again in time. */
SnugMessage *snug_message_new_peer_lost (const char *id);
/* The same kind in both directions; origin says which word the wire gets, "to" or "from". */
SnugMessage *snug_message_new_signal (SnugMessageOrigin origin, const char *peer_id, const char *payload);
/* Whether a payload may be in a SIGNAL, in either direction. */
gboolean snug_message_payload_fits (const char *payload);
SnugMessage *snug_message_new_leave (void);
SnugMessage *snug_message_new_error (SnugProtocolError code, const char *text);

/* Parses and checks bytes from the network. data need not be NUL-terminated. Unknown fields are ignored,
 * unknown kinds are SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE.
 * Returns: (transfer full): or NULL with a SNUG_PROTOCOL_ERROR whose message names the field. */
SnugMessage *snug_message_parse (const char *data,
                                 gsize size,
                                 SnugMessageOrigin origin,
                                 GError **error);
/* Returns: (transfer full): one line of JSON. */
char *snug_message_to_json (SnugMessage *self);

SnugMessageKind snug_message_get_kind (SnugMessage *self);
/* The getters below answer for the kinds that carry the field; it is a programmer's error to ask
 * another kind. All strings are owned by the message. */
guint snug_message_get_version (SnugMessage *self);
const char *snug_message_get_room_id (SnugMessage *self);
/* Of a JOIN; nullable. */
const char *snug_message_get_resume_token (SnugMessage *self);
/* Of a JOINED: whether the place is the one that there was. */
gboolean snug_message_get_resumed (SnugMessage *self);
/* Of a PEER_JOINED: whether the receiver is the newcomer of the two. */
gboolean snug_message_get_greet (SnugMessage *self);
/* Of a PEER_LEFT: whether it did not say so itself. */
gboolean snug_message_get_lost (SnugMessage *self);
const char *snug_message_get_id (SnugMessage *self);
const char *snug_message_get_peer_id (SnugMessage *self);
const char *snug_message_get_payload (SnugMessage *self);
/* The ids of who is there already, in the order in which they came; NULL-terminated. */
const char *const *snug_message_get_members (SnugMessage *self);
const SnugIceServer *snug_message_get_ice_servers (SnugMessage *self, gsize *n_servers);
SnugProtocolError snug_message_get_error_code (SnugMessage *self);
/* Never NULL; may be empty. English, for a log. */
const char *snug_message_get_error_text (SnugMessage *self);

G_END_DECLS

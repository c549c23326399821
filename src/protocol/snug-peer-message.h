/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What two peers say to each other, as JSON: in the payload of a SIGNAL (the server does not read it)
 * and, once they are connected, on the data channel. Immutable once it exists. Any thread.
 */
#pragma once

#include <glib-object.h>

#include "snug-protocol.h"

G_BEGIN_DECLS

/**
 * SnugPeerMessageKind:
 * @SNUG_PEER_MESSAGE_DESCRIPTION: payload: generation, sdp-type (offer, answer), sdp, video codecs
 * @SNUG_PEER_MESSAGE_CANDIDATE: payload: generation, mline, mid (may be missing), candidate
 * @SNUG_PEER_MESSAGE_END_OF_CANDIDATES: payload: generation
 * @SNUG_PEER_MESSAGE_BYE: payload or channel: generation, reason; the sender closed this connection
 * @SNUG_PEER_MESSAGE_MEDIA_STATE: payload or channel: which of audio, video, screen are being sent
 * @SNUG_PEER_MESSAGE_CHAT: channel: id, text
 * @SNUG_PEER_MESSAGE_CHAT_ACK: channel: id
 */
typedef enum
{
  SNUG_PEER_MESSAGE_DESCRIPTION = 1,
  SNUG_PEER_MESSAGE_CANDIDATE,
  SNUG_PEER_MESSAGE_END_OF_CANDIDATES,
  SNUG_PEER_MESSAGE_BYE,
  SNUG_PEER_MESSAGE_MEDIA_STATE,
  SNUG_PEER_MESSAGE_CHAT,
  SNUG_PEER_MESSAGE_CHAT_ACK
} SnugPeerMessageKind;

typedef enum
{
  SNUG_SDP_OFFER = 1,
  SNUG_SDP_ANSWER
} SnugSdpType;

/* Why a peer closed its side. */
typedef enum
{
  SNUG_BYE_LEFT = 1,         /* "left": the person left the call */
  SNUG_BYE_FAILED,           /* "failed": this connection could not be made or was lost */
  SNUG_BYE_CERTIFICATE,      /* "certificate": what was seen on the way does not match the description */
  SNUG_BYE_BAD_DESCRIPTION   /* "bad-description": the description was refused */
} SnugByeReason;

#define SNUG_TYPE_PEER_MESSAGE (snug_peer_message_get_type ())
typedef struct _SnugPeerMessage SnugPeerMessage;
GType snug_peer_message_get_type (void);
SnugPeerMessage *snug_peer_message_ref (SnugPeerMessage *self);
void snug_peer_message_unref (SnugPeerMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugPeerMessage, snug_peer_message_unref)

/* generation: counts the connections that a pair has made, from 1. video_codecs: what the sender can
 * decode and encode, NULL-terminated encoding names ("VP8"), best first. Returns: (transfer full). */
SnugPeerMessage *snug_peer_message_new_description (guint generation,
                                                    SnugSdpType sdp_type,
                                                    const char *sdp,
                                                    const char *const *video_codecs);
SnugPeerMessage *snug_peer_message_new_candidate (guint generation,
                                                  guint mline,
                                                  const char *mid,
                                                  const char *candidate);
SnugPeerMessage *snug_peer_message_new_end_of_candidates (guint generation);
SnugPeerMessage *snug_peer_message_new_bye (guint generation, SnugByeReason reason);
SnugPeerMessage *snug_peer_message_new_media_state (gboolean audio, gboolean video, gboolean screen);
SnugPeerMessage *snug_peer_message_new_chat (const char *id, const char *text);
SnugPeerMessage *snug_peer_message_new_chat_ack (const char *id);

/* Parses and checks what a peer sent. An unknown kind is SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE: ignore it, a
 * newer peer may say more. Returns: (transfer full): or NULL with a SNUG_PROTOCOL_ERROR. */
SnugPeerMessage *snug_peer_message_parse (const char *data, gsize size, GError **error);
/* Returns: (transfer full): one line of JSON. */
char *snug_peer_message_to_json (SnugPeerMessage *self);

SnugPeerMessageKind snug_peer_message_get_kind (SnugPeerMessage *self);
/* Each answers for the kinds that carry it; strings are owned by the message. */
guint snug_peer_message_get_generation (SnugPeerMessage *self);
SnugSdpType snug_peer_message_get_sdp_type (SnugPeerMessage *self);
const char *snug_peer_message_get_sdp (SnugPeerMessage *self);
/* Never NULL; empty when the peer named none. */
const char *const *snug_peer_message_get_video_codecs (SnugPeerMessage *self);
guint snug_peer_message_get_mline (SnugPeerMessage *self);
const char *snug_peer_message_get_mid (SnugPeerMessage *self); /* nullable */
const char *snug_peer_message_get_candidate (SnugPeerMessage *self);
SnugByeReason snug_peer_message_get_bye_reason (SnugPeerMessage *self);
gboolean snug_peer_message_get_audio (SnugPeerMessage *self);
gboolean snug_peer_message_get_video (SnugPeerMessage *self);
gboolean snug_peer_message_get_screen (SnugPeerMessage *self);
const char *snug_peer_message_get_chat_id (SnugPeerMessage *self);
const char *snug_peer_message_get_text (SnugPeerMessage *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules of one room, without I/O: what comes in from a member, which messages go out to whom.
 */
#pragma once

#include "snug-message.h"

G_BEGIN_DECLS

typedef struct _SnugRoom SnugRoom;

/* One message on its way to one member. */
typedef struct
{
  char *to;
  SnugMessage *message;
} SnugDelivery;
void snug_delivery_free (SnugDelivery *self);
/* message: (transfer full). */
void snug_delivery_add (GPtrArray *deliveries, const char *to, SnugMessage *message);
/* Returns: (transfer full): an empty list that frees what it holds. */
GPtrArray *snug_delivery_list_new (void);

/* What all rooms of a server together keep for members that are away, in bytes of payload. */
#define SNUG_ROOMS_MISSED_MAX_BYTES (16 * 1024 * 1024)

/* missed_bytes: the sum over all rooms, which outlives this one; nullable. */
SnugRoom *snug_room_new (const char *id, guint size, gsize *missed_bytes);
void snug_room_free (SnugRoom *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugRoom, snug_room_free)

/* The member's connection is lost: the others are not told, and what would be sent to it is kept, within bounds. No member:
 * nothing. */
void snug_room_set_away (SnugRoom *self, const char *id);

const char *snug_room_get_id (SnugRoom *self);
guint snug_room_get_n_members (SnugRoom *self);

/* Every function below returns: (transfer full) (element-type SnugDelivery): what to send now, in order;
 * never NULL, often empty. */

/* A new member: JOINED to it, PEER_JOINED to the others; or one ERROR (room-full) to it. *joined says which. */
GPtrArray *snug_room_join (SnugRoom *self,
                           const char *id,
                           const SnugIceServer *ice_servers,
                           gsize n_ice_servers,
                           gboolean *joined);
/* PEER_LEFT to those who stay. Nothing when id is no member. lost: it did not say so itself. */
GPtrArray *snug_room_leave (SnugRoom *self, const char *id, gboolean lost);
/* A member that is away is back, or speaks from elsewhere: JOINED (resumed) to it, then what was kept for it. */
GPtrArray *snug_room_resume (SnugRoom *self,
                             const char *id,
                             const SnugIceServer *ice_servers,
                             gsize n_ice_servers);
/* A SIGNAL from one member to another: relayed with "from" written here, or an ERROR (no-such-peer) back. */
GPtrArray *snug_room_relay (SnugRoom *self, const char *from, const char *to, const char *payload);

G_END_DECLS

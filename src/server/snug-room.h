/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules of one room, without I/O: what comes in from a member, which messages go out to whom.
 */
#pragma once

#include "snug-cluster-message.h"
#include "snug-message.h"

G_BEGIN_DECLS

typedef struct _SnugRoom SnugRoom;

/* One message on its way to one member. */
typedef struct
{
  char *to;
  char *node; /* where that member is; NULL: here */
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

/* Members that are here, with a connection or away; the others are at other servers. */
guint snug_room_get_n_here (SnugRoom *self);
/* Returns: (transfer full): their ids, NULL-terminated. */
GStrv snug_room_list_here (SnugRoom *self);
/* Who came later to the room, wherever, has the greater one. No member: nothing. */
void snug_room_set_order (SnugRoom *self, const char *id, guint64 order);
/* Who joins now is not told of members at other servers, but in the next snug_room_meet(). */
void snug_room_set_apart (SnugRoom *self, gboolean apart);
/* Where a member is. Returns: (nullable): NULL: here, or no member. */
const char *snug_room_get_node (SnugRoom *self, const char *id);

/* Every function below returns: (transfer full) (element-type SnugDelivery): what to send now, in order;
 * never NULL, often empty. */

/* A new member, or one that was at another server: JOINED to it, PEER_JOINED to the others; or one ERROR (room-full) to it. *joined says which. */
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

/* A member at another server: PEER_JOINED to those who are here and did not know; who came later of two is to greet. One that is known
 * with another node or stay has begun anew: PEER_LEFT (lost) before it. Nothing for a member that is here. */
GPtrArray *snug_room_meet (SnugRoom *self, const SnugClusterEntry *who);
/* Everybody who is here knows of all that are elsewhere. */
void snug_room_end_apart (SnugRoom *self);
/* PEER_LEFT, for a member at another server. node: nullable: wherever it is. */
GPtrArray *snug_room_part (SnugRoom *self, const char *id, const char *node, gboolean lost);
/* The same for all of them at a node, NULL: at any, but not for those in except (SnugClusterEntry, nullable). */
GPtrArray *snug_room_part_all (SnugRoom *self, const char *node, GArray *except);
/* A SIGNAL that a member at that node says to one that is here. *taken: (out): FALSE: there are no such two. */
GPtrArray *snug_room_relay_in (SnugRoom *self,
                               const char *node,
                               const char *from,
                               const char *to,
                               const char *payload,
                               gboolean *taken);
/* Whether a member at another server is not among those in entries. */
gboolean snug_room_misses_any (SnugRoom *self, GArray *entries);

G_END_DECLS

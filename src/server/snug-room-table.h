/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All rooms of a server and who is in which, without I/O: what a client says goes in, what to send to whom
 * comes out. A client is known by the id of its connection. To the others in the room it is known by the same, or, when it has a resume
 * token, by the id that is made of that: who comes back with the token has its place again.
 */
#pragma once

#include "snug-room.h"

G_BEGIN_DECLS

typedef struct _SnugRoomTable SnugRoomTable;

SnugRoomTable *snug_room_table_new (void);
void snug_room_table_free (SnugRoomTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugRoomTable, snug_room_table_free)

/* For rooms that are made from now on: 1 to SNUG_ROOM_SIZE_MAX. */
void snug_room_table_set_room_size (SnugRoomTable *self, guint room_size);
guint snug_room_table_get_room_size (SnugRoomTable *self);
/* What JOINED tells from now on. Copied. */
void snug_room_table_set_ice_servers (SnugRoomTable *self,
                                      const SnugIceServer *servers,
                                      gsize n_servers);
guint snug_room_table_get_n_rooms (SnugRoomTable *self);
gboolean snug_room_table_has_room (SnugRoomTable *self, const char *room_id);
/* Whether the client is in a room. */
gboolean snug_room_table_is_member (SnugRoomTable *self, const char *id);

/* How many have a place but no connection. */
guint snug_room_table_get_n_away (SnugRoomTable *self);

/* All of these return: (transfer full) (element-type SnugDelivery): what to send now to which connection, in order; never NULL. */

/* message: JOIN, SIGNAL or LEAVE, from the client id. */
GPtrArray *snug_room_table_handle (SnugRoomTable *self, const char *id, SnugMessage *message);
/* The client's connection is lost. With a token it keeps its place for SNUG_RESUME_SECONDS; otherwise it is gone. now: in
 * microseconds of any clock that goes on. */
GPtrArray *snug_room_table_lose (SnugRoomTable *self, const char *id, gint64 now);
/* To be asked about once a second while anybody is away: those who did not come back in time are gone. */
GPtrArray *snug_room_table_expire (SnugRoomTable *self, gint64 now);
/* The client is gone for good. */
GPtrArray *snug_room_table_remove (SnugRoomTable *self, const char *id);

/* The connection whose place another one has taken in the last snug_room_table_handle(): it has no part in anything any more.
 * Returns: (transfer full) (nullable). */
char *snug_room_table_take_replaced (SnugRoomTable *self);

G_END_DECLS

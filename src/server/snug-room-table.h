/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All rooms of a server and who is in which, without I/O: what a client says goes in, what to send to whom
 * comes out. A client is known by its peer id from the moment it connects.
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
/* Whether the client is in a room. */
gboolean snug_room_table_is_member (SnugRoomTable *self, const char *id);

/* Both return: (transfer full) (element-type SnugDelivery): what to send now, in order; never NULL. */

/* message: JOIN, SIGNAL or LEAVE, from the client id. */
GPtrArray *snug_room_table_handle (SnugRoomTable *self, const char *id, SnugMessage *message);
/* The client is gone. */
GPtrArray *snug_room_table_remove (SnugRoomTable *self, const char *id);

G_END_DECLS

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

/* Rooms that are shared with other servers. */

/* A member that was here has gone: the others have to be told elsewhere. */
typedef struct
{
  char *room;
  char *id;
  gboolean lost;
} SnugDeparture;
void snug_departure_free (SnugDeparture *self);

/* Departures are kept from now on, for snug_room_table_take_departures(). */
void snug_room_table_set_shared (SnugRoomTable *self, gboolean shared);
/* Returns: (transfer full) (nullable) (element-type SnugDeparture): those since it was last asked; NULL: none. */
GPtrArray *snug_room_table_take_departures (SnugRoomTable *self);
/* See snug_room_set_apart(). */
void snug_room_table_set_apart (SnugRoomTable *self, gboolean apart);
/* How a JOIN of that connection would be known in its room. Returns: (transfer full). */
char *snug_room_table_make_id (const char *connection, SnugMessage *join);
/* Whether the member is here. room: where; nullable: anywhere. */
gboolean snug_room_table_is_here (SnugRoomTable *self, const char *room, const char *id);
/* Returns: (transfer full): ids of rooms, NULL-terminated. */
GStrv snug_room_table_list_rooms (SnugRoomTable *self);
/* The room, for what snug-room.h does with members elsewhere. make: with nobody here yet. Returns: (transfer none) (nullable). */
SnugRoom *snug_room_table_get_room (SnugRoomTable *self, const char *room_id, gboolean make);
/* A room without anybody here is gone. */
void snug_room_table_drop_empty (SnugRoomTable *self, const char *room_id);
/* What comes of snug-room.h, to the connections. deliveries: (transfer full). Returns: (transfer full). */
GPtrArray *snug_room_table_address (SnugRoomTable *self, GPtrArray *deliveries);
/* A SIGNAL of a member at that node to one that is here. */
GPtrArray *snug_room_table_relay_in (SnugRoomTable *self,
                                     const char *node,
                                     const char *from,
                                     const char *to,
                                     const char *payload,
                                     gboolean *taken);
/* A member of that room has gone on elsewhere: it is not here any more, and that is no departure. *connection: (out) (transfer
 * full) (nullable): what it had here. */
GPtrArray *snug_room_table_give_away (SnugRoomTable *self, const char *room_id, const char *id, char **connection);
/* Returns: (transfer full): for a member that is here, with a connection. message: (transfer full). */
GPtrArray *snug_room_table_tell (SnugRoomTable *self, const char *id, SnugMessage *message);

/* The connection whose place another one has taken in the last snug_room_table_handle(): it has no part in anything any more.
 * Returns: (transfer full) (nullable). */
char *snug_room_table_take_replaced (SnugRoomTable *self);

G_END_DECLS

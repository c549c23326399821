/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rooms of a server, and what its clients do in them. Main thread.
 */
#pragma once

#include "snug-redis-address.h"
#include "snug-room-table.h"
#include "snug-server-client.h"
#include "snug-server-config.h"

G_BEGIN_DECLS

typedef struct _SnugServerRooms SnugServerRooms;

/* clients: id -> SnugServerClient, of the server's choice; it and metrics must stay. limits, config: kept. */
SnugServerRooms *snug_server_rooms_new (GHashTable *clients,
                                        SnugServerMetrics *metrics,
                                        SnugServerLimits *limits,
                                        SnugServerConfig *config);
/* Their places are given up, and nobody is told. */
void snug_server_rooms_free (SnugServerRooms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugServerRooms, snug_server_rooms_free)

/* For those who come from now on. */
void snug_server_rooms_set_limits (SnugServerRooms *self, SnugServerLimits *limits);
void snug_server_rooms_set_config (SnugServerRooms *self, SnugServerConfig *config);
/* They are those of all servers of that Redis from now on. loop: must stay until snug_server_rooms_leave_shared(). */
void snug_server_rooms_share (SnugServerRooms *self, SnugServerLoop *loop, const SnugRedisAddress *address);
void snug_server_rooms_leave_shared (SnugServerRooms *self);

void snug_server_rooms_handle (SnugServerRooms *self, SnugServerClient *client, SnugMessage *message);
/* It is in clients no more. has_left: as far as the others are to know, unless it comes back in time. */
void snug_server_rooms_lose (SnugServerRooms *self, const char *id, gboolean has_left);

guint snug_server_rooms_get_n_rooms (SnugServerRooms *self);
guint snug_server_rooms_get_n_away (SnugServerRooms *self);
/* FALSE: they are not shared, and figures is as it was. */
gboolean snug_server_rooms_get_cluster_figures (SnugServerRooms *self, SnugClusterFigures *figures);

G_END_DECLS

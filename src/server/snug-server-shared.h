/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rooms of a server that are shared with others: snug-cluster.c with a clock and a Redis. Main context only.
 */
#pragma once

#include "snug-cluster.h"
#include "snug-redis-address.h"
#include "snug-server-loop.h"

G_BEGIN_DECLS

typedef struct _SnugServerShared SnugServerShared;

/* What it tells its owner; see SnugClusterFuncs. */
typedef struct
{
  void (*deliver) (GPtrArray *deliveries, gpointer data);
  void (*admit) (const char *connection, SnugMessage *join, gpointer data);
  void (*refuse) (const char *connection, gpointer data);
  void (*replaced) (const char *connection, gpointer data);
} SnugServerSharedFuncs;

/* Whether this program was built with hiredis. */
gboolean snug_server_shared_is_supported (void);
/* loop, rooms, funcs: must stay. Returns: (transfer full): NULL when it is not supported. */
SnugServerShared *snug_server_shared_new (SnugServerLoop *loop,
                                          SnugRoomTable *rooms,
                                          const SnugRedisAddress *address,
                                          const SnugServerSharedFuncs *funcs,
                                          gpointer data);
void snug_server_shared_free (SnugServerShared *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugServerShared, snug_server_shared_free)

SnugCluster *snug_server_shared_get_cluster (SnugServerShared *self);

G_END_DECLS

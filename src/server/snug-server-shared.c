/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-server-shared.h"

#ifdef HAVE_REDIS

#include <string.h>

#include "snug-cluster-script.h"
#include "snug-redis.h"

#define TICK_MICROSECONDS (100 * (gint64) 1000)

struct _SnugServerShared
{
  SnugServerLoop *loop;
  SnugWaiter waiter; /* the clock */
  SnugCluster *cluster;
  SnugRedis *redis;
  const SnugServerSharedFuncs *funcs;
  gpointer data;
};

static char *
make_channel (const char *node)
{
  return g_strconcat (SNUG_CLUSTER_PREFIX "to:", node, NULL);
}

static void
run (const char *const *words, gpointer data)
{
  snug_redis_run (((SnugServerShared *) data)->redis, words);
}

static void
publish (const char *node, const char *text, guint64 number, gpointer data)
{
  g_autofree char *channel = make_channel (node);

  snug_redis_publish (((SnugServerShared *) data)->redis, channel, text, number);
}

static void
fail (const char *why, gpointer data)
{
  snug_redis_fail (((SnugServerShared *) data)->redis, why);
}

static void
deliver (GPtrArray *deliveries, gpointer data)
{
  SnugServerShared *self = data;

  self->funcs->deliver (deliveries, self->data);
}

static void
admit (const char *connection, SnugMessage *join, gpointer data)
{
  SnugServerShared *self = data;

  self->funcs->admit (connection, join, self->data);
}

static void
refuse (const char *connection, gpointer data)
{
  SnugServerShared *self = data;

  self->funcs->refuse (connection, self->data);
}

static void
replaced (const char *connection, gpointer data)
{
  SnugServerShared *self = data;

  self->funcs->replaced (connection, self->data);
}

static void
on_online (gboolean online, gpointer data)
{
  snug_cluster_set_online (((SnugServerShared *) data)->cluster, online, g_get_monotonic_time ());
}

static void
on_line (const char *text, gsize size, gpointer data)
{
  snug_cluster_receive (((SnugServerShared *) data)->cluster, text, size, g_get_monotonic_time ());
}

static void
on_unheard (const char *channel, guint64 number, gpointer data)
{
  snug_cluster_undelivered (((SnugServerShared *) data)->cluster, channel + strlen (SNUG_CLUSTER_PREFIX "to:"), number);
}

static void
on_due (gpointer data)
{
  SnugServerShared *self = data;
  gint64 now = g_get_monotonic_time ();

  snug_server_loop_set_deadline (self->loop, &self->waiter, now + TICK_MICROSECONDS);
  snug_cluster_tick (self->cluster, now);
}

gboolean
snug_server_shared_is_supported (void)
{
  return TRUE;
}

SnugServerShared *
snug_server_shared_new (SnugServerLoop *loop,
                        SnugRoomTable *rooms,
                        const SnugRedisAddress *address,
                        const SnugServerSharedFuncs *funcs,
                        gpointer data)
{
  static const SnugClusterFuncs cluster_funcs = { run, publish, fail, deliver, admit, refuse, replaced };
  static const SnugRedisFuncs redis_funcs = { on_online, on_line, on_unheard };
  static const SnugWaiterFuncs waiter_funcs = { .due = on_due };
  SnugServerShared *self = g_new0 (SnugServerShared, 1);
  g_autofree char *channel = NULL;

  self->loop = loop;
  self->funcs = funcs;
  self->data = data;
  self->cluster = snug_cluster_new (rooms, &cluster_funcs, self);
  channel = make_channel (snug_cluster_get_node (self->cluster));
  self->redis = snug_redis_new (loop, address, snug_cluster_script, channel, &redis_funcs, self);
  snug_waiter_init (&self->waiter, &waiter_funcs, self);
  snug_server_loop_set_deadline (loop, &self->waiter, g_get_monotonic_time () + TICK_MICROSECONDS);
  return self;
}

void
snug_server_shared_free (SnugServerShared *self)
{
  snug_server_loop_remove (self->loop, &self->waiter);
  snug_redis_free (self->redis);
  snug_cluster_free (self->cluster);
  g_free (self);
}

SnugCluster *
snug_server_shared_get_cluster (SnugServerShared *self)
{
  return self->cluster;
}

#else

gboolean
snug_server_shared_is_supported (void)
{
  return FALSE;
}

SnugServerShared *
snug_server_shared_new (SnugServerLoop *loop,
                        SnugRoomTable *rooms,
                        const SnugRedisAddress *address,
                        const SnugServerSharedFuncs *funcs,
                        gpointer data)
{
  return NULL;
}

void
snug_server_shared_free (SnugServerShared *self)
{
}

SnugCluster *
snug_server_shared_get_cluster (SnugServerShared *self)
{
  return NULL;
}

#endif

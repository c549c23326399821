/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-server.h"

#include <string.h>

#include "snug-server-client.h"
#include "snug-server-drain.h"
#include "snug-server-limits.h"
#include "snug-server-listener.h"
#include "snug-server-loop.h"
#include "snug-server-rooms.h"

/* From the last word to the last client until all are cut. */
#define STOP_MILLISECONDS 2000

struct _SnugServer
{
  GObject parent_instance;

  SnugServerLimits *limits; /* for those who come from now on */
  SnugServerConfig *config;
  SnugServerMetrics metrics;
  SnugVisitors *visitors;
  SnugServerRooms *rooms;
  SnugServerClientOwner owner;  /* its loop is NULL until it listens */
  SnugServerListener *listener; /* NULL: not listening */
  SnugRedisAddress *redis;      /* of the servers that share their rooms with this one, until it listens; else NULL */
  GHashTable *clients;  /* id (owned by the client) -> SnugServerClient: who takes part */
  GHashTable *departed; /* SnugServerClient, a set: gone, but not closed yet */
  GTask *stopping;
  SnugServerDrain *drain; /* while some are still to be sent elsewhere */
  guint stop_timer;
};

G_DEFINE_FINAL_TYPE (SnugServer, snug_server, G_TYPE_OBJECT)

static void
on_message (SnugServerClient *client, SnugMessage *message, gpointer data)
{
  snug_server_rooms_handle (((SnugServer *) data)->rooms, client, message);
}

static void
on_gone (SnugServerClient *client, const char *reason, gpointer data)
{
  SnugServer *self = data;
  const char *id = snug_server_client_get_id (client);

  g_hash_table_add (self->departed, snug_server_client_ref (client));
  g_hash_table_remove (self->clients, id);
  /* Who is no longer connected to a server that stops has not left the call. */
  snug_server_rooms_lose (self->rooms, id, self->stopping == NULL);
  snug_server_metrics_count_departure (&self->metrics, reason);
  g_info ("event=client-gone client=%.8s reason=%s clients=%u rooms=%u away=%u",
          id, reason, g_hash_table_size (self->clients), snug_server_rooms_get_n_rooms (self->rooms),
          snug_server_rooms_get_n_away (self->rooms));
}

static void
maybe_stopped (SnugServer *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->stopping == NULL || self->drain != NULL || g_hash_table_size (self->clients) > 0
      || g_hash_table_size (self->departed) > 0)
    return;
  g_clear_handle_id (&self->stop_timer, g_source_remove);
  task = g_steal_pointer (&self->stopping);
  g_info ("event=stopped");
  g_task_return_boolean (task, TRUE);
}

static void
on_closed (SnugServerClient *client, gpointer data)
{
  SnugServer *self = data;

  snug_visitors_leave (self->visitors, snug_server_client_get_visitor (client), g_get_monotonic_time ());
  g_hash_table_remove (self->departed, client);
  maybe_stopped (self);
}

static SnugVisitor *
enter (const SnugServerAddress *address, gpointer data)
{
  SnugServer *self = data;
  SnugVisitor *visitor = snug_visitors_enter (self->visitors, address, self->limits->max_per_address,
                                              self->limits->join_rate, g_get_monotonic_time ());

  self->metrics.n_connections++;
  if (visitor == NULL)
    snug_server_metrics_count_refusal (&self->metrics, "address");
  return visitor;
}

static void
leave (SnugVisitor *visitor, gpointer data)
{
  SnugServer *self = data;

  snug_visitors_leave (self->visitors, visitor, g_get_monotonic_time ());
}

static void
log_connected (SnugServer *self, SnugServerClient *client)
{
  g_autofree char *address = NULL;

  if (self->config->log_addresses)
    address = snug_server_address_to_string (&snug_server_client_get_visitor (client)->address);
  g_info ("event=client-connected client=%.8s clients=%u%s%s", snug_server_client_get_id (client),
          g_hash_table_size (self->clients), address != NULL ? " address=" : "", address != NULL ? address : "");
}

static void
done (SnugServerHandshake *handshake, const SnugServerTransport *transport, gpointer data)
{
  SnugServer *self = data;
  g_autoptr (GBytes) early = NULL;
  SnugServerClient *client;

  if (transport == NULL)
    return;
  early = snug_server_handshake_take_early (handshake);
  client = snug_server_client_new (&self->owner, transport, early, self->limits,
                                   snug_server_handshake_take_visitor (handshake),
                                   snug_server_handshake_take_room (handshake));
  g_hash_table_insert (self->clients, (char *) snug_server_client_get_id (client), client);
  log_connected (self, client);
}

static char *
respond (SnugServerRequest *request, gpointer data)
{
  SnugServer *self = data;
  SnugClusterFigures cluster = { 0 };
  const SnugServerGauges gauges = {
    .n_clients = g_hash_table_size (self->clients),
    .n_rooms = snug_server_rooms_get_n_rooms (self->rooms),
    .n_handshakes = self->listener != NULL ? snug_server_listener_get_n_handshakes (self->listener) : 0,
    .n_addresses = snug_visitors_get_n (self->visitors),
    .cluster = snug_server_rooms_get_cluster_figures (self->rooms, &cluster) ? &cluster : NULL,
  };

  return snug_server_gate_answer (request, self->config, self->limits, &self->metrics, &gauges);
}

/* Before anything is asked: who comes long after the last place is not worth a handshake. */
static gboolean
may_enter (guint n_handshakes, gpointer data)
{
  SnugServer *self = data;
  gboolean may = n_handshakes < self->limits->max_handshakes
                 && g_hash_table_size (self->clients) + n_handshakes < 2 * self->limits->max_clients;

  if (!may)
    snug_server_metrics_count_refusal (&self->metrics, "handshakes");
  return may;
}

static GPtrArray *
list_clients (SnugServer *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_server_client_unref);
  GHashTableIter iter;
  gpointer client;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, &client))
    g_ptr_array_add (all, snug_server_client_ref (client));
  return all;
}

/* Both sets change while the clients in them are dropped. */
static void
drop_all (SnugServer *self, const char *reason)
{
  g_autoptr (GPtrArray) all = list_clients (self);
  GHashTableIter iter;
  gpointer client;

  g_hash_table_iter_init (&iter, self->departed);
  while (g_hash_table_iter_next (&iter, &client, NULL))
    g_ptr_array_add (all, snug_server_client_ref (client));
  for (guint i = 0; i < all->len; i++)
    snug_server_client_drop (g_ptr_array_index (all, i), reason);
}

static void
snug_server_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_return_if_fail (prop_id <= snug_server_limit_count);

  g_value_set_uint (value, snug_server_limits_get (SNUG_SERVER (object)->limits,
                                                   &snug_server_limit_table[prop_id - 1]));
}

static void
snug_server_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugServer *self = SNUG_SERVER (object);
  SnugServerLimits *before = self->limits;

  g_return_if_fail (prop_id <= snug_server_limit_count);

  self->limits = snug_server_limits_change (before, &snug_server_limit_table[prop_id - 1],
                                            g_value_get_uint (value));
  snug_server_limits_unref (before);
  snug_server_rooms_set_limits (self->rooms, self->limits);
  if (self->listener != NULL)
    snug_server_listener_set_handshake_timeout (self->listener, self->limits->handshake_timeout);
}

static void
snug_server_dispose (GObject *object)
{
  SnugServer *self = SNUG_SERVER (object);

  g_clear_pointer (&self->listener, snug_server_listener_free);
  g_clear_handle_id (&self->stop_timer, g_source_remove);
  g_clear_pointer (&self->drain, snug_server_drain_free);
  drop_all (self, "server-gone");
  snug_server_rooms_leave_shared (self->rooms);

  G_OBJECT_CLASS (snug_server_parent_class)->dispose (object);
}

static void
snug_server_finalize (GObject *object)
{
  SnugServer *self = SNUG_SERVER (object);

  snug_server_rooms_free (self->rooms);
  g_hash_table_unref (self->clients);
  g_hash_table_unref (self->departed);
  g_clear_pointer (&self->redis, snug_redis_address_free);
  g_clear_pointer (&self->owner.loop, snug_server_loop_free);
  snug_visitors_free (self->visitors);
  snug_server_metrics_clear (&self->metrics);
  snug_server_config_unref (self->config);
  snug_server_limits_unref (self->limits);

  G_OBJECT_CLASS (snug_server_parent_class)->finalize (object);
}

static void
snug_server_class_init (SnugServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_server_get_property;
  object_class->set_property = snug_server_set_property;
  object_class->dispose = snug_server_dispose;
  object_class->finalize = snug_server_finalize;

  /* What is set counts for rooms and clients that come after it. */
  for (guint i = 0; i < snug_server_limit_count; i++)
    {
      const SnugServerLimit *limit = &snug_server_limit_table[i];

      g_object_class_install_property (object_class, i + 1,
                                       g_param_spec_uint (limit->name, NULL, NULL, limit->min, limit->max,
                                                          limit->standard,
                                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
    }
}

static void
snug_server_init (SnugServer *self)
{
  static const SnugServerClientFuncs funcs = { on_message, on_gone, on_closed };

  self->limits = snug_server_limits_new ();
  self->config = snug_server_config_new ();
  self->visitors = snug_visitors_new ();
  snug_server_metrics_init (&self->metrics);
  self->owner = (SnugServerClientOwner) { NULL, &self->metrics, &funcs, self };
  self->clients
    = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) snug_server_client_unref);
  self->departed = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) snug_server_client_unref, NULL);
  self->rooms = snug_server_rooms_new (self->clients, &self->metrics, self->limits, self->config);
}

SnugServer *
snug_server_new (void)
{
  return g_object_new (SNUG_TYPE_SERVER, NULL);
}

void
snug_server_set_room_size (SnugServer *self, guint room_size)
{
  g_return_if_fail (SNUG_IS_SERVER (self));

  g_object_set (self, "room-size", room_size, NULL);
}

void
snug_server_set_ice_servers (SnugServer *self, const SnugIceServer *servers, gsize n_servers)
{
  g_return_if_fail (SNUG_IS_SERVER (self));
  g_return_if_fail (n_servers <= SNUG_ICE_SERVERS_MAX);

  snug_ice_servers_free (self->config->ice_servers, self->config->n_ice_servers);
  self->config->ice_servers = snug_ice_servers_copy (servers, n_servers);
  self->config->n_ice_servers = n_servers;
}

/**
 * snug_server_set_config:
 * @self: a server
 * @config: who may use it, and what it tells them
 *
 * For those who come after this.
 */
void
snug_server_set_config (SnugServer *self, SnugServerConfig *config)
{
  SnugServerConfig *before;

  g_return_if_fail (SNUG_IS_SERVER (self));

  before = self->config;
  self->config = snug_server_config_ref (config);
  snug_server_config_unref (before);
  snug_server_rooms_set_config (self->rooms, self->config);
  if (self->listener != NULL)
    snug_server_listener_set_config (self->listener, self->config);
}

static const SnugServerListenerFuncs listener_funcs = { may_enter, { enter, leave, respond, done } };

/**
 * snug_server_set_redis:
 * @self: a server that does not listen yet
 * @address: (transfer none): where the Redis is that it shares with other servers
 *
 * Its rooms are those of all servers of that Redis from now on.
 */
void
snug_server_set_redis (SnugServer *self, const SnugRedisAddress *address)
{
  g_return_if_fail (SNUG_IS_SERVER (self));
  g_return_if_fail (self->listener == NULL && self->redis == NULL && address != NULL);

  self->redis = snug_redis_address_copy (address);
}

/* listener: (nullable) */
static gboolean
begin (SnugServer *self, SnugServerListener *listener)
{
  if (listener != NULL && self->redis != NULL)
    {
      snug_server_rooms_share (self->rooms, self->owner.loop, self->redis);
      g_clear_pointer (&self->redis, snug_redis_address_free);
    }
  self->listener = listener;
  if (listener != NULL)
    snug_server_listener_set_handshake_timeout (listener, self->limits->handshake_timeout);
  return listener != NULL;
}

/**
 * snug_server_listen:
 * @self: a server that does not listen
 * @bind: (nullable): a numeric address; %NULL: every one, IPv4 and IPv6
 * @port: 0 for any free one
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether clients can come now
 */
gboolean
snug_server_listen (SnugServer *self, const char *bind, guint16 port, GError **error)
{
  g_return_val_if_fail (SNUG_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->listener == NULL && self->stopping == NULL, FALSE);

  if (self->owner.loop == NULL)
    self->owner.loop = snug_server_loop_new ();
  return begin (self, snug_server_listener_new (self->owner.loop, bind, port, self->config, &listener_funcs, self,
                                                error));
}

/**
 * snug_server_listen_on:
 * @self: a server that does not listen
 * @fd: (transfer full): a socket that listens
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: whether clients can come now
 */
gboolean
snug_server_listen_on (SnugServer *self, int fd, GError **error)
{
  g_return_val_if_fail (SNUG_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->listener == NULL && self->stopping == NULL, FALSE);

  if (self->owner.loop == NULL)
    self->owner.loop = snug_server_loop_new ();
  return begin (self, snug_server_listener_new_for_fd (self->owner.loop, fd, self->config, &listener_funcs, self,
                                                       error));
}

/**
 * snug_server_get_port:
 * @self: a server
 *
 * Returns: the TCP port it listens on, 0 when it does not
 */
guint16
snug_server_get_port (SnugServer *self)
{
  g_return_val_if_fail (SNUG_IS_SERVER (self), 0);

  return self->listener != NULL ? snug_server_listener_get_port (self->listener) : 0;
}

guint
snug_server_get_n_clients (SnugServer *self)
{
  g_return_val_if_fail (SNUG_IS_SERVER (self), 0);

  return g_hash_table_size (self->clients);
}

guint
snug_server_get_n_rooms (SnugServer *self)
{
  g_return_val_if_fail (SNUG_IS_SERVER (self), 0);

  return snug_server_rooms_get_n_rooms (self->rooms);
}

static gboolean
on_stop_timer (gpointer data)
{
  SnugServer *self = data;

  self->stop_timer = 0;
  drop_all (self, "stop-timeout");
  return G_SOURCE_REMOVE;
}

static void
on_all_told (gpointer data)
{
  SnugServer *self = data;

  g_clear_pointer (&self->drain, snug_server_drain_free);
  self->stop_timer = g_timeout_add (STOP_MILLISECONDS, on_stop_timer, self);
  maybe_stopped (self);
}

/**
 * snug_server_stop_async:
 * @self: a server
 * @callback: called when every connection is closed, two seconds after the last was told at most
 * @user_data: for @callback
 *
 * Stops listening and tells every client: up to fifty at once, more over the "drain-time". Those who are still to be
 * told go on meanwhile. It can listen again after that.
 */
void
snug_server_stop_async (SnugServer *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SNUG_IS_SERVER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, snug_server_stop_async);
  if (self->stopping != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               "The server is stopping already");
      return;
    }
  self->stopping = g_steal_pointer (&task);
  g_clear_pointer (&self->listener, snug_server_listener_free);
  self->drain = snug_server_drain_new (list_clients (self), self->limits->drain_time, on_all_told, self);
}

gboolean
snug_server_stop_finish (SnugServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

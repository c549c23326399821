/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-server.h"

#include <string.h>

#include "snug-room-table.h"
#include "snug-server-client.h"
#include "snug-server-limits.h"
#include "snug-server-listener.h"
#include "snug-server-loop.h"
#include "snug-upgrade.h"

#define STOP_MILLISECONDS 2000

struct _SnugServer
{
  GObject parent_instance;

  SnugServerLimits *limits; /* for those who come from now on */
  SnugServerTls *tls;       /* NULL: plain */
  SnugRoomTable *rooms;
  SnugServerLoop *loop;         /* NULL until it listens */
  SnugServerListener *listener; /* NULL: not listening */
  GHashTable *clients;  /* id (owned by the client) -> SnugServerClient: who takes part */
  GHashTable *departed; /* SnugServerClient, a set: gone, but not closed yet */
  guint expire_timer;   /* while anybody is away */
  GTask *stopping;
  guint stop_timer;
};

G_DEFINE_FINAL_TYPE (SnugServer, snug_server, G_TYPE_OBJECT)

/* deliveries: (transfer full). Sending emits nothing, so the rooms stand still meanwhile. Nothing more is said
 * by a server that stops: who is no longer connected to it has not left the call. */
static void
deliver (SnugServer *self, GPtrArray *deliveries)
{
  for (guint i = 0; i < deliveries->len && self->stopping == NULL; i++)
    {
      SnugDelivery *delivery = g_ptr_array_index (deliveries, i);
      SnugServerClient *client = g_hash_table_lookup (self->clients, delivery->to);

      if (client != NULL)
        snug_server_client_send (client, delivery->message);
    }
  g_ptr_array_unref (deliveries);
}

static gboolean
on_expire_timer (gpointer data)
{
  SnugServer *self = data;

  deliver (self, snug_room_table_expire (self->rooms, g_get_monotonic_time ()));
  if (snug_room_table_get_n_away (self->rooms) > 0)
    return G_SOURCE_CONTINUE;
  self->expire_timer = 0;
  return G_SOURCE_REMOVE;
}

/* A member has come back over another connection before this one was known to be lost. */
static void
close_replaced (SnugServer *self)
{
  g_autofree char *id = snug_room_table_take_replaced (self->rooms);
  SnugServerClient *client = id != NULL ? g_hash_table_lookup (self->clients, id) : NULL;

  if (client != NULL)
    snug_server_client_close (client, 1000, "replaced");
}

static void
on_message (SnugServerClient *client, SnugMessage *message, gpointer data)
{
  SnugServer *self = data;
  const char *id = snug_server_client_get_id (client);
  gboolean was_member = snug_room_table_is_member (self->rooms, id);
  gboolean is_member;

  deliver (self, snug_room_table_handle (self->rooms, id, message));
  close_replaced (self);

  is_member = snug_room_table_is_member (self->rooms, id);
  if (is_member != was_member)
    {
      g_info ("event=%s client=%.8s rooms=%u",
              is_member ? "joined" : "left", id, snug_room_table_get_n_rooms (self->rooms));
      if (is_member)
        g_debug ("event=room client=%.8s room=%s", id, snug_message_get_room (message));
      snug_server_client_set_joined (client, is_member);
    }
  /* A connection is for one stay. */
  if (was_member && !is_member)
    snug_server_client_close (client, 1000, "left");
}

static void
on_gone (SnugServerClient *client, const char *reason, gpointer data)
{
  SnugServer *self = data;
  const char *id = snug_server_client_get_id (client);

  g_hash_table_add (self->departed, snug_server_client_ref (client));
  g_hash_table_remove (self->clients, id);
  deliver (self, snug_room_table_lose (self->rooms, id, g_get_monotonic_time ()));
  if (self->expire_timer == 0 && snug_room_table_get_n_away (self->rooms) > 0)
    self->expire_timer = g_timeout_add_seconds (1, on_expire_timer, self);
  g_info ("event=client-gone client=%.8s reason=%s clients=%u rooms=%u away=%u",
          id, reason, g_hash_table_size (self->clients), snug_room_table_get_n_rooms (self->rooms),
          snug_room_table_get_n_away (self->rooms));
}

static void
maybe_stopped (SnugServer *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->stopping == NULL || g_hash_table_size (self->clients) > 0
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

  g_hash_table_remove (self->departed, client);
  maybe_stopped (self);
}

static void
opened (const SnugServerTransport *transport, GBytes *early, gpointer data)
{
  static const SnugServerClientFuncs funcs = { on_message, on_gone, on_closed };
  SnugServer *self = data;
  SnugServerClient *client
    = snug_server_client_new (self->loop, transport, early, self->limits, &funcs, self);
  const char *id = snug_server_client_get_id (client);

  g_hash_table_insert (self->clients, (char *) id, client);
  g_info ("event=client-connected client=%.8s clients=%u", id, g_hash_table_size (self->clients));
}

static char *
make_health (SnugServer *self)
{
  return g_strdup_printf ("{\"status\":\"ok\",\"version\":\"%s\",\"protocol\":\"%s\","
                          "\"clients\":%u,\"rooms\":%u}\n",
                          SNUG_VERSION,
                          SNUG_PROTOCOL_NAME,
                          g_hash_table_size (self->clients),
                          snug_room_table_get_n_rooms (self->rooms));
}

static gboolean
has_body (const SnugHttpHead *request)
{
  const char *length = snug_http_head_get (request, "content-length");

  return snug_http_head_get (request, "transfer-encoding") != NULL
         || (length != NULL && strcmp (length, "0") != 0);
}

static char *
respond (const SnugHttpHead *request, gboolean *upgraded, gpointer data)
{
  SnugServer *self = data;
  g_autofree char *path = g_strndup (request->target, strcspn (request->target, "?"));

  *upgraded = FALSE;
  if (has_body (request))
    return snug_http_make_response (413, NULL, NULL);
  if (strcmp (path, "/healthz") == 0)
    {
      g_autofree char *health = make_health (self);

      if (strcmp (request->method, "GET") != 0)
        return snug_http_make_response (405, "Allow: GET\r\n", NULL);
      return snug_http_make_response (200, NULL, health);
    }
  if (strcmp (path, SNUG_WEBSOCKET_PATH) != 0)
    return snug_http_make_response (404, NULL, "{\"error\":\"Nothing here\"}\n");
  if (g_hash_table_size (self->clients) >= self->limits->max_clients)
    return snug_http_make_response (503, "Retry-After: 30\r\n",
                                    "{\"error\":\"The server is full\"}\n");
  return snug_upgrade_make_response (request, upgraded);
}

/* Before anything is asked: who comes long after the last place is not worth a handshake. */
static gboolean
may_enter (guint n_handshakes, gpointer data)
{
  SnugServer *self = data;

  return g_hash_table_size (self->clients) + n_handshakes < 2 * self->limits->max_clients;
}

/* Both sets change while the clients in them are dropped. */
static void
drop_all (SnugServer *self, const char *reason)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_server_client_unref);
  GHashTableIter iter;
  gpointer client;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, &client))
    g_ptr_array_add (all, snug_server_client_ref (client));
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
  snug_room_table_set_room_size (self->rooms, self->limits->room_size);
  if (self->listener != NULL)
    snug_server_listener_set_handshake_timeout (self->listener, self->limits->handshake_timeout);
}

static void
snug_server_dispose (GObject *object)
{
  SnugServer *self = SNUG_SERVER (object);

  g_clear_pointer (&self->listener, snug_server_listener_free);
  g_clear_handle_id (&self->stop_timer, g_source_remove);
  drop_all (self, "server-gone");
  g_clear_handle_id (&self->expire_timer, g_source_remove);

  G_OBJECT_CLASS (snug_server_parent_class)->dispose (object);
}

static void
snug_server_finalize (GObject *object)
{
  SnugServer *self = SNUG_SERVER (object);

  g_hash_table_unref (self->clients);
  g_hash_table_unref (self->departed);
  g_clear_pointer (&self->loop, snug_server_loop_free);
  g_clear_pointer (&self->tls, snug_server_tls_unref);
  snug_server_limits_unref (self->limits);
  snug_room_table_free (self->rooms);

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
  self->limits = snug_server_limits_new ();
  self->rooms = snug_room_table_new ();
  snug_room_table_set_room_size (self->rooms, self->limits->room_size);
  self->clients
    = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) snug_server_client_unref);
  self->departed = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) snug_server_client_unref, NULL);
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

  snug_room_table_set_ice_servers (self->rooms, servers, n_servers);
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
  static const SnugServerListenerFuncs funcs = { may_enter, respond, opened };

  g_return_val_if_fail (SNUG_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->listener == NULL && self->stopping == NULL, FALSE);

  if (self->loop == NULL)
    self->loop = snug_server_loop_new ();
  self->listener = snug_server_listener_new (self->loop, bind, port, &funcs, self, error);
  if (self->listener == NULL)
    return FALSE;
  snug_server_listener_set_handshake_timeout (self->listener, self->limits->handshake_timeout);
  snug_server_listener_set_tls (self->listener, self->tls);
  return TRUE;
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

  return snug_room_table_get_n_rooms (self->rooms);
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
dismiss_all (SnugServer *self)
{
  g_autoptr (SnugMessage) message
    = snug_message_new_error (SNUG_PROTOCOL_ERROR_SHUTTING_DOWN, "The server is shutting down");
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_server_client_unref);
  GHashTableIter iter;
  gpointer client;

  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, NULL, &client))
    g_ptr_array_add (all, snug_server_client_ref (client));
  /* All of them first: no one needs to hear that the others have left. */
  for (guint i = 0; i < all->len; i++)
    snug_server_client_send (g_ptr_array_index (all, i), message);
  for (guint i = 0; i < all->len; i++)
    snug_server_client_close (g_ptr_array_index (all, i), 1001, "shutting-down");
}

/**
 * snug_server_stop_async:
 * @self: a server
 * @callback: called when every connection is closed, after two seconds at most
 * @user_data: for @callback
 *
 * Tells every client and stops listening. It can listen again after that.
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
  self->stop_timer = g_timeout_add (STOP_MILLISECONDS, on_stop_timer, self);
  g_clear_pointer (&self->listener, snug_server_listener_free);
  dismiss_all (self);
  maybe_stopped (self);
}

gboolean
snug_server_stop_finish (SnugServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

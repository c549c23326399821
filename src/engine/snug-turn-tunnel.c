/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-turn-tunnel.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "snug-relay.h"

/* To connect and shake hands. */
#define CONNECT_TIMEOUT_SECONDS 10

struct _SnugTurnTunnel
{
  GObject parent_instance;

  char *host;
  guint16 port;
  char *address;
  GSocketService *service;
  GSocketClient *client;
  GCancellable *cancellable; /* of all connections */
  guint n_connections;
  GError *error;
};

G_DEFINE_FINAL_TYPE (SnugTurnTunnel, snug_turn_tunnel, G_TYPE_OBJECT)

/* One connection of libnice. */
typedef struct
{
  SnugTurnTunnel *tunnel;
  GIOStream *local;
} SnugTunnelled;

static void
tunnelled_free (SnugTunnelled *tunnelled)
{
  tunnelled->tunnel->n_connections--;
  g_io_stream_close_async (tunnelled->local, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (tunnelled->local);
  g_object_unref (tunnelled->tunnel);
  g_free (tunnelled);
}

static void
on_spliced (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_io_stream_splice_finish (result, &error))
    g_debug ("A connection to a relay over TLS has ended: %s", error->message);
  tunnelled_free (user_data);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SnugTunnelled *tunnelled = user_data;
  SnugTurnTunnel *self = tunnelled->tunnel;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) remote
      = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);

  g_clear_error (&self->error);
  if (remote == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("No connection to the relay %s:%u over TLS: %s", self->host, self->port, error->message);
      self->error = g_steal_pointer (&error);
      tunnelled_free (tunnelled);
      return;
    }

  /* It was for connecting; a relay may be silent for longer. */
  g_socket_set_timeout (g_socket_connection_get_socket (remote), 0);
  g_io_stream_splice_async (tunnelled->local, G_IO_STREAM (remote),
                            G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2, G_PRIORITY_HIGH,
                            self->cancellable, on_spliced, tunnelled);
}

static void
set_no_delay (GSocketConnection *connection)
{
  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, 1, NULL);
}

/* What goes through is real-time: nothing waits for more to send. */
static void
on_client_event (SnugTurnTunnel *self, GSocketClientEvent event, GSocketConnectable *connectable, GIOStream *connection)
{
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (connection))
    set_no_delay (G_SOCKET_CONNECTION (connection));
}

static gboolean
on_incoming (SnugTurnTunnel *self, GSocketConnection *connection)
{
  SnugTunnelled *tunnelled;

  if (self->n_connections >= SNUG_TURN_TUNNEL_CONNECTIONS_MAX)
    {
      g_info ("Too many connections to a relay at once");
      return TRUE;
    }
  set_no_delay (connection);
  self->n_connections++;
  tunnelled = g_new0 (SnugTunnelled, 1);
  tunnelled->tunnel = g_object_ref (self);
  tunnelled->local = g_object_ref (G_IO_STREAM (connection));
  g_socket_client_connect_to_host_async (self->client, self->host, self->port, self->cancellable, on_connected,
                                         tunnelled);

  return TRUE;
}

void
snug_turn_tunnel_close (SnugTurnTunnel *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_TURN_TUNNEL (self));

  if (self->service == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->service);
}

static void
snug_turn_tunnel_dispose (GObject *object)
{
  snug_turn_tunnel_close (SNUG_TURN_TUNNEL (object));

  G_OBJECT_CLASS (snug_turn_tunnel_parent_class)->dispose (object);
}

static void
snug_turn_tunnel_finalize (GObject *object)
{
  SnugTurnTunnel *self = SNUG_TURN_TUNNEL (object);

  g_clear_object (&self->client);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self->host);
  g_free (self->address);

  G_OBJECT_CLASS (snug_turn_tunnel_parent_class)->finalize (object);
}

static void
snug_turn_tunnel_class_init (SnugTurnTunnelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_turn_tunnel_dispose;
  object_class->finalize = snug_turn_tunnel_finalize;
}

static void
snug_turn_tunnel_init (SnugTurnTunnel *self)
{
  self->cancellable = g_cancellable_new ();
  self->service = g_socket_service_new ();
  self->client = g_socket_client_new ();
  /* Names and certificates are checked as they are for any web site; the default is every check there is. */
  g_socket_client_set_tls (self->client, TRUE);
  g_socket_client_set_timeout (self->client, CONNECT_TIMEOUT_SECONDS);
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_signal_connect_swapped (self->client, "event", G_CALLBACK (on_client_event), self);
}

SnugTurnTunnel *
snug_turn_tunnel_new (const char *host, guint16 port, GError **error)
{
  g_autoptr (SnugTurnTunnel) self = g_object_new (SNUG_TYPE_TURN_TUNNEL, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  g_return_val_if_fail (host != NULL && port != 0, NULL);

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &bound, error))
    return NULL;
  self->host = g_strdup (host);
  self->port = port;
  self->address
      = g_strdup_printf ("127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_socket_service_start (self->service);

  return g_steal_pointer (&self);
}

const char *
snug_turn_tunnel_get_address (SnugTurnTunnel *self)
{
  g_return_val_if_fail (SNUG_IS_TURN_TUNNEL (self), NULL);

  return self->address;
}

const GError *
snug_turn_tunnel_get_error (SnugTurnTunnel *self)
{
  g_return_val_if_fail (SNUG_IS_TURN_TUNNEL (self), NULL);

  return self->error;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "snug-upgrade.h"

/* After an accept that failed (no file descriptor left, usually), before the next. */
#define ACCEPT_PAUSE_MILLISECONDS 250
/* What the kernel may hold for a slow reader; the rest is counted by the client. */
#define SOCKET_BUFFER_BYTES (128 * 1024)
#define BACKLOG 128
#define HANDSHAKE_TIMEOUT_MILLISECONDS 10000

struct _SnugServerListener
{
  gboolean freed; /* what is under way keeps the memory, and does nothing more with it */
  SnugServerListenerFuncs funcs;
  gpointer data;
  GSocketListener *listener;
  GCancellable *cancellable;
  guint16 port;
  guint handshake_timeout;
  guint accept_timer;
  guint n_handshakes;
};

static void accept_next (SnugServerListener *self);

static void
listener_clear (gpointer data)
{
  SnugServerListener *self = data;

  g_clear_object (&self->listener);
  g_clear_object (&self->cancellable);
}

static void
listener_release (SnugServerListener *self)
{
  g_rc_box_release_full (self, listener_clear);
}

static void
cut (GSocketConnection *connection)
{
  g_io_stream_close_async (G_IO_STREAM (connection), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

static char *
respond (const SnugHttpHead *request, gboolean *upgraded, gpointer data)
{
  SnugServerListener *self = data;

  /* The owner may be gone. */
  if (self->freed)
    return snug_http_make_response (503, NULL, NULL);
  return self->funcs.respond (request, upgraded, self->data);
}

static void
handshake_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SnugServerListener *self = data;
  GSocketConnection *connection = G_SOCKET_CONNECTION (source);
  g_autoptr (GBytes) early = NULL;
  g_autoptr (GError) error = NULL;
  gboolean upgraded = snug_server_handshake_finish (connection, result, &early, &error);

  self->n_handshakes--;
  if (upgraded && !self->freed)
    self->funcs.opened (G_IO_STREAM (connection), early, self->data);
  else
    {
      if (error != NULL)
        g_debug ("event=handshake-failed text=\"%s\"", error->message);
      cut (connection);
    }
  listener_release (self);
}

static void
welcome (SnugServerListener *self, GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);

  if (!self->funcs.may_enter (self->n_handshakes, self->data))
    {
      g_debug ("event=connection-refused");
      cut (connection);
      return;
    }
  /* Messages are small, and each is waited for. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER_BYTES, NULL);
  self->n_handshakes++;
  snug_server_handshake_async (connection,
                               self->handshake_timeout,
                               respond,
                               self,
                               self->cancellable,
                               handshake_cb,
                               g_rc_box_acquire (self));
}

static gboolean
on_accept_timer (gpointer data)
{
  SnugServerListener *self = data;

  self->accept_timer = 0;
  accept_next (self);
  return G_SOURCE_REMOVE;
}

static void
accept_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SnugServerListener *self = data;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  connection = g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, &error);
  if (!self->freed)
    {
      if (connection != NULL)
        {
          welcome (self, connection);
          accept_next (self);
        }
      else
        {
          /* SoupServer would stop listening here, for ever. */
          g_info ("event=accept-failed text=\"%s\"", error->message);
          self->accept_timer = g_timeout_add (ACCEPT_PAUSE_MILLISECONDS, on_accept_timer, self);
        }
    }
  listener_release (self);
}

static void
accept_next (SnugServerListener *self)
{
  g_socket_listener_accept_async (self->listener, self->cancellable, accept_cb,
                                  g_rc_box_acquire (self));
}

static gboolean
listen_on (SnugServerListener *self, const char *bind, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketAddress) effective = NULL;

  if (bind == NULL)
    {
      self->port = port;
      if (port == 0)
        self->port = g_socket_listener_add_any_inet_port (self->listener, NULL, error);
      else if (!g_socket_listener_add_inet_port (self->listener, port, NULL, error))
        self->port = 0;
      return self->port != 0;
    }
  address = g_inet_socket_address_new_from_string (bind, port);
  if (address == NULL)
    {
      g_set_error (error,
                   G_IO_ERROR,
                   G_IO_ERROR_INVALID_ARGUMENT,
                   "\"%s\" is not a numeric address",
                   bind);
      return FALSE;
    }
  if (!g_socket_listener_add_address (self->listener,
                                      address,
                                      G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP,
                                      NULL,
                                      &effective,
                                      error))
    return FALSE;
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  return TRUE;
}

SnugServerListener *
snug_server_listener_new (const char *bind,
                          guint16 port,
                          const SnugServerListenerFuncs *funcs,
                          gpointer data,
                          GError **error)
{
  SnugServerListener *self = g_rc_box_new0 (SnugServerListener);

  self->funcs = *funcs;
  self->data = data;
  self->handshake_timeout = HANDSHAKE_TIMEOUT_MILLISECONDS;
  self->cancellable = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_socket_listener_set_backlog (self->listener, BACKLOG);
  if (!listen_on (self, bind, port, error))
    {
      listener_release (self);
      return NULL;
    }
  accept_next (self);
  return self;
}

void
snug_server_listener_free (SnugServerListener *self)
{
  g_return_if_fail (self != NULL && !self->freed);

  self->freed = TRUE;
  g_clear_handle_id (&self->accept_timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_socket_listener_close (self->listener);
  listener_release (self);
}

guint16
snug_server_listener_get_port (SnugServerListener *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

void
snug_server_listener_set_handshake_timeout (SnugServerListener *self, guint milliseconds)
{
  g_return_if_fail (self != NULL);

  self->handshake_timeout = milliseconds;
}

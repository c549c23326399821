/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Not with SoupSession: its connection can't be given a stream of ours, and without one libsoup 3.2 holds
 * the main context for as long as a server sends fragments, and keeps them all.
 */
#include "snug-websocket-connect.h"

#include "snug-upgrade.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

typedef struct
{
  GUri *uri;
  char *key;
  char *request;
  GIOStream *stream;
  SnugFrameStream *frame_stream; /* the result, beside the connection */
} Connecting;

static void
connecting_free (gpointer data)
{
  Connecting *self = data;

  g_uri_unref (self->uri);
  g_free (self->key);
  g_free (self->request);
  g_clear_object (&self->stream);
  g_clear_object (&self->frame_stream);
  g_free (self);
}

/* What an error before there is a connection means. */
static SnugSignalingError
classify_connect_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return SNUG_SIGNALING_ERROR_TIMED_OUT;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return SNUG_SIGNALING_ERROR_ADDRESS;
  return SNUG_SIGNALING_ERROR_UNREACHABLE;
}

/* The TCP connection is there; something on the other side does not do TLS, or not well enough. */
static SnugSignalingError
classify_tls_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return SNUG_SIGNALING_ERROR_TIMED_OUT;
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE)
      || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED)
      || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE)
      || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE))
    return SNUG_SIGNALING_ERROR_TLS;
  return SNUG_SIGNALING_ERROR_NOT_SNUG;
}

static SnugSignalingError
classify_upgrade_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return SNUG_SIGNALING_ERROR_TIMED_OUT;
  if (error->domain == G_TLS_ERROR && !g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF))
    return SNUG_SIGNALING_ERROR_TLS;
  return SNUG_SIGNALING_ERROR_NOT_SNUG;
}

/* task, error: (transfer full) */
static void
fail (GTask *task, GError *error, SnugSignalingError (*classify) (const GError *error))
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, error);
  else
    {
      g_task_return_new_error (task, SNUG_SIGNALING_ERROR, classify (error), "%s", error->message);
      g_error_free (error);
    }
  g_object_unref (task);
}

static void
head_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Connecting *self = g_task_get_task_data (task);
  g_autoptr (SnugHttpHead) head = NULL;
  g_autoptr (GBytes) early = NULL;
  SoupWebsocketConnection *connection;
  GError *error = NULL;

  head = snug_http_head_read_finish (G_INPUT_STREAM (source), result, &early, &error);
  /* What stands in front of a server says so when the server itself is not there. */
  if (head != NULL && head->status >= 502 && head->status <= 504)
    {
      g_task_return_new_error (task,
                               SNUG_SIGNALING_ERROR,
                               SNUG_SIGNALING_ERROR_UNREACHABLE,
                               "The server is not available: HTTP status %u",
                               head->status);
      g_object_unref (task);
      return;
    }
  /* The server itself says so, before there is a WebSocket to say it on. */
  if (head != NULL && (head->status == 401 || head->status == 403 || head->status == 429))
    {
      g_task_return_new_error (task,
                               SNUG_PROTOCOL_ERROR,
                               head->status == 429 ? SNUG_PROTOCOL_ERROR_RATE_LIMITED
                                                   : SNUG_PROTOCOL_ERROR_NOT_ALLOWED,
                               "The server refuses: HTTP status %u",
                               head->status);
      g_object_unref (task);
      return;
    }
  if (head == NULL || !snug_upgrade_check_response (head, self->key, &error))
    {
      fail (task, error, classify_upgrade_error);
      return;
    }
  self->frame_stream = snug_frame_stream_new (self->stream, early, SNUG_MESSAGE_MAX_BYTES);
  connection = soup_websocket_connection_new (G_IO_STREAM (self->frame_stream),
                                              self->uri,
                                              SOUP_WEBSOCKET_CONNECTION_CLIENT,
                                              NULL,
                                              SNUG_PROTOCOL_NAME,
                                              NULL);
  soup_websocket_connection_set_max_incoming_payload_size (connection, SNUG_MESSAGE_MAX_BYTES);
  g_task_return_pointer (task, connection, g_object_unref);
  g_object_unref (task);
}

static void
request_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Connecting *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      fail (task, error, classify_upgrade_error);
      return;
    }
  snug_http_head_read_async (g_io_stream_get_input_stream (self->stream),
                             SNUG_HTTP_RESPONSE,
                             g_task_get_cancellable (task),
                             head_read_cb,
                             task);
}

/* task: (transfer full) */
static void
send_request (GTask *task)
{
  Connecting *self = g_task_get_task_data (task);

  self->key = snug_upgrade_new_key ();
  self->request = snug_upgrade_make_request (self->uri, self->key);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   self->request,
                                   strlen (self->request),
                                   G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task),
                                   request_written_cb,
                                   task);
}

static void
handshake_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  GError *error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    send_request (task);
  else
    fail (task, error, classify_tls_error);
}

/* task: (transfer full) */
static void
start_tls (GTask *task)
{
  static const char *const protocols[] = { "http/1.1", NULL };
  Connecting *self = g_task_get_task_data (task);
  g_autoptr (GSocketConnectable) identity = NULL;
  g_autoptr (GIOStream) plain = g_steal_pointer (&self->stream);
  GError *error = NULL;

  identity = g_network_address_new (g_uri_get_host (self->uri), 443);
  self->stream = g_tls_client_connection_new (plain, identity, &error);
  if (self->stream == NULL)
    {
      fail (task, error, classify_tls_error);
      return;
    }
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (self->stream), protocols);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->stream),
                                    G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task),
                                    handshake_cb,
                                    task);
}

static gboolean
is_secure (GUri *uri)
{
  return g_str_equal (g_uri_get_scheme (uri), "wss");
}

/* task: (transfer full). connection: (transfer full) (nullable): NULL with error, (transfer full). */
static void
go_on (GTask *task, GSocketConnection *connection, GError *error)
{
  Connecting *self = g_task_get_task_data (task);

  if (connection == NULL)
    {
      fail (task, error, classify_connect_error);
      return;
    }
  /* Messages are small, and each is waited for. */
  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, 1,
                       NULL);
  self->stream = G_IO_STREAM (connection);
  if (is_secure (self->uri))
    start_tls (task);
  else
    send_request (task);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GError *error = NULL;
  GSocketConnection *connection = g_socket_client_connect_to_uri_finish (G_SOCKET_CLIENT (source), result, &error);

  go_on (data, connection, error);
}

static void
connected_directly_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GError *error = NULL;
  GSocketConnection *connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  go_on (data, connection, error);
}

/**
 * snug_websocket_connect_async:
 * @uri: a ws:// or wss:// address with a path
 * @address: (nullable): where that is, when it is known
 * @cancellable: (nullable): ends it
 * @callback: called when it is open or has failed
 * @user_data: for @callback
 *
 * Connects; without @address through a proxy where the system has one.
 */
void
snug_websocket_connect_async (GUri *uri,
                              GSocketAddress *address,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GUri) http = NULL;
  g_autofree char *http_uri = NULL;
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Connecting *self = g_new0 (Connecting, 1);
  guint16 default_port = is_secure (uri) ? 443 : 80;

  g_task_set_source_tag (task, snug_websocket_connect_async);
  self->uri = g_uri_ref (uri);
  g_task_set_task_data (task, self, connecting_free);

  if (address != NULL)
    {
      g_socket_client_set_enable_proxy (client, FALSE);
      g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), cancellable, connected_directly_cb, task);
      return;
    }
  /* Proxies are chosen by the scheme of the web. */
  http = g_uri_build (G_URI_FLAGS_NONE,
                      is_secure (uri) ? "https" : "http",
                      NULL,
                      g_uri_get_host (uri),
                      g_uri_get_port (uri),
                      "/",
                      NULL,
                      NULL);
  http_uri = g_uri_to_string (http);
  g_socket_client_connect_to_uri_async (client, http_uri, default_port, cancellable, connected_cb,
                                        task);
}

SoupWebsocketConnection *
snug_websocket_connect_finish (GAsyncResult *result, SnugFrameStream **stream, GError **error)
{
  Connecting *self;
  SoupWebsocketConnection *connection;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  self = g_task_get_task_data (G_TASK (result));
  connection = g_task_propagate_pointer (G_TASK (result), error);
  *stream = connection != NULL ? g_steal_pointer (&self->frame_stream) : NULL;
  return connection;
}

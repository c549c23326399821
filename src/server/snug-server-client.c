/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-client.h"

#include <libsoup/soup.h>
#include <string.h>

#include "snug-frame-stream.h"
#include "snug-token-bucket.h"

/* From the last word until the connection is cut. */
#define LINGER_MILLISECONDS 1000

struct _SnugServerClient
{
  GObject parent_instance;

  char *id;
  SnugServerLimits limits;
  SnugFrameStream *stream;
  SoupWebsocketConnection *connection;
  SnugTokenBucket bucket;
  guint64 sent_bytes; /* given to libsoup */
  gboolean gone;
  gboolean closed;
  const char *drop_reason; /* of drop_source */
  guint drop_source;
  guint join_timer;
  guint ping_timer;
  guint linger_timer;
};

enum
{
  MESSAGE,
  GONE,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SnugServerClient, snug_server_client, G_TYPE_OBJECT)

/* Whoever it is that goes, the room hears of it before the connection is closed. */
static void
set_gone (SnugServerClient *self, const char *reason)
{
  if (self->gone)
    return;
  self->gone = TRUE;
  g_clear_handle_id (&self->join_timer, g_source_remove);
  g_clear_handle_id (&self->ping_timer, g_source_remove);
  g_signal_emit (self, signals[GONE], 0, reason);
}

static void
release_connection (SnugServerClient *self)
{
  g_clear_handle_id (&self->drop_source, g_source_remove);
  g_clear_handle_id (&self->join_timer, g_source_remove);
  g_clear_handle_id (&self->ping_timer, g_source_remove);
  g_clear_handle_id (&self->linger_timer, g_source_remove);
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  if (self->stream != NULL)
    g_signal_handlers_disconnect_by_data (self->stream, self);
  /* The last reference closes it. */
  g_clear_object (&self->connection);
  g_clear_object (&self->stream);
}

static void
set_closed (SnugServerClient *self)
{
  release_connection (self);
  if (self->closed)
    return;
  self->closed = TRUE;
  g_signal_emit (self, signals[CLOSED], 0);
}

/**
 * snug_server_client_drop:
 * @self: a client
 * @reason: a static word for the log
 *
 * Cuts the connection, whatever waits in it.
 */
void
snug_server_client_drop (SnugServerClient *self, const char *reason)
{
  g_return_if_fail (SNUG_IS_SERVER_CLIENT (self));

  g_object_ref (self);
  set_gone (self, reason);
  set_closed (self);
  g_object_unref (self);
}

static gboolean
on_drop_idle (gpointer data)
{
  SnugServerClient *self = data;

  self->drop_source = 0;
  snug_server_client_drop (self, self->drop_reason);
  return G_SOURCE_REMOVE;
}

static gboolean
on_linger_timer (gpointer data)
{
  SnugServerClient *self = data;

  self->linger_timer = 0;
  snug_server_client_drop (self, "linger");
  return G_SOURCE_REMOVE;
}

static void
linger (SnugServerClient *self)
{
  if (self->linger_timer == 0)
    self->linger_timer = g_timeout_add (LINGER_MILLISECONDS, on_linger_timer, self);
}

/**
 * snug_server_client_close:
 * @self: a client
 * @code: a WebSocket close code
 * @reason: a static word, for the client and for the log
 */
void
snug_server_client_close (SnugServerClient *self, gushort code, const char *reason)
{
  g_return_if_fail (SNUG_IS_SERVER_CLIENT (self));

  if (self->gone)
    return;
  g_object_ref (self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, code, reason);
  set_gone (self, reason);
  if (!self->closed)
    linger (self);
  g_object_unref (self);
}

/* What has been said and is not out yet, in bytes. libsoup keeps it without bound and does not tell how much
 * it is; what went by in the stream does. */
static guint64
get_queued_bytes (SnugServerClient *self)
{
  return self->sent_bytes - snug_frame_stream_get_data_written (self->stream)
         + snug_frame_stream_get_pongs_owed (self->stream);
}

/**
 * snug_server_client_send:
 * @self: a client
 * @message: (transfer none): what to tell it
 *
 * Never emits anything before it returns.
 */
void
snug_server_client_send (SnugServerClient *self, SnugMessage *message)
{
  g_autofree char *json = NULL;
  gsize size;

  g_return_if_fail (SNUG_IS_SERVER_CLIENT (self));
  g_return_if_fail (message != NULL);

  if (self->gone || self->drop_source != 0
      || soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;

  json = snug_message_to_json (message);
  size = strlen (json);
  if (get_queued_bytes (self) + size > self->limits.send_queue_limit)
    {
      self->drop_reason = "slow-reader";
      self->drop_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_drop_idle, self, NULL);
      return;
    }
  self->sent_bytes += size;
  soup_websocket_connection_send_text (self->connection, json);
}

static void
send_error (SnugServerClient *self, SnugProtocolError code, const char *text)
{
  g_autoptr (SnugMessage) message = snug_message_new_error (code, text);

  snug_server_client_send (self, message);
}

static void
fail (SnugServerClient *self, SnugProtocolError code, const char *text, gushort close_code)
{
  send_error (self, code, text);
  snug_server_client_close (self, close_code, snug_protocol_error_to_string (code));
}

static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *bytes, SnugServerClient *self)
{
  g_autoptr (SnugMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (self->gone || self->drop_source != 0)
    return;
  if (!snug_token_bucket_take (&self->bucket, g_get_monotonic_time ()))
    {
      fail (self,
            SNUG_PROTOCOL_ERROR_RATE_LIMITED,
            "Too many messages",
            SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
      return;
    }
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    message = snug_message_parse (data, size, SNUG_MESSAGE_FROM_CLIENT, &error);
  else
    g_set_error_literal (&error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_NOT_JSON,
                         "Not a text frame");

  if (message != NULL)
    {
      g_signal_emit (self, signals[MESSAGE], 0, message);
      return;
    }
  g_debug ("event=refused client=%.8s code=%s",
           self->id, snug_protocol_error_to_string (error->code));
  send_error (self, error->code, error->message);
}

/* libsoup closes by itself after this; what is said here still goes out first. */
static void
on_error (SoupWebsocketConnection *connection, GError *error, SnugServerClient *self)
{
  g_debug ("event=websocket-error client=%.8s text=\"%s\"", self->id, error->message);
  if (g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_BAD_DATA))
    send_error (self, SNUG_PROTOCOL_ERROR_NOT_UTF8, "Not UTF-8 text");
}

static void
on_refused (SnugFrameStream *stream, int refusal, SnugServerClient *self)
{
  if (refusal == SNUG_FRAME_REFUSAL_TOO_LARGE)
    fail (self,
          SNUG_PROTOCOL_ERROR_TOO_LARGE,
          "The message is too large or in too many pieces",
          SOUP_WEBSOCKET_CLOSE_TOO_BIG);
  else
    fail (self,
          SNUG_PROTOCOL_ERROR_RATE_LIMITED,
          "Too many control frames",
          SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

static void
on_closing (SoupWebsocketConnection *connection, SnugServerClient *self)
{
  if (!self->closed)
    linger (self);
}

static void
on_closed (SoupWebsocketConnection *connection, SnugServerClient *self)
{
  snug_server_client_drop (self, "closed");
}

static gboolean
on_join_timer (gpointer data)
{
  SnugServerClient *self = data;

  self->join_timer = 0;
  fail (self,
        SNUG_PROTOCOL_ERROR_JOIN_TIMEOUT,
        "No room was joined in time",
        SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  return G_SOURCE_REMOVE;
}

/* Anything that comes in shows that the other side is there; a ping makes it answer if it has nothing to say. */
static gboolean
on_ping_timer (gpointer data)
{
  SnugServerClient *self = data;
  gint64 allowed = (gint64) self->limits.ping_interval + self->limits.pong_timeout;
  gint64 silence = (g_get_monotonic_time () - snug_frame_stream_get_last_read (self->stream)) / 1000;

  self->ping_timer = 0;
  if (silence >= allowed)
    snug_server_client_drop (self, "dead-peer");
  else
    self->ping_timer = g_timeout_add (allowed - silence + 1, on_ping_timer, self);
  return G_SOURCE_REMOVE;
}

static void
snug_server_client_dispose (GObject *object)
{
  release_connection (SNUG_SERVER_CLIENT (object));

  G_OBJECT_CLASS (snug_server_client_parent_class)->dispose (object);
}

static void
snug_server_client_finalize (GObject *object)
{
  g_free (SNUG_SERVER_CLIENT (object)->id);

  G_OBJECT_CLASS (snug_server_client_parent_class)->finalize (object);
}

static void
snug_server_client_class_init (SnugServerClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_server_client_dispose;
  object_class->finalize = snug_server_client_finalize;

  /**
   * SnugServerClient::message:
   * @self: the client
   * @message: what it said
   */
  signals[MESSAGE] = g_signal_new ("message",
                                   G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, SNUG_TYPE_MESSAGE);
  /**
   * SnugServerClient::gone:
   * @self: the client
   * @reason: a word for the log
   *
   * It takes part in nothing any more. Its connection may still be closing.
   */
  signals[GONE] = g_signal_new ("gone",
                                G_TYPE_FROM_CLASS (klass),
                                G_SIGNAL_RUN_LAST,
                                0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * SnugServerClient::closed:
   * @self: the client
   *
   * The last thing that it emits.
   */
  signals[CLOSED] = g_signal_new ("closed",
                                  G_TYPE_FROM_CLASS (klass),
                                  G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
snug_server_client_init (SnugServerClient *self)
{
  self->id = snug_protocol_random_id ();
}

SnugServerClient *
snug_server_client_new (GIOStream *stream, GBytes *early, const SnugServerLimits *limits)
{
  SnugServerClient *self;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);
  g_return_val_if_fail (limits != NULL, NULL);

  self = g_object_new (SNUG_TYPE_SERVER_CLIENT, NULL);
  self->limits = *limits;
  self->stream = snug_frame_stream_new (stream, early, SNUG_MESSAGE_MAX_BYTES);
  snug_token_bucket_init (&self->bucket,
                          limits->message_rate,
                          limits->message_burst,
                          g_get_monotonic_time ());

  /* libsoup wants an address; no one asks for it. */
  uri = g_uri_build (G_URI_FLAGS_NONE, "ws", NULL, "localhost", -1, SNUG_WEBSOCKET_PATH, NULL,
                     NULL);
  self->connection = soup_websocket_connection_new (G_IO_STREAM (self->stream),
                                                    uri,
                                                    SOUP_WEBSOCKET_CONNECTION_SERVER,
                                                    NULL,
                                                    SNUG_PROTOCOL_NAME,
                                                    NULL);
  soup_websocket_connection_set_max_incoming_payload_size (self->connection,
                                                           SNUG_MESSAGE_MAX_BYTES);
  soup_websocket_connection_set_keepalive_interval (self->connection,
                                                    (limits->ping_interval + 999) / 1000);
  g_signal_connect (self->connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->connection, "error", G_CALLBACK (on_error), self);
  g_signal_connect (self->connection, "closing", G_CALLBACK (on_closing), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (self->stream, "refused", G_CALLBACK (on_refused), self);
  snug_server_client_set_joined (self, FALSE);
  on_ping_timer (self);
  return self;
}

const char *
snug_server_client_get_id (SnugServerClient *self)
{
  g_return_val_if_fail (SNUG_IS_SERVER_CLIENT (self), NULL);

  return self->id;
}

/**
 * snug_server_client_set_joined:
 * @self: a client
 * @joined: whether it is in a room
 */
void
snug_server_client_set_joined (SnugServerClient *self, gboolean joined)
{
  g_return_if_fail (SNUG_IS_SERVER_CLIENT (self));

  g_clear_handle_id (&self->join_timer, g_source_remove);
  if (!joined && !self->gone)
    self->join_timer = g_timeout_add (self->limits.join_timeout, on_join_timer, self);
}

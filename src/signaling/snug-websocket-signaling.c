/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-websocket-signaling.h"

#include <string.h>

#include "snug-token-bucket.h"
#include "snug-websocket-connect.h"

/* What this side may say stays below what the server allows (SNUG_MESSAGE_RATE, _BURST), so that joining a
 * full room, with an offer and candidates for everyone in it, is slower instead of refused. */
#define SEND_RATE (SNUG_MESSAGE_RATE - 2)
#define SEND_BURST (SNUG_MESSAGE_BURST - 10)
/* What waits to be sent, here and in libsoup. A server that takes nothing is as good as gone. */
#define SEND_QUEUE_MAX_BYTES (4 * 1024 * 1024)
/* What a server may say: all the others of a large room talking at once. */
#define RECEIVE_RATE 2000
#define RECEIVE_BURST 4000
/* Messages that can't be parsed, until it is no Snug server. */
#define MALFORMED_MAX 3

struct _SnugWebsocketSignaling
{
  SnugSignaling parent_instance;

  char *uri;
  GSocketAddress *address; /* nullable: what the uri stands for */
  guint connect_timeout;    /* milliseconds */
  guint close_timeout;      /* milliseconds */
  guint keepalive_interval; /* seconds */
  guint message_rate;       /* a second, from the server */
  guint message_burst;

  GCancellable *cancellable; /* while connecting */
  gboolean timed_out;
  SoupWebsocketConnection *connection;
  SnugFrameStream *stream;
  SnugTokenBucket incoming;
  SnugTokenBucket outgoing;
  guint n_malformed;
  GQueue queue; /* char *: JSON that waits for its turn */
  guint64 queued_bytes;
  guint64 sent_bytes; /* given to libsoup */
  guint send_timer;
  guint silence_timer;
  guint limit_timer; /* of connecting or closing */
};

typedef enum
{
  PROP_URI = 1,
  PROP_ADDRESS,
  PROP_CONNECT_TIMEOUT,
  PROP_CLOSE_TIMEOUT,
  PROP_KEEPALIVE_INTERVAL,
  PROP_MESSAGE_RATE,
  PROP_MESSAGE_BURST
} SnugWebsocketSignalingProperty;

static GParamSpec *properties[PROP_MESSAGE_BURST + 1];

G_DEFINE_FINAL_TYPE (SnugWebsocketSignaling, snug_websocket_signaling, SNUG_TYPE_SIGNALING)

static void
drop_connection (SnugWebsocketSignaling *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->send_timer, g_source_remove);
  g_clear_handle_id (&self->silence_timer, g_source_remove);
  g_clear_handle_id (&self->limit_timer, g_source_remove);
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  if (self->stream != NULL)
    g_signal_handlers_disconnect_by_data (self->stream, self);
  /* The last reference closes it. */
  g_clear_object (&self->connection);
  g_clear_object (&self->stream);
  g_queue_clear_full (&self->queue, g_free);
  self->queued_bytes = 0;
}

/* error: (transfer full) (nullable) */
static void
finish (SnugWebsocketSignaling *self, GError *error)
{
  g_object_ref (self);
  drop_connection (self);
  snug_signaling_set_closed (SNUG_SIGNALING (self), error);
  g_object_unref (self);
}

static void
fail (SnugWebsocketSignaling *self, SnugSignalingError code, const char *text)
{
  /* Tell the server why, if it still listens; it is not waited for. */
  if (self->connection != NULL
      && soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
  finish (self, g_error_new_literal (SNUG_SIGNALING_ERROR, code, text));
}

static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *bytes,
            SnugWebsocketSignaling *self)
{
  g_autoptr (SnugMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (!snug_token_bucket_take (&self->incoming, g_get_monotonic_time ()))
    {
      fail (self, SNUG_SIGNALING_ERROR_FLOODED, "The server sends too many messages");
      return;
    }
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    message = snug_message_parse (data, size, SNUG_MESSAGE_FROM_SERVER, &error);
  else
    g_set_error_literal (&error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_NOT_JSON,
                         "Not a text frame");

  if (message != NULL)
    {
      snug_signaling_deliver (SNUG_SIGNALING (self), message);
      return;
    }
  /* A newer server may know more messages than this client. */
  g_info ("event=malformed-message code=%s text=\"%s\"",
          snug_protocol_error_to_string (error->code), error->message);
  if (!g_error_matches (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE)
      && ++self->n_malformed > MALFORMED_MAX)
    fail (self, SNUG_SIGNALING_ERROR_NOT_SNUG, "The server does not speak " SNUG_PROTOCOL_NAME);
}

/* The last word of a WebSocket that breaks its rules; "closed" follows. */
static void
on_error (SoupWebsocketConnection *connection, GError *error, SnugWebsocketSignaling *self)
{
  g_info ("event=websocket-error text=\"%s\"", error->message);
  if (g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_BAD_DATA)
      || g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_PROTOCOL_ERROR))
    finish (self,
            g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NOT_SNUG,
                                 error->message));
}

static void
on_refused (SnugFrameStream *stream, int refusal, SnugWebsocketSignaling *self)
{
  fail (self,
        SNUG_SIGNALING_ERROR_FLOODED,
        refusal == SNUG_FRAME_REFUSAL_TOO_LARGE ? "The server sends a message that is too large"
                                                : "The server sends too many control frames");
}

static void
on_closed (SoupWebsocketConnection *connection, SnugWebsocketSignaling *self)
{
  finish (self,
          g_error_new (SNUG_SIGNALING_ERROR,
                       SNUG_SIGNALING_ERROR_LOST,
                       "The server closed the connection (%u)",
                       soup_websocket_connection_get_close_code (connection)));
}

/* A server is pinged every interval and has as long again to be heard. */
static gboolean
on_silence_timer (gpointer data)
{
  SnugWebsocketSignaling *self = data;
  gint64 silence = g_get_monotonic_time () - snug_frame_stream_get_last_read (self->stream);

  if (silence < 2 * (gint64) self->keepalive_interval * G_USEC_PER_SEC)
    return G_SOURCE_CONTINUE;
  self->silence_timer = 0;
  fail (self, SNUG_SIGNALING_ERROR_LOST, "The server is not heard any more");
  return G_SOURCE_REMOVE;
}

/* The server has begun to close, or was asked to; that it then lets go is not waited for for ever. */
static gboolean
on_closing_timeout (gpointer data)
{
  SnugWebsocketSignaling *self = data;

  self->limit_timer = 0;
  on_closed (self->connection, self);
  return G_SOURCE_REMOVE;
}

static void
on_closing (SoupWebsocketConnection *connection, SnugWebsocketSignaling *self)
{
  if (self->limit_timer == 0)
    self->limit_timer = g_timeout_add (self->close_timeout, on_closing_timeout, self);
}

static void
weak_ref_free (GWeakRef *weak)
{
  g_weak_ref_clear (weak);
  g_free (weak);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GWeakRef *weak = data;
  g_autoptr (SnugWebsocketSignaling) self = g_weak_ref_get (weak);
  g_autoptr (SnugFrameStream) stream = NULL;
  g_autoptr (SoupWebsocketConnection) connection = NULL;
  GError *error = NULL;
  gint64 now = g_get_monotonic_time ();

  weak_ref_free (weak);
  connection = snug_websocket_connect_finish (result, &stream, &error);
  /* Closed in the meantime: it was told already. */
  if (self == NULL || self->cancellable == NULL)
    {
      g_clear_error (&error);
      return;
    }
  if (connection == NULL)
    {
      if (self->timed_out)
        {
          g_clear_error (&error);
          error = g_error_new_literal (SNUG_SIGNALING_ERROR,
                                       SNUG_SIGNALING_ERROR_TIMED_OUT,
                                       "The server does not answer in time");
        }
      finish (self, error);
      return;
    }

  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->limit_timer, g_source_remove);
  self->connection = g_steal_pointer (&connection);
  self->stream = g_steal_pointer (&stream);
  snug_token_bucket_init (&self->incoming, self->message_rate, self->message_burst, now);
  snug_token_bucket_init (&self->outgoing, SEND_RATE, SEND_BURST, now);
  soup_websocket_connection_set_keepalive_interval (self->connection, self->keepalive_interval);
  self->silence_timer = g_timeout_add_seconds (MAX (self->keepalive_interval / 2, 1),
                                               on_silence_timer, self);
  g_signal_connect (self->connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->connection, "error", G_CALLBACK (on_error), self);
  g_signal_connect (self->connection, "closing", G_CALLBACK (on_closing), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (self->stream, "refused", G_CALLBACK (on_refused), self);
  snug_signaling_set_open (SNUG_SIGNALING (self));
}

static gboolean
on_connect_timeout (gpointer data)
{
  SnugWebsocketSignaling *self = data;

  self->limit_timer = 0;
  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
snug_websocket_signaling_open (SnugSignaling *signaling)
{
  SnugWebsocketSignaling *self = SNUG_WEBSOCKET_SIGNALING (signaling);
  const char *room_id = snug_signaling_get_room_id (signaling);
  g_autofree char *text = NULL;
  g_autoptr (GUri) uri = NULL;
  GWeakRef *weak;

  text = self->uri != NULL && room_id != NULL ? snug_websocket_signaling_make_room_uri (self->uri, room_id)
                                              : g_strdup (self->uri);
  uri = text != NULL
          ? g_uri_parse (text, G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY, NULL)
          : NULL;
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || (!g_str_equal (g_uri_get_scheme (uri), "ws")
          && !g_str_equal (g_uri_get_scheme (uri), "wss")))
    {
      fail (self, SNUG_SIGNALING_ERROR_ADDRESS, "The server's address can't be used");
      return;
    }
  self->cancellable = g_cancellable_new ();
  self->limit_timer = g_timeout_add (self->connect_timeout, on_connect_timeout, self);
  /* Connecting does not keep alive what nobody wants any more. */
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  snug_websocket_connect_async (uri, self->address, self->cancellable, connected_cb, weak);
}

static void
give_to_socket (SnugWebsocketSignaling *self, const char *json)
{
  if (soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  self->sent_bytes += strlen (json);
  soup_websocket_connection_send_text (self->connection, json);
}

static void
flush_queue (SnugWebsocketSignaling *self, gboolean paced);

static gboolean
on_send_timer (gpointer data)
{
  SnugWebsocketSignaling *self = data;

  self->send_timer = 0;
  flush_queue (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
flush_queue (SnugWebsocketSignaling *self, gboolean paced)
{
  gint64 now = g_get_monotonic_time ();

  /* Sending can end in an error that drops the connection. */
  while (self->connection != NULL && !g_queue_is_empty (&self->queue)
         && (!paced || snug_token_bucket_take (&self->outgoing, now)))
    {
      g_autofree char *json = g_queue_pop_head (&self->queue);

      self->queued_bytes -= strlen (json);
      give_to_socket (self, json);
    }
  if (self->connection != NULL && !g_queue_is_empty (&self->queue) && self->send_timer == 0)
    self->send_timer
      = g_timeout_add (snug_token_bucket_get_wait (&self->outgoing, now) / 1000 + 1, on_send_timer,
                       self);
}

static void
snug_websocket_signaling_send (SnugSignaling *signaling, SnugMessage *message)
{
  SnugWebsocketSignaling *self = SNUG_WEBSOCKET_SIGNALING (signaling);
  char *json = snug_message_to_json (message);
  gsize size = strlen (json);

  if (size > SNUG_MESSAGE_MAX_BYTES)
    {
      g_warning ("A message of %" G_GSIZE_FORMAT " bytes is too large to send", size);
      g_free (json);
      return;
    }
  g_queue_push_tail (&self->queue, json);
  self->queued_bytes += size;
  g_object_ref (self);
  flush_queue (self, TRUE);
  if (self->connection != NULL
      && self->queued_bytes + self->sent_bytes - snug_frame_stream_get_data_written (self->stream)
           > SEND_QUEUE_MAX_BYTES)
    fail (self, SNUG_SIGNALING_ERROR_LOST, "The server does not take what it is sent");
  g_object_unref (self);
}

static gboolean
on_close_timeout (gpointer data)
{
  SnugWebsocketSignaling *self = data;

  self->limit_timer = 0;
  finish (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
snug_websocket_signaling_close (SnugSignaling *signaling)
{
  SnugWebsocketSignaling *self = SNUG_WEBSOCKET_SIGNALING (signaling);

  if (self->connection == NULL)
    {
      finish (self, NULL);
      return;
    }
  g_object_ref (self);
  flush_queue (self, FALSE);
  if (self->connection != NULL)
    {
      g_clear_handle_id (&self->limit_timer, g_source_remove);
      self->limit_timer = g_timeout_add (self->close_timeout, on_close_timeout, self);
      if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
    }
  g_object_unref (self);
}

static void
snug_websocket_signaling_get_property (GObject *object, guint prop_id, GValue *value,
                                       GParamSpec *pspec)
{
  SnugWebsocketSignaling *self = SNUG_WEBSOCKET_SIGNALING (object);

  switch ((SnugWebsocketSignalingProperty) prop_id)
    {
    case PROP_URI:
      g_value_set_string (value, self->uri);
      break;
    case PROP_ADDRESS:
      g_value_set_object (value, self->address);
      break;
    case PROP_CONNECT_TIMEOUT:
      g_value_set_uint (value, self->connect_timeout);
      break;
    case PROP_CLOSE_TIMEOUT:
      g_value_set_uint (value, self->close_timeout);
      break;
    case PROP_KEEPALIVE_INTERVAL:
      g_value_set_uint (value, self->keepalive_interval);
      break;
    case PROP_MESSAGE_RATE:
      g_value_set_uint (value, self->message_rate);
      break;
    case PROP_MESSAGE_BURST:
      g_value_set_uint (value, self->message_burst);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_websocket_signaling_set_property (GObject *object,
                                       guint prop_id,
                                       const GValue *value,
                                       GParamSpec *pspec)
{
  SnugWebsocketSignaling *self = SNUG_WEBSOCKET_SIGNALING (object);

  switch ((SnugWebsocketSignalingProperty) prop_id)
    {
    case PROP_URI:
      self->uri = g_value_dup_string (value);
      break;
    case PROP_ADDRESS:
      self->address = g_value_dup_object (value);
      break;
    case PROP_CONNECT_TIMEOUT:
      self->connect_timeout = g_value_get_uint (value);
      break;
    case PROP_CLOSE_TIMEOUT:
      self->close_timeout = g_value_get_uint (value);
      break;
    case PROP_KEEPALIVE_INTERVAL:
      self->keepalive_interval = g_value_get_uint (value);
      break;
    case PROP_MESSAGE_RATE:
      self->message_rate = g_value_get_uint (value);
      break;
    case PROP_MESSAGE_BURST:
      self->message_burst = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_websocket_signaling_dispose (GObject *object)
{
  drop_connection (SNUG_WEBSOCKET_SIGNALING (object));

  G_OBJECT_CLASS (snug_websocket_signaling_parent_class)->dispose (object);
}

static void
snug_websocket_signaling_finalize (GObject *object)
{
  g_free (SNUG_WEBSOCKET_SIGNALING (object)->uri);
  g_clear_object (&SNUG_WEBSOCKET_SIGNALING (object)->address);

  G_OBJECT_CLASS (snug_websocket_signaling_parent_class)->finalize (object);
}

static void
snug_websocket_signaling_class_init (SnugWebsocketSignalingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  SnugSignalingClass *signaling_class = SNUG_SIGNALING_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_websocket_signaling_get_property;
  object_class->set_property = snug_websocket_signaling_set_property;
  object_class->dispose = snug_websocket_signaling_dispose;
  object_class->finalize = snug_websocket_signaling_finalize;
  signaling_class->open = snug_websocket_signaling_open;
  signaling_class->send = snug_websocket_signaling_send;
  signaling_class->close = snug_websocket_signaling_close;

  properties[PROP_URI]
    = g_param_spec_string ("uri", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ADDRESS]
    = g_param_spec_object ("address", NULL, NULL, G_TYPE_SOCKET_ADDRESS,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * SnugWebsocketSignaling:connect-timeout:
   *
   * Milliseconds from open to an open WebSocket. The limits are properties so that tests can shrink them;
   * they count from the next snug_signaling_open().
   */
  properties[PROP_CONNECT_TIMEOUT]
    = g_param_spec_uint ("connect-timeout", NULL, NULL, 1, G_MAXINT, 10000, flags);
  /**
   * SnugWebsocketSignaling:close-timeout:
   *
   * Milliseconds from close until the server is not waited for any more.
   */
  properties[PROP_CLOSE_TIMEOUT]
    = g_param_spec_uint ("close-timeout", NULL, NULL, 1, G_MAXINT, 1000, flags);
  /**
   * SnugWebsocketSignaling:keepalive-interval:
   *
   * Seconds between pings. A server that is silent for twice as long is lost.
   */
  properties[PROP_KEEPALIVE_INTERVAL]
    = g_param_spec_uint ("keepalive-interval", NULL, NULL, 1, 3600, 15, flags);
  /**
   * SnugWebsocketSignaling:message-rate:
   *
   * Messages a second that the server may send for long.
   */
  properties[PROP_MESSAGE_RATE]
    = g_param_spec_uint ("message-rate", NULL, NULL, 1, G_MAXINT, RECEIVE_RATE, flags);
  /**
   * SnugWebsocketSignaling:message-burst:
   *
   * Messages that the server may send at once.
   */
  properties[PROP_MESSAGE_BURST]
    = g_param_spec_uint ("message-burst", NULL, NULL, 1, G_MAXINT, RECEIVE_BURST, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_websocket_signaling_init (SnugWebsocketSignaling *self)
{
  g_queue_init (&self->queue);
}

SnugSignaling *
snug_websocket_signaling_new (const char *uri)
{
  g_return_val_if_fail (uri != NULL, NULL);

  return g_object_new (SNUG_TYPE_WEBSOCKET_SIGNALING, "uri", uri, NULL);
}

SnugSignaling *
snug_websocket_signaling_new_for_address (GInetSocketAddress *address)
{
  g_autofree char *host = NULL;
  g_autofree char *uri = NULL;
  GInetAddress *inet;

  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), NULL);

  inet = g_inet_socket_address_get_address (address);
  host = g_inet_address_to_string (inet);
  uri = g_uri_join (G_URI_FLAGS_ENCODED_PATH, "ws", NULL, host, g_inet_socket_address_get_port (address),
                    SNUG_WEBSOCKET_PATH, NULL, NULL);
  return g_object_new (SNUG_TYPE_WEBSOCKET_SIGNALING, "uri", uri, "address", address, NULL);
}

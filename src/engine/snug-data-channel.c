/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-data-channel.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "snug-file-chunk.h"
#include "snug-gst-quirks.h"
#include "snug-relay.h"

/* What a peer may say before we have verified it: more is dropped. */
#define MAX_EARLY_MESSAGES 64
/* What may wait in SCTP before a sender is told to wait. */
#define MAX_BUFFERED_BYTES (1024 * 1024)
/* The same for pieces of files, which are in no hurry: what is said must not wait behind them. */
#define MAX_BUFFERED_CHUNK_BYTES (256 * 1024)
/* Binary messages that may wait for the main context: more than a peer that keeps to its windows ever has. */
#define MAX_ARRIVING_BYTES (SNUG_FILE_TRANSFERS_MAX * SNUG_FILE_WINDOW_MAX_BYTES)
/* Larger messages than this get lost without an error in this SCTP. */
#define MAX_MESSAGE_BYTES (16 * 1024)

struct _SnugDataChannel
{
  GObject parent_instance;

  SnugRelay *relay;
  GstWebRTCDataChannel *channel;
  GQueue early; /* of char *, before the channel is enabled */
  gboolean enabled;
  gboolean ready; /* what the channel says */
};

/* On the GstWebRTCDataChannel: the count of bytes that are on their way to the main context. */
#define ARRIVING_KEY "snug-arriving"

G_DEFINE_FINAL_TYPE (SnugDataChannel, snug_data_channel, G_TYPE_OBJECT)

typedef enum
{
  PROP_OPEN = 1,
  N_PROPS
} SnugDataChannelProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_CHUNK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
deliver (SnugDataChannel *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugPeerMessage) message = snug_peer_message_parse (text, strlen (text), &error);

  if (message == NULL)
    g_debug ("A message on the data channel was dropped: %s", error->message);
  else
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

static void
on_text (gpointer owner, gpointer data)
{
  SnugDataChannel *self = owner;

  if (self->enabled)
    deliver (self, data);
  else if (self->early.length < MAX_EARLY_MESSAGES)
    g_queue_push_tail (&self->early, g_strdup (data));
}

/* One binary message on its way to the main context. */
typedef struct
{
  GBytes *bytes;
  gint *arriving; /* bytes of all that are; shared with the channel's thread, atomic */
} Arrival;

static void
arrival_free (gpointer data)
{
  Arrival *arrival = data;

  g_atomic_int_add (arrival->arriving, -(gint) g_bytes_get_size (arrival->bytes));
  g_atomic_rc_box_release (arrival->arriving);
  g_bytes_unref (arrival->bytes);
  g_free (arrival);
}

static void
on_data (gpointer owner, gpointer data)
{
  SnugDataChannel *self = owner;
  Arrival *arrival = data;

  if (self->enabled)
    g_signal_emit (self, signals[SIGNAL_CHUNK], 0, arrival->bytes);
}

static void
on_ready_state (gpointer owner, gpointer data)
{
  SnugDataChannel *self = owner;
  gboolean was_open = snug_data_channel_get_open (self);

  self->ready = GPOINTER_TO_INT (data) == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN;
  if (was_open != snug_data_channel_get_open (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

/* The three below run on webrtcbin's threads. */
static void
on_message_string_cb (GstWebRTCDataChannel *channel, const char *text, SnugRelay *relay)
{
  if (text == NULL || strnlen (text, SNUG_MESSAGE_MAX_BYTES + 1) > SNUG_MESSAGE_MAX_BYTES)
    return;
  snug_relay_post (relay, on_text, g_strdup (text), g_free);
}

static void
on_message_data_cb (GstWebRTCDataChannel *channel, GBytes *bytes, SnugRelay *relay)
{
  gint *arriving = g_object_get_data (G_OBJECT (channel), ARRIVING_KEY);
  gsize size = bytes != NULL ? g_bytes_get_size (bytes) : 0;
  Arrival *arrival;

  if (size == 0 || size > SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES
      || g_atomic_int_get (arriving) > MAX_ARRIVING_BYTES)
    {
      g_debug ("A binary message of %" G_GSIZE_FORMAT " bytes was ignored", size);
      return;
    }
  g_atomic_int_add (arriving, (gint) size);
  arrival = g_new0 (Arrival, 1);
  arrival->bytes = g_bytes_ref (bytes);
  arrival->arriving = g_atomic_rc_box_acquire (arriving);
  snug_relay_post (relay, on_data, arrival, arrival_free);
}

static void
on_ready_state_cb (GstWebRTCDataChannel *channel, GParamSpec *pspec, SnugRelay *relay)
{
  GstWebRTCDataChannelState state;

  g_object_get (channel, "ready-state", &state, NULL);
  snug_relay_post (relay, on_ready_state, GINT_TO_POINTER (state), NULL);
}

static void
snug_data_channel_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugDataChannel *self = SNUG_DATA_CHANNEL (object);

  switch ((SnugDataChannelProperty) prop_id)
    {
    case PROP_OPEN:
      g_value_set_boolean (value, snug_data_channel_get_open (self));
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_data_channel_dispose (GObject *object)
{
  SnugDataChannel *self = SNUG_DATA_CHANNEL (object);

  g_clear_pointer (&self->relay, snug_relay_close);
  gst_clear_object (&self->channel);
  g_queue_clear_full (&self->early, g_free);

  G_OBJECT_CLASS (snug_data_channel_parent_class)->dispose (object);
}

static void
snug_data_channel_class_init (SnugDataChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_data_channel_get_property;
  object_class->dispose = snug_data_channel_dispose;

  properties[PROP_OPEN]
      = g_param_spec_boolean ("open", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_MESSAGE] = g_signal_new ("message", SNUG_TYPE_DATA_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, SNUG_TYPE_PEER_MESSAGE);
  signals[SIGNAL_CHUNK] = g_signal_new ("chunk", SNUG_TYPE_DATA_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
}

static void
snug_data_channel_init (SnugDataChannel *self)
{
  self->relay = snug_relay_new (self);
  g_queue_init (&self->early);
}

SnugDataChannel *
snug_data_channel_new (GstElement *webrtcbin)
{
  g_autoptr (SnugDataChannel) self = g_object_new (SNUG_TYPE_DATA_CHANNEL, NULL);
  g_autoptr (GstStructure) options
      = gst_structure_new ("options", "negotiated", G_TYPE_BOOLEAN, TRUE, "id", G_TYPE_INT,
                           SNUG_DATA_CHANNEL_ID, "ordered", G_TYPE_BOOLEAN, TRUE, NULL);

  g_return_val_if_fail (GST_IS_ELEMENT (webrtcbin), NULL);

  g_signal_emit_by_name (webrtcbin, "create-data-channel", SNUG_DATA_CHANNEL_LABEL, options,
                         &self->channel);
  if (self->channel == NULL)
    return NULL;
  snug_gst_quirks_keep_channel_bins (webrtcbin, G_OBJECT (self->channel));

  g_object_set_data_full (G_OBJECT (self->channel), ARRIVING_KEY, g_atomic_rc_box_new0 (gint),
                          g_atomic_rc_box_release);
  snug_relay_connect (self->relay, self->channel, "on-message-string",
                      G_CALLBACK (on_message_string_cb));
  snug_relay_connect (self->relay, self->channel, "on-message-data", G_CALLBACK (on_message_data_cb));
  snug_relay_connect (self->relay, self->channel, "notify::ready-state",
                      G_CALLBACK (on_ready_state_cb));

  return g_steal_pointer (&self);
}

void
snug_data_channel_enable (SnugDataChannel *self)
{
  char *text;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_DATA_CHANNEL (self));

  if (self->enabled)
    return;
  self->enabled = TRUE;
  if (self->ready)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
  while ((text = g_queue_pop_head (&self->early)) != NULL)
    {
      deliver (self, text);
      g_free (text);
    }
}

gboolean
snug_data_channel_send (SnugDataChannel *self, SnugPeerMessage *message)
{
  g_autofree char *text = NULL;
  guint64 buffered;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_DATA_CHANNEL (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  if (!snug_data_channel_get_open (self))
    return FALSE;

  g_object_get (self->channel, "buffered-amount", &buffered, NULL);
  text = snug_peer_message_to_json (message);
  if (buffered > MAX_BUFFERED_BYTES || strlen (text) > MAX_MESSAGE_BYTES)
    return FALSE;
  gst_webrtc_data_channel_send_string (self->channel, text);

  return TRUE;
}

gboolean
snug_data_channel_send_chunk (SnugDataChannel *self, GBytes *chunk)
{
  guint64 buffered;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_DATA_CHANNEL (self), FALSE);
  g_return_val_if_fail (chunk != NULL, FALSE);
  g_return_val_if_fail (g_bytes_get_size (chunk) <= SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES, FALSE);

  if (!snug_data_channel_get_open (self))
    return FALSE;
  g_object_get (self->channel, "buffered-amount", &buffered, NULL);
  if (buffered > MAX_BUFFERED_CHUNK_BYTES)
    return FALSE;
  gst_webrtc_data_channel_send_data (self->channel, chunk);

  return TRUE;
}

gboolean
snug_data_channel_get_open (SnugDataChannel *self)
{
  g_return_val_if_fail (SNUG_IS_DATA_CHANNEL (self), FALSE);

  return self->enabled && self->ready;
}

void
snug_data_channel_close (SnugDataChannel *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_DATA_CHANNEL (self));

  if (self->relay == NULL)
    return;
  g_clear_pointer (&self->relay, snug_relay_close);
  self->enabled = FALSE;
  gst_webrtc_data_channel_close (self->channel);
}

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

/* After that time a channel's other side that has said nothing counts as another program: Snug speaks first. */
#define SPEAK_TIMEOUT_MS 1500

/* Who is on the other side. */
typedef enum
{
  LANGUAGE_UNKNOWN,
  LANGUAGE_SNUG,
  LANGUAGE_PLAIN
} Language;

struct _SnugDataChannel
{
  GObject parent_instance;

  SnugRelay *relay;
  SnugDataChannelWay way;
  GstWebRTCDataChannel *channel; /* NULL: not opened yet, by the other side */
  GQueue early; /* of char *, before the channel is enabled */
  gboolean enabled;
  gboolean ready; /* what the channel says */
  Language language;
  gboolean heard; /* something that tells the language for good */
  guint speak_id;
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
set_language (SnugDataChannel *self, Language language)
{
  gboolean was_open = snug_data_channel_get_open (self);

  g_clear_handle_id (&self->speak_id, g_source_remove);
  self->language = language;
  if (was_open != snug_data_channel_get_open (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

static gboolean
on_speak_timeout (gpointer user_data)
{
  SnugDataChannel *self = user_data;

  self->speak_id = 0;
  set_language (self, LANGUAGE_PLAIN);

  return G_SOURCE_REMOVE;
}

/* The channel may have become usable, as far as we know yet. */
static void
await_language (SnugDataChannel *self)
{
  if (self->enabled && self->ready && self->language == LANGUAGE_UNKNOWN && self->speak_id == 0)
    self->speak_id = g_timeout_add (SPEAK_TIMEOUT_MS, on_speak_timeout, self);
}

/* A line of chat, of what another program said. Returns: (transfer full) (nullable). */
static SnugPeerMessage *
new_plain_chat (const char *text)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *cut = g_strndup (text, SNUG_CHAT_TEXT_MAX_BYTES);
  const char *end;

  g_utf8_validate (cut, -1, &end);
  *(char *) end = '\0';
  g_strchomp (cut);

  return *cut != '\0' ? snug_peer_message_new_chat (id, cut) : NULL;
}

static void
deliver (SnugDataChannel *self, const char *text)
{
  g_autoptr (SnugDataChannel) keep G_GNUC_UNUSED = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugPeerMessage) message = snug_peer_message_parse (text, strlen (text), &error);

  if (self->way != SNUG_DATA_CHANNEL_NEGOTIATED && !self->heard)
    {
      self->heard = TRUE;
      set_language (self, message != NULL
                                  || g_error_matches (error, SNUG_PROTOCOL_ERROR,
                                                      SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE)
                              ? LANGUAGE_SNUG
                              : LANGUAGE_PLAIN);
    }
  if (self->language == LANGUAGE_PLAIN)
    {
      g_clear_pointer (&message, snug_peer_message_unref);
      message = new_plain_chat (text);
    }
  if (message != NULL)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
  else
    g_debug ("A message on the data channel was dropped: %s", error != NULL ? error->message : "empty");
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

  if (!self->enabled)
    return;
  /* Some programs send texts so. */
  if (self->language == LANGUAGE_PLAIN)
    {
      gsize size;
      const char *bytes = g_bytes_get_data (arrival->bytes, &size);
      g_autofree char *text = g_strndup (bytes, size);

      if (g_utf8_validate (bytes, size, NULL))
        deliver (self, text);
      return;
    }
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
  await_language (self);
}

static void
on_channel_opened (gpointer owner, gpointer data)
{
  SnugDataChannel *self = owner;
  g_autofree char *label = NULL;

  if (self->channel != NULL)
    return;
  self->channel = g_object_ref (data);
  g_object_get (self->channel, "label", &label, NULL);
  /* As another program would, were it to use the name: it will hear of it. */
  set_language (self, g_strcmp0 (label, SNUG_DATA_CHANNEL_LABEL) == 0 ? LANGUAGE_SNUG : LANGUAGE_PLAIN);
}

/* Those below run on webrtcbin's threads. */
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
watch_channel (SnugRelay *relay, GstWebRTCDataChannel *channel)
{
  g_object_set_data_full (G_OBJECT (channel), ARRIVING_KEY, g_atomic_rc_box_new0 (gint),
                          g_atomic_rc_box_release);
  snug_relay_connect (relay, channel, "on-message-string", G_CALLBACK (on_message_string_cb));
  snug_relay_connect (relay, channel, "on-message-data", G_CALLBACK (on_message_data_cb));
  snug_relay_connect (relay, channel, "notify::ready-state", G_CALLBACK (on_ready_state_cb));
}

/* Before anything can have come on it. The first is watched, and no other. */
static void
on_prepare_channel_cb (GstElement *webrtcbin,
                       GstWebRTCDataChannel *channel,
                       gboolean local,
                       SnugRelay *relay)
{
  if (local || g_object_get_data (G_OBJECT (webrtcbin), ARRIVING_KEY) != NULL)
    return;
  g_object_set_data (G_OBJECT (webrtcbin), ARRIVING_KEY, channel);
  watch_channel (relay, channel);
}

static void
on_data_channel_cb (GstElement *webrtcbin, GstWebRTCDataChannel *channel, SnugRelay *relay)
{
  if (g_object_get_data (G_OBJECT (webrtcbin), ARRIVING_KEY) == channel)
    snug_relay_post (relay, on_channel_opened, g_object_ref (channel), g_object_unref);
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

  g_clear_handle_id (&self->speak_id, g_source_remove);
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
snug_data_channel_new (GstElement *webrtcbin, SnugDataChannelWay way)
{
  g_autoptr (SnugDataChannel) self = g_object_new (SNUG_TYPE_DATA_CHANNEL, NULL);
  g_autoptr (GstStructure) options
      = gst_structure_new ("options", "ordered", G_TYPE_BOOLEAN, TRUE, NULL);

  g_return_val_if_fail (GST_IS_ELEMENT (webrtcbin), NULL);

  self->way = way;
  if (way == SNUG_DATA_CHANNEL_AWAIT)
    {
      snug_relay_connect (self->relay, webrtcbin, "prepare-data-channel",
                          G_CALLBACK (on_prepare_channel_cb));
      snug_relay_connect (self->relay, webrtcbin, "on-data-channel", G_CALLBACK (on_data_channel_cb));
      return g_steal_pointer (&self);
    }

  if (way == SNUG_DATA_CHANNEL_NEGOTIATED)
    {
      self->language = LANGUAGE_SNUG;
      gst_structure_set (options, "negotiated", G_TYPE_BOOLEAN, TRUE, "id", G_TYPE_INT,
                         SNUG_DATA_CHANNEL_ID, NULL);
    }
  g_signal_emit_by_name (webrtcbin, "create-data-channel", SNUG_DATA_CHANNEL_LABEL, options,
                         &self->channel);
  if (self->channel == NULL)
    return NULL;
  snug_gst_quirks_keep_channel_bins (webrtcbin, G_OBJECT (self->channel));

  watch_channel (self->relay, self->channel);

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
  if (snug_data_channel_get_open (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
  await_language (self);
  while ((text = g_queue_pop_head (&self->early)) != NULL)
    {
      deliver (self, text);
      g_free (text);
    }
}

static void
on_plain_sent (gpointer owner, gpointer data)
{
  g_signal_emit (owner, signals[SIGNAL_MESSAGE], 0, data);
}

static void
message_unref (gpointer message)
{
  snug_peer_message_unref (message);
}

/* SCTP has it acknowledged, or the channel is lost: more can't be known. */
static gboolean
send_plain (SnugDataChannel *self, SnugPeerMessage *message)
{
  if (snug_peer_message_get_kind (message) != SNUG_PEER_MESSAGE_CHAT)
    return FALSE;
  gst_webrtc_data_channel_send_string (self->channel, snug_peer_message_get_text (message));
  snug_relay_post (self->relay, on_plain_sent,
                   snug_peer_message_new_chat_ack (snug_peer_message_get_chat_id (message)), message_unref);

  return TRUE;
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
  if (self->language == LANGUAGE_PLAIN)
    return send_plain (self, message);
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

  if (!snug_data_channel_get_open (self) || self->language == LANGUAGE_PLAIN)
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

  return self->enabled && self->ready && self->channel != NULL && self->language != LANGUAGE_UNKNOWN;
}

gboolean
snug_data_channel_get_plain (SnugDataChannel *self)
{
  g_return_val_if_fail (SNUG_IS_DATA_CHANNEL (self), FALSE);

  return self->language == LANGUAGE_PLAIN;
}

void
snug_data_channel_close (SnugDataChannel *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_DATA_CHANNEL (self));

  if (self->relay == NULL)
    return;
  g_clear_handle_id (&self->speak_id, g_source_remove);
  g_clear_pointer (&self->relay, snug_relay_close);
  self->enabled = FALSE;
  if (self->channel != NULL)
    gst_webrtc_data_channel_close (self->channel);
}

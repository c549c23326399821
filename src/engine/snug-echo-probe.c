/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-echo-probe.h"

#include <gst/audio/audio.h>

#include "snug-echo-delay.h"

/* Where in the canceller's window the echo is put, and how far it may stray before it is put there again: each time costs the
 * canceller about a second to learn anew. */
#define TARGET_LAG (G_GINT64_CONSTANT (12) * GST_MSECOND)
#define MIN_LAG (G_GINT64_CONSTANT (7) * GST_MSECOND)
#define MAX_LAG (G_GINT64_CONSTANT (22) * GST_MSECOND)
/* What is assumed before anything is known: that the stamps are right, and the speaker is near. */
#define ASSUMED_DELAY (G_GINT64_CONSTANT (5) * GST_MSECOND)

struct _SnugEchoProbe
{
  gatomicrefcount ref_count;

  GstElement *element; /* in no pipeline */
  GstPad *source;      /* linked to its sink pad */
  SnugEchoReference *reference;

  GMutex mutex; /* all below */
  SnugEchoDelay *delay;
  gint64 shift; /* added to the time of what is played */
};

static void
start (SnugEchoProbe *self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->element, "sink");
  g_autoptr (GstPad) source = gst_element_get_static_pad (self->element, "src");
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (S16), "layout", G_TYPE_STRING,
      "interleaved", "rate", G_TYPE_INT, SNUG_ECHO_REFERENCE_RATE, "channels", G_TYPE_INT,
      SNUG_ECHO_REFERENCE_CHANNELS, NULL);
  GstSegment segment;

  self->source = gst_object_ref_sink (gst_pad_new ("source", GST_PAD_SRC));
  gst_pad_set_active (self->source, TRUE);
  gst_pad_link (self->source, sink);
  gst_element_set_state (self->element, GST_STATE_PLAYING);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->source, gst_event_new_stream_start ("echo"));
  gst_pad_push_event (self->source, gst_event_new_caps (caps));
  gst_pad_push_event (self->source, gst_event_new_segment (&segment));
  /* Its stamps are the times of hearing already. Without being told it would never give anything. */
  gst_pad_send_event (source, gst_event_new_latency (0));
}

SnugEchoProbe *
snug_echo_probe_new (void)
{
  static guint n_probes;
  g_autofree char *name = g_strdup_printf ("snug-echo-probe-%u", n_probes++);
  GstElement *element = gst_element_factory_make ("webrtcechoprobe", name);
  SnugEchoProbe *self;

  if (element == NULL)
    return NULL;

  self = g_new0 (SnugEchoProbe, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->element = gst_object_ref_sink (element);
  self->delay = snug_echo_delay_new ();
  self->shift = ASSUMED_DELAY - TARGET_LAG;
  start (self);

  return self;
}

SnugEchoProbe *
snug_echo_probe_ref (SnugEchoProbe *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
snug_echo_probe_unref (SnugEchoProbe *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  snug_echo_probe_set_reference (self, NULL);
  gst_pad_set_active (self->source, FALSE);
  gst_element_set_state (self->element, GST_STATE_NULL);
  gst_clear_object (&self->source);
  gst_clear_object (&self->element);
  snug_echo_delay_free (self->delay);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

const char *
snug_echo_probe_get_name (SnugEchoProbe *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return GST_OBJECT_NAME (self->element);
}

/* Streaming thread of whoever plays; one at a time. */
static void
on_played (GstBuffer *buffer, GstClockTime time, gpointer user_data)
{
  SnugEchoProbe *self = user_data;
  GstBuffer *stamped = gst_buffer_copy (buffer);
  GstMapInfo map;
  gint64 stamp;

  if (!gst_buffer_map (stamped, &map, GST_MAP_READ))
    {
      gst_buffer_unref (stamped);
      return;
    }
  g_mutex_lock (&self->mutex);
  snug_echo_delay_push_far (
      self->delay, (const gint16 *) (gconstpointer) map.data,
      map.size / (SNUG_ECHO_REFERENCE_CHANNELS * sizeof (gint16)), SNUG_ECHO_REFERENCE_CHANNELS, time);
  stamp = (gint64) time + self->shift;
  g_mutex_unlock (&self->mutex);
  gst_buffer_unmap (stamped, &map);

  GST_BUFFER_PTS (stamped) = MAX (stamp, 0);
  GST_BUFFER_DTS (stamped) = GST_CLOCK_TIME_NONE;
  /* It has copied it when it finds that nobody is behind it. */
  gst_pad_push (self->source, stamped);
}

void
snug_echo_probe_set_reference (SnugEchoProbe *self, SnugEchoReference *reference)
{
  g_return_if_fail (self != NULL);

  if (self->reference == reference)
    return;

  if (self->reference != NULL)
    snug_echo_reference_remove_listener (self->reference, self);
  g_clear_pointer (&self->reference, snug_echo_reference_unref);
  if (reference != NULL)
    {
      self->reference = snug_echo_reference_ref (reference);
      snug_echo_reference_add_listener (reference, on_played, self);
    }
}

/* With the mutex held. */
static void
follow_delay (SnugEchoProbe *self)
{
  gint64 delay;

  if (!snug_echo_delay_get (self->delay, &delay))
    return;
  if (delay - self->shift >= MIN_LAG && delay - self->shift <= MAX_LAG)
    return;

  self->shift = delay - TARGET_LAG;
  GST_INFO_OBJECT (self->element, "The echo comes after %" G_GINT64_FORMAT " ms",
                   delay / (gint64) GST_MSECOND);
}

void
snug_echo_probe_push_near (SnugEchoProbe *self, GstBuffer *buffer, GstClockTime time)
{
  GstMapInfo map;

  g_return_if_fail (self != NULL);

  if (!GST_CLOCK_TIME_IS_VALID (time) || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;

  g_mutex_lock (&self->mutex);
  snug_echo_delay_push_near (self->delay, (const gint16 *) (gconstpointer) map.data,
                             map.size / sizeof (gint16), time);
  follow_delay (self);
  g_mutex_unlock (&self->mutex);
  gst_buffer_unmap (buffer, &map);
}

gboolean
snug_echo_probe_get_delay (SnugEchoProbe *self, gint64 *delay)
{
  gboolean known;

  g_return_val_if_fail (self != NULL, FALSE);

  g_mutex_lock (&self->mutex);
  known = snug_echo_delay_get (self->delay, delay);
  g_mutex_unlock (&self->mutex);

  return known;
}

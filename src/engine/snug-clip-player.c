/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-clip-player.h"

#include <gst/app/gstappsrc.h>
#include <gst/audio/audio.h>

#include "snug-engine.h"
#include "snug-pipeline.h"

#define BYTES_PER_SAMPLE 2
#define BLOCK_SAMPLES 960
/* How far ahead of its time the sound is handed over: what main may be late. Less than what the mix takes for a mistake. */
#define AHEAD (800 * GST_MSECOND)
#define INTERVAL_MS 100
/* From a sample's time stamp until it is heard, on a slow speaker. */
#define TAIL (300 * GST_MSECOND)

struct _SnugClipPlayer
{
  SnugAudioOutput *output;
  GstElement *input;
  GstCaps *caps;
  GBytes *samples;
  gsize n_pushed; /* samples */
  GstClockTime start;
  guint timeout_id;
  SnugClipPlayerFunc done;
  gpointer user_data;
};

static gsize
get_n_samples (SnugClipPlayer *self)
{
  return g_bytes_get_size (self->samples) / BYTES_PER_SAMPLE;
}

static GstClockTime
to_time (gsize n_samples)
{
  return gst_util_uint64_scale (n_samples, GST_SECOND, SNUG_CLIP_RATE);
}

static void
push_block (SnugClipPlayer *self)
{
  gsize n = MIN (BLOCK_SAMPLES, get_n_samples (self) - self->n_pushed);
  g_autoptr (GBytes) block = g_bytes_new_from_bytes (self->samples, self->n_pushed * BYTES_PER_SAMPLE,
                                                     n * BYTES_PER_SAMPLE);
  g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped_bytes (block);
  g_autoptr (GstSample) sample = NULL;

  GST_BUFFER_PTS (buffer) = self->start + to_time (self->n_pushed);
  GST_BUFFER_DURATION (buffer) = to_time (n);
  sample = gst_sample_new (buffer, self->caps, NULL, NULL);
  gst_app_src_push_sample (GST_APP_SRC (self->input), sample);
  self->n_pushed += n;
}

static void
push_due (SnugClipPlayer *self)
{
  GstClockTime now = snug_pipeline_now ();

  while (self->n_pushed < get_n_samples (self)
         && self->start + to_time (self->n_pushed) < now + AHEAD)
    push_block (self);
}

static gboolean
on_timeout (gpointer user_data)
{
  SnugClipPlayer *self = user_data;

  push_due (self);
  if (snug_pipeline_now () < self->start + to_time (get_n_samples (self)) + TAIL)
    return G_SOURCE_CONTINUE;

  self->timeout_id = 0;
  self->done (self->user_data);

  return G_SOURCE_REMOVE;
}

SnugClipPlayer *
snug_clip_player_new (SnugAudioOutput *output,
                      GBytes *samples,
                      SnugClipPlayerFunc done,
                      gpointer user_data)
{
  SnugClipPlayer *self;

  g_return_val_if_fail (SNUG_IS_AUDIO_OUTPUT (output), NULL);
  g_return_val_if_fail (snug_engine_is_main_thread (), NULL);

  self = g_new0 (SnugClipPlayer, 1);
  self->output = g_object_ref (output);
  self->samples = g_bytes_ref (samples);
  self->done = done;
  self->user_data = user_data;
  self->caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (S16),
                                    "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT,
                                    SNUG_CLIP_RATE, "channels", G_TYPE_INT, 1, NULL);
  self->input = snug_audio_output_add_input (output);
  /* This one comes early, not late: the queue has to hold what is not due yet. */
  g_object_set (self->input, "max-time", (guint64) (2 * AHEAD), NULL);
  self->start = snug_pipeline_now ();
  self->timeout_id = g_timeout_add (INTERVAL_MS, on_timeout, self);
  push_due (self);

  return self;
}

void
snug_clip_player_free (SnugClipPlayer *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  snug_audio_output_remove_input (self->output, self->input);
  gst_clear_object (&self->input);
  gst_clear_caps (&self->caps);
  g_clear_object (&self->output);
  g_clear_pointer (&self->samples, g_bytes_unref);
  g_free (self);
}

double
snug_clip_player_get_progress (SnugClipPlayer *self)
{
  GstClockTime length, now;

  g_return_val_if_fail (self != NULL, 0.0);

  length = to_time (get_n_samples (self)) + TAIL;
  now = snug_pipeline_now ();

  return CLAMP (((double) now - self->start) / length, 0.0, 1.0);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-test-media.h"

#include <gst/app/gstappsink.h>

#define TICK_MS 5

static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  SnugTestListener *listener = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstStructure *caps = gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  gboolean is_key = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  GstClockTimeDiff age = GST_CLOCK_DIFF (GST_BUFFER_PTS (buffer), snug_pipeline_now ());

  g_mutex_lock (&listener->mutex);
  if (listener->n_buffers == 0)
    {
      listener->first_is_key = is_key;
      listener->in_order = TRUE;
      listener->first_pts = GST_BUFFER_PTS (buffer);
      listener->worst_age = age;
    }
  else if (GST_BUFFER_PTS (buffer) <= listener->last_pts)
    {
      listener->in_order = FALSE;
    }
  if (ABS (age) > ABS (listener->worst_age))
    listener->worst_age = age;
  listener->last_pts = GST_BUFFER_PTS (buffer);
  listener->n_buffers++;
  listener->n_keys += is_key;
  listener->n_empty += gst_buffer_get_size (buffer) <= 2;
  g_free (listener->media_type);
  listener->media_type = g_strdup (gst_structure_get_name (caps));
  gst_structure_get_int (caps, "width", &listener->width);
  g_mutex_unlock (&listener->mutex);

  return GST_FLOW_OK;
}

SnugTestListener *
snug_test_listener_new (SnugEncodedFeed *feed)
{
  SnugTestListener *listener = g_new0 (SnugTestListener, 1);
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  GstElement *src, *sink;

  g_mutex_init (&listener->mutex);
  listener->pipeline = snug_pipeline_new ("listener", NULL, NULL);
  src = snug_pipeline_add (listener->pipeline, "appsrc", "is-live", TRUE, "format", GST_FORMAT_TIME,
                           NULL);
  sink = snug_pipeline_add (listener->pipeline, "appsink", "sync", FALSE, "async", FALSE, NULL);
  gst_element_link (src, sink);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, listener, NULL);
  gst_element_set_state (listener->pipeline, GST_STATE_PLAYING);
  listener->src = GST_APP_SRC (src);
  listener->feed = g_object_ref (feed);
  snug_encoded_feed_attach (feed, listener->src);

  return listener;
}

void
snug_test_listener_free (SnugTestListener *listener)
{
  snug_encoded_feed_detach (listener->feed, listener->src);
  gst_element_set_state (listener->pipeline, GST_STATE_NULL);
  gst_object_unref (listener->pipeline);
  g_object_unref (listener->feed);
  g_free (listener->media_type);
  g_mutex_clear (&listener->mutex);
  g_free (listener);
}

guint
snug_test_listener_get_n_buffers (SnugTestListener *listener)
{
  guint n;

  g_mutex_lock (&listener->mutex);
  n = listener->n_buffers;
  g_mutex_unlock (&listener->mutex);

  return n;
}

guint
snug_test_listener_get_n_keys (SnugTestListener *listener)
{
  guint n;

  g_mutex_lock (&listener->mutex);
  n = listener->n_keys;
  g_mutex_unlock (&listener->mutex);

  return n;
}

guint
snug_test_listener_get_n_empty (SnugTestListener *listener)
{
  guint n;

  g_mutex_lock (&listener->mutex);
  n = listener->n_empty;
  g_mutex_unlock (&listener->mutex);

  return n;
}

int
snug_test_listener_get_width (SnugTestListener *listener)
{
  int width;

  g_mutex_lock (&listener->mutex);
  width = listener->width;
  g_mutex_unlock (&listener->mutex);

  return width;
}

void
snug_test_media_set_sources (SnugLocalMedia *media, const char *video, const char *audio)
{
  g_autoptr (SnugMediaSource) video_source
      = snug_media_source_parse (video, SNUG_MEDIA_VIDEO, NULL);
  g_autoptr (SnugMediaSource) audio_source
      = snug_media_source_parse (audio, SNUG_MEDIA_AUDIO, NULL);

  snug_local_media_set_video_source (media, video_source);
  snug_local_media_set_audio_source (media, audio_source);
}

SnugLocalMedia *
snug_test_media_new (const char *video, const char *audio)
{
  SnugLocalMedia *media = snug_local_media_new ();

  snug_local_media_set_video_format (media, 320, 180, 30);
  snug_test_media_set_sources (media, video, audio);

  return media;
}

guint64
snug_test_media_get_n_frames (SnugLocalMedia *media)
{
  return snug_video_feed_get_n_frames (snug_local_media_get_preview (media));
}

void
snug_test_await_time (GstClockTime length)
{
  GstClockTime end = snug_pipeline_now () + length;

  snug_await (snug_pipeline_now () >= end);
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

int
snug_test_run_ticking (void)
{
  guint id = g_timeout_add (TICK_MS, on_tick, NULL);
  int status = g_test_run ();

  g_source_remove (id);

  return status;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-video-capture.h"

#include <gst/video/video.h>

#include "snug-encoded-feed-private.h"
#include "snug-pipeline.h"
#include "snug-video-feed-private.h"

/* On two cores more threads than one are several times slower. */
#define CORES_PER_THREAD 2
#define THREADS_MAX 4
/* Negative: a fixed speed. With a positive one libvpx takes what time there is between two
 * pictures: half as much processor again and twice the delay, for 0.2 dB at the same rate (720p,
 * 1500 kbit/s). */
#define ENCODER_SPEED -6
/* libvpx counts in these; coarser ones would give two pictures the same time. */
#define TIMEBASE_HZ 90000

/* Lets no more pictures through than wanted, without holding any back. Streaming thread, but for
 * the rate. */
typedef struct
{
  gatomicrefcount ref_count;
  int framerate; /* atomic */
  int hold;      /* atomic: let none through */
  GstClockTime last;
  GstClockTime next;
} SnugRateLimit;

struct _SnugVideoCapture
{
  SnugCapture parent_instance;

  SnugVideoFormat format;
  SnugVideoFormat sent_format;
  SnugVideoLadder ladder;
  guint bits_per_second;
  gboolean hold;
  gboolean encoding;
  SnugVideoFeed *preview;
  SnugEncodedFeed *encoded;

  /* Of the latest attempt; NULL before the first. */
  SnugRateLimit *limit;
  SnugRateLimit *sent_limit;
  GstElement *size_filter;
  GstElement *sent_filter;
  GstElement *valve;
  GstElement *encoder;
};

G_DEFINE_FINAL_TYPE (SnugVideoCapture, snug_video_capture, SNUG_TYPE_CAPTURE)

static SnugRateLimit *
limit_new (guint framerate)
{
  SnugRateLimit *limit = g_new0 (SnugRateLimit, 1);

  g_atomic_ref_count_init (&limit->ref_count);
  limit->framerate = (int) framerate;
  limit->last = GST_CLOCK_TIME_NONE;

  return limit;
}

static void
limit_unref (gpointer data)
{
  SnugRateLimit *limit = data;

  if (g_atomic_ref_count_dec (&limit->ref_count))
    g_free (limit);
}

/* Streaming thread. Pictures come unevenly: one that is early by less than half an interval still
 * counts as the next. */
static GstPadProbeReturn
on_picture (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugRateLimit *limit = user_data;
  GstClockTime interval = GST_SECOND / g_atomic_int_get (&limit->framerate);
  GstClockTime time = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));

  if (g_atomic_int_get (&limit->hold))
    return GST_PAD_PROBE_DROP;
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return GST_PAD_PROBE_OK;

  if (!GST_CLOCK_TIME_IS_VALID (limit->last) || time + GST_SECOND < limit->last
      || time > limit->next + interval)
    limit->next = time;
  else if (time <= limit->last || time + interval / 2 < limit->next)
    return GST_PAD_PROBE_DROP;

  limit->next += interval;
  limit->last = time;

  return GST_PAD_PROBE_OK;
}

/* element: whose sink pad pictures pass. Returns: (transfer full). */
static SnugRateLimit *
add_limit (GstElement *element, guint framerate)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");
  SnugRateLimit *limit = limit_new (framerate);

  g_atomic_ref_count_inc (&limit->ref_count);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, limit, limit_unref);

  return limit;
}

static GstCaps *
size_caps (const SnugVideoFormat *format)
{
  return gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width",
                              GST_TYPE_INT_RANGE, 1, (int) format->width, "height",
                              GST_TYPE_INT_RANGE, 1, (int) format->height,
                              "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
}

static GstElement *
add_sink (GstElement *pipeline)
{
  return snug_pipeline_add (pipeline, "appsink", "sync", FALSE, "async", FALSE, "max-buffers", 1,
                            "drop", TRUE, "enable-last-sample", FALSE, "qos", FALSE, NULL);
}

static void
clear_attempt (SnugVideoCapture *self)
{
  g_clear_pointer (&self->limit, limit_unref);
  g_clear_pointer (&self->sent_limit, limit_unref);
  gst_clear_object (&self->size_filter);
  gst_clear_object (&self->sent_filter);
  gst_clear_object (&self->valve);
  gst_clear_object (&self->encoder);
}

static GstElement *
snug_video_capture_build (SnugCapture *capture, GstElement *pipeline)
{
  SnugVideoCapture *self = SNUG_VIDEO_CAPTURE (capture);
  int threads = CLAMP ((int) g_get_num_processors () / CORES_PER_THREAD, 1, THREADS_MAX);
  GstElement *scale, *tee, *queue, *sent_scale, *preview_sink, *encoded_sink;
  g_autoptr (GstCaps) caps = size_caps (&self->format);
  g_autoptr (GstCaps) sent_caps = size_caps (&self->sent_format);

  scale = snug_pipeline_add (pipeline, "videoconvertscale", "add-borders", FALSE, NULL);
  clear_attempt (self);
  self->size_filter = snug_pipeline_add (pipeline, "capsfilter", "caps", caps, NULL);
  tee = snug_pipeline_add (pipeline, "tee", NULL, NULL);
  gst_element_link_many (scale, self->size_filter, tee, NULL);

  self->limit = add_limit (scale, self->format.framerate);

  /* The encoder's branch first: it only takes a reference, and works on a thread of its own while
   * the preview is converted on this one. */
  self->valve = snug_pipeline_add (pipeline, "valve", "drop", !self->encoding, NULL);
  queue = snug_pipeline_add (pipeline, "queue", "max-size-buffers", 1, "max-size-bytes", 0,
                             "max-size-time", G_GUINT64_CONSTANT (0), NULL);
  gst_util_set_object_arg (G_OBJECT (queue), "leaky", "downstream");
  self->sent_limit = add_limit (self->valve, self->sent_format.framerate);
  g_atomic_int_set (&self->sent_limit->hold, self->hold);
  sent_scale = snug_pipeline_add (pipeline, "videoconvertscale", "add-borders", FALSE, NULL);
  self->sent_filter = snug_pipeline_add (pipeline, "capsfilter", "caps", sent_caps, NULL);
  self->encoder = snug_pipeline_add (
      pipeline, "vp8enc", "deadline", G_GINT64_CONSTANT (1), "cpu-used", ENCODER_SPEED,
      "lag-in-frames", 0, "keyframe-max-dist", 300, "threads", threads, "target-bitrate",
      (int) self->bits_per_second, "min-quantizer", 4, "max-quantizer", 63,
      "dropframe-threshold", 30, "buffer-initial-size", 500, "buffer-optimal-size", 600,
      "buffer-size", 1000, "undershoot", 100, "overshoot", 15, "max-intra-bitrate", 900,
      "static-threshold", 1, "qos", FALSE, NULL);
  gst_util_set_object_arg (G_OBJECT (self->encoder), "end-usage", "cbr");
  gst_util_set_object_arg (G_OBJECT (self->encoder), "keyframe-mode", "auto");
  gst_util_set_object_arg (G_OBJECT (self->encoder), "timebase", "1/" G_STRINGIFY (TIMEBASE_HZ));
  encoded_sink = add_sink (pipeline);
  gst_element_link_many (tee, self->valve, queue, sent_scale, self->sent_filter, self->encoder, encoded_sink,
                         NULL);
  snug_encoded_feed_connect_sink (self->encoded, GST_APP_SINK (encoded_sink));

  preview_sink = add_sink (pipeline);
  gst_element_link (tee, preview_sink);
  snug_video_feed_connect_sink (self->preview, GST_APP_SINK (preview_sink));

  /* The pipeline may be gone at any time. */
  gst_object_ref (self->size_filter);
  gst_object_ref (self->sent_filter);
  gst_object_ref (self->valve);
  gst_object_ref (self->encoder);

  return scale;
}

static GstCaps *
snug_video_capture_get_source_caps (SnugCapture *capture)
{
  SnugVideoFormat *format = &SNUG_VIDEO_CAPTURE (capture)->format;

  return gst_caps_new_simple ("video/x-raw", "width", G_TYPE_INT, (int) format->width, "height",
                              G_TYPE_INT, (int) format->height, "framerate", GST_TYPE_FRACTION,
                              (int) format->framerate, 1, NULL);
}

static void
snug_video_capture_dispose (GObject *object)
{
  SnugVideoCapture *self = SNUG_VIDEO_CAPTURE (object);

  G_OBJECT_CLASS (snug_video_capture_parent_class)->dispose (object);

  clear_attempt (self);
  g_clear_object (&self->preview);
  g_clear_object (&self->encoded);
}

static void
snug_video_capture_class_init (SnugVideoCaptureClass *klass)
{
  SnugCaptureClass *capture_class = SNUG_CAPTURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_video_capture_dispose;

  capture_class->kind = SNUG_MEDIA_VIDEO;
  capture_class->build = snug_video_capture_build;
  capture_class->get_source_caps = snug_video_capture_get_source_caps;
}

static void
snug_video_capture_init (SnugVideoCapture *self)
{
}

SnugVideoCapture *
snug_video_capture_new (const SnugMediaSource *source,
                        const SnugVideoFormat *format,
                        guint bits_per_second,
                        SnugVideoFeed *preview,
                        SnugEncodedFeed *encoded)
{
  SnugVideoCapture *self = g_object_new (SNUG_TYPE_VIDEO_CAPTURE, NULL);

  self->format = self->sent_format = *format;
  self->bits_per_second = bits_per_second;
  self->preview = g_object_ref (preview);
  self->encoded = g_object_ref (encoded);
  snug_capture_start (SNUG_CAPTURE (self), source);

  return self;
}

/* What comes to that element now; 0 for nothing. */
static void
get_size (GstElement *element, guint *width, guint *height)
{
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstVideoInfo info;

  *width = *height = 0;
  if (element == NULL)
    return;

  pad = gst_element_get_static_pad (element, "sink");
  caps = gst_pad_get_current_caps (pad);
  if (caps != NULL && gst_video_info_from_caps (&info, caps))
    {
      *width = GST_VIDEO_INFO_WIDTH (&info);
      *height = GST_VIDEO_INFO_HEIGHT (&info);
    }
}

/* Brings what is sent to what the rate is good for. */
static void
follow_rate (SnugVideoCapture *self)
{
  SnugVideoFormat full = self->format, format;
  g_autoptr (GstCaps) caps = NULL;
  guint width, height;

  /* Cameras may give less than they were asked for. */
  get_size (self->valve, &width, &height);
  if (width > 0)
    {
      full.width = width;
      full.height = height;
    }
  snug_video_ladder_step (&self->ladder, g_get_monotonic_time (), self->bits_per_second, &full, &format);
  if (self->ladder.rung == 0)
    format = self->format;
  if (snug_video_format_equal (&format, &self->sent_format))
    return;
  self->sent_format = format;
  if (self->sent_limit == NULL)
    return;
  g_atomic_int_set (&self->sent_limit->framerate, (int) format.framerate);
  caps = size_caps (&format);
  g_object_set (self->sent_filter, "caps", caps, NULL);
}

void
snug_video_capture_set_format (SnugVideoCapture *self, const SnugVideoFormat *format)
{
  g_autoptr (GstCaps) caps = NULL;

  g_return_if_fail (SNUG_IS_VIDEO_CAPTURE (self));

  self->format = *format;
  follow_rate (self);
  if (self->limit != NULL)
    {
      g_atomic_int_set (&self->limit->framerate, (int) format->framerate);
      caps = size_caps (format);
      g_object_set (self->size_filter, "caps", caps, NULL);
    }
  snug_capture_update_source_caps (SNUG_CAPTURE (self));
}

void
snug_video_capture_set_rate (SnugVideoCapture *self, guint bits_per_second, gboolean hold)
{
  g_return_if_fail (SNUG_IS_VIDEO_CAPTURE (self));

  if (self->hold != hold)
    {
      self->hold = hold;
      if (self->sent_limit != NULL)
        g_atomic_int_set (&self->sent_limit->hold, hold);
    }
  if (snug_video_ladder_is_other_rate (self->bits_per_second, bits_per_second))
    {
      self->bits_per_second = bits_per_second;
      if (self->encoder != NULL)
        g_object_set (self->encoder, "target-bitrate", (int) bits_per_second, NULL);
    }
  follow_rate (self);
}

void
snug_video_capture_set_encoding (SnugVideoCapture *self, gboolean encoding)
{
  g_return_if_fail (SNUG_IS_VIDEO_CAPTURE (self));

  self->encoding = encoding;
  if (self->valve != NULL)
    g_object_set (self->valve, "drop", !encoding, NULL);
}

void
snug_video_capture_force_key_frame (SnugVideoCapture *self)
{
  g_autoptr (GstPad) pad = NULL;

  g_return_if_fail (SNUG_IS_VIDEO_CAPTURE (self));

  if (self->encoder == NULL)
    return;

  pad = gst_element_get_static_pad (self->encoder, "src");
  gst_pad_send_event (pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, FALSE, 0));
}

void
snug_video_capture_get_size (SnugVideoCapture *self, guint *width, guint *height)
{
  g_return_if_fail (SNUG_IS_VIDEO_CAPTURE (self));

  get_size (self->encoding ? self->encoder : NULL, width, height);
}

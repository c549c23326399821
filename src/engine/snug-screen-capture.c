/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-screen-capture.h"

#include <gst/video/video.h>

#include "snug-encoded-feed-private.h"
#include "snug-picture-hold.h"
#include "snug-pipeline.h"

#define CORES_PER_THREAD 2
#define THREADS_MAX 4
/* As for a camera: a fixed speed, see snug-video-capture.c. */
#define ENCODER_SPEED -6
#define TIMEBASE_HZ 90000
/* What a test picture is, and what X11 is asked for. */
#define SOURCE_WIDTH 1920
#define SOURCE_HEIGHT 1080
#define SOURCE_FRAMERATE 30

typedef struct
{
  int width; /* pixels, at most */
  int height;
  guint framerate;
  int max_quantizer;    /* 63 at most: how coarse a picture may get before pictures are left out instead */
  int static_threshold; /* how much noise counts as nothing */
} SnugScreenProfile;

/* Writing is read, not watched: it may come late, but never blurred. */
static const SnugScreenProfile profiles[] = {
  [SNUG_SCREEN_TEXT] = { 3840, 2160, 8, 40, 100 },
  [SNUG_SCREEN_MOTION] = { 1280, 720, 30, 63, 1 },
};

struct _SnugScreenCapture
{
  SnugCapture parent_instance;

  SnugScreenMode mode;
  guint bits_per_second;
  gboolean hold_back;
  SnugVideoFormat format; /* as sent, at most */
  SnugVideoLadder ladder;
  gboolean frozen;
  gboolean encoding;
  SnugEncodedFeed *encoded;

  /* Of the latest attempt; NULL before the first. */
  SnugPictureHold *hold;
  GstElement *size_filter;
  GstElement *valve;
  GstElement *encoder;
};

G_DEFINE_FINAL_TYPE (SnugScreenCapture, snug_screen_capture, SNUG_TYPE_CAPTURE)

static GstCaps *
size_caps (SnugScreenCapture *self)
{
  return gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width",
                              GST_TYPE_INT_RANGE, 1, (int) self->format.width, "height", GST_TYPE_INT_RANGE, 1,
                              (int) self->format.height, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
}

static SnugVideoFormat
get_profile_format (SnugScreenCapture *self)
{
  const SnugScreenProfile *profile = &profiles[self->mode];

  return (SnugVideoFormat) { (guint) profile->width, (guint) profile->height, profile->framerate };
}

static void
start_ladder (SnugScreenCapture *self)
{
  self->ladder = (SnugVideoLadder) { .content = self->mode == SNUG_SCREEN_TEXT ? SNUG_VIDEO_TEXT : SNUG_VIDEO_MOTION };
  self->format = get_profile_format (self);
}

static void
clear_attempt (SnugScreenCapture *self)
{
  g_clear_pointer (&self->hold, snug_picture_hold_close);
  gst_clear_object (&self->size_filter);
  gst_clear_object (&self->valve);
  gst_clear_object (&self->encoder);
}

static GstElement *
add_encoder (SnugScreenCapture *self, GstElement *pipeline)
{
  const SnugScreenProfile *profile = &profiles[self->mode];
  int threads = CLAMP ((int) g_get_num_processors () / CORES_PER_THREAD, 1, THREADS_MAX);
  GstElement *encoder = snug_pipeline_add (
      pipeline, "vp8enc", "deadline", G_GINT64_CONSTANT (1), "cpu-used", ENCODER_SPEED,
      "lag-in-frames", 0, "keyframe-max-dist", 3000, "threads", threads, "target-bitrate",
      (int) self->bits_per_second, "min-quantizer", 4, "max-quantizer", profile->max_quantizer,
      "dropframe-threshold", 30, "buffer-initial-size", 500, "buffer-optimal-size", 600,
      "buffer-size", 1000, "undershoot", 100, "overshoot", 15, "static-threshold",
      profile->static_threshold, "qos", FALSE, NULL);

  gst_util_set_object_arg (G_OBJECT (encoder), "end-usage", "cbr");
  gst_util_set_object_arg (G_OBJECT (encoder), "keyframe-mode", "auto");
  gst_util_set_object_arg (G_OBJECT (encoder), "timebase", "1/" G_STRINGIFY (TIMEBASE_HZ));

  return encoder;
}

static GstElement *
snug_screen_capture_build (SnugCapture *capture, GstElement *pipeline)
{
  SnugScreenCapture *self = SNUG_SCREEN_CAPTURE (capture);
  GstElement *held, *src, *scale, *sink;
  g_autoptr (GstCaps) caps = size_caps (self);

  clear_attempt (self);

  /* Two halves, with the hold between them. */
  held = snug_pipeline_add (pipeline, "appsink", "sync", FALSE, "async", FALSE, "max-buffers", 1,
                            "drop", TRUE, "enable-last-sample", FALSE, "qos", FALSE, NULL);
  src = snug_pipeline_add (pipeline, "appsrc", "is-live", TRUE, "format", GST_FORMAT_TIME, "block",
                           FALSE, "max-buffers", G_GUINT64_CONSTANT (1), "max-bytes",
                           G_GUINT64_CONSTANT (0), NULL);
  gst_util_set_object_arg (G_OBJECT (src), "leaky-type", "downstream");

  self->valve = snug_pipeline_add (pipeline, "valve", "drop", !self->encoding || self->hold_back, NULL);
  scale = snug_pipeline_add (pipeline, "videoconvertscale", "add-borders", FALSE, NULL);
  self->size_filter = snug_pipeline_add (pipeline, "capsfilter", "caps", caps, NULL);
  self->encoder = add_encoder (self, pipeline);
  sink = snug_pipeline_add (pipeline, "appsink", "sync", FALSE, "async", FALSE, "max-buffers", 1,
                            "drop", TRUE, "enable-last-sample", FALSE, "qos", FALSE, NULL);
  gst_element_link_many (src, self->valve, scale, self->size_filter, self->encoder, sink, NULL);
  snug_encoded_feed_connect_sink (self->encoded, GST_APP_SINK (sink));
  self->hold = snug_picture_hold_new (GST_APP_SINK (held), GST_APP_SRC (src),
                                      self->format.framerate);
  snug_picture_hold_set_frozen (self->hold, self->frozen);

  /* The pipeline may be gone at any time. */
  gst_object_ref (self->size_filter);
  gst_object_ref (self->valve);
  gst_object_ref (self->encoder);

  return held;
}

static GstCaps *
snug_screen_capture_get_source_caps (SnugCapture *capture)
{
  return gst_caps_new_simple ("video/x-raw", "width", G_TYPE_INT, SOURCE_WIDTH, "height", G_TYPE_INT,
                              SOURCE_HEIGHT, "framerate", GST_TYPE_FRACTION, SOURCE_FRAMERATE, 1, NULL);
}

static void
snug_screen_capture_dispose (GObject *object)
{
  SnugScreenCapture *self = SNUG_SCREEN_CAPTURE (object);

  G_OBJECT_CLASS (snug_screen_capture_parent_class)->dispose (object);

  clear_attempt (self);
  g_clear_object (&self->encoded);
}

static void
snug_screen_capture_class_init (SnugScreenCaptureClass *klass)
{
  SnugCaptureClass *capture_class = SNUG_CAPTURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_screen_capture_dispose;

  capture_class->kind = SNUG_MEDIA_SCREEN;
  capture_class->sparse = TRUE;
  capture_class->build = snug_screen_capture_build;
  capture_class->get_source_caps = snug_screen_capture_get_source_caps;
}

static void
snug_screen_capture_init (SnugScreenCapture *self)
{
}

SnugScreenCapture *
snug_screen_capture_new (const SnugMediaSource *source,
                         SnugScreenMode mode,
                         guint bits_per_second,
                         SnugEncodedFeed *encoded)
{
  SnugScreenCapture *self = g_object_new (SNUG_TYPE_SCREEN_CAPTURE, NULL);

  self->mode = mode;
  self->bits_per_second = bits_per_second;
  start_ladder (self);
  self->encoded = g_object_ref (encoded);
  snug_capture_start (SNUG_CAPTURE (self), source);

  return self;
}

void
snug_screen_capture_set_mode (SnugScreenCapture *self, SnugScreenMode mode)
{
  const SnugScreenProfile *profile = &profiles[mode];
  g_autoptr (GstCaps) caps = NULL;

  g_return_if_fail (SNUG_IS_SCREEN_CAPTURE (self));

  self->mode = mode;
  start_ladder (self);
  if (self->hold == NULL)
    return;

  caps = size_caps (self);
  g_object_set (self->size_filter, "caps", caps, NULL);
  g_object_set (self->encoder, "max-quantizer", profile->max_quantizer, "static-threshold",
                profile->static_threshold, NULL);
  snug_picture_hold_set_framerate (self->hold, profile->framerate);
  snug_screen_capture_force_key_frame (self);
}

/* Of the screen itself, within what the mode allows. */
static void
get_full_format (SnugScreenCapture *self, SnugVideoFormat *full)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->valve, "sink");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo info;

  *full = get_profile_format (self);
  if (caps != NULL && gst_video_info_from_caps (&info, caps) && GST_VIDEO_INFO_WIDTH (&info) <= (int) full->width
      && GST_VIDEO_INFO_HEIGHT (&info) <= (int) full->height)
    {
      full->width = (guint) GST_VIDEO_INFO_WIDTH (&info);
      full->height = (guint) GST_VIDEO_INFO_HEIGHT (&info);
    }
}

/* Brings what is sent to what the rate is good for. */
static void
follow_rate (SnugScreenCapture *self)
{
  SnugVideoFormat full, format;
  g_autoptr (GstCaps) caps = NULL;

  get_full_format (self, &full);
  snug_video_ladder_step (&self->ladder, g_get_monotonic_time (), self->bits_per_second, &full, &format);
  if (self->ladder.rung == 0)
    format = get_profile_format (self);
  if (snug_video_format_equal (&format, &self->format))
    return;
  self->format = format;
  caps = size_caps (self);
  g_object_set (self->size_filter, "caps", caps, NULL);
  snug_picture_hold_set_framerate (self->hold, format.framerate);
}

void
snug_screen_capture_set_rate (SnugScreenCapture *self, guint bits_per_second, gboolean hold)
{
  g_return_if_fail (SNUG_IS_SCREEN_CAPTURE (self));

  if (self->hold_back != hold)
    {
      self->hold_back = hold;
      if (self->valve != NULL)
        g_object_set (self->valve, "drop", !self->encoding || hold, NULL);
    }
  if (snug_video_ladder_is_other_rate (self->bits_per_second, bits_per_second))
    {
      self->bits_per_second = bits_per_second;
      if (self->encoder != NULL)
        g_object_set (self->encoder, "target-bitrate", (int) bits_per_second, NULL);
    }
  if (self->hold != NULL)
    follow_rate (self);
}

void
snug_screen_capture_set_frozen (SnugScreenCapture *self, gboolean frozen)
{
  g_return_if_fail (SNUG_IS_SCREEN_CAPTURE (self));

  self->frozen = frozen;
  if (self->hold != NULL)
    snug_picture_hold_set_frozen (self->hold, frozen);
}

void
snug_screen_capture_set_encoding (SnugScreenCapture *self, gboolean encoding)
{
  g_return_if_fail (SNUG_IS_SCREEN_CAPTURE (self));

  self->encoding = encoding;
  if (self->valve != NULL)
    g_object_set (self->valve, "drop", !encoding || self->hold_back, NULL);
}

void
snug_screen_capture_force_key_frame (SnugScreenCapture *self)
{
  g_autoptr (GstPad) pad = NULL;

  g_return_if_fail (SNUG_IS_SCREEN_CAPTURE (self));

  if (self->encoder == NULL)
    return;

  pad = gst_element_get_static_pad (self->encoder, "src");
  gst_pad_send_event (pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, FALSE, 0));
  snug_picture_hold_repeat (self->hold);
}

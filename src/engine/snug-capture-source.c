/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-capture-source.h"

#include "snug-camera-mode.h"
#include "snug-device-private.h"
#include "snug-engine.h"
#include "snug-file-player.h"
#include "snug-pipeline.h"
#include "snug-raw-reader.h"
#include "snug-self-test.h"

/* -26 dBFS: there, and no nuisance. */
#define TEST_TONE_VOLUME 0.07
#define TEST_TONE_HZ 440.0
/* 10 ms at 48 kHz */
#define TEST_TONE_SAMPLES 480
/* What the sound server hands over at a time, and how much it may keep while a busy machine does not take it: sound that is
 * dropped there is a gap for everybody, and moves the echo. It adds nothing to the latency. */
#define MICROPHONE_PERIOD_US 10000
#define MICROPHONE_BUFFER_US 200000

/* In memory that a processor can read. Square pixels come first: see decide_pixel_aspect() in snug-camera-mode.c. */
#define ANY_PICTURE "video/x-raw, pixel-aspect-ratio=1/1; video/x-raw"

/* How much may wait for the pipeline before the oldest is dropped: pictures and samples from
 * outside never wait for us. */
#define WAITING_PICTURES 2
#define WAITING_SOUND (200 * GST_MSECOND)

struct _SnugCaptureSource
{
  SnugRawReader *reader;
  SnugFilePlayer *player;
  GstElement *caps_filter; /* NULL: no choice. Owned by the pipeline. */
};

static GstElement *
add_test (SnugCaptureSource *self, SnugMediaKind kind, GstCaps *caps, GstElement *pipeline)
{
  GstElement *test;

  if (kind != SNUG_MEDIA_AUDIO)
    {
      test = snug_pipeline_add (pipeline, "videotestsrc", "is-live", TRUE, "horizontal-speed", 4,
                                NULL);
      gst_util_set_object_arg (G_OBJECT (test), "pattern", "smpte75");
    }
  else
    {
      test = snug_pipeline_add (pipeline, "audiotestsrc", "is-live", TRUE, "freq", TEST_TONE_HZ,
                                "volume", TEST_TONE_VOLUME, "samplesperbuffer", TEST_TONE_SAMPLES,
                                NULL);
    }
  self->caps_filter = snug_pipeline_add (pipeline, "capsfilter", "caps", caps, NULL);
  gst_element_link (test, self->caps_filter);

  return self->caps_filter;
}

static void
set_missing (GError **error, const char *what)
{
  g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_MISSING_PLUGIN,
               "The GStreamer element %s is not installed", what);
}

static GstElement *
add_microphone (SnugDevice *device, GstElement *pipeline, GError **error)
{
  GstElement *element = gst_element_factory_make ("pulsesrc", NULL);

  if (element == NULL)
    {
      set_missing (error, "pulsesrc");
      return NULL;
    }

  g_object_set (element, "client-name", "Snug", "provide-clock", FALSE, "latency-time",
                (gint64) MICROPHONE_PERIOD_US, "buffer-time", (gint64) MICROPHONE_BUFFER_US,
                "device", device != NULL ? snug_device_get_id (device) : NULL, NULL);
  gst_bin_add (GST_BIN (pipeline), element);

  return element;
}

gboolean
snug_capture_source_can_open (SnugMediaKind kind, GError **error)
{
  if (kind == SNUG_MEDIA_AUDIO)
    {
      if (snug_self_test_has_element ("pulsesrc"))
        return TRUE;
      set_missing (error, "pulsesrc");
      return FALSE;
    }

  if (snug_self_test_has_element ("pipewiresrc") || snug_self_test_has_element ("v4l2src"))
    return TRUE;
  set_missing (error, "pipewiresrc or v4l2src");
  return FALSE;
}

static void
set_picture_habits (GstElement *element)
{
  /* Stamped on arrival, by our clock: what a camera says of time is not always true. */
  g_object_set (element, "do-timestamp", TRUE, NULL);
  /* A picture that still lies in PipeWire's memory is unmapped with its stream, while the encoder
   * reads it. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "always-copy") != NULL)
    g_object_set (element, "always-copy", TRUE, NULL);
}

static GstElement *
add_camera (SnugDevice *device, GstCaps *caps, GstElement *pipeline, GError **error)
{
  GstDevice *gst_device = snug_device_get_gst_device (device);
  GstElement *element = gst_device_create_element (gst_device, NULL);
  g_autoptr (GstCaps) offered = gst_device_get_caps (gst_device);
  g_autoptr (GstCaps) mode = NULL;
  GstElement *filter;

  if (element == NULL)
    {
      set_missing (error, "pipewiresrc or v4l2src");
      return NULL;
    }

  set_picture_habits (element);
  gst_bin_add (GST_BIN (pipeline), element);

  if (offered != NULL)
    mode = snug_camera_mode_choose (offered, caps, snug_self_test_has_element ("jpegdec"));
  if (mode == NULL)
    mode = gst_caps_from_string (ANY_PICTURE);
  filter = snug_pipeline_add (pipeline, "capsfilter", "caps", mode, NULL);
  gst_element_link (element, filter);

  if (gst_structure_has_name (gst_caps_get_structure (mode, 0), "image/jpeg"))
    {
      GstElement *decoder = snug_pipeline_add (pipeline, "jpegdec", "qos", FALSE, NULL);

      gst_element_link (filter, decoder);
      return decoder;
    }

  return filter;
}

static GstElement *
add_node (SnugPipewireNode *node, GstElement *pipeline, GError **error)
{
  GstElement *element = gst_element_factory_make ("pipewiresrc", NULL);
  g_autoptr (GstCaps) caps = gst_caps_from_string (ANY_PICTURE);
  GstElement *filter;

  if (element == NULL)
    {
      set_missing (error, "pipewiresrc");
      return NULL;
    }

  g_object_set (element, "fd", snug_pipewire_node_get_fd (node), NULL);
  set_picture_habits (element);
  if (snug_pipewire_node_get_id (node) != SNUG_PIPEWIRE_NODE_ANY)
    {
      g_autofree char *path = g_strdup_printf ("%u", snug_pipewire_node_get_id (node));

      g_object_set (element, "path", path, NULL);
    }
  /* PipeWire's plugin knows its connections by the number of the door: it must not be given to another one before the
   * element is gone. */
  g_object_set_data_full (G_OBJECT (element), "snug-node", snug_pipewire_node_ref (node),
                          (GDestroyNotify) snug_pipewire_node_unref);
  gst_bin_add (GST_BIN (pipeline), element);

  filter = snug_pipeline_add (pipeline, "capsfilter", "caps", caps, NULL);
  gst_element_link (element, filter);

  return filter;
}

static GstElement *
add_x11 (const char *display, GstCaps *caps, GstElement *pipeline, GError **error)
{
  GstElement *element = gst_element_factory_make ("ximagesrc", NULL);
  g_autoptr (GstCaps) rate = gst_caps_new_empty_simple ("video/x-raw");
  GstElement *filter;

  if (element == NULL)
    {
      set_missing (error, "ximagesrc");
      return NULL;
    }

  /* Whole pictures at an even pace: with XDamage it copies the changes into what others may still be reading. */
  g_object_set (element, "display-name", display, "use-damage", FALSE, "show-pointer", TRUE, NULL);
  gst_bin_add (GST_BIN (pipeline), element);
  gst_caps_set_value (rate, "framerate",
                      gst_structure_get_value (gst_caps_get_structure (caps, 0), "framerate"));
  filter = snug_pipeline_add (pipeline, "capsfilter", "caps", rate, NULL);
  gst_element_link (element, filter);

  return filter;
}

static GstElement *
add_app_source (SnugMediaKind kind, GstElement *pipeline)
{
  GstElement *element
      = snug_pipeline_add (pipeline, "appsrc", "is-live", TRUE, "format", GST_FORMAT_TIME,
                           "max-bytes", G_GUINT64_CONSTANT (0), NULL);

  if (kind == SNUG_MEDIA_VIDEO)
    g_object_set (element, "max-buffers", (guint64) WAITING_PICTURES, NULL);
  else
    g_object_set (element, "max-time", (guint64) WAITING_SOUND, NULL);
  gst_util_set_object_arg (G_OBJECT (element), "leaky-type", "downstream");

  return element;
}

SnugCaptureSource *
snug_capture_source_new (const SnugMediaSource *source,
                         SnugMediaKind kind,
                         SnugDevice *device,
                         GstCaps *caps,
                         GstElement *pipeline,
                         GstElement *next,
                         SnugRelay *relay,
                         SnugRelayFunc error_func,
                         GError **error)
{
  g_autoptr (SnugCaptureSource) self = g_new0 (SnugCaptureSource, 1);
  const char *path = snug_media_source_get_value (source);
  GstElement *last = NULL;

  switch (snug_media_source_get_source_type (source))
    {
    case SNUG_MEDIA_SOURCE_TEST:
      last = add_test (self, kind, caps, pipeline);
      break;
    case SNUG_MEDIA_SOURCE_DEVICE:
      last = kind == SNUG_MEDIA_VIDEO ? add_camera (device, caps, pipeline, error)
                                      : add_microphone (device, pipeline, error);
      break;
    case SNUG_MEDIA_SOURCE_FILE:
      last = add_app_source (kind, pipeline);
      self->player = snug_file_player_new (kind, path, GST_APP_SRC (last), relay, error_func);
      break;
    case SNUG_MEDIA_SOURCE_RAW:
      last = add_app_source (kind, pipeline);
      self->reader = snug_raw_reader_new (kind, path, GST_APP_SRC (last), relay, error_func);
      break;
    case SNUG_MEDIA_SOURCE_X11:
      last = add_x11 (path, caps, pipeline, error);
      break;
    case SNUG_MEDIA_SOURCE_NODE:
      last = add_node (snug_media_source_get_node (source), pipeline, error);
      break;
    case SNUG_MEDIA_SOURCE_NONE:
    default:
      g_assert_not_reached ();
    }

  if (last == NULL)
    return NULL;

  gst_element_link (last, next);

  return g_steal_pointer (&self);
}

void
snug_capture_source_free (SnugCaptureSource *self)
{
  g_clear_pointer (&self->reader, snug_raw_reader_close);
  g_clear_object (&self->player);
  g_free (self);
}

void
snug_capture_source_set_caps (SnugCaptureSource *self, GstCaps *caps)
{
  if (self->caps_filter != NULL)
    g_object_set (self->caps_filter, "caps", caps, NULL);
}

GError *
snug_capture_source_error_from_message (const SnugMediaSource *source, GstMessage *message)
{
  SnugMediaSourceType type = snug_media_source_get_source_type (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;
  SnugMediaError code = SNUG_MEDIA_ERROR_FAILED;

  gst_message_parse_error (message, &error, &debug);

  if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)
      || g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND))
    code = SNUG_MEDIA_ERROR_MISSING_PLUGIN;
  else if (type == SNUG_MEDIA_SOURCE_FILE || type == SNUG_MEDIA_SOURCE_RAW)
    code = SNUG_MEDIA_ERROR_FILE;
  else if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    code = SNUG_MEDIA_ERROR_DENIED;
  else if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY))
    code = SNUG_MEDIA_ERROR_BUSY;
  else if (error->domain == GST_RESOURCE_ERROR)
    code = SNUG_MEDIA_ERROR_NO_DEVICE;

  return g_error_new (SNUG_MEDIA_ERROR, code, "%s (%s)", error->message,
                      debug != NULL ? debug : "");
}

GError *
snug_capture_source_error_from_bus (const SnugMediaSource *source, GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  if (message != NULL)
    return snug_capture_source_error_from_message (source, message);

  return g_error_new (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FAILED, "The source does not start");
}

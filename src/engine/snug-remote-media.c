/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-remote-media.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/webrtc/webrtc.h>
#include <math.h>

#include "snug-audio-level.h"
#include "snug-media-source.h"
#include "snug-pipeline.h"
#include "snug-relay.h"
#include "snug-video-feed-private.h"

#define LEVEL_INTERVAL (100 * GST_MSECOND)
/* No sound for so long is silence: an interrupted stream sends no level messages. */
#define LEVEL_TIMEOUT_MS 400

#define VIDEO_CLOCK_RATE 90000

#define ALL_KINDS (1u << SNUG_MEDIA_VIDEO | 1u << SNUG_MEDIA_AUDIO | 1u << SNUG_MEDIA_SCREEN)

/* What the streaming threads of one connection see. Immutable after construction, reference-counted. */
typedef struct
{
  gatomicrefcount ref_count;
  SnugRelay *relay;
  GstPad *pads[SNUG_N_MLINES];  /* the branches' first pads, by m-line; nullable */
  guint indices[SNUG_N_MLINES]; /* of the m-lines in the descriptions */
} SnugRemoteLinks;

/* What the decoder's pad probe sees: tells of the first, and passes sound on. */
typedef struct
{
  SnugRelay *relay;
  SnugSampleTap *tap; /* NULL for pictures: those are counted when they are shown */
  SnugMediaKind kind;
  SnugMline mline;
  guint *awaited; /* shared with main, atomic */
} SnugDecodedProbe;

/* On its way to the main context: what was decoded when, in microseconds of the running time. */
typedef struct
{
  SnugMline mline;
  gint64 stamp;
  gint64 time;
} SnugDecodedPicture;

/* Where a picture goes when its time has come. */
typedef struct
{
  SnugVideoFeedCore *feed;
  SnugSampleTap *tap;
} SnugPictureEnd;

struct _SnugRemoteMedia
{
  GObject parent_instance;

  SnugRelay *relay;
  SnugRemoteLinks *links;
  gulong gates[SNUG_N_MLINES];
  GstElement *video_sinks[SNUG_N_MLINES]; /* nullable */
  SnugRelativeDelay readiness[SNUG_N_MLINES];
  guint *awaited; /* kinds whose first frame is yet to come, a bit each; shared with the probes, atomic */

  SnugAudioOutput *audio_output;
  GstElement *audio_input; /* of the audio output */
  GstElement *level;
  double audio_level;
  guint level_timeout_id;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (SnugRemoteMedia, snug_remote_media, G_TYPE_OBJECT)

typedef enum
{
  PROP_AUDIO_LEVEL = 1,
  N_PROPS
} SnugRemoteMediaProperty;

static GParamSpec *properties[N_PROPS];
static guint first_frame_signal;

static SnugRemoteLinks *
links_ref (SnugRemoteLinks *links)
{
  g_atomic_ref_count_inc (&links->ref_count);

  return links;
}

static void
links_unref (SnugRemoteLinks *links)
{
  if (!g_atomic_ref_count_dec (&links->ref_count))
    return;

  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    gst_clear_object (&links->pads[mline]);
  snug_relay_unref (links->relay);
  g_free (links);
}

static void
links_closure_unref (gpointer data, GClosure *closure)
{
  links_unref (data);
}

static void
decoded_probe_free (gpointer data)
{
  SnugDecodedProbe *probe = data;

  snug_relay_unref (probe->relay);
  g_clear_pointer (&probe->tap, snug_sample_tap_unref);
  g_atomic_rc_box_release (probe->awaited);
  g_free (probe);
}

static void
picture_end_free (gpointer data)
{
  SnugPictureEnd *end = data;

  snug_video_feed_core_unref (end->feed);
  snug_sample_tap_unref (end->tap);
  g_free (end);
}

static void
set_audio_level (SnugRemoteMedia *self, double level)
{
  level = CLAMP (level, SNUG_AUDIO_LEVEL_SILENCE, 0.0);
  if (fabs (self->audio_level - level) < 0.1)
    return;
  self->audio_level = level;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AUDIO_LEVEL]);
}

static gboolean
on_level_timeout (gpointer user_data)
{
  SnugRemoteMedia *self = user_data;

  self->level_timeout_id = 0;
  set_audio_level (self, SNUG_AUDIO_LEVEL_SILENCE);

  return G_SOURCE_REMOVE;
}

void
snug_remote_media_handle_message (SnugRemoteMedia *self, GstMessage *message)
{
  double level;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_REMOTE_MEDIA (self));

  if (self->closed || GST_MESSAGE_SRC (message) != GST_OBJECT (self->level)
      || !snug_audio_level_parse (message, &level))
    return;

  g_clear_handle_id (&self->level_timeout_id, g_source_remove);
  self->level_timeout_id = g_timeout_add (LEVEL_TIMEOUT_MS, on_level_timeout, self);
  set_audio_level (self, level);
}

static void
on_first_frame (gpointer owner, gpointer data)
{
  SnugRemoteMedia *self = owner;

  if (!self->closed)
    g_signal_emit (self, first_frame_signal, 0, GPOINTER_TO_INT (data));
}

static void
on_picture_decoded (gpointer owner, gpointer data)
{
  SnugRemoteMedia *self = owner;
  const SnugDecodedPicture *picture = data;

  snug_relative_delay_add_time (&self->readiness[picture->mline], picture->stamp, picture->time);
}

/* The five below run on streaming threads. */
static void
tell_picture (SnugDecodedProbe *probe, GstBuffer *buffer)
{
  SnugDecodedPicture *picture = g_new (SnugDecodedPicture, 1);

  *picture = (SnugDecodedPicture){ probe->mline, (gint64) GST_BUFFER_PTS (buffer) / 1000, (gint64) snug_pipeline_now () / 1000 };
  snug_relay_post (probe->relay, on_picture_decoded, picture, g_free);
}

static GstPadProbeReturn
on_decoded_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugDecodedProbe *probe = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP) && gst_buffer_get_size (buffer) == 0)
    return GST_PAD_PROBE_OK;
  if (probe->tap != NULL)
    {
      g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

      snug_sample_tap_push (probe->tap, buffer, caps);
    }
  else if (GST_BUFFER_PTS_IS_VALID (buffer))
    tell_picture (probe, buffer);
  if (g_atomic_int_and (probe->awaited, ~(1u << probe->kind)) & (1u << probe->kind))
    snug_relay_post (probe->relay, on_first_frame, GINT_TO_POINTER (probe->kind), NULL);

  return GST_PAD_PROBE_OK;
}

static GstFlowReturn
on_audio_sample_cb (GstAppSink *sink, gpointer user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  /* An input that was removed takes nothing; that is no reason to stop decoding. */
  if (sample != NULL)
    gst_app_src_push_sample (GST_APP_SRC (user_data), sample);

  return GST_FLOW_OK;
}

static GstFlowReturn
on_picture_cb (GstAppSink *sink, gpointer user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);
  SnugPictureEnd *end = user_data;

  if (sample != NULL)
    {
      snug_video_feed_core_push (end->feed, sample);
      snug_sample_tap_push (end->tap, gst_sample_get_buffer (sample), gst_sample_get_caps (sample));
    }

  return GST_FLOW_OK;
}

static void
on_pad_added_cb (GstElement *webrtcbin, GstPad *pad, SnugRemoteLinks *links)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  guint index;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  if (transceiver == NULL)
    return;
  g_object_get (transceiver, "mlineindex", &index, NULL);

  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    if (links->pads[mline] != NULL && links->indices[mline] == index)
      {
        /* A new source on the same m-line takes the place of the old one. */
        g_autoptr (GstPad) old = gst_pad_get_peer (links->pads[mline]);

        if (old != NULL)
          gst_pad_unlink (old, links->pads[mline]);
        if (gst_pad_link (pad, links->pads[mline]) != GST_PAD_LINK_OK)
          g_message ("A stream of m-line %u can't be linked", index);
        return;
      }
  g_debug ("A stream of m-line %u is not wanted", index);
}

static GstPadProbeReturn
on_gate_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_OK; /* blocked, until the probe is removed */
}

static void
add_branch (SnugRemoteMedia *self, SnugMline mline, GstElement *depayloader, GstElement *decoder,
            SnugSampleTap *tap, SnugMediaKind kind)
{
  g_autoptr (GstPad) decoded = gst_element_get_static_pad (decoder, "src");
  SnugDecodedProbe *probe = g_new0 (SnugDecodedProbe, 1);
  GstPad *pad = gst_element_get_static_pad (depayloader, "sink");

  probe->relay = snug_relay_ref (self->relay);
  probe->tap = tap != NULL ? snug_sample_tap_ref (tap) : NULL;
  probe->kind = kind;
  probe->mline = mline;
  probe->awaited = g_atomic_rc_box_acquire (self->awaited);
  gst_pad_add_probe (decoded, GST_PAD_PROBE_TYPE_BUFFER, on_decoded_cb, probe, decoded_probe_free);

  self->gates[mline] = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, on_gate_cb, NULL,
                                          NULL);
  self->links->pads[mline] = pad;
}

static void
build_audio (SnugRemoteMedia *self, GstElement *pipeline, const SnugRemoteMediaSinks *sinks)
{
  GstElement *depayloader, *decoder, *convert, *resample, *filter, *sink;
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate", G_TYPE_INT, 48000, "channels",
      GST_TYPE_INT_RANGE, 1, 2, "layout", G_TYPE_STRING, "interleaved", NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = on_audio_sample_cb };

  depayloader = snug_pipeline_add (pipeline, "rtpopusdepay", NULL, NULL);
  decoder = snug_pipeline_add (pipeline, "opusdec", "use-inband-fec", TRUE, "plc", TRUE, "max-errors",
                               -1, NULL);
  convert = snug_pipeline_add (pipeline, "audioconvert", NULL, NULL);
  resample = snug_pipeline_add (pipeline, "audioresample", NULL, NULL);
  filter = snug_pipeline_add (pipeline, "capsfilter", "caps", caps, NULL);
  self->level = snug_pipeline_add (pipeline, "level", "interval", (guint64) LEVEL_INTERVAL,
                                   "post-messages", TRUE, NULL);
  /* The audio output keeps the time, not this sink. */
  sink = snug_pipeline_add (pipeline, "appsink", "sync", FALSE, "async", FALSE, "max-buffers", 50,
                            "drop", TRUE, "enable-last-sample", FALSE, NULL);
  gst_element_link_many (depayloader, decoder, convert, resample, filter, self->level, sink, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, gst_object_ref (self->audio_input),
                              gst_object_unref);

  add_branch (self, SNUG_MLINE_AUDIO, depayloader, filter, sinks->audio_tap, SNUG_MEDIA_AUDIO);
}

static void
build_video (SnugRemoteMedia *self, GstElement *pipeline, SnugMline mline, SnugVideoFeed *feed,
             SnugSampleTap *tap)
{
  GstElement *depayloader, *decoder, *queue, *sink;
  GstAppSinkCallbacks callbacks = { .new_sample = on_picture_cb };
  SnugPictureEnd *end = g_new0 (SnugPictureEnd, 1);

  depayloader = snug_pipeline_add (pipeline, "rtpvp8depay", "request-keyframe", TRUE, NULL);
  decoder = snug_pipeline_add (pipeline, "vp8dec", "max-errors", -1, "automatic-request-sync-points",
                               TRUE, "discard-corrupted-frames", TRUE, "qos", FALSE, NULL);
  /* Decoding goes on while the sink waits for the time of a picture. */
  queue = snug_pipeline_add (pipeline, "queue", "max-size-buffers", 16, "max-size-bytes", 0,
                             "max-size-time", (guint64) 0, "leaky", 2 /* old ones go */, NULL);
  sink = snug_pipeline_add (pipeline, "appsink", "sync", TRUE, "async", FALSE, "qos", FALSE,
                            "max-buffers", 1, "drop", TRUE, "enable-last-sample", FALSE,
                            "processing-deadline", (guint64) 0, NULL);
  gst_element_link_many (depayloader, decoder, queue, sink, NULL);
  snug_relative_delay_init (&self->readiness[mline], VIDEO_CLOCK_RATE);
  end->feed = snug_video_feed_ref_core (feed);
  end->tap = snug_sample_tap_ref (tap);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, end, picture_end_free);
  self->video_sinks[mline] = gst_object_ref (sink);

  add_branch (self, mline, depayloader, decoder, NULL,
              mline == SNUG_MLINE_SCREEN ? SNUG_MEDIA_SCREEN : SNUG_MEDIA_VIDEO);
}

static void
snug_remote_media_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugRemoteMedia *self = SNUG_REMOTE_MEDIA (object);

  switch ((SnugRemoteMediaProperty) prop_id)
    {
    case PROP_AUDIO_LEVEL:
      g_value_set_double (value, self->audio_level);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_remote_media_dispose (GObject *object)
{
  SnugRemoteMedia *self = SNUG_REMOTE_MEDIA (object);

  snug_remote_media_close (self);
  g_clear_pointer (&self->relay, snug_relay_close);
  g_clear_pointer (&self->links, links_unref);
  gst_clear_object (&self->level);
  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    gst_clear_object (&self->video_sinks[mline]);
  g_clear_object (&self->audio_output);
  g_clear_pointer (&self->awaited, g_atomic_rc_box_release);

  G_OBJECT_CLASS (snug_remote_media_parent_class)->dispose (object);
}

static void
snug_remote_media_class_init (SnugRemoteMediaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_remote_media_get_property;
  object_class->dispose = snug_remote_media_dispose;

  properties[PROP_AUDIO_LEVEL]
      = g_param_spec_double ("audio-level", NULL, NULL, SNUG_AUDIO_LEVEL_SILENCE, 0.0, SNUG_AUDIO_LEVEL_SILENCE,
                             G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  first_frame_signal = g_signal_new ("first-frame", SNUG_TYPE_REMOTE_MEDIA, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
snug_remote_media_init (SnugRemoteMedia *self)
{
  self->audio_level = SNUG_AUDIO_LEVEL_SILENCE;
  self->relay = snug_relay_new (self);
  self->awaited = g_atomic_rc_box_new0 (guint);
  *self->awaited = ALL_KINDS;
}

SnugRemoteMedia *
snug_remote_media_new (GstElement *pipeline,
                       GstElement *webrtcbin,
                       const SnugMlineInfo mlines[SNUG_N_MLINES],
                       const SnugRemoteMediaSinks *sinks)
{
  SnugRemoteMedia *self = g_object_new (SNUG_TYPE_REMOTE_MEDIA, NULL);
  /* Shared screens are counted with their own feed; nobody listens in on them. */
  SnugSampleTap *screen_tap = snug_sample_tap_new ();

  /* The jitter buffers would have everything played as late as they wait for what is lost. */
  gst_pipeline_set_latency (GST_PIPELINE (pipeline), 0);

  self->links = g_new0 (SnugRemoteLinks, 1);
  g_atomic_ref_count_init (&self->links->ref_count);
  self->links->relay = snug_relay_ref (self->relay);
  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    self->links->indices[mline] = mlines[mline].index;

  if (mlines[SNUG_MLINE_AUDIO].present)
    {
      self->audio_output = g_object_ref (sinks->audio_output);
      self->audio_input = snug_audio_output_add_input (self->audio_output);
      build_audio (self, pipeline, sinks);
      gst_object_ref (self->level);
    }
  if (mlines[SNUG_MLINE_CAMERA].present)
    build_video (self, pipeline, SNUG_MLINE_CAMERA, sinks->camera_feed, sinks->camera_tap);
  if (mlines[SNUG_MLINE_SCREEN].present)
    build_video (self, pipeline, SNUG_MLINE_SCREEN, sinks->screen_feed, screen_tap);
  snug_sample_tap_unref (screen_tap);

  g_signal_connect_data (webrtcbin, "pad-added", G_CALLBACK (on_pad_added_cb), links_ref (self->links),
                         links_closure_unref, 0);

  return self;
}

void
snug_remote_media_open (SnugRemoteMedia *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_REMOTE_MEDIA (self));

  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    if (self->gates[mline] != 0)
      {
        gst_pad_remove_probe (self->links->pads[mline], self->gates[mline]);
        self->gates[mline] = 0;
      }
}

void
snug_remote_media_await_frames (SnugRemoteMedia *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_REMOTE_MEDIA (self));

  g_atomic_int_set (self->awaited, ALL_KINDS);
}

void
snug_remote_media_close (SnugRemoteMedia *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_REMOTE_MEDIA (self));

  if (self->closed)
    return;
  self->closed = TRUE;
  g_clear_handle_id (&self->level_timeout_id, g_source_remove);
  if (self->audio_input != NULL)
    {
      snug_audio_output_remove_input (self->audio_output, self->audio_input);
      gst_clear_object (&self->audio_input);
    }
}

double
snug_remote_media_get_audio_level (SnugRemoteMedia *self)
{
  g_return_val_if_fail (SNUG_IS_REMOTE_MEDIA (self), SNUG_AUDIO_LEVEL_SILENCE);

  return self->audio_level;
}

void
snug_remote_media_set_audio_latency (SnugRemoteMedia *self, GstClockTime latency)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_REMOTE_MEDIA (self));

  if (self->audio_input != NULL)
    snug_audio_output_set_input_latency (self->audio_output, self->audio_input, latency);
}

void
snug_remote_media_set_video_latency (SnugRemoteMedia *self, GstClockTimeDiff latency)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_REMOTE_MEDIA (self));

  /* The latency of the pipeline is none, see snug_remote_media_new(). */
  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    if (self->video_sinks[mline] != NULL)
      g_object_set (self->video_sinks[mline], "ts-offset", (gint64) latency, NULL);
}

const SnugRelativeDelay *
snug_remote_media_get_readiness (SnugRemoteMedia *self, SnugMline mline)
{
  g_return_val_if_fail (SNUG_IS_REMOTE_MEDIA (self), NULL);
  g_return_val_if_fail (mline < SNUG_N_MLINES, NULL);

  return &self->readiness[mline];
}

void
snug_remote_media_set_volume (SnugRemoteMedia *self, double volume)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_REMOTE_MEDIA (self));

  if (self->audio_input != NULL)
    snug_audio_output_set_input_volume (self->audio_output, self->audio_input, volume);
}

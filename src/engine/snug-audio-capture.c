/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-audio-capture.h"

#include <gst/audio/audio.h>

#include "snug-audio-level.h"
#include "snug-encoded-feed-private.h"
#include "snug-pipeline.h"

#define SAMPLE_RATE 48000
#define LEVEL_INTERVAL_MS 50
/* Before anything is known of the paths. Mono speech that leaves room for in-band FEC. */
#define OPUS_BITRATE 32000
#define OPUS_EXPECTED_LOSS 5 /* percent */

struct _SnugAudioCapture
{
  SnugCapture parent_instance;

  gboolean encoding;
  gboolean muted;
  guint bits_per_second;
  guint expected_loss; /* percent */
  gboolean silence_suppression;
  SnugVoiceProcessing voice;
  SnugEchoReference *reference; /* NULL: nothing is played */
  SnugEncodedFeed *encoded;
  SnugSampleTap *tap;

  /* Of the latest attempt; NULL before the first. */
  SnugVoiceFilter *filter; /* NULL: no microphone */
  GstElement *level;
  GstElement *mute;
  GstElement *valve;
  GstElement *encoder;
};

static guint level_signal;

G_DEFINE_FINAL_TYPE (SnugAudioCapture, snug_audio_capture, SNUG_TYPE_CAPTURE)

static GstCaps *
snug_audio_capture_get_source_caps (SnugCapture *capture)
{
  return gst_caps_new_simple ("audio/x-raw", "rate", G_TYPE_INT, SAMPLE_RATE, NULL);
}

/* Streaming thread. */
static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  snug_sample_tap_push (user_data, GST_PAD_PROBE_INFO_BUFFER (info), caps);

  return GST_PAD_PROBE_OK;
}

static void
add_tap (SnugAudioCapture *self, GstElement *element)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, snug_sample_tap_ref (self->tap),
                     (GDestroyNotify) snug_sample_tap_unref);
}

static void
forget_attempt (SnugAudioCapture *self)
{
  if (self->filter != NULL)
    snug_voice_filter_close (self->filter);
  g_clear_object (&self->filter);
  gst_clear_object (&self->level);
  gst_clear_object (&self->mute);
  gst_clear_object (&self->valve);
  gst_clear_object (&self->encoder);
}

static GstElement *
snug_audio_capture_build (SnugCapture *capture, GstElement *pipeline)
{
  SnugAudioCapture *self = SNUG_AUDIO_CAPTURE (capture);
  GstElement *convert, *resample, *filter, *sink;
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (S16), "rate", G_TYPE_INT, SAMPLE_RATE,
      "channels", G_TYPE_INT, 1, "layout", G_TYPE_STRING, "interleaved", NULL);

  forget_attempt (self);
  convert = snug_pipeline_add (pipeline, "audioconvert", NULL, NULL);
  resample = snug_pipeline_add (pipeline, "audioresample", NULL, NULL);
  filter = snug_pipeline_add (pipeline, "capsfilter", "caps", caps, NULL);
  /* The meter shows what the echo canceller leaves. */
  self->level = snug_pipeline_add (pipeline, "level", "interval",
                                   (guint64) LEVEL_INTERVAL_MS * GST_MSECOND, NULL);
  /* An encoder remembers: while muted it is given silence, or the first it sends afterwards would hold a bit of what was
   * said before. */
  self->mute = snug_pipeline_add (pipeline, "volume", "mute", self->muted, NULL);
  self->valve = snug_pipeline_add (pipeline, "valve", "drop", !self->encoding, NULL);
  self->encoder = snug_pipeline_add (pipeline, "opusenc", "bitrate", (int) self->bits_per_second, "inband-fec", TRUE,
                                     "packet-loss-percentage", (int) self->expected_loss, "dtx", self->silence_suppression,
                                     "complexity", 9, NULL);
  gst_util_set_object_arg (G_OBJECT (self->encoder), "audio-type", "voice");
  gst_util_set_object_arg (G_OBJECT (self->encoder), "bitrate-type", "constrained-vbr");
  gst_util_set_object_arg (G_OBJECT (self->encoder), "frame-size", "20");
  sink = snug_pipeline_add (pipeline, "appsink", "sync", FALSE, "async", FALSE, "max-buffers", 50,
                            "enable-last-sample", FALSE, "qos", FALSE, NULL);
  gst_element_link_many (convert, resample, filter, NULL);
  if (snug_media_source_get_source_type (snug_capture_get_source (capture))
      == SNUG_MEDIA_SOURCE_DEVICE)
    self->filter
        = snug_voice_filter_new (pipeline, filter, self->level, &self->voice, self->reference);
  else
    gst_element_link (filter, self->level);
  gst_element_link_many (self->level, self->mute, self->valve, self->encoder, sink, NULL);
  snug_encoded_feed_connect_sink (self->encoded, GST_APP_SINK (sink));
  add_tap (self, self->level);

  gst_object_ref (self->level);
  gst_object_ref (self->mute);
  gst_object_ref (self->valve);
  gst_object_ref (self->encoder);

  return convert;
}

static void
snug_audio_capture_message (SnugCapture *capture, GstMessage *message)
{
  SnugAudioCapture *self = SNUG_AUDIO_CAPTURE (capture);
  double level;

  if (GST_MESSAGE_SRC (message) == GST_OBJECT (self->level)
      && snug_audio_level_parse (message, &level))
    g_signal_emit (self, level_signal, 0, level);
}

static void
snug_audio_capture_dispose (GObject *object)
{
  SnugAudioCapture *self = SNUG_AUDIO_CAPTURE (object);

  G_OBJECT_CLASS (snug_audio_capture_parent_class)->dispose (object);

  forget_attempt (self);
  g_clear_pointer (&self->reference, snug_echo_reference_unref);
  g_clear_object (&self->encoded);
  g_clear_pointer (&self->tap, snug_sample_tap_unref);
}

static void
snug_audio_capture_class_init (SnugAudioCaptureClass *klass)
{
  SnugCaptureClass *capture_class = SNUG_CAPTURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_audio_capture_dispose;

  capture_class->kind = SNUG_MEDIA_AUDIO;
  capture_class->build = snug_audio_capture_build;
  capture_class->get_source_caps = snug_audio_capture_get_source_caps;
  capture_class->message = snug_audio_capture_message;

  level_signal = g_signal_new ("level", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
snug_audio_capture_init (SnugAudioCapture *self)
{
  self->bits_per_second = OPUS_BITRATE;
  self->expected_loss = OPUS_EXPECTED_LOSS;
}

SnugAudioCapture *
snug_audio_capture_new (const SnugMediaSource *source,
                        const SnugVoiceProcessing *voice,
                        SnugEchoReference *reference,
                        SnugEncodedFeed *encoded,
                        SnugSampleTap *tap)
{
  SnugAudioCapture *self = g_object_new (SNUG_TYPE_AUDIO_CAPTURE, NULL);

  self->voice = *voice;
  self->reference = reference != NULL ? snug_echo_reference_ref (reference) : NULL;
  self->encoded = g_object_ref (encoded);
  self->tap = snug_sample_tap_ref (tap);
  snug_capture_start (SNUG_CAPTURE (self), source);

  return self;
}

void
snug_audio_capture_set_encoding (SnugAudioCapture *self, gboolean encoding, gboolean muted)
{
  g_return_if_fail (SNUG_IS_AUDIO_CAPTURE (self));

  self->encoding = encoding;
  self->muted = muted;
  if (self->valve == NULL)
    return;

  g_object_set (self->mute, "mute", muted, NULL);
  g_object_set (self->valve, "drop", !encoding, NULL);
}

void
snug_audio_capture_set_rate (SnugAudioCapture *self, guint bits_per_second, guint loss)
{
  g_return_if_fail (SNUG_IS_AUDIO_CAPTURE (self));

  if (self->bits_per_second == bits_per_second && self->expected_loss == loss)
    return;
  self->bits_per_second = bits_per_second;
  self->expected_loss = MIN (loss, 100);
  if (self->encoder != NULL)
    g_object_set (self->encoder, "bitrate", (int) bits_per_second, "packet-loss-percentage", (int) self->expected_loss, NULL);
}

void
snug_audio_capture_set_silence_suppression (SnugAudioCapture *self, gboolean suppress)
{
  g_return_if_fail (SNUG_IS_AUDIO_CAPTURE (self));

  self->silence_suppression = suppress;
  if (self->encoder != NULL)
    g_object_set (self->encoder, "dtx", suppress, NULL);
}

void
snug_audio_capture_set_voice (SnugAudioCapture *self, const SnugVoiceProcessing *voice)
{
  g_return_if_fail (SNUG_IS_AUDIO_CAPTURE (self));

  self->voice = *voice;
  if (self->filter != NULL)
    snug_voice_filter_set_processing (self->filter, voice);
}

void
snug_audio_capture_set_echo_reference (SnugAudioCapture *self, SnugEchoReference *reference)
{
  g_return_if_fail (SNUG_IS_AUDIO_CAPTURE (self));

  if (reference != NULL)
    snug_echo_reference_ref (reference);
  g_clear_pointer (&self->reference, snug_echo_reference_unref);
  self->reference = reference;
  if (self->filter != NULL)
    snug_voice_filter_set_reference (self->filter, reference);
}

gboolean
snug_audio_capture_get_echo_delay (SnugAudioCapture *self, gint64 *delay)
{
  g_return_val_if_fail (SNUG_IS_AUDIO_CAPTURE (self), FALSE);

  return self->filter != NULL && snug_voice_filter_get_echo_delay (self->filter, delay);
}

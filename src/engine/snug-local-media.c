/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-local-media.h"
#include "snug-local-media-private.h"

#include "snug-audio-level.h"
#include "snug-encoded-feed-private.h"
#include "snug-engine.h"
#include "snug-relay.h"
#include "snug-video-capture.h"

#define DEFAULT_WIDTH 1280
#define DEFAULT_HEIGHT 720
#define DEFAULT_FRAMERATE 30
#define DEFAULT_KBIT_PER_SECOND 2500
#define SIZE_MIN 16
#define SIZE_MAX_PIXELS 4096
#define FRAMERATE_MAX 60
#define KBIT_PER_SECOND_MIN 30
#define KBIT_PER_SECOND_MAX 20000

/* The picture, or the sound. */
typedef struct
{
  SnugMediaSource *source;
  gboolean enabled;
  SnugEncodedFeed *encoded;

  SnugCapture *capture; /* NULL: not wanted, or the one before is still closing */
  /* A microphone that is heard until the next one is: several can be open at a time, and nobody hears a gap. NULL: none. */
  SnugCapture *previous;
  gboolean closing;

  /* As last notified. */
  gboolean active;
  GError *error;
} SnugLocalStream;

struct _SnugLocalMedia
{
  GObject parent_instance;

  SnugRelay *relay;
  SnugVideoFeed *preview;
  SnugLocalStream streams[2]; /* by SnugMediaKind */
  SnugLocalScreen *screen;
  SnugRateControl *rate_control;
  gboolean suspended;
  double audio_level;
  SnugLocalVoice *voice;
  gboolean speaking_while_muted;

  SnugVideoFormat format;
  SnugVideoFormat opened_format; /* what the camera was asked for when it was opened */
  guint kbit_per_second;
};

typedef enum
{
  PROP_VIDEO_SOURCE = 1,
  PROP_AUDIO_SOURCE,
  PROP_VIDEO_ENABLED,
  PROP_AUDIO_ENABLED,
  PROP_VIDEO_ACTIVE,
  PROP_AUDIO_ACTIVE,
  PROP_VIDEO_ERROR,
  PROP_AUDIO_ERROR,
  PROP_AUDIO_LEVEL,
  PROP_PREVIEW,
  PROP_ECHO_CANCELLATION,
  PROP_NOISE_SUPPRESSION,
  PROP_GAIN_CONTROL,
  PROP_VOICE_PROCESSING_AVAILABLE,
  PROP_SPEAKING_WHILE_MUTED
} SnugLocalMediaProperty;

static GParamSpec *properties[PROP_SPEAKING_WHILE_MUTED + 1];

static const SnugLocalMediaProperty source_property[] = { PROP_VIDEO_SOURCE, PROP_AUDIO_SOURCE };
static const SnugLocalMediaProperty enabled_property[] = { PROP_VIDEO_ENABLED, PROP_AUDIO_ENABLED };
static const SnugLocalMediaProperty active_property[] = { PROP_VIDEO_ACTIVE, PROP_AUDIO_ACTIVE };
static const SnugLocalMediaProperty error_property[] = { PROP_VIDEO_ERROR, PROP_AUDIO_ERROR };

G_DEFINE_FINAL_TYPE (SnugLocalMedia, snug_local_media, G_TYPE_OBJECT)

static void update (SnugLocalMedia *self, SnugMediaKind kind);
static void end_previous (SnugLocalMedia *self);

/* --- rates ---------------------------------------------------------------------------------------------------- */

static void
wish_rates (SnugLocalMedia *self)
{
  SnugRateWish wish = {
    .camera = self->streams[SNUG_MEDIA_VIDEO].active ? (guint64) self->kbit_per_second * 1000 : 0,
    .screen = snug_local_screen_get_wish (self->screen),
  };

  snug_rate_control_set_wish (self->rate_control, &wish);
}

static void
apply_rates (SnugLocalMedia *self)
{
  const SnugRatePlan *plan = snug_rate_control_get_plan (self->rate_control);
  SnugLocalStream *audio = &self->streams[SNUG_MEDIA_AUDIO];
  SnugCapture *camera = self->streams[SNUG_MEDIA_VIDEO].capture;

  if (camera != NULL && plan->camera > 0)
    snug_video_capture_set_rate (SNUG_VIDEO_CAPTURE (camera), (guint) plan->camera, plan->hold);
  if (plan->screen > 0)
    snug_local_screen_set_rate (self->screen, plan->screen, plan->hold);
  if (audio->capture != NULL)
    snug_audio_capture_set_rate (SNUG_AUDIO_CAPTURE (audio->capture), (guint) plan->sound, plan->sound_loss);
  if (audio->previous != NULL)
    snug_audio_capture_set_rate (SNUG_AUDIO_CAPTURE (audio->previous), (guint) plan->sound, plan->sound_loss);
}

static void
notify (SnugLocalMedia *self, SnugLocalMediaProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static gboolean
same_error (const GError *a, const GError *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return a->code == b->code && g_str_equal (a->message, b->message);
}

static void
set_audio_level (SnugLocalMedia *self, double level)
{
  if (self->audio_level == level)
    return;

  self->audio_level = level;
  notify (self, PROP_AUDIO_LEVEL);
}

static void
set_speaking_while_muted (SnugLocalMedia *self, gboolean speaking)
{
  if (self->speaking_while_muted != speaking)
    {
      self->speaking_while_muted = speaking;
      notify (self, PROP_SPEAKING_WHILE_MUTED);
    }
}

/* What the two properties that follow from the capture say now. */
static void
update_state (SnugLocalMedia *self, SnugMediaKind kind)
{
  SnugLocalStream *stream = &self->streams[kind];
  SnugCapture *capture = stream->capture;
  gboolean flowing = (capture != NULL && snug_capture_get_active (capture))
                     || (stream->previous != NULL && snug_capture_get_active (stream->previous));
  const GError *error = capture != NULL ? snug_capture_get_error (capture) : NULL;

  g_object_freeze_notify (G_OBJECT (self));
  if (stream->active != (flowing && stream->enabled))
    {
      stream->active = flowing && stream->enabled;
      wish_rates (self);
      notify (self, active_property[kind]);
    }
  if (!same_error (stream->error, error))
    {
      g_clear_error (&stream->error);
      stream->error = error != NULL ? g_error_copy (error) : NULL;
      notify (self, error_property[kind]);
    }
  if (!flowing && kind == SNUG_MEDIA_VIDEO)
    snug_video_feed_reset (self->preview);
  if (!flowing && kind == SNUG_MEDIA_AUDIO)
    set_audio_level (self, SNUG_AUDIO_LEVEL_SILENCE);
  if ((!flowing || stream->enabled) && kind == SNUG_MEDIA_AUDIO)
    set_speaking_while_muted (self, snug_local_voice_hear (self->voice, self->audio_level, FALSE));
  g_object_thaw_notify (G_OBJECT (self));
}

static void
update_encoding (SnugLocalMedia *self, SnugMediaKind kind)
{
  SnugLocalStream *stream = &self->streams[kind];
  SnugCapture *capture = stream->capture;
  gboolean heeded = snug_encoded_feed_has_listeners (stream->encoded);

  /* The gate behind the encoder is what makes mute certain; what stands before it saves the work, and empties its memory. */
  snug_encoded_feed_set_open (stream->encoded, stream->enabled && !self->suspended);

  if (capture != NULL && kind == SNUG_MEDIA_VIDEO)
    snug_video_capture_set_encoding (SNUG_VIDEO_CAPTURE (capture), heeded && stream->enabled);
  if (stream->previous != NULL)
    snug_audio_capture_set_encoding (SNUG_AUDIO_CAPTURE (stream->previous), heeded, !stream->enabled);
  if (capture != NULL && kind == SNUG_MEDIA_AUDIO)
    snug_audio_capture_set_encoding (SNUG_AUDIO_CAPTURE (capture),
                                     heeded && stream->previous == NULL, !stream->enabled);
}

static void
on_video_capture_notify (SnugLocalMedia *self)
{
  update_state (self, SNUG_MEDIA_VIDEO);
}

static void
on_audio_capture_notify (SnugLocalMedia *self)
{
  end_previous (self);
  update_state (self, SNUG_MEDIA_AUDIO);
}

static void
on_audio_level (SnugLocalMedia *self, double level)
{
  gboolean muted = !self->streams[SNUG_MEDIA_AUDIO].enabled;

  set_audio_level (self, level);
  set_speaking_while_muted (self, snug_local_voice_hear (self->voice, level, muted));
}

static void
on_video_closed (gpointer owner, gpointer data)
{
  SnugLocalMedia *self = owner;

  self->streams[SNUG_MEDIA_VIDEO].closing = FALSE;
  update (self, SNUG_MEDIA_VIDEO);
}

static void
on_audio_closed (gpointer owner, gpointer data)
{
  SnugLocalMedia *self = owner;

  self->streams[SNUG_MEDIA_AUDIO].closing = FALSE;
  update (self, SNUG_MEDIA_AUDIO);
}

static void
close_capture (SnugLocalMedia *self, SnugMediaKind kind)
{
  SnugLocalStream *stream = &self->streams[kind];
  g_autoptr (SnugCapture) capture = g_steal_pointer (&stream->capture);

  g_signal_handlers_disconnect_by_data (capture, self);
  if (kind == SNUG_MEDIA_AUDIO)
    snug_local_voice_forget (self->voice, SNUG_AUDIO_CAPTURE (capture));
  stream->closing = TRUE;
  snug_capture_close (capture, self->relay,
                      kind == SNUG_MEDIA_VIDEO ? on_video_closed : on_audio_closed);
}

/* Nobody waits for it to be closed. */
static void
close_previous (SnugLocalMedia *self)
{
  g_autoptr (SnugCapture) previous = g_steal_pointer (&self->streams[SNUG_MEDIA_AUDIO].previous);

  if (previous == NULL)
    return;

  snug_audio_capture_set_encoding (SNUG_AUDIO_CAPTURE (previous), FALSE, TRUE);
  snug_capture_close (previous, self->relay, NULL);
}

/* Once the next microphone is there; or can't be, for then it is not the one before that the person wants. */
static void
end_previous (SnugLocalMedia *self)
{
  SnugLocalStream *stream = &self->streams[SNUG_MEDIA_AUDIO];

  if (stream->previous != NULL && stream->capture != NULL
      && (snug_capture_get_active (stream->capture) || snug_capture_get_error (stream->capture)))
    {
      close_previous (self);
      update_encoding (self, SNUG_MEDIA_AUDIO);
    }
}

/* A microphone that works is heard until the next one is. */
static void
keep_previous (SnugLocalMedia *self)
{
  SnugLocalStream *stream = &self->streams[SNUG_MEDIA_AUDIO];

  g_signal_handlers_disconnect_by_data (stream->capture, self);
  snug_local_voice_forget (self->voice, SNUG_AUDIO_CAPTURE (stream->capture));
  stream->previous = g_steal_pointer (&stream->capture);
}

static void
open_capture (SnugLocalMedia *self, SnugMediaKind kind)
{
  SnugLocalStream *stream = &self->streams[kind];
  GCallback on_notify;

  if (kind == SNUG_MEDIA_VIDEO)
    {
      self->opened_format = self->format;
      stream->capture = SNUG_CAPTURE (snug_video_capture_new (
          stream->source, &self->format, self->kbit_per_second * 1000, self->preview, stream->encoded));
      on_notify = G_CALLBACK (on_video_capture_notify);
    }
  else
    {
      stream->capture
          = SNUG_CAPTURE (snug_local_voice_open (self->voice, stream->source, stream->encoded));
      g_signal_connect_swapped (stream->capture, "level", G_CALLBACK (on_audio_level), self);
      on_notify = G_CALLBACK (on_audio_capture_notify);
    }

  g_signal_connect_swapped (stream->capture, "notify::active", on_notify, self);
  g_signal_connect_swapped (stream->capture, "notify::error", on_notify, self);
  apply_rates (self);
}

/* Brings what is there to what is wanted. */
static void
update (SnugLocalMedia *self, SnugMediaKind kind)
{
  SnugLocalStream *stream = &self->streams[kind];
  gboolean wanted = !self->suspended
                    && snug_media_source_get_source_type (stream->source) != SNUG_MEDIA_SOURCE_NONE
                    && (stream->enabled || kind == SNUG_MEDIA_AUDIO);

  if (stream->capture != NULL
      && (!wanted
          || !snug_media_source_equal (snug_capture_get_source (stream->capture), stream->source)))
    {
      if (wanted && kind == SNUG_MEDIA_AUDIO && stream->previous == NULL
          && snug_capture_get_active (stream->capture))
        keep_previous (self);
      else
        close_capture (self, kind);
    }
  if (!wanted && kind == SNUG_MEDIA_AUDIO)
    close_previous (self);
  /* A camera can't be opened before it has been let go of. */
  if (wanted && stream->capture == NULL && !stream->closing)
    open_capture (self, kind);

  end_previous (self);
  update_encoding (self, kind);
  update_state (self, kind);
}

static void
on_listeners_changed (SnugLocalMedia *self)
{
  update_encoding (self, SNUG_MEDIA_VIDEO);
  update_encoding (self, SNUG_MEDIA_AUDIO);
}

static void
on_video_key_frame (SnugLocalMedia *self)
{
  SnugCapture *capture = self->streams[SNUG_MEDIA_VIDEO].capture;

  if (capture != NULL)
    snug_video_capture_force_key_frame (SNUG_VIDEO_CAPTURE (capture));
}

static void
snug_local_media_dispose (GObject *object)
{
  SnugLocalMedia *self = SNUG_LOCAL_MEDIA (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  for (SnugMediaKind kind = SNUG_MEDIA_VIDEO; kind <= SNUG_MEDIA_AUDIO; kind++)
    {
      SnugLocalStream *stream = &self->streams[kind];

      if (stream->capture != NULL)
        {
          /* The feeds may have other holders, who must not see it trickle on. */
          snug_encoded_feed_set_open (stream->encoded, FALSE);
          close_capture (self, kind);
        }
      if (stream->encoded != NULL)
        g_signal_handlers_disconnect_by_data (stream->encoded, self);
    }
  close_previous (self);
  if (self->rate_control != NULL)
    g_signal_handlers_disconnect_by_data (self->rate_control, self);
  if (self->screen != NULL)
    g_signal_handlers_disconnect_by_data (self->screen, self);
  g_clear_pointer (&self->relay, snug_relay_close);

  G_OBJECT_CLASS (snug_local_media_parent_class)->dispose (object);
}

static void
snug_local_media_finalize (GObject *object)
{
  SnugLocalMedia *self = SNUG_LOCAL_MEDIA (object);

  for (SnugMediaKind kind = SNUG_MEDIA_VIDEO; kind <= SNUG_MEDIA_AUDIO; kind++)
    {
      SnugLocalStream *stream = &self->streams[kind];

      g_clear_pointer (&stream->source, snug_media_source_free);
      g_clear_object (&stream->encoded);
      g_clear_error (&stream->error);
    }
  g_clear_object (&self->preview);
  g_clear_object (&self->screen);
  g_clear_object (&self->rate_control);
  snug_local_voice_free (self->voice);

  G_OBJECT_CLASS (snug_local_media_parent_class)->finalize (object);
}

static void
snug_local_media_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugLocalMedia *self = SNUG_LOCAL_MEDIA (object);
  const SnugVoiceProcessing *processing = snug_local_voice_get_processing (self->voice);

  switch ((SnugLocalMediaProperty) prop_id)
    {
    case PROP_VIDEO_SOURCE:
      g_value_set_boxed (value, self->streams[SNUG_MEDIA_VIDEO].source);
      break;
    case PROP_AUDIO_SOURCE:
      g_value_set_boxed (value, self->streams[SNUG_MEDIA_AUDIO].source);
      break;
    case PROP_VIDEO_ENABLED:
      g_value_set_boolean (value, self->streams[SNUG_MEDIA_VIDEO].enabled);
      break;
    case PROP_AUDIO_ENABLED:
      g_value_set_boolean (value, self->streams[SNUG_MEDIA_AUDIO].enabled);
      break;
    case PROP_VIDEO_ACTIVE:
      g_value_set_boolean (value, self->streams[SNUG_MEDIA_VIDEO].active);
      break;
    case PROP_AUDIO_ACTIVE:
      g_value_set_boolean (value, self->streams[SNUG_MEDIA_AUDIO].active);
      break;
    case PROP_VIDEO_ERROR:
      g_value_set_boxed (value, self->streams[SNUG_MEDIA_VIDEO].error);
      break;
    case PROP_AUDIO_ERROR:
      g_value_set_boxed (value, self->streams[SNUG_MEDIA_AUDIO].error);
      break;
    case PROP_AUDIO_LEVEL:
      g_value_set_double (value, self->audio_level);
      break;
    case PROP_PREVIEW:
      g_value_set_object (value, self->preview);
      break;
    case PROP_ECHO_CANCELLATION:
      g_value_set_boolean (value, processing->echo_cancellation);
      break;
    case PROP_NOISE_SUPPRESSION:
      g_value_set_boolean (value, processing->noise_suppression);
      break;
    case PROP_GAIN_CONTROL:
      g_value_set_boolean (value, processing->gain_control);
      break;
    case PROP_VOICE_PROCESSING_AVAILABLE:
      g_value_set_boolean (value, snug_voice_filter_is_available ());
      break;
    case PROP_SPEAKING_WHILE_MUTED:
      g_value_set_boolean (value, self->speaking_while_muted);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* field: of processing, which is a copy of what is done now. */
static void
set_processing (SnugLocalMedia *self,
                gboolean *field,
                const SnugVoiceProcessing *processing,
                const GValue *value,
                SnugLocalMediaProperty property)
{
  if (*field == g_value_get_boolean (value))
    return;

  *field = g_value_get_boolean (value);
  snug_local_voice_set_processing (self->voice, processing);
  notify (self, property);
}

static void
snug_local_media_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  SnugLocalMedia *self = SNUG_LOCAL_MEDIA (object);
  SnugVoiceProcessing processing = *snug_local_voice_get_processing (self->voice);

  switch ((SnugLocalMediaProperty) prop_id)
    {
    case PROP_VIDEO_SOURCE:
      snug_local_media_set_video_source (self, g_value_get_boxed (value));
      break;
    case PROP_AUDIO_SOURCE:
      snug_local_media_set_audio_source (self, g_value_get_boxed (value));
      break;
    case PROP_VIDEO_ENABLED:
      snug_local_media_set_video_enabled (self, g_value_get_boolean (value));
      break;
    case PROP_AUDIO_ENABLED:
      snug_local_media_set_audio_enabled (self, g_value_get_boolean (value));
      break;
    case PROP_ECHO_CANCELLATION:
      set_processing (self, &processing.echo_cancellation, &processing, value, PROP_ECHO_CANCELLATION);
      break;
    case PROP_NOISE_SUPPRESSION:
      set_processing (self, &processing.noise_suppression, &processing, value, PROP_NOISE_SUPPRESSION);
      break;
    case PROP_GAIN_CONTROL:
      set_processing (self, &processing.gain_control, &processing, value, PROP_GAIN_CONTROL);
      break;
    case PROP_VIDEO_ACTIVE:
    case PROP_AUDIO_ACTIVE:
    case PROP_VIDEO_ERROR:
    case PROP_AUDIO_ERROR:
    case PROP_AUDIO_LEVEL:
    case PROP_PREVIEW:
    case PROP_VOICE_PROCESSING_AVAILABLE:
    case PROP_SPEAKING_WHILE_MUTED:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_local_media_class_init (SnugLocalMediaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags writable = readable | G_PARAM_WRITABLE;

  object_class->dispose = snug_local_media_dispose;
  object_class->finalize = snug_local_media_finalize;
  object_class->get_property = snug_local_media_get_property;
  object_class->set_property = snug_local_media_set_property;

  properties[PROP_VIDEO_SOURCE]
      = g_param_spec_boxed ("video-source", NULL, NULL, SNUG_TYPE_MEDIA_SOURCE, writable);
  properties[PROP_AUDIO_SOURCE]
      = g_param_spec_boxed ("audio-source", NULL, NULL, SNUG_TYPE_MEDIA_SOURCE, writable);
  properties[PROP_VIDEO_ENABLED]
      = g_param_spec_boolean ("video-enabled", NULL, NULL, TRUE, writable);
  properties[PROP_AUDIO_ENABLED]
      = g_param_spec_boolean ("audio-enabled", NULL, NULL, TRUE, writable);
  properties[PROP_VIDEO_ACTIVE]
      = g_param_spec_boolean ("video-active", NULL, NULL, FALSE, readable);
  properties[PROP_AUDIO_ACTIVE]
      = g_param_spec_boolean ("audio-active", NULL, NULL, FALSE, readable);
  properties[PROP_VIDEO_ERROR]
      = g_param_spec_boxed ("video-error", NULL, NULL, G_TYPE_ERROR, readable);
  properties[PROP_AUDIO_ERROR]
      = g_param_spec_boxed ("audio-error", NULL, NULL, G_TYPE_ERROR, readable);
  properties[PROP_AUDIO_LEVEL] = g_param_spec_double (
      "audio-level", NULL, NULL, SNUG_AUDIO_LEVEL_SILENCE, 0.0, SNUG_AUDIO_LEVEL_SILENCE, readable);
  properties[PROP_PREVIEW]
      = g_param_spec_object ("preview", NULL, NULL, SNUG_TYPE_VIDEO_FEED, readable);
  properties[PROP_ECHO_CANCELLATION]
      = g_param_spec_boolean ("echo-cancellation", NULL, NULL, TRUE, writable);
  properties[PROP_NOISE_SUPPRESSION]
      = g_param_spec_boolean ("noise-suppression", NULL, NULL, TRUE, writable);
  properties[PROP_GAIN_CONTROL]
      = g_param_spec_boolean ("gain-control", NULL, NULL, TRUE, writable);
  properties[PROP_VOICE_PROCESSING_AVAILABLE]
      = g_param_spec_boolean ("voice-processing-available", NULL, NULL, FALSE, readable);
  properties[PROP_SPEAKING_WHILE_MUTED]
      = g_param_spec_boolean ("speaking-while-muted", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_local_media_init (SnugLocalMedia *self)
{
  SnugEncodedFeed *video, *audio;

  self->relay = snug_relay_new (self);
  self->preview = snug_video_feed_new ();
  self->screen = snug_local_screen_new ();
  g_signal_connect_swapped (self->screen, "notify::active", G_CALLBACK (wish_rates), self);
  self->rate_control = snug_rate_control_new ();
  g_signal_connect_swapped (self->rate_control, "planned", G_CALLBACK (apply_rates), self);
  self->audio_level = SNUG_AUDIO_LEVEL_SILENCE;
  self->voice = snug_local_voice_new ();
  self->format = (SnugVideoFormat){ DEFAULT_WIDTH, DEFAULT_HEIGHT, DEFAULT_FRAMERATE };
  self->kbit_per_second = DEFAULT_KBIT_PER_SECOND;
  for (SnugMediaKind kind = SNUG_MEDIA_VIDEO; kind <= SNUG_MEDIA_AUDIO; kind++)
    {
      self->streams[kind].source = snug_media_source_new (SNUG_MEDIA_SOURCE_NONE, NULL);
      self->streams[kind].enabled = TRUE;
      self->streams[kind].encoded = snug_encoded_feed_new ();
    }

  video = self->streams[SNUG_MEDIA_VIDEO].encoded;
  audio = self->streams[SNUG_MEDIA_AUDIO].encoded;
  g_signal_connect_swapped (video, "listeners-changed", G_CALLBACK (on_listeners_changed), self);
  g_signal_connect_swapped (audio, "listeners-changed", G_CALLBACK (on_listeners_changed), self);
  g_signal_connect_swapped (video, "key-frame", G_CALLBACK (on_video_key_frame), self);
}

SnugLocalMedia *
snug_local_media_new (void)
{
  return g_object_new (SNUG_TYPE_LOCAL_MEDIA, NULL);
}

static void
set_source (SnugLocalMedia *self, SnugMediaKind kind, const SnugMediaSource *source)
{
  SnugLocalStream *stream = &self->streams[kind];
  gboolean is_same = snug_media_source_equal (stream->source, source);

  if (is_same && stream->error == NULL)
    return;

  if (is_same)
    {
      /* Chosen once more: a retry. */
      if (stream->capture != NULL)
        close_capture (self, kind);
      update (self, kind);
      return;
    }

  snug_media_source_free (stream->source);
  stream->source = snug_media_source_copy (source);
  g_object_freeze_notify (G_OBJECT (self));
  notify (self, source_property[kind]);
  update (self, kind);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_enabled (SnugLocalMedia *self, SnugMediaKind kind, gboolean enabled)
{
  SnugLocalStream *stream = &self->streams[kind];

  enabled = enabled != FALSE;
  if (stream->enabled == enabled)
    return;

  stream->enabled = enabled;
  g_object_freeze_notify (G_OBJECT (self));
  notify (self, enabled_property[kind]);
  update (self, kind);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * snug_local_media_set_video_source:
 * @self: the local media
 * @source: where the picture comes from
 *
 * The old camera is let go of before the new one is opened. Setting the source that is set already
 * does nothing, unless it failed: then it is tried once more.
 */
void
snug_local_media_set_video_source (SnugLocalMedia *self, const SnugMediaSource *source)
{
  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));
  g_return_if_fail (source != NULL);
  g_return_if_fail (snug_engine_is_main_thread ());

  set_source (self, SNUG_MEDIA_VIDEO, source);
}

/* See snug_local_media_set_video_source(). */
void
snug_local_media_set_audio_source (SnugLocalMedia *self, const SnugMediaSource *source)
{
  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));
  g_return_if_fail (source != NULL);
  g_return_if_fail (snug_engine_is_main_thread ());

  set_source (self, SNUG_MEDIA_AUDIO, source);
}

const SnugMediaSource *
snug_local_media_get_video_source (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->streams[SNUG_MEDIA_VIDEO].source;
}

const SnugMediaSource *
snug_local_media_get_audio_source (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->streams[SNUG_MEDIA_AUDIO].source;
}

/**
 * snug_local_media_set_video_enabled:
 * @self: the local media
 * @enabled: whether the person wants to be seen
 *
 * When this returns after %FALSE no picture leaves any more; the camera is let go of within
 * moments.
 */
void
snug_local_media_set_video_enabled (SnugLocalMedia *self, gboolean enabled)
{
  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  set_enabled (self, SNUG_MEDIA_VIDEO, enabled);
}

/**
 * snug_local_media_set_audio_enabled:
 * @self: the local media
 * @enabled: whether the person wants to be heard
 *
 * When this returns after %FALSE no sample leaves any more, and none that was taken before the next
 * %TRUE ever will. The microphone stays open for the meter.
 */
void
snug_local_media_set_audio_enabled (SnugLocalMedia *self, gboolean enabled)
{
  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  set_enabled (self, SNUG_MEDIA_AUDIO, enabled);
}

gboolean
snug_local_media_get_video_enabled (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), FALSE);

  return self->streams[SNUG_MEDIA_VIDEO].enabled;
}

gboolean
snug_local_media_get_audio_enabled (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), FALSE);

  return self->streams[SNUG_MEDIA_AUDIO].enabled;
}

gboolean
snug_local_media_get_video_active (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), FALSE);

  return self->streams[SNUG_MEDIA_VIDEO].active;
}

gboolean
snug_local_media_get_audio_active (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), FALSE);

  return self->streams[SNUG_MEDIA_AUDIO].active;
}

const GError *
snug_local_media_get_video_error (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->streams[SNUG_MEDIA_VIDEO].error;
}

const GError *
snug_local_media_get_audio_error (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->streams[SNUG_MEDIA_AUDIO].error;
}

double
snug_local_media_get_audio_level (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), SNUG_AUDIO_LEVEL_SILENCE);

  return self->audio_level;
}

SnugLocalVoice *
snug_local_media_get_voice (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->voice;
}

SnugVideoFeed *
snug_local_media_get_preview (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->preview;
}

/**
 * snug_local_media_set_video_format:
 * @self: the local media
 * @width: 16 to 4096 pixels
 * @height: 16 to 4096 pixels
 * @framerate: 1 to 60 pictures a second
 *
 * A camera is asked for this; whatever comes is made smaller to fit, keeping its shape, never
 * larger. Values out of range are brought into it.
 */
void
snug_local_media_set_video_format (SnugLocalMedia *self, guint width, guint height, guint framerate)
{
  SnugVideoFormat format = {
    .width = CLAMP (width, SIZE_MIN, SIZE_MAX_PIXELS) & ~1u,
    .height = CLAMP (height, SIZE_MIN, SIZE_MAX_PIXELS) & ~1u,
    .framerate = CLAMP (framerate, 1, FRAMERATE_MAX),
  };
  SnugLocalStream *stream;

  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  if (format.width == self->format.width && format.height == self->format.height
      && format.framerate == self->format.framerate)
    return;

  self->format = format;
  stream = &self->streams[SNUG_MEDIA_VIDEO];
  if (stream->capture == NULL)
    return;

  /* Less than the camera gives is a matter of scaling; for more it may have another mode. */
  if (snug_media_source_get_source_type (stream->source) == SNUG_MEDIA_SOURCE_DEVICE
      && (format.width > self->opened_format.width || format.height > self->opened_format.height
          || format.framerate > self->opened_format.framerate))
    {
      close_capture (self, SNUG_MEDIA_VIDEO);
      update (self, SNUG_MEDIA_VIDEO);
      return;
    }

  snug_video_capture_set_format (SNUG_VIDEO_CAPTURE (stream->capture), &format);
}

void
snug_local_media_set_video_bitrate (SnugLocalMedia *self, guint kbit_per_second)
{
  SnugCapture *capture;

  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  kbit_per_second = CLAMP (kbit_per_second, KBIT_PER_SECOND_MIN, KBIT_PER_SECOND_MAX);
  if (self->kbit_per_second == kbit_per_second)
    return;

  self->kbit_per_second = kbit_per_second;
  capture = self->streams[SNUG_MEDIA_VIDEO].capture;
  wish_rates (self);
  /* Until it is planned with what the paths take. */
  if (capture != NULL && !self->streams[SNUG_MEDIA_VIDEO].active)
    snug_video_capture_set_rate (SNUG_VIDEO_CAPTURE (capture), kbit_per_second * 1000, FALSE);
}

void
snug_local_media_set_suspended (SnugLocalMedia *self, gboolean suspended)
{
  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  suspended = suspended != FALSE;
  if (self->suspended == suspended)
    return;

  self->suspended = suspended;
  update (self, SNUG_MEDIA_VIDEO);
  update (self, SNUG_MEDIA_AUDIO);
}

SnugEncodedFeed *
snug_local_media_get_audio_feed (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->streams[SNUG_MEDIA_AUDIO].encoded;
}

SnugEncodedFeed *
snug_local_media_get_video_feed (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->streams[SNUG_MEDIA_VIDEO].encoded;
}

SnugLocalScreen *
snug_local_media_get_screen (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->screen;
}

SnugRateControl *
snug_local_media_get_rate_control (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->rate_control;
}

void
snug_local_media_get_sent_format (SnugLocalMedia *self,
                                  guint *width,
                                  guint *height,
                                  double *framerate)
{
  SnugLocalStream *stream;
  double rate;

  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));

  stream = &self->streams[SNUG_MEDIA_VIDEO];
  rate = snug_encoded_feed_get_rate (stream->encoded);
  *width = *height = 0;
  *framerate = 0.0;
  if (stream->active)
    {
      snug_video_capture_get_size (SNUG_VIDEO_CAPTURE (stream->capture), width, height);
      *framerate = *width > 0 ? rate : 0.0;
    }
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-local-media.h"
#include "snug-local-media-private.h"

#include "snug-audio-level.h"
#include "snug-encoded-feed-private.h"
#include "snug-engine.h"
#include "snug-local-camera.h"
#include "snug-relay.h"

/* The sound. */
typedef struct
{
  SnugMediaSource *source;
  gboolean enabled;
  SnugEncodedFeed *encoded;

  SnugAudioCapture *capture; /* NULL: not wanted, or the one before is still closing */
  /* A microphone that is heard until the next one is: several can be open at a time, and nobody hears a gap. NULL: none. */
  SnugAudioCapture *previous;
  gboolean closing;

  /* As last notified. */
  gboolean active;
  GError *error;
} SnugLocalStream;

struct _SnugLocalMedia
{
  GObject parent_instance;

  SnugRelay *relay;
  SnugLocalCamera *camera;
  SnugLocalStream sound;
  SnugLocalScreen *screen;
  SnugRateControl *rate_control;
  gboolean suspended;
  guint upload_limit; /* kbit/s, 0: none */
  double audio_level;
  SnugLocalVoice *voice;
  gboolean speaking_while_muted;
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
  PROP_SILENCE_SUPPRESSION,
  PROP_UPLOAD_LIMIT,
  PROP_VOICE_PROCESSING_AVAILABLE,
  PROP_SPEAKING_WHILE_MUTED
} SnugLocalMediaProperty;

static GParamSpec *properties[PROP_SPEAKING_WHILE_MUTED + 1];

G_DEFINE_FINAL_TYPE (SnugLocalMedia, snug_local_media, G_TYPE_OBJECT)

static void update (SnugLocalMedia *self);
static void end_previous (SnugLocalMedia *self);

/* --- rates ---------------------------------------------------------------------------------------------------- */

static void
wish_rates (SnugLocalMedia *self)
{
  SnugRateWish wish = {
    .camera = snug_local_camera_get_wish (self->camera),
    .screen = snug_local_screen_get_wish (self->screen),
    .limit = (guint64) self->upload_limit * 1000,
  };

  snug_rate_control_set_wish (self->rate_control, &wish);
}

static void
apply_rates (SnugLocalMedia *self)
{
  const SnugRatePlan *plan = snug_rate_control_get_plan (self->rate_control);

  if (plan->camera > 0)
    snug_local_camera_set_rate (self->camera, plan->camera, plan->hold);
  if (plan->screen > 0)
    snug_local_screen_set_rate (self->screen, plan->screen, plan->hold);
  if (self->sound.capture != NULL)
    snug_audio_capture_set_rate (self->sound.capture, (guint) plan->sound, plan->sound_loss);
  if (self->sound.previous != NULL)
    snug_audio_capture_set_rate (self->sound.previous, (guint) plan->sound, plan->sound_loss);
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

/* What the two properties that follow from the microphone say now. */
static void
update_state (SnugLocalMedia *self)
{
  SnugLocalStream *sound = &self->sound;
  gboolean flowing = (sound->capture != NULL && snug_capture_get_active (SNUG_CAPTURE (sound->capture)))
                     || (sound->previous != NULL && snug_capture_get_active (SNUG_CAPTURE (sound->previous)));
  const GError *error = sound->capture != NULL ? snug_capture_get_error (SNUG_CAPTURE (sound->capture)) : NULL;

  g_object_freeze_notify (G_OBJECT (self));
  if (sound->active != (flowing && sound->enabled))
    {
      sound->active = flowing && sound->enabled;
      notify (self, PROP_AUDIO_ACTIVE);
    }
  if (!same_error (sound->error, error))
    {
      g_clear_error (&sound->error);
      sound->error = error != NULL ? g_error_copy (error) : NULL;
      notify (self, PROP_AUDIO_ERROR);
    }
  if (!flowing)
    set_audio_level (self, SNUG_AUDIO_LEVEL_SILENCE);
  if (!flowing || sound->enabled)
    set_speaking_while_muted (self, snug_local_voice_hear (self->voice, self->audio_level, FALSE));
  g_object_thaw_notify (G_OBJECT (self));
}

static void
update_encoding (SnugLocalMedia *self)
{
  SnugLocalStream *sound = &self->sound;
  gboolean heeded = snug_encoded_feed_has_listeners (sound->encoded);

  /* The gate behind the encoder is what makes mute certain; what stands before it saves the work, and empties its memory. */
  snug_encoded_feed_set_open (sound->encoded, sound->enabled && !self->suspended);
  if (sound->previous != NULL)
    snug_audio_capture_set_encoding (sound->previous, heeded, !sound->enabled);
  if (sound->capture != NULL)
    snug_audio_capture_set_encoding (sound->capture, heeded && sound->previous == NULL, !sound->enabled);
}

static void
on_camera_active (SnugLocalMedia *self)
{
  wish_rates (self);
  notify (self, PROP_VIDEO_ACTIVE);
}

static void
on_camera_error (SnugLocalMedia *self)
{
  notify (self, PROP_VIDEO_ERROR);
}

static void
on_capture_notify (SnugLocalMedia *self)
{
  end_previous (self);
  update_state (self);
}

static void
on_audio_level (SnugLocalMedia *self, double level)
{
  set_audio_level (self, level);
  set_speaking_while_muted (self, snug_local_voice_hear (self->voice, level, !self->sound.enabled));
}

static void
on_closed (gpointer owner, gpointer data)
{
  SnugLocalMedia *self = owner;

  self->sound.closing = FALSE;
  update (self);
}

static void
close_capture (SnugLocalMedia *self)
{
  g_autoptr (SnugAudioCapture) capture = g_steal_pointer (&self->sound.capture);

  g_signal_handlers_disconnect_by_data (capture, self);
  snug_local_voice_forget (self->voice, capture);
  self->sound.closing = TRUE;
  snug_capture_close (SNUG_CAPTURE (capture), self->relay, on_closed);
}

/* Nobody waits for it to be closed. */
static void
close_previous (SnugLocalMedia *self)
{
  g_autoptr (SnugAudioCapture) previous = g_steal_pointer (&self->sound.previous);

  if (previous == NULL)
    return;

  snug_audio_capture_set_encoding (previous, FALSE, TRUE);
  snug_capture_close (SNUG_CAPTURE (previous), self->relay, NULL);
}

/* Once the next microphone is there; or can't be, for then it is not the one before that the person wants. */
static void
end_previous (SnugLocalMedia *self)
{
  SnugCapture *capture = self->sound.capture != NULL ? SNUG_CAPTURE (self->sound.capture) : NULL;

  if (self->sound.previous != NULL && capture != NULL
      && (snug_capture_get_active (capture) || snug_capture_get_error (capture)))
    {
      close_previous (self);
      update_encoding (self);
    }
}

/* A microphone that works is heard until the next one is. */
static void
keep_previous (SnugLocalMedia *self)
{
  g_signal_handlers_disconnect_by_data (self->sound.capture, self);
  snug_local_voice_forget (self->voice, self->sound.capture);
  self->sound.previous = g_steal_pointer (&self->sound.capture);
}

static void
open_capture (SnugLocalMedia *self)
{
  SnugLocalStream *sound = &self->sound;

  sound->capture = snug_local_voice_open (self->voice, sound->source, sound->encoded);
  g_signal_connect_swapped (sound->capture, "level", G_CALLBACK (on_audio_level), self);
  g_signal_connect_swapped (sound->capture, "notify::active", G_CALLBACK (on_capture_notify), self);
  g_signal_connect_swapped (sound->capture, "notify::error", G_CALLBACK (on_capture_notify), self);
  apply_rates (self);
}

/* Brings what is there to what is wanted. */
static void
update (SnugLocalMedia *self)
{
  SnugLocalStream *sound = &self->sound;
  gboolean wanted = !self->suspended && snug_media_source_get_source_type (sound->source) != SNUG_MEDIA_SOURCE_NONE;

  if (sound->capture != NULL
      && (!wanted
          || !snug_media_source_equal (snug_capture_get_source (SNUG_CAPTURE (sound->capture)), sound->source)))
    {
      if (wanted && sound->previous == NULL && snug_capture_get_active (SNUG_CAPTURE (sound->capture)))
        keep_previous (self);
      else
        close_capture (self);
    }
  if (!wanted)
    close_previous (self);
  if (wanted && sound->capture == NULL && !sound->closing)
    open_capture (self);

  end_previous (self);
  update_encoding (self);
  update_state (self);
}

static void
snug_local_media_dispose (GObject *object)
{
  SnugLocalMedia *self = SNUG_LOCAL_MEDIA (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  if (self->sound.capture != NULL)
    {
      /* The feed may have other holders, who must not see it trickle on. */
      snug_encoded_feed_set_open (self->sound.encoded, FALSE);
      close_capture (self);
    }
  close_previous (self);
  g_signal_handlers_disconnect_by_data (self->sound.encoded, self);
  g_signal_handlers_disconnect_by_data (self->rate_control, self);
  g_signal_handlers_disconnect_by_data (self->camera, self);
  g_signal_handlers_disconnect_by_data (self->screen, self);
  g_object_run_dispose (G_OBJECT (self->camera));
  g_clear_pointer (&self->relay, snug_relay_close);

  G_OBJECT_CLASS (snug_local_media_parent_class)->dispose (object);
}

static void
snug_local_media_finalize (GObject *object)
{
  SnugLocalMedia *self = SNUG_LOCAL_MEDIA (object);

  g_clear_pointer (&self->sound.source, snug_media_source_free);
  g_clear_object (&self->sound.encoded);
  g_clear_error (&self->sound.error);
  g_clear_object (&self->camera);
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
      g_value_set_boxed (value, snug_local_camera_get_source (self->camera));
      break;
    case PROP_AUDIO_SOURCE:
      g_value_set_boxed (value, self->sound.source);
      break;
    case PROP_VIDEO_ENABLED:
      g_value_set_boolean (value, snug_local_camera_get_enabled (self->camera));
      break;
    case PROP_AUDIO_ENABLED:
      g_value_set_boolean (value, self->sound.enabled);
      break;
    case PROP_VIDEO_ACTIVE:
      g_value_set_boolean (value, snug_local_camera_get_active (self->camera));
      break;
    case PROP_AUDIO_ACTIVE:
      g_value_set_boolean (value, self->sound.active);
      break;
    case PROP_VIDEO_ERROR:
      g_value_set_boxed (value, snug_local_camera_get_error (self->camera));
      break;
    case PROP_AUDIO_ERROR:
      g_value_set_boxed (value, self->sound.error);
      break;
    case PROP_AUDIO_LEVEL:
      g_value_set_double (value, self->audio_level);
      break;
    case PROP_PREVIEW:
      g_value_set_object (value, snug_local_camera_get_preview (self->camera));
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
    case PROP_SILENCE_SUPPRESSION:
      g_value_set_boolean (value, snug_local_voice_get_silence_suppression (self->voice));
      break;
    case PROP_UPLOAD_LIMIT:
      g_value_set_uint (value, self->upload_limit);
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
set_upload_limit (SnugLocalMedia *self, guint kbit_per_second)
{
  if (self->upload_limit == kbit_per_second)
    return;

  self->upload_limit = kbit_per_second;
  wish_rates (self);
  notify (self, PROP_UPLOAD_LIMIT);
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
    case PROP_SILENCE_SUPPRESSION:
      if (snug_local_voice_set_silence_suppression (self->voice, g_value_get_boolean (value)))
        notify (self, PROP_SILENCE_SUPPRESSION);
      break;
    case PROP_UPLOAD_LIMIT:
      set_upload_limit (self, g_value_get_uint (value));
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
  properties[PROP_SILENCE_SUPPRESSION]
      = g_param_spec_boolean ("silence-suppression", NULL, NULL, FALSE, writable);
  properties[PROP_UPLOAD_LIMIT]
      = g_param_spec_uint ("upload-limit", NULL, NULL, 0, G_MAXUINT, 0, writable);
  properties[PROP_VOICE_PROCESSING_AVAILABLE]
      = g_param_spec_boolean ("voice-processing-available", NULL, NULL, FALSE, readable);
  properties[PROP_SPEAKING_WHILE_MUTED]
      = g_param_spec_boolean ("speaking-while-muted", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_local_media_init (SnugLocalMedia *self)
{
  self->relay = snug_relay_new (self);
  self->camera = snug_local_camera_new ();
  g_signal_connect_swapped (self->camera, "notify::active", G_CALLBACK (on_camera_active), self);
  g_signal_connect_swapped (self->camera, "notify::error", G_CALLBACK (on_camera_error), self);
  self->screen = snug_local_screen_new ();
  g_signal_connect_swapped (self->screen, "notify::active", G_CALLBACK (wish_rates), self);
  self->rate_control = snug_rate_control_new ();
  g_signal_connect_swapped (self->rate_control, "planned", G_CALLBACK (apply_rates), self);
  self->audio_level = SNUG_AUDIO_LEVEL_SILENCE;
  self->voice = snug_local_voice_new ();
  self->sound.source = snug_media_source_new (SNUG_MEDIA_SOURCE_NONE, NULL);
  self->sound.enabled = TRUE;
  self->sound.encoded = snug_encoded_feed_new ();
  g_signal_connect_swapped (self->sound.encoded, "listeners-changed", G_CALLBACK (update_encoding), self);
}

SnugLocalMedia *
snug_local_media_new (void)
{
  return g_object_new (SNUG_TYPE_LOCAL_MEDIA, NULL);
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

  g_object_freeze_notify (G_OBJECT (self));
  if (snug_local_camera_set_source (self->camera, source))
    notify (self, PROP_VIDEO_SOURCE);
  g_object_thaw_notify (G_OBJECT (self));
}

/* See snug_local_media_set_video_source(). */
void
snug_local_media_set_audio_source (SnugLocalMedia *self, const SnugMediaSource *source)
{
  SnugLocalStream *sound;
  gboolean is_same;

  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));
  g_return_if_fail (source != NULL);
  g_return_if_fail (snug_engine_is_main_thread ());

  sound = &self->sound;
  is_same = snug_media_source_equal (sound->source, source);
  if (is_same && sound->error == NULL)
    return;

  if (is_same)
    {
      /* Chosen once more: a retry. */
      if (sound->capture != NULL)
        close_capture (self);
      update (self);
      return;
    }

  snug_media_source_free (sound->source);
  sound->source = snug_media_source_copy (source);
  g_object_freeze_notify (G_OBJECT (self));
  notify (self, PROP_AUDIO_SOURCE);
  update (self);
  g_object_thaw_notify (G_OBJECT (self));
}

const SnugMediaSource *
snug_local_media_get_video_source (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return snug_local_camera_get_source (self->camera);
}

const SnugMediaSource *
snug_local_media_get_audio_source (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->sound.source;
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

  enabled = enabled != FALSE;
  if (snug_local_camera_get_enabled (self->camera) == enabled)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  notify (self, PROP_VIDEO_ENABLED);
  snug_local_camera_set_enabled (self->camera, enabled);
  g_object_thaw_notify (G_OBJECT (self));
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

  enabled = enabled != FALSE;
  if (self->sound.enabled == enabled)
    return;

  self->sound.enabled = enabled;
  g_object_freeze_notify (G_OBJECT (self));
  notify (self, PROP_AUDIO_ENABLED);
  update (self);
  g_object_thaw_notify (G_OBJECT (self));
}

gboolean
snug_local_media_get_video_enabled (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), FALSE);

  return snug_local_camera_get_enabled (self->camera);
}

gboolean
snug_local_media_get_audio_enabled (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), FALSE);

  return self->sound.enabled;
}

gboolean
snug_local_media_get_video_active (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), FALSE);

  return snug_local_camera_get_active (self->camera);
}

gboolean
snug_local_media_get_audio_active (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), FALSE);

  return self->sound.active;
}

const GError *
snug_local_media_get_video_error (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return snug_local_camera_get_error (self->camera);
}

const GError *
snug_local_media_get_audio_error (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->sound.error;
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

  return snug_local_camera_get_preview (self->camera);
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
  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));

  snug_local_camera_set_format (self->camera, width, height, framerate);
}

void
snug_local_media_set_video_bitrate (SnugLocalMedia *self, guint kbit_per_second)
{
  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));

  snug_local_camera_set_most (self->camera, kbit_per_second);
  wish_rates (self);
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
  snug_local_camera_set_suspended (self->camera, suspended);
  update (self);
}

SnugEncodedFeed *
snug_local_media_get_audio_feed (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return self->sound.encoded;
}

SnugEncodedFeed *
snug_local_media_get_video_feed (SnugLocalMedia *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (self), NULL);

  return snug_local_camera_get_feed (self->camera);
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
  g_return_if_fail (SNUG_IS_LOCAL_MEDIA (self));

  snug_local_camera_get_sent_format (self->camera, width, height, framerate);
}

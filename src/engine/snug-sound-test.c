/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-sound-test.h"

#include "snug-audio-level.h"
#include "snug-clip-player.h"
#include "snug-engine.h"
#include "snug-local-media-private.h"
#include "snug-relay.h"

#define SECONDS 3
#define N_BYTES (SECONDS * SNUG_CLIP_RATE * sizeof (gint16))
#define PROGRESS_INTERVAL_MS 50
/* How long the microphone may take to give three seconds of sound: as long as it may take to be opened, and then some. */
#define TIMEOUT_MS 8000

struct _SnugSoundTest
{
  GObject parent_instance;

  SnugLocalMedia *media;
  SnugAudioOutput *output;

  SnugSoundTestState state;
  GError *error;
  double progress;
  double level;

  /* Of one recording: what an earlier one still posts is for nobody. */
  SnugRelay *relay;
  GByteArray *recorded;
  SnugClipPlayer *player;
  guint timeout_id;
  guint progress_id;
};

typedef enum
{
  PROP_STATE = 1,
  PROP_PROGRESS,
  PROP_LEVEL,
  PROP_ERROR
} SnugSoundTestProperty;

static GParamSpec *properties[PROP_ERROR + 1];

G_DEFINE_FINAL_TYPE (SnugSoundTest, snug_sound_test, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SnugSoundTestState,
                    snug_sound_test_state,
                    G_DEFINE_ENUM_VALUE (SNUG_SOUND_TEST_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (SNUG_SOUND_TEST_RECORDING, "recording"),
                    G_DEFINE_ENUM_VALUE (SNUG_SOUND_TEST_PLAYING, "playing"),
                    G_DEFINE_ENUM_VALUE (SNUG_SOUND_TEST_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SNUG_SOUND_TEST_FAILED, "failed"))

static void
set_progress (SnugSoundTest *self, double progress)
{
  if (self->progress == progress)
    return;

  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

static void
set_level (SnugSoundTest *self, double level)
{
  if (self->level == level)
    return;

  self->level = level;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEVEL]);
}

/* Lets go of microphone and speaker. */
static void
stop (SnugSoundTest *self)
{
  if (self->relay != NULL)
    snug_local_voice_set_tap (snug_local_media_get_voice (self->media), NULL, NULL, NULL);
  if (self->media != NULL)
    g_signal_handlers_disconnect_by_data (self->media, self);
  g_clear_pointer (&self->relay, snug_relay_close);
  g_clear_pointer (&self->player, snug_clip_player_free);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_handle_id (&self->progress_id, g_source_remove);
  g_byte_array_set_size (self->recorded, 0);
}

/* error: (transfer full) (nullable) */
static void
enter (SnugSoundTest *self, SnugSoundTestState state, GError *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  set_progress (self, state == SNUG_SOUND_TEST_DONE ? 1.0 : 0.0);
  if (state != SNUG_SOUND_TEST_RECORDING)
    set_level (self, SNUG_AUDIO_LEVEL_SILENCE);
  if (self->error != NULL || error != NULL)
    {
      g_clear_error (&self->error);
      self->error = error;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/* error: (transfer full) */
static void
fail (SnugSoundTest *self, GError *error)
{
  stop (self);
  enter (self, SNUG_SOUND_TEST_FAILED, error);
}

static void
on_played (gpointer user_data)
{
  SnugSoundTest *self = user_data;
  const GError *error = snug_audio_output_get_error (self->output);

  if (error != NULL)
    {
      fail (self, g_error_copy (error));
      return;
    }

  stop (self);
  enter (self, SNUG_SOUND_TEST_DONE, NULL);
}

static gboolean
on_play_progress (gpointer user_data)
{
  SnugSoundTest *self = user_data;

  set_progress (self, snug_clip_player_get_progress (self->player));

  return G_SOURCE_CONTINUE;
}

static void
play (SnugSoundTest *self)
{
  g_autoptr (GBytes) samples = g_bytes_new (self->recorded->data, N_BYTES);
  const GError *error;

  stop (self);
  self->player = snug_clip_player_new (self->output, samples, on_played, self);
  error = snug_audio_output_get_error (self->output);
  if (error != NULL)
    {
      fail (self, g_error_copy (error));
      return;
    }

  self->progress_id = g_timeout_add (PROGRESS_INTERVAL_MS, on_play_progress, self);
  enter (self, SNUG_SOUND_TEST_PLAYING, NULL);
}

/* data: GBytes */
static void
on_recorded (gpointer owner, gpointer data)
{
  SnugSoundTest *self = owner;
  gsize size;
  gconstpointer bytes = g_bytes_get_data (data, &size);

  if (self->state != SNUG_SOUND_TEST_RECORDING)
    return;

  g_byte_array_append (self->recorded, bytes, size);
  if (self->recorded->len >= N_BYTES)
    play (self);
  else
    set_progress (self, (double) self->recorded->len / N_BYTES);
}

/* Streaming thread. */
static void
on_sample (GstSample *sample, gpointer user_data)
{
  GstMapInfo map;
  GstBuffer *buffer = gst_sample_get_buffer (sample);

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;

  snug_relay_post (user_data, on_recorded, g_bytes_new (map.data, map.size),
                   (GDestroyNotify) g_bytes_unref);
  gst_buffer_unmap (buffer, &map);
}

static void
on_media_level (SnugSoundTest *self)
{
  set_level (self, snug_local_media_get_audio_level (self->media));
}

static void
on_media_error (SnugSoundTest *self)
{
  const GError *error = snug_local_media_get_audio_error (self->media);

  if (error != NULL)
    fail (self, g_error_copy (error));
}

static gboolean
on_timeout (gpointer user_data)
{
  SnugSoundTest *self = user_data;

  self->timeout_id = 0;
  fail (self, g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_FRAMES,
                                   "The microphone gave too little sound"));

  return G_SOURCE_REMOVE;
}

void
snug_sound_test_start (SnugSoundTest *self)
{
  const SnugMediaSource *source;
  const GError *error;

  g_return_if_fail (SNUG_IS_SOUND_TEST (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  stop (self);
  enter (self, SNUG_SOUND_TEST_RECORDING, NULL);

  error = snug_local_media_get_audio_error (self->media);
  source = snug_local_media_get_audio_source (self->media);
  if (error != NULL)
    {
      fail (self, g_error_copy (error));
      return;
    }
  if (snug_media_source_get_source_type (source) == SNUG_MEDIA_SOURCE_NONE)
    {
      fail (self, g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE,
                                       "No microphone is chosen"));
      return;
    }

  self->relay = snug_relay_new (self);
  g_signal_connect_swapped (self->media, "notify::audio-level", G_CALLBACK (on_media_level), self);
  g_signal_connect_swapped (self->media, "notify::audio-error", G_CALLBACK (on_media_error), self);
  self->timeout_id = g_timeout_add (TIMEOUT_MS, on_timeout, self);
  snug_local_voice_set_tap (snug_local_media_get_voice (self->media), on_sample,
                            snug_relay_ref (self->relay), (GDestroyNotify) snug_relay_unref);
}

void
snug_sound_test_cancel (SnugSoundTest *self)
{
  g_return_if_fail (SNUG_IS_SOUND_TEST (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  stop (self);
  enter (self, SNUG_SOUND_TEST_IDLE, NULL);
}

static void
snug_sound_test_dispose (GObject *object)
{
  SnugSoundTest *self = SNUG_SOUND_TEST (object);

  stop (self);
  g_clear_object (&self->media);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (snug_sound_test_parent_class)->dispose (object);
}

static void
snug_sound_test_finalize (GObject *object)
{
  SnugSoundTest *self = SNUG_SOUND_TEST (object);

  g_byte_array_unref (self->recorded);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_sound_test_parent_class)->finalize (object);
}

static void
snug_sound_test_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugSoundTest *self = SNUG_SOUND_TEST (object);

  switch ((SnugSoundTestProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_LEVEL:
      g_value_set_double (value, self->level);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_sound_test_class_init (SnugSoundTestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = snug_sound_test_dispose;
  object_class->finalize = snug_sound_test_finalize;
  object_class->get_property = snug_sound_test_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_SOUND_TEST_STATE,
                                              SNUG_SOUND_TEST_IDLE, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0.0, 1.0, 0.0, flags);
  properties[PROP_LEVEL] = g_param_spec_double ("level", NULL, NULL, SNUG_AUDIO_LEVEL_SILENCE, 0.0,
                                                SNUG_AUDIO_LEVEL_SILENCE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_sound_test_init (SnugSoundTest *self)
{
  self->recorded = g_byte_array_new ();
  self->level = SNUG_AUDIO_LEVEL_SILENCE;
}

SnugSoundTest *
snug_sound_test_new (SnugLocalMedia *media, SnugAudioOutput *output)
{
  SnugSoundTest *self;

  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (media), NULL);
  g_return_val_if_fail (SNUG_IS_AUDIO_OUTPUT (output), NULL);

  self = g_object_new (SNUG_TYPE_SOUND_TEST, NULL);
  self->media = g_object_ref (media);
  self->output = g_object_ref (output);

  return self;
}

SnugSoundTestState
snug_sound_test_get_state (SnugSoundTest *self)
{
  g_return_val_if_fail (SNUG_IS_SOUND_TEST (self), SNUG_SOUND_TEST_IDLE);

  return self->state;
}

double
snug_sound_test_get_progress (SnugSoundTest *self)
{
  g_return_val_if_fail (SNUG_IS_SOUND_TEST (self), 0.0);

  return self->progress;
}

double
snug_sound_test_get_level (SnugSoundTest *self)
{
  g_return_val_if_fail (SNUG_IS_SOUND_TEST (self), SNUG_AUDIO_LEVEL_SILENCE);

  return self->level;
}

const GError *
snug_sound_test_get_error (SnugSoundTest *self)
{
  g_return_val_if_fail (SNUG_IS_SOUND_TEST (self), NULL);

  return self->error;
}

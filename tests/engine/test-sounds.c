/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The app's own sounds and the test of one's own sound, heard where the mix comes out.
 */
#include <string.h>

#include "snug-fixtures.h"
#include "snug-audio-output-private.h"
#include "snug-chime.h"
#include "snug-engine.h"
#include "snug-pipeline.h"
#include "snug-sound-test.h"
#include "snug-sounds.h"
#include "snug-test-media.h"
#include "snug-test-speech.h"

/* What is about to be heard, as the echo canceller is told. */
typedef struct
{
  GMutex mutex;
  gint16 loudest;
  guint64 n_loud; /* samples */
} Ear;

static void
on_played (GstBuffer *buffer, GstClockTime time, gpointer user_data)
{
  Ear *ear = user_data;
  GstMapInfo map;
  const gint16 *samples;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  samples = (const gint16 *) (gconstpointer) map.data;
  g_mutex_lock (&ear->mutex);
  for (gsize i = 0; i < map.size / sizeof (gint16); i++)
    {
      ear->loudest = MAX (ear->loudest, ABS (samples[i]));
      ear->n_loud += ABS (samples[i]) > 30;
    }
  g_mutex_unlock (&ear->mutex);
  gst_buffer_unmap (buffer, &map);
}

static gint16
ear_loudest (Ear *self)
{
  gint16 loudest;

  g_mutex_lock (&self->mutex);
  loudest = self->loudest;
  g_mutex_unlock (&self->mutex);

  return loudest;
}

static void
ear_listen (Ear *self, SnugAudioOutput *output)
{
  *self = (Ear){ 0 };
  g_mutex_init (&self->mutex);
  snug_echo_reference_add_listener (snug_audio_output_get_echo_reference (output), on_played, self);
}

static void
ear_stop (Ear *self, SnugAudioOutput *output)
{
  snug_echo_reference_remove_listener (snug_audio_output_get_echo_reference (output), self);
  g_mutex_clear (&self->mutex);
}

static void
test_chime (void)
{
  const SnugChimeNote notes[] = {
    { .hertz = 440, .start = 0.0, .seconds = 0.3, .peak = 0.2 },
    { .hertz = 660, .start = 0.1, .seconds = 0.4, .peak = 0.2 },
  };
  /* Louder than there is, and higher than can be. */
  const SnugChimeNote wild[] = {
    { .hertz = 440, .start = 0.0, .seconds = 0.1, .peak = 5.0 },
    { .hertz = 90000, .start = 0.0, .seconds = 0.1, .peak = 5.0 },
  };
  g_autoptr (GBytes) chime = snug_chime_render (notes, G_N_ELEMENTS (notes));
  g_autoptr (GBytes) clipped = snug_chime_render (wild, G_N_ELEMENTS (wild));
  g_autoptr (GBytes) nothing = snug_chime_render (NULL, 0);
  const gint16 *samples = g_bytes_get_data (chime, NULL);
  gsize n = g_bytes_get_size (chime) / sizeof (gint16);

  g_assert_cmpuint (n, ==, 24000);
  g_assert_cmpint (samples[0], ==, 0);
  g_assert_cmpint (ABS (samples[n - 1]), <, 30);
  g_assert_cmpfloat (snug_test_speech_level (samples, n), >, -40);
  g_assert_cmpfloat (snug_test_speech_level (samples, n), <, -15);
  /* No click: neighbouring samples are alike. */
  for (gsize i = 1; i < n; i++)
    g_assert_cmpint (ABS (samples[i] - samples[i - 1]), <, 2500);
  g_assert_cmpuint (g_bytes_get_size (clipped), ==, 9600);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
}

static void
test_sounds (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  SnugSounds *sounds = snug_sounds_new (output);

  for (SnugSound sound = SNUG_SOUND_JOIN; sound < SNUG_N_SOUNDS; sound++)
    {
      Ear ear;

      ear_listen (&ear, output);
      snug_sounds_play (sounds, sound);
      /* A crowd makes one sound. */
      snug_sounds_play (sounds, sound);
      g_assert_true (snug_sounds_is_playing (sounds, sound));
      snug_await (!snug_sounds_is_playing (sounds, sound));
      /* It passes by the echo canceller, so that nobody else hears it; soft, but there. */
      g_assert_cmpint (ear_loudest (&ear), >, 1000);
      g_assert_cmpint (ear_loudest (&ear), <, 8000);
      g_assert_cmpuint (ear.n_loud, >, 2000);
      ear_stop (&ear, output);
      /* The speaker is let go of. */
      g_assert_null (snug_audio_output_get_mixer (output));
    }

  snug_await_finalized (sounds);
  snug_await_finalized (output);
  snug_await (snug_pipeline_get_n_closing () == 0);
}

static void
test_disabled (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  SnugSounds *sounds = snug_sounds_new (output);

  g_assert_true (snug_sounds_get_enabled (sounds));
  snug_sounds_play (sounds, SNUG_SOUND_JOIN);
  snug_sounds_play (sounds, SNUG_SOUND_MESSAGE);
  g_object_set (sounds, "enabled", FALSE, NULL);
  g_assert_false (snug_sounds_is_playing (sounds, SNUG_SOUND_JOIN));
  g_assert_false (snug_sounds_is_playing (sounds, SNUG_SOUND_MESSAGE));
  g_assert_null (snug_audio_output_get_mixer (output));
  snug_sounds_play (sounds, SNUG_SOUND_LEAVE);
  g_assert_null (snug_audio_output_get_mixer (output));

  /* Gone in the middle of one. */
  g_object_set (sounds, "enabled", TRUE, NULL);
  snug_sounds_play (sounds, SNUG_SOUND_LEAVE);
  snug_await_finalized (sounds);
  snug_await_finalized (output);
  snug_await (snug_pipeline_get_n_closing () == 0);
}

static void
test_sound_test (void)
{
  SnugLocalMedia *media = snug_test_media_new ("none", "test");
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  SnugSoundTest *test = snug_sound_test_new (media, output);
  Ear ear;

  /* Muted or not. */
  snug_local_media_set_audio_enabled (media, FALSE);
  g_assert_cmpint (snug_sound_test_get_state (test), ==, SNUG_SOUND_TEST_IDLE);
  ear_listen (&ear, output);
  snug_sound_test_start (test);
  g_assert_cmpint (snug_sound_test_get_state (test), ==, SNUG_SOUND_TEST_RECORDING);
  snug_await (snug_sound_test_get_level (test) > SNUG_TEST_TONE_DBFS - SNUG_TEST_LEVEL_TOLERANCE);
  snug_await (snug_sound_test_get_progress (test) > 0.2);
  g_assert_cmpint (ear_loudest (&ear), ==, 0);
  snug_await (snug_sound_test_get_state (test) == SNUG_SOUND_TEST_PLAYING);
  snug_await (snug_sound_test_get_progress (test) > 0.2);
  snug_await (snug_sound_test_get_state (test) == SNUG_SOUND_TEST_DONE);
  g_assert_cmpfloat (snug_sound_test_get_progress (test), ==, 1.0);
  g_assert_null (snug_sound_test_get_error (test));
  /* The tone that was recorded, three seconds of two channels of it, but for what a busy machine dropped. */
  g_assert_cmpint (ABS (ear_loudest (&ear) - 2294), <, 100);
  g_assert_cmpuint (ear.n_loud, >, 2 * 48000 * 2);
  ear_stop (&ear, output);

  /* In the middle of either, and from the beginning again. */
  snug_sound_test_start (test);
  snug_await (snug_sound_test_get_progress (test) > 0.1);
  snug_sound_test_cancel (test);
  g_assert_cmpint (snug_sound_test_get_state (test), ==, SNUG_SOUND_TEST_IDLE);
  g_assert_null (snug_audio_output_get_mixer (output));
  snug_sound_test_start (test);
  snug_await (snug_sound_test_get_state (test) == SNUG_SOUND_TEST_PLAYING);
  snug_sound_test_start (test);
  g_assert_cmpint (snug_sound_test_get_state (test), ==, SNUG_SOUND_TEST_RECORDING);
  snug_await (snug_sound_test_get_progress (test) > 0.1);

  snug_await_finalized (test);
  snug_await_finalized (output);
  snug_test_media_await_gone (media);
}

static void
test_sound_test_fails (void)
{
  SnugLocalMedia *media = snug_test_media_new ("none", "none");
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  SnugSoundTest *test = snug_sound_test_new (media, output);

  snug_sound_test_start (test);
  g_assert_cmpint (snug_sound_test_get_state (test), ==, SNUG_SOUND_TEST_FAILED);
  g_assert_error (snug_sound_test_get_error (test), SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE);

  snug_test_media_set_sources (media, "none", "wav:/nobody/nowhere.wav");
  snug_sound_test_start (test);
  snug_await (snug_sound_test_get_state (test) == SNUG_SOUND_TEST_FAILED);
  g_assert_error (snug_sound_test_get_error (test), SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE);

  snug_test_media_set_sources (media, "none", "test");
  snug_sound_test_start (test);
  g_assert_null (snug_sound_test_get_error (test));
  snug_await (snug_sound_test_get_progress (test) > 0.1);
  snug_await_finalized (test);
  snug_await_finalized (output);
  snug_test_media_await_gone (media);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (&error));
  g_test_add_func ("/sounds/chime", test_chime);
  g_test_add_func ("/sounds/play", test_sounds);
  g_test_add_func ("/sounds/disabled", test_disabled);
  g_test_add_func ("/sounds/test", test_sound_test);
  g_test_add_func ("/sounds/test-fails", test_sound_test_fails);

  return snug_test_run_ticking ();
}

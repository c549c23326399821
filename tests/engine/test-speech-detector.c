/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who speaks, in simulated time: levels come every 50 ms, as from a meter.
 */
#include "snug-speech-detector.h"

#include <math.h>

#define STEP_MS 50
#define LOUD -20.0
#define BETWEEN -45.0
#define QUIET -70.0

static const SnugSpeechDetectorConfig config = {
  .on_dbfs = -42.0,
  .off_dbfs = -48.0,
  .pause = 300 * 1000,
  .onset = 600 * 1000,
  .hold = 2000 * 1000,
};

typedef struct
{
  SnugSpeechDetector detector;
  gint64 now;
} Listener;

static void
init (Listener *self)
{
  self->now = 0;
  snug_speech_detector_init (&self->detector, &config);
}

/* Returns: how many of the steps somebody spoke in. */
static guint
hear (Listener *self, double level, guint milliseconds)
{
  guint n_speaking = 0;

  for (guint ms = 0; ms < milliseconds; ms += STEP_MS)
    {
      self->now += STEP_MS * 1000;
      n_speaking += snug_speech_detector_update (&self->detector, self->now, level);
    }

  return n_speaking;
}

static void
test_onset (void)
{
  Listener listener;

  init (&listener);
  g_assert_cmpuint (hear (&listener, LOUD, 600), ==, 0);
  g_assert_cmpuint (hear (&listener, LOUD, 50), ==, 1);
  g_assert_true (listener.detector.speaking);
}

static void
test_click (void)
{
  Listener listener;

  init (&listener);
  for (guint i = 0; i < 100; i++)
    {
      g_assert_cmpuint (hear (&listener, LOUD, 50), ==, 0);
      g_assert_cmpuint (hear (&listener, QUIET, 400), ==, 0);
    }
  /* Two in a row, closer than the pauses of speech. */
  hear (&listener, LOUD, 50);
  hear (&listener, QUIET, 250);
  g_assert_cmpuint (hear (&listener, LOUD, 50), ==, 0);
  g_assert_cmpuint (hear (&listener, QUIET, 3000), ==, 0);
}

static void
test_pauses (void)
{
  Listener listener;

  init (&listener);
  hear (&listener, LOUD, 200);
  hear (&listener, QUIET, 250);
  g_assert_cmpuint (hear (&listener, LOUD, 200), ==, 1);

  /* One that is too long: it begins anew. */
  init (&listener);
  hear (&listener, LOUD, 500);
  hear (&listener, QUIET, 350);
  g_assert_cmpuint (hear (&listener, LOUD, 600), ==, 0);
  g_assert_cmpuint (hear (&listener, LOUD, 50), ==, 1);
}

static void
test_hold (void)
{
  Listener listener;

  init (&listener);
  hear (&listener, LOUD, 1000);
  g_assert_cmpuint (hear (&listener, QUIET, 1950), ==, 39);
  g_assert_cmpuint (hear (&listener, QUIET, 1000), ==, 0);

  /* It takes a whole onset again. */
  g_assert_cmpuint (hear (&listener, LOUD, 600), ==, 0);
  hear (&listener, LOUD, 50);

  /* A word now and then is enough to go on. */
  for (guint i = 0; i < 10; i++)
    {
      g_assert_cmpuint (hear (&listener, QUIET, 1900), ==, 38);
      g_assert_cmpuint (hear (&listener, LOUD, 50), ==, 1);
    }
}

static void
test_hysteresis (void)
{
  Listener listener;

  /* Never loud, so never speech. */
  init (&listener);
  g_assert_cmpuint (hear (&listener, BETWEEN, 5000), ==, 0);

  /* Loud once: what is between stays loud. */
  hear (&listener, LOUD, 50);
  g_assert_cmpuint (hear (&listener, BETWEEN, 550), ==, 0);
  g_assert_cmpuint (hear (&listener, BETWEEN, 5000), ==, 100);

  /* Quiet once: what is between stays quiet. */
  hear (&listener, QUIET, 50);
  hear (&listener, BETWEEN, 2000);
  g_assert_cmpuint (hear (&listener, BETWEEN, 1000), ==, 0);
}

static void
test_reset (void)
{
  Listener listener;

  init (&listener);
  hear (&listener, LOUD, 1000);
  snug_speech_detector_reset (&listener.detector);
  g_assert_false (listener.detector.speaking);
  g_assert_cmpuint (hear (&listener, LOUD, 600), ==, 0);
  g_assert_cmpuint (hear (&listener, LOUD, 50), ==, 1);
}

static void
test_strange_levels (void)
{
  Listener listener;

  init (&listener);
  hear (&listener, LOUD, 1000);
  g_assert_cmpuint (hear (&listener, NAN, 3000), <, 40);
  g_assert_false (listener.detector.speaking);
  g_assert_cmpuint (hear (&listener, -INFINITY, 3000), ==, 0);
  g_assert_cmpuint (hear (&listener, INFINITY, 700), >, 0);

  /* Nothing for an hour, then a word: the silence does not count as speech. */
  init (&listener);
  hear (&listener, LOUD, 100);
  listener.now += G_GINT64_CONSTANT (3600000000);
  g_assert_cmpuint (hear (&listener, LOUD, 600), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speech-detector/onset", test_onset);
  g_test_add_func ("/speech-detector/click", test_click);
  g_test_add_func ("/speech-detector/pauses", test_pauses);
  g_test_add_func ("/speech-detector/hold", test_hold);
  g_test_add_func ("/speech-detector/hysteresis", test_hysteresis);
  g_test_add_func ("/speech-detector/reset", test_reset);
  g_test_add_func ("/speech-detector/strange-levels", test_strange_levels);

  return g_test_run ();
}

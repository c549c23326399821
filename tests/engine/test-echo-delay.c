/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The delay of an echo, found in sound that is made up, in simulated time.
 */
#include "snug-fixtures.h"
#include "snug-echo-delay.h"

#include <math.h>
#include <string.h>

#include "snug-test-speech.h"

#define RATE SNUG_TEST_SPEECH_RATE
#define BLOCK (RATE / 100)
#define MS G_GINT64_CONSTANT (1000000)
#define BLOCK_TIME (10 * MS)
/* The far end is known this long ahead. */
#define AHEAD 3
#define TOLERANCE (2 * MS)

typedef struct
{
  gint16 *samples;
  gsize n;
} Sound;

static Sound
speech (guint32 seed, double hertz, double peak, double seconds)
{
  g_autoptr (GBytes) bytes = snug_test_speech_new (seed, hertz, peak, seconds);
  gsize size = g_bytes_get_size (bytes);

  return (Sound){ g_memdup2 (g_bytes_get_data (bytes, NULL), size), size / sizeof (gint16) };
}

/* What the microphone hears of it: later, softer, with a tail. */
static Sound
echo_of (Sound far, double milliseconds, double gain)
{
  Sound echo = { g_new0 (gint16, far.n), far.n };
  gssize delay = milliseconds * RATE / 1000;

  for (gssize i = 0; i < (gssize) far.n; i++)
    {
      double value = 0;

      for (guint reflection = 0; reflection < 8; reflection++)
        {
          gssize at = i - delay - (gssize) reflection * 331;

          if (at >= 0 && at < (gssize) far.n)
            value += far.samples[at] * pow (-0.55, reflection);
        }
      echo.samples[i] = lrint (CLAMP (gain * value, -32768, 32767));
    }

  return echo;
}

static void
add (Sound sound, Sound other)
{
  for (gsize i = 0; i < MIN (sound.n, other.n); i++)
    sound.samples[i] = CLAMP (sound.samples[i] + other.samples[i], -32768, 32767);
}

static void
push_far (SnugEchoDelay *delay, Sound far, gsize block, gint64 start)
{
  if ((block + 1) * BLOCK <= far.n)
    snug_echo_delay_push_far (delay, far.samples + block * BLOCK, BLOCK, 1, start + block * BLOCK_TIME);
}

/* Returns: when the delay was known, in seconds; -1: it was not. */
static double
run (SnugEchoDelay *delay, Sound far, Sound near, gint64 start, gint64 jitter)
{
  double known = -1;
  gint64 found;

  for (gsize block = 0; block < AHEAD; block++)
    push_far (delay, far, block, start);
  for (gsize block = 0; (block + 1) * BLOCK <= near.n; block++)
    {
      push_far (delay, far, block + AHEAD, start);
      snug_echo_delay_push_near (delay, near.samples + block * BLOCK, BLOCK,
                                 start + block * BLOCK_TIME + (block % 2 == 0 ? jitter : -jitter));
      if (known < 0 && snug_echo_delay_get (delay, &found))
        known = (double) block * BLOCK / RATE;
    }

  return known;
}

static void
test_delays (void)
{
  static const double delays[] = { -10, 0, 5, 40, 100, 200, 350 };

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      g_autoptr (SnugEchoDelay) delay = snug_echo_delay_new ();
      Sound far = speech (i + 1, 120, 0.5, 6);
      Sound near = echo_of (far, delays[i], 0.3);
      gint64 found = 0;
      double known = run (delay, far, near, 1000 * MS, 0);

      g_test_message ("%g ms: known after %.2f s", delays[i], known);
      g_assert_cmpfloat (known, >, 0);
      g_assert_true (snug_echo_delay_get (delay, &found));
      g_assert_cmpint (ABS (found - (gint64) (delays[i] * MS)), <=, TOLERANCE);
      g_free (far.samples);
      g_free (near.samples);
    }
}

static void
test_double_talk (void)
{
  g_autoptr (SnugEchoDelay) delay = snug_echo_delay_new ();
  Sound far = speech (1, 120, 0.5, 10);
  Sound talk = speech (7, 200, 0.3, 10);
  Sound near = echo_of (far, 60, 0.5);
  gint64 found = 0;

  add (near, talk);
  g_assert_cmpfloat (run (delay, far, near, 1000 * MS, 0), >, 0);
  g_assert_true (snug_echo_delay_get (delay, &found));
  g_assert_cmpint (ABS (found - 60 * MS), <=, TOLERANCE);
  g_free (far.samples);
  g_free (talk.samples);
  g_free (near.samples);
}

/* With headphones there is none, and none is made up. */
static void
test_no_echo (void)
{
  for (guint32 seed = 1; seed < 6; seed++)
    {
      g_autoptr (SnugEchoDelay) delay = snug_echo_delay_new ();
      Sound far = speech (seed, 120, 0.5, 8);
      Sound talk = speech (seed + 10, 200, 0.5, 8);

      g_assert_cmpfloat (run (delay, far, talk, 1000 * MS, 0), <, 0);
      g_free (far.samples);
      g_free (talk.samples);
    }
}

static void
test_silence (void)
{
  g_autoptr (SnugEchoDelay) delay = snug_echo_delay_new ();
  Sound silence = { g_new0 (gint16, RATE * 4), RATE * 4 };
  Sound talk = speech (7, 200, 0.5, 4);

  g_assert_cmpfloat (run (delay, silence, silence, 0, 0), <, 0);
  g_assert_cmpfloat (run (delay, silence, talk, 4000 * MS, 0), <, 0);
  g_assert_cmpfloat (run (delay, talk, silence, 8000 * MS, 0), <, 0);
  g_free (silence.samples);
  g_free (talk.samples);
}

/* The speaker or the microphone is another one. */
static void
test_change (void)
{
  g_autoptr (SnugEchoDelay) delay = snug_echo_delay_new ();
  Sound far = speech (1, 120, 0.5, 8);
  Sound before = echo_of (far, 30, 0.4);
  Sound after = echo_of (far, 180, 0.2);
  gint64 found = 0;

  run (delay, far, before, 1000 * MS, 0);
  g_assert_true (snug_echo_delay_get (delay, &found));
  g_assert_cmpint (ABS (found - 30 * MS), <=, TOLERANCE);
  run (delay, far, after, 20000 * MS, 0);
  g_assert_true (snug_echo_delay_get (delay, &found));
  g_assert_cmpint (ABS (found - 180 * MS), <=, TOLERANCE);
  g_free (far.samples);
  g_free (before.samples);
  g_free (after.samples);
}

static void
test_jitter (void)
{
  g_autoptr (SnugEchoDelay) delay = snug_echo_delay_new ();
  Sound far = speech (1, 120, 0.5, 6);
  Sound near = echo_of (far, 60, 0.3);
  gint64 found = 0;

  g_assert_cmpfloat (run (delay, far, near, 1000 * MS, 2 * MS), >, 0);
  g_assert_true (snug_echo_delay_get (delay, &found));
  g_assert_cmpint (ABS (found - 60 * MS), <=, 2 * TOLERANCE);
  g_free (far.samples);
  g_free (near.samples);
}

/* Stamps from anywhere, blocks of any size, stereo. */
static void
test_strange (void)
{
  g_autoptr (SnugEchoDelay) delay = snug_echo_delay_new ();
  gint16 samples[2 * BLOCK];
  gint64 found;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = g_test_rand_int_range (-32768, 32767);
  for (guint i = 0; i < 3000; i++)
    {
      guint64 time = g_test_rand_bit () ? (guint64) g_test_rand_int_range (0, G_MAXINT) * 1000
                                        : (guint64) g_test_rand_int () << 32;

      snug_echo_delay_push_far (delay, samples, g_test_rand_int_range (0, BLOCK + 1), 2, time);
      snug_echo_delay_push_near (delay, samples, g_test_rand_int_range (0, BLOCK + 1),
                                 g_test_rand_bit () ? time : i);
    }
  snug_echo_delay_get (delay, &found);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/echo-delay/delays", test_delays);
  g_test_add_func ("/echo-delay/double-talk", test_double_talk);
  g_test_add_func ("/echo-delay/no-echo", test_no_echo);
  g_test_add_func ("/echo-delay/silence", test_silence);
  g_test_add_func ("/echo-delay/change", test_change);
  g_test_add_func ("/echo-delay/jitter", test_jitter);
  g_test_add_func ("/echo-delay/strange", test_strange);

  return g_test_run ();
}

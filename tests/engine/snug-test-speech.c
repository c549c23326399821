/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-fixtures.h"
#include "snug-test-speech.h"

#include <math.h>

#define RATE SNUG_TEST_SPEECH_RATE
#define TWO_PI 6.283185307179586
#define N_HARMONICS 40
#define HIGHEST_HERTZ 7500.0
/* Lags are looked for in steps, then one by one around the best. */
#define COARSE 6
/* Compared piece by piece, and the one in the middle taken: a machine that is busy drops sound now and then. */
#define SEGMENT (RATE / 2)

typedef struct
{
  guint32 seed;
  double hertz;
  double peak;
  double phase;
  double last_noise;
} Voice;

/* -1 to 1. */
static double
random_between (Voice *self)
{
  self->seed = self->seed * 1664525u + 1013904223u;

  return (self->seed >> 8) / 8388608.0 - 1.0;
}

static double
formant (double hertz, double center, double width)
{
  double distance = (hertz - center) / width;

  return exp (-distance * distance);
}

static gsize
add_syllable (Voice *self, double *samples, gsize n)
{
  gsize wanted = RATE * (0.2 + 0.08 * random_between (self));
  gsize length = MIN (n, wanted);
  gboolean hisses = random_between (self) > 0.5;
  double pitch = self->hertz * (1 + 0.2 * random_between (self));
  double low = 500 + 250 * random_between (self);
  double middle = 1500 + 600 * random_between (self);
  double high = 2700 + 300 * random_between (self);
  double peak = self->peak * (0.8 + 0.2 * random_between (self));

  for (gsize i = 0; i < length; i++)
    {
      double at = (double) i / length;
      double envelope = sin (TWO_PI / 2 * at);
      double hertz = pitch * (1 + 0.1 * sin (TWO_PI * 3 * at));
      double value = 0;

      self->phase = fmod (self->phase + hertz / RATE, 1.0);
      if (hisses && at < 0.4)
        {
          double noise = random_between (self);

          value = 0.25 * (noise - self->last_noise);
          self->last_noise = noise;
        }
      else
        for (guint h = 1; h <= N_HARMONICS && hertz * h < HIGHEST_HERTZ; h++)
          value += 0.3 * sin (TWO_PI * self->phase * h)
                   * (formant (hertz * h, low, 250) + 0.6 * formant (hertz * h, middle, 350)
                      + 0.35 * formant (hertz * h, high, 450) + 0.02);
      samples[i] = peak * envelope * envelope * value;
    }

  return length;
}

GBytes *
snug_test_speech_new (guint32 seed, double hertz, double peak, double seconds)
{
  Voice voice = { .seed = seed, .hertz = hertz, .peak = peak };
  gsize n = seconds * RATE;
  g_autofree double *samples = g_new0 (double, n);
  gint16 *rounded = g_new (gint16, n);

  for (gsize i = 0; i < n;)
    {
      i += add_syllable (&voice, samples + i, n - i);
      i += RATE * (random_between (&voice) > 0.6 ? 0.25 : 0.03);
    }
  for (gsize i = 0; i < n; i++)
    rounded[i] = lrint (CLAMP (samples[i], -1.0, 1.0) * G_MAXINT16);

  return g_bytes_new_take (rounded, n * sizeof (gint16));
}

double
snug_test_speech_level (const gint16 *samples, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) samples[i] * samples[i];

  return n > 0 && sum > 0 ? MAX (-120.0, 10 * log10 (sum / n) - 20 * log10 (32768)) : -120.0;
}

static double
correlate (const gint16 *samples, const gint16 *reference, gsize n, gsize step, double *energy)
{
  double sum = 0, samples_energy = 0;

  for (gsize i = 0; i < n; i += step)
    {
      sum += (double) samples[i] * reference[i];
      samples_energy += (double) samples[i] * samples[i];
    }
  *energy = samples_energy;

  return sum;
}

/* The lag where n samples fit best. */
static gsize
find_lag (const gint16 *samples, const gint16 *reference, gsize n, gsize max_lag)
{
  double best = 0, energy;
  gsize found = 0, first, last;

  for (gsize lag = 0; lag < max_lag; lag += COARSE)
    {
      double sum = correlate (samples + lag, reference, n, COARSE + 1, &energy);

      if (sum > best)
        {
          best = sum;
          found = lag;
        }
    }

  first = found > COARSE ? found - COARSE : 0;
  last = MIN (found + COARSE, max_lag - 1);
  best = 0;
  for (gsize lag = first; lag <= last; lag++)
    {
      double sum = correlate (samples + lag, reference, n, 1, &energy);

      if (sum > best)
        {
          best = sum;
          found = lag;
        }
    }

  return found;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;

  return difference < 0 ? -1 : difference > 0;
}

static double
median (GArray *values)
{
  g_array_sort (values, compare_doubles);

  return g_array_index (values, double, values->len / 2);
}

SnugTestLikeness
snug_test_speech_compare (const gint16 *samples, const gint16 *reference, gsize n, gsize max_lag)
{
  g_autoptr (GArray) gains = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) likenesses = g_array_new (FALSE, FALSE, sizeof (double));

  g_assert_cmpuint (n, >=, max_lag + SEGMENT);

  for (gsize at = 0; at + SEGMENT + max_lag <= n; at += SEGMENT)
    {
      gsize lag = find_lag (samples + at, reference + at, SEGMENT, max_lag);
      double energy, reference_energy, sum, gain, likeness;

      correlate (reference + at, reference + at, SEGMENT, 1, &reference_energy);
      sum = MAX (correlate (samples + at + lag, reference + at, SEGMENT, 1, &energy), 1);
      gain = 20 * log10 (sum / reference_energy);
      likeness = sum / sqrt (reference_energy * MAX (energy, 1));
      g_array_append_val (gains, gain);
      g_array_append_val (likenesses, likeness);
    }

  return (SnugTestLikeness){ median (gains), median (likenesses) };
}

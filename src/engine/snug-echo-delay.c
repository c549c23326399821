/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-echo-delay.h"

#include <string.h>

#define RATE 4000
#define FACTOR (48000 / RATE)
#define NS_PER_SAMPLE (G_GINT64_CONSTANT (1000000000) / RATE)
#define FIRST_LAG ((int) (SNUG_ECHO_DELAY_MIN / NS_PER_SAMPLE))
#define N_TAPS ((int) ((SNUG_ECHO_DELAY_MAX - SNUG_ECHO_DELAY_MIN) / NS_PER_SAMPLE))
/* Far end that is kept; a power of two, and longer than the taps by what is pushed ahead. */
#define N_RING 4096
#define RING(position) ((position) & (N_RING - 1))

/* Speech has most of its energy where neighbouring samples are alike, and the filter would learn that first. */
#define PREEMPHASIS 0.9f
#define STEP 0.5f
/* Mean square of the far end, of full scale, below which there is nothing to learn from: about -55 dBFS. */
#define FAR_SILENCE 3e-6f
/* A stamp that is off by this many samples is a gap, not jitter. */
#define MAX_JITTER (RATE / 250)

/* Looked at every so often, in samples learnt from; believed when it was the same so many times. */
#define EVALUATION_INTERVAL (RATE / 10)
#define N_AGREEING 6
#define AGREEMENT (RATE / 500)
/* How far the peak stands out of the mean, in energy. */
#define PROMINENCE 50.0f
/* The direct sound and what comes right after it. */
#define PEAK_WIDTH 4

/* From 48 kHz to 4 kHz, each sample with its place in time. */
typedef struct
{
  gint64 position; /* of the next one that comes out */
  gboolean started;
  float sum;
  guint n_summed;
  float last;
} SnugDecimator;

struct _SnugEchoDelay
{
  SnugDecimator far_decimator;
  SnugDecimator near_decimator;

  /* What was pushed, by position; zero at and after far_end. */
  float ring[N_RING];
  gint64 far_end;

  /* taps[i]: of lag FIRST_LAG + N_TAPS - 1 - i, so that they lie as the far end does. */
  float taps[N_TAPS];
  float window[N_TAPS];

  guint n_learnt; /* since the last evaluation */
  int candidate;  /* lag */
  guint n_agreeing;
  gboolean known;
  int lag;
};

SnugEchoDelay *
snug_echo_delay_new (void)
{
  return g_new0 (SnugEchoDelay, 1);
}

void
snug_echo_delay_free (SnugEchoDelay *self)
{
  g_free (self);
}

/* Whether the stamp continues what came before; if not, decimation begins anew there. */
static gboolean
decimator_locate (SnugDecimator *self, guint64 time)
{
  gint64 position = time / NS_PER_SAMPLE;

  if (self->started && ABS (position - self->position) <= MAX_JITTER)
    return TRUE;

  *self = (SnugDecimator){ .position = position, .started = TRUE };

  return FALSE;
}

/* sample: of full scale. Returns: whether one more came out. */
static gboolean
decimator_push (SnugDecimator *self, float sample, float *out)
{
  float mean;

  self->sum += sample;
  if (++self->n_summed < FACTOR)
    return FALSE;

  mean = self->sum / FACTOR;
  *out = mean - PREEMPHASIS * self->last;
  self->last = mean;
  self->sum = 0;
  self->n_summed = 0;
  self->position++;

  return TRUE;
}

/* position: never before far_end. */
static void
write_far (SnugEchoDelay *self, gint64 position, float sample)
{
  if (position - self->far_end >= N_RING)
    {
      memset (self->ring, 0, sizeof self->ring);
      self->far_end = position;
    }
  while (self->far_end < position)
    self->ring[RING (self->far_end++)] = 0;
  self->ring[RING (self->far_end++)] = sample;
}

void
snug_echo_delay_push_far (SnugEchoDelay *self,
                          const gint16 *samples,
                          gsize n_frames,
                          guint n_channels,
                          guint64 time)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (n_channels > 0);

  if (!decimator_locate (&self->far_decimator, time)
      && self->far_decimator.position < self->far_end)
    {
      /* Back in time: what was there is not what is played now. */
      memset (self->ring, 0, sizeof self->ring);
      self->far_end = self->far_decimator.position;
    }

  for (gsize i = 0; i < n_frames; i++)
    {
      float sample = 0, out;

      for (guint c = 0; c < n_channels; c++)
        sample += samples[i * n_channels + c];
      if (decimator_push (&self->far_decimator, sample / (32768.0f * n_channels), &out))
        write_far (self, self->far_decimator.position - 1, out);
    }
}

static float
read_far (SnugEchoDelay *self, gint64 position)
{
  if (position >= self->far_end || position < self->far_end - N_RING)
    return 0;

  return self->ring[RING (position)];
}

static int
find_peak (const SnugEchoDelay *self, float *prominence)
{
  float total = 0, best = 0;
  int peak = 0;

  for (int i = 0; i < N_TAPS; i++)
    total += self->taps[i] * self->taps[i];
  /* From the longest lag to the shortest, a few taps together. */
  for (int i = 0; i + PEAK_WIDTH <= N_TAPS; i++)
    {
      float energy = 0;

      for (int k = 0; k < PEAK_WIDTH; k++)
        energy += self->taps[i + k] * self->taps[i + k];
      if (energy > best)
        {
          best = energy;
          peak = i + PEAK_WIDTH / 2;
        }
    }
  *prominence = total > 0 ? best / PEAK_WIDTH / (total / N_TAPS) : 0;

  return FIRST_LAG + N_TAPS - 1 - peak;
}

static void
evaluate (SnugEchoDelay *self)
{
  float prominence;
  int lag = find_peak (self, &prominence);

  if (prominence < PROMINENCE || ABS (lag - self->candidate) > AGREEMENT)
    self->n_agreeing = 0;
  self->candidate = lag;
  if (prominence >= PROMINENCE)
    self->n_agreeing++;
  if (self->n_agreeing < N_AGREEING)
    return;

  self->known = TRUE;
  self->lag = lag;
}

static void
learn (SnugEchoDelay *self, gint64 position, float near)
{
  gint64 first = position - (FIRST_LAG + N_TAPS - 1);
  float estimate = 0, energy = 0, gain;

  for (int i = 0; i < N_TAPS; i++)
    self->window[i] = read_far (self, first + i);
  for (int i = 0; i < N_TAPS; i++)
    {
      estimate += self->taps[i] * self->window[i];
      energy += self->window[i] * self->window[i];
    }
  if (energy < FAR_SILENCE * N_TAPS)
    return;

  gain = STEP * (near - estimate) / energy;
  for (int i = 0; i < N_TAPS; i++)
    self->taps[i] += gain * self->window[i];

  if (++self->n_learnt == EVALUATION_INTERVAL)
    {
      self->n_learnt = 0;
      evaluate (self);
    }
}

void
snug_echo_delay_push_near (SnugEchoDelay *self, const gint16 *samples, gsize n_frames, guint64 time)
{
  g_return_if_fail (self != NULL);

  decimator_locate (&self->near_decimator, time);
  for (gsize i = 0; i < n_frames; i++)
    {
      float out;

      if (decimator_push (&self->near_decimator, samples[i] / 32768.0f, &out))
        learn (self, self->near_decimator.position - 1, out);
    }
}

gboolean
snug_echo_delay_get (SnugEchoDelay *self, gint64 *delay)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->known)
    *delay = self->lag * NS_PER_SAMPLE;

  return self->known;
}

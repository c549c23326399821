/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-relative-delay.h"

/* The fastest packet of the last one to two windows is what the others are measured by: two clocks drift, routes change. */
#define WINDOW_US (10 * (gint64) G_USEC_PER_SEC)
/* A timestamp that disagrees with the clock by more is of another stream, or absurd. */
#define JUMP_US (3 * (gint64) G_USEC_PER_SEC)
/* What a packet weighs against all before it: in the end they are forgotten after some 250 (five seconds of sound); at first each of
 * them counts the same. */
#define WEIGHT_MIN (1.0 / 250)
/* Each interval counts for one in so many. */
#define INTERVAL_WEIGHT 16

void
snug_relative_delay_init (SnugRelativeDelay *self, guint clock_rate)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (clock_rate > 0);

  *self = (SnugRelativeDelay){ .clock_rate = clock_rate };
}

/* Another stream. */
static void
begin (SnugRelativeDelay *self, guint32 timestamp, gint64 media, gint64 arrival)
{
  guint clock_rate = self->clock_rate;

  snug_relative_delay_init (self, clock_rate);
  self->last_timestamp = timestamp;
  self->last_media = media;
  self->fastest = self->fastest_before = arrival - media;
  self->window_ends = arrival + WINDOW_US;
}

static gint64
get_media_time (SnugRelativeDelay *self, guint32 timestamp)
{
  /* Back as well as forward: packets overtake each other. */
  gint32 ticks = (gint32) (timestamp - self->last_timestamp);

  return self->last_media + (gint64) ticks * G_USEC_PER_SEC / self->clock_rate;
}

static gboolean
is_another (const SnugRelativeDelay *self, gint64 media, gint64 arrival)
{
  return self->n_packets == 0 || ABS (arrival - media - snug_relative_delay_get_fastest (self)) > JUMP_US;
}

static void
add (SnugRelativeDelay *self, guint32 timestamp, gint64 media, gint64 arrival)
{
  gint64 transit = arrival - media, delay;
  double weight;
  guint bucket;

  if (media > self->last_media)
    {
      gint64 interval = media - self->last_media;

      self->interval = self->interval == 0 ? interval : self->interval + (interval - self->interval) / INTERVAL_WEIGHT;
      self->last_media = media;
      self->last_timestamp = timestamp;
    }

  if (arrival >= self->window_ends)
    {
      self->fastest_before = self->fastest;
      self->fastest = transit;
      self->window_ends = arrival + WINDOW_US;
    }
  self->fastest = MIN (self->fastest, transit);

  delay = MAX (transit - snug_relative_delay_get_fastest (self), 0);
  bucket = MIN (delay / SNUG_RELATIVE_DELAY_BUCKET_US, SNUG_RELATIVE_DELAY_BUCKETS - 1);
  self->n_packets++;
  weight = MAX (1.0 / self->n_packets, WEIGHT_MIN);
  for (guint i = 0; i < SNUG_RELATIVE_DELAY_BUCKETS; i++)
    self->weights[i] *= 1.0 - weight;
  self->weights[bucket] += weight;
}

void
snug_relative_delay_add (SnugRelativeDelay *self, guint32 timestamp, gint64 arrival)
{
  g_return_if_fail (self != NULL);

  if (is_another (self, get_media_time (self, timestamp), arrival))
    begin (self, timestamp, 0, arrival);
  add (self, timestamp, get_media_time (self, timestamp), arrival);
}

void
snug_relative_delay_add_time (SnugRelativeDelay *self, gint64 media, gint64 arrival)
{
  g_return_if_fail (self != NULL);

  if (is_another (self, media, arrival))
    begin (self, 0, media, arrival);
  add (self, 0, media, arrival);
}

gint64
snug_relative_delay_get_fastest (const SnugRelativeDelay *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return MIN (self->fastest, self->fastest_before);
}

gint64
snug_relative_delay_get_quantile (const SnugRelativeDelay *self, double part)
{
  double sum = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (self->n_packets == 0)
    return 0;
  for (guint i = 0; i < SNUG_RELATIVE_DELAY_BUCKETS; i++)
    {
      sum += self->weights[i];
      if (sum >= part)
        return (i + 1) * (gint64) SNUG_RELATIVE_DELAY_BUCKET_US;
    }

  return SNUG_RELATIVE_DELAY_BUCKETS * (gint64) SNUG_RELATIVE_DELAY_BUCKET_US;
}

gint64
snug_relative_delay_get_interval (const SnugRelativeDelay *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->interval;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-queue-delay.h"

/* The least transit time of so many seconds is that of an empty queue. Clocks drift by up to 100 ppm: 2 ms in that time. */
#define BASE_SLOTS 20
#define BASE_SLOT G_USEC_PER_SEC
/* Waits are looked at in slots of that time, the least of each. */
#define SLOT (40 * 1000)
#define SLOTS 10
/* How many slots make the answer, so that one slot with nothing but late packets says nothing. */
#define RECENT 2
/* When hardly anything passes any more, a slot takes long to arrive. A wait that long, of so many packets in a row, is
 * believed at once. */
#define SUDDEN (80 * 1000)
#define SUDDEN_PACKETS 3

typedef struct
{
  gint64 at;   /* start, us of the sender's clock */
  gint64 least; /* transit, us */
  guint packets;
} Slot;

struct _SnugQueueDelay
{
  Slot base[BASE_SLOTS];
  guint n_base;
  Slot slots[SLOTS]; /* the newest is the last */
  guint n_slots;
  gint64 newest[SUDDEN_PACKETS]; /* us, transit of the last that arrived */
  guint n_newest;
  gint64 jitter; /* us */
};

static void
push (Slot *slots, guint *n, guint most, gint64 at)
{
  if (*n == most)
    {
      for (guint i = 1; i < most; i++)
        slots[i - 1] = slots[i];
      (*n)--;
    }
  slots[*n] = (Slot) { .at = at, .least = G_MAXINT64 };
  (*n)++;
}

static void
note (Slot *slots, guint *n, guint most, gint64 length, gint64 at, gint64 transit)
{
  Slot *last;

  if (*n == 0 || at >= slots[*n - 1].at + length)
    push (slots, n, most, at);
  last = &slots[*n - 1];
  last->least = MIN (last->least, transit);
  last->packets++;
}

static gint64
get_base (SnugQueueDelay *self)
{
  gint64 base = G_MAXINT64;

  for (guint i = 0; i < self->n_base; i++)
    base = MIN (base, self->base[i].least);
  return base;
}

static void
note_jitter (SnugQueueDelay *self, gint64 above)
{
  /* A median that walks: up and down by the same step. */
  gint64 step = MAX (self->jitter / 64, 20);

  if (above > self->jitter)
    self->jitter += step;
  else
    self->jitter = MAX (self->jitter - step, 0);
}

SnugQueueDelay *
snug_queue_delay_new (void)
{
  return g_new0 (SnugQueueDelay, 1);
}

void
snug_queue_delay_free (SnugQueueDelay *self)
{
  g_free (self);
}

void
snug_queue_delay_reset (SnugQueueDelay *self)
{
  *self = (SnugQueueDelay) { 0 };
}

void
snug_queue_delay_add (SnugQueueDelay *self, const SnugPacketResult *results, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      gint64 transit;

      if (results[i].received == SNUG_PACKET_LOST)
        continue;
      transit = results[i].received - results[i].sent;
      note (self->base, &self->n_base, BASE_SLOTS, BASE_SLOT, results[i].sent, transit);
      note (self->slots, &self->n_slots, SLOTS, SLOT, results[i].sent, transit);
      self->newest[self->n_newest++ % SUDDEN_PACKETS] = transit;
      note_jitter (self, transit - self->slots[self->n_slots - 1].least);
    }
}

gint64
snug_queue_delay_get (SnugQueueDelay *self)
{
  gint64 least = G_MAXINT64, newest = G_MAXINT64, base = get_base (self);

  if (self->n_slots == 0)
    return 0;
  for (guint i = 0; i < SUDDEN_PACKETS; i++)
    newest = MIN (newest, self->newest[i] - base);
  if (self->n_newest >= SUDDEN_PACKETS && newest > SUDDEN + 2 * self->jitter)
    return newest;
  for (guint i = self->n_slots > RECENT ? self->n_slots - RECENT : 0; i < self->n_slots; i++)
    least = MIN (least, self->slots[i].least);
  return least - base;
}

/* The slope of the line of least squares through the least waits of the last slots. */
gint64
snug_queue_delay_get_slope (SnugQueueDelay *self)
{
  double mean_x = 0, mean_y = 0, covariance = 0, variance = 0;
  guint n = self->n_slots;

  if (n < 4)
    return 0;
  for (guint i = 0; i < n; i++)
    {
      mean_x += (double) (self->slots[i].at - self->slots[0].at) / n;
      mean_y += (double) (self->slots[i].least - self->slots[0].least) / n;
    }
  for (guint i = 0; i < n; i++)
    {
      double x = (double) (self->slots[i].at - self->slots[0].at) - mean_x;
      double y = (double) (self->slots[i].least - self->slots[0].least) - mean_y;

      covariance += x * y;
      variance += x * x;
    }
  return variance > 0 ? (gint64) (covariance / variance * G_USEC_PER_SEC) : 0;
}

gint64
snug_queue_delay_get_jitter (SnugQueueDelay *self)
{
  return self->jitter;
}

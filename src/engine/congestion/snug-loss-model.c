/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-loss-model.h"

#include <math.h>

/* An observation is that long, and has that many packets at least. */
#define LENGTH (300 * 1000)
#define PACKETS 20
#define OBSERVATIONS 24
#define AGEING 0.92 /* what an observation counts, with each newer one */
#define INHERENT_STEPS 26
#define INHERENT_MAX 0.5
/* The likelihood by which a limit has to explain the losses better than none: a few lost packets are no proof. */
#define PROOF 6.0
#define RECENT 6 /* observations */
/* Losses fewer than that do not bother anybody. */
#define HARMLESS 0.02

typedef struct
{
  double rate; /* bit/s sent */
  guint sent;
  guint lost;
} Observation;

struct _SnugLossModel
{
  Observation observations[OBSERVATIONS]; /* the newest is the last */
  guint n;

  gint64 start; /* of the one in the making, us */
  gint64 last;
  guint64 bytes;
  guint sent;
  guint lost;

  guint64 limit;
  double inherent;
};

SnugLossModel *
snug_loss_model_new (void)
{
  SnugLossModel *self = g_new0 (SnugLossModel, 1);

  self->limit = G_MAXUINT64;
  return self;
}

void
snug_loss_model_free (SnugLossModel *self)
{
  g_free (self);
}

void
snug_loss_model_reset (SnugLossModel *self)
{
  *self = (SnugLossModel) { .limit = G_MAXUINT64 };
}

/* How likely what was seen is, when that share is lost in any case and everything above the limit; a logarithm. */
static double
likelihood (SnugLossModel *self, double inherent, double limit)
{
  double sum = 0, weight = 1;

  for (guint i = self->n; i-- > 0; weight *= AGEING)
    {
      const Observation *o = &self->observations[i];
      double excess = o->rate > limit ? 1 - limit / o->rate : 0;
      double loss = CLAMP (inherent + (1 - inherent) * excess, 0.0005, 0.9995);

      sum += weight * (o->lost * log (loss) + (o->sent - o->lost) * log (1 - loss));
    }
  return sum;
}

static double
best_inherent (SnugLossModel *self, double limit, double *likely)
{
  double best = 0;

  *likely = -G_MAXDOUBLE;
  for (guint i = 0; i < INHERENT_STEPS; i++)
    {
      /* Finer where it is small. */
      double share = (double) i / (INHERENT_STEPS - 1), inherent = INHERENT_MAX * share * share;
      double value = likelihood (self, inherent, limit);

      if (value > *likely)
        {
          *likely = value;
          best = inherent;
        }
    }
  return best;
}

static void
explain (SnugLossModel *self)
{
  double likely, best;
  const Observation *last = &self->observations[self->n - 1];

  self->inherent = best_inherent (self, G_MAXDOUBLE, &best);
  self->limit = G_MAXUINT64;
  if (snug_loss_model_get_recent (self) < HARMLESS)
    return;
  best += PROOF;
  /* The limit lies somewhere at what was sent lately. */
  for (guint i = 0; i < self->n; i++)
    for (guint step = 0; step < 5; step++)
      {
        double limit = self->observations[i].rate * (0.6 + 0.1 * step);
        double inherent;

        if (limit > last->rate)
          continue;
        inherent = best_inherent (self, limit, &likely);
        if (likely > best)
          {
            best = likely;
            self->limit = (guint64) limit;
            self->inherent = inherent;
          }
      }
}

static void
finish (SnugLossModel *self)
{
  gint64 span = MAX (self->last - self->start, LENGTH);

  if (self->n == OBSERVATIONS)
    {
      for (guint i = 1; i < OBSERVATIONS; i++)
        self->observations[i - 1] = self->observations[i];
      self->n--;
    }
  self->observations[self->n++] = (Observation) {
    .rate = (double) self->bytes * 8 * G_USEC_PER_SEC / (double) span,
    .sent = self->sent,
    .lost = self->lost,
  };
  self->bytes = self->sent = self->lost = 0;
  explain (self);
}

void
snug_loss_model_add (SnugLossModel *self, const SnugPacketResult *result)
{
  if (self->sent == 0)
    self->start = result->sent;
  else if (result->sent >= self->start + LENGTH && self->sent >= PACKETS)
    {
      self->last = result->sent;
      finish (self);
      self->start = result->sent;
    }
  self->last = MAX (self->last, result->sent);
  self->sent++;
  self->bytes += result->size;
  self->lost += result->received == SNUG_PACKET_LOST;
}

guint64
snug_loss_model_get_limit (SnugLossModel *self)
{
  return self->limit;
}

double
snug_loss_model_get_inherent (SnugLossModel *self)
{
  return self->inherent;
}

double
snug_loss_model_get_recent (SnugLossModel *self)
{
  guint sent = 0, lost = 0;

  for (guint i = self->n > RECENT ? self->n - RECENT : 0; i < self->n; i++)
    {
      sent += self->observations[i].sent;
      lost += self->observations[i].lost;
    }
  return sent ? (double) lost / sent : 0;
}

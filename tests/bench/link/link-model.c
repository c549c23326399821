/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "link-model.h"

#include <math.h>

/* The queue holds at least this much, or no packet could pass a slow line at all. */
#define QUEUE_MIN_BYTES 3000

typedef struct
{
  gpointer packet;
  gsize size;
  gint64 due; /* us, once it has left the line */
} Item;

struct _LinkModel
{
  LinkSettings settings;
  LinkCounts counts;
  GDestroyNotify destroy;
  GRand *random;
  gboolean bad; /* Gilbert's state */

  GQueue waiting;   /* Item, the first is on the line */
  guint64 remaining; /* of the first: bits, in millionths */
  gsize backlog;    /* bytes of all that waits */
  gint64 at;        /* up to when the line has been worked out */

  GQueue flying; /* Item, by due */
  gint64 last_due;
};

static void
item_free (LinkModel *self, Item *item)
{
  if (item->packet && self->destroy)
    self->destroy (item->packet);
  g_free (item);
}

/* Half a normal distribution, cut off where it would be longer than allowed. */
static guint
draw_jitter (LinkModel *self)
{
  double u, v;

  if (self->settings.jitter == 0)
    return 0;
  u = 1.0 - g_rand_double (self->random);
  v = g_rand_double (self->random);
  u = fabs (sqrt (-2.0 * log (u)) * cos (2.0 * G_PI * v)) * self->settings.jitter / 2;
  return (guint) MIN (u, (double) self->settings.jitter);
}

static gboolean
draw_loss (LinkModel *self)
{
  const LinkSettings *settings = &self->settings;
  double change;

  if (settings->loss <= 0)
    return FALSE;
  if (settings->burst <= 1 || settings->loss >= 1)
    return g_rand_double (self->random) < settings->loss;
  change = self->bad ? 1 / settings->burst
                     : settings->loss / (settings->burst * (1 - settings->loss));
  if (g_rand_double (self->random) < change)
    self->bad = !self->bad;
  return self->bad;
}

static guint64
line_time (const Item *item)
{
  return (guint64) item->size * 8 * G_USEC_PER_SEC;
}

/* The first packet has left the line. */
static void
launch (LinkModel *self, gint64 now)
{
  Item *item = g_queue_pop_head (&self->waiting);

  self->backlog -= item->size;
  if (!g_queue_is_empty (&self->waiting))
    self->remaining = line_time (g_queue_peek_head (&self->waiting));
  if (draw_loss (self))
    {
      self->counts.lost++;
      item_free (self, item);
      return;
    }
  item->due = MAX (now + self->settings.delay + draw_jitter (self), self->last_due);
  self->last_due = item->due;
  g_queue_push_tail (&self->flying, item);
}

static void
advance (LinkModel *self, gint64 now)
{
  guint64 rate = self->settings.rate;

  while (!g_queue_is_empty (&self->waiting))
    {
      gint64 need = rate ? (gint64) ((self->remaining + rate - 1) / rate) : 0;

      if (self->at + need > now)
        {
          self->remaining -= rate * (guint64) (now - self->at);
          break;
        }
      self->at += need;
      launch (self, self->at);
    }
  self->at = now;
}

LinkModel *
link_model_new (guint32 seed, GDestroyNotify destroy)
{
  LinkModel *self = g_new0 (LinkModel, 1);

  self->destroy = destroy;
  self->random = g_rand_new_with_seed (seed);
  g_queue_init (&self->waiting);
  g_queue_init (&self->flying);
  return self;
}

void
link_model_free (LinkModel *self)
{
  Item *item;

  while ((item = g_queue_pop_head (&self->waiting)) || (item = g_queue_pop_head (&self->flying)))
    item_free (self, item);
  g_rand_free (self->random);
  g_free (self);
}

void
link_model_set (LinkModel *self, gint64 now, const LinkSettings *settings)
{
  advance (self, now);
  self->settings = *settings;
}

const LinkSettings *
link_model_get (LinkModel *self)
{
  return &self->settings;
}

void
link_model_push (LinkModel *self, gint64 now, gpointer packet, gsize size)
{
  const LinkSettings *settings = &self->settings;
  gsize room = MAX (settings->rate * settings->queue / 8000, QUEUE_MIN_BYTES);
  Item *item = g_new0 (Item, 1);

  item->packet = packet;
  item->size = size;
  advance (self, now);
  self->counts.in_packets++;
  self->counts.in_bytes += size;
  if (settings->rate && self->backlog + size > room)
    {
      self->counts.dropped++;
      item_free (self, item);
      return;
    }
  if (g_queue_is_empty (&self->waiting))
    self->remaining = line_time (item);
  self->backlog += size;
  g_queue_push_tail (&self->waiting, item);
  if (settings->rate == 0)
    advance (self, now);
}

gpointer
link_model_pop (LinkModel *self, gint64 now)
{
  Item *item;
  gpointer packet;

  advance (self, now);
  item = g_queue_peek_head (&self->flying);
  if (!item || item->due > now)
    return NULL;
  g_queue_pop_head (&self->flying);
  self->counts.out_packets++;
  self->counts.out_bytes += item->size;
  packet = item->packet;
  g_free (item);
  return packet;
}

gint64
link_model_next (LinkModel *self, gint64 now)
{
  Item *item;
  gint64 next = -1;

  advance (self, now);
  item = g_queue_peek_head (&self->flying);
  if (item)
    next = item->due;
  if (!g_queue_is_empty (&self->waiting) && self->settings.rate)
    {
      gint64 leaves = now + (gint64) (self->remaining / self->settings.rate) + 1;

      next = next < 0 ? leaves : MIN (next, leaves);
    }
  return next;
}

gint64
link_model_get_queueing (LinkModel *self, gint64 now)
{
  guint64 bits;

  advance (self, now);
  if (g_queue_is_empty (&self->waiting) || self->settings.rate == 0)
    return 0;
  bits = self->remaining + (self->backlog * 8 * G_USEC_PER_SEC - line_time (g_queue_peek_head (&self->waiting)));
  return (gint64) (bits / self->settings.rate);
}

const LinkCounts *
link_model_get_counts (LinkModel *self)
{
  return &self->counts;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-probe.h"

#define LENGTH_MS 15
#define BYTES_WANTED 6000 /* five full packets: fewer say little */
#define BYTES_LEAST 2400  /* on a slow path, where packets are smaller and a queue is soon made */
#define BURDEN_MS 70      /* what a probe may cost there, if all that is sent now is all it carries */
#define BYTES_MOST 100000
#define START_FACTOR 3
#define FACTOR 2
#define AGAIN_MIN (2 * G_USEC_PER_SEC)
#define AGAIN_MAX (6 * G_USEC_PER_SEC)
#define AFTER_FALL (1 * G_USEC_PER_SEC)
#define FOLLOW (100 * 1000)
/* A few packets arrive further apart than they were carried when a computer is busy, never closer: what says that the path is full is
 * asked so many times more. */
#define DOUBTS 1
/* No feedback on it, a round trip and the time to gather it after it was sent. The first packets of a connection may well come before
 * the other end can read them: probes are repeated at once a few times. */
#define GIVEN_UP (500 * 1000)
#define REPEATS 3
/* The path kept up when that much of the rate arrived. */
#define KEPT_UP 0.9
/* Sent more slowly than that, as there were not enough packets at hand, it was none. */
#define AS_MEANT 0.7
/* What a probe found is worth a follow-up when it is that much more than is sent. */
#define PROGRESS 1.25

struct _SnugProber
{
  guint id;       /* of the last probe */
  gboolean open;  /* waits for its results */
  gint64 given;   /* when */
  SnugProbe probe;

  gint64 next;    /* us; G_MAXINT64: never */
  gint64 again;   /* us between probes */
  guint64 wanted; /* bit/s; 0: by a factor */
  guint factor;
  guint repeats; /* since something was found */
  guint doubts;  /* since a path that was not full */

  guint packets;
  guint lost;
  guint64 bytes;
  gint64 first_sent, last_sent, first_received, last_received;
  guint first_size, last_size;
};

SnugProber *
snug_prober_new (void)
{
  SnugProber *self = g_new0 (SnugProber, 1);

  self->next = G_MAXINT64;
  self->again = AGAIN_MIN;
  return self;
}

void
snug_prober_free (SnugProber *self)
{
  g_free (self);
}

static void
schedule (SnugProber *self, gint64 at, guint64 wanted, guint factor)
{
  self->next = at;
  self->wanted = wanted;
  self->factor = factor;
}

void
snug_prober_start (SnugProber *self, gint64 now, guint64 rate)
{
  self->open = FALSE;
  self->repeats = 0;
  self->again = AGAIN_MIN;
  schedule (self, now, rate * START_FACTOR, START_FACTOR);
}

void
snug_prober_fell (SnugProber *self, gint64 now, guint64 from)
{
  self->open = FALSE;
  self->again = AGAIN_MIN;
  schedule (self, now + AFTER_FALL, MAX (self->wanted, from), FACTOR);
}

gboolean
snug_prober_next (SnugProber *self, gint64 now, gint64 round_trip, guint64 target, guint64 most, gboolean idle, SnugProbe *probe)
{
  guint64 rate, bytes;

  if (self->open && now > self->given + GIVEN_UP + 2 * round_trip)
    {
      self->open = FALSE;
      schedule (self, self->repeats++ < REPEATS ? now : now + self->again, 0, self->factor);
    }
  if (self->open || now < self->next || !idle || target >= most)
    return FALSE;
  rate = target * self->factor;
  /* Where it once was is looked at first, but not from far below in one leap. */
  if (self->wanted > target)
    rate = MIN (MAX (self->wanted, target * 3 / 2), target * 4);
  rate = MIN (rate, most * 11 / 10);
  self->wanted = 0;
  self->id++;
  if (self->id == 0)
    self->id = 1;
  bytes = CLAMP (target / 8000 * BURDEN_MS, BYTES_LEAST, BYTES_WANTED);
  *probe = (SnugProbe) { .id = self->id, .rate = rate, .bytes = (guint) MIN (MAX (rate / 8000 * LENGTH_MS, bytes), BYTES_MOST) };
  self->probe = *probe;
  self->open = TRUE;
  self->given = now;
  self->packets = self->lost = 0;
  self->bytes = 0;
  return TRUE;
}

void
snug_prober_add (SnugProber *self, const SnugPacketResult *result)
{
  if (!self->open || result->probe != self->probe.id)
    return;
  if (result->received == SNUG_PACKET_LOST)
    {
      self->lost++;
      return;
    }
  if (self->packets == 0 || result->sent < self->first_sent)
    {
      self->first_sent = result->sent;
      self->first_size = result->size;
    }
  if (self->packets == 0 || result->sent >= self->last_sent)
    {
      self->last_sent = result->sent;
      self->last_size = result->size;
    }
  self->first_received = self->packets ? MIN (self->first_received, result->received) : result->received;
  self->last_received = self->packets ? MAX (self->last_received, result->received) : result->received;
  self->packets++;
  self->bytes += result->size;
}

guint64
snug_prober_take (SnugProber *self, gint64 now, guint64 target, gboolean *full)
{
  guint64 sent, received, found;

  *full = FALSE;
  if (!self->open || self->packets < 4 || self->bytes * 10 < (guint64) self->probe.bytes * 8 || self->packets < 2 * self->lost)
    return 0;
  self->open = FALSE;
  /* Times of no more than clocks and timers can tell would give any rate. */
  sent = (self->bytes - self->last_size) * 8 * G_USEC_PER_SEC / (guint64) MAX (self->last_sent - self->first_sent, 1000);
  received = (self->bytes - self->first_size) * 8 * G_USEC_PER_SEC
             / (guint64) MAX (self->last_received - self->first_received, 1000);
  *full = received < (guint64) (sent * KEPT_UP);
  found = MIN (sent, received);
  if (sent < (guint64) (self->probe.rate * AS_MEANT) && self->repeats < REPEATS)
    {
      self->repeats++;
      schedule (self, now, self->probe.rate, FACTOR);
      return found;
    }
  self->repeats = 0;
  if (*full && self->doubts < DOUBTS)
    {
      self->doubts++;
      schedule (self, now + FOLLOW, self->probe.rate, FACTOR);
      return found;
    }
  self->doubts = 0;
  if (!*full && found > target * PROGRESS)
    {
      self->again = AGAIN_MIN;
      schedule (self, now + FOLLOW, 0, FACTOR);
    }
  else
    {
      schedule (self, now + self->again, 0, FACTOR);
      self->again = found > target * PROGRESS ? AGAIN_MIN : MIN (self->again * 3 / 2, AGAIN_MAX);
    }
  return found;
}

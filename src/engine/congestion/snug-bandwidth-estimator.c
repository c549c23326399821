/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-bandwidth-estimator.h"

#include "snug-acked-rate.h"
#include "snug-loss-model.h"
#include "snug-queue-delay.h"

/* A queue shorter than that is none. */
#define EMPTY (10 * 1000)
/* One that is longer than that (and what jitter explains) is too long. */
#define TOO_LONG (22 * 1000)
#define STEEP 200000 /* us/s: it grows by a fifth of the time, so a fifth too much is sent */
/* A queue is to be gone in about that time. */
#define DRAIN_TIME (400 * 1000)
#define DRAIN_MOST 0.9
#define DRAIN_LEAST 0.3
/* When it is not, although less is sent, others hold it. */
#define DRAIN_PATIENCE (2500 * 1000)
#define STANDING_MAX (500 * 1000)
#define STANDING_FADE (10 * G_USEC_PER_SEC)
#define STANDING_GONE (1 * G_USEC_PER_SEC)
/* Where to go on once it is gone, of what the path carried. */
#define RESUME 0.95
/* So much less than over half a second is not chance, with a queue that long. */
#define FALLEN 0.7
#define FAR_TOO_LONG (80 * 1000)

#define RISE 0.10       /* of the target, a second: far from what the path carried */
#define RISE_NEAR 0.01  /* near it */
#define NEAR_STEP 24000  /* bit/s in a second, whatever the target: the smaller of two flows gains */
#define NEAR_STEP_SHARE 0.03
#define NEAR_FROM 0.85
#define NEAR_TO 1.15
#define APP_LIMITED 0.7 /* of the target was sent: more is not asked for */
#define AHEAD 1.5       /* the target is never further above what arrives */
#define FORGET (15 * G_USEC_PER_SEC)
#define PACKET_BITS 9600
#define GIVE_WAY 0.7

#define DOUBTFUL 0.05 /* lost */
#define DOUBT_SHARE 0.75
#define DOUBT_TIME (900 * 1000)
#define DOUBT_EVERY (6 * G_USEC_PER_SEC)

#define SILENCE (700 * 1000)
#define AFTER_SILENCE 0.7
#define HOLD (150 * 1000) /* after a cut, besides the round trip */

struct _SnugBandwidthEstimator
{
  SnugAckedRate *acked;
  SnugQueueDelay *queue;
  SnugLossModel *loss;
  SnugProber *prober;

  guint64 least, most; /* bit/s */
  SnugBandwidthState state;
  double target;         /* bit/s */
  double capacity;       /* bit/s, 0: not known */
  gint64 capacity_at;    /* us */
  double before;         /* bit/s: the target before it was cut, or before the silence */
  gint64 since;          /* us: of the state */
  gint64 cut_at;         /* us */
  double doubted;        /* bit/s: the target before less was sent to see what happens */
  gint64 doubt_until;    /* us; 0: not now */
  gint64 doubted_at;     /* us */
  gint64 standing;       /* us: the queue that others hold */
  gint64 empty_since;    /* us: no queue since then */
  gint64 least_waited;   /* us: the shortest queue since draining began */
  gint64 round_trip;     /* us */
  gint64 last_sent;      /* us */
  gint64 last_feedback;  /* us; 0: none yet */
  gint64 last_rise;      /* us */
  gint64 last_silence;   /* us */
};

static double
bounded (SnugBandwidthEstimator *self, double rate)
{
  return CLAMP (rate, (double) self->least, (double) self->most);
}

static void
enter (SnugBandwidthEstimator *self, SnugBandwidthState state, gint64 now)
{
  if (self->state == state)
    return;
  self->state = state;
  self->since = now;
  self->last_rise = now;
}

SnugBandwidthEstimator *
snug_bandwidth_estimator_new (gint64 now)
{
  SnugBandwidthEstimator *self = g_new0 (SnugBandwidthEstimator, 1);

  self->acked = snug_acked_rate_new ();
  self->queue = snug_queue_delay_new ();
  self->loss = snug_loss_model_new ();
  self->prober = snug_prober_new ();
  self->least = SNUG_BITRATE_MIN;
  self->most = SNUG_BITRATE_MAX;
  snug_bandwidth_estimator_restart (self, now, SNUG_BITRATE_START);
  return self;
}

void
snug_bandwidth_estimator_free (SnugBandwidthEstimator *self)
{
  snug_acked_rate_free (self->acked);
  snug_queue_delay_free (self->queue);
  snug_loss_model_free (self->loss);
  snug_prober_free (self->prober);
  g_free (self);
}

void
snug_bandwidth_estimator_set_bounds (SnugBandwidthEstimator *self, guint64 least, guint64 most)
{
  self->least = CLAMP (least, SNUG_BITRATE_MIN, SNUG_BITRATE_MAX);
  self->most = CLAMP (most, self->least, SNUG_BITRATE_MAX);
  self->target = bounded (self, self->target);
}

static void
forget_path (SnugBandwidthEstimator *self)
{
  snug_acked_rate_reset (self->acked);
  snug_queue_delay_reset (self->queue);
  snug_loss_model_reset (self->loss);
  self->capacity = 0;
  self->standing = 0;
}

void
snug_bandwidth_estimator_restart (SnugBandwidthEstimator *self, gint64 now, guint64 rate)
{
  forget_path (self);
  self->state = SNUG_BANDWIDTH_RISING;
  self->since = self->last_rise = self->last_silence = now;
  self->last_feedback = self->round_trip = 0;
  self->target = bounded (self, (double) rate);
  self->before = self->target;
  snug_prober_start (self->prober, now, (guint64) self->target);
}

void
snug_bandwidth_estimator_sent (SnugBandwidthEstimator *self, gint64 now)
{
  self->last_sent = now;
}

/* --- the queue ----------------------------------------------------------------------------------------------- */

static gint64
own_queue (SnugBandwidthEstimator *self, gint64 now)
{
  gint64 delay = snug_queue_delay_get (self->queue);

  /* It comes and goes with their windows, so it is forgotten slowly; an empty queue is nobody's. */
  if (delay > EMPTY)
    self->empty_since = now;
  if (now - self->empty_since > STANDING_GONE)
    self->standing = 0;
  else if (delay < self->standing)
    self->standing -= (self->standing - delay) * MIN (now - self->last_feedback, 100000) / STANDING_FADE;
  return MAX (delay - self->standing, 0);
}

static gboolean
too_long (SnugBandwidthEstimator *self, gint64 delay)
{
  gint64 slope = snug_queue_delay_get_slope (self->queue);
  gint64 limit = TOO_LONG + snug_queue_delay_get_jitter (self->queue) + self->standing / 4;

  if (delay > limit)
    return slope > -STEEP / 4;
  return delay > limit / 2 && slope > STEEP;
}

/* The path is full, so what arrives is what it carries. */
static void
note_capacity (SnugBandwidthEstimator *self, gint64 now, gint64 delay)
{
  double acked = (double) snug_acked_rate_get (self->acked);
  double recent = (double) snug_acked_rate_get_recent (self->acked);

  if (acked <= 0)
    return;
  /* It has only just fallen. */
  if (recent > 0 && recent < acked * FALLEN && delay > FAR_TOO_LONG)
    acked = recent;
  self->capacity = acked;
  self->capacity_at = now;
}

static void
drain (SnugBandwidthEstimator *self, gint64 delay)
{
  double share = CLAMP (1.0 - (double) delay / DRAIN_TIME, DRAIN_LEAST, DRAIN_MOST);

  if (self->capacity > 0)
    self->target = bounded (self, MIN (self->target, self->capacity * share));
  else
    self->target = bounded (self, self->target * share);
}

static void
cut (SnugBandwidthEstimator *self, gint64 now, gint64 delay)
{
  self->before = MAX (self->before, self->target);
  self->least_waited = G_MAXINT64;
  self->cut_at = now;
  note_capacity (self, now, delay);
  enter (self, SNUG_BANDWIDTH_DRAINING, now);
  drain (self, delay);
}

static void
resume (SnugBandwidthEstimator *self, gint64 now)
{
  if (self->capacity > 0)
    self->target = bounded (self, self->capacity * RESUME);
  /* Less than before: perhaps not for long. */
  if (self->before > self->target * 1.3)
    {
      snug_prober_fell (self->prober, now, (guint64) self->before);
      self->before = self->target;
    }
  self->cut_at = now;
  enter (self, SNUG_BANDWIDTH_RISING, now);
}

static void
go_on_draining (SnugBandwidthEstimator *self, gint64 now, gint64 delay)
{
  self->least_waited = MIN (self->least_waited, delay);
  if (delay <= EMPTY)
    {
      resume (self, now);
      return;
    }
  if (now - self->since > DRAIN_PATIENCE)
    {
      self->standing = MIN (self->standing + self->least_waited, STANDING_MAX);
      resume (self, now);
      return;
    }
  note_capacity (self, now, delay);
  drain (self, delay);
}

/* --- rising -------------------------------------------------------------------------------------------------- */

static void
rise (SnugBandwidthEstimator *self, gint64 now)
{
  double seconds = (double) MIN (now - self->last_rise, G_USEC_PER_SEC) / G_USEC_PER_SEC;
  double acked = (double) snug_acked_rate_get (self->acked);
  double sent = (double) snug_acked_rate_get_sent (self->acked);
  double step, limit;

  self->last_rise = now;
  if (self->capacity > 0 && (now - self->capacity_at > FORGET || self->target > self->capacity * NEAR_TO))
    self->capacity = 0;
  if (now < self->cut_at + self->round_trip + HOLD || sent < self->target * APP_LIMITED)
    return;
  if (self->capacity > 0 && self->target > self->capacity * NEAR_FROM)
    step = self->target * RISE_NEAR + MIN (NEAR_STEP, self->target * NEAR_STEP_SHARE);
  else
    step = MAX (self->target * RISE, 2.0 * PACKET_BITS);
  limit = MAX (acked * AHEAD + 2 * PACKET_BITS, self->target);
  self->target = bounded (self, MIN (self->target + step * seconds, limit));
}

static void
take_probe (SnugBandwidthEstimator *self, gint64 now)
{
  gboolean full;
  double found = (double) snug_prober_take (self->prober, now, (guint64) self->target, &full);

  if (found <= 0 || self->state != SNUG_BANDWIDTH_RISING)
    return;
  if (full)
    found *= 0.9;
  if (found <= self->target)
    return;
  self->target = bounded (self, found);
  self->capacity = full ? found : 0;
  self->capacity_at = now;
}

/* More is lost the more is sent, with no queue that would tell. */
static void
mind_loss (SnugBandwidthEstimator *self, gint64 now)
{
  guint64 limit = snug_loss_model_get_limit (self->loss);

  if (limit == G_MAXUINT64 || (double) limit >= self->target)
    return;
  self->capacity = (double) limit;
  self->capacity_at = now;
  self->cut_at = now;
  self->target = bounded (self, (double) limit * RESUME);
}

/* Whether loss comes from the rate shows only when the rate changes. When there is much of it, less is sent for a
 * moment, now and then. */
static void
doubt (SnugBandwidthEstimator *self, gint64 now)
{
  if (self->doubt_until > 0)
    {
      if (now < self->doubt_until)
        return;
      self->doubt_until = 0;
      self->doubted_at = now;
      if (self->state == SNUG_BANDWIDTH_RISING && snug_loss_model_get_limit (self->loss) == G_MAXUINT64)
        self->target = bounded (self, MAX (self->target, self->doubted));
      return;
    }
  if (self->state != SNUG_BANDWIDTH_RISING || now < self->doubted_at + DOUBT_EVERY || now < self->cut_at + G_USEC_PER_SEC
      || snug_loss_model_get_recent (self->loss) < DOUBTFUL)
    return;
  self->doubted = self->target;
  self->target = bounded (self, self->target * DOUBT_SHARE);
  self->doubt_until = now + self->round_trip + DOUBT_TIME;
  self->cut_at = self->doubt_until - self->round_trip - HOLD;
}

/* Among those who fill the queue until it overflows, one gives way as they do: at a loss. */
static void
give_way (SnugBandwidthEstimator *self, gint64 now, const SnugPacketResult *results, guint n)
{
  if (self->standing < TOO_LONG || now < self->cut_at + self->round_trip + HOLD)
    return;
  for (guint i = 0; i < n; i++)
    if (results[i].received == SNUG_PACKET_LOST)
      {
        self->target = bounded (self, self->target * GIVE_WAY);
        self->cut_at = now;
        return;
      }
}

/* --- feedback ------------------------------------------------------------------------------------------------ */

static void
note_round_trip (SnugBandwidthEstimator *self, gint64 now, const SnugPacketResult *results, guint n)
{
  for (guint i = n; i-- > 0;)
    if (results[i].received != SNUG_PACKET_LOST)
      {
        gint64 sample = CLAMP (now - results[i].sent, 0, 10 * G_USEC_PER_SEC);

        self->round_trip = self->round_trip ? (7 * self->round_trip + sample) / 8 : sample;
        return;
      }
}

/* No packet can have waited for longer than it took until it was heard of: then it is the other clock that was set. */
static void
mind_clock (SnugBandwidthEstimator *self, gint64 now, const SnugPacketResult *results, guint n)
{
  gint64 longest = 0;

  for (guint i = 0; i < n; i++)
    if (results[i].received != SNUG_PACKET_LOST)
      longest = MAX (longest, now - results[i].sent);
  if (longest > 0 && snug_queue_delay_get (self->queue) > longest)
    snug_queue_delay_reset (self->queue);
}

/* The other end is heard again: what was known is old, but the path is probably the same. */
static void
end_silence (SnugBandwidthEstimator *self, gint64 now)
{
  double before = self->before;

  forget_path (self);
  self->target = bounded (self, MAX (before * AFTER_SILENCE, self->target));
  enter (self, SNUG_BANDWIDTH_RISING, now);
  snug_prober_fell (self->prober, now, (guint64) before);
}

void
snug_bandwidth_estimator_feedback (SnugBandwidthEstimator *self, gint64 now, const SnugPacketResult *results, guint n)
{
  gint64 delay;
  guint sane = 0;

  n = MIN (n, SNUG_PACKET_RESULTS_MAX);
  while (sane < n && snug_packet_result_is_sane (&results[sane], now))
    sane++;
  n = sane;
  if (n == 0)
    return;
  note_round_trip (self, now, results, n);
  if (self->state == SNUG_BANDWIDTH_SILENT)
    {
      /* It tells of packets before and after the silence, and has 16 bits of 250 us for what lies between. */
      end_silence (self, now);
      self->last_feedback = now;
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      snug_acked_rate_add (self->acked, &results[i]);
      snug_loss_model_add (self->loss, &results[i]);
      snug_prober_add (self->prober, &results[i]);
    }
  snug_queue_delay_add (self->queue, results, n);
  mind_clock (self, now, results, n);
  delay = own_queue (self, now);
  self->last_feedback = now;
  if (self->state == SNUG_BANDWIDTH_DRAINING)
    go_on_draining (self, now, delay);
  else if (now > self->cut_at + HOLD && too_long (self, delay))
    cut (self, now, delay);
  else
    {
      take_probe (self, now);
      rise (self, now);
    }
  mind_loss (self, now);
  doubt (self, now);
  give_way (self, now, results, n);
  if (self->state == SNUG_BANDWIDTH_RISING && now - self->since > 2 * G_USEC_PER_SEC)
    self->before = self->target;
}

void
snug_bandwidth_estimator_tick (SnugBandwidthEstimator *self, gint64 now)
{
  gint64 patience = SILENCE + 2 * MIN (self->round_trip, G_USEC_PER_SEC);

  if (self->last_feedback == 0 || self->last_sent < self->last_feedback + patience / 2
      || now < MAX (self->last_feedback, self->last_silence) + patience)
    return;
  if (self->state != SNUG_BANDWIDTH_SILENT)
    {
      self->before = MAX (self->before, self->target);
      enter (self, SNUG_BANDWIDTH_SILENT, now);
    }
  self->last_silence = now;
  self->target = bounded (self, self->target / 2);
}

guint64
snug_bandwidth_estimator_get_target (SnugBandwidthEstimator *self)
{
  return (guint64) self->target;
}

gboolean
snug_bandwidth_estimator_next_probe (SnugBandwidthEstimator *self, gint64 now, SnugProbe *probe)
{
  gboolean idle = self->state == SNUG_BANDWIDTH_RISING && snug_queue_delay_get (self->queue) <= EMPTY + self->standing;

  return snug_prober_next (self->prober, now, self->round_trip, (guint64) self->target, self->most, idle, probe);
}

void
snug_bandwidth_estimator_get_sample (SnugBandwidthEstimator *self, SnugBandwidthSample *sample)
{
  *sample = (SnugBandwidthSample) {
    .state = self->state,
    .target = (guint64) self->target,
    .acked = snug_acked_rate_get (self->acked),
    .capacity = (guint64) self->capacity,
    .queue_delay = snug_queue_delay_get (self->queue),
    .round_trip = self->round_trip,
    .loss = snug_loss_model_get_recent (self->loss),
  };
}

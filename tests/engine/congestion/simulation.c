/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "simulation.h"

#include "snug-bandwidth-estimator.h"
#include "snug-file-pace.h"

#include <stdlib.h>

#define TICK 500 /* us */
#define FEEDBACK_EVERY 50000
#define FRAME_EVERY 33333
#define SOUND_EVERY 20000
#define PAYLOAD 1200
#define PAYLOAD_SLOW 600 /* below half a megabit, as the payloaders do */
#define OVERHEAD 50
#define SOUND_BYTES 150
#define SOUND_RATE 60000
#define PACING 1.5
#define TCP_BYTES 1500

typedef struct
{
  guint flow;
  guint64 number;
} Packet;

/* A piece of a file: the last of its packets, and when what acknowledges it arrives. */
typedef struct
{
  guint64 number;
  guint64 end;
  gint64 acknowledged;
} Piece;

typedef struct
{
  gint64 arrives;
  GArray *results; /* SnugPacketResult, or numbers for TCP */
} Feedback;

typedef struct
{
  const SimulationFlow *what;
  SnugBandwidthEstimator *estimator;
  gint64 next_frame, next_sound, next_feedback;
  gint64 may_send;
  GQueue waiting; /* sizes */
  SnugProbe probe;
  guint probe_left; /* bytes */
  GArray *sent;   /* SnugPacketResult by number; received is filled in where it arrives */
  guint64 told;   /* up to which number there was feedback */
  guint64 highest;
  gboolean heard;
  GQueue feedbacks;
  guint64 arrived;      /* bytes */
  guint64 arrived_late; /* in the last quarter */
  /* TCP */
  double window, threshold; /* packets */
  guint64 acked;
  guint64 recover;
  gint64 last_heard;
  /* A file */
  SnugFilePace *pace;
  GQueue pieces;  /* Piece, on the way */
  GQueue arrivals; /* Piece */
  guint64 end;
} Flow;

typedef struct
{
  const SimulationCase *what;
  LinkModel *link;
  GRand *random;
  gint64 delay_back;
  gint64 now;
  Flow flows[SIMULATION_FLOWS_MAX];
} Simulation;

static void
put (Simulation *sim, Flow *flow, guint size, guint probe)
{
  SnugPacketResult result = { .sent = sim->now, .received = SNUG_PACKET_LOST, .size = size, .probe = probe };
  Packet *packet = g_new (Packet, 1);

  packet->flow = (guint) (flow - sim->flows);
  packet->number = flow->sent->len;
  g_array_append_val (flow->sent, result);
  link_model_push (sim->link, sim->now, packet, size);
  if (flow->estimator)
    snug_bandwidth_estimator_sent (flow->estimator, sim->now);
}

static void
make_frame (Simulation *sim, Flow *flow)
{
  double target = (double) snug_bandwidth_estimator_get_target (flow->estimator);
  double bytes = MAX (target - SOUND_RATE, 20000) / 8 * FRAME_EVERY / G_USEC_PER_SEC;

  bytes *= g_rand_double_range (sim->random, 0.75, 1.15);
  while (bytes >= 1)
    {
      guint size = (guint) MIN (bytes, target < 500000 ? PAYLOAD_SLOW : PAYLOAD);

      g_queue_push_tail (&flow->waiting, GUINT_TO_POINTER (size + OVERHEAD));
      bytes -= size;
    }
}

static void
pace (Simulation *sim, Flow *flow)
{
  for (;;)
    {
      double rate = (double) snug_bandwidth_estimator_get_target (flow->estimator) * PACING;
      guint size, mark = 0;

      if (flow->probe_left == 0 && snug_bandwidth_estimator_next_probe (flow->estimator, sim->now, &flow->probe))
        {
          flow->probe_left = flow->probe.bytes;
          flow->may_send = sim->now;
        }
      if (flow->may_send > sim->now)
        return;
      if (flow->probe_left > 0)
        {
          rate = (double) flow->probe.rate;
          mark = flow->probe.id;
        }
      else if (g_queue_is_empty (&flow->waiting))
        return;
      size = g_queue_is_empty (&flow->waiting) ? (rate < 1000000 ? PAYLOAD_SLOW : PAYLOAD) + OVERHEAD : GPOINTER_TO_UINT (g_queue_pop_head (&flow->waiting));
      flow->probe_left = flow->probe_left > size ? flow->probe_left - size : 0;
      put (sim, flow, size, mark);
      flow->may_send = MAX (flow->may_send, sim->now - 5000) + (gint64) (size * 8.0 * G_USEC_PER_SEC / rate);
    }
}

static void
tcp_send (Simulation *sim, Flow *flow)
{
  /* What was lost at the end is noticed by its silence. */
  if (flow->sent->len > flow->acked && sim->now > flow->last_heard + G_USEC_PER_SEC)
    {
      flow->acked = flow->sent->len;
      flow->threshold = MAX (flow->window / 2, 2);
      flow->window = 2;
      flow->last_heard = sim->now;
    }
  while ((double) (flow->sent->len - flow->acked) < flow->window)
    put (sim, flow, TCP_BYTES, 0);
}

/* The sender of the file is that of the call, too, and knows how that fares. */
static void
tell_load (Simulation *sim, Flow *flow)
{
  SnugBandwidthSample sample;

  if (sim->flows[0].estimator == NULL || sim->now % 100000 != 0)
    return;
  snug_bandwidth_estimator_get_sample (sim->flows[0].estimator, &sample);
  snug_file_pace_set_load (flow->pace,
                           &(SnugPathLoad) { .target = sample.target, .sent = sample.acked, .most = sim->flows[0].what->most },
                           sim->now);
}

static void
send_file (Simulation *sim, Flow *flow)
{
  gsize allowance;
  Piece *piece;

  if (flow->pace == NULL)
    flow->pace = snug_file_pace_new (0);
  tell_load (sim, flow);
  while ((piece = g_queue_peek_head (&flow->arrivals)) != NULL && piece->acknowledged <= sim->now)
    {
      snug_file_pace_acknowledged (flow->pace, piece->end, sim->now);
      g_free (g_queue_pop_head (&flow->arrivals));
    }
  while ((allowance = snug_file_pace_get_allowance (flow->pace, sim->now)) > 0)
    {
      snug_file_pace_sent (flow->pace, flow->end += allowance, sim->now);
      for (gsize left = allowance; left > 0; left -= MIN (left, PAYLOAD))
        put (sim, flow, (guint) MIN (left, PAYLOAD) + OVERHEAD, 0);
      piece = g_new (Piece, 1);
      *piece = (Piece) { .number = flow->sent->len - 1, .end = flow->end };
      g_queue_push_tail (&flow->pieces, piece);
    }
}

/* A packet of it has arrived. */
static void
receive_file (Simulation *sim, Flow *flow, guint64 number)
{
  Piece *piece;

  while ((piece = g_queue_peek_head (&flow->pieces)) != NULL && piece->number <= number)
    {
      piece->acknowledged = sim->now + sim->delay_back;
      g_queue_push_tail (&flow->arrivals, g_queue_pop_head (&flow->pieces));
    }
}

/* Every packet is acknowledged by itself; three later ones tell of a loss. */
static void
tcp_hear (Flow *flow, guint64 number, gboolean lost)
{
  flow->acked = MAX (flow->acked, number + 1);
  if (lost)
    {
      if (number >= flow->recover)
        {
          flow->threshold = MAX (flow->window / 2, 2);
          flow->window = flow->threshold;
          flow->recover = flow->sent->len;
        }
      return;
    }
  flow->window += flow->window < flow->threshold ? 1 : 1 / flow->window;
}

static void
make_feedback (Simulation *sim, Flow *flow)
{
  Feedback *feedback;

  if (!flow->heard || flow->highest + 1 <= flow->told)
    return;
  feedback = g_new (Feedback, 1);
  feedback->arrives = sim->now + sim->delay_back;
  feedback->results = g_array_new (FALSE, FALSE, sizeof (SnugPacketResult));
  g_array_append_vals (feedback->results, &g_array_index (flow->sent, SnugPacketResult, flow->told),
                       (guint) (flow->highest + 1 - flow->told));
  flow->told = flow->highest + 1;
  if (g_rand_double (sim->random) < sim->what->feedback_loss)
    {
      g_array_unref (feedback->results);
      g_free (feedback);
      return;
    }
  g_queue_push_tail (&flow->feedbacks, feedback);
}

static void
hear_feedback (Simulation *sim, Flow *flow)
{
  Feedback *feedback;

  while ((feedback = g_queue_peek_head (&flow->feedbacks)) && feedback->arrives <= sim->now)
    {
      g_queue_pop_head (&flow->feedbacks);
      flow->last_heard = sim->now;
      if (flow->estimator)
        snug_bandwidth_estimator_feedback (flow->estimator, sim->now, (SnugPacketResult *) (gpointer) feedback->results->data,
                                           feedback->results->len);
      else
        for (guint i = 0; i < feedback->results->len; i++)
          {
            SnugPacketResult *result = &g_array_index (feedback->results, SnugPacketResult, i);

            tcp_hear (flow, flow->acked, result->received == SNUG_PACKET_LOST);
          }
      g_array_unref (feedback->results);
      g_free (feedback);
    }
}

static void
step_flow (Simulation *sim, Flow *flow)
{
  double second = (double) sim->now / G_USEC_PER_SEC;

  if (second < flow->what->from || (flow->what->to > 0 && second >= flow->what->to))
    return;
  if (flow->what->file)
    {
      send_file (sim, flow);
      return;
    }
  hear_feedback (sim, flow);
  if (sim->now >= flow->next_feedback)
    {
      make_feedback (sim, flow);
      flow->next_feedback = sim->now + (flow->what->tcp ? 5000 : FEEDBACK_EVERY);
      if (flow->estimator)
        snug_bandwidth_estimator_tick (flow->estimator, sim->now);
    }
  if (flow->what->tcp)
    {
      tcp_send (sim, flow);
      return;
    }
  if (!flow->estimator)
    {
      flow->estimator = snug_bandwidth_estimator_new (sim->now);
      snug_bandwidth_estimator_set_bounds (flow->estimator, SNUG_BITRATE_MIN, flow->what->most);
    }
  if (sim->now >= flow->next_sound)
    {
      put (sim, flow, SOUND_BYTES, 0);
      flow->next_sound = MAX (flow->next_sound, sim->now - SOUND_EVERY) + SOUND_EVERY;
    }
  if (!flow->what->sound_only && sim->now >= flow->next_frame)
    {
      make_frame (sim, flow);
      flow->next_frame = MAX (flow->next_frame, sim->now - FRAME_EVERY) + FRAME_EVERY;
    }
  pace (sim, flow);
}

static void
receive (Simulation *sim, SimulationResult *result)
{
  Packet *packet;

  while ((packet = link_model_pop (sim->link, sim->now)))
    {
      Flow *flow = &sim->flows[packet->flow];
      SnugPacketResult *sent = &g_array_index (flow->sent, SnugPacketResult, packet->number);

      /* Another clock, that runs a little fast. */
      sent->received = sim->now + sim->now / 20000 + 7777777;
      flow->highest = packet->number;
      flow->heard = TRUE;
      flow->arrived += sent->size;
      if (flow->what->file)
        receive_file (sim, flow, packet->number);
      if (sim->now > sim->what->seconds * 0.75 * G_USEC_PER_SEC)
        flow->arrived_late += sent->size;
      if (packet->flow == 0)
        result->per_second[MIN (sim->now / G_USEC_PER_SEC, result->n_seconds - 1)] += sent->size * 8.0;
      g_free (packet);
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
get_lean (SimulationResult *result)
{
  guint n = result->n_seconds - 1, lean = 0;
  g_autofree double *seconds = g_memdup2 (result->per_second, n * sizeof (double));

  qsort (seconds, n, sizeof (double), compare);
  for (guint i = 5; i < n; i++)
    lean += result->per_second[i] < seconds[n / 2] * 2 / 3;
  return n > 5 ? lean / (n - 5.0) : 0;
}

static guint64
allowed (const SimulationCase *what)
{
  guint64 sum = 0;

  for (guint i = 0; i < what->n_flows; i++)
    sum += what->flows[i].tcp || what->flows[i].file ? G_MAXINT32 : what->flows[i].most;
  return sum;
}

SimulationResult *
simulate (const SimulationCase *what)
{
  SimulationResult *result = g_new0 (SimulationResult, 1);
  Simulation sim = { .what = what, .link = link_model_new (what->seed, g_free), .random = g_rand_new_with_seed (what->seed) };
  gint64 end = (gint64) (what->seconds * G_USEC_PER_SEC), counted_from = 0;
  guint64 out_before = 0, sent = 0, lost = 0;
  double could = 0, did = 0;
  guint step = 0;
  GArray *queue = g_array_new (FALSE, FALSE, sizeof (double));

  result->n_seconds = (guint) what->seconds + 1;
  result->per_second = g_new0 (double, result->n_seconds);
  result->queue_per_tenth = g_new0 (double, result->n_seconds * 10);
  for (guint i = 0; i < what->n_flows; i++)
    {
      sim.flows[i].what = &what->flows[i];
      sim.flows[i].sent = g_array_new (FALSE, FALSE, sizeof (SnugPacketResult));
      sim.flows[i].window = 10;
      sim.flows[i].threshold = 1e9;
      g_queue_init (&sim.flows[i].waiting);
      g_queue_init (&sim.flows[i].feedbacks);
      g_queue_init (&sim.flows[i].pieces);
      g_queue_init (&sim.flows[i].arrivals);
    }
  for (sim.now = 0; sim.now < end; sim.now += TICK)
    {
      double wait;

      while (step < what->n_steps && sim.now >= what->steps[step].at * G_USEC_PER_SEC)
        {
          link_model_set (sim.link, sim.now, &what->steps[step].link);
          sim.delay_back = what->steps[step].link.delay;
          counted_from = sim.now + 5 * G_USEC_PER_SEC;
          step++;
        }
      for (guint i = 0; i < what->n_flows; i++)
        step_flow (&sim, &sim.flows[i]);
      receive (&sim, result);
      wait = (double) link_model_get_queueing (sim.link, sim.now) / 1000;
      result->queue_per_tenth[sim.now / 100000] = MAX (result->queue_per_tenth[sim.now / 100000], wait);
      result->queue_max = MAX (result->queue_max, wait);
      if (sim.now % 100000 != 0)
        continue;
      if (sim.now >= 5 * G_USEC_PER_SEC && sim.now > 0)
        g_array_append_val (queue, result->queue_per_tenth[sim.now / 100000 - 1]);
      if (sim.now > counted_from && link_model_get (sim.link)->rate)
        {
          did += (double) (link_model_get_counts (sim.link)->out_bytes - out_before) * 8;
          could += (double) MIN (link_model_get (sim.link)->rate, allowed (what)) / 10;
        }
      out_before = link_model_get_counts (sim.link)->out_bytes;
    }
  qsort (queue->data, queue->len, sizeof (double), compare);
  result->queue_p95 = queue->len ? g_array_index (queue, double, queue->len * 95 / 100) : 0;
  result->utilisation = could > 0 ? did / could : 0;
  for (guint i = 0; i < what->n_flows; i++)
    {
      Flow *flow = &sim.flows[i];
      Feedback *feedback;

      result->rates[i] = (double) flow->arrived_late * 8 / (what->seconds * 0.25);
      for (guint j = 0; j < flow->told; j++)
        {
          sent++;
          lost += g_array_index (flow->sent, SnugPacketResult, j).received == SNUG_PACKET_LOST;
        }
      while ((feedback = g_queue_pop_head (&flow->feedbacks)))
        {
          g_array_unref (feedback->results);
          g_free (feedback);
        }
      g_queue_clear (&flow->waiting);
      g_queue_clear_full (&flow->pieces, g_free);
      g_queue_clear_full (&flow->arrivals, g_free);
      g_clear_pointer (&flow->pace, snug_file_pace_free);
      g_array_unref (flow->sent);
      g_clear_pointer (&flow->estimator, snug_bandwidth_estimator_free);
    }
  result->loss = sent ? (double) lost / sent : 0;
  result->lean = get_lean (result);
  g_array_unref (queue);
  link_model_free (sim.link);
  g_rand_free (sim.random);
  return result;
}

void
simulation_result_free (SimulationResult *result)
{
  g_free (result->per_second);
  g_free (result->queue_per_tenth);
  g_free (result);
}

double
simulation_reached (SimulationResult *result, double from, double rate)
{
  for (guint i = (guint) from; i + 1 < result->n_seconds; i++)
    if (result->per_second[i] >= rate)
      return i + 1 - from;
  return -1;
}

double
simulation_drained (SimulationResult *result, double from)
{
  guint last = (guint) (from * 10), calm = 0;

  for (guint i = last; i < (result->n_seconds - 1) * 10 && calm < 10; i++)
    {
      calm = result->queue_per_tenth[i] < 50 ? calm + 1 : 0;
      if (calm == 0)
        last = i + 1;
    }
  return last / 10.0 - from;
}

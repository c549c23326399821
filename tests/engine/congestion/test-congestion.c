/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The estimator over simulated links: the cases of RFC 8867 and others. Each prints its figures.
 */
#include "simulation.h"
#include "snug-bandwidth-estimator.h"

#include <math.h>

#define MBPS 1000000
#define LINK(mbps, delay_ms, queue_ms) { .rate = (guint64) ((mbps) * MBPS), .delay = (delay_ms) * 1000, .queue = (queue_ms) }

static const SimulationFlow one[] = { { .most = 3 * MBPS } };

static SimulationResult *
run (const char *name, const SimulationStep *steps, guint n_steps, const SimulationFlow *flows, guint n_flows, double seconds)
{
  SimulationCase what = {
    .steps = steps, .n_steps = n_steps, .flows = flows, .n_flows = n_flows, .seconds = seconds, .seed = 1,
  };
  SimulationResult *result = simulate (&what);

  g_test_message ("%s: utilisation %.2f, queue p95 %.0f ms, max %.0f ms, loss %.1f %%", name, result->utilisation,
                  result->queue_p95, result->queue_max, 100 * result->loss);
  for (guint i = 0; n_flows > 1 && i < n_flows; i++)
    g_test_message ("  flow %u: %.2f Mbit/s", i, result->rates[i] / MBPS);
  if (g_getenv ("SNUG_SIMULATION_TRACE"))
    for (guint i = 0; i < result->n_seconds - 1; i++)
      g_test_message ("  %u: %.2f Mbit/s, queue %.0f ms", i, result->per_second[i] / MBPS, result->queue_per_tenth[i * 10 + 5]);
  return result;
}

#define RUN(name, steps, flows, seconds) run (name, steps, G_N_ELEMENTS (steps), flows, G_N_ELEMENTS (flows), seconds)

static void
test_steady (void)
{
  static const SimulationStep steps[] = { { 0, LINK (2, 50, 300) } };
  g_autoptr (SimulationResult) result = RUN ("2 Mbit/s", steps, one, 60);

  g_assert_cmpfloat (result->utilisation, >=, 0.85);
  g_assert_cmpfloat (result->queue_p95, <=, 80);
}

/* RFC 8867, 5.1: variable available capacity with a single flow. */
static void
test_variable (void)
{
  static const SimulationStep steps[] = {
    { 0, LINK (1, 50, 300) }, { 40, LINK (2.5, 50, 300) }, { 60, LINK (0.6, 50, 300) }, { 80, LINK (1, 50, 300) },
  };
  g_autoptr (SimulationResult) result = RUN ("5.1", steps, one, 100);

  g_test_message ("  rise to 2.5 in %.0f s, queue after the fall %.1f s", simulation_reached (result, 40, 2.25 * MBPS),
                  simulation_drained (result, 60));
  g_assert_cmpfloat (result->utilisation, >=, 0.85);
  g_assert_cmpfloat (result->queue_p95, <=, 120);
  g_assert_cmpfloat (simulation_drained (result, 60), <=, 2);
}

static void
test_ramp (void)
{
  static const SimulationStep steps[] = { { 0, LINK (2.5, 40, 300) } };
  g_autoptr (SimulationResult) result = RUN ("ramp", steps, one, 30);
  double reached = simulation_reached (result, 0, 2.25 * MBPS);

  g_test_message ("  90 %% in %.0f s", reached);
  g_assert_cmpfloat (reached, >, 0);
  g_assert_cmpfloat (reached, <=, 3);
  g_assert_cmpfloat (result->queue_p95, <=, 120);
}

static void
test_dip (void)
{
  static const SimulationStep steps[] = { { 0, LINK (2.5, 40, 300) }, { 20, LINK (0.25, 40, 300) }, { 30, LINK (2.5, 40, 300) } };
  g_autoptr (SimulationResult) result = RUN ("dip", steps, one, 75);
  double reached = simulation_reached (result, 30, 2.25 * MBPS);

  g_test_message ("  back to 90 %% in %.0f s, queue after the fall %.1f s", reached, simulation_drained (result, 20));
  g_assert_cmpfloat (reached, >, 0);
  g_assert_cmpfloat (reached, <=, 10);
  g_assert_cmpfloat (simulation_drained (result, 20), <=, 2);
}

/* Loss by chance does not starve a call. */
static void
test_loss (gconstpointer data)
{
  int percent = GPOINTER_TO_INT (data);
  SimulationStep steps[] = { { 0, LINK (2, 50, 300) } };
  g_autofree char *name = g_strdup_printf ("loss %d %%", percent);
  g_autoptr (SimulationResult) result = NULL;

  steps[0].link.loss = percent / 100.0;
  result = RUN (name, steps, one, 60);
  g_assert_cmpfloat (result->utilisation, >=, percent > 10 ? 0.4 : 0.6);
  g_assert_cmpfloat (result->queue_p95, <=, 120);
}

static void
test_bursts (void)
{
  SimulationStep steps[] = { { 0, LINK (2, 50, 300) } };
  g_autoptr (SimulationResult) result = NULL;

  steps[0].link.loss = 0.1;
  steps[0].link.burst = 3;
  result = RUN ("bursts of 3", steps, one, 60);
  g_assert_cmpfloat (result->utilisation, >=, 0.5);
}

/* Losses of a queue too short to be seen by its delay are the link's limit. */
static void
test_shallow (void)
{
  static const SimulationStep steps[] = { { 0, LINK (2, 20, 20) } };
  g_autoptr (SimulationResult) result = RUN ("queue of 20 ms", steps, one, 60);

  g_assert_cmpfloat (result->utilisation, >=, 0.7);
  g_assert_cmpfloat (result->loss, <=, 0.08);
}

static void
test_jitter (void)
{
  SimulationStep steps[] = { { 0, LINK (5, 20, 300) } };
  g_autoptr (SimulationResult) result = NULL;

  steps[0].link.jitter = 30000;
  result = RUN ("jitter 30 ms", steps, one, 30);
  g_assert_cmpfloat (result->utilisation, >=, 0.85);
}

static void
test_bufferbloat (void)
{
  static const SimulationStep steps[] = { { 0, LINK (1, 20, 2000) } };
  g_autoptr (SimulationResult) result = RUN ("bufferbloat", steps, one, 60);

  g_assert_cmpfloat (result->utilisation, >=, 0.85);
  g_assert_cmpfloat (result->queue_p95, <=, 120);
}

/* RFC 8867, 5.4: flows that come one after the other. */
static void
test_fairness (void)
{
  static const SimulationStep steps[] = { { 0, LINK (3.5, 50, 300) } };
  static const SimulationFlow flows[] = {
    { .most = 3 * MBPS }, { .from = 20, .most = 3 * MBPS }, { .from = 40, .most = 3 * MBPS },
  };
  g_autoptr (SimulationResult) result = RUN ("three flows", steps, flows, 160);
  double sum = 0, squares = 0, jain;

  for (guint i = 0; i < 3; i++)
    {
      sum += result->rates[i];
      squares += result->rates[i] * result->rates[i];
    }
  jain = sum * sum / (3 * squares);
  g_test_message ("  Jain index %.3f", jain);
  g_assert_cmpfloat (jain, >=, 0.95);
  g_assert_cmpfloat (result->utilisation, >=, 0.8);
}

/* RFC 8867, 5.6: beside a long TCP flow. */
static void
test_tcp (void)
{
  static const SimulationStep steps[] = { { 0, LINK (2, 50, 300) } };
  static const SimulationFlow flows[] = { { .most = 3 * MBPS }, { .from = 10, .most = MBPS, .tcp = TRUE } };
  g_autoptr (SimulationResult) result = RUN ("beside TCP", steps, flows, 120);
  double share = result->rates[0] / (result->rates[0] + result->rates[1]);

  g_test_message ("  share %.2f", share);
  g_assert_cmpfloat (share, >=, 0.3);
  g_assert_cmpfloat (share, <=, 0.75);
}

/* A file goes to the same person. On a path that the call fills it takes a small part and is not felt; what a call leaves, it
 * takes. */
static void
test_file (void)
{
  static const struct
  {
    double rate, delay;
  } paths[] = { { 2, 20 }, { 2, 50 }, { 1, 50 }, { 4, 20 }, { 10, 20 }, { 50, 10 } };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const SimulationStep steps[] = { { 0, LINK (paths[i].rate, paths[i].delay, 300) } };
      static const SimulationFlow flows[] = { { .most = 3 * MBPS }, { .from = 20, .most = MBPS, .file = TRUE } };
      g_autofree char *name = g_strdup_printf ("a file, %g Mbit/s, %g ms", paths[i].rate, paths[i].delay);
      g_autoptr (SimulationResult) alone = run ("alone", steps, 1, flows, 1, 80);
      g_autoptr (SimulationResult) result = RUN (name, steps, flows, 80);

      g_test_message ("  call %.2f of %.2f, file %.2f Mbit/s, lean seconds %.0f %%", result->rates[0] / MBPS,
                      alone->rates[0] / MBPS, result->rates[1] / MBPS, 100 * result->lean);
      g_assert_cmpfloat (result->rates[0], >=, 0.85 * alone->rates[0]);
      g_assert_cmpfloat (result->lean, <=, 0.05);
      g_assert_cmpfloat (result->rates[1], >=, MIN (0.08 * paths[i].rate * MBPS, 5 * MBPS));
    }
}

/* A few packets of sound find no rate, and do not need one. */
static void
test_sound_only (void)
{
  static const SimulationStep steps[] = { { 0, LINK (0.2, 50, 300) } };
  static const SimulationFlow flows[] = { { .most = 3 * MBPS, .sound_only = TRUE } };
  g_autoptr (SimulationResult) result = RUN ("sound only", steps, flows, 60);

  g_assert_cmpfloat (result->queue_p95, <=, 60);
  g_assert_cmpfloat (result->loss, <=, 0.01);
}

static void
test_feedback_loss (void)
{
  static const SimulationStep steps[] = { { 0, LINK (2, 50, 300) } };
  SimulationCase what = { .steps = steps, .n_steps = 1, .flows = one, .n_flows = 1, .seconds = 60, .seed = 3, .feedback_loss = 0.2 };
  g_autoptr (SimulationResult) result = simulate (&what);

  g_test_message ("a fifth of the feedback lost: utilisation %.2f, queue p95 %.0f ms", result->utilisation, result->queue_p95);
  g_assert_cmpfloat (result->utilisation, >=, 0.8);
}

/* Half a second of 50 packets of sound a second, whose times at the other end are off by that much. */
static gint64
hear_sound (SnugBandwidthEstimator *estimator, gint64 now, gint64 off)
{
  for (guint batch = 0; batch < 5; batch++)
    {
      SnugPacketResult results[5];

      for (guint i = 0; i < G_N_ELEMENTS (results); i++, now += 20000)
        {
          results[i] = (SnugPacketResult) { .sent = now, .received = now + 20000 + off, .size = 150 };
          snug_bandwidth_estimator_sent (estimator, now);
        }
      snug_bandwidth_estimator_feedback (estimator, now + 40000, results, G_N_ELEMENTS (results));
    }

  return now;
}

/* The first feedback after ten seconds is wrong about the time that went by, and nothing but sound is sent by then. */
static void
check_after_silence (gint64 off)
{
  g_autoptr (SnugBandwidthEstimator) estimator = snug_bandwidth_estimator_new (0);
  SnugPacketResult mixed = { .size = 150 };
  SnugBandwidthSample sample;
  gint64 now = 0, end;

  snug_bandwidth_estimator_restart (estimator, now, 2 * MBPS);
  now = hear_sound (estimator, now, 0);
  for (end = now + 10 * G_USEC_PER_SEC; now < end; now += 20000)
    {
      snug_bandwidth_estimator_sent (estimator, now);
      snug_bandwidth_estimator_tick (estimator, now);
    }
  snug_bandwidth_estimator_get_sample (estimator, &sample);
  g_assert_cmpint (sample.state, ==, SNUG_BANDWIDTH_SILENT);

  mixed.sent = now - 30000;
  mixed.received = now - 10000 - off;
  snug_bandwidth_estimator_feedback (estimator, now, &mixed, 1);
  now = hear_sound (estimator, now, 0);
  snug_bandwidth_estimator_get_sample (estimator, &sample);
  g_assert_cmpint (sample.state, ==, SNUG_BANDWIDTH_RISING);
  g_assert_cmpuint (sample.target, >=, 1300000);

  /* And once more, in the middle of it. */
  now = hear_sound (estimator, now, 16384000);
  snug_bandwidth_estimator_get_sample (estimator, &sample);
  g_assert_cmpint (sample.state, ==, SNUG_BANDWIDTH_RISING);
  g_assert_cmpuint (sample.target, >=, 1300000);
  g_assert_cmpint (sample.queue_delay, <=, 10000);
}

static void
test_after_silence (void)
{
  check_after_silence (65536 * 250);
  check_after_silence (54000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* All figures of a case are worth seeing, not only the first that is missed. */
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/congestion/steady", test_steady);
  g_test_add_func ("/congestion/rfc8867-5.1", test_variable);
  g_test_add_func ("/congestion/ramp", test_ramp);
  g_test_add_func ("/congestion/dip", test_dip);
  g_test_add_data_func ("/congestion/loss-1", GINT_TO_POINTER (1), test_loss);
  g_test_add_data_func ("/congestion/loss-5", GINT_TO_POINTER (5), test_loss);
  g_test_add_data_func ("/congestion/loss-10", GINT_TO_POINTER (10), test_loss);
  g_test_add_data_func ("/congestion/loss-20", GINT_TO_POINTER (20), test_loss);
  g_test_add_func ("/congestion/bursts", test_bursts);
  g_test_add_func ("/congestion/shallow-queue", test_shallow);
  g_test_add_func ("/congestion/jitter", test_jitter);
  g_test_add_func ("/congestion/bufferbloat", test_bufferbloat);
  g_test_add_func ("/congestion/fairness", test_fairness);
  g_test_add_func ("/congestion/beside-tcp", test_tcp);
  g_test_add_func ("/congestion/file", test_file);
  g_test_add_func ("/congestion/sound-only", test_sound_only);
  g_test_add_func ("/congestion/feedback-loss", test_feedback_loss);
  g_test_add_func ("/congestion/after-silence", test_after_silence);

  return g_test_run ();
}

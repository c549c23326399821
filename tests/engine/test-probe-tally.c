/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes of a row of pings, in simulated time; and their form on the wire.
 */
#include "snug-probe-message.h"
#include "snug-probe-tally.h"

#include <math.h>

#define MS ((gint64) 1000)

static void
test_nothing (void)
{
  g_autoptr (SnugProbeTally) tally = snug_probe_tally_new (3);
  SnugProbeSummary summary = snug_probe_tally_sum_up (tally);

  g_assert_cmpuint (summary.sent, ==, 0);
  g_assert_true (isnan (summary.loss_fraction));
  g_assert_true (isnan (summary.round_trip_min));
  g_assert_true (isnan (summary.bits_per_second));
  g_assert_false (snug_probe_tally_is_complete (tally));
}

static void
test_hundred (void)
{
  g_autoptr (SnugProbeTally) tally = snug_probe_tally_new (100);
  SnugProbeSummary summary;

  /* Round trips of 1 to 100 ms, backwards. */
  for (guint i = 0; i < 100; i++)
    snug_probe_tally_send (tally, 125, i * MS);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (snug_probe_tally_echo (tally, i, i * MS + (100 - i) * MS), ==, (100 - i) * MS);
  g_assert_true (snug_probe_tally_is_complete (tally));

  summary = snug_probe_tally_sum_up (tally);
  g_assert_cmpfloat_with_epsilon (summary.round_trip_min, 0.001, 1e-9);
  g_assert_cmpfloat_with_epsilon (summary.round_trip_median, 0.050, 1e-9);
  g_assert_cmpfloat_with_epsilon (summary.round_trip_p99, 0.099, 1e-9);
  g_assert_cmpfloat_with_epsilon (summary.round_trip_max, 0.100, 1e-9);
  g_assert_cmpfloat (summary.loss_fraction, ==, 0);
  /* 100 times 1000 bits in 100 ms. */
  g_assert_cmpfloat_with_epsilon (summary.bits_per_second, 1e6, 1e-3);
}

static void
test_loss (void)
{
  g_autoptr (SnugProbeTally) tally = snug_probe_tally_new (4);
  SnugProbeSummary summary;

  for (guint i = 0; i < 4; i++)
    snug_probe_tally_send (tally, 64, i * MS);
  g_assert_cmpint (snug_probe_tally_echo (tally, 2, 5 * MS), ==, 3 * MS);
  /* Twice, one that was not sent, a clock that stands still. */
  g_assert_cmpint (snug_probe_tally_echo (tally, 2, 6 * MS), ==, -1);
  g_assert_cmpint (snug_probe_tally_echo (tally, 4, 6 * MS), ==, -1);
  g_assert_cmpint (snug_probe_tally_echo (tally, 3, 0), ==, 0);

  summary = snug_probe_tally_sum_up (tally);
  g_assert_cmpuint (summary.echoed, ==, 2);
  g_assert_cmpfloat (summary.loss_fraction, ==, 0.5);
  g_assert_false (snug_probe_tally_is_complete (tally));
}

static void
test_received (void)
{
  g_autoptr (SnugProbeTally) tally = snug_probe_tally_new (0);

  snug_probe_tally_receive (tally, 1000, 0);
  g_assert_true (isnan (snug_probe_tally_sum_up (tally).received_bits_per_second));
  snug_probe_tally_receive (tally, 1000, 8 * MS);
  g_assert_cmpuint (snug_probe_tally_sum_up (tally).received, ==, 2);
  g_assert_cmpfloat_with_epsilon (snug_probe_tally_sum_up (tally).received_bits_per_second, 1e6, 1e-3);
  g_assert_true (snug_probe_tally_is_complete (tally));
}

static void
test_wire (void)
{
  static const guint8 bad[][SNUG_PROBE_MESSAGE_MIN_BYTES] = {
    { 1, 1 }, { 2, 0 }, { 2, 4 }, { 2, 1, 0, 1, 0x86, 0xa0 }, { 2, 1, 0xff, 0xff, 0xff, 0xff },
  };
  static const SnugProbeMessage good[] = {
    { SNUG_PROBE_PING, 0, SNUG_PROBE_MESSAGE_MIN_BYTES },
    { SNUG_PROBE_ECHO, SNUG_PROBE_COUNT_MAX - 1, SNUG_PROBE_MESSAGE_MAX_BYTES },
    { SNUG_PROBE_DONE, 7, 100 },
  };
  SnugProbeMessage message;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GBytes) bytes = snug_probe_message_to_bytes (&good[i]);
      gsize size;
      const guint8 *data = g_bytes_get_data (bytes, &size);

      g_assert_true (snug_probe_message_parse (data, size, &message, NULL));
      g_assert_cmpint (message.kind, ==, good[i].kind);
      g_assert_cmpuint (message.number, ==, good[i].number);
      g_assert_cmpuint (message.size, ==, good[i].size);
      g_assert_false (snug_probe_message_parse (data, SNUG_PROBE_MESSAGE_MIN_BYTES - 1, &message, NULL));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (snug_probe_message_parse (bad[i], sizeof bad[i], &message, &error));
      g_assert_true (error->domain == SNUG_PROTOCOL_ERROR);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/probe-tally/nothing", test_nothing);
  g_test_add_func ("/engine/probe-tally/hundred", test_hundred);
  g_test_add_func ("/engine/probe-tally/loss", test_loss);
  g_test_add_func ("/engine/probe-tally/received", test_received);
  g_test_add_func ("/engine/probe-tally/wire", test_wire);

  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What becomes of probes that are lost, not sent as they were meant to be, or arrive too slowly once, in simulated time.
 */
#include "snug-probe.h"

#define MS 1000
#define TARGET 300000
#define MOST 3000000
#define PACKET 1200

/* Its packets leave at that rate and arrive at the other; 0: they don't. */
static void
send_probe (SnugProber *prober, const SnugProbe *probe, gint64 now, guint64 rate, guint64 arriving)
{
  for (guint64 bytes = 0; bytes < probe->bytes + PACKET; bytes += PACKET)
    {
      SnugPacketResult result = {
        .sent = now + (gint64) (bytes * 8 * G_USEC_PER_SEC / rate),
        .received = arriving == 0 ? SNUG_PACKET_LOST : now + 20 * MS + (gint64) (bytes * 8 * G_USEC_PER_SEC / arriving),
        .size = PACKET,
        .probe = probe->id,
      };

      snug_prober_add (prober, &result);
    }
}

static gboolean
next (SnugProber *prober, gint64 now, SnugProbe *probe)
{
  return snug_prober_next (prober, now, 0, TARGET, MOST, TRUE, probe);
}

static void
test_unanswered (void)
{
  g_autoptr (SnugProber) prober = snug_prober_new ();
  SnugProbe probe;
  gint64 now = 0;
  guint n = 0;

  /* The first packets of a connection are lost before the other end can read them: it is tried again at once, but not for ever. */
  snug_prober_start (prober, now, TARGET);
  for (; now < 4 * G_USEC_PER_SEC; now += 10 * MS)
    if (next (prober, now, &probe))
      {
        g_assert_cmpuint (probe.rate, ==, 3 * TARGET);
        send_probe (prober, &probe, now, probe.rate, 0);
        n++;
      }
  g_assert_cmpuint (n, >=, 4);
  g_assert_cmpuint (n, <=, 5);
}

static void
test_long_round_trip (void)
{
  g_autoptr (SnugProber) prober = snug_prober_new ();
  SnugProbe probe;
  gboolean full;

  snug_prober_start (prober, 0, TARGET);
  g_assert_true (snug_prober_next (prober, 0, 600 * MS, TARGET, MOST, TRUE, &probe));
  for (gint64 now = 0; now < 1500 * MS; now += 10 * MS)
    {
      SnugProbe other;

      g_assert_false (snug_prober_next (prober, now, 600 * MS, TARGET, MOST, TRUE, &other));
    }
  send_probe (prober, &probe, 0, probe.rate, probe.rate);
  g_assert_cmpuint (snug_prober_take (prober, 1500 * MS, TARGET, &full), >=, probe.rate * 9 / 10);
}

static void
test_not_as_meant (void)
{
  g_autoptr (SnugProber) prober = snug_prober_new ();
  SnugProbe probe, again;
  gboolean full;

  snug_prober_start (prober, 0, TARGET);
  g_assert_true (next (prober, 0, &probe));
  send_probe (prober, &probe, 0, TARGET, TARGET);
  snug_prober_take (prober, 100 * MS, TARGET, &full);
  g_assert_true (next (prober, 100 * MS, &again));
  g_assert_cmpuint (again.rate, ==, probe.rate);
}

static void
test_doubt (void)
{
  g_autoptr (SnugProber) prober = snug_prober_new ();
  SnugProbe probe, again, third;
  gboolean full;

  /* Said to be full once, and asked soon once more. */
  snug_prober_start (prober, 0, TARGET);
  g_assert_true (next (prober, 0, &probe));
  send_probe (prober, &probe, 0, probe.rate, probe.rate / 2);
  g_assert_cmpuint (snug_prober_take (prober, 100 * MS, TARGET, &full), <=, probe.rate * 6 / 10);
  g_assert_true (full);
  g_assert_false (next (prober, 150 * MS, &again));
  g_assert_true (next (prober, 210 * MS, &again));
  g_assert_cmpuint (again.rate, ==, probe.rate);
  /* Twice: then it is, for some time. */
  send_probe (prober, &again, 210 * MS, again.rate, again.rate / 2);
  snug_prober_take (prober, 310 * MS, TARGET, &full);
  g_assert_true (full);
  g_assert_false (next (prober, 1500 * MS, &third));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/probe/unanswered", test_unanswered);
  g_test_add_func ("/probe/long-round-trip", test_long_round_trip);
  g_test_add_func ("/probe/not-as-meant", test_not_as_meant);
  g_test_add_func ("/probe/doubt", test_doubt);

  return g_test_run ();
}

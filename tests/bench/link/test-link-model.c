/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "link-model.h"

#include <math.h>

#define PACKET GUINT_TO_POINTER (1)

/* One packet of 1000 bytes at 1 Mbit/s takes 8 ms. */
static void
test_rate_and_delay (void)
{
  g_autoptr (LinkModel) link = link_model_new (1, NULL);

  link_model_set (link, 0, &(LinkSettings) { .rate = 1000000, .queue = 300, .delay = 50000 });
  link_model_push (link, 0, PACKET, 1000);
  link_model_push (link, 0, PACKET, 1000);
  g_assert_cmpint (link_model_get_queueing (link, 0), ==, 16000);
  g_assert_cmpint (link_model_get_queueing (link, 4000), ==, 12000);
  g_assert_null (link_model_pop (link, 57999));
  g_assert_nonnull (link_model_pop (link, 58000));
  g_assert_null (link_model_pop (link, 65999));
  g_assert_nonnull (link_model_pop (link, 66000));
  g_assert_cmpint (link_model_get_queueing (link, 66000), ==, 0);
  g_assert_cmpint (link_model_next (link, 66000), ==, -1);
}

/* What waits is sent at the new rate from the change on. */
static void
test_rate_change (void)
{
  g_autoptr (LinkModel) link = link_model_new (1, NULL);

  link_model_set (link, 0, &(LinkSettings) { .rate = 1000000, .queue = 300 });
  link_model_push (link, 0, PACKET, 1000);
  link_model_set (link, 4000, &(LinkSettings) { .rate = 100000, .queue = 300 });
  g_assert_null (link_model_pop (link, 43999));
  g_assert_nonnull (link_model_pop (link, 44000));
}

static void
test_queue_limit (void)
{
  g_autoptr (LinkModel) link = link_model_new (1, NULL);
  guint n = 0;

  link_model_set (link, 0, &(LinkSettings) { .rate = 1000000, .queue = 80 }); /* 10 kB */
  for (guint i = 0; i < 30; i++)
    link_model_push (link, 0, PACKET, 1000);
  g_assert_cmpuint (link_model_get_counts (link)->dropped, ==, 20);
  while (link_model_pop (link, G_USEC_PER_SEC))
    n++;
  g_assert_cmpuint (n, ==, 10);
  g_assert_cmpuint (link_model_get_counts (link)->out_bytes, ==, 10000);
}

static void
test_no_limit (void)
{
  g_autoptr (LinkModel) link = link_model_new (1, NULL);

  link_model_set (link, 0, &(LinkSettings) { .delay = 20000 });
  for (guint i = 0; i < 1000; i++)
    link_model_push (link, 0, PACKET, 1500);
  g_assert_cmpint (link_model_next (link, 0), ==, 20000);
  for (guint i = 0; i < 1000; i++)
    g_assert_nonnull (link_model_pop (link, 20000));
  g_assert_cmpuint (link_model_get_counts (link)->dropped, ==, 0);
}

/* The mean loss and the mean length of a burst are as asked for. */
static void
test_loss (gconstpointer data)
{
  double burst = *(const double *) data;
  g_autoptr (LinkModel) link = link_model_new (7, NULL);
  guint lost = 0, bursts = 0;
  gboolean before = FALSE;
  const guint N = 200000;

  link_model_set (link, 0, &(LinkSettings) { .loss = 0.1, .burst = burst });
  for (guint i = 0; i < N; i++)
    {
      gboolean now;

      link_model_push (link, i, PACKET, 100);
      now = link_model_pop (link, i) == NULL;
      lost += now;
      bursts += now && !before;
      before = now;
    }
  g_assert_cmpfloat_with_epsilon ((double) lost / N, 0.1, 0.005);
  g_assert_cmpfloat_with_epsilon ((double) lost / bursts, burst > 1 ? burst : 1 / 0.9, 0.06);
  g_assert_cmpuint (link_model_get_counts (link)->lost, ==, lost);
}

/* Jitter stays in its bounds and never changes the order. */
static void
test_jitter (void)
{
  g_autoptr (LinkModel) link = link_model_new (3, NULL);
  guint expected = 1;
  gint64 most = 0;

  link_model_set (link, 0, &(LinkSettings) { .delay = 10000, .jitter = 30000 });
  for (guint i = 1; i <= 5000; i++)
    link_model_push (link, i * 20000, GUINT_TO_POINTER (i), 100);
  for (gint64 now = 0; expected <= 5000; now += 100)
    for (gpointer packet; (packet = link_model_pop (link, now)); expected++)
      {
        gint64 late = now - (gint64) expected * 20000 - 10000;

        g_assert_cmpuint (GPOINTER_TO_UINT (packet), ==, expected);
        g_assert_cmpint (late, >=, 0);
        most = MAX (most, late);
      }
  g_assert_cmpint (most, >, 25000);
  g_assert_cmpint (most, <, 31000);
}

/* The same seed makes the same link. */
static void
test_seed (void)
{
  guint64 lost[2];

  for (guint run = 0; run < 2; run++)
    {
      g_autoptr (LinkModel) link = link_model_new (42, NULL);

      link_model_set (link, 0, &(LinkSettings) { .loss = 0.3 });
      for (guint i = 0; i < 1000; i++)
        {
          link_model_push (link, i, PACKET, 100);
          link_model_pop (link, i);
        }
      lost[run] = link_model_get_counts (link)->lost;
    }
  g_assert_cmpuint (lost[0], ==, lost[1]);
}

int
main (int argc, char **argv)
{
  static const double bursts[] = { 1, 2, 3 };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link-model/rate-and-delay", test_rate_and_delay);
  g_test_add_func ("/link-model/rate-change", test_rate_change);
  g_test_add_func ("/link-model/queue-limit", test_queue_limit);
  g_test_add_func ("/link-model/no-limit", test_no_limit);
  g_test_add_data_func ("/link-model/loss-bernoulli", &bursts[0], test_loss);
  g_test_add_data_func ("/link-model/loss-bursts-2", &bursts[1], test_loss);
  g_test_add_data_func ("/link-model/loss-bursts-3", &bursts[2], test_loss);
  g_test_add_func ("/link-model/jitter", test_jitter);
  g_test_add_func ("/link-model/seed", test_seed);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When a path counts as interrupted and as lost, and when another connection is tried: in simulated time.
 */
#include "snug-path-watch.h"
#include "snug-reconnect-plan.h"

#define MS ((gint64) 1000)
#define SECOND ((gint64) G_USEC_PER_SEC)

/* Looks every 250 ms until then, and returns what the last look says. */
static SnugPathState
look_until (SnugPathWatch *watch, gint64 *now, gint64 then)
{
  SnugPathState state = snug_path_watch_look (watch, *now);

  while (*now < then)
    {
      *now = MIN (*now + SNUG_PATH_LOOK_US, then);
      state = snug_path_watch_look (watch, *now);
    }

  return state;
}

static void
test_silence (void)
{
  SnugPathWatch watch;
  gint64 now = 100 * SECOND;

  snug_path_watch_init (&watch, now);
  snug_path_watch_set_prompt (&watch, TRUE);
  for (guint i = 0; i < 100; i++)
    {
      g_assert_cmpint (look_until (&watch, &now, now + 400 * MS), ==, SNUG_PATH_LIVE);
      snug_path_watch_hear (&watch, now);
    }

  g_assert_cmpint (look_until (&watch, &now, now + 2 * SECOND - 1), ==, SNUG_PATH_LIVE);
  g_assert_cmpint (look_until (&watch, &now, now + 1), ==, SNUG_PATH_INTERRUPTED);
  g_assert_cmpint (look_until (&watch, &now, now + 2 * SECOND - 1), ==, SNUG_PATH_INTERRUPTED);
  g_assert_cmpint (look_until (&watch, &now, now + 1), ==, SNUG_PATH_LOST);
  g_assert_cmpint (look_until (&watch, &now, now + 600 * SECOND), ==, SNUG_PATH_LOST);

  /* One packet, and all is well. */
  snug_path_watch_hear (&watch, now);
  g_assert_cmpint (snug_path_watch_look (&watch, now), ==, SNUG_PATH_LIVE);
}

static void
test_patience (void)
{
  SnugPathWatch watch;
  gint64 now = 0;

  /* A browser with nothing to send. */
  snug_path_watch_init (&watch, now);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_cmpint (look_until (&watch, &now, now + 7 * SECOND), ==, SNUG_PATH_LIVE);
      snug_path_watch_hear (&watch, now);
    }
  g_assert_cmpint (look_until (&watch, &now, now + 8 * SECOND), ==, SNUG_PATH_INTERRUPTED);
  g_assert_cmpint (look_until (&watch, &now, now + 8 * SECOND), ==, SNUG_PATH_LOST);
}

static void
test_odd_times (void)
{
  SnugPathWatch watch;
  gint64 now = 50 * SECOND;

  snug_path_watch_init (&watch, now);
  snug_path_watch_set_prompt (&watch, TRUE);
  /* Never, long ago, in the far future. */
  snug_path_watch_hear (&watch, 0);
  snug_path_watch_hear (&watch, G_MININT64);
  g_assert_cmpint (look_until (&watch, &now, now + SECOND), ==, SNUG_PATH_LIVE);
  snug_path_watch_hear (&watch, G_MAXINT64);
  g_assert_cmpint (snug_path_watch_look (&watch, now), ==, SNUG_PATH_LIVE);
  g_assert_cmpint (look_until (&watch, &now, now + 4 * SECOND), ==, SNUG_PATH_LOST);

  /* Stopped for an hour: what might have come then was not heard for another reason. */
  snug_path_watch_hear (&watch, now);
  now += 3600 * SECOND;
  g_assert_cmpint (snug_path_watch_look (&watch, now), ==, SNUG_PATH_LIVE);
  g_assert_cmpint (look_until (&watch, &now, now + 2 * SECOND), ==, SNUG_PATH_INTERRUPTED);
}

static void
test_plan (void)
{
  static const gint64 pauses[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
  SnugReconnectPlan plan = { 0 };
  gint64 now = 10 * SECOND;

  g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_WAIT);
  snug_reconnect_plan_begin (&plan, now);
  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_ATTEMPT);
      g_assert_cmpint (snug_reconnect_plan_prefers_relay (&plan), ==, i % 3 == 2);
      g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_WAIT);
      /* Wanted already. */
      snug_reconnect_plan_begin (&plan, now);
      now += SNUG_RECONNECT_ATTEMPT_US - 1;
      g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_WAIT);
      now += 1;
      g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_ABANDON);
      now += pauses[i] * SECOND - 1;
      g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_WAIT);
      now += 1;
    }

  snug_reconnect_plan_end (&plan);
  g_assert_cmpint (snug_reconnect_plan_step (&plan, now + 100 * SECOND), ==, SNUG_RECONNECT_WAIT);
}

static void
test_hurry (void)
{
  SnugReconnectPlan plan = { 0 };
  gint64 now = 0;

  /* Of no use when nothing is wanted. */
  snug_reconnect_plan_hurry (&plan, now);
  snug_reconnect_plan_fail (&plan, now);
  g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_WAIT);

  snug_reconnect_plan_begin (&plan, now);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_ATTEMPT);
      snug_reconnect_plan_fail (&plan, now);
      now += (1 << i) * SECOND;
    }
  g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_ATTEMPT);
  snug_reconnect_plan_fail (&plan, now);

  /* While it waits: at once, and the pauses are short again. */
  snug_reconnect_plan_hurry (&plan, now);
  g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_ATTEMPT);
  /* While one runs: another one instead. */
  snug_reconnect_plan_hurry (&plan, now);
  g_assert_cmpint (snug_reconnect_plan_step (&plan, now), ==, SNUG_RECONNECT_ATTEMPT);
  snug_reconnect_plan_fail (&plan, now);
  g_assert_cmpint (snug_reconnect_plan_step (&plan, now + SECOND), ==, SNUG_RECONNECT_ATTEMPT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/path-watch/silence", test_silence);
  g_test_add_func ("/path-watch/patience", test_patience);
  g_test_add_func ("/path-watch/odd-times", test_odd_times);
  g_test_add_func ("/path-watch/plan", test_plan);
  g_test_add_func ("/path-watch/hurry", test_hurry);

  return g_test_run ();
}

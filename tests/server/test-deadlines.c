/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-deadlines.h"

#define N 300

static void
test_empty (void)
{
  SnugDeadlines deadlines = { 0 };
  SnugDeadline one = { 0 };

  g_assert_cmpint (snug_deadlines_get_first (&deadlines), ==, 0);
  g_assert_null (snug_deadlines_take_due (&deadlines, G_MAXINT64));
  snug_deadlines_set (&deadlines, &one, 0);
  snug_deadlines_set (&deadlines, &one, 5);
  g_assert_null (snug_deadlines_take_due (&deadlines, 4));
  g_assert_true (snug_deadlines_take_due (&deadlines, 5) == &one);
  g_assert_cmpint (one.time, ==, 0);
  g_assert_cmpint (snug_deadlines_get_first (&deadlines), ==, 0);
  snug_deadlines_clear (&deadlines);
}

/* Thousands of random moves: what comes out is always what is first. */
static void
test_random_walk (void)
{
  SnugDeadlines deadlines = { 0 };
  SnugDeadline entries[N] = { { 0 } };

  for (guint step = 0; step < 20000; step++)
    {
      SnugDeadline *entry = &entries[g_test_rand_int_range (0, N)];
      gint64 first = 0;

      if (g_test_rand_bit ())
        snug_deadlines_set (&deadlines, entry, g_test_rand_int_range (0, 100));
      else
        {
          gint64 before = snug_deadlines_get_first (&deadlines);
          gint64 now = g_test_rand_int_range (1, 100);
          SnugDeadline *due = snug_deadlines_take_due (&deadlines, now);

          g_assert_true ((due != NULL) == (before > 0 && before <= now));
          g_assert_true (due == NULL || due->time == 0);
        }
      for (guint i = 0; i < N; i++)
        {
          if (entries[i].time > 0 && (first == 0 || entries[i].time < first))
            first = entries[i].time;
        }
      g_assert_cmpint (snug_deadlines_get_first (&deadlines), ==, first);
    }
  snug_deadlines_clear (&deadlines);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deadlines/empty", test_empty);
  g_test_add_func ("/deadlines/random-walk", test_random_walk);
  return g_test_run ();
}

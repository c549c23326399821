/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-token-bucket.h"

static guint
take_all (SnugTokenBucket *bucket, gint64 now)
{
  guint n = 0;

  while (snug_token_bucket_take (bucket, now))
    n++;
  return n;
}

static void
test_burst_and_rate (void)
{
  SnugTokenBucket bucket;
  gint64 now = 1000;

  snug_token_bucket_init (&bucket, 20, 60, now);
  g_assert_cmpuint (take_all (&bucket, now), ==, 60);
  g_assert_cmpint (snug_token_bucket_get_wait (&bucket, now), ==, 50000);
  g_assert_cmpuint (take_all (&bucket, now + 49999), ==, 0);
  g_assert_cmpuint (take_all (&bucket, now + 50000), ==, 1);
  g_assert_cmpuint (take_all (&bucket, now + 1050000), ==, 20);
  g_assert_cmpuint (take_all (&bucket, now + 1050000 + 100 * G_USEC_PER_SEC), ==, 60);
}

static void
test_long_run (void)
{
  SnugTokenBucket bucket;
  guint n = 0;

  snug_token_bucket_init (&bucket, 20, 60, 0);
  for (gint64 now = 0; now < 100 * G_USEC_PER_SEC; now += 777)
    n += snug_token_bucket_take (&bucket, now);
  g_assert_cmpuint (n, >=, 60 + 20 * 100 - 1);
  g_assert_cmpuint (n, <=, 60 + 20 * 100);
}

static void
test_odd_clocks (void)
{
  SnugTokenBucket bucket;

  snug_token_bucket_init (&bucket, G_MAXINT, 1, 1000);
  g_assert_true (snug_token_bucket_take (&bucket, 1000));
  g_assert_cmpuint (take_all (&bucket, G_MAXINT64), ==, 1);
  g_assert_cmpuint (take_all (&bucket, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-bucket/burst-and-rate", test_burst_and_rate);
  g_test_add_func ("/token-bucket/long-run", test_long_run);
  g_test_add_func ("/token-bucket/odd-clocks", test_odd_clocks);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long sound and picture are held back, in simulated time.
 */
#include <math.h>

#include "snug-playout-plan.h"
#include "snug-relative-delay.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MS ((gint64) 1000)
#define TICK (200 * MS)

/* n packets of sound, 20 ms apart, each as late as late() says; the timestamps wrap on the way. */
static void
send_sound (SnugRelativeDelay *delay, gint64 *now, guint32 *timestamp, guint n, gint64 (*late) (guint i))
{
  for (guint i = 0; i < n; i++)
    {
      snug_relative_delay_add (delay, *timestamp, *now + (late != NULL ? late (i) : 0));
      *timestamp += 960;
      *now += 20 * MS;
    }
}

static gint64
sometimes (guint i)
{
  return i % 10 == 0 ? 62 * MS : 3 * MS;
}

static gint64
seldom (guint i)
{
  return i % 100 == 0 ? 200 * MS : 0;
}

static void
test_quantile (void)
{
  SnugRelativeDelay delay;
  gint64 now = 7 * SECOND;
  guint32 timestamp = G_MAXUINT32 - 5000;

  snug_relative_delay_init (&delay, 48000);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.95), ==, 0);
  g_assert_cmpint (snug_relative_delay_get_interval (&delay), ==, 0);
  send_sound (&delay, &now, &timestamp, 500, NULL);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.95), ==, 5 * MS);
  g_assert_cmpint (snug_relative_delay_get_interval (&delay), ==, 20 * MS);

  /* A tenth of them is 59 ms behind the fastest. */
  send_sound (&delay, &now, &timestamp, 1000, sometimes);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.5), <=, 10 * MS);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.95), >=, 60 * MS);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.95), <=, 65 * MS);

  /* One in a hundred does not count. */
  send_sound (&delay, &now, &timestamp, 2000, seldom);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.95), ==, 5 * MS);
}

static void
test_clocks (void)
{
  SnugRelativeDelay delay;
  gint64 now = 0;
  guint32 timestamp = 0;

  /* The other's clock is slow by 200 ppm, for an hour; then its path becomes 80 ms longer. */
  snug_relative_delay_init (&delay, 48000);
  for (guint i = 0; i < 180000; i++)
    {
      snug_relative_delay_add (&delay, timestamp, now + i * 4);
      timestamp += 960;
      now += 20 * MS;
    }
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.99), <=, 10 * MS);
  now += 180000 * 4 + 80 * MS;
  send_sound (&delay, &now, &timestamp, 250, NULL);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.95), >=, 80 * MS);
  send_sound (&delay, &now, &timestamp, 2000, NULL);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 0.95), ==, 5 * MS);
}

static void
test_absurd_timestamps (void)
{
  SnugRelativeDelay delay;
  gint64 now = 0;
  GRand *random = g_rand_new_with_seed (7);

  snug_relative_delay_init (&delay, 90000);
  for (guint i = 0; i < 100000; i++)
    {
      gint64 quantile;

      snug_relative_delay_add (&delay, g_rand_int (random), now);
      now += g_rand_int_range (random, 0, 100000);
      quantile = snug_relative_delay_get_quantile (&delay, 0.95);
      g_assert_cmpint (quantile, >=, 0);
      g_assert_cmpint (quantile, <=, 505 * MS);
    }
  g_rand_free (random);

  /* All at once, out of order, far apart in time. */
  snug_relative_delay_add (&delay, 0, G_MAXINT64 / 4);
  snug_relative_delay_add (&delay, 90000, G_MAXINT64 / 4);
  snug_relative_delay_add (&delay, 0, G_MAXINT64 / 4);
  snug_relative_delay_add (&delay, 0, 0);
  g_assert_cmpint (snug_relative_delay_get_quantile (&delay, 1.0), <=, 505 * MS);
}

/* Updates for so long; returns how often something changed. */
static guint
run_for (SnugPlayoutPlan *plan, SnugPlayoutSight *sight, gint64 *now, gint64 time)
{
  gint64 end = *now + time;
  guint n = 0;

  for (; *now < end; *now += TICK)
    {
      n += snug_playout_plan_update (plan, sight, *now);
      sight->video_lost = FALSE;
    }

  return n;
}

static void
test_raise_and_lower (void)
{
  SnugPlayoutPlan plan;
  SnugPlayoutSight sight = { .audio_delay = 5, .round_trip = NAN };
  gint64 now = 100 * SECOND;

  snug_playout_plan_init (&plan, now);
  run_for (&plan, &sight, &now, 20 * SECOND);
  g_assert_cmpuint (plan.audio, ==, SNUG_PLAYOUT_AUDIO_MIN_MS);
  g_assert_cmpuint (plan.video, ==, SNUG_PLAYOUT_FIRST_MS);

  /* Up at once... */
  sight.audio_delay = 90;
  run_for (&plan, &sight, &now, TICK);
  g_assert_cmpuint (plan.audio, ==, 100);
  /* ...and slowly down, in steps that are worth it; faster when nobody hears it. */
  sight.audio_delay = 5;
  g_assert_cmpuint (run_for (&plan, &sight, &now, 5 * SECOND), <=, 2);
  g_assert_cmpuint (plan.audio, >=, 80);
  sight.silent = TRUE;
  run_for (&plan, &sight, &now, 2 * SECOND);
  g_assert_cmpuint (plan.audio, <=, 30);

  /* Never out of bounds. */
  sight.audio_delay = G_MAXUINT / 2;
  run_for (&plan, &sight, &now, TICK);
  g_assert_cmpuint (plan.audio, ==, SNUG_PLAYOUT_AUDIO_MAX_MS);

  /* Far too much goes sooner, also when it is heard. */
  sight.audio_delay = 5;
  sight.silent = FALSE;
  run_for (&plan, &sight, &now, 8 * SECOND);
  g_assert_cmpuint (plan.audio, >=, 140);
  g_assert_cmpuint (plan.audio, <=, 200);
  run_for (&plan, &sight, &now, 12 * SECOND);
  g_assert_cmpuint (plan.audio, <=, 110);
}

static void
test_repair (void)
{
  SnugPlayoutPlan plan;
  SnugPlayoutSight sight = { .audio_delay = 5, .video_delay = 10, .video_ready = 10, .round_trip = 0.1 };
  gint64 now = 0;

  snug_playout_plan_init (&plan, now);
  run_for (&plan, &sight, &now, 10 * SECOND);
  g_assert_cmpint (plan.video, <=, 15);
  g_assert_cmpuint (plan.retry, ==, 0);

  /* What is sent again makes pictures late: with a loss it is waited for that... */
  sight.video_lost = TRUE;
  sight.video_ready = 300;
  run_for (&plan, &sight, &now, TICK);
  g_assert_cmpint (plan.video, <=, 30); /* soon, but not at once */
  g_assert_cmpuint (plan.retry, ==, 60);
  run_for (&plan, &sight, &now, 4 * SECOND);
  g_assert_cmpint (plan.video, >=, 130);
  /* ...once, and not for those that are lost again. */
  g_assert_cmpint (plan.video, <=, 140);
  /* The sound stays with the picture. */
  g_assert_cmpint ((int) plan.audio, >=, plan.video - SNUG_PLAYOUT_LIP_SYNC_MS);
  run_for (&plan, &sight, &now, 14 * SECOND);
  g_assert_cmpint (plan.video, >=, 130);
  /* Without another one it is given up. */
  run_for (&plan, &sight, &now, 30 * SECOND);
  g_assert_cmpint (plan.video, <=, 15);
  g_assert_cmpuint (plan.audio, <=, 40);
  g_assert_cmpuint (plan.retry, ==, 0);

  /* On a short path much of the time goes until it is noticed, by the next picture. */
  sight.round_trip = 0.001;
  sight.video_interval = 50;
  sight.video_lost = TRUE;
  run_for (&plan, &sight, &now, 3 * SECOND);
  g_assert_cmpint (plan.video, >=, 45);
  g_assert_cmpint (plan.video, <=, 60);
  g_assert_cmpuint (plan.retry, ==, 0);
  /* Nobody waits for pictures of a screen that come once a second. */
  sight.video_interval = 1000;
  sight.video_lost = TRUE;
  run_for (&plan, &sight, &now, 3 * SECOND);
  g_assert_cmpint (plan.video, <=, 80);
}

/* A lost packet is given up only when it could have been sent again several times. */
static void
test_patience (void)
{
  SnugPlayoutPlan plan;
  SnugPlayoutSight sight = { .video_delay = 10, .video_ready = 10, .video_interval = 33, .round_trip = NAN };
  gint64 now = 0;

  snug_playout_plan_init (&plan, now);
  run_for (&plan, &sight, &now, SECOND);
  g_assert_cmpuint (plan.patience, ==, SNUG_PLAYOUT_PATIENCE_MIN_MS);
  sight.round_trip = 0.1;
  run_for (&plan, &sight, &now, SECOND);
  g_assert_cmpuint (plan.patience, >=, 440);
  g_assert_cmpuint (plan.patience, <=, 550);
  g_assert_cmpint (plan.video, <=, 15);
  sight.round_trip = 0.001;
  run_for (&plan, &sight, &now, SECOND);
  g_assert_cmpuint (plan.patience, ==, SNUG_PLAYOUT_PATIENCE_MIN_MS);
  sight.round_trip = 1e9;
  run_for (&plan, &sight, &now, SECOND);
  g_assert_cmpuint (plan.patience, ==, SNUG_PLAYOUT_PATIENCE_MAX_MS);
}

/* Pictures that come sooner than their sound are shown sooner, by no more than nobody notices. */
static void
test_early_pictures (void)
{
  SnugPlayoutPlan plan;
  SnugPlayoutSight sight = { .audio_delay = 5, .video_delay = 10, .video_ready = 5, .video_base = -25, .round_trip = 0.001 };
  gint64 now = 0;

  snug_playout_plan_init (&plan, now);
  run_for (&plan, &sight, &now, 20 * SECOND);
  g_assert_cmpuint (plan.audio, ==, 20);
  g_assert_cmpint (plan.video, ==, -15);
  sight.video_base = -300;
  run_for (&plan, &sight, &now, SECOND);
  g_assert_cmpint (plan.video, ==, 20 - SNUG_PLAYOUT_LIP_SYNC_MS);
  sight.video_base = 100;
  run_for (&plan, &sight, &now, SECOND);
  g_assert_cmpint (plan.video, ==, 110);
  g_assert_cmpuint (plan.audio, ==, 70);
}

static void
test_lip_sync (void)
{
  SnugPlayoutPlan plan;
  gint64 now = 0;
  GRand *random = g_rand_new_with_seed (3);

  snug_playout_plan_init (&plan, now);
  for (guint i = 0; i < 5000; i++)
    {
      SnugPlayoutSight sight = {
        .audio_delay = g_rand_int_range (random, 1, 150),
        .video_delay = g_rand_int_range (random, 1, 250),
        .video_ready = g_rand_int_range (random, 1, 250),
        .video_base = g_rand_int_range (random, -100, 50),
        .video_lost = g_rand_int_range (random, 0, 20) == 0,
        .round_trip = g_rand_double_range (random, 0.001, 0.2),
        .silent = g_rand_boolean (random),
      };

      run_for (&plan, &sight, &now, TICK);
      g_assert_cmpint (ABS (plan.video - (int) plan.audio), <=, SNUG_PLAYOUT_LIP_SYNC_MS);
    }
  g_rand_free (random);
}

/* The same pictures by their RTP timestamps and by their time: the latter also tells when the fastest came. */
static void
test_media_time (void)
{
  SnugRelativeDelay by_timestamp, by_time;

  snug_relative_delay_init (&by_timestamp, 90000);
  snug_relative_delay_init (&by_time, 90000);
  g_assert_cmpint (snug_relative_delay_get_fastest (&by_time), ==, 0);
  for (gint64 i = 0; i < 300; i++)
    {
      gint64 media = 1000 * SECOND + i * 40 * MS, late = i % 10 * 3 * MS;

      snug_relative_delay_add (&by_timestamp, (guint32) (i * 3600 - 200000), media + late);
      snug_relative_delay_add_time (&by_time, media, media - 20 * MS + late);
    }
  g_assert_cmpint (snug_relative_delay_get_fastest (&by_time), ==, -20 * MS);
  g_assert_cmpint (snug_relative_delay_get_quantile (&by_time, 0.95), ==, snug_relative_delay_get_quantile (&by_timestamp, 0.95));
  g_assert_cmpint (snug_relative_delay_get_interval (&by_time), ==, 40 * MS);
  /* Another stream, long after. */
  snug_relative_delay_add_time (&by_time, 5 * SECOND, 2000 * SECOND);
  g_assert_cmpint (snug_relative_delay_get_fastest (&by_time), ==, 1995 * SECOND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/playout/quantile", test_quantile);
  g_test_add_func ("/playout/clocks", test_clocks);
  g_test_add_func ("/playout/absurd-timestamps", test_absurd_timestamps);
  g_test_add_func ("/playout/raise-and-lower", test_raise_and_lower);
  g_test_add_func ("/playout/repair", test_repair);
  g_test_add_func ("/playout/patience", test_patience);
  g_test_add_func ("/playout/early-pictures", test_early_pictures);
  g_test_add_func ("/playout/lip-sync", test_lip_sync);
  g_test_add_func ("/playout/media-time", test_media_time);

  return g_test_run ();
}

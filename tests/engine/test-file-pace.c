/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pace of files on a path that is simulated: a queue that is emptied at some rate, with others in it.
 */
#include <math.h>

#include "snug-file-pace.h"
#include "snug-file-speed.h"
#include "snug-protocol.h"

#define STEP_US 1000

typedef struct
{
  guint64 end;
  gint64 at; /* acknowledged then */
} Ack;

/* One second after another, in steps. */
typedef struct
{
  double rate;   /* bytes a second that the path carries */
  gint64 delay;  /* microseconds there and back, without a queue */
  double others; /* bytes a second that do not give way */

  SnugFilePace *pace;
  GQueue acks; /* Ack */
  double queue; /* bytes */
  guint64 sent;
  guint64 arrived;
  gint64 now;

  double worst_queueing; /* seconds */
  guint64 delivered;     /* since it was last looked at */
} Path;

static void
path_init (Path *path, double rate, gint64 delay)
{
  *path = (Path){ .rate = rate, .delay = delay, .now = 1000000 };
  path->pace = snug_file_pace_new (0);
  g_queue_init (&path->acks);
}

static void
path_clear (Path *path)
{
  snug_file_pace_free (path->pace);
  g_queue_clear_full (&path->acks, g_free);
}

static void
run (Path *path, double seconds)
{
  gint64 until = path->now + seconds * G_USEC_PER_SEC;

  path->worst_queueing = 0;
  path->delivered = 0;
  for (; path->now < until; path->now += STEP_US)
    {
      gsize allowance;
      Ack *ack;

      while ((ack = g_queue_peek_head (&path->acks)) != NULL && ack->at <= path->now)
        {
          g_assert_true (snug_file_pace_acknowledged (path->pace, ack->end, path->now));
          path->delivered += ack->end - path->arrived;
          path->arrived = ack->end;
          g_free (g_queue_pop_head (&path->acks));
        }
      while ((allowance = snug_file_pace_get_allowance (path->pace, path->now)) > 0)
        {
          path->sent += allowance;
          snug_file_pace_sent (path->pace, path->sent, path->now);
          path->queue += allowance;
          ack = g_new (Ack, 1);
          ack->end = path->sent;
          ack->at = path->now + path->delay + path->queue / path->rate * G_USEC_PER_SEC;
          g_queue_push_tail (&path->acks, ack);
        }
      g_assert_cmpuint (path->sent - path->arrived, <=, SNUG_FILE_WINDOW_MAX_BYTES);
      path->queue = MAX (0, path->queue + (path->others - path->rate) * STEP_US / G_USEC_PER_SEC);
      path->worst_queueing = MAX (path->worst_queueing, path->queue / path->rate);
    }
}

/* Most of the path is used, and what else is on it waits a little and no more. */
static void
test_alone (void)
{
  static const struct
  {
    double rate;
    gint64 delay;
  } paths[] = {
    { 60e3, 40000 },  /* 0.5 Mbit/s */
    { 125e3, 40000 }, /* 1 Mbit/s */
    { 625e3, 20000 }, /* 5 Mbit/s */
    { 2.5e6, 30000 }, /* 20 Mbit/s */
    { 12.5e6, 10000 } /* 100 Mbit/s */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      Path path;
      double use, worst;

      path_init (&path, paths[i].rate, paths[i].delay);
      run (&path, 10);
      worst = path.worst_queueing;
      run (&path, 10);
      use = path.delivered / (10 * path.rate);
      g_test_message ("%.1f Mbit/s: %.0f %% used, queueing up to %.0f ms, at the start %.0f ms",
                      paths[i].rate * 8 / 1e6, 100 * use, 1000 * path.worst_queueing, 1000 * worst);
      g_assert_cmpfloat (use, >, 0.8);
      g_assert_cmpfloat (path.worst_queueing, <, 0.12);
      g_assert_cmpfloat (worst, <, 0.2);
      path_clear (&path);
    }
}

/* A call begins on the path, and takes nearly all of it: the file gives way, and comes back after it. */
static void
test_gives_way (void)
{
  Path path;

  path_init (&path, 625e3, 20000);
  run (&path, 10);
  path.others = 560e3;
  run (&path, 3);
  run (&path, 10);
  g_test_message ("Beside 90 %% of others: %.0f kB/s of 65, queueing up to %.0f ms",
                  path.delivered / 10e3, 1000 * path.worst_queueing);
  g_assert_cmpfloat (path.worst_queueing, <, 0.15);
  g_assert_cmpfloat (path.delivered / 10.0, >, 20e3);
  path.others = 0;
  run (&path, 5);
  run (&path, 5);
  g_assert_cmpfloat (path.delivered / 5.0, >, 400e3);
  path_clear (&path);
}

/* Whatever a call is said to get, the file goes on, in bounds; and what is unlimited again is as before. */
static void
test_load (void)
{
  static const SnugPathLoad loads[] = {
    { 1000000, 900000, 3000000 },
    { 0, 0, 3000000 },
    { 30000, 30000, G_MAXUINT64 },
    { G_MAXUINT64, G_MAXUINT64, 1 },
    { 0, 0, 0 },
  };
  Path path;

  path_init (&path, 250e3, 20000);
  run (&path, 5);
  for (gsize i = 0; i < G_N_ELEMENTS (loads); i++)
    for (guint j = 0; j < 50; j++)
      {
        snug_file_pace_set_load (path.pace, &loads[i], path.now);
        run (&path, 0.1);
        g_assert_cmpint (snug_file_pace_get_wait (path.pace, path.now), <, G_USEC_PER_SEC);
      }

  /* Half of the path is the call's, and it wants more: an eighth of that. */
  for (guint j = 0; j < 50; j++)
    {
      snug_file_pace_set_load (path.pace, &loads[0], path.now);
      run (&path, 0.1);
    }
  run (&path, 5);
  g_test_message ("Beside a call that suffers: %.0f kbit/s", path.delivered * 8 / 5e3);
  g_assert_cmpfloat (path.delivered * 8 / 5.0, >, 90e3);
  g_assert_cmpfloat (path.delivered * 8 / 5.0, <, 140e3);

  /* It is over. */
  for (guint j = 0; j < 600; j++)
    {
      snug_file_pace_set_load (path.pace, &loads[4], path.now);
      run (&path, 0.1);
    }
  run (&path, 5);
  g_assert_cmpfloat (path.delivered / 5.0, >, 200e3);
  path_clear (&path);
}

static void
test_nonsense (void)
{
  g_autoptr (SnugFilePace) pace = snug_file_pace_new (1000);
  gsize first = snug_file_pace_get_allowance (pace, 1);

  g_assert_cmpuint (first, >, 0);
  g_assert_cmpuint (first, <=, SNUG_FILE_CHUNK_MAX_BYTES);
  /* Never sent, or known. */
  g_assert_false (snug_file_pace_acknowledged (pace, 1001, 1));
  g_assert_false (snug_file_pace_acknowledged (pace, 1000, 1));
  g_assert_false (snug_file_pace_acknowledged (pace, 0, 1));
  snug_file_pace_sent (pace, 1000 + first, 1);
  g_assert_false (snug_file_pace_acknowledged (pace, 1001 + first, 2));
  g_assert_true (snug_file_pace_acknowledged (pace, 1000 + first, 2));
  g_assert_false (snug_file_pace_acknowledged (pace, 1000 + first, 3));
  /* A clock that stands still, or goes back. */
  for (guint64 end = 1000 + 2 * first; end < 1000000; end += first)
    {
      snug_file_pace_sent (pace, end, 10);
      snug_file_pace_acknowledged (pace, end, 5);
    }
  g_assert_cmpuint (snug_file_pace_get_window (pace), <=, SNUG_FILE_WINDOW_MAX_BYTES);
}

static void
test_window_stops (void)
{
  g_autoptr (SnugFilePace) pace = snug_file_pace_new (0);
  guint64 end = 0;
  gsize allowance;

  while ((allowance = snug_file_pace_get_allowance (pace, 1)) > 0)
    snug_file_pace_sent (pace, end += allowance, 1);
  g_assert_cmpuint (end, <=, 64 * 1024);
  snug_file_pace_acknowledged (pace, end, 1000);
  g_assert_cmpuint (snug_file_pace_get_allowance (pace, 1), >, 0);
}

static void
test_speed (void)
{
  SnugFileSpeed speed = { 0 };
  guint64 bytes = 0;
  gint64 now = G_USEC_PER_SEC;
  double rate = 0;

  snug_file_speed_start (&speed, 0, now);
  for (guint i = 0; i < 20; i++)
    rate = snug_file_speed_update (&speed, bytes += 100000, now += G_USEC_PER_SEC / 10);
  g_assert_cmpfloat (fabs (rate - 1e6), <, 1e4);
  /* It falls when nothing comes, and not at once. */
  rate = snug_file_speed_update (&speed, bytes, now += G_USEC_PER_SEC);
  g_assert_cmpfloat (rate, <, 0.7e6);
  g_assert_cmpfloat (rate, >, 0.3e6);
  for (guint i = 0; i < 20; i++)
    rate = snug_file_speed_update (&speed, bytes, now += G_USEC_PER_SEC);
  g_assert_cmpfloat (rate, <, 1e3);
  /* Another beginning. */
  g_assert_cmpfloat (snug_file_speed_update (&speed, 0, now), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file-pace/alone", test_alone);
  g_test_add_func ("/file-pace/gives-way", test_gives_way);
  g_test_add_func ("/file-pace/load", test_load);
  g_test_add_func ("/file-pace/nonsense", test_nonsense);
  g_test_add_func ("/file-pace/window-stops", test_window_stops);
  g_test_add_func ("/file-pace/speed", test_speed);

  return g_test_run ();
}

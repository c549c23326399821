/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits, what feedback says, and what is planned with it: in simulated time.
 */
#include "snug-pace-queue.h"
#include "snug-rate-plan.h"
#include "snug-transport-feedback.h"
#include "snug-video-ladder.h"

#define MS 1000
#define SECOND G_USEC_PER_SEC
#define START (100 * SECOND)

/* --- the queue ------------------------------------------------------------------------------------------------ */

static guint n_freed;

static void
count_freed (gpointer data)
{
  n_freed++;
}

static void
push (SnugPaceQueue *queue, gint64 now, SnugPaceClass kind, guint16 sequence, guint32 frame, guint size, gboolean key)
{
  SnugPacePacket packet = { kind, size, kind == SNUG_PACE_PICTURE ? 7 : 1, frame, sequence, key, 0, GUINT_TO_POINTER (1) };

  snug_pace_queue_push (queue, now, &packet);
}

static void
test_order (void)
{
  g_autoptr (SnugPaceQueue) queue = snug_pace_queue_new (1000000, count_freed);
  SnugPacePacket packet;
  guint probe;

  push (queue, START, SNUG_PACE_PICTURE, 1, 1, 1000, TRUE);
  push (queue, START, SNUG_PACE_PICTURE, 2, 1, 1000, FALSE);
  push (queue, START, SNUG_PACE_AGAIN, 3, 0, 1000, FALSE);
  push (queue, START, SNUG_PACE_SOUND, 4, 0, 100, FALSE);
  g_assert_true (snug_pace_queue_pop (queue, START, &packet, &probe));
  g_assert_cmpuint (packet.sequence, ==, 4);
  g_assert_cmpuint (probe, ==, 0);
  g_assert_true (snug_pace_queue_pop (queue, START, &packet, &probe));
  g_assert_cmpuint (packet.sequence, ==, 3);
  for (gint64 now = START; packet.sequence == 3; now += MS)
    snug_pace_queue_pop (queue, now, &packet, &probe);
  g_assert_cmpuint (packet.sequence, ==, 1);
}

/* As fast as the path takes it, and a half. */
static void
test_rate (void)
{
  g_autoptr (SnugPaceQueue) queue = snug_pace_queue_new (800000, count_freed);
  SnugPacePacket packet;
  guint probe, sent = 0;
  gint64 now;

  for (guint16 i = 0; i < 100; i++)
    push (queue, START, SNUG_PACE_PICTURE, i, i, 1000, i == 0);
  g_assert_cmpint (snug_pace_queue_get_delay (queue), ==, SECOND);
  for (now = START; now < START + 300 * MS; now += MS / 2)
    while (snug_pace_queue_pop (queue, now, &packet, &probe))
      sent++;
  /* 0.3 s at 1.2 Mbit/s are 45 packets; what a timer may be late for comes on top. */
  g_assert_cmpuint (sent, >=, 44);
  g_assert_cmpuint (sent, <=, 47);
  g_assert_cmpint (snug_pace_queue_get_next (queue), >, now - MS);
  g_assert_cmpint (snug_pace_queue_get_next (queue), <, now + 10 * MS);
}

/* Sound leaves at once whatever waits, and pictures give way to it. */
static void
test_sound_first (void)
{
  g_autoptr (SnugPaceQueue) queue = snug_pace_queue_new (100000, count_freed);
  SnugPacePacket packet;
  guint probe, pictures = 0;

  for (guint16 i = 0; i < 100; i++)
    push (queue, START, SNUG_PACE_PICTURE, i, 1, 500, i == 0);
  for (gint64 now = START; now < START + SECOND; now += MS)
    {
      if (now % (20 * MS) == 0)
        {
          push (queue, now, SNUG_PACE_SOUND, 0, 0, 150, FALSE);
          g_assert_true (snug_pace_queue_pop (queue, now, &packet, &probe));
          g_assert_cmpint (packet.kind, ==, SNUG_PACE_SOUND);
        }
      while (snug_pace_queue_pop (queue, now, &packet, &probe))
        pictures++;
    }
  /* 150 kbit/s less 60 of sound. */
  g_assert_cmpuint (pictures, >=, 20);
  g_assert_cmpuint (pictures, <=, 24);
}

/* Pictures that waited too long go, whole, and with them all that build on them. */
static void
test_late (void)
{
  g_autoptr (SnugPaceQueue) queue = snug_pace_queue_new (80000, count_freed);
  SnugPacePacket packet;
  guint probe;
  gint64 now = START;

  n_freed = 0;
  for (guint16 i = 0; i < 10; i++)
    push (queue, now, SNUG_PACE_PICTURE, i, 1 + i / 5, 1000, i == 0);
  g_assert_true (snug_pace_queue_pop (queue, now, &packet, &probe));
  g_assert_false (snug_pace_queue_take_dropped (queue, now));
  now += 510 * MS;
  g_assert_true (snug_pace_queue_pop (queue, now, &packet, &probe));
  g_assert_cmpuint (n_freed, ==, 5);
  g_assert_true (snug_pace_queue_take_dropped (queue, now));
  g_assert_false (snug_pace_queue_take_dropped (queue, now));
  g_assert_true (snug_pace_queue_was_dropped (queue, now, 7, 5));
  g_assert_true (snug_pace_queue_was_dropped (queue, now, 7, 9));
  g_assert_false (snug_pace_queue_was_dropped (queue, now, 7, 4));
  g_assert_false (snug_pace_queue_was_dropped (queue, now, 8, 5));
  g_assert_false (snug_pace_queue_was_dropped (queue, now + 3 * SECOND, 7, 5));

  /* What needs one that is gone goes too, and it is asked again for another. */
  push (queue, now, SNUG_PACE_PICTURE, 10, 3, 1000, FALSE);
  g_assert_cmpuint (n_freed, ==, 6);
  now += 2 * SECOND;
  g_assert_true (snug_pace_queue_take_dropped (queue, now));
  push (queue, now, SNUG_PACE_PICTURE, 11, 4, 1000, TRUE);
  g_assert_cmpuint (n_freed, ==, 6);
  now += 2 * SECOND;
  g_assert_false (snug_pace_queue_take_dropped (queue, now));
}

/* The queue stays bounded whatever is pushed. */
static void
test_bounds (void)
{
  g_autoptr (SnugPaceQueue) queue = snug_pace_queue_new (30000, count_freed);
  SnugPacePacket packet;
  guint probe;
  guint32 frame = 0;

  n_freed = 0;
  for (gint64 now = START; now < START + 20 * SECOND; now += 33 * MS, frame++)
    {
      for (guint16 i = 0; i < 20; i++)
        push (queue, now, SNUG_PACE_PICTURE, (guint16) (frame * 20 + i), frame, 1200, i == 0 && frame % 30 == 0);
      push (queue, now, SNUG_PACE_AGAIN, 0, 0, 1200, FALSE);
      push (queue, now, SNUG_PACE_SOUND, 0, 0, 100, FALSE);
      while (snug_pace_queue_pop (queue, now, &packet, &probe))
        ;
      /* Half a megabyte at that rate. */
      g_assert_cmpint (snug_pace_queue_get_delay (queue), <, 141 * SECOND);
    }
  g_assert_cmpuint (n_freed, >, 5000);
  snug_pace_queue_clear (queue);
  g_assert_cmpint (snug_pace_queue_get_delay (queue), ==, 0);
  g_assert_cmpint (snug_pace_queue_get_next (queue), ==, G_MAXINT64);
}

static void
test_probe (void)
{
  g_autoptr (SnugPaceQueue) queue = snug_pace_queue_new (300000, count_freed);
  const SnugProbe plan = { .id = 5, .rate = 3000000, .bytes = 6000 };
  SnugPacePacket packet;
  guint probe, marked = 0;
  gint64 now = START, last = 0;

  push (queue, now, SNUG_PACE_PICTURE, 0, 1, 1000, TRUE);
  g_assert_true (snug_pace_queue_pop (queue, now, &packet, &probe));
  push (queue, now, SNUG_PACE_PICTURE, 1, 1, 1000, FALSE);
  g_assert_cmpuint (snug_pace_queue_probe (queue, now, &plan), ==, 5000);
  /* It waits for what is missing. */
  g_assert_false (snug_pace_queue_pop (queue, now, &packet, &probe));
  for (guint16 i = 2; i < 12; i++)
    push (queue, now, SNUG_PACE_AGAIN, i, 1, 1000, FALSE);
  for (; now < START + 100 * MS; now += MS / 4)
    while (snug_pace_queue_pop (queue, now, &packet, &probe))
      if (probe != 0)
        {
          g_assert_cmpuint (probe, ==, 5);
          marked++;
          last = now;
        }
  g_assert_cmpuint (marked, ==, 6);
  /* Five packets' time at 3 Mbit/s. */
  g_assert_cmpint (last - START, >=, 8 * MS);
  g_assert_cmpint (last - START, <=, 16 * MS);
}

/* --- feedback ------------------------------------------------------------------------------------------------- */

static guint
read_range (SnugTransportFeedback *feedback, guint16 first, guint n, guint16 missing, gint64 time, SnugPacketResult *results)
{
  SnugFeedbackEntry entries[64];
  const SnugPacketResult *read;
  guint n_results;

  for (guint i = 0; i < n; i++)
    entries[i] = (SnugFeedbackEntry) { (guint16) (first + i), first + i != missing, (time + i * MS) % SNUG_FEEDBACK_PERIOD };
  read = snug_transport_feedback_read (feedback, entries, n, &n_results);
  for (guint i = 0; i < n_results; i++)
    results[i] = read[i];

  return n_results;
}

static void
test_feedback (void)
{
  g_autoptr (SnugTransportFeedback) feedback = snug_transport_feedback_new ();
  SnugPacketResult results[64];
  /* Both numbers and times are about to start anew. */
  guint16 first = 65530;
  gint64 time = SNUG_FEEDBACK_PERIOD - 5 * MS;

  for (guint i = 0; i < 40; i++)
    snug_transport_feedback_sent (feedback, (guint16) (first + i), START + i * MS, 1000 + i, i == 3 ? 9 : 0);
  g_assert_cmpuint (read_range (feedback, first, 10, 65532, time, results), ==, 9);
  for (guint i = 0; i < 9; i++)
    g_assert_cmpint (results[i].received - results[0].received, ==, (i < 2 ? i : i + 1) * MS);
  g_assert_cmpuint (results[1].size, ==, 1001);
  g_assert_cmpint (results[1].sent, ==, START + MS);
  g_assert_cmpuint (results[2].probe, ==, 9);

  /* The same again says nothing, but that one has not come. */
  g_assert_cmpuint (read_range (feedback, first, 10, 65532, time, results), ==, 1);
  g_assert_cmpint (results[0].received, ==, SNUG_PACKET_LOST);
  g_assert_cmpuint (results[0].size, ==, 1002);
  g_assert_cmpuint (read_range (feedback, first, 10, 65532, time, results), ==, 0);
  /* It comes late, after it was counted. */
  g_assert_cmpuint (read_range (feedback, first, 10, 0, time, results), ==, 0);
}

/* One that was overtaken is told of as soon as it is there. */
static void
test_overtaken (void)
{
  g_autoptr (SnugTransportFeedback) feedback = snug_transport_feedback_new ();
  SnugPacketResult results[64];

  for (guint i = 0; i < 20; i++)
    snug_transport_feedback_sent (feedback, (guint16) i, START + i * MS, 1000, 0);
  g_assert_cmpuint (read_range (feedback, 0, 10, 5, 0, results), ==, 9);
  g_assert_cmpuint (read_range (feedback, 5, 10, 99, 5 * MS, results), ==, 6);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpint (results[i].received, !=, SNUG_PACKET_LOST);
  /* A whole feedback that is lost on its way: of its packets nothing is known, and none was lost for that. */
  for (guint i = 20; i < 60; i++)
    snug_transport_feedback_sent (feedback, (guint16) i, START + i * MS, 1000, 0);
  g_assert_cmpuint (read_range (feedback, 30, 10, 99, 30 * MS, results), ==, 10);
  g_assert_cmpuint (read_range (feedback, 40, 10, 99, 40 * MS, results), ==, 10);
  g_assert_cmpuint (read_range (feedback, 10, 50, 99, 10 * MS, results), ==, 10);
}

static void
test_absurd_feedback (void)
{
  g_autoptr (SnugTransportFeedback) feedback = snug_transport_feedback_new ();
  static const gint64 times[] = { 0, -1, G_MAXINT64, G_MININT64, SNUG_FEEDBACK_PERIOD, -SNUG_FEEDBACK_PERIOD, 1, 1LL << 62 };
  const SnugPacketResult *results;
  SnugFeedbackEntry entry = { .arrived = TRUE };
  guint n;

  snug_transport_feedback_read (feedback, &entry, 1, &n);
  g_assert_cmpuint (n, ==, 0);
  for (guint i = 0; i < 200000; i++)
    {
      snug_transport_feedback_sent (feedback, (guint16) i, START + i, 1000, 0);
      entry.sequence = (guint16) (i * 7919);
      entry.time = times[i % G_N_ELEMENTS (times)] / (1 + i % 3);
      results = snug_transport_feedback_read (feedback, &entry, 1, &n);
      g_assert_cmpuint (n, <=, SNUG_PACKET_RESULTS_MAX);
      for (guint r = 0; r < n; r++)
        g_assert_true (snug_packet_result_is_sane (&results[r], START + i));
    }
}

/* --- plans ---------------------------------------------------------------------------------------------------- */

static void
test_plan (void)
{
  const SnugRateWish wish = { .camera = 2500000 };
  SnugRatePlan plan;
  SnugRatePeer one = { .target = 1000000 };

  snug_rate_plan_make (&plan, &wish, NULL, 0);
  g_assert_cmpuint (plan.camera, ==, 2500000);
  snug_rate_plan_make (&plan, &wish, &one, 1);
  g_assert_cmpuint (plan.camera, >, 850000);
  g_assert_cmpuint (plan.camera, <, 950000);
  g_assert_cmpuint (plan.screen, ==, 0);
  g_assert_false (plan.hold);

  /* Sound comes first, and what waits is worked off. */
  one.queue_delay = 300 * MS;
  snug_rate_plan_make (&plan, &wish, &one, 1);
  g_assert_cmpuint (plan.camera, <, 500000);
  g_assert_true (plan.hold);
  one = (SnugRatePeer) { .target = 30000 };
  snug_rate_plan_make (&plan, &wish, &one, 1);
  g_assert_cmpuint (plan.sound, <, 32000);
  g_assert_cmpuint (plan.camera, <=, 30000);
  g_assert_cmpuint (plan.mtu, ==, 600);
  one = (SnugRatePeer) { .target = 10000000, .loss = 0.1 };
  snug_rate_plan_make (&plan, &wish, &one, 1);
  g_assert_cmpuint (plan.camera, ==, 2500000);
  g_assert_cmpuint (plan.sound_loss, ==, 10);
}

static void
test_plan_of_many (void)
{
  const SnugRateWish wish = { .camera = 2500000, .screen = 2500000 };
  SnugRatePeer peers[] = { { .target = 5000000 }, { .target = 4000000 }, { .target = 600000 } };
  SnugRatePlan plan;

  /* All follow the slowest. */
  snug_rate_plan_make (&plan, &wish, peers, 3);
  g_assert_cmpuint (plan.camera + plan.screen, <, 600000);
  g_assert_cmpuint (plan.screen, >, plan.camera);
  g_assert_false (peers[2].left_behind);
  /* But one with next to nothing does not take it from the others, until it has clearly more. */
  peers[2].target = 200000;
  snug_rate_plan_make (&plan, &wish, peers, 3);
  g_assert_true (peers[2].left_behind);
  g_assert_cmpuint (plan.camera + plan.screen, >, 3000000);
  peers[2].target = 300000;
  snug_rate_plan_make (&plan, &wish, peers, 3);
  g_assert_true (peers[2].left_behind);
  peers[2].target = 340000;
  snug_rate_plan_make (&plan, &wish, peers, 3);
  g_assert_false (peers[2].left_behind);
  /* Who is not heard of takes nothing from the others, wherever the estimate has got to. */
  peers[2] = (SnugRatePeer) { .target = 2000000, .silent = TRUE };
  snug_rate_plan_make (&plan, &wish, peers, 3);
  g_assert_true (peers[2].left_behind);
  g_assert_cmpuint (plan.camera + plan.screen, >, 3000000);
  snug_rate_plan_make (&plan, &wish, &peers[2], 1);
  g_assert_false (peers[2].left_behind);
  /* Where all are slow, nobody is left behind. */
  for (guint i = 0; i < 3; i++)
    peers[i] = (SnugRatePeer) { .target = 60000 + i * 20000 };
  snug_rate_plan_make (&plan, &wish, peers, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_false (peers[i].left_behind);
}

/* What the person allows is shared out; where that is not enough for sound and the smallest picture, these go. */
static void
test_plan_limited (void)
{
  SnugRateWish wish = { .camera = 2500000, .limit = 1200000 };
  SnugRatePlan plan;

  for (guint n = 1; n <= 7; n++)
    {
      SnugRatePeer peers[7];
      double sent;

      for (guint i = 0; i < n; i++)
        peers[i] = (SnugRatePeer) { .target = 5000000 };
      snug_rate_plan_make (&plan, &wish, peers, n);
      sent = n * (plan.sound + 50 * 58 * 8 + (double) plan.camera * plan.mtu / (plan.mtu - 58));
      g_test_message ("%u: picture %" G_GUINT64_FORMAT ", sent %.0f", n, plan.camera, sent);
      g_assert_cmpfloat (sent, <=, 1201000);
      g_assert_cmpfloat (sent, >, 1100000);
      g_assert_cmpuint (snug_rate_plan_get_most (&wish, n), <=, 1200000 / n);
      for (guint i = 0; i < n; i++)
        g_assert_false (peers[i].left_behind);
    }

  /* A path that takes less than its part is no reason to send others more, as there is one encoder. */
  {
    SnugRatePeer peers[] = { { .target = 300000 }, { .target = 5000000 } };

    snug_rate_plan_make (&plan, &wish, peers, 2);
    g_assert_cmpuint (plan.camera, <, 300000);
    g_assert_cmpuint (peers[1].target, ==, 600000);
  }

  wish.limit = 1000;
  {
    SnugRatePeer peers[] = { { .target = 5000000 }, { .target = 5000000 } };

    snug_rate_plan_make (&plan, &wish, peers, 2);
    g_assert_cmpuint (plan.camera, <=, 30000);
    g_assert_cmpuint (plan.camera, >, 0);
    g_assert_cmpuint (plan.sound, >=, 20000);
    g_assert_cmpuint (snug_rate_plan_get_most (&wish, 2), >=, 50000);
  }
}

static void
test_most (void)
{
  SnugRateWish wish = { 0 };

  g_assert_cmpuint (snug_rate_plan_get_most (&wish, 1), <=, 300000);
  wish.camera = 2500000;
  g_assert_cmpuint (snug_rate_plan_get_most (&wish, 1), >, 2600000);
}

static SnugVideoFormat
run_ladder (SnugVideoLadder *ladder, gint64 *now, guint64 rate, double seconds)
{
  static const SnugVideoFormat full = { 1280, 720, 30 };
  SnugVideoFormat format;

  for (gint64 end = *now + (gint64) (seconds * SECOND); *now < end; *now += 50 * MS)
    snug_video_ladder_step (ladder, *now, rate, &full, &format);

  return format;
}

static void
test_ladder (void)
{
  SnugVideoLadder ladder = { .content = SNUG_VIDEO_MOTION };
  gint64 now = START;
  SnugVideoFormat format = run_ladder (&ladder, &now, 2000000, 5);

  g_assert_cmpuint (format.width, ==, 1280);
  /* What moves gives up size; half a second of too little is nothing. */
  format = run_ladder (&ladder, &now, 560000, 0.5);
  g_assert_cmpuint (format.width, ==, 1280);
  format = run_ladder (&ladder, &now, 560000, 2);
  g_assert_cmpuint (format.width, <, 1280);
  g_assert_cmpuint (format.width, >, 640);
  g_assert_cmpuint (format.framerate, ==, 30);
  g_assert_cmpuint (format.width * 9, ==, format.height * 16);
  /* Far too little is acted on soon, and at the end pictures become fewer. */
  format = run_ladder (&ladder, &now, 30000, 0.5);
  g_assert_cmpuint (format.width, ==, 320);
  g_assert_cmpuint (format.framerate, <, 15);
  /* Up slowly, and soon when there is plenty. */
  format = run_ladder (&ladder, &now, 140000, 2);
  g_assert_cmpuint (format.framerate, <, 15);
  format = run_ladder (&ladder, &now, 140000, 2);
  g_assert_cmpuint (format.framerate, ==, 30);
  format = run_ladder (&ladder, &now, 2000000, 0.5);
  g_assert_cmpuint (format.width, ==, 320);
  format = run_ladder (&ladder, &now, 2000000, 0.5);
  g_assert_cmpuint (format.width, ==, 1280);
  /* A rate that lies between two rungs does not go to and fro. */
  ladder = (SnugVideoLadder) { .content = SNUG_VIDEO_MOTION };
  {
    guint changes = 0;

    for (guint i = 0; i < 1200; i++, now += 50 * MS)
      {
        static const SnugVideoFormat full = { 1280, 720, 30 };

        changes += snug_video_ladder_step (&ladder, now, i % 40 < 20 ? 600000 : 700000, &full, &format);
      }
    g_assert_cmpuint (changes, <=, 1);
  }
}

static void
test_text_ladder (void)
{
  static const SnugVideoFormat full = { 1920, 1080, 8 };
  SnugVideoLadder ladder = { .content = SNUG_VIDEO_TEXT };
  SnugVideoFormat format;
  guint64 least = snug_video_ladder_get_least (SNUG_VIDEO_TEXT, &full);
  gint64 now = START;

  for (; now < START + 3 * SECOND; now += 50 * MS)
    snug_video_ladder_step (&ladder, now, least * 6 / 10, &full, &format);
  g_assert_cmpuint (format.width, ==, 1920);
  g_assert_cmpuint (format.framerate, <, 8);
  for (; now < START + 6 * SECOND; now += 50 * MS)
    snug_video_ladder_step (&ladder, now, least / 10, &full, &format);
  g_assert_cmpuint (format.width, <, 1920);
  g_assert_cmpuint (format.framerate, ==, 2);
}

/* No size breaks it. */
static void
test_ladder_sizes (void)
{
  for (guint side = 2; side <= 4096; side += side < 100 ? 2 : 222)
    {
      const SnugVideoFormat full = { side, 4098 - side, 1 + side % 60 };
      SnugVideoLadder ladder = { .content = side % 4 ? SNUG_VIDEO_MOTION : SNUG_VIDEO_TEXT };
      SnugVideoFormat format;

      for (gint64 now = START; now < START + 5 * SECOND; now += 100 * MS)
        snug_video_ladder_step (&ladder, now, 0, &full, &format);
      g_assert_cmpuint (ladder.rung, >, 0);
      g_assert_cmpuint (format.width, >=, 2);
      g_assert_cmpuint (format.width, <=, full.width);
      g_assert_cmpuint (format.height, >=, 2);
      g_assert_cmpuint (format.height, <=, full.height);
      g_assert_cmpuint (format.framerate, >=, 1);
      g_assert_cmpuint (format.framerate, <=, full.framerate);
      g_assert_cmpuint (format.width % 2 + format.height % 2, ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pacing/order", test_order);
  g_test_add_func ("/pacing/rate", test_rate);
  g_test_add_func ("/pacing/sound-first", test_sound_first);
  g_test_add_func ("/pacing/late", test_late);
  g_test_add_func ("/pacing/bounds", test_bounds);
  g_test_add_func ("/pacing/probe", test_probe);
  g_test_add_func ("/feedback/read", test_feedback);
  g_test_add_func ("/feedback/overtaken", test_overtaken);
  g_test_add_func ("/feedback/absurd", test_absurd_feedback);
  g_test_add_func ("/plan/one", test_plan);
  g_test_add_func ("/plan/many", test_plan_of_many);
  g_test_add_func ("/plan/limited", test_plan_limited);
  g_test_add_func ("/plan/most", test_most);
  g_test_add_func ("/ladder/motion", test_ladder);
  g_test_add_func ("/ladder/text", test_text_ladder);
  g_test_add_func ("/ladder/sizes", test_ladder_sizes);

  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A screen shown to others in a real call over loopback, without any desktop but for the last test.
 */
#include "snug-await.h"
#include "snug-engine.h"
#include "snug-local-screen.h"
#include "snug-test-call.h"

#define TEXT_WIDTH 1920
#define MOTION_WIDTH 1280

static SnugScreenShare *
get_share (SnugTestPerson *person)
{
  return snug_call_get_screen_share (person->call);
}

/* The feed with the screen of the nth other person. */
static SnugVideoFeed *
get_feed (SnugTestPerson *person, guint n)
{
  return snug_peer_get_screen_feed (snug_test_person_get_peer (person, n));
}

static gboolean
sees_screen (SnugTestPerson *person, guint n)
{
  SnugPeer *peer = snug_test_person_get_peer (person, n);

  return peer != NULL && snug_peer_get_screen_enabled (peer)
         && snug_video_feed_get_active (snug_peer_get_screen_feed (peer));
}

static void
share_test_picture (SnugTestPerson *person)
{
  snug_screen_share_set_way (get_share (person), SNUG_SCREEN_SHARE_TEST);
  snug_screen_share_start (get_share (person), NULL);
  g_assert_cmpint (snug_screen_share_get_state (get_share (person)), ==, SNUG_SCREEN_SHARE_ASKING);
  snug_await (snug_screen_share_get_state (get_share (person)) == SNUG_SCREEN_SHARE_SHARING);
}

static void
await_connected (SnugTestPerson *a, guint a_n, SnugTestPerson *b, guint b_n)
{
  snug_await (snug_test_person_peer_is (a, a_n, SNUG_PEER_CONNECTED)
              && snug_test_person_peer_is (b, b_n, SNUG_PEER_CONNECTED));
}

static void
test_seen (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", FALSE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", FALSE);
  gint64 start;

  snug_test_person_join (first);
  snug_test_person_join (second);
  await_connected (first, 0, second, 0);
  g_assert_false (snug_peer_get_screen_enabled (snug_test_person_get_peer (second, 0)));

  start = g_get_monotonic_time ();
  share_test_picture (first);
  snug_await (sees_screen (second, 0));
  g_test_message ("first picture after %.0f ms", (g_get_monotonic_time () - start) / 1000.0);
  g_assert_cmpuint (second->n_first_frames, ==, 1);
  snug_await (snug_video_feed_get_width (get_feed (second, 0)) == TEXT_WIDTH);

  /* Smooth instead of sharp, and back, in mid-share. */
  snug_screen_share_set_mode (get_share (first), SNUG_SCREEN_MOTION);
  snug_await (snug_video_feed_get_width (get_feed (second, 0)) == MOTION_WIDTH);
  snug_screen_share_set_mode (get_share (first), SNUG_SCREEN_TEXT);
  snug_await (snug_video_feed_get_width (get_feed (second, 0)) == TEXT_WIDTH);

  snug_screen_share_stop (get_share (first));
  g_assert_cmpint (snug_screen_share_get_state (get_share (first)), ==, SNUG_SCREEN_SHARE_OFF);
  g_assert_null (snug_screen_share_get_error (get_share (first)));
  snug_await (!snug_peer_get_screen_enabled (snug_test_person_get_peer (second, 0)));
  g_assert_false (snug_video_feed_get_active (get_feed (second, 0)));

  /* Once more. */
  share_test_picture (first);
  snug_await (sees_screen (second, 0));
}

/* Sums of rows of the picture: the test picture moves, so that they change; noise of the encoder hardly does. */
static double
measure_difference (SnugVideoFrame *a, SnugVideoFrame *b)
{
  const guint8 *p = g_bytes_get_data (a->bytes, NULL);
  const guint8 *q = g_bytes_get_data (b->bytes, NULL);
  guint64 sum = 0, n = 0;

  g_assert_cmpuint (a->width, ==, b->width);
  g_assert_cmpuint (a->height, ==, b->height);
  for (guint y = 0; y < a->height; y += 8)
    for (guint x = 0; x < a->width * 4; x += 4, n++)
      sum += ABS ((int) p[y * a->stride + x] - (int) q[y * b->stride + x]);

  return (double) sum / n;
}

static void
await_pictures (SnugVideoFeed *feed, guint n)
{
  guint64 seen = snug_video_feed_get_n_frames (feed);

  snug_await (snug_video_feed_get_n_frames (feed) >= seen + n);
}

/* Two pictures differ by less than this if they are the same but for the encoder's noise. */
#define SAME 4.0
/* What was shown before is played within that time, however long pictures are held back. */
#define ON_ITS_WAY (700 * 1000)

/* Until pictures have come that are all the same, and none of them from before. */
static void
await_still (SnugVideoFeed *feed)
{
  g_autoptr (SnugVideoFrame) last = NULL;
  gint64 start = g_get_monotonic_time ();

  snug_await (g_get_monotonic_time () >= start + ON_ITS_WAY);
  for (guint same = 0; same < 1;)
    {
      g_autoptr (SnugVideoFrame) frame = NULL;

      await_pictures (feed, 1);
      frame = snug_video_feed_ref_frame (feed);
      same = last != NULL && measure_difference (last, frame) < SAME ? same + 1 : 0;
      g_clear_pointer (&last, snug_video_frame_unref);
      last = g_steal_pointer (&frame);
    }
}

static void
test_paused (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", FALSE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", FALSE);
  g_autoptr (SnugTestPerson) third = snug_test_person_new (room, "Third", FALSE);
  g_autoptr (SnugVideoFrame) later = NULL;
  g_autoptr (SnugVideoFrame) joined = NULL;
  g_autoptr (SnugVideoFrame) resumed = NULL;

  snug_test_person_join (first);
  snug_test_person_join (second);
  await_connected (first, 0, second, 0);
  share_test_picture (first);
  snug_await (sees_screen (second, 0));
  snug_video_feed_set_rendering (get_feed (second, 0), TRUE);
  await_pictures (get_feed (second, 0), 2);

  snug_screen_share_set_paused (get_share (first), TRUE);
  g_assert_cmpint (snug_screen_share_get_state (get_share (first)), ==, SNUG_SCREEN_SHARE_PAUSED);
  await_still (get_feed (second, 0));
  later = snug_video_feed_ref_frame (get_feed (second, 0));
  g_assert_true (sees_screen (second, 0));

  /* Who comes now sees the same. */
  snug_test_person_join (third);
  await_connected (first, 1, third, 0);
  snug_await (sees_screen (third, 0));
  snug_video_feed_set_rendering (get_feed (third, 0), TRUE);
  await_pictures (get_feed (third, 0), 1);
  snug_await ((joined = snug_video_feed_ref_frame (get_feed (third, 0))) != NULL);
  g_assert_cmpfloat (measure_difference (later, joined), <, SAME);

  snug_screen_share_set_paused (get_share (first), FALSE);
  g_assert_cmpint (snug_screen_share_get_state (get_share (first)), ==, SNUG_SCREEN_SHARE_SHARING);
  await_pictures (get_feed (second, 0), 4);
  resumed = snug_video_feed_ref_frame (get_feed (second, 0));
  g_assert_cmpfloat (measure_difference (later, resumed), >, SAME);
}

/* Leaving ends the share, and a share without anybody to see it is no trouble. */
static void
test_alone (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", FALSE);

  snug_test_person_join (first);
  share_test_picture (first);
  /* Not twice. */
  snug_screen_share_start (get_share (first), NULL);
  g_assert_cmpint (snug_screen_share_get_state (get_share (first)), ==, SNUG_SCREEN_SHARE_SHARING);
  snug_test_person_leave (first);
  g_assert_cmpint (snug_screen_share_get_state (get_share (first)), ==, SNUG_SCREEN_SHARE_OFF);
}

static void
test_x11 (void)
{
  g_autoptr (SnugMockRoom) room = NULL;
  g_autoptr (SnugTestPerson) first = NULL;
  g_autoptr (SnugTestPerson) second = NULL;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("there is no virtual desktop; tests/tools/desktop makes one");
      return;
    }

  room = snug_mock_room_new ();
  first = snug_test_person_new (room, "First", FALSE);
  second = snug_test_person_new (room, "Second", FALSE);
  snug_test_person_join (first);
  snug_test_person_join (second);
  await_connected (first, 0, second, 0);
  snug_screen_share_set_way (get_share (first), SNUG_SCREEN_SHARE_X11);
  snug_screen_share_start (get_share (first), NULL);
  snug_await (sees_screen (second, 0));
  g_assert_cmpint (snug_screen_share_get_state (get_share (first)), ==, SNUG_SCREEN_SHARE_SHARING);
}

/* A display that is not there is an error, not a black picture. */
static void
test_no_display (void)
{
  g_autoptr (SnugLocalScreen) screen = snug_local_screen_new ();
  g_autoptr (SnugMediaSource) source = snug_media_source_new (SNUG_MEDIA_SOURCE_X11, "nowhere:99");

  snug_local_screen_set_source (screen, source);
  snug_await (snug_local_screen_get_error (screen) != NULL);
  g_assert_true (snug_local_screen_get_error (screen)->domain == SNUG_MEDIA_ERROR);
  g_assert_false (snug_local_screen_get_active (screen));
}

int
main (int argc, char **argv)
{
  snug_test_init (&argc, &argv);
  g_test_add_func ("/screen-share/seen", test_seen);
  g_test_add_func ("/screen-share/paused", test_paused);
  g_test_add_func ("/screen-share/alone", test_alone);
  g_test_add_func ("/screen-share/no-display", test_no_display);
  g_test_add_func ("/screen-share/x11", test_x11);

  return snug_test_run ();
}

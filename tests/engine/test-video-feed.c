/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-video-feed-private.h"

#include <gst/video/video.h>

#include "snug-await.h"
#include "snug-engine.h"

#define WIDTH 32
#define HEIGHT 18
/* The fast conversion rounds. */
#define ROUNDING 3

static GstCaps *
make_caps (guint width, guint height)
{
  return gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT,
                              (int) width, "height", G_TYPE_INT, (int) height, "framerate",
                              GST_TYPE_FRACTION, 30, 1, NULL);
}

/* A picture of one colour. */
static GstSample *
make_sample (guint width, guint height, guint8 luma)
{
  g_autoptr (GstCaps) caps = make_caps (width, height);
  g_autoptr (GstBuffer) buffer = NULL;
  GstVideoInfo info;
  GstVideoFrame frame;

  gst_video_info_from_caps (&info, caps);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE);
  for (guint plane = 0; plane < 3; plane++)
    memset (frame.data[plane], plane == 0 ? luma : 128,
            (gsize) GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane)
                * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane));
  gst_video_frame_unmap (&frame);

  return gst_sample_new (buffer, caps, NULL, NULL);
}

static void
count (guint *counter)
{
  (*counter)++;
}

static gboolean
on_timeout (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Lets the main context do everything it has to do now. */
static void
settle (void)
{
  gboolean done = FALSE;

  g_timeout_add_full (G_PRIORITY_LOW, 0, on_timeout, &done, NULL);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_finalize (void)
{
  SnugVideoFeed *feed = snug_video_feed_new ();

  snug_await_finalized (feed);
}

static void
test_not_rendered (void)
{
  g_autoptr (SnugVideoFeed) feed = snug_video_feed_new ();
  g_autoptr (GstSample) sample = make_sample (WIDTH, HEIGHT, 235);
  guint n_frame = 0, n_active = 0;

  g_signal_connect_swapped (feed, "frame", G_CALLBACK (count), &n_frame);
  g_signal_connect_swapped (feed, "notify::active", G_CALLBACK (count), &n_active);
  g_assert_false (snug_video_feed_get_active (feed));

  snug_video_feed_push (feed, sample);
  /* Properties change on main, not within the push. */
  g_assert_false (snug_video_feed_get_active (feed));
  snug_await (snug_video_feed_get_active (feed));
  snug_video_feed_push (feed, sample);
  settle ();

  g_assert_cmpuint (n_active, ==, 1);
  g_assert_cmpuint (n_frame, ==, 0);
  g_assert_cmpuint (snug_video_feed_get_width (feed), ==, WIDTH);
  g_assert_cmpuint (snug_video_feed_get_height (feed), ==, HEIGHT);
  g_assert_cmpuint (snug_video_feed_get_n_frames (feed), ==, 2);
  g_assert_cmpuint (snug_video_feed_get_n_dropped (feed), ==, 0);
  g_assert_null (snug_video_feed_ref_frame (feed));
}

static void
assert_colour (SnugVideoFrame *frame, guint8 blue, guint8 green, guint8 red)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (frame->bytes, &size);
  const guint8 *last = data + (frame->height - 1) * frame->stride + (frame->width - 1) * 4;

  g_assert_cmpuint (size, >=, frame->stride * frame->height);
  g_assert_cmpuint (frame->stride, >=, frame->width * 4);
  for (guint i = 0; i < 2; i++)
    {
      const guint8 *pixel = i == 0 ? data : last;

      g_assert_cmpint (ABS (pixel[0] - blue), <=, ROUNDING);
      g_assert_cmpint (ABS (pixel[1] - green), <=, ROUNDING);
      g_assert_cmpint (ABS (pixel[2] - red), <=, ROUNDING);
      g_assert_cmpuint (pixel[3], ==, 255);
    }
}

static void
test_rendered (void)
{
  g_autoptr (SnugVideoFeed) feed = snug_video_feed_new ();
  g_autoptr (GstSample) white = make_sample (WIDTH, HEIGHT, 235);
  g_autoptr (SnugVideoFrame) frame = NULL;
  guint n_frame = 0;

  g_signal_connect_swapped (feed, "frame", G_CALLBACK (count), &n_frame);
  snug_video_feed_set_rendering (feed, TRUE);
  snug_video_feed_push (feed, white);
  snug_await (n_frame == 1);

  frame = snug_video_feed_ref_frame (feed);
  g_assert_cmpuint (frame->width, ==, WIDTH);
  g_assert_cmpuint (frame->height, ==, HEIGHT);
  assert_colour (frame, 255, 255, 255);

  /* Counted: the second one who draws goes on drawing. */
  snug_video_feed_set_rendering (feed, TRUE);
  snug_video_feed_set_rendering (feed, FALSE);
  snug_video_feed_push (feed, white);
  snug_await (n_frame == 2);
  snug_video_feed_set_rendering (feed, FALSE);
  g_assert_null (snug_video_feed_ref_frame (feed));
  snug_video_feed_push (feed, white);
  settle ();
  g_assert_cmpuint (n_frame, ==, 2);

  /* A picture outlives its feed. */
  g_clear_object (&feed);
  assert_colour (frame, 255, 255, 255);
}

static void
test_latest_wins (void)
{
  g_autoptr (SnugVideoFeed) feed = snug_video_feed_new ();
  g_autoptr (SnugVideoFrame) frame = NULL;
  guint n_frame = 0;

  g_signal_connect_swapped (feed, "frame", G_CALLBACK (count), &n_frame);
  snug_video_feed_set_rendering (feed, TRUE);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GstSample) sample = make_sample (WIDTH, HEIGHT, i == 4 ? 16 : 235);

      snug_video_feed_push (feed, sample);
    }
  snug_await (n_frame > 0);
  settle ();

  g_assert_cmpuint (n_frame, ==, 1);
  frame = snug_video_feed_ref_frame (feed);
  assert_colour (frame, 0, 0, 0);
  g_assert_cmpuint (snug_video_feed_get_n_frames (feed), ==, 5);
  g_assert_cmpuint (snug_video_feed_get_n_dropped (feed), ==, 4);
}

static void
test_size_change (void)
{
  static const guint sizes[][2] = { { 64, 36 }, { 33, 17 }, { 2, 2 }, { 1, 1 }, { 640, 360 } };
  g_autoptr (SnugVideoFeed) feed = snug_video_feed_new ();
  guint n_frame = 0;

  g_signal_connect_swapped (feed, "frame", G_CALLBACK (count), &n_frame);
  snug_video_feed_set_rendering (feed, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GstSample) sample = make_sample (sizes[i][0], sizes[i][1], 235);
      g_autoptr (SnugVideoFrame) frame = NULL;

      snug_video_feed_push (feed, sample);
      snug_await (n_frame == i + 1);
      frame = snug_video_feed_ref_frame (feed);
      g_assert_cmpuint (frame->width, ==, sizes[i][0]);
      g_assert_cmpuint (frame->height, ==, sizes[i][1]);
      g_assert_cmpuint (snug_video_feed_get_width (feed), ==, sizes[i][0]);
      g_assert_cmpuint (snug_video_feed_get_height (feed), ==, sizes[i][1]);
      assert_colour (frame, 255, 255, 255);
    }
}

static void
test_refused (void)
{
  g_autoptr (SnugVideoFeed) feed = snug_video_feed_new ();
  g_autoptr (GstCaps) large = make_caps (8193, 2), no_video = gst_caps_new_empty_simple ("text/x");
  g_autoptr (GstCaps) honest = make_caps (WIDTH, HEIGHT);
  g_autoptr (GstBuffer) small = gst_buffer_new_allocate (NULL, 16, NULL);
  GstSample *samples[] = {
    gst_sample_new (small, large, NULL, NULL),  gst_sample_new (small, no_video, NULL, NULL),
    gst_sample_new (small, NULL, NULL, NULL),   gst_sample_new (NULL, honest, NULL, NULL),
    gst_sample_new (small, honest, NULL, NULL),
  };

  snug_video_feed_set_rendering (feed, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      snug_video_feed_push (feed, samples[i]);
      gst_sample_unref (samples[i]);
    }
  settle ();
  g_assert_false (snug_video_feed_get_active (feed));
  g_assert_cmpuint (snug_video_feed_get_n_frames (feed), ==, 0);
}

static void
test_reset (void)
{
  g_autoptr (SnugVideoFeed) feed = snug_video_feed_new ();
  g_autoptr (GstSample) sample = make_sample (WIDTH, HEIGHT, 235);

  snug_video_feed_set_rendering (feed, TRUE);
  snug_video_feed_push (feed, sample);
  snug_await (snug_video_feed_get_active (feed));

  snug_video_feed_reset (feed);
  g_assert_false (snug_video_feed_get_active (feed));
  g_assert_cmpuint (snug_video_feed_get_width (feed), ==, 0);
  g_assert_null (snug_video_feed_ref_frame (feed));

  /* One that is in the mailbox, unseen, is forgotten too. */
  snug_video_feed_push (feed, sample);
  snug_video_feed_reset (feed);
  settle ();
  g_assert_false (snug_video_feed_get_active (feed));

  snug_video_feed_push (feed, sample);
  snug_await (snug_video_feed_get_active (feed));
}

typedef struct
{
  SnugVideoFeedCore *core;
  GstSample *samples[2];
  int n_pushed; /* atomic */
  int stop;     /* atomic */
} Pusher;

static gpointer
push_in_thread (gpointer user_data)
{
  Pusher *pusher = user_data;

  while (!g_atomic_int_get (&pusher->stop))
    {
      int n = g_atomic_int_add (&pusher->n_pushed, 1);

      snug_video_feed_core_push (pusher->core, pusher->samples[n / 7 % 2]);
      g_main_context_wakeup (NULL);
    }

  return NULL;
}

static void
test_finalize_while_pushing (void)
{
  g_autoptr (GstSample) small = make_sample (WIDTH, HEIGHT, 235), large = make_sample (64, 48, 16);

  for (guint round = 0; round < 20; round++)
    {
      SnugVideoFeed *feed = snug_video_feed_new ();
      Pusher pusher = { snug_video_feed_ref_core (feed), { small, large }, 0, 0 };
      GThread *thread;
      guint n_frame = 0;
      int n_pushed;

      g_signal_connect_swapped (feed, "frame", G_CALLBACK (count), &n_frame);
      snug_video_feed_set_rendering (feed, TRUE);
      thread = g_thread_new ("pusher", push_in_thread, &pusher);
      snug_await (n_frame > 3);
      snug_video_feed_reset (feed);
      snug_await_finalized (feed);
      n_pushed = g_atomic_int_get (&pusher.n_pushed);
      snug_await (g_atomic_int_get (&pusher.n_pushed) > n_pushed + 10);
      g_atomic_int_set (&pusher.stop, TRUE);
      g_thread_join (thread);
      snug_video_feed_core_unref (pusher.core);
    }
}

static void
test_sink (void)
{
  g_autoptr (SnugVideoFeed) feed = snug_video_feed_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "videotestsrc is-live=true ! video/x-raw,format=YUY2,width=64,height=48,framerate=30/1 ! "
      "appsink name=sink sync=false max-buffers=1 drop=true",
      &error);
  g_autoptr (GstElement) sink = NULL;

  g_assert_no_error (error);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  snug_video_feed_connect_sink (feed, GST_APP_SINK (sink));
  snug_video_feed_set_rendering (feed, TRUE);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 3; i++)
    snug_await_signal (feed, "frame");
  g_assert_cmpuint (snug_video_feed_get_width (feed), ==, 64);

  /* The feed first, while the pipeline still runs. */
  snug_await_finalized (feed);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));

  g_test_add_func ("/video-feed/finalize", test_finalize);
  g_test_add_func ("/video-feed/not-rendered", test_not_rendered);
  g_test_add_func ("/video-feed/rendered", test_rendered);
  g_test_add_func ("/video-feed/latest-wins", test_latest_wins);
  g_test_add_func ("/video-feed/size-change", test_size_change);
  g_test_add_func ("/video-feed/refused", test_refused);
  g_test_add_func ("/video-feed/reset", test_reset);
  g_test_add_func ("/video-feed/finalize-while-pushing", test_finalize_while_pushing);
  g_test_add_func ("/video-feed/sink", test_sink);

  return g_test_run ();
}

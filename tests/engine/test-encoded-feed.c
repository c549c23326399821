/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-encoded-feed-private.h"

#include <gst/app/gstappsink.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-pipeline.h"

/* A peer: an appsrc, and what came out of it. */
typedef struct
{
  GstElement *pipeline;
  GstAppSrc *src;
  int n_received;  /* atomic */
  int first_delta; /* atomic: -1 before the first */
  guint64 last_pts;
} Peer;

static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  Peer *peer = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);
  GstBuffer *buffer = gst_sample_get_buffer (sample);

  g_assert_nonnull (gst_sample_get_caps (sample));
  if (g_atomic_int_get (&peer->first_delta) < 0)
    g_atomic_int_set (&peer->first_delta,
                      GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT));
  peer->last_pts = GST_BUFFER_PTS (buffer);
  g_atomic_int_inc (&peer->n_received);
  g_main_context_wakeup (NULL);

  return GST_FLOW_OK;
}

static Peer *
peer_new (void)
{
  Peer *peer = g_new0 (Peer, 1);
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  GstElement *src, *sink;

  peer->first_delta = -1;
  peer->pipeline = snug_pipeline_new ("peer", NULL, NULL);
  src = snug_pipeline_add (peer->pipeline, "appsrc", "is-live", TRUE, "format", GST_FORMAT_TIME,
                           NULL);
  sink = snug_pipeline_add (peer->pipeline, "appsink", "sync", FALSE, "async", FALSE, NULL);
  gst_element_link (src, sink);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, peer, NULL);
  gst_element_set_state (peer->pipeline, GST_STATE_PLAYING);
  peer->src = GST_APP_SRC (src);

  return peer;
}

static void
peer_free (Peer *peer)
{
  gst_element_set_state (peer->pipeline, GST_STATE_NULL);
  gst_object_unref (peer->pipeline);
  g_free (peer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)

static GstSample *
make_sample (GstClockTime pts, gboolean is_delta)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-vp8");
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 8, NULL);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  GST_BUFFER_PTS (buffer) = pts;
  if (is_delta)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);

  return gst_sample_new (buffer, caps, &segment, NULL);
}

static void
push (SnugEncodedFeed *feed, GstClockTime pts, gboolean is_delta)
{
  g_autoptr (GstSample) sample = make_sample (pts, is_delta);

  snug_encoded_feed_push (feed, sample);
}

static void
count (guint *counter)
{
  (*counter)++;
}

static void
test_finalize (void)
{
  SnugEncodedFeed *feed = snug_encoded_feed_new ();
  g_autoptr (Peer) peer = peer_new ();

  /* Also with somebody attached, and a request waiting. */
  snug_encoded_feed_attach (feed, peer->src);
  snug_encoded_feed_request_key_frame (feed);
  snug_await_finalized (feed);
}

static void
test_listeners (void)
{
  g_autoptr (SnugEncodedFeed) feed = snug_encoded_feed_new ();
  g_autoptr (Peer) one = peer_new (), other = peer_new ();
  guint n_changed = 0;

  g_signal_connect_swapped (feed, "listeners-changed", G_CALLBACK (count), &n_changed);
  g_assert_false (snug_encoded_feed_has_listeners (feed));
  push (feed, 1, FALSE);

  snug_encoded_feed_attach (feed, one->src);
  g_assert_true (snug_encoded_feed_has_listeners (feed));
  g_assert_cmpuint (n_changed, ==, 1);
  snug_encoded_feed_attach (feed, other->src);
  g_assert_cmpuint (n_changed, ==, 1);

  push (feed, 2, FALSE);
  snug_await (g_atomic_int_get (&one->n_received) == 1);
  snug_await (g_atomic_int_get (&other->n_received) == 1);

  snug_encoded_feed_detach (feed, one->src);
  snug_encoded_feed_detach (feed, one->src);
  g_assert_cmpuint (n_changed, ==, 1);
  snug_encoded_feed_detach (feed, other->src);
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_false (snug_encoded_feed_has_listeners (feed));
  g_assert_cmpuint (snug_encoded_feed_get_n_buffers (feed), ==, 2);
}

static void
test_key_frame_first (void)
{
  g_autoptr (SnugEncodedFeed) feed = snug_encoded_feed_new ();
  g_autoptr (Peer) one = peer_new (), late = peer_new ();

  snug_encoded_feed_attach (feed, one->src);
  push (feed, 1, TRUE);
  push (feed, 2, FALSE);
  push (feed, 3, TRUE);
  snug_encoded_feed_attach (feed, late->src);
  push (feed, 4, TRUE);
  push (feed, 5, FALSE);

  snug_await (g_atomic_int_get (&one->n_received) == 4);
  snug_await (g_atomic_int_get (&late->n_received) == 1);
  g_assert_cmpint (one->first_delta, ==, FALSE);
  g_assert_cmpint (late->first_delta, ==, FALSE);
  g_assert_cmpuint (late->last_pts, ==, 5);
}

static void
test_key_frame_requests (void)
{
  g_autoptr (SnugEncodedFeed) feed = snug_encoded_feed_new ();
  g_autoptr (Peer) one = peer_new (), other = peer_new ();
  guint n_requests = 0;
  gint64 start;

  g_signal_connect_swapped (feed, "key-frame", G_CALLBACK (count), &n_requests);
  snug_encoded_feed_request_key_frame (feed);
  g_assert_cmpuint (n_requests, ==, 0); /* nobody would see it */

  start = g_get_monotonic_time ();
  snug_encoded_feed_attach (feed, one->src);
  g_assert_cmpuint (n_requests, ==, 1);
  snug_encoded_feed_attach (feed, other->src);
  for (guint i = 0; i < 10; i++)
    snug_encoded_feed_request_key_frame (feed);
  g_assert_cmpuint (n_requests, ==, 1);

  snug_await (n_requests == 2);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 199 * 1000);
  snug_encoded_feed_request_key_frame (feed);
  g_assert_cmpuint (n_requests, ==, 2);
}

static void
test_gate (void)
{
  g_autoptr (SnugEncodedFeed) feed = snug_encoded_feed_new ();
  g_autoptr (Peer) peer = peer_new ();
  GstClockTime before, opened;

  snug_encoded_feed_attach (feed, peer->src);
  push (feed, snug_pipeline_now (), FALSE);
  snug_await (g_atomic_int_get (&peer->n_received) == 1);

  snug_encoded_feed_set_open (feed, FALSE);
  before = snug_pipeline_now ();
  push (feed, before, FALSE);
  push (feed, before + 1, FALSE);
  snug_encoded_feed_set_open (feed, TRUE);
  opened = snug_pipeline_now () + SNUG_ENCODED_FEED_LOOK_BACK;

  /* What was taken while it was shut stays out when it comes late. */
  push (feed, before + 2, FALSE);
  g_assert_cmpuint (snug_encoded_feed_get_n_buffers (feed), ==, 1);
  /* And pictures begin with one that needs no other. */
  push (feed, opened, TRUE);
  push (feed, opened + 1, FALSE);
  snug_await (g_atomic_int_get (&peer->n_received) == 2);
  g_assert_cmpuint (peer->last_pts, ==, opened + 1);
}

static void
test_running_time (void)
{
  g_autoptr (SnugEncodedFeed) feed = snug_encoded_feed_new ();
  g_autoptr (Peer) peer = peer_new ();
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-opus");
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 8, NULL);
  g_autoptr (GstSample) sample = NULL;
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = 1000 * GST_SECOND;
  segment.base = 5 * GST_SECOND;
  GST_BUFFER_PTS (buffer) = 1002 * GST_SECOND;
  sample = gst_sample_new (buffer, caps, &segment, NULL);

  snug_encoded_feed_attach (feed, peer->src);
  snug_encoded_feed_push (feed, sample);
  snug_await (g_atomic_int_get (&peer->n_received) == 1);
  g_assert_cmpuint (peer->last_pts, ==, 7 * GST_SECOND);
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, 1002 * GST_SECOND);
}

typedef struct
{
  SnugEncodedFeed *feed;
  int stop; /* atomic */
} Pusher;

static gpointer
push_in_thread (gpointer user_data)
{
  Pusher *pusher = user_data;

  while (!g_atomic_int_get (&pusher->stop))
    {
      /* Later than whenever the gate was opened. */
      push (pusher->feed, snug_pipeline_now () + GST_SECOND, FALSE);
      g_main_context_wakeup (NULL);
    }

  return NULL;
}

/* While a thread pushes as fast as it can, what was shut or detached has had its last buffer. */
static void
test_certain (void)
{
  g_autoptr (SnugEncodedFeed) feed = snug_encoded_feed_new ();
  Pusher pusher = { feed, FALSE };
  GThread *thread = g_thread_new ("pusher", push_in_thread, &pusher);

  for (guint round = 0; round < 50; round++)
    {
      g_autoptr (Peer) peer = peer_new ();
      guint64 n_buffers;
      int n_received;

      snug_encoded_feed_attach (feed, peer->src);
      snug_await (g_atomic_int_get (&peer->n_received) > 3);

      snug_encoded_feed_set_open (feed, FALSE);
      n_buffers = snug_encoded_feed_get_n_buffers (feed);
      for (guint i = 0; i < 20; i++)
        g_thread_yield ();
      g_assert_cmpuint (snug_encoded_feed_get_n_buffers (feed), ==, n_buffers);
      snug_encoded_feed_set_open (feed, TRUE);

      snug_encoded_feed_detach (feed, peer->src);
      snug_await (gst_app_src_get_current_level_buffers (peer->src) == 0);
      gst_element_set_state (peer->pipeline, GST_STATE_PAUSED);
      n_received = g_atomic_int_get (&peer->n_received);
      n_buffers = snug_encoded_feed_get_n_buffers (feed);
      snug_await (snug_encoded_feed_get_n_buffers (feed) > n_buffers + 10);
      g_assert_cmpint (g_atomic_int_get (&peer->n_received), ==, n_received);
      g_assert_cmpuint (gst_app_src_get_current_level_buffers (peer->src), ==, 0);
    }

  g_atomic_int_set (&pusher.stop, TRUE);
  g_thread_join (thread);
}

/* The encoder's side outlives the feed. */
static void
test_sink (void)
{
  SnugEncodedFeed *feed = snug_encoded_feed_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "videotestsrc is-live=true ! video/x-raw,width=64,height=48 ! appsink name=sink sync=false",
      &error);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (Peer) peer = peer_new ();

  g_assert_no_error (error);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  snug_encoded_feed_connect_sink (feed, GST_APP_SINK (sink));
  snug_encoded_feed_attach (feed, peer->src);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  snug_await (g_atomic_int_get (&peer->n_received) > 2);
  snug_await_finalized (feed);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));

  g_test_add_func ("/encoded-feed/finalize", test_finalize);
  g_test_add_func ("/encoded-feed/listeners", test_listeners);
  g_test_add_func ("/encoded-feed/key-frame-first", test_key_frame_first);
  g_test_add_func ("/encoded-feed/key-frame-requests", test_key_frame_requests);
  g_test_add_func ("/encoded-feed/gate", test_gate);
  g_test_add_func ("/encoded-feed/running-time", test_running_time);
  g_test_add_func ("/encoded-feed/certain", test_certain);
  g_test_add_func ("/encoded-feed/sink", test_sink);

  return g_test_run ();
}

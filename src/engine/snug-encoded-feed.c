/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-encoded-feed.h"
#include "snug-encoded-feed-private.h"

#include "snug-engine.h"
#include "snug-pipeline.h"

/* A key frame is some ten times as large as another picture: several people who lose theirs at once
 * get one. */
#define KEY_FRAME_INTERVAL_MS 200

/* Over which the rate is taken, at least. */
#define RATE_WINDOW_US (G_USEC_PER_SEC / 2)

typedef struct
{
  GstAppSrc *src;
  gboolean synced; /* has had a picture that needs no other */
} SnugEncodedListener;

/* The half that streaming threads share with the feed. */
typedef struct
{
  gatomicrefcount ref_count;

  GMutex mutex; /* held while pushing: whoever closes or detaches knows that it is over */
  gboolean open;
  GstClockTime open_since;
  GstClockTime last_pts; /* NONE: nothing came since it was opened */
  GArray *listeners;
  guint64 n_buffers;
} SnugEncodedFeedCore;

struct _SnugEncodedFeed
{
  GObject parent_instance;

  SnugEncodedFeedCore *core;
  double rate;
  gint64 rate_time; /* monotonic; 0: never asked */
  guint64 rate_buffers;
  gint64 key_frame_time; /* monotonic, of the last request; 0: never */
  guint key_frame_id;
  guint key_frame_interval_ms;
};

static guint listeners_changed_signal;
static guint key_frame_signal;

G_DEFINE_FINAL_TYPE (SnugEncodedFeed, snug_encoded_feed, G_TYPE_OBJECT)

static void
listener_clear (gpointer data)
{
  SnugEncodedListener *listener = data;

  gst_clear_object (&listener->src);
}

static SnugEncodedFeedCore *
core_ref (SnugEncodedFeedCore *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
core_unref (gpointer data)
{
  SnugEncodedFeedCore *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->listeners);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static GstClockTime
to_running_time (const GstSegment *segment, GstClockTime time)
{
  if (segment->format != GST_FORMAT_TIME || !GST_CLOCK_TIME_IS_VALID (time))
    return time;

  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, time);
}

/* The sample with the stamps that the peers' pipelines expect: running time, and decode order as
 * presented, since no encoder here reorders. */
static GstSample *
stamp_with_running_time (GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstClockTime pts = to_running_time (gst_sample_get_segment (sample), GST_BUFFER_PTS (buffer));
  g_autoptr (GstBuffer) stamped = NULL;

  if (pts == GST_BUFFER_PTS (buffer) && pts == GST_BUFFER_DTS (buffer))
    return gst_sample_ref (sample);

  stamped = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (stamped) = pts;
  GST_BUFFER_DTS (stamped) = pts;

  return gst_sample_new (stamped, gst_sample_get_caps (sample), NULL, NULL);
}

static void
core_push (SnugEncodedFeedCore *self, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  g_autoptr (GstSample) stamped = NULL;
  GstClockTime pts;
  gboolean is_delta;

  if (buffer == NULL || gst_sample_get_caps (sample) == NULL)
    return;

  is_delta = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  stamped = stamp_with_running_time (sample);
  pts = GST_BUFFER_PTS (gst_sample_get_buffer (stamped));

  g_mutex_lock (&self->mutex);
  /* When another microphone takes over, what it heard meanwhile was sent already. */
  if (self->open
      && (!GST_CLOCK_TIME_IS_VALID (pts)
          || (pts >= self->open_since
              && (!GST_CLOCK_TIME_IS_VALID (self->last_pts) || pts > self->last_pts))))
    {
      self->last_pts = pts;
      self->n_buffers++;
      for (guint i = 0; i < self->listeners->len; i++)
        {
          SnugEncodedListener *listener = &g_array_index (self->listeners, SnugEncodedListener, i);

          /* Nobody can show a picture that builds on one they never had. */
          if (!listener->synced && is_delta)
            continue;
          listener->synced = TRUE;
          gst_app_src_push_sample (listener->src, stamped);
        }
    }
  g_mutex_unlock (&self->mutex);
}

static void
snug_encoded_feed_dispose (GObject *object)
{
  SnugEncodedFeed *self = SNUG_ENCODED_FEED (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  g_clear_handle_id (&self->key_frame_id, g_source_remove);

  /* The encoder may outlive the feed by a moment. */
  g_mutex_lock (&self->core->mutex);
  self->core->open = FALSE;
  g_array_set_size (self->core->listeners, 0);
  g_mutex_unlock (&self->core->mutex);

  G_OBJECT_CLASS (snug_encoded_feed_parent_class)->dispose (object);
}

static void
snug_encoded_feed_finalize (GObject *object)
{
  SnugEncodedFeed *self = SNUG_ENCODED_FEED (object);

  g_clear_pointer (&self->core, core_unref);

  G_OBJECT_CLASS (snug_encoded_feed_parent_class)->finalize (object);
}

static void
snug_encoded_feed_class_init (SnugEncodedFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_encoded_feed_dispose;
  object_class->finalize = snug_encoded_feed_finalize;

  listeners_changed_signal = g_signal_new ("listeners-changed", G_TYPE_FROM_CLASS (klass),
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  key_frame_signal = g_signal_new ("key-frame", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
snug_encoded_feed_init (SnugEncodedFeed *self)
{
  SnugEncodedFeedCore *core = g_new0 (SnugEncodedFeedCore, 1);

  g_atomic_ref_count_init (&core->ref_count);
  g_mutex_init (&core->mutex);
  core->open = TRUE;
  core->last_pts = GST_CLOCK_TIME_NONE;
  core->listeners = g_array_new (FALSE, FALSE, sizeof (SnugEncodedListener));
  g_array_set_clear_func (core->listeners, listener_clear);
  self->core = core;
  self->key_frame_interval_ms = KEY_FRAME_INTERVAL_MS;
}

SnugEncodedFeed *
snug_encoded_feed_new (void)
{
  return g_object_new (SNUG_TYPE_ENCODED_FEED, NULL);
}

/**
 * snug_encoded_feed_attach:
 * @self: a feed
 * @src: a live appsrc in time format that never blocks; the feed holds a reference until it is
 * detached
 *
 * A stream of pictures begins for @src with its next key frame.
 */
void
snug_encoded_feed_attach (SnugEncodedFeed *self, GstAppSrc *src)
{
  SnugEncodedListener listener;
  guint n_listeners;

  g_return_if_fail (SNUG_IS_ENCODED_FEED (self));
  g_return_if_fail (GST_IS_APP_SRC (src));
  g_return_if_fail (snug_engine_is_main_thread ());

  listener.src = gst_object_ref (src);
  listener.synced = FALSE;
  g_mutex_lock (&self->core->mutex);
  g_array_append_val (self->core->listeners, listener);
  n_listeners = self->core->listeners->len;
  g_mutex_unlock (&self->core->mutex);

  if (n_listeners == 1)
    g_signal_emit (self, listeners_changed_signal, 0);
  snug_encoded_feed_request_key_frame (self);
}

/**
 * snug_encoded_feed_detach:
 * @self: a feed
 * @src: as it was attached; one that is not attached is left alone
 */
void
snug_encoded_feed_detach (SnugEncodedFeed *self, GstAppSrc *src)
{
  SnugEncodedFeedCore *core;
  gboolean was_last = FALSE;

  g_return_if_fail (SNUG_IS_ENCODED_FEED (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  core = self->core;
  g_mutex_lock (&core->mutex);
  for (guint i = 0; i < core->listeners->len; i++)
    {
      if (g_array_index (core->listeners, SnugEncodedListener, i).src != src)
        continue;
      g_array_remove_index (core->listeners, i);
      was_last = core->listeners->len == 0;
      break;
    }
  g_mutex_unlock (&core->mutex);

  if (was_last)
    g_signal_emit (self, listeners_changed_signal, 0);
}

gboolean
snug_encoded_feed_has_listeners (SnugEncodedFeed *self)
{
  g_return_val_if_fail (SNUG_IS_ENCODED_FEED (self), FALSE);

  /* Changed on this thread only, so that reading needs no lock. */
  return self->core->listeners->len > 0;
}

static void
emit_key_frame (SnugEncodedFeed *self)
{
  self->key_frame_time = g_get_monotonic_time ();
  g_signal_emit (self, key_frame_signal, 0);
}

static gboolean
on_key_frame_timeout (gpointer user_data)
{
  SnugEncodedFeed *self = user_data;

  self->key_frame_id = 0;
  emit_key_frame (self);

  return G_SOURCE_REMOVE;
}

/**
 * snug_encoded_feed_request_key_frame:
 * @self: a feed
 *
 * Requests less than the interval after the last one are answered together when that time is over.
 * Without listeners nothing happens.
 */
void
snug_encoded_feed_request_key_frame (SnugEncodedFeed *self)
{
  gint64 elapsed_ms;

  g_return_if_fail (SNUG_IS_ENCODED_FEED (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  if (self->key_frame_id != 0 || !snug_encoded_feed_has_listeners (self))
    return;

  elapsed_ms = (g_get_monotonic_time () - self->key_frame_time) / 1000;
  if (self->key_frame_time == 0 || elapsed_ms >= self->key_frame_interval_ms)
    emit_key_frame (self);
  else
    self->key_frame_id
        = g_timeout_add ((guint) (self->key_frame_interval_ms - elapsed_ms), on_key_frame_timeout, self);
}

void
snug_encoded_feed_set_key_frame_interval (SnugEncodedFeed *self, guint milliseconds)
{
  g_return_if_fail (SNUG_IS_ENCODED_FEED (self));

  self->key_frame_interval_ms = MAX (milliseconds, KEY_FRAME_INTERVAL_MS);
}

void
snug_encoded_feed_push (SnugEncodedFeed *self, GstSample *sample)
{
  g_return_if_fail (SNUG_IS_ENCODED_FEED (self));
  g_return_if_fail (GST_IS_SAMPLE (sample));

  core_push (self->core, sample);
}

guint64
snug_encoded_feed_get_n_buffers (SnugEncodedFeed *self)
{
  guint64 n_buffers;

  g_return_val_if_fail (SNUG_IS_ENCODED_FEED (self), 0);

  g_mutex_lock (&self->core->mutex);
  n_buffers = self->core->n_buffers;
  g_mutex_unlock (&self->core->mutex);

  return n_buffers;
}

void
snug_encoded_feed_set_open (SnugEncodedFeed *self, gboolean open)
{
  g_return_if_fail (SNUG_IS_ENCODED_FEED (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  g_mutex_lock (&self->core->mutex);
  if (open && !self->core->open)
    {
      self->core->open_since = snug_pipeline_now () + SNUG_ENCODED_FEED_LOOK_BACK;
      self->core->last_pts = GST_CLOCK_TIME_NONE;
      /* What comes next does not build on what was seen last. */
      for (guint i = 0; i < self->core->listeners->len; i++)
        g_array_index (self->core->listeners, SnugEncodedListener, i).synced = FALSE;
    }
  self->core->open = open;
  g_mutex_unlock (&self->core->mutex);
}

static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);

  if (sample != NULL)
    core_push (user_data, sample);

  return GST_FLOW_OK;
}

void
snug_encoded_feed_connect_sink (SnugEncodedFeed *self, GstAppSink *sink)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };

  g_return_if_fail (SNUG_IS_ENCODED_FEED (self));
  g_return_if_fail (GST_IS_APP_SINK (sink));

  gst_app_sink_set_callbacks (sink, &callbacks, core_ref (self->core), core_unref);
}

double
snug_encoded_feed_get_rate (SnugEncodedFeed *self)
{
  gint64 now = g_get_monotonic_time ();
  guint64 n_buffers;

  g_return_val_if_fail (SNUG_IS_ENCODED_FEED (self), 0.0);

  /* Asked for each peer in turn, so that the window may be too short to count anew. */
  if (now - self->rate_time < RATE_WINDOW_US)
    return self->rate;

  n_buffers = snug_encoded_feed_get_n_buffers (self);
  if (self->rate_time != 0)
    self->rate = (n_buffers - self->rate_buffers) / ((now - self->rate_time) / 1e6);
  self->rate_time = now;
  self->rate_buffers = n_buffers;

  return self->rate;
}

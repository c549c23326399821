/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-player.h"

#include <gst/app/gstappsink.h>

#include "snug-capture-source.h"
#include "snug-engine.h"
#include "snug-pipeline-start.h"
#include "snug-pipeline.h"

/* Shorter than this nothing is looped: a still image lasts no time at all. */
#define LOOP_MIN (500 * GST_MSECOND)
/* A player that joins another's time line by less than this catches up by itself. */
#define JOIN_MIN (300 * GST_MSECOND)

/* When the first of the players of one file began: running time on the shared clock. */
typedef struct
{
  guint n_players;
  GstClockTime epoch;
} SnugFileTimeLine;

/* What the streaming thread has. */
typedef struct
{
  GstAppSrc *target;
  GMutex mutex;
  GstClockTime offset; /* running time on the shared clock when this round's running time is 0 */
} SnugFilePush;

struct _SnugFilePlayer
{
  GObject parent_instance;

  SnugMediaKind kind;
  SnugMediaSource *source;
  const char *path; /* of the source */
  SnugRelay *relay;
  SnugRelay *owner_relay;
  SnugRelayFunc error_func;

  GstElement *pipeline; /* NULL: failed */
  SnugPipelineStart *start;
  GstElement *first;  /* behind the decoder; owned by the pipeline */
  SnugFilePush *push; /* owned by the pipeline's sink */
  SnugFileTimeLine *time_line;
  GstClockTime round; /* when this round began or begins */
  gboolean joining;   /* in the middle of another's round, once that can be found */
};

static GHashTable *time_lines; /* by path */

G_DEFINE_FINAL_TYPE (SnugFilePlayer, snug_file_player, G_TYPE_OBJECT)

static void
push_free (gpointer data)
{
  SnugFilePush *push = data;

  gst_object_unref (push->target);
  g_mutex_clear (&push->mutex);
  g_free (push);
}

/* Streaming thread, at the time at which the sample is due. */
static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  SnugFilePush *push = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);
  g_autoptr (GstSample) stamped = NULL;
  g_autoptr (GstBuffer) buffer = NULL;
  GstClockTime time, offset;

  if (sample == NULL)
    return GST_FLOW_OK;

  buffer = gst_buffer_copy (gst_sample_get_buffer (sample));
  time = gst_segment_to_running_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                      GST_BUFFER_PTS (buffer));
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return GST_FLOW_OK;

  g_mutex_lock (&push->mutex);
  offset = push->offset;
  g_mutex_unlock (&push->mutex);

  GST_BUFFER_PTS (buffer) = offset + time;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  stamped = gst_sample_new (buffer, gst_sample_get_caps (sample), NULL, NULL);
  gst_app_src_push_sample (push->target, stamped);

  return GST_FLOW_OK;
}

/* Streaming thread. */
static void
on_pad_added (GstElement *decoder, GstPad *pad, gpointer user_data)
{
  GstElement *first = user_data;
  g_autoptr (GstPad) sink = gst_element_get_static_pad (first, "sink");

  /* Whatever is not linked is not decoded. */
  if (!gst_pad_is_linked (sink))
    gst_pad_link (pad, sink);
}

/* running_time: on the shared clock, at which the pipeline's own is 0. */
static void
set_round (SnugFilePlayer *self, GstClockTime running_time)
{
  /* The shared base time is that of every other pipeline. */
  GstClockTime now = snug_pipeline_now ();
  g_autoptr (GstClock) clock = gst_pipeline_get_clock (GST_PIPELINE (self->pipeline));
  GstClockTime base = gst_clock_get_time (clock) - now;

  g_mutex_lock (&self->push->mutex);
  self->push->offset = running_time;
  g_mutex_unlock (&self->push->mutex);
  gst_element_set_base_time (self->pipeline, base + running_time);
}

static void
take_down (SnugFilePlayer *self)
{
  g_clear_pointer (&self->start, snug_pipeline_start_cancel);
  if (self->pipeline != NULL)
    snug_pipeline_close_async (g_steal_pointer (&self->pipeline), NULL, NULL);
}

static void
free_error (gpointer error)
{
  g_error_free (error);
}

/* error: (transfer full) */
static void
fail (SnugFilePlayer *self, GError *error)
{
  take_down (self);
  snug_relay_post (self->owner_relay, self->error_func, error, free_error);
}

static GstClockTime
get_duration (SnugFilePlayer *self)
{
  gint64 duration;

  if (!gst_element_query_duration (self->pipeline, GST_FORMAT_TIME, &duration)
      || duration < (gint64) LOOP_MIN)
    return GST_CLOCK_TIME_NONE;

  return duration;
}

static void
seek (SnugFilePlayer *self, GstClockTime position, GstSeekFlags flags)
{
  if (!gst_element_seek_simple (self->pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | flags,
                                position))
    fail (self,
          g_error_new (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "%s can't be looped", self->path));
}

/* The end of the stream is not always that of the file: sound may be shorter than the picture. The
 * next round begins when the file's would, or as soon after that as it can. */
static void
next_round (SnugFilePlayer *self)
{
  GstClockTime now = snug_pipeline_now ();
  GstClockTime duration = get_duration (self);

  if (GST_CLOCK_TIME_IS_VALID (duration))
    {
      self->round += duration;
      /* More than half a round late, as after the machine slept: begin anew. */
      if (self->round + duration / 2 < now)
        self->round = now - (now - self->time_line->epoch) % duration;
    }
  else
    {
      self->round = MAX (self->round + LOOP_MIN, now);
    }

  set_round (self, self->round);
  seek (self, 0, GST_SEEK_FLAG_NONE);
}

/* Another player of the file is in the middle of a round. */
static void
join_round (SnugFilePlayer *self)
{
  GstClockTime now = snug_pipeline_now ();
  GstClockTime duration = get_duration (self);

  self->joining = FALSE;
  if (GST_CLOCK_TIME_IS_VALID (duration))
    {
      GstClockTime position = (now - self->time_line->epoch) % duration;

      self->round = now - position;
      set_round (self, now);
      seek (self, position, GST_SEEK_FLAG_ACCURATE);
    }
  else
    {
      self->round = now;
      set_round (self, now);
    }
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static void
on_message (gpointer owner, GstMessage *message)
{
  SnugFilePlayer *self = owner;

  if (self->pipeline == NULL)
    return;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    fail (self, snug_capture_source_error_from_message (self->source, message));
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    next_round (self);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ASYNC_DONE && self->joining)
    join_round (self);
}

static void
on_start_failed (gpointer owner, gpointer data)
{
  SnugFilePlayer *self = owner;

  if (self->pipeline != NULL)
    fail (self, snug_capture_source_error_from_bus (self->source, self->pipeline));
}

static void
check_linked (gpointer owner, gpointer data)
{
  SnugFilePlayer *self = owner;
  g_autoptr (GstPad) pad = NULL;

  if (self->pipeline == NULL)
    return;

  pad = gst_element_get_static_pad (self->first, "sink");
  if (!gst_pad_is_linked (pad))
    fail (self, g_error_new (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "There is no %s in %s",
                             self->kind == SNUG_MEDIA_VIDEO ? "picture" : "sound", self->path));
}

/* Streaming thread. */
static void
on_no_more_pads (GstElement *decoder, gpointer user_data)
{
  snug_relay_post (user_data, check_linked, NULL, NULL);
}

static void
build (SnugFilePlayer *self, const char *uri)
{
  GstElement *decoder, *sink;
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  g_autoptr (GstCaps) caps
      = gst_caps_new_empty_simple (self->kind == SNUG_MEDIA_VIDEO ? "video/x-raw" : "audio/x-raw");

  decoder = snug_pipeline_add (self->pipeline, "uridecodebin", "uri", uri, NULL);
  /* First a filter, so that only what we take is linked to it. */
  self->first = snug_pipeline_add (self->pipeline, "capsfilter", "caps", caps, NULL);
  sink = snug_pipeline_add (self->pipeline, "appsink", "sync", TRUE, "max-buffers", 2,
                            "enable-last-sample", FALSE, "qos", FALSE, NULL);
  if (self->kind == SNUG_MEDIA_AUDIO)
    {
      /* Some formats come in tenths of a second, and would leave that unevenly. */
      GstElement *convert = snug_pipeline_add (self->pipeline, "audioconvert", NULL, NULL);
      GstElement *split = snug_pipeline_add (self->pipeline, "audiobuffersplit", NULL, NULL);

      gst_util_set_object_arg (G_OBJECT (split), "output-buffer-duration", "1/100");
      gst_element_link_many (self->first, convert, split, sink, NULL);
    }
  else
    {
      gst_element_link (self->first, sink);
    }

  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self->push, push_free);
  g_signal_connect_object (decoder, "pad-added", G_CALLBACK (on_pad_added), self->first, 0);
  snug_relay_connect (self->relay, decoder, "no-more-pads", G_CALLBACK (on_no_more_pads));
}

static void
hold_time_line (SnugFilePlayer *self)
{
  GstClockTime now = snug_pipeline_now ();

  if (time_lines == NULL)
    time_lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  self->time_line = g_hash_table_lookup (time_lines, self->path);
  if (self->time_line == NULL)
    {
      self->time_line = g_new0 (SnugFileTimeLine, 1);
      self->time_line->epoch = now;
      g_hash_table_insert (time_lines, g_strdup (self->path), self->time_line);
    }
  self->time_line->n_players++;
  self->round = self->time_line->epoch;
  self->joining = now > self->round + JOIN_MIN;
}

static void
snug_file_player_dispose (GObject *object)
{
  SnugFilePlayer *self = SNUG_FILE_PLAYER (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  take_down (self);
  if (self->time_line != NULL && --self->time_line->n_players == 0)
    g_hash_table_remove (time_lines, self->path);
  self->time_line = NULL;
  g_clear_pointer (&self->relay, snug_relay_close);

  G_OBJECT_CLASS (snug_file_player_parent_class)->dispose (object);
}

static void
snug_file_player_finalize (GObject *object)
{
  SnugFilePlayer *self = SNUG_FILE_PLAYER (object);

  snug_media_source_free (self->source);
  snug_relay_unref (self->owner_relay);

  G_OBJECT_CLASS (snug_file_player_parent_class)->finalize (object);
}

static void
snug_file_player_class_init (SnugFilePlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_file_player_dispose;
  object_class->finalize = snug_file_player_finalize;
}

static void
snug_file_player_init (SnugFilePlayer *self)
{
  self->relay = snug_relay_new (self);
}

SnugFilePlayer *
snug_file_player_new (SnugMediaKind kind,
                      const char *path,
                      GstAppSrc *target,
                      SnugRelay *relay,
                      SnugRelayFunc error_func)
{
  SnugFilePlayer *self = g_object_new (SNUG_TYPE_FILE_PLAYER, NULL);
  g_autofree char *uri = NULL;
  g_autoptr (GError) error = NULL;

  self->kind = kind;
  self->source = snug_media_source_new (SNUG_MEDIA_SOURCE_FILE, path);
  self->path = snug_media_source_get_value (self->source);
  self->owner_relay = snug_relay_ref (relay);
  self->error_func = error_func;

  uri = gst_filename_to_uri (path, &error);
  if (uri == NULL)
    {
      fail (self,
            g_error_new (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "%s: %s", path, error->message));
      return self;
    }

  hold_time_line (self);
  self->push = g_new0 (SnugFilePush, 1);
  self->push->target = gst_object_ref (target);
  g_mutex_init (&self->push->mutex);
  self->pipeline = snug_pipeline_new (kind == SNUG_MEDIA_VIDEO ? "video-file" : "audio-file",
                                      on_message, self);
  build (self, uri);
  set_round (self, self->round);
  self->start = snug_pipeline_start_new (self->pipeline,
                                         self->joining ? GST_STATE_PAUSED : GST_STATE_PLAYING,
                                         self->relay, on_start_failed);

  return self;
}

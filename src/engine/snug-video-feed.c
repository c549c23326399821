/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-video-feed.h"
#include "snug-video-feed-private.h"

#include "snug-engine.h"

struct _SnugVideoFeed
{
  GObject parent_instance;

  SnugVideoFeedCore *core;
  GSource *source; /* dormant until the core wakes it */

  /* As last notified. */
  gboolean active;
  guint width;
  guint height;
};

typedef struct
{
  GSource source;
  SnugVideoFeed *feed; /* not referenced: the feed destroys the source */
} SnugVideoFeedSource;

typedef enum
{
  PROP_ACTIVE = 1,
  PROP_WIDTH,
  PROP_HEIGHT
} SnugVideoFeedProperty;

static GParamSpec *properties[PROP_HEIGHT + 1];
static guint frame_signal;

G_DEFINE_FINAL_TYPE (SnugVideoFeed, snug_video_feed, G_TYPE_OBJECT)

static gboolean
snug_video_feed_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_autoptr (SnugVideoFeed) self = g_object_ref (((SnugVideoFeedSource *) source)->feed);
  SnugVideoFeedState state;

  /* First, so that what changes while we look wakes us again. */
  g_source_set_ready_time (source, -1);
  snug_video_feed_core_get_state (self->core, &state);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->width != state.width)
    {
      self->width = state.width;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WIDTH]);
    }
  if (self->height != state.height)
    {
      self->height = state.height;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEIGHT]);
    }
  if (self->active != state.active)
    {
      self->active = state.active;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
    }
  g_object_thaw_notify (G_OBJECT (self));

  if (state.has_new_frame)
    g_signal_emit (self, frame_signal, 0);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs
    = { NULL, NULL, snug_video_feed_source_dispatch, NULL, NULL, NULL };

static void
snug_video_feed_dispose (GObject *object)
{
  SnugVideoFeed *self = SNUG_VIDEO_FEED (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  snug_video_feed_core_close (self->core);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);

  G_OBJECT_CLASS (snug_video_feed_parent_class)->dispose (object);
}

static void
snug_video_feed_finalize (GObject *object)
{
  SnugVideoFeed *self = SNUG_VIDEO_FEED (object);

  g_clear_pointer (&self->core, snug_video_feed_core_unref);

  G_OBJECT_CLASS (snug_video_feed_parent_class)->finalize (object);
}

static void
snug_video_feed_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugVideoFeed *self = SNUG_VIDEO_FEED (object);

  switch ((SnugVideoFeedProperty) prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->active);
      break;
    case PROP_WIDTH:
      g_value_set_uint (value, self->width);
      break;
    case PROP_HEIGHT:
      g_value_set_uint (value, self->height);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_video_feed_class_init (SnugVideoFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = snug_video_feed_dispose;
  object_class->finalize = snug_video_feed_finalize;
  object_class->get_property = snug_video_feed_get_property;

  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, flags);
  properties[PROP_WIDTH]
      = g_param_spec_uint ("width", NULL, NULL, 0, SNUG_VIDEO_FEED_SIZE_MAX, 0, flags);
  properties[PROP_HEIGHT]
      = g_param_spec_uint ("height", NULL, NULL, 0, SNUG_VIDEO_FEED_SIZE_MAX, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  frame_signal = g_signal_new ("frame", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
snug_video_feed_init (SnugVideoFeed *self)
{
  self->source = g_source_new (&source_funcs, sizeof (SnugVideoFeedSource));
  ((SnugVideoFeedSource *) self->source)->feed = self;
  g_source_set_static_name (self->source, "snug-video-feed");
  g_source_attach (self->source, NULL);
  self->core = snug_video_feed_core_new (self->source);
}

SnugVideoFeed *
snug_video_feed_new (void)
{
  return g_object_new (SNUG_TYPE_VIDEO_FEED, NULL);
}

void
snug_video_feed_set_rendering (SnugVideoFeed *self, gboolean rendering)
{
  g_return_if_fail (SNUG_IS_VIDEO_FEED (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  snug_video_feed_core_set_rendering (self->core, rendering);
}

SnugVideoFrame *
snug_video_feed_ref_frame (SnugVideoFeed *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), NULL);
  g_return_val_if_fail (snug_engine_is_main_thread (), NULL);

  return snug_video_feed_core_ref_frame (self->core);
}

gboolean
snug_video_feed_get_active (SnugVideoFeed *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), FALSE);

  return self->active;
}

guint
snug_video_feed_get_width (SnugVideoFeed *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), 0);

  return self->width;
}

guint
snug_video_feed_get_height (SnugVideoFeed *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), 0);

  return self->height;
}

guint64
snug_video_feed_get_n_frames (SnugVideoFeed *self)
{
  SnugVideoFeedState state;

  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), 0);

  snug_video_feed_core_get_state (self->core, &state);

  return state.n_frames;
}

guint64
snug_video_feed_get_n_dropped (SnugVideoFeed *self)
{
  SnugVideoFeedState state;

  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), 0);

  snug_video_feed_core_get_state (self->core, &state);

  return state.n_dropped;
}

/**
 * snug_video_feed_reset:
 * @self: a feed
 *
 * Forgets the picture; one that is on its way at this moment counts as one from before.
 * #SnugVideoFeed:active, #SnugVideoFeed:width and #SnugVideoFeed:height follow at once.
 */
void
snug_video_feed_reset (SnugVideoFeed *self)
{
  g_return_if_fail (SNUG_IS_VIDEO_FEED (self));
  g_return_if_fail (snug_engine_is_main_thread ());
  g_return_if_fail (self->source != NULL);

  snug_video_feed_core_reset (self->core);
  snug_video_feed_source_dispatch (self->source, NULL, NULL);
}

void
snug_video_feed_push (SnugVideoFeed *self, GstSample *sample)
{
  g_return_if_fail (SNUG_IS_VIDEO_FEED (self));

  snug_video_feed_core_push (self->core, sample);
}

SnugVideoFeedCore *
snug_video_feed_ref_core (SnugVideoFeed *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), NULL);

  return snug_video_feed_core_ref (self->core);
}

static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);

  if (sample != NULL)
    snug_video_feed_core_push (user_data, sample);

  return GST_FLOW_OK;
}

void
snug_video_feed_connect_sink (SnugVideoFeed *self, GstAppSink *sink)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };

  g_return_if_fail (SNUG_IS_VIDEO_FEED (self));
  g_return_if_fail (GST_IS_APP_SINK (sink));

  gst_app_sink_set_callbacks (sink, &callbacks, snug_video_feed_core_ref (self->core),
                              (GDestroyNotify) snug_video_feed_core_unref);
}

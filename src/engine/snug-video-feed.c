/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-video-feed.h"
#include "snug-video-feed-private.h"

#include <gst/video/video.h>

#include "snug-engine.h"

/* A picture from the network says itself how large it is. */
#define PICTURE_SIZE_MAX 8192
/* One is drawn, one waits, one is being filled. */
#define POOL_SIZE 3

struct _SnugVideoFeedCore
{
  gatomicrefcount ref_count;

  /* The pushing side alone: pushes of two threads exclude each other. */
  GMutex push_mutex;
  GstCaps *caps;
  GstVideoInfo info;
  gboolean usable; /* info is a picture we take */
  GstVideoInfo frame_info;
  GstVideoConverter *converter;

  /* What both sides see. Never held while converting or emitting. */
  GMutex mutex;
  GSource *source; /* NULL once the feed is gone */
  guint rendering;
  guint serial; /* pictures of an older one, from before a reset, are dropped */
  gboolean active;
  guint width;
  guint height;
  SnugVideoFrame *frame;
  gboolean fetched;
  guint64 n_frames;
  guint64 n_dropped;
  gpointer pool[POOL_SIZE];
  guint n_pool;
  gsize pool_bytes; /* of each */
};

struct _SnugVideoFeed
{
  GObject parent_instance;

  SnugVideoFeedCore *core;

  /* As last notified. */
  gboolean active;
  guint width;
  guint height;
};

/* One picture's memory on loan from the pool. */
typedef struct
{
  SnugVideoFeedCore *core;
  gpointer data;
  gsize n_bytes;
} SnugVideoFeedLoan;

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

SnugVideoFrame *
snug_video_frame_ref (SnugVideoFrame *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
snug_video_frame_unref (SnugVideoFrame *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_bytes_unref (self->bytes);
  g_free (self);
}

SnugVideoFeedCore *
snug_video_feed_core_ref (SnugVideoFeedCore *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
core_clear_pool (SnugVideoFeedCore *self)
{
  while (self->n_pool > 0)
    g_free (self->pool[--self->n_pool]);
}

void
snug_video_feed_core_unref (SnugVideoFeedCore *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  /* A picture in the mailbox holds a reference, so there is none now. */
  g_assert (self->frame == NULL);
  core_clear_pool (self);
  gst_clear_caps (&self->caps);
  g_clear_pointer (&self->converter, gst_video_converter_free);
  g_mutex_clear (&self->push_mutex);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
loan_return (gpointer user_data)
{
  SnugVideoFeedLoan *loan = user_data;
  SnugVideoFeedCore *core = loan->core;
  gpointer data = loan->data;

  g_mutex_lock (&core->mutex);
  if (core->rendering > 0 && core->n_pool < POOL_SIZE && loan->n_bytes == core->pool_bytes)
    core->pool[core->n_pool++] = g_steal_pointer (&data);
  g_mutex_unlock (&core->mutex);

  g_free (data);
  g_free (loan);
  snug_video_feed_core_unref (core);
}

/* The memory of a picture that is drawn again and again is worth keeping: fresh pages of 3.7 MB cost as much as the
 * conversion. */
static GBytes *
core_borrow (SnugVideoFeedCore *self, gsize n_bytes, gpointer *data)
{
  SnugVideoFeedLoan *loan = g_new0 (SnugVideoFeedLoan, 1);

  g_mutex_lock (&self->mutex);
  if (self->pool_bytes != n_bytes)
    {
      core_clear_pool (self);
      self->pool_bytes = n_bytes;
    }
  if (self->n_pool > 0)
    loan->data = self->pool[--self->n_pool];
  g_mutex_unlock (&self->mutex);

  if (loan->data == NULL)
    loan->data = g_malloc (n_bytes);
  loan->n_bytes = n_bytes;
  loan->core = snug_video_feed_core_ref (self);
  *data = loan->data;

  return g_bytes_new_with_free_func (loan->data, n_bytes, loan_return, loan);
}

/* Under push_mutex. */
static void
core_set_caps (SnugVideoFeedCore *self, GstCaps *caps)
{
  if (self->caps == caps || (self->caps != NULL && gst_caps_is_equal (self->caps, caps)))
    return;

  gst_caps_replace (&self->caps, caps);
  g_clear_pointer (&self->converter, gst_video_converter_free);
  self->usable = gst_video_info_from_caps (&self->info, caps)
                 && GST_VIDEO_INFO_FORMAT (&self->info) > GST_VIDEO_FORMAT_ENCODED
                 && GST_VIDEO_INFO_WIDTH (&self->info) > 0
                 && GST_VIDEO_INFO_WIDTH (&self->info) <= PICTURE_SIZE_MAX
                 && GST_VIDEO_INFO_HEIGHT (&self->info) > 0
                 && GST_VIDEO_INFO_HEIGHT (&self->info) <= PICTURE_SIZE_MAX;
  if (!self->usable)
    {
      g_autofree char *description = gst_caps_to_string (caps);

      g_debug ("No picture to show: %s", description);
    }
}

/* Under push_mutex. NULL when the buffer does not hold what its caps say. */
static SnugVideoFrame *
core_convert (SnugVideoFeedCore *self, GstBuffer *buffer)
{
  GstVideoInfo *info = &self->info;
  GstVideoFrame in, out;
  GstBuffer *out_buffer;
  GBytes *bytes;
  gpointer data;
  gboolean mapped;
  SnugVideoFrame *frame;

  if (self->converter == NULL)
    {
      gst_video_info_set_format (&self->frame_info, GST_VIDEO_FORMAT_BGRA,
                                 GST_VIDEO_INFO_WIDTH (info), GST_VIDEO_INFO_HEIGHT (info));
      /* The converter insists. */
      GST_VIDEO_INFO_FPS_N (&self->frame_info) = GST_VIDEO_INFO_FPS_N (info);
      GST_VIDEO_INFO_FPS_D (&self->frame_info) = GST_VIDEO_INFO_FPS_D (info);
      GST_VIDEO_INFO_INTERLACE_MODE (&self->frame_info) = GST_VIDEO_INFO_INTERLACE_MODE (info);
      self->converter = gst_video_converter_new (
        info, &self->frame_info,
        gst_structure_new ("config", GST_VIDEO_CONVERTER_OPT_ALPHA_MODE,
                           GST_TYPE_VIDEO_ALPHA_MODE, GST_VIDEO_ALPHA_MODE_SET,
                           GST_VIDEO_CONVERTER_OPT_ALPHA_VALUE, G_TYPE_DOUBLE, 1.0, NULL));
      if (self->converter == NULL)
        {
          self->usable = FALSE;
          return NULL;
        }
    }

  if (!gst_video_frame_map (&in, info, buffer, GST_MAP_READ))
    return NULL;

  bytes = core_borrow (self, GST_VIDEO_INFO_SIZE (&self->frame_info), &data);
  out_buffer = gst_buffer_new_wrapped_full (0, data, GST_VIDEO_INFO_SIZE (&self->frame_info), 0,
                                            GST_VIDEO_INFO_SIZE (&self->frame_info), NULL, NULL);
  mapped = gst_video_frame_map (&out, &self->frame_info, out_buffer, GST_MAP_WRITE);
  g_assert (mapped);
  gst_video_converter_frame (self->converter, &in, &out);
  gst_video_frame_unmap (&out);
  gst_video_frame_unmap (&in);
  gst_buffer_unref (out_buffer);

  frame = g_new0 (SnugVideoFrame, 1);
  g_atomic_ref_count_init (&frame->ref_count);
  frame->width = GST_VIDEO_INFO_WIDTH (info);
  frame->height = GST_VIDEO_INFO_HEIGHT (info);
  frame->stride = GST_VIDEO_INFO_PLANE_STRIDE (&self->frame_info, 0);
  frame->bytes = bytes;

  return frame;
}

void
snug_video_feed_core_push (SnugVideoFeedCore *self, GstSample *sample)
{
  g_autoptr (SnugVideoFrame) frame = NULL;
  GstBuffer *buffer;
  GstCaps *caps;
  gboolean rendering, wake;
  guint serial, width, height;

  g_return_if_fail (self != NULL);
  g_return_if_fail (GST_IS_SAMPLE (sample));

  buffer = gst_sample_get_buffer (sample);
  caps = gst_sample_get_caps (sample);
  if (buffer == NULL || caps == NULL)
    return;

  g_mutex_lock (&self->push_mutex);

  g_mutex_lock (&self->mutex);
  rendering = self->rendering > 0;
  serial = self->serial;
  g_mutex_unlock (&self->mutex);

  core_set_caps (self, caps);
  if (self->usable && rendering)
    frame = core_convert (self, buffer);
  if (!self->usable || (rendering && frame == NULL))
    {
      g_mutex_unlock (&self->push_mutex);
      return;
    }
  width = GST_VIDEO_INFO_WIDTH (&self->info);
  height = GST_VIDEO_INFO_HEIGHT (&self->info);

  g_mutex_lock (&self->mutex);
  self->n_frames++;
  if (serial == self->serial && self->source != NULL)
    {
      wake = frame != NULL || !self->active || self->width != width || self->height != height;
      self->active = TRUE;
      self->width = width;
      self->height = height;
      if (frame != NULL && self->rendering > 0)
        {
          SnugVideoFrame *old = self->frame;

          if (old != NULL && !self->fetched)
            self->n_dropped++;
          self->frame = g_steal_pointer (&frame);
          self->fetched = FALSE;
          frame = old; /* freed outside the lock, which its return to the pool takes */
        }
      if (wake)
        g_source_set_ready_time (self->source, 0);
    }
  g_mutex_unlock (&self->mutex);

  g_mutex_unlock (&self->push_mutex);
}

static gboolean
snug_video_feed_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_autoptr (SnugVideoFeed) self = g_object_ref (((SnugVideoFeedSource *) source)->feed);
  SnugVideoFeedCore *core = self->core;
  gboolean active, has_frame;
  guint width, height;

  g_source_set_ready_time (source, -1);

  g_mutex_lock (&core->mutex);
  active = core->active;
  width = core->width;
  height = core->height;
  has_frame = core->frame != NULL && !core->fetched;
  g_mutex_unlock (&core->mutex);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->width != width)
    {
      self->width = width;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WIDTH]);
    }
  if (self->height != height)
    {
      self->height = height;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEIGHT]);
    }
  if (self->active != active)
    {
      self->active = active;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
    }
  g_object_thaw_notify (G_OBJECT (self));

  if (has_frame)
    g_signal_emit (self, frame_signal, 0);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { NULL, NULL, snug_video_feed_source_dispatch, NULL, NULL, NULL };

static void
snug_video_feed_dispose (GObject *object)
{
  SnugVideoFeed *self = SNUG_VIDEO_FEED (object);
  SnugVideoFeedCore *core = self->core;
  SnugVideoFrame *frame;
  GSource *source;

  g_warn_if_fail (snug_engine_is_main_thread ());

  g_mutex_lock (&core->mutex);
  source = g_steal_pointer (&core->source);
  frame = g_steal_pointer (&core->frame);
  core->rendering = 0;
  core_clear_pool (core);
  g_mutex_unlock (&core->mutex);

  if (source != NULL)
    {
      g_source_destroy (source);
      g_source_unref (source);
    }
  g_clear_pointer (&frame, snug_video_frame_unref);

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
  properties[PROP_WIDTH] = g_param_spec_uint ("width", NULL, NULL, 0, PICTURE_SIZE_MAX, 0, flags);
  properties[PROP_HEIGHT] = g_param_spec_uint ("height", NULL, NULL, 0, PICTURE_SIZE_MAX, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  frame_signal = g_signal_new ("frame", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
snug_video_feed_init (SnugVideoFeed *self)
{
  SnugVideoFeedCore *core = g_new0 (SnugVideoFeedCore, 1);

  g_atomic_ref_count_init (&core->ref_count);
  g_mutex_init (&core->push_mutex);
  g_mutex_init (&core->mutex);
  core->source = g_source_new (&source_funcs, sizeof (SnugVideoFeedSource));
  ((SnugVideoFeedSource *) core->source)->feed = self;
  g_source_set_static_name (core->source, "snug-video-feed");
  g_source_attach (core->source, NULL);
  self->core = core;
}

SnugVideoFeed *
snug_video_feed_new (void)
{
  return g_object_new (SNUG_TYPE_VIDEO_FEED, NULL);
}

void
snug_video_feed_set_rendering (SnugVideoFeed *self, gboolean rendering)
{
  SnugVideoFeedCore *core;
  SnugVideoFrame *frame = NULL;

  g_return_if_fail (SNUG_IS_VIDEO_FEED (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  core = self->core;
  g_return_if_fail (rendering || core->rendering > 0);

  g_mutex_lock (&core->mutex);
  if (rendering)
    core->rendering++;
  else if (--core->rendering == 0)
    {
      frame = g_steal_pointer (&core->frame);
      core_clear_pool (core);
    }
  g_mutex_unlock (&core->mutex);

  g_clear_pointer (&frame, snug_video_frame_unref);
}

SnugVideoFrame *
snug_video_feed_ref_frame (SnugVideoFeed *self)
{
  SnugVideoFeedCore *core;
  SnugVideoFrame *frame;

  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), NULL);
  g_return_val_if_fail (snug_engine_is_main_thread (), NULL);

  core = self->core;
  g_mutex_lock (&core->mutex);
  frame = core->frame != NULL ? snug_video_frame_ref (core->frame) : NULL;
  core->fetched = TRUE;
  g_mutex_unlock (&core->mutex);

  return frame;
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
  guint64 n_frames;

  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), 0);

  g_mutex_lock (&self->core->mutex);
  n_frames = self->core->n_frames;
  g_mutex_unlock (&self->core->mutex);

  return n_frames;
}

guint64
snug_video_feed_get_n_dropped (SnugVideoFeed *self)
{
  guint64 n_dropped;

  g_return_val_if_fail (SNUG_IS_VIDEO_FEED (self), 0);

  g_mutex_lock (&self->core->mutex);
  n_dropped = self->core->n_dropped;
  g_mutex_unlock (&self->core->mutex);

  return n_dropped;
}

/**
 * snug_video_feed_reset:
 * @self: a feed
 *
 * Forgets the picture; one that is on its way at this moment counts as one from before. #SnugVideoFeed:active,
 * #SnugVideoFeed:width and #SnugVideoFeed:height follow at once.
 */
void
snug_video_feed_reset (SnugVideoFeed *self)
{
  SnugVideoFeedCore *core;
  SnugVideoFrame *frame;

  g_return_if_fail (SNUG_IS_VIDEO_FEED (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  core = self->core;
  g_return_if_fail (core->source != NULL);

  g_mutex_lock (&core->mutex);
  core->serial++;
  core->active = FALSE;
  core->width = 0;
  core->height = 0;
  frame = g_steal_pointer (&core->frame);
  g_mutex_unlock (&core->mutex);
  g_clear_pointer (&frame, snug_video_frame_unref);

  snug_video_feed_source_dispatch (core->source, NULL, NULL);
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

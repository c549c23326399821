/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-video-feed-core.h"

#include <gst/video/video.h>

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

/* One picture's memory on loan from the pool. */
typedef struct
{
  SnugVideoFeedCore *core;
  gpointer data;
  gsize n_bytes;
} SnugVideoFeedLoan;

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

/* The memory of a picture that is drawn again and again is worth keeping: fresh pages of 3.7 MB
 * cost as much as the conversion. */
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
                 && GST_VIDEO_INFO_WIDTH (&self->info) <= SNUG_VIDEO_FEED_SIZE_MAX
                 && GST_VIDEO_INFO_HEIGHT (&self->info) > 0
                 && GST_VIDEO_INFO_HEIGHT (&self->info) <= SNUG_VIDEO_FEED_SIZE_MAX;
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

SnugVideoFeedCore *
snug_video_feed_core_new (GSource *source)
{
  SnugVideoFeedCore *self = g_new0 (SnugVideoFeedCore, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->push_mutex);
  g_mutex_init (&self->mutex);
  self->source = g_source_ref (source);

  return self;
}

void
snug_video_feed_core_close (SnugVideoFeedCore *self)
{
  SnugVideoFrame *frame;
  GSource *source;

  g_mutex_lock (&self->mutex);
  source = g_steal_pointer (&self->source);
  frame = g_steal_pointer (&self->frame);
  self->rendering = 0;
  core_clear_pool (self);
  g_mutex_unlock (&self->mutex);

  g_clear_pointer (&source, g_source_unref);
  g_clear_pointer (&frame, snug_video_frame_unref);
}

void
snug_video_feed_core_get_state (SnugVideoFeedCore *self, SnugVideoFeedState *state)
{
  g_mutex_lock (&self->mutex);
  state->active = self->active;
  state->width = self->width;
  state->height = self->height;
  state->has_new_frame = self->frame != NULL && !self->fetched;
  state->n_frames = self->n_frames;
  state->n_dropped = self->n_dropped;
  g_mutex_unlock (&self->mutex);
}

void
snug_video_feed_core_set_rendering (SnugVideoFeedCore *self, gboolean rendering)
{
  SnugVideoFrame *frame = NULL;

  /* Only the main context changes it. */
  g_return_if_fail (rendering || self->rendering > 0);

  g_mutex_lock (&self->mutex);
  if (rendering)
    {
      self->rendering++;
    }
  else if (--self->rendering == 0)
    {
      frame = g_steal_pointer (&self->frame);
      core_clear_pool (self);
    }
  g_mutex_unlock (&self->mutex);

  g_clear_pointer (&frame, snug_video_frame_unref);
}

SnugVideoFrame *
snug_video_feed_core_ref_frame (SnugVideoFeedCore *self)
{
  SnugVideoFrame *frame;

  g_mutex_lock (&self->mutex);
  frame = self->frame != NULL ? snug_video_frame_ref (self->frame) : NULL;
  self->fetched = TRUE;
  g_mutex_unlock (&self->mutex);

  return frame;
}

void
snug_video_feed_core_reset (SnugVideoFeedCore *self)
{
  SnugVideoFrame *frame;

  g_mutex_lock (&self->mutex);
  self->serial++;
  self->active = FALSE;
  self->width = 0;
  self->height = 0;
  frame = g_steal_pointer (&self->frame);
  g_mutex_unlock (&self->mutex);

  g_clear_pointer (&frame, snug_video_frame_unref);
}

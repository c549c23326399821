/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-video-paintable.h"

enum
{
  PROP_FEED = 1,
  PROP_MIRRORED,
  PROP_RENDERING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugVideoPaintable
{
  GObject parent_instance;

  SnugVideoFeed *feed;
  GSignalGroup *feed_signals;
  GdkTexture *texture;
  int width; /* of the texture, 0 when there is none */
  int height;
  gboolean mirrored;
  gboolean rendering;
  gboolean holding;
};

static void snug_video_paintable_paintable_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugVideoPaintable,
                               snug_video_paintable,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, snug_video_paintable_paintable_init))

static void
take_frame (SnugVideoPaintable *self)
{
  g_autoptr (SnugVideoFrame) frame = NULL;
  int width = 0;
  int height = 0;

  if (self->feed != NULL && self->rendering)
    frame = snug_video_feed_ref_frame (self->feed);

  if (frame == NULL && self->holding)
    return;
  g_clear_object (&self->texture);
  if (frame != NULL)
    {
      /* Every alpha is 255, so premultiplied is the same, and is what the renderers take as it is. */
      self->texture = gdk_memory_texture_new ((int) frame->width,
                                              (int) frame->height,
                                              GDK_MEMORY_B8G8R8A8_PREMULTIPLIED,
                                              frame->bytes,
                                              frame->stride);
      width = (int) frame->width;
      height = (int) frame->height;
    }

  if (width != self->width || height != self->height)
    {
      self->width = width;
      self->height = height;
      gdk_paintable_invalidate_size (GDK_PAINTABLE (self));
    }
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}

static void
on_frame (SnugVideoPaintable *self)
{
  take_frame (self);
}

static void
on_active (SnugVideoPaintable *self)
{
  /* A stream that ended leaves no last picture standing. */
  if (!snug_video_feed_get_active (self->feed))
    take_frame (self);
}

static void
snug_video_paintable_snapshot (GdkPaintable *paintable, GdkSnapshot *gdk_snapshot, double width, double height)
{
  SnugVideoPaintable *self = SNUG_VIDEO_PAINTABLE (paintable);
  GtkSnapshot *snapshot = GTK_SNAPSHOT (gdk_snapshot);

  if (self->texture == NULL)
    return;

  gtk_snapshot_save (snapshot);
  if (self->mirrored)
    {
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) width, 0));
      gtk_snapshot_scale (snapshot, -1, 1);
    }
  gtk_snapshot_append_texture (snapshot,
                               self->texture,
                               &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_snapshot_restore (snapshot);
}

static int
snug_video_paintable_get_intrinsic_width (GdkPaintable *paintable)
{
  return SNUG_VIDEO_PAINTABLE (paintable)->width;
}

static int
snug_video_paintable_get_intrinsic_height (GdkPaintable *paintable)
{
  return SNUG_VIDEO_PAINTABLE (paintable)->height;
}

static GdkPaintable *
snug_video_paintable_get_current_image (GdkPaintable *paintable)
{
  SnugVideoPaintable *self = SNUG_VIDEO_PAINTABLE (paintable);

  if (self->texture == NULL)
    return gdk_paintable_new_empty (0, 0);
  return GDK_PAINTABLE (g_object_ref (self->texture));
}

static void
snug_video_paintable_paintable_init (GdkPaintableInterface *iface)
{
  iface->snapshot = snug_video_paintable_snapshot;
  iface->get_intrinsic_width = snug_video_paintable_get_intrinsic_width;
  iface->get_intrinsic_height = snug_video_paintable_get_intrinsic_height;
  iface->get_current_image = snug_video_paintable_get_current_image;
}

static void
snug_video_paintable_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugVideoPaintable *self = SNUG_VIDEO_PAINTABLE (object);

  switch (prop_id)
    {
    case PROP_FEED:
      g_value_set_object (value, self->feed);
      break;
    case PROP_MIRRORED:
      g_value_set_boolean (value, self->mirrored);
      break;
    case PROP_RENDERING:
      g_value_set_boolean (value, self->rendering);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_video_paintable_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugVideoPaintable *self = SNUG_VIDEO_PAINTABLE (object);

  switch (prop_id)
    {
    case PROP_FEED:
      snug_video_paintable_set_feed (self, g_value_get_object (value));
      break;
    case PROP_MIRRORED:
      snug_video_paintable_set_mirrored (self, g_value_get_boolean (value));
      break;
    case PROP_RENDERING:
      snug_video_paintable_set_rendering (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_video_paintable_dispose (GObject *object)
{
  SnugVideoPaintable *self = SNUG_VIDEO_PAINTABLE (object);

  if (self->feed != NULL && self->rendering)
    snug_video_feed_set_rendering (self->feed, FALSE);
  if (self->feed_signals != NULL)
    g_signal_group_set_target (self->feed_signals, NULL);
  g_clear_object (&self->feed_signals);
  g_clear_object (&self->feed);
  g_clear_object (&self->texture);
  G_OBJECT_CLASS (snug_video_paintable_parent_class)->dispose (object);
}

static void
snug_video_paintable_class_init (SnugVideoPaintableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_video_paintable_get_property;
  object_class->set_property = snug_video_paintable_set_property;
  object_class->dispose = snug_video_paintable_dispose;

  properties[PROP_FEED] = g_param_spec_object ("feed", NULL, NULL, SNUG_TYPE_VIDEO_FEED, flags);
  properties[PROP_MIRRORED] = g_param_spec_boolean ("mirrored", NULL, NULL, FALSE, flags);
  properties[PROP_RENDERING] = g_param_spec_boolean ("rendering", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_video_paintable_init (SnugVideoPaintable *self)
{
  self->feed_signals = g_signal_group_new (SNUG_TYPE_VIDEO_FEED);
  g_signal_group_connect_swapped (self->feed_signals, "frame", G_CALLBACK (on_frame), self);
  g_signal_group_connect_swapped (self->feed_signals, "notify::active", G_CALLBACK (on_active), self);
}

SnugVideoPaintable *
snug_video_paintable_new (void)
{
  return g_object_new (SNUG_TYPE_VIDEO_PAINTABLE, NULL);
}

void
snug_video_paintable_set_feed (SnugVideoPaintable *self, SnugVideoFeed *feed)
{
  g_return_if_fail (SNUG_IS_VIDEO_PAINTABLE (self));
  g_return_if_fail (feed == NULL || SNUG_IS_VIDEO_FEED (feed));

  if (self->feed == feed)
    return;
  if (self->feed != NULL && self->rendering)
    snug_video_feed_set_rendering (self->feed, FALSE);
  g_set_object (&self->feed, feed);
  g_signal_group_set_target (self->feed_signals, feed);
  if (self->feed != NULL && self->rendering)
    snug_video_feed_set_rendering (self->feed, TRUE);
  take_frame (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FEED]);
}

SnugVideoFeed *
snug_video_paintable_get_feed (SnugVideoPaintable *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_PAINTABLE (self), NULL);
  return self->feed;
}

void
snug_video_paintable_set_mirrored (SnugVideoPaintable *self, gboolean mirrored)
{
  g_return_if_fail (SNUG_IS_VIDEO_PAINTABLE (self));

  mirrored = !!mirrored;
  if (self->mirrored == mirrored)
    return;
  self->mirrored = mirrored;
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MIRRORED]);
}

void
snug_video_paintable_set_rendering (SnugVideoPaintable *self, gboolean rendering)
{
  g_return_if_fail (SNUG_IS_VIDEO_PAINTABLE (self));

  rendering = !!rendering;
  if (self->rendering == rendering)
    return;
  self->rendering = rendering;
  if (self->feed != NULL)
    snug_video_feed_set_rendering (self->feed, rendering);
  if (rendering)
    take_frame (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RENDERING]);
}

void
snug_video_paintable_set_holding (SnugVideoPaintable *self, gboolean holding)
{
  g_return_if_fail (SNUG_IS_VIDEO_PAINTABLE (self));

  holding = !!holding;
  if (self->holding == holding)
    return;
  self->holding = holding;
  if (!holding)
    take_frame (self);
}

gboolean
snug_video_paintable_has_picture (SnugVideoPaintable *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_PAINTABLE (self), FALSE);
  return self->texture != NULL;
}

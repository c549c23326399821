/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-video-tile.h"

#include "snug-tone.h"
#include "snug-video-paintable.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Louder than this is speech; the ring stays for a pause between two words. */
#define SPEECH_LEVEL (-45.0)
#define SPEECH_HOLD_MILLISECONDS 400

enum
{
  PROP_DISPLAY_NAME = 1,
  PROP_FEED,
  PROP_VIDEO_ENABLED,
  PROP_AUDIO_ENABLED,
  PROP_LEVEL,
  PROP_STATUS,
  PROP_MIRRORED,
  PROP_OWN,
  PROP_FILL,
  PROP_TONE,
  PROP_SHOW_NAME,
  PROP_SHOWING_VIDEO,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugVideoTile
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *overlay;
  GtkPicture *picture;
  AdwAvatar *avatar;
  GtkWidget *chip;
  GtkWidget *muted_icon;
  GtkLabel *name_label;
  GtkWidget *status_chip;
  GtkLabel *status_label;

  /* Owned */
  SnugVideoPaintable *paintable;
  GSignalGroup *feed_signals;
  SnugPeer *peer;
  char *display_name;
  char *status;

  double level;
  guint tone;
  guint resize_id;
  guint silence_id;
  int avatar_size;
  gboolean video_enabled;
  gboolean audio_enabled;
  gboolean own;
  gboolean fill;
  gboolean contain;
  gboolean speaking;
  gboolean showing_video;
};

G_DEFINE_FINAL_TYPE (SnugVideoTile, snug_video_tile, GTK_TYPE_WIDGET)

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
update_accessible (SnugVideoTile *self)
{
  const char *name = self->own ? _ ("You") : self->display_name != NULL ? self->display_name : "";
  g_autoptr (GString) text = g_string_new (name);

  if (!self->audio_enabled)
    g_string_append_printf (text, ", %s", _ ("microphone off"));
  if (!self->video_enabled)
    g_string_append_printf (text, ", %s", _ ("camera off"));
  if (self->status != NULL)
    g_string_append_printf (text, ", %s", self->status);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
}

static void
set_speaking (SnugVideoTile *self, gboolean speaking)
{
  g_clear_handle_id (&self->silence_id, g_source_remove);
  if (speaking == self->speaking)
    return;
  self->speaking = speaking;
  set_class (GTK_WIDGET (self), "speaking", speaking);
}

static gboolean
on_silence (gpointer user_data)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (user_data);

  self->silence_id = 0;
  set_speaking (self, FALSE);
  return G_SOURCE_REMOVE;
}

/* A level that stays the same is told once only, so the end of a pause needs a clock. */
static void
update_speaking (SnugVideoTile *self)
{
  if (!self->audio_enabled)
    set_speaking (self, FALSE);
  else if (self->level > SPEECH_LEVEL)
    set_speaking (self, TRUE);
  else if (self->speaking && self->silence_id == 0)
    self->silence_id = g_timeout_add (SPEECH_HOLD_MILLISECONDS, on_silence, self);
}

static void
update_picture (SnugVideoTile *self)
{
  SnugVideoFeed *feed = snug_video_paintable_get_feed (self->paintable);
  gboolean showing = self->video_enabled && feed != NULL && snug_video_feed_get_active (feed);

  snug_video_paintable_set_rendering (self->paintable,
                                      self->video_enabled && gtk_widget_get_mapped (GTK_WIDGET (self)));
  gtk_widget_set_visible (GTK_WIDGET (self->picture), showing);
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), !showing);
  set_class (GTK_WIDGET (self), "no-picture", !showing);
  if (showing != self->showing_video)
    {
      self->showing_video = showing;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWING_VIDEO]);
    }
}

static void
update_name (SnugVideoTile *self)
{
  const char *name = self->display_name != NULL ? self->display_name : "";

  gtk_label_set_label (self->name_label, self->own ? _ ("You") : name);
  adw_avatar_set_text (self->avatar, name);
  update_accessible (self);
}

static void
update_status (SnugVideoTile *self)
{
  gtk_widget_set_visible (self->muted_icon, !self->audio_enabled);
  gtk_widget_set_visible (self->status_chip, self->status != NULL);
  gtk_label_set_label (self->status_label, self->status != NULL ? self->status : "");
  update_accessible (self);
}

static gboolean
apply_avatar_size (gpointer user_data)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (user_data);

  self->resize_id = 0;
  adw_avatar_set_size (self->avatar, self->avatar_size);
  return G_SOURCE_REMOVE;
}

static void
snug_video_tile_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (widget);
  int size = CLAMP (MIN (width, height) * 386 / 1000, 32, 112);

  gtk_widget_allocate (self->overlay, width, height, baseline, NULL);
  /* A size request can't change inside an allocation. */
  if (size != self->avatar_size)
    {
      self->avatar_size = size;
      if (self->resize_id == 0)
        self->resize_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply_avatar_size, self, NULL);
    }
  set_class (self->chip, "small", width < 300);
}

static void
snug_video_tile_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  int ignored;

  gtk_widget_measure (SNUG_VIDEO_TILE (widget)->overlay, orientation, for_size, &ignored, NULL, NULL, NULL);
  /* Whoever lays the tile out gives it a size; the camera's does not matter. */
  *minimum = 0;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 180;
}

static void
snug_video_tile_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (snug_video_tile_parent_class)->map (widget);
  update_picture (SNUG_VIDEO_TILE (widget));
}

static void
snug_video_tile_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (snug_video_tile_parent_class)->unmap (widget);
  snug_video_paintable_set_rendering (SNUG_VIDEO_TILE (widget)->paintable, FALSE);
}

static void
on_pressed (SnugVideoTile *self, int n_press, double x, double y, GtkGestureClick *gesture)
{
  if (n_press != 2)
    return;
  self->contain = !self->contain;
  gtk_picture_set_content_fit (self->picture, self->contain ? GTK_CONTENT_FIT_CONTAIN : GTK_CONTENT_FIT_COVER);
}

static void
update_peer_status (SnugVideoTile *self)
{
  switch (snug_peer_get_state (self->peer))
    {
    case SNUG_PEER_CONNECTING:
      snug_video_tile_set_status (self, _ ("Connecting…"));
      break;
    case SNUG_PEER_FAILED:
      snug_video_tile_set_status (self, _ ("Not connected"));
      break;
    case SNUG_PEER_CONNECTED:
    case SNUG_PEER_LEFT:
    default:
      snug_video_tile_set_status (self, NULL);
      break;
    }
}

static void
snug_video_tile_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (object);

  switch (prop_id)
    {
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, self->display_name);
      break;
    case PROP_FEED:
      g_value_set_object (value, snug_video_paintable_get_feed (self->paintable));
      break;
    case PROP_VIDEO_ENABLED:
      g_value_set_boolean (value, self->video_enabled);
      break;
    case PROP_AUDIO_ENABLED:
      g_value_set_boolean (value, self->audio_enabled);
      break;
    case PROP_LEVEL:
      g_value_set_double (value, self->level);
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;
    case PROP_MIRRORED:
      g_object_get_property (G_OBJECT (self->paintable), "mirrored", value);
      break;
    case PROP_OWN:
      g_value_set_boolean (value, self->own);
      break;
    case PROP_FILL:
      g_value_set_boolean (value, self->fill);
      break;
    case PROP_TONE:
      g_value_set_uint (value, self->tone);
      break;
    case PROP_SHOW_NAME:
      g_value_set_boolean (value, gtk_widget_get_visible (self->chip));
      break;
    case PROP_SHOWING_VIDEO:
      g_value_set_boolean (value, self->showing_video);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_video_tile_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (object);

  switch (prop_id)
    {
    case PROP_DISPLAY_NAME:
      g_free (self->display_name);
      self->display_name = g_value_dup_string (value);
      update_name (self);
      break;
    case PROP_FEED:
      snug_video_tile_set_feed (self, g_value_get_object (value));
      break;
    case PROP_VIDEO_ENABLED:
      self->video_enabled = g_value_get_boolean (value);
      update_picture (self);
      update_accessible (self);
      break;
    case PROP_AUDIO_ENABLED:
      self->audio_enabled = g_value_get_boolean (value);
      update_status (self);
      update_speaking (self);
      break;
    case PROP_LEVEL:
      snug_video_tile_set_level (self, g_value_get_double (value));
      break;
    case PROP_STATUS:
      snug_video_tile_set_status (self, g_value_get_string (value));
      break;
    case PROP_MIRRORED:
      snug_video_paintable_set_mirrored (self->paintable, g_value_get_boolean (value));
      break;
    case PROP_OWN:
      self->own = g_value_get_boolean (value);
      update_name (self);
      break;
    case PROP_FILL:
      self->fill = g_value_get_boolean (value);
      set_class (GTK_WIDGET (self), "fill", self->fill);
      break;
    case PROP_TONE:
      self->tone = g_value_get_uint (value);
      snug_tone_apply (GTK_WIDGET (self->avatar), self->tone);
      break;
    case PROP_SHOW_NAME:
      gtk_widget_set_visible (self->chip, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_video_tile_dispose (GObject *object)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (object);

  g_clear_handle_id (&self->resize_id, g_source_remove);
  g_clear_handle_id (&self->silence_id, g_source_remove);
  if (self->feed_signals != NULL)
    g_signal_group_set_target (self->feed_signals, NULL);
  if (self->paintable != NULL)
    snug_video_paintable_set_feed (self->paintable, NULL);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  G_OBJECT_CLASS (snug_video_tile_parent_class)->dispose (object);
}

static void
snug_video_tile_finalize (GObject *object)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (object);

  g_clear_object (&self->feed_signals);
  g_clear_object (&self->paintable);
  g_clear_object (&self->peer);
  g_free (self->display_name);
  g_free (self->status);
  G_OBJECT_CLASS (snug_video_tile_parent_class)->finalize (object);
}

static void
snug_video_tile_class_init (SnugVideoTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_video_tile_get_property;
  object_class->set_property = snug_video_tile_set_property;
  object_class->dispose = snug_video_tile_dispose;
  object_class->finalize = snug_video_tile_finalize;
  widget_class->measure = snug_video_tile_measure;
  widget_class->size_allocate = snug_video_tile_size_allocate;
  widget_class->map = snug_video_tile_map;
  widget_class->unmap = snug_video_tile_unmap;

  properties[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, flags);
  properties[PROP_FEED] = g_param_spec_object ("feed", NULL, NULL, SNUG_TYPE_VIDEO_FEED, flags);
  properties[PROP_VIDEO_ENABLED] = g_param_spec_boolean ("video-enabled", NULL, NULL, TRUE, flags);
  properties[PROP_AUDIO_ENABLED] = g_param_spec_boolean ("audio-enabled", NULL, NULL, TRUE, flags);
  properties[PROP_LEVEL] = g_param_spec_double ("level", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, -100, flags);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  properties[PROP_MIRRORED] = g_param_spec_boolean ("mirrored", NULL, NULL, FALSE, flags);
  properties[PROP_OWN] = g_param_spec_boolean ("own", NULL, NULL, FALSE, flags);
  properties[PROP_FILL] = g_param_spec_boolean ("fill", NULL, NULL, FALSE, flags);
  properties[PROP_TONE] = g_param_spec_uint ("tone", NULL, NULL, 0, SNUG_N_TONES - 1, 0, flags);
  properties[PROP_SHOW_NAME] = g_param_spec_boolean ("show-name", NULL, NULL, TRUE, flags);
  properties[PROP_SHOWING_VIDEO] = g_param_spec_boolean ("showing-video", NULL, NULL, FALSE,
                                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-video-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, overlay);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, picture);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, avatar);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, chip);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, muted_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, name_label);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, status_chip);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, status_label);
  gtk_widget_class_bind_template_callback (widget_class, on_pressed);
  gtk_widget_class_set_css_name (widget_class, "videotile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
snug_video_tile_init (SnugVideoTile *self)
{
  self->level = -100;
  self->video_enabled = TRUE;
  self->audio_enabled = TRUE;
  self->paintable = snug_video_paintable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (self->paintable));
  snug_tone_apply (GTK_WIDGET (self->avatar), 0);

  self->feed_signals = g_signal_group_new (SNUG_TYPE_VIDEO_FEED);
  g_signal_group_connect_swapped (self->feed_signals, "notify::active", G_CALLBACK (update_picture), self);
  update_picture (self);
  update_status (self);
}

GtkWidget *
snug_video_tile_new (void)
{
  return g_object_new (SNUG_TYPE_VIDEO_TILE, NULL);
}

GtkWidget *
snug_video_tile_new_for_peer (SnugPeer *peer, guint tone)
{
  SnugVideoTile *self = g_object_new (SNUG_TYPE_VIDEO_TILE, "tone", tone, NULL);

  self->peer = g_object_ref (peer);
  g_object_bind_property (peer, "name", self, "display-name", G_BINDING_SYNC_CREATE);
  g_object_bind_property (peer, "video-feed", self, "feed", G_BINDING_SYNC_CREATE);
  g_object_bind_property (peer, "video-enabled", self, "video-enabled", G_BINDING_SYNC_CREATE);
  g_object_bind_property (peer, "audio-enabled", self, "audio-enabled", G_BINDING_SYNC_CREATE);
  g_object_bind_property (peer, "audio-level", self, "level", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (peer, "notify::state", G_CALLBACK (update_peer_status), self, G_CONNECT_SWAPPED);
  update_peer_status (self);
  return GTK_WIDGET (self);
}

void
snug_video_tile_set_feed (SnugVideoTile *self, SnugVideoFeed *feed)
{
  g_return_if_fail (SNUG_IS_VIDEO_TILE (self));

  snug_video_paintable_set_feed (self->paintable, feed);
  g_signal_group_set_target (self->feed_signals, feed);
  update_picture (self);
}

void
snug_video_tile_set_status (SnugVideoTile *self, const char *status)
{
  g_return_if_fail (SNUG_IS_VIDEO_TILE (self));

  if (g_strcmp0 (status, self->status) == 0)
    return;
  g_free (self->status);
  self->status = g_strdup (status);
  update_status (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

void
snug_video_tile_set_level (SnugVideoTile *self, double level)
{
  g_return_if_fail (SNUG_IS_VIDEO_TILE (self));

  self->level = level;
  update_speaking (self);
}

gboolean
snug_video_tile_get_showing_video (SnugVideoTile *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_TILE (self), FALSE);
  return self->showing_video;
}

SnugPeer *
snug_video_tile_get_peer (SnugVideoTile *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_TILE (self), NULL);
  return self->peer;
}

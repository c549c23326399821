/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-video-tile.h"

#include "snug-format.h"
#include "snug-reaction-float.h"
#include "snug-tone.h"
#include "snug-video-paintable.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Louder than this is speech; the ring stays for a pause between two words. */
#define SPEECH_LEVEL (-45.0)
#define SPEECH_HOLD_MILLISECONDS 400
/* In pixels: a tile that is less wide has icons only, and a smaller name. */
#define SMALL_WIDTH 300
/* And one that is less wide has no room for when somebody was last seen: one's own picture is beside the name. */
#define AWAY_WIDTH 480

enum
{
  PROP_DISPLAY_NAME = 1,
  PROP_FEED,
  PROP_VIDEO_ENABLED,
  PROP_AUDIO_ENABLED,
  PROP_LEVEL,
  PROP_MIRRORED,
  PROP_OWN,
  PROP_SCREEN,
  PROP_FILL,
  PROP_TONE,
  PROP_SHOW_NAME,
  PROP_SECONDS_AWAY,
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
  SnugReactionFloat *reactions;
  SnugTileChips *chips;

  /* Owned */
  SnugVideoPaintable *paintable;
  GSignalGroup *feed_signals;
  char *display_name;

  double level;
  guint resize_id;
  guint silence_id;
  guint seconds_away;
  int avatar_size;
  gboolean small;
  gboolean video_enabled;
  gboolean audio_enabled;
  gboolean own;
  gboolean screen;
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
  g_autofree char *words = snug_tile_chips_describe (self->chips);
  g_autofree char *text = NULL;

  text = self->screen || self->video_enabled ? g_strdup (words) : g_strdup_printf ("%s, %s", words, _ ("camera off"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
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
  gboolean showing = self->video_enabled && feed != NULL
                     && (snug_video_feed_get_active (feed)
                         || (self->seconds_away > 0 && snug_video_paintable_has_picture (self->paintable)));

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

/* Returns: (transfer full): "Maya Okafor, last seen 4 seconds ago". */
static char *
describe_away (const char *name, guint seconds)
{
  guint minutes = seconds / 60;

  if (minutes > 0)
    return g_strdup_printf (g_dngettext (NULL,
                                         /* Translators: a name, a number */
                                         "%s, last seen %u minute ago",
                                         "%s, last seen %u minutes ago",
                                         minutes),
                            name, minutes);
  return g_strdup_printf (g_dngettext (NULL,
                                       /* Translators: a name, a number */
                                       "%s, last seen %u second ago",
                                       "%s, last seen %u seconds ago",
                                       seconds),
                          name, seconds);
}

static void
update_name (SnugVideoTile *self)
{
  const char *name = self->display_name != NULL ? self->display_name : "";
  g_autofree char *caption = NULL;

  if (self->screen)
    /* Translators: a name */
    caption = g_strdup_printf (_ ("%s is sharing the screen"), name);
  else if (self->own)
    caption = g_strdup (_ ("You"));
  else if (self->seconds_away > 0 && gtk_widget_get_width (GTK_WIDGET (self)) >= AWAY_WIDTH)
    caption = describe_away (name, self->seconds_away);
  else
    caption = self->small ? snug_format_first_name (name) : g_strdup (name);
  g_object_set (self->chips, "caption", caption, "screen", self->screen, NULL);
  adw_avatar_set_text (self->avatar, name);
}

static gboolean
apply_size (gpointer user_data)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (user_data);

  self->resize_id = 0;
  adw_avatar_set_size (self->avatar, self->avatar_size);
  g_object_set (self->chips, "small", self->small, NULL);
  update_name (self);
  return G_SOURCE_REMOVE;
}

static void
snug_video_tile_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (widget);
  int size = CLAMP (MIN (width, height) * 386 / 1000, 32, 112);
  gboolean small = width < SMALL_WIDTH;

  gtk_widget_allocate (self->overlay, width, height, baseline, NULL);
  /* A menu may hang here. */
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child))
      gtk_popover_present (GTK_POPOVER (child));
  /* A size request can't change inside an allocation. */
  if (size != self->avatar_size || small != self->small)
    {
      self->avatar_size = size;
      self->small = small;
      if (self->resize_id == 0)
        self->resize_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply_size, self, NULL);
    }
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
  if (n_press == 2)
    snug_video_tile_toggle_fit (self);
}

static void
set_seconds_away (SnugVideoTile *self, guint seconds)
{
  if (self->seconds_away == seconds)
    return;
  self->seconds_away = seconds;
  set_class (GTK_WIDGET (self), "away", seconds > 0);
  snug_video_paintable_set_holding (self->paintable, seconds > 0);
  if (seconds > 0)
    set_speaking (self, FALSE);
  update_picture (self);
  update_name (self);
}

static void
snug_video_tile_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SHOWING_VIDEO:
      g_value_set_boolean (value, SNUG_VIDEO_TILE (object)->showing_video);
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
      g_object_set (self->chips, "muted", !self->audio_enabled, NULL);
      update_speaking (self);
      break;
    case PROP_LEVEL:
      snug_video_tile_set_level (self, g_value_get_double (value));
      break;
    case PROP_MIRRORED:
      snug_video_paintable_set_mirrored (self->paintable, g_value_get_boolean (value));
      break;
    case PROP_OWN:
      self->own = g_value_get_boolean (value);
      update_name (self);
      break;
    case PROP_SCREEN:
      self->screen = g_value_get_boolean (value);
      break;
    case PROP_FILL:
      set_class (GTK_WIDGET (self), "fill", g_value_get_boolean (value));
      break;
    case PROP_TONE:
      snug_tone_apply (GTK_WIDGET (self->avatar), g_value_get_uint (value));
      break;
    case PROP_SHOW_NAME:
      g_object_set_property (G_OBJECT (self->chips), "show-caption", value);
      break;
    case PROP_SECONDS_AWAY:
      set_seconds_away (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_video_tile_constructed (GObject *object)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (object);

  G_OBJECT_CLASS (snug_video_tile_parent_class)->constructed (object);
  if (self->screen)
    {
      set_class (GTK_WIDGET (self), "screen", TRUE);
      snug_video_tile_toggle_fit (self);
    }
  update_name (self);
  update_picture (self);
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
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (snug_video_tile_parent_class)->dispose (object);
}

static void
snug_video_tile_finalize (GObject *object)
{
  SnugVideoTile *self = SNUG_VIDEO_TILE (object);

  g_clear_object (&self->feed_signals);
  g_clear_object (&self->paintable);
  g_free (self->display_name);
  G_OBJECT_CLASS (snug_video_tile_parent_class)->finalize (object);
}

static void
snug_video_tile_class_init (SnugVideoTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = snug_video_tile_constructed;
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
  properties[PROP_SCREEN] = g_param_spec_boolean ("screen", NULL, NULL, FALSE, flags | G_PARAM_CONSTRUCT_ONLY);
  properties[PROP_MIRRORED] = g_param_spec_boolean ("mirrored", NULL, NULL, FALSE, flags);
  properties[PROP_OWN] = g_param_spec_boolean ("own", NULL, NULL, FALSE, flags);
  properties[PROP_FILL] = g_param_spec_boolean ("fill", NULL, NULL, FALSE, flags);
  properties[PROP_TONE] = g_param_spec_uint ("tone", NULL, NULL, 0, SNUG_N_TONES - 1, 0, flags);
  properties[PROP_SHOW_NAME] = g_param_spec_boolean ("show-name", NULL, NULL, TRUE, flags);
  properties[PROP_SECONDS_AWAY] = g_param_spec_uint ("seconds-away", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SHOWING_VIDEO] = g_param_spec_boolean ("showing-video", NULL, NULL, FALSE,
                                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SNUG_TYPE_REACTION_FLOAT);
  g_type_ensure (SNUG_TYPE_TILE_CHIPS);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-video-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, overlay);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, picture);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, avatar);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, reactions);
  gtk_widget_class_bind_template_child (widget_class, SnugVideoTile, chips);
  gtk_widget_class_bind_template_callback (widget_class, update_accessible);
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
}

GtkWidget *
snug_video_tile_new (void)
{
  return g_object_new (SNUG_TYPE_VIDEO_TILE, NULL);
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

SnugTileChips *
snug_video_tile_get_chips (SnugVideoTile *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_TILE (self), NULL);
  return self->chips;
}

void
snug_video_tile_toggle_fit (SnugVideoTile *self)
{
  g_return_if_fail (SNUG_IS_VIDEO_TILE (self));

  self->contain = !self->contain;
  gtk_picture_set_content_fit (self->picture, self->contain ? GTK_CONTENT_FIT_CONTAIN : GTK_CONTENT_FIT_COVER);
}

gboolean
snug_video_tile_get_contain (SnugVideoTile *self)
{
  g_return_val_if_fail (SNUG_IS_VIDEO_TILE (self), FALSE);
  return self->contain;
}

void
snug_video_tile_react (SnugVideoTile *self, const char *emoji)
{
  g_return_if_fail (SNUG_IS_VIDEO_TILE (self));
  snug_reaction_float_add (self->reactions, emoji);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-tile-area.h"

#include "snug-tile-grid.h"
#include "snug-tone.h"
#include "snug-video-tile.h"

#include <glib/gi18n.h>

enum
{
  PROP_CALL = 1,
  PROP_FULL_STAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugTileArea
{
  GtkWidget parent_instance;

  SnugCall *call;
  GSignalGroup *peer_signals;
  GtkWidget *own_tile; /* borrowed: a child */
  gboolean own_hidden;
  gboolean full_stage;
};

G_DEFINE_FINAL_TYPE (SnugTileArea, snug_tile_area, GTK_TYPE_WIDGET)

static guint
get_n_peers (SnugTileArea *self)
{
  return self->call == NULL ? 0 : g_list_model_get_n_items (snug_call_get_peers (self->call));
}

static void
update_full_stage (SnugTileArea *self)
{
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self));
  gboolean full = get_n_peers (self) == 1 && first != NULL
                  && snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (first));

  if (full == self->full_stage)
    return;
  self->full_stage = full;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FULL_STAGE]);
}

static void
update_mode (SnugTileArea *self)
{
  guint n = get_n_peers (self);
  GtkLayoutManager *grid = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  snug_tile_grid_set_fill (SNUG_TILE_GRID (grid), n == 1);
  for (GtkWidget *tile = gtk_widget_get_first_child (GTK_WIDGET (self)); tile != NULL;
       tile = gtk_widget_get_next_sibling (tile))
    g_object_set (tile, "fill", n == 1, NULL);
  if (self->own_tile != NULL)
    gtk_widget_set_visible (self->own_tile, n >= 2 && !self->own_hidden);
  update_full_stage (self);
}

static GtkWidget *
nth_child (SnugTileArea *self, guint position)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  while (position-- > 0 && child != NULL)
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
on_peers_changed (SnugTileArea *self, guint position, guint removed, guint added, GListModel *peers)
{
  for (guint i = 0; i < removed; i++)
    {
      GtkWidget *tile = nth_child (self, position);
      if (tile != NULL && tile != self->own_tile)
        gtk_widget_unparent (tile);
    }
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (SnugPeer) peer = g_list_model_get_item (peers, position + i);
      guint tone = snug_tone_for_peer (G_OBJECT (self->call), snug_peer_get_id (peer));
      GtkWidget *tile = snug_video_tile_new_for_peer (peer, tone);

      gtk_widget_set_focusable (tile, TRUE);
      g_signal_connect_object (tile, "notify::showing-video", G_CALLBACK (update_full_stage), self,
                               G_CONNECT_SWAPPED);
      gtk_widget_insert_before (tile, GTK_WIDGET (self), nth_child (self, position + i));
    }
  update_mode (self);
}

/* Tab passes the tiles in one step; arrows go from one to the next. */
static gboolean
snug_tile_area_focus (GtkWidget *widget, GtkDirectionType direction)
{
  gboolean inside = gtk_widget_get_focus_child (widget) != NULL;

  if (inside && (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD))
    return FALSE;
  if (!inside)
    for (GtkWidget *tile = gtk_widget_get_first_child (widget); tile != NULL;
         tile = gtk_widget_get_next_sibling (tile))
      if (gtk_widget_get_visible (tile))
        return gtk_widget_grab_focus (tile);
  return GTK_WIDGET_CLASS (snug_tile_area_parent_class)->focus (widget, direction);
}

static void
snug_tile_area_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugTileArea *self = SNUG_TILE_AREA (object);

  switch (prop_id)
    {
    case PROP_CALL:
      g_value_set_object (value, self->call);
      break;
    case PROP_FULL_STAGE:
      g_value_set_boolean (value, self->full_stage);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_tile_area_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CALL:
      snug_tile_area_set_call (SNUG_TILE_AREA (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
clear_tiles (SnugTileArea *self)
{
  GtkWidget *child;

  self->own_tile = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

static void
snug_tile_area_dispose (GObject *object)
{
  SnugTileArea *self = SNUG_TILE_AREA (object);

  if (self->peer_signals != NULL)
    g_signal_group_set_target (self->peer_signals, NULL);
  g_clear_object (&self->peer_signals);
  clear_tiles (self);
  g_clear_object (&self->call);
  G_OBJECT_CLASS (snug_tile_area_parent_class)->dispose (object);
}

static void
snug_tile_area_class_init (SnugTileAreaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = snug_tile_area_get_property;
  object_class->set_property = snug_tile_area_set_property;
  object_class->dispose = snug_tile_area_dispose;
  widget_class->focus = snug_tile_area_focus;

  properties[PROP_CALL] = g_param_spec_object ("call", NULL, NULL, SNUG_TYPE_CALL,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FULL_STAGE] = g_param_spec_boolean ("full-stage", NULL, NULL, FALSE,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, SNUG_TYPE_TILE_GRID);
  gtk_widget_class_set_css_name (widget_class, "tilearea");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
snug_tile_area_init (SnugTileArea *self)
{
  self->peer_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->peer_signals, "items-changed", G_CALLBACK (on_peers_changed), self);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("People"), -1);
}

void
snug_tile_area_set_call (SnugTileArea *self, SnugCall *call)
{
  g_return_if_fail (SNUG_IS_TILE_AREA (self));
  g_return_if_fail (call == NULL || SNUG_IS_CALL (call));

  if (self->call == call)
    return;
  g_signal_group_set_target (self->peer_signals, NULL);
  clear_tiles (self);
  g_set_object (&self->call, call);
  if (call != NULL)
    {
      GListModel *peers = snug_call_get_peers (call);

      self->own_tile = snug_tile_area_make_own_tile (snug_call_get_local_media (call),
                                                     snug_call_get_display_name (call));
      gtk_widget_set_focusable (self->own_tile, TRUE);
      gtk_widget_insert_before (self->own_tile, GTK_WIDGET (self), NULL);
      g_signal_group_set_target (self->peer_signals, peers);
      on_peers_changed (self, 0, 0, g_list_model_get_n_items (peers), peers);
    }
  else
    update_mode (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CALL]);
}

gboolean
snug_tile_area_get_full_stage (SnugTileArea *self)
{
  g_return_val_if_fail (SNUG_IS_TILE_AREA (self), FALSE);
  return self->full_stage;
}

void
snug_tile_area_set_own_hidden (SnugTileArea *self, gboolean hidden)
{
  g_return_if_fail (SNUG_IS_TILE_AREA (self));
  self->own_hidden = hidden;
  update_mode (self);
}

GtkWidget *
snug_tile_area_make_own_tile (SnugLocalMedia *media, const char *display_name)
{
  GtkWidget *tile = g_object_new (SNUG_TYPE_VIDEO_TILE,
                                  "own", TRUE,
                                  "mirrored", TRUE,
                                  "tone", SNUG_TONE_OWN,
                                  "display-name", display_name,
                                  NULL);

  g_object_bind_property (media, "preview", tile, "feed", G_BINDING_SYNC_CREATE);
  g_object_bind_property (media, "video-enabled", tile, "video-enabled", G_BINDING_SYNC_CREATE);
  g_object_bind_property (media, "audio-enabled", tile, "audio-enabled", G_BINDING_SYNC_CREATE);
  g_object_bind_property (media, "audio-level", tile, "level", G_BINDING_SYNC_CREATE);
  return tile;
}

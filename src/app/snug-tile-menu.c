/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-tile-menu.h"

#include "snug-code-dialog.h"

#include <glib/gi18n.h>

struct _SnugTileMenu
{
  GtkPopover parent_instance;

  /* Template widgets */
  GtkWidget *pin_button;
  GtkLabel *pin_label;
  GtkLabel *fit_label;
  GtkWidget *code_button;
  GtkWidget *volume_box;
  GtkAdjustment *volume;

  SnugVideoTile *tile; /* borrowed: the parent */
  SnugSpotlight *spotlight;
  GObject *person; /* nullable */
  gboolean screen;
};

G_DEFINE_FINAL_TYPE (SnugTileMenu, snug_tile_menu, GTK_TYPE_POPOVER)

static gboolean
is_pinned (SnugTileMenu *self)
{
  return snug_spotlight_is_pinned (self->spotlight, self->person, self->screen);
}

static void
on_pin (SnugTileMenu *self)
{
  if (is_pinned (self))
    snug_spotlight_pin (self->spotlight, NULL, FALSE);
  else
    snug_spotlight_pin (self->spotlight, self->person, self->screen);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
on_fit (SnugTileMenu *self)
{
  snug_video_tile_toggle_fit (self->tile);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
on_compare (SnugTileMenu *self)
{
  GtkWidget *tile = GTK_WIDGET (self->tile);
  g_autoptr (GObject) person = g_object_ref (self->person);

  gtk_popover_popdown (GTK_POPOVER (self));
  snug_code_dialog_open (tile, SNUG_PEER (person));
}

static gboolean
has_code (gpointer person)
{
  SnugShortCode code;

  return SNUG_IS_PEER (person) && snug_verification_get_code (snug_peer_get_verification (person), &code);
}

static gboolean
unparent (gpointer user_data)
{
  gtk_widget_unparent (GTK_WIDGET (user_data));
  return G_SOURCE_REMOVE;
}

/* Not at once: the press that closed it is still being dealt with. */
static void
on_closed (SnugTileMenu *self)
{
  if (gtk_widget_get_parent (GTK_WIDGET (self)) != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent, g_object_ref (self), g_object_unref);
}

static void
snug_tile_menu_dispose (GObject *object)
{
  SnugTileMenu *self = SNUG_TILE_MENU (object);

  g_clear_object (&self->spotlight);
  g_clear_object (&self->person);
  G_OBJECT_CLASS (snug_tile_menu_parent_class)->dispose (object);
}

static void
snug_tile_menu_class_init (SnugTileMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_tile_menu_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-tile-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugTileMenu, pin_button);
  gtk_widget_class_bind_template_child (widget_class, SnugTileMenu, pin_label);
  gtk_widget_class_bind_template_child (widget_class, SnugTileMenu, fit_label);
  gtk_widget_class_bind_template_child (widget_class, SnugTileMenu, code_button);
  gtk_widget_class_bind_template_child (widget_class, SnugTileMenu, volume_box);
  gtk_widget_class_bind_template_child (widget_class, SnugTileMenu, volume);
  gtk_widget_class_bind_template_callback (widget_class, on_pin);
  gtk_widget_class_bind_template_callback (widget_class, on_fit);
  gtk_widget_class_bind_template_callback (widget_class, on_compare);
  gtk_widget_class_bind_template_callback (widget_class, on_closed);
}

static void
snug_tile_menu_init (SnugTileMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
snug_tile_menu_open (SnugVideoTile *tile, SnugSpotlight *spotlight, gpointer person, gboolean screen, double x, double y)
{
  SnugTileMenu *self;

  g_return_if_fail (SNUG_IS_VIDEO_TILE (tile));
  g_return_if_fail (SNUG_IS_SPOTLIGHT (spotlight));

  self = g_object_new (SNUG_TYPE_TILE_MENU, NULL);
  self->tile = tile;
  self->spotlight = g_object_ref (spotlight);
  g_set_object (&self->person, person);
  self->screen = screen;

  gtk_widget_set_visible (self->pin_button,
                          person != NULL && snug_spotlight_get_mode (spotlight) != SNUG_SPOTLIGHT_FILL);
  gtk_label_set_label (self->pin_label, is_pinned (self) ? _ ("Unpin") : _ ("Pin"));
  gtk_label_set_label (self->fit_label, snug_video_tile_get_contain (tile) ? _ ("Fill the tile")
                                                                           : _ ("Show the whole picture"));
  gtk_widget_set_visible (self->code_button, has_code (person) && !screen);
  gtk_widget_set_visible (self->volume_box, person != NULL && !screen);
  if (person != NULL && !screen)
    g_object_bind_property (person, "volume", self->volume, "value",
                            G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);

  gtk_widget_set_parent (GTK_WIDGET (self), GTK_WIDGET (tile));
  gtk_popover_set_pointing_to (GTK_POPOVER (self), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self));
}

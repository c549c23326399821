/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-share-menu.h"

#include "snug-menu-item.h"

#include <glib/gi18n.h>

struct _SnugShareMenu
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *unavailable_label;
  GtkWidget *asking_label;
  GtkWidget *text_item;
  GtkWidget *motion_item;
  GtkWidget *pause_item;
  GtkWidget *stop_item;

  /* Owned */
  SnugScreenShare *share;
  GSignalGroup *signals;
};

G_DEFINE_FINAL_TYPE (SnugShareMenu, snug_share_menu, GTK_TYPE_WIDGET)

static void
update (SnugShareMenu *self)
{
  SnugScreenShareState state = self->share != NULL ? snug_screen_share_get_state (self->share) : SNUG_SCREEN_SHARE_OFF;
  gboolean available = self->share != NULL && snug_screen_share_get_available (self->share);
  gboolean asking = state == SNUG_SCREEN_SHARE_ASKING;
  gboolean paused = state == SNUG_SCREEN_SHARE_PAUSED;
  gboolean on = state == SNUG_SCREEN_SHARE_SHARING || paused;
  gboolean text = self->share != NULL && snug_screen_share_get_mode (self->share) == SNUG_SCREEN_TEXT;

  gtk_widget_set_visible (self->unavailable_label, !available && !on && !asking);
  gtk_widget_set_visible (self->asking_label, asking);
  gtk_widget_set_visible (self->text_item, (available || on) && !asking);
  gtk_widget_set_visible (self->motion_item, (available || on) && !asking);
  g_object_set (self->text_item,
                "text", on ? _ ("Text and slides") : _ ("Share text or slides…"),
                "checked", on && text,
                NULL);
  g_object_set (self->motion_item,
                "text", on ? _ ("Video and motion") : _ ("Share video or motion…"),
                "checked", on && !text,
                NULL);
  gtk_widget_set_visible (self->pause_item, on);
  g_object_set (self->pause_item,
                "text", paused ? _ ("Continue sharing") : _ ("Pause sharing"),
                "detail", paused ? NULL : _ ("The picture stands still for everybody"),
                "item-icon", paused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic",
                NULL);
  gtk_widget_set_visible (self->stop_item, on || asking);
  g_object_set (self->stop_item, "text", asking ? _ ("Cancel") : _ ("Stop sharing"), NULL);
}

static void
on_pause (SnugShareMenu *self)
{
  if (self->share != NULL)
    snug_screen_share_set_paused (self->share, snug_screen_share_get_state (self->share) == SNUG_SCREEN_SHARE_SHARING);
}

static void
on_stop (SnugShareMenu *self)
{
  if (self->share != NULL)
    snug_screen_share_stop (self->share);
}

static void
snug_share_menu_dispose (GObject *object)
{
  SnugShareMenu *self = SNUG_SHARE_MENU (object);

  if (self->signals != NULL)
    g_signal_group_set_target (self->signals, NULL);
  g_clear_object (&self->signals);
  g_clear_object (&self->share);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (snug_share_menu_parent_class)->dispose (object);
}

static void
snug_share_menu_class_init (SnugShareMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_share_menu_dispose;
  g_type_ensure (SNUG_TYPE_MENU_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-share-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugShareMenu, unavailable_label);
  gtk_widget_class_bind_template_child (widget_class, SnugShareMenu, asking_label);
  gtk_widget_class_bind_template_child (widget_class, SnugShareMenu, text_item);
  gtk_widget_class_bind_template_child (widget_class, SnugShareMenu, motion_item);
  gtk_widget_class_bind_template_child (widget_class, SnugShareMenu, pause_item);
  gtk_widget_class_bind_template_child (widget_class, SnugShareMenu, stop_item);
  gtk_widget_class_bind_template_callback (widget_class, on_pause);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
snug_share_menu_init (SnugShareMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  self->signals = g_signal_group_new (SNUG_TYPE_SCREEN_SHARE);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::mode", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::available", G_CALLBACK (update), self);
  update (self);
}

void
snug_share_menu_set_share (SnugShareMenu *self, SnugScreenShare *share)
{
  g_return_if_fail (SNUG_IS_SHARE_MENU (self));
  g_return_if_fail (share == NULL || SNUG_IS_SCREEN_SHARE (share));

  g_set_object (&self->share, share);
  g_signal_group_set_target (self->signals, share);
  update (self);
}

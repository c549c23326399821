/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-more-menu.h"

#include "snug-device-menu.h"
#include "snug-menu-item.h"
#include "snug-reaction-menu.h"
#include "snug-share-menu.h"
#include "snug-stack.h"

#include <glib/gi18n.h>

struct _SnugMoreMenu
{
  GtkPopover parent_instance;

  /* Template widgets */
  GtkStack *stack;
  GtkWidget *main_page;
  GtkWidget *page;
  GtkWidget *page_title;
  GtkStack *page_stack;
  SnugReactionMenu *reactions;
  GtkWidget *reactions_separator;
  GtkWidget *share_item;
  GtkWidget *connection_item;
  GtkWidget *microphone_item;
  GtkWidget *camera_item;
  GtkWidget *speaker_item;
  GtkWidget *layout_item;
  GtkWidget *own_item;
  GtkWidget *fullscreen_item;
  GtkWidget *share_page;
  GtkWidget *microphone_page;
  GtkWidget *camera_page;
  GtkWidget *speaker_page;

  /* Owned */
  GBinding *hand;
};

G_DEFINE_FINAL_TYPE (SnugMoreMenu, snug_more_menu, GTK_TYPE_POPOVER)

static void
show_main (SnugMoreMenu *self)
{
  snug_stack_show (self->stack, self->main_page);
}

static void
on_item (SnugMoreMenu *self, GtkWidget *item)
{
  const struct
  {
    GtkWidget *item;
    GtkWidget *page;
  } pages[] = { { self->share_item, self->share_page },
                { self->microphone_item, self->microphone_page },
                { self->camera_item, self->camera_page },
                { self->speaker_item, self->speaker_page } };
  g_autofree char *title = NULL;

  g_object_get (item, "text", &title, NULL);
  g_object_set (self->page_title, "text", title, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (pages[i].item == item)
      snug_stack_show (self->page_stack, pages[i].page);
  snug_stack_show (self->stack, self->page);
  gtk_widget_grab_focus (self->page_title);
}

static void
on_back (SnugMoreMenu *self)
{
  show_main (self);
  gtk_widget_child_focus (self->main_page, GTK_DIR_TAB_FORWARD);
}

static void
snug_more_menu_dispose (GObject *object)
{
  SnugMoreMenu *self = SNUG_MORE_MENU (object);

  if (self->reactions != NULL)
    snug_more_menu_set_call (self, NULL);
  self->reactions = NULL;
  G_OBJECT_CLASS (snug_more_menu_parent_class)->dispose (object);
}

static void
snug_more_menu_class_init (SnugMoreMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_more_menu_dispose;
  g_type_ensure (SNUG_TYPE_DEVICE_MENU);
  g_type_ensure (SNUG_TYPE_MENU_ITEM);
  g_type_ensure (SNUG_TYPE_REACTION_MENU);
  g_type_ensure (SNUG_TYPE_SHARE_MENU);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-more-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, stack);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, main_page);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, page);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, page_title);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, page_stack);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, reactions);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, reactions_separator);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, share_item);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, connection_item);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, microphone_item);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, camera_item);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, speaker_item);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, layout_item);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, own_item);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, fullscreen_item);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, share_page);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, microphone_page);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, camera_page);
  gtk_widget_class_bind_template_child (widget_class, SnugMoreMenu, speaker_page);
  gtk_widget_class_bind_template_callback (widget_class, show_main);
  gtk_widget_class_bind_template_callback (widget_class, on_item);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
}

static void
snug_more_menu_init (SnugMoreMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_main (self);
}

void
snug_more_menu_set_devices (SnugMoreMenu *self, SnugDevices *devices)
{
  g_return_if_fail (SNUG_IS_MORE_MENU (self));

  snug_device_menu_set_devices (SNUG_DEVICE_MENU (self->microphone_page), devices);
  snug_device_menu_set_devices (SNUG_DEVICE_MENU (self->camera_page), devices);
  snug_device_menu_set_devices (SNUG_DEVICE_MENU (self->speaker_page), devices);
}

void
snug_more_menu_set_call (SnugMoreMenu *self, SnugCall *call)
{
  g_return_if_fail (SNUG_IS_MORE_MENU (self));
  g_return_if_fail (call == NULL || SNUG_IS_CALL (call));

  if (self->hand != NULL)
    g_binding_unbind (self->hand);
  g_clear_object (&self->hand);
  if (call != NULL)
    self->hand = g_object_ref (g_object_bind_property (call, "hand-raised", self->reactions, "hand-raised",
                                                       G_BINDING_SYNC_CREATE));
  snug_share_menu_set_share (SNUG_SHARE_MENU (self->share_page),
                             call != NULL ? snug_call_get_screen_share (call) : NULL);
}

void
snug_more_menu_update (SnugMoreMenu *self, gboolean narrow, SnugSpotlightMode mode, gboolean own_hidden, gboolean fullscreen)
{
  g_return_if_fail (SNUG_IS_MORE_MENU (self));

  gtk_widget_set_visible (GTK_WIDGET (self->reactions), narrow);
  gtk_widget_set_visible (self->reactions_separator, narrow);
  gtk_widget_set_visible (self->share_item, narrow);
  gtk_widget_set_visible (self->connection_item, narrow);
  gtk_widget_set_visible (self->fullscreen_item, narrow);
  gtk_widget_set_visible (self->layout_item, mode != SNUG_SPOTLIGHT_FILL);
  g_object_set (self->layout_item,
                "text", mode == SNUG_SPOTLIGHT_LEAD ? _ ("Show everyone the same size") : _ ("Show who is speaking large"),
                "item-icon", mode == SNUG_SPOTLIGHT_LEAD ? "snug-grid-symbolic" : "snug-speaker-view-symbolic",
                NULL);
  g_object_set (self->own_item, "text", own_hidden ? _ ("Show my own picture") : _ ("Hide my own picture"), NULL);
  g_object_set (self->fullscreen_item, "text", fullscreen ? _ ("Leave full screen") : _ ("Full screen"), NULL);
}

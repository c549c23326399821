/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the buttons and keys of the call page do, and how the buttons look for it.
 */
#include "config.h"

#include "snug-call-page-private.h"

#include "snug-stack.h"

#include <glib/gi18n.h>

#define PANEL_MILLISECONDS 220

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The name says what a press does; the tooltip adds the key. */
static void
name_button (GtkWidget *button, const char *name, const char *key)
{
  g_autofree char *tooltip = g_strdup_printf ("%s (%s)", name, key);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
snug_call_page_update_buttons (SnugCallPage *self)
{
  SnugLocalMedia *media = self->call != NULL ? snug_call_get_local_media (self->call) : NULL;
  gboolean audio = media == NULL || snug_local_media_get_audio_enabled (media);
  gboolean video = media == NULL || snug_local_media_get_video_enabled (media);
  gboolean chat = self->panel_shown == SNUG_PANEL_CHAT;
  gboolean connection = self->panel_shown == SNUG_PANEL_CONNECTION;
  SnugSpotlightMode mode = snug_spotlight_get_mode (snug_tile_area_get_spotlight (self->tiles));
  guint unread = snug_chat_panel_get_unread (self->chat_panel);

  gtk_button_set_icon_name (GTK_BUTTON (self->microphone_button),
                            audio ? "audio-input-microphone-symbolic" : "microphone-disabled-symbolic");
  set_class (self->microphone_button, "off", !audio);
  name_button (self->microphone_button, audio ? _ ("Turn microphone off") : _ ("Turn microphone on"), "M");

  gtk_button_set_icon_name (GTK_BUTTON (self->camera_button),
                            video ? "snug-camera-symbolic" : "snug-camera-off-symbolic");
  set_class (self->camera_button, "off", !video);
  name_button (self->camera_button, video ? _ ("Turn camera off") : _ ("Turn camera on"), "V");

  set_class (self->chat_button, "active", chat);
  name_button (self->chat_button, chat ? _ ("Close chat") : _ ("Open chat"), "C");
  set_class (self->connection_button, "active", connection);
  name_button (self->connection_button, connection ? _ ("Hide connection") : _ ("Show connection"), "I");

  if (unread > 0)
    {
      g_autofree char *count = g_strdup_printf ("%u", unread);
      g_autofree char *spoken = g_strdup_printf (g_dngettext (NULL, "%u unread message", "%u unread messages", unread),
                                                 unread);

      gtk_label_set_label (self->chat_badge, unread > 99 ? "99+" : count);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->chat_button),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken, -1);
    }
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self->chat_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  gtk_widget_set_visible (GTK_WIDGET (self->chat_badge), unread > 0);

  /* Between two people there is nothing to choose. */
  gtk_widget_set_visible (self->layout_button, mode != SNUG_SPOTLIGHT_FILL && !snug_call_page_get_narrow (self)
                                                 && self->known->len > 0);
  gtk_button_set_icon_name (GTK_BUTTON (self->layout_button), mode == SNUG_SPOTLIGHT_LEAD ? "snug-grid-symbolic"
                                                                                          : "snug-speaker-view-symbolic");
  name_button (self->layout_button,
               mode == SNUG_SPOTLIGHT_LEAD ? _ ("Show everyone the same size") : _ ("Show who is speaking large"), "G");
  gtk_button_set_icon_name (GTK_BUTTON (self->fullscreen_button),
                            self->fullscreen ? "view-restore-symbolic" : "view-fullscreen-symbolic");
  name_button (self->fullscreen_button, self->fullscreen ? _ ("Leave full screen") : _ ("Full screen"), "F11");
  gtk_label_set_label (self->menu_own_label,
                       self->own_hidden ? _ ("Show my own picture") : _ ("Hide my own picture"));

  /* The window's buttons stand at its right edge, on whichever header that is. */
  adw_header_bar_set_show_end_title_buttons (self->header, self->panel_shown == SNUG_PANEL_NONE);
  gtk_button_set_icon_name (GTK_BUTTON (self->panel_close),
                            snug_call_page_get_narrow (self) ? "go-previous-symbolic" : "sidebar-show-right-symbolic");
  adw_header_bar_set_decoration_layout (self->panel_header, snug_call_page_get_narrow (self) ? ":close" : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->panel_heading), !snug_call_page_get_narrow (self));
  gtk_widget_set_visible (GTK_WIDGET (self->panel_title), snug_call_page_get_narrow (self));
}

static void
on_panel_value (double value, gpointer user_data)
{
  SnugCallPage *self = SNUG_CALL_PAGE (user_data);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  if (layout != NULL)
    snug_split_layout_set_reveal (SNUG_SPLIT_LAYOUT (layout), value);
}

/* Out of sight is out of reach, for assistive technology too. */
static void
on_panel_done (SnugCallPage *self)
{
  if (self->panel_shown == SNUG_PANEL_NONE)
    gtk_widget_set_visible (self->panel, FALSE);
}

static void
slide_panel (SnugCallPage *self, gboolean in)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  double now = snug_split_layout_get_reveal (SNUG_SPLIT_LAYOUT (layout));

  if (in)
    gtk_widget_set_visible (self->panel, TRUE);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      snug_split_layout_set_reveal (SNUG_SPLIT_LAYOUT (layout), in ? 1 : 0);
      on_panel_done (self);
      return;
    }
  if (self->panel_animation == NULL)
    {
      AdwAnimationTarget *target = adw_callback_animation_target_new (on_panel_value, self, NULL);
      self->panel_animation = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, PANEL_MILLISECONDS, target);
      adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->panel_animation), ADW_EASE_OUT_CUBIC);
      g_signal_connect_object (self->panel_animation, "done", G_CALLBACK (on_panel_done), self, G_CONNECT_SWAPPED);
    }
  adw_animation_pause (self->panel_animation);
  adw_timed_animation_set_value_from (ADW_TIMED_ANIMATION (self->panel_animation), now);
  adw_timed_animation_set_value_to (ADW_TIMED_ANIMATION (self->panel_animation), in ? 1 : 0);
  adw_animation_play (self->panel_animation);
}

/* The button that opened the panel that is shown; where it stands in the menu, that of the menu. */
static GtkWidget *
get_opener (SnugCallPage *self, SnugPanel panel)
{
  if (panel == SNUG_PANEL_CHAT)
    return self->chat_button;
  return snug_call_page_get_narrow (self) ? self->more_button : self->connection_button;
}

static void
set_panel_title (SnugCallPage *self, const char *title)
{
  adw_window_title_set_title (self->panel_title, title);
  gtk_label_set_label (self->panel_heading, title);
}

void
snug_call_page_show_panel (SnugCallPage *self, SnugPanel panel)
{
  SnugPanel before = self->panel_shown;

  if (before == panel)
    return;
  self->panel_shown = panel;
  snug_chat_panel_set_open (self->chat_panel, panel == SNUG_PANEL_CHAT);
  switch (panel)
    {
    case SNUG_PANEL_CHAT:
      snug_stack_show (self->panel_stack, GTK_WIDGET (self->chat_panel));
      set_panel_title (self, _ ("Chat"));
      /* What the toast says can be read here. */
      snug_call_page_dismiss_toast (self, TRUE);
      name_button (self->panel_close, _ ("Close chat panel"), "Esc");
      break;
    case SNUG_PANEL_CONNECTION:
      snug_stack_show (self->panel_stack, GTK_WIDGET (self->stats_panel));
      set_panel_title (self, _ ("Connection"));
      name_button (self->panel_close, _ ("Close connection panel"), "Esc");
      break;
    case SNUG_PANEL_NONE:
    default:
      break;
    }
  slide_panel (self, panel != SNUG_PANEL_NONE);
  snug_call_page_update (self);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (panel == SNUG_PANEL_CHAT)
    snug_chat_panel_focus_composer (self->chat_panel);
  else if (panel == SNUG_PANEL_CONNECTION)
    gtk_widget_child_focus (GTK_WIDGET (self->stats_panel), GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (get_opener (self, before));
}

static void
toggle_microphone (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);
  SnugLocalMedia *media = self->call != NULL ? snug_call_get_local_media (self->call) : NULL;

  if (media != NULL)
    snug_local_media_set_audio_enabled (media, !snug_local_media_get_audio_enabled (media));
}

static void
toggle_camera (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);
  SnugLocalMedia *media = self->call != NULL ? snug_call_get_local_media (self->call) : NULL;

  if (media != NULL)
    snug_local_media_set_video_enabled (media, !snug_local_media_get_video_enabled (media));
}

static void
toggle_chat (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);

  snug_call_page_show_panel (self, self->panel_shown == SNUG_PANEL_CHAT ? SNUG_PANEL_NONE : SNUG_PANEL_CHAT);
}

static void
show_chat (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_call_page_show_panel (SNUG_CALL_PAGE (widget), SNUG_PANEL_CHAT);
}

static void
toggle_connection (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);

  snug_call_page_show_panel (self, self->panel_shown == SNUG_PANEL_CONNECTION ? SNUG_PANEL_NONE
                                                                              : SNUG_PANEL_CONNECTION);
}

static void
close_panel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_call_page_show_panel (SNUG_CALL_PAGE (widget), SNUG_PANEL_NONE);
}

static void
toggle_own_picture (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);

  self->own_hidden = !self->own_hidden;
  snug_tile_area_set_own_hidden (self->tiles, self->own_hidden);
  snug_call_page_update (self);
}

static void
toggle_layout (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_spotlight_toggle (snug_tile_area_get_spotlight (SNUG_CALL_PAGE (widget)->tiles));
}

static void
leave (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);

  if (self->call != NULL)
    snug_call_leave (self->call);
}

static void
move_own_picture (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);

  if (gtk_widget_get_mapped (GTK_WIDGET (self->self_view)))
    snug_self_view_move (self->self_view, (GtkDirectionType) g_variant_get_int32 (parameter));
}

/* F6: header, tiles, self view, bar, panel, and round again. */
static void
go_to_region (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);
  GtkWidget *regions[] = { GTK_WIDGET (self->header), GTK_WIDGET (self->tiles), GTK_WIDGET (self->self_view),
                           self->bar, self->panel };
  int n = G_N_ELEMENTS (regions);
  int step = g_str_equal (action, "call.next-region") ? 1 : n - 1;
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  int now = step == 1 ? n - 1 : 0;

  for (int i = 0; i < n; i++)
    if (focus != NULL && (focus == regions[i] || gtk_widget_is_ancestor (focus, regions[i])))
      now = i;
  for (int i = 1; i <= n; i++)
    {
      GtkWidget *region = regions[(now + i * step) % n];

      if (gtk_widget_get_mapped (region)
          && (gtk_widget_get_focusable (region) ? gtk_widget_grab_focus (region)
                                                : gtk_widget_child_focus (region, GTK_DIR_TAB_FORWARD)))
        break;
    }
  if (root != NULL)
    gtk_window_set_focus_visible (GTK_WINDOW (root), TRUE);
}

void
snug_call_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "call.toggle-microphone", NULL, toggle_microphone);
  gtk_widget_class_install_action (widget_class, "call.toggle-camera", NULL, toggle_camera);
  gtk_widget_class_install_action (widget_class, "call.toggle-chat", NULL, toggle_chat);
  gtk_widget_class_install_action (widget_class, "call.show-chat", NULL, show_chat);
  gtk_widget_class_install_action (widget_class, "call.toggle-connection", NULL, toggle_connection);
  gtk_widget_class_install_action (widget_class, "call.close-panel", NULL, close_panel);
  gtk_widget_class_install_action (widget_class, "call.toggle-own-picture", NULL, toggle_own_picture);
  gtk_widget_class_install_action (widget_class, "call.toggle-layout", NULL, toggle_layout);
  gtk_widget_class_install_action (widget_class, "call.leave", NULL, leave);
  gtk_widget_class_install_action (widget_class, "call.move-own-picture", "i", move_own_picture);
  gtk_widget_class_install_action (widget_class, "call.next-region", NULL, go_to_region);
  gtk_widget_class_install_action (widget_class, "call.previous-region", NULL, go_to_region);
}

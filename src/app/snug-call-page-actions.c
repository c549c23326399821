/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the buttons and keys of the call page do, and how the buttons look for it.
 */
#include "config.h"

#include "snug-call-page-private.h"

#include "snug-desktop-window.h"
#include "snug-invite-window.h"
#include "snug-video-tile.h"

#include <glib/gi18n.h>

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The name says what a press does; the tooltip adds the key. */
void
snug_call_page_name_button (GtkWidget *button, const char *name, const char *key)
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
  gboolean sharing = self->call != NULL
                     && snug_screen_share_get_state (snug_call_get_screen_share (self->call)) != SNUG_SCREEN_SHARE_OFF;
  gboolean hand = self->call != NULL && snug_call_get_hand_raised (self->call);
  SnugSpotlightMode mode = snug_spotlight_get_mode (snug_tile_area_get_spotlight (self->tiles));
  guint unread = snug_chat_panel_get_unread (self->chat_panel);

  gtk_button_set_icon_name (GTK_BUTTON (self->microphone_button),
                            audio ? "audio-input-microphone-symbolic" : "microphone-disabled-symbolic");
  set_class (self->microphone_button, "off", !audio);
  snug_call_page_name_button (self->microphone_button, audio ? _ ("Turn microphone off") : _ ("Turn microphone on"), "M");

  gtk_button_set_icon_name (GTK_BUTTON (self->camera_button),
                            video ? "snug-camera-symbolic" : "snug-camera-off-symbolic");
  set_class (self->camera_button, "off", !video);
  snug_call_page_name_button (self->camera_button, video ? _ ("Turn camera off") : _ ("Turn camera on"), "V");

  set_class (self->share_button, "active", sharing);
  snug_call_page_name_button (self->share_button, sharing ? _ ("Your shared screen") : _ ("Share your screen"), "S");
  set_class (self->hand_button, "active", hand);
  snug_call_page_name_button (self->hand_button, _ ("Reactions and raised hand"), "H");
  g_object_set (self->reaction_menu, "hand-raised", hand, NULL);

  set_class (self->chat_button, "active", chat);
  snug_call_page_name_button (self->chat_button, chat ? _ ("Close chat") : _ ("Open chat"), "C");
  set_class (self->connection_button, "active", connection);
  snug_call_page_name_button (self->connection_button, connection ? _ ("Hide connection") : _ ("Show connection"), "I");

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
  snug_call_page_name_button (self->layout_button,
               mode == SNUG_SPOTLIGHT_LEAD ? _ ("Show everyone the same size") : _ ("Show who is speaking large"), "G");
  gtk_button_set_icon_name (GTK_BUTTON (self->fullscreen_button),
                            self->fullscreen ? "view-restore-symbolic" : "view-fullscreen-symbolic");
  snug_call_page_name_button (self->fullscreen_button, self->fullscreen ? _ ("Leave full screen") : _ ("Full screen"), "F11");
  snug_more_menu_update (self->more_menu, snug_call_page_get_narrow (self), mode, self->own_hidden, self->fullscreen);

  /* The window's buttons stand at its right edge, on whichever header that is. */
  adw_header_bar_set_show_end_title_buttons (self->header, self->panel_shown == SNUG_PANEL_NONE);
  gtk_button_set_icon_name (GTK_BUTTON (self->panel_close),
                            snug_call_page_get_narrow (self) ? "go-previous-symbolic" : "sidebar-show-right-symbolic");
  adw_header_bar_set_decoration_layout (self->panel_header, snug_call_page_get_narrow (self) ? ":close" : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->panel_heading), !snug_call_page_get_narrow (self));
  gtk_widget_set_visible (GTK_WIDGET (self->panel_title), snug_call_page_get_narrow (self));
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
on_handle (const char *handle, gpointer object)
{
  snug_screen_share_start (SNUG_SCREEN_SHARE (object), handle);
}

/* Begins, in the way that was used last. */
static void
start_share (SnugCallPage *self)
{
  SnugScreenShare *share = snug_call_get_screen_share (self->call);

  if (!snug_screen_share_get_available (share))
    snug_call_page_toast (self, _ ("This desktop offers no way to share the screen."));
  else
    snug_desktop_window_export (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), on_handle, share);
}

static void
share_screen (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);
  SnugScreenShare *share = self->call != NULL ? snug_call_get_screen_share (self->call) : NULL;

  if (share == NULL)
    return;
  snug_screen_share_set_mode (share, g_str_equal (g_variant_get_string (parameter, NULL), "motion")
                                       ? SNUG_SCREEN_MOTION
                                       : SNUG_SCREEN_TEXT);
  if (snug_screen_share_get_state (share) == SNUG_SCREEN_SHARE_OFF)
    start_share (self);
}

static void
change_share (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);
  SnugScreenShare *share = self->call != NULL ? snug_call_get_screen_share (self->call) : NULL;

  if (share == NULL)
    return;
  if (g_str_equal (action, "call.continue-sharing"))
    snug_screen_share_set_paused (share, FALSE);
  else if (snug_screen_share_get_state (share) != SNUG_SCREEN_SHARE_OFF)
    snug_screen_share_stop (share);
  else if (g_str_equal (action, "call.toggle-share"))
    start_share (self);
}

static void
toggle_hand (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);

  if (self->call != NULL)
    snug_call_set_hand_raised (self->call, !snug_call_get_hand_raised (self->call));
}

static void
react (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);
  const char *emoji = g_variant_get_string (parameter, NULL);

  /* What the others do not see, oneself does not see either. */
  if (self->call == NULL || !snug_call_send_reaction (self->call, emoji))
    return;
  snug_video_tile_react (SNUG_VIDEO_TILE (self->self_tile), emoji);
  snug_video_tile_react (SNUG_VIDEO_TILE (snug_tile_area_get_own_tile (self->tiles)), emoji);
}

static void
invite (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);
  SnugInvitation *invitation;

  if (self->call == NULL)
    return;
  invitation = snug_invite_window_open (widget, snug_call_get_room (self->call), self->address, self->hosted,
                                        self->on_network);
  g_signal_connect_object (invitation, "copied", G_CALLBACK (snug_call_page_toast), self, G_CONNECT_SWAPPED);
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
reconnect (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);

  if (self->call != NULL)
    snug_call_reconnect_now (self->call);
}

static void
move_own_picture (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);

  if (gtk_widget_get_mapped (GTK_WIDGET (self->self_view)))
    snug_self_view_move (self->self_view, (GtkDirectionType) g_variant_get_int32 (parameter));
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
  gtk_widget_class_install_action (widget_class, "call.share-screen", "s", share_screen);
  gtk_widget_class_install_action (widget_class, "call.toggle-share", NULL, change_share);
  gtk_widget_class_install_action (widget_class, "call.stop-sharing", NULL, change_share);
  gtk_widget_class_install_action (widget_class, "call.continue-sharing", NULL, change_share);
  gtk_widget_class_install_action (widget_class, "call.toggle-hand", NULL, toggle_hand);
  gtk_widget_class_install_action (widget_class, "call.react", "s", react);
  gtk_widget_class_install_action (widget_class, "call.invite", NULL, invite);
  gtk_widget_class_install_action (widget_class, "call.toggle-layout", NULL, toggle_layout);
  gtk_widget_class_install_action (widget_class, "call.reconnect", NULL, reconnect);
  gtk_widget_class_install_action (widget_class, "call.leave", NULL, leave);
  gtk_widget_class_install_action (widget_class, "call.move-own-picture", "i", move_own_picture);
  gtk_widget_class_install_action (widget_class, "call.next-region", NULL, snug_call_page_go_to_region);
  gtk_widget_class_install_action (widget_class, "call.previous-region", NULL, snug_call_page_go_to_region);
}

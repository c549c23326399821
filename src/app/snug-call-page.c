/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-call-page-private.h"

#include "snug-format.h"
#include "snug-tile-person.h"
#include "snug-toast.h"

#include <glib/gi18n.h>

enum
{
  TOAST,
  PEER_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SnugCallPage, snug_call_page, GTK_TYPE_WIDGET)

gboolean
snug_call_page_get_narrow (SnugCallPage *self)
{
  return snug_split_layout_get_narrow (SNUG_SPLIT_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))));
}

static void
update_clock (SnugCallPage *self)
{
  SnugCallState state = self->call != NULL ? snug_call_get_state (self->call) : SNUG_CALL_IDLE;
  g_autofree char *time = NULL;

  if (state == SNUG_CALL_JOINED && snug_call_page_get_n_peers (self) == 0)
    time = g_strdup (_ ("Waiting for others"));
  else if (state == SNUG_CALL_JOINED)
    time = snug_format_duration ((g_get_monotonic_time () - self->joined_time) / G_USEC_PER_SEC);
  else if (state == SNUG_CALL_LEAVING || state == SNUG_CALL_LEFT)
    time = g_strdup (_ ("Leaving…"));
  else
    time = g_strdup (_ ("Joining…"));
  gtk_label_set_label (self->time_label, time);
}

/* How it is with the one it is worst with. */
static SnugVerdict
judge_all (SnugCallPage *self)
{
  SnugVerdict worst = SNUG_VERDICT_UNKNOWN;

  for (guint i = 0; i < self->known->len; i++)
    {
      SnugPeer *peer = g_ptr_array_index (self->known, i);
      SnugStatsSample *latest = snug_stats_get_latest (snug_peer_get_stats (peer));

      if (latest != NULL && snug_peer_get_state (peer) == SNUG_PEER_CONNECTED)
        worst = MAX (worst, snug_stats_verdict_judge (snug_stats_sample_get_values (latest)));
    }
  return worst;
}

static gboolean
on_clock (gpointer user_data)
{
  SnugCallPage *self = SNUG_CALL_PAGE (user_data);

  if (self->known->len > 0)
    {
      self->last_time = g_get_monotonic_time ();
      snug_call_tally_note (&self->tally, judge_all (self));
    }
  update_clock (self);
  return G_SOURCE_CONTINUE;
}

static void
update_chrome (SnugCallPage *self)
{
  snug_call_chrome_set_may_hide (self->chrome, self->fullscreen || snug_tile_area_get_full_stage (self->tiles));
}

void
snug_call_page_update (SnugCallPage *self)
{
  SnugCallState state = self->call != NULL ? snug_call_get_state (self->call) : SNUG_CALL_IDLE;
  gboolean joined = state == SNUG_CALL_JOINED;
  gboolean narrow = snug_call_page_get_narrow (self);
  guint n = snug_call_page_get_n_peers (self);
  SnugSpotlight *spotlight = snug_tile_area_get_spotlight (self->tiles);
  g_autofree char *count = g_strdup_printf ("%u", n + 1);
  g_autofree char *people = g_strdup_printf (g_dngettext (NULL, "%u person", "%u people", n + 1), n + 1);

  if (joined && n > 0 && self->joined_time == 0)
    self->joined_time = g_get_monotonic_time ();
  if (joined && n > 0)
    self->last_time = g_get_monotonic_time ();

  gtk_widget_set_visible (self->joining_box, !joined && state != SNUG_CALL_LEAVING && state != SNUG_CALL_LEFT);
  gtk_widget_set_visible (GTK_WIDGET (self->invitation), joined && n == 0);
  if (n == 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->stage), "waiting");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->stage), "waiting");
  snug_invitation_set_left_behind (self->invitation, self->people->len > 0);
  /* One floats as long as nobody stands in rows. */
  gtk_widget_set_visible (GTK_WIDGET (self->self_view), joined && !self->own_hidden
                          && (n == 0 || snug_spotlight_get_mode (spotlight) == SNUG_SPOTLIGHT_FILL));
  snug_self_view_set_size (self->self_view,
                           narrow                                   ? SNUG_SELF_VIEW_SMALL
                           : self->panel_shown != SNUG_PANEL_NONE ? SNUG_SELF_VIEW_MEDIUM
                                                                  : SNUG_SELF_VIEW_LARGE);
  gtk_widget_set_visible (self->people_box, joined);
  gtk_label_set_label (self->people_label, count);
  gtk_widget_set_tooltip_text (self->people_box, people);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->people_box), GTK_ACCESSIBLE_PROPERTY_LABEL, people, -1);

  update_clock (self);
  update_chrome (self);
  snug_call_page_update_buttons (self);
}

static void
on_narrow (SnugCallPage *self)
{
  gboolean narrow = snug_call_page_get_narrow (self);

  gtk_widget_set_visible (self->connection_button, !narrow);
  gtk_widget_set_visible (self->fullscreen_button, !narrow);
  gtk_widget_set_visible (self->share_button, !narrow);
  gtk_widget_set_visible (self->hand_button, !narrow);
  adw_header_bar_set_decoration_layout (self->header, narrow ? ":close" : NULL);
  snug_invitation_set_narrow (self->invitation, narrow);
  snug_notice_set_narrow (self->notice, narrow);
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  snug_call_page_update (self);
}

/* Where the self view goes, over everything else. */
static gboolean
on_get_child_position (GtkOverlay *stage, GtkWidget *child, GdkRectangle *allocation, gpointer user_data)
{
  SnugCallPage *self = SNUG_CALL_PAGE (user_data);
  int bar_width, bar_height;

  if (child != GTK_WIDGET (self->self_view))
    return FALSE;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_measure (self->bar, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &bar_width, NULL, NULL);
  gtk_widget_measure (self->bar, GTK_ORIENTATION_VERTICAL, -1, NULL, &bar_height, NULL, NULL);
  /* The bar's margin is part of its height. */
  snug_self_view_get_place (self->self_view,
                            gtk_widget_get_width (GTK_WIDGET (stage)),
                            gtk_widget_get_height (GTK_WIDGET (stage)),
                            bar_width,
                            bar_height - gtk_widget_get_margin_bottom (self->bar),
                            allocation);
  return TRUE;
}

void
snug_call_page_emit_toast (SnugCallPage *self, const char *sentence)
{
  g_signal_emit (self, signals[TOAST], 0, sentence);
}

void
snug_call_page_emit_peer_failed (SnugCallPage *self, SnugPeer *peer)
{
  g_signal_emit (self, signals[PEER_FAILED], 0, peer);
}

static void
on_panel_notice (SnugCallPage *self, const char *sentence, GtkWidget *panel)
{
  snug_call_page_toast (self, sentence);
}

static void
snug_call_page_dispose (GObject *object)
{
  SnugCallPage *self = SNUG_CALL_PAGE (object);

  if (self->call_signals != NULL)
    snug_call_page_set_call (self, NULL, NULL, FALSE);
  g_clear_handle_id (&self->clock_id, g_source_remove);
  g_clear_object (&self->settings);
  g_clear_object (&self->chrome);
  g_clear_object (&self->panel_animation);
  g_clear_object (&self->call_signals);
  g_clear_object (&self->peers_signals);
  g_clear_object (&self->media_signals);
  g_clear_object (&self->share_signals);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (snug_call_page_parent_class)->dispose (object);
}

static void
snug_call_page_finalize (GObject *object)
{
  SnugCallPage *self = SNUG_CALL_PAGE (object);

  g_ptr_array_unref (self->known);
  g_ptr_array_unref (self->people);
  g_free (self->address);
  G_OBJECT_CLASS (snug_call_page_parent_class)->finalize (object);
}

static void
snug_call_page_class_init (SnugCallPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_call_page_dispose;
  object_class->finalize = snug_call_page_finalize;

  signals[TOAST] = g_signal_new ("toast", SNUG_TYPE_CALL_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[PEER_FAILED] = g_signal_new ("peer-failed", SNUG_TYPE_CALL_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, SNUG_TYPE_PEER);

  g_type_ensure (SNUG_TYPE_TILE_AREA);
  g_type_ensure (SNUG_TYPE_SELF_VIEW);
  g_type_ensure (SNUG_TYPE_NOTICE);
  g_type_ensure (SNUG_TYPE_CHAT_PANEL);
  g_type_ensure (SNUG_TYPE_STATS_PANEL);
  g_type_ensure (SNUG_TYPE_INVITATION);
  g_type_ensure (SNUG_TYPE_MORE_MENU);
  g_type_ensure (SNUG_TYPE_REACTION_MENU);
  g_type_ensure (SNUG_TYPE_SHARE_MENU);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-call-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, stage_toasts);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, stage);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, tiles);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, self_view);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, joining_box);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, joining_label);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, invitation);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, header);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, room_label);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, time_label);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, people_box);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, people_label);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, layout_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, fullscreen_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, bar);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, microphone_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, camera_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, chat_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, chat_badge);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, connection_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, more_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, more_menu);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, share_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, share_menu);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, hand_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, reaction_menu);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, leave_button);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, notice);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, panel);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, panel_header);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, panel_title);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, panel_heading);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, panel_close);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, panel_stack);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, chat_panel);
  gtk_widget_class_bind_template_child (widget_class, SnugCallPage, stats_panel);
  gtk_widget_class_bind_template_callback_full (widget_class, "on_message", G_CALLBACK (snug_call_page_on_message));
  gtk_widget_class_bind_template_callback (widget_class, on_panel_notice);
  gtk_widget_class_set_layout_manager_type (widget_class, SNUG_TYPE_SPLIT_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "callpage");

  snug_call_page_install_actions (widget_class);
}

/* One's own hand, on one's own picture. */
static void
on_hand_raised (SnugCallPage *self)
{
  gboolean raised = snug_call_get_hand_raised (self->call);

  g_object_set (snug_video_tile_get_chips (SNUG_VIDEO_TILE (self->self_tile)), "hand-raised", raised, NULL);
  g_object_set (snug_video_tile_get_chips (SNUG_VIDEO_TILE (snug_tile_area_get_own_tile (self->tiles))),
                "hand-raised", raised, NULL);
  snug_call_page_update_buttons (self);
}

static void
on_talking (SnugCallPage *self)
{
  if (self->notices != NULL)
    snug_call_notices_set_talking (self->notices, snug_push_to_talk_get_talking (self->push_to_talk));
}

static void
snug_call_page_init (SnugCallPage *self)
{
  self->known = g_ptr_array_new_with_free_func (g_object_unref);
  self->people = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (self->stage, "get-child-position", G_CALLBACK (on_get_child_position), self, 0);
  g_signal_connect_object (gtk_widget_get_layout_manager (GTK_WIDGET (self)), "notify::narrow",
                           G_CALLBACK (on_narrow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tiles, "notify::full-stage", G_CALLBACK (update_chrome), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (snug_tile_area_get_spotlight (self->tiles), "changed", G_CALLBACK (snug_call_page_update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chat_panel, "notify::unread", G_CALLBACK (snug_call_page_update_buttons), self,
                           G_CONNECT_SWAPPED);
  snug_toast_name_buttons (self->stage_toasts);
  snug_chat_panel_add_drop_area (self->chat_panel, GTK_WIDGET (self->stage));
  self->chrome = snug_call_chrome_new (GTK_WIDGET (self->stage), GTK_WIDGET (self->header), self->bar,
                                       self->notice);

  self->call_signals = g_signal_group_new (SNUG_TYPE_CALL);
  g_signal_group_connect_swapped (self->call_signals, "notify::state", G_CALLBACK (snug_call_page_update), self);
  self->peers_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->peers_signals, "items-changed", G_CALLBACK (snug_call_page_on_peers_changed), self);
  self->media_signals = g_signal_group_new (SNUG_TYPE_LOCAL_MEDIA);
  g_signal_group_connect_swapped (self->media_signals, "notify::audio-enabled",
                                  G_CALLBACK (snug_call_page_update_buttons), self);
  g_signal_group_connect_swapped (self->media_signals, "notify::video-enabled",
                                  G_CALLBACK (snug_call_page_update_buttons), self);
  self->share_signals = g_signal_group_new (SNUG_TYPE_SCREEN_SHARE);
  g_signal_group_connect_swapped (self->share_signals, "notify::state", G_CALLBACK (snug_call_page_update_buttons), self);
  g_signal_group_connect_swapped (self->call_signals, "notify::hand-raised", G_CALLBACK (on_hand_raised), self);
  g_signal_group_connect_swapped (self->call_signals, "refused", G_CALLBACK (snug_call_page_on_refused), self);
  on_narrow (self);
}

/* What is kept of this call, and what the person wants of it. */
static void
follow_settings (SnugCallPage *self)
{
  if (self->settings == NULL)
    return;
  g_settings_bind (self->settings, "mirror-self", self->self_tile, "mirrored", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "mirror-self", snug_tile_area_get_own_tile (self->tiles), "mirrored", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "screen-restore-token", snug_call_get_screen_share (self->call), "restore-token",
                   G_SETTINGS_BIND_DEFAULT);
}

void
snug_call_page_set_on_network (SnugCallPage *self, gboolean on_network)
{
  g_return_if_fail (SNUG_IS_CALL_PAGE (self));

  self->on_network = on_network;
  snug_invitation_set_on_network (self->invitation, on_network);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "call.invite", self->address != NULL || on_network);
}

void
snug_call_page_set_call (SnugCallPage *self, SnugCall *call, const char *address, gboolean hosted)
{
  GListModel *peers;
  g_autofree char *joining = NULL;

  g_return_if_fail (SNUG_IS_CALL_PAGE (self));
  g_return_if_fail (call == NULL || SNUG_IS_CALL (call));

  g_clear_handle_id (&self->clock_id, g_source_remove);
  g_clear_object (&self->push_to_talk);
  g_clear_object (&self->notices);
  g_clear_object (&self->active_speaker);
  g_signal_group_set_target (self->share_signals, NULL);
  g_signal_group_set_target (self->call_signals, NULL);
  g_signal_group_set_target (self->peers_signals, NULL);
  g_signal_group_set_target (self->media_signals, NULL);
  snug_call_page_show_panel (self, SNUG_PANEL_NONE);
  snug_call_page_dismiss_toast (self, FALSE);
  snug_tile_area_set_people (self->tiles, NULL, NULL, NULL, NULL);
  snug_self_view_set_tile (self->self_view, NULL);
  snug_chat_panel_set_chat (self->chat_panel, NULL, NULL);
  snug_chat_panel_set_peers (self->chat_panel, NULL);
  snug_stats_panel_set_peers (self->stats_panel, NULL);
  snug_call_page_forget_people (self);
  snug_more_menu_set_call (self->more_menu, call);
  snug_share_menu_set_share (self->share_menu, call != NULL ? snug_call_get_screen_share (call) : NULL);
  self->self_tile = NULL;
  self->joined_time = 0;
  self->last_time = 0;
  self->tally = (SnugCallTally) { 0 };
  g_set_object (&self->call, call);
  snug_call_page_update_talk_key (self);
  if (call == NULL)
    return;

  peers = snug_call_get_peers (call);
  gtk_label_set_label (self->room_label, snug_call_get_room (call));
  g_free (self->address);
  self->address = g_strdup (address);
  self->hosted = hosted;
  /* By hand there is nowhere to invite to. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "call.invite", address != NULL || self->on_network);
  snug_invitation_set_room (self->invitation, snug_call_get_room (call), address, hosted);
  /* Translators: a room name */
  joining = g_strdup_printf (_ ("Joining %s…"), snug_call_get_room (call));
  gtk_label_set_label (self->joining_label, joining);

  snug_tile_area_set_people (self->tiles, peers, G_OBJECT (call), snug_call_get_local_media (call),
                             snug_call_get_display_name (call));
  self->active_speaker = snug_active_speaker_new (peers);
  g_object_bind_property (self->active_speaker, "peer", snug_tile_area_get_spotlight (self->tiles), "speaker",
                          G_BINDING_SYNC_CREATE);
  self->self_tile = snug_tile_person_new_own (snug_call_get_local_media (call), snug_call_get_display_name (call));
  snug_self_view_set_tile (self->self_view, self->self_tile);
  follow_settings (self);
  snug_chat_panel_set_chat (self->chat_panel, snug_call_get_chat (call), G_OBJECT (call));
  snug_chat_panel_set_peers (self->chat_panel, peers);
  snug_stats_panel_set_peers (self->stats_panel, peers);
  g_signal_group_set_target (self->call_signals, call);
  g_signal_group_set_target (self->peers_signals, peers);
  g_signal_group_set_target (self->media_signals, snug_call_get_local_media (call));
  g_signal_group_set_target (self->share_signals, snug_call_get_screen_share (call));
  self->notices = snug_call_notices_new (call, self->notice);
  self->push_to_talk = snug_push_to_talk_new (snug_call_get_local_media (call));
  g_signal_connect_object (self->push_to_talk, "notify::talking", G_CALLBACK (on_talking), self, G_CONNECT_SWAPPED);
  self->clock_id = g_timeout_add_seconds (1, on_clock, self);
  snug_call_page_on_peers_changed (self, 0, 0, g_list_model_get_n_items (peers), peers);
}

SnugCall *
snug_call_page_get_call (SnugCallPage *self)
{
  g_return_val_if_fail (SNUG_IS_CALL_PAGE (self), NULL);
  return self->call;
}

SnugChatPanel *
snug_call_page_get_chat_panel (SnugCallPage *self)
{
  g_return_val_if_fail (SNUG_IS_CALL_PAGE (self), NULL);
  return self->chat_panel;
}

void
snug_call_page_set_fullscreen (SnugCallPage *self, gboolean fullscreen)
{
  g_return_if_fail (SNUG_IS_CALL_PAGE (self));

  if (self->fullscreen == fullscreen)
    return;
  self->fullscreen = fullscreen;
  update_chrome (self);
  snug_call_page_update_buttons (self);
}

void
snug_call_page_wake (SnugCallPage *self)
{
  g_return_if_fail (SNUG_IS_CALL_PAGE (self));
  snug_call_chrome_wake (self->chrome);
}

void
snug_call_page_focus_start (SnugCallPage *self)
{
  g_return_if_fail (SNUG_IS_CALL_PAGE (self));
  gtk_widget_grab_focus (self->microphone_button);
}

void
snug_call_page_set_devices (SnugCallPage *self, SnugDevices *devices)
{
  g_return_if_fail (SNUG_IS_CALL_PAGE (self));
  snug_more_menu_set_devices (self->more_menu, devices);
  g_set_object (&self->settings, snug_devices_get_settings (devices));
  g_signal_connect_object (self->settings, "changed::push-to-talk-anywhere", G_CALLBACK (snug_call_page_update_talk_key),
                           self, G_CONNECT_SWAPPED);
}

SnugSpotlight *
snug_call_page_get_spotlight (SnugCallPage *self)
{
  g_return_val_if_fail (SNUG_IS_CALL_PAGE (self), NULL);
  return snug_tile_area_get_spotlight (self->tiles);
}

gint64
snug_call_page_get_length (SnugCallPage *self)
{
  g_return_val_if_fail (SNUG_IS_CALL_PAGE (self), 0);
  return (self->last_time - self->joined_time) / G_USEC_PER_SEC;
}

const SnugCallTally *
snug_call_page_get_tally (SnugCallPage *self)
{
  g_return_val_if_fail (SNUG_IS_CALL_PAGE (self), NULL);
  return &self->tally;
}

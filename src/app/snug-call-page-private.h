/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the call page share.
 */
#pragma once

#include "snug-active-speaker.h"
#include "snug-call-chrome.h"
#include "snug-call-notices.h"
#include "snug-call-page.h"
#include "snug-chat-panel.h"
#include "snug-notice.h"
#include "snug-self-view.h"
#include "snug-split-layout.h"
#include "snug-stats-panel.h"
#include "snug-tile-area.h"

#include <adwaita.h>

typedef enum
{
  SNUG_PANEL_NONE,
  SNUG_PANEL_CHAT,
  SNUG_PANEL_CONNECTION
} SnugPanel;

struct _SnugCallPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  AdwToastOverlay *stage_toasts;
  GtkOverlay *stage;
  SnugTileArea *tiles;
  SnugSelfView *self_view;
  GtkWidget *joining_box;
  GtkLabel *joining_label;
  GtkWidget *invitation;
  GtkLabel *invitation_title;
  GtkLabel *room_field;
  GtkWidget *address_box;
  GtkLabel *address_field;
  AdwHeaderBar *header;
  GtkLabel *room_label;
  GtkLabel *time_label;
  GtkWidget *people_box;
  GtkLabel *people_label;
  GtkWidget *layout_button;
  GtkWidget *fullscreen_button;
  GtkWidget *bar;
  GtkWidget *microphone_button;
  GtkWidget *camera_button;
  GtkWidget *chat_button;
  GtkLabel *chat_badge;
  GtkWidget *connection_button;
  GtkWidget *more_button;
  GtkWidget *menu_connection;
  GtkWidget *menu_fullscreen;
  GtkLabel *menu_own_label;
  GtkWidget *leave_button;
  SnugNotice *notice;
  GtkWidget *panel;
  AdwHeaderBar *panel_header;
  AdwWindowTitle *panel_title;
  GtkLabel *panel_heading;
  GtkWidget *panel_close;
  GtkStack *panel_stack;
  SnugChatPanel *chat_panel;
  SnugStatsPanel *stats_panel;

  /* Owned */
  SnugCall *call;
  GSignalGroup *call_signals;
  GSignalGroup *peers_signals;
  GSignalGroup *media_signals;
  SnugActiveSpeaker *active_speaker;
  SnugCallNotices *notices;
  SnugCallChrome *chrome;
  AdwAnimation *panel_animation;
  AdwToast *toast; /* the last one */
  GPtrArray *known;  /* (element-type SnugPeer): as in the list, to tell who left */
  GPtrArray *people; /* (element-type utf8): everybody who was here */
  char *address;

  SnugPanel panel_shown;
  guint clock_id;
  gint64 joined_time; /* monotonic microseconds, 0 before */
  gboolean fullscreen;
  gboolean own_hidden;
  gboolean toast_is_message;
};

/* In snug-call-page-actions.c */
void snug_call_page_install_actions (GtkWidgetClass *widget_class);
void snug_call_page_show_panel (SnugCallPage *self, SnugPanel panel);
void snug_call_page_update_buttons (SnugCallPage *self);

/* In snug-call-page.c */
void snug_call_page_update (SnugCallPage *self);
void snug_call_page_dismiss_toast (SnugCallPage *self, gboolean only_message);
gboolean snug_call_page_get_narrow (SnugCallPage *self);

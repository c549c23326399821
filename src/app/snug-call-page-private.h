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
#include "snug-call-tally.h"
#include "snug-chat-panel.h"
#include "snug-invitation.h"
#include "snug-more-menu.h"
#include "snug-notice.h"
#include "snug-global-shortcut.h"
#include "snug-push-to-talk.h"
#include "snug-reaction-menu.h"
#include "snug-self-view.h"
#include "snug-share-menu.h"
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
  SnugInvitation *invitation;
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
  GtkWidget *share_button;
  SnugShareMenu *share_menu;
  GtkWidget *hand_button;
  SnugReactionMenu *reaction_menu;
  GtkWidget *chat_button;
  GtkLabel *chat_badge;
  GtkWidget *connection_button;
  GtkWidget *more_button;
  SnugMoreMenu *more_menu;
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
  GSettings *settings; /* nullable: without devices */
  GSignalGroup *call_signals;
  GSignalGroup *peers_signals;
  GSignalGroup *media_signals;
  GSignalGroup *share_signals;
  SnugActiveSpeaker *active_speaker;
  SnugPushToTalk *push_to_talk;
  SnugGlobalShortcut *talk_key; /* nullable: not wanted */
  SnugCallNotices *notices;
  SnugCallChrome *chrome;
  AdwAnimation *panel_animation;
  GPtrArray *known;  /* (element-type SnugPeer): as in the list, to tell who left */
  GPtrArray *people; /* (element-type utf8): everybody who was here */
  SnugCallTally tally;

  GtkWidget *self_tile; /* borrowed: in the self view */
  SnugPanel panel_shown;
  guint clock_id;
  gint64 joined_time; /* when somebody else was there first, monotonic microseconds, 0 before */
  gint64 last_time;   /* and when somebody was last */
  gint64 space_time;  /* since when the space bar is held */
  char *address; /* the meeting point that others have to use, nullable */
  gboolean on_network;
  gboolean hosted;
  gboolean fullscreen;
  gboolean own_hidden;
  gboolean toast_is_message; /* the one said last */
};

/* In snug-call-page-actions.c */
void snug_call_page_install_actions (GtkWidgetClass *widget_class);
void snug_call_page_update_buttons (SnugCallPage *self);
/* The name says what a press does; the tooltip adds the key. */
void snug_call_page_name_button (GtkWidget *button, const char *name, const char *key);

/* In snug-call-page-panel.c */
void snug_call_page_show_panel (SnugCallPage *self, SnugPanel panel);
void snug_call_page_go_to_region (GtkWidget *widget, const char *action, GVariant *parameter);

/* In snug-call-page-talk.c: whether the desktop is to give a key, by the setting and the call. */
void snug_call_page_update_talk_key (SnugCallPage *self);

/* In snug-call-page-people.c: who comes, goes and says something. */
void snug_call_page_toast (SnugCallPage *self, const char *sentence);
void snug_call_page_on_refused (SnugCallPage *self, const char *id, const char *name, const GError *error);
void snug_call_page_on_message (SnugCallPage *self, SnugChatMessage *message, SnugChatPanel *panel);
void snug_call_page_on_peers_changed (SnugCallPage *self, guint position, guint removed, guint added, GListModel *peers);
void snug_call_page_forget_people (SnugCallPage *self);
void snug_call_page_dismiss_toast (SnugCallPage *self, gboolean only_message);
guint snug_call_page_get_n_peers (SnugCallPage *self);

/* In snug-call-page.c */
void snug_call_page_update (SnugCallPage *self);
void snug_call_page_emit_toast (SnugCallPage *self, const char *sentence);
void snug_call_page_emit_peer_failed (SnugCallPage *self, SnugPeer *peer);
gboolean snug_call_page_get_narrow (SnugCallPage *self);

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chat beside the stage.
 *
 * Properties: "unread" (guint, notify, read-only): messages from others since the panel was last looked at.
 * Signals: "message" (SnugChatMessage): a message came while the panel was closed. "notice" (char *): something can't be
 * sent, in a sentence.
 */
#pragma once

#include "snug-chat.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_CHAT_PANEL (snug_chat_panel_get_type ())
G_DECLARE_FINAL_TYPE (SnugChatPanel, snug_chat_panel, SNUG, CHAT_PANEL, GtkWidget)

/* chat: (nullable). tone_scope: (nullable): see snug_tone_for_peer(). */
void snug_chat_panel_set_chat (SnugChatPanel *self, SnugChat *chat, GObject *tone_scope);
/* Who is there to write and to read. peers: (nullable): a GListModel of SnugPeer. */
void snug_chat_panel_set_peers (SnugChatPanel *self, GListModel *peers);
/* Files dropped on area are offered to everybody, as those dropped on the panel. */
void snug_chat_panel_add_drop_area (SnugChatPanel *self, GtkWidget *area);
/* Whether the panel is open in front of the person. */
void snug_chat_panel_set_open (SnugChatPanel *self, gboolean open);
/* Whether somebody looks at the newest message now: open, at the end, and in the window in front. */
gboolean snug_chat_panel_is_seen (SnugChatPanel *self);
guint snug_chat_panel_get_unread (SnugChatPanel *self);
void snug_chat_panel_focus_composer (SnugChatPanel *self);

G_END_DECLS

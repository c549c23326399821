/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The messages of a chat, grouped into runs and days. Who is at the end stays there when one comes; who is not is told how many
 * stand below, by a button that uses the action "chat.to-end" of a widget around it.
 *
 * Property: "at-end" (gboolean, notify, read-only): the newest message can be seen.
 */
#pragma once

#include "snug-chat.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_CHAT_LIST (snug_chat_list_get_type ())
G_DECLARE_FINAL_TYPE (SnugChatList, snug_chat_list, SNUG, CHAT_LIST, GtkWidget)

/* chat: (nullable). tone_scope: (nullable): see snug_tone_for_peer(). */
void snug_chat_list_set_chat (SnugChatList *self, SnugChat *chat, GObject *tone_scope);
/* How many may have read what stands there. */
void snug_chat_list_set_n_others (SnugChatList *self, guint n_others);
/* Above which message the line "New" stands, from the next update on. message_id: (nullable): none. */
void snug_chat_list_set_first_unread (SnugChatList *self, const char *message_id);
/* Groups what can be seen anew, after messages came. */
void snug_chat_list_update (SnugChatList *self);
gboolean snug_chat_list_get_at_end (SnugChatList *self);
/* One more came that can't be seen. */
void snug_chat_list_count_below (SnugChatList *self);
void snug_chat_list_go_to_end (SnugChatList *self);

G_END_DECLS

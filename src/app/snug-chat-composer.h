/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a message is written: several lines, emoji, files. Enter sends, Shift+Enter starts a line.
 *
 * Signal: "notice" (char *): something can't be sent, in a sentence.
 */
#pragma once

#include "snug-chat.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_CHAT_COMPOSER (snug_chat_composer_get_type ())
G_DECLARE_FINAL_TYPE (SnugChatComposer, snug_chat_composer, SNUG, CHAT_COMPOSER, GtkWidget)

/* chat: (nullable). What was being written for another one goes. */
void snug_chat_composer_set_chat (SnugChatComposer *self, SnugChat *chat);
/* Offers files to everybody. files: (element-type GFile). */
void snug_chat_composer_offer (SnugChatComposer *self, GListModel *files);
/* Files dropped on area are offered. */
void snug_chat_composer_add_drop_area (SnugChatComposer *self, GtkWidget *area);
void snug_chat_composer_focus (SnugChatComposer *self);

G_END_DECLS

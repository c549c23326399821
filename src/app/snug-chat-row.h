/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One message in the chat panel: a bubble, and who, when and whether it arrived, as far as its neighbours leave
 * that to say.
 *
 * Signal: "retry": the person wants to send a message again that was not sent.
 */
#pragma once

#include "snug-chat-message.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Where a message stands among its neighbours. */
typedef struct
{
  gboolean first_of_day;
  gboolean first_unread;
  gboolean first_of_run; /* the one before is somebody else's, or older */
  gboolean last_of_run;
  guint tone;
  guint n_others; /* people who could read it */
} SnugChatRowContext;

#define SNUG_TYPE_CHAT_ROW (snug_chat_row_get_type ())
G_DECLARE_FINAL_TYPE (SnugChatRow, snug_chat_row, SNUG, CHAT_ROW, GtkWidget)

GtkWidget *snug_chat_row_new (void);
/* message: (nullable): NULL when the row is not used at the moment. */
void snug_chat_row_set_message (SnugChatRow *self, SnugChatMessage *message);
SnugChatMessage *snug_chat_row_get_message (SnugChatRow *self);
void snug_chat_row_set_context (SnugChatRow *self, const SnugChatRowContext *context);

/* What can be done with the message. */
void snug_chat_row_popup_menu (SnugChatRow *self);

/* Whether two neighbours belong together: same sender, a few minutes apart at most. Either may be NULL. */
gboolean snug_chat_row_same_run (SnugChatMessage *before, SnugChatMessage *after);
gboolean snug_chat_row_same_day (SnugChatMessage *before, SnugChatMessage *after);
/* "10:03, delivered", "10:03, read by 3", "Sending…". n_others: as above. Returns: (transfer full). */
char *snug_chat_row_format_meta (SnugChatMessage *message, guint n_others);
/* On one line, for toasts and notifications: "Can you hear me?" or "Trail map.pdf (9.6 MB)". Returns: (transfer full): clean. */
char *snug_chat_row_summarize (SnugChatMessage *message);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One line of chat.
 *
 * Properties: "id", "sender-id" (NULL: from here), "sender-name", "text" (string), "time" (GDateTime, local),
 * "outgoing" (gboolean): construct-only. "state" (SnugChatMessageState, notify).
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SnugChatMessageState:
 * @SNUG_CHAT_MESSAGE_SENDING: not everybody who was in the room has acknowledged it
 * @SNUG_CHAT_MESSAGE_DELIVERED: everybody has
 * @SNUG_CHAT_MESSAGE_NOT_SENT: nobody got it; it can be sent again
 * @SNUG_CHAT_MESSAGE_RECEIVED: came from somebody else
 */
typedef enum
{
  SNUG_CHAT_MESSAGE_SENDING,
  SNUG_CHAT_MESSAGE_DELIVERED,
  SNUG_CHAT_MESSAGE_NOT_SENT,
  SNUG_CHAT_MESSAGE_RECEIVED
} SnugChatMessageState;

#define SNUG_TYPE_CHAT_MESSAGE_STATE (snug_chat_message_state_get_type ())
GType snug_chat_message_state_get_type (void);

#define SNUG_TYPE_CHAT_MESSAGE (snug_chat_message_get_type ())
G_DECLARE_FINAL_TYPE (SnugChatMessage, snug_chat_message, SNUG, CHAT_MESSAGE, GObject)

const char *snug_chat_message_get_id (SnugChatMessage *self);
const char *snug_chat_message_get_sender_id (SnugChatMessage *self);
const char *snug_chat_message_get_sender_name (SnugChatMessage *self);
const char *snug_chat_message_get_text (SnugChatMessage *self);
GDateTime *snug_chat_message_get_time (SnugChatMessage *self);
gboolean snug_chat_message_get_outgoing (SnugChatMessage *self);
SnugChatMessageState snug_chat_message_get_state (SnugChatMessage *self);

G_END_DECLS

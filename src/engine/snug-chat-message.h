/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One line of chat.
 *
 * Properties: "id", "sender-id" (NULL: from here), "sender-name" (never NULL, may be empty), "text" (string), "time"
 * (GDateTime, local): construct-only. "outgoing" (gboolean): whether "sender-id" is NULL. "state"
 * (SnugChatMessageState, notify): set by the chat. "read-count" (guint, notify): how many people have seen an outgoing
 * line. "transfer" (SnugFileTransfer, nullable): the line is a file on its way, and "text" its name.
 */
#pragma once

#include "snug-file-transfer.h"

G_BEGIN_DECLS

/**
 * SnugChatMessageState:
 * @SNUG_CHAT_MESSAGE_SENDING: not everybody who was in the room has acknowledged it
 * @SNUG_CHAT_MESSAGE_DELIVERED: everybody who is still there has
 * @SNUG_CHAT_MESSAGE_NOT_SENT: nobody got it, or it was given up for somebody; it can be sent again
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
guint snug_chat_message_get_read_count (SnugChatMessage *self);
/* Returns: (transfer none) (nullable). */
SnugFileTransfer *snug_chat_message_get_transfer (SnugChatMessage *self);

/* For the chat that owns it. sender_id: NULL for an outgoing message. The time is now. Returns: (transfer full). */
SnugChatMessage *snug_chat_message_new (const char *id,
                                        const char *sender_id,
                                        const char *sender_name,
                                        const char *text,
                                        SnugChatMessageState state);
/* A line that is a file: outgoing and DELIVERED, or RECEIVED. Returns: (transfer full). */
SnugChatMessage *snug_chat_message_new_transfer (const char *id,
                                                 const char *sender_id,
                                                 const char *sender_name,
                                                 SnugFileTransfer *transfer);
void snug_chat_message_set_state (SnugChatMessage *self, SnugChatMessageState state);
/* One more person has seen it. */
void snug_chat_message_add_reader (SnugChatMessage *self);
/* The place among the outgoing lines of one chat, from 1; 0: none. */
guint64 snug_chat_message_get_serial (SnugChatMessage *self);
void snug_chat_message_set_serial (SnugChatMessage *self, guint64 serial);

G_END_DECLS

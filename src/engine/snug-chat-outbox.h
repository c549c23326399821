/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What goes out of a SnugChat to everybody in the room: each message to each peer, in order, as far as its channel takes it,
 * and again after that was away; acknowledgements and what has been read. Any of it can call back into the chat.
 */
#pragma once

#include "snug-chat-peer.h"
#include "snug-chat.h"

G_BEGIN_DECLS

typedef struct _SnugChatOutbox SnugChatOutbox;

/* Returns: (transfer full). */
SnugChatOutbox *snug_chat_outbox_new (SnugChatSendFunc send, gpointer user_data);
void snug_chat_outbox_free (SnugChatOutbox *self);

/* Returns: (transfer none) (nullable). */
SnugChatPeer *snug_chat_outbox_find_peer (SnugChatOutbox *self, const char *peer_id);
/* Returns: (transfer none). */
SnugChatPeer *snug_chat_outbox_ensure_peer (SnugChatOutbox *self, const char *peer_id);
/* Gives up what waits for this one. */
void snug_chat_outbox_remove_peer (SnugChatOutbox *self, const char *peer_id);

/* The number of one more message of ours, from 1 on. */
guint64 snug_chat_outbox_take_serial (SnugChatOutbox *self);
/* Everybody in the room becomes a recipient of the message, whether their channel is open now or opens again. */
void snug_chat_outbox_deliver (SnugChatOutbox *self, SnugChatMessage *message);
/* The message is of no interest any more. */
void snug_chat_outbox_forget (SnugChatOutbox *self, SnugChatMessage *message);
/* Sends what waits for this peer. */
void snug_chat_outbox_flush (SnugChatOutbox *self, SnugChatPeer *peer);
/* Tells everybody that their newest line has been seen. */
void snug_chat_outbox_say_read (SnugChatOutbox *self);

/* At once or not at all. To one: FALSE when it can't be sent now. */
gboolean snug_chat_outbox_send (SnugChatOutbox *self, const char *peer_id, SnugPeerMessage *message);
void snug_chat_outbox_say (SnugChatOutbox *self, SnugPeerMessage *message);

/* Gives up everything, and sends no more. */
void snug_chat_outbox_close (SnugChatOutbox *self);

G_END_DECLS

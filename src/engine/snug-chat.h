/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chat of one call: a GListModel of SnugChatMessage, oldest first. Carried on every peer's data channel,
 * acknowledged by each. Main context.
 */
#pragma once

#include "snug-chat-message.h"
#include "snug-file-pace.h"
#include "snug-peer-message.h"

G_BEGIN_DECLS

#define SNUG_TYPE_CHAT (snug_chat_get_type ())
G_DECLARE_FINAL_TYPE (SnugChat, snug_chat, SNUG, CHAT, GObject)

/* Sends text to everybody in the room; with nobody there it becomes NOT_SENT at once. Leading and trailing white
 * space goes; FALSE when nothing is left or it is longer than SNUG_CHAT_TEXT_MAX_BYTES or not UTF-8. */
gboolean snug_chat_send (SnugChat *self, const char *text);
/* Sends a NOT_SENT message again. */
void snug_chat_retry (SnugChat *self, SnugChatMessage *message);

/* Says that a line is being written, or not any more; to be called at every change of it, however often: what goes out
 * is bounded, and it is over by itself when no call comes. */
void snug_chat_set_typing (SnugChat *self, gboolean typing);
/* Everything received so far has been seen: said to those who sent it. */
void snug_chat_mark_read (SnugChat *self);

/* Offers a file to everybody in the room: one line of chat, with a SnugFileTransfer. file: a regular file of at most
 * SNUG_FILE_MAX_BYTES that can be read. FALSE with a SNUG_FILE_ERROR when it is not, or there is nobody. */
gboolean snug_chat_offer_file (SnugChat *self, GFile *file, GError **error);

/* Goes on with the files that were accepted and not finished when the call before this one ended, as soon as the same
 * people are there: they become lines of this chat. previous: its call is over; files that nobody adopts end with it. */
void snug_chat_adopt_files (SnugChat *self, SnugChat *previous);

/* How many messages are kept; the oldest go. */
#define SNUG_CHAT_MAX_MESSAGES 2000
/* How many messages may wait for one peer's acknowledgement; the oldest are given up. */
#define SNUG_CHAT_MAX_PENDING 256

/* Sends the text of a received message to everybody. Its id says that it is an echo, so that programs which echo
 * do not echo each other for ever. FALSE when the message is an echo itself. */
gboolean snug_chat_echo (SnugChat *self, SnugChatMessage *received);

/* For the call that owns the chat. send: how a peer message gets onto one peer's data channel; FALSE when
 * it can't now. */
typedef gboolean (*SnugChatSendFunc) (const char *peer_id, SnugPeerMessage *message, gpointer user_data);
SnugChat *snug_chat_new (SnugChatSendFunc send, gpointer user_data);
/* Files can be sent and received from now on. send_chunk: as send, for binary messages. get_name: a peer's name, nullable.
 * Both get the user data of send. */
typedef gboolean (*SnugChatSendChunkFunc) (const char *peer_id, GBytes *chunk, gpointer user_data);
typedef const char *(*SnugChatNameFunc) (const char *peer_id, gpointer user_data);
void snug_chat_enable_files (SnugChat *self, SnugChatSendChunkFunc send_chunk, SnugChatNameFunc get_name);
/* So that files give way to the call. get_load: how the call with that peer fares; gets the user data of send, too. */
typedef gboolean (*SnugChatLoadFunc) (const char *peer_id, SnugPathLoad *load, gpointer user_data);
void snug_chat_set_load_func (SnugChat *self, SnugChatLoadFunc get_load);
/* A peer's channel opened (again): it counts as a recipient, and what it has not acknowledged goes out again. */
void snug_chat_peer_opened (SnugChat *self, const char *peer_id);
/* The channel closed but the peer may come back. */
void snug_chat_peer_closed (SnugChat *self, const char *peer_id);
/* The peer is gone: nobody waits for its acknowledgement. */
void snug_chat_peer_removed (SnugChat *self, const char *peer_id);
/* The call is over: nothing is sent from now on, and send is not called any more. */
void snug_chat_close (SnugChat *self);
/* A CHAT, CHAT_ACK, CHAT_READ or HELLO, or what belongs to a file, from a peer. A CHAT is acknowledged, and appended once however often it comes. */
void snug_chat_receive (SnugChat *self, const char *peer_id, const char *peer_name, SnugPeerMessage *message);

/* A binary message from a peer: a piece of a file. */
void snug_chat_receive_chunk (SnugChat *self, const char *peer_id, GBytes *chunk);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a SnugChat keeps of one peer: which messages wait for its acknowledgement, which of its own have been seen, which
 * acknowledgements it is owed. All of it bounded, whatever the peer does. Sends nothing itself.
 */
#pragma once

#include "snug-chat-message.h"

G_BEGIN_DECLS

/* One outgoing message on its way: shared by all whose acknowledgement is missing, and gone with the last of them.
 * Tells the message what became of it. */
typedef struct _SnugChatDelivery SnugChatDelivery;

SnugChatDelivery *snug_chat_delivery_new (SnugChatMessage *message);
void snug_chat_delivery_release (SnugChatDelivery *self);
/* When nobody's acknowledgement is missing: delivered, or not sent. */
void snug_chat_delivery_settle (SnugChatDelivery *self);

typedef struct
{
  char *id;
  gboolean open;     /* its channel */
  gboolean flushing; /* for the chat, against itself */

  /* Reading, both ways: the newest of the peer's lines and the last that it knows we have seen; the last of ours that
   * it has seen, by its serial. */
  char *newest;
  char *to_say_read; /* nullable */
  guint64 read_serial;

  GQueue pending;    /* SnugChatPending, in the order they were written */
  GHashTable *seen;  /* ids */
  GQueue seen_order; /* the keys of seen */
  GQueue owed;       /* ids */
} SnugChatPeer;

/* Returns: (transfer full). */
SnugChatPeer *snug_chat_peer_new (const char *id);
SnugChatPeer *snug_chat_peer_acquire (SnugChatPeer *self);
void snug_chat_peer_release (SnugChatPeer *self);

/* The peer's acknowledgement is waited for from now on. */
void snug_chat_peer_add (SnugChatPeer *self, SnugChatDelivery *delivery);
/* Gives up the oldest of more than SNUG_CHAT_MAX_PENDING. */
void snug_chat_peer_give_up_excess (SnugChatPeer *self);
/* Nobody waits for this peer any more. */
void snug_chat_peer_abandon (SnugChatPeer *self);
/* The message is of no interest any more, whatever becomes of it. */
void snug_chat_peer_forget (SnugChatPeer *self, SnugChatMessage *message);

/* The next message to send, marked as sent; NULL: none. Returns: (transfer full) (nullable). */
SnugChatMessage *snug_chat_peer_take_unsent (SnugChatPeer *self);
/* Sending did not work after all. */
void snug_chat_peer_untake (SnugChatPeer *self, SnugChatMessage *message);
/* Everything that was not acknowledged is to be sent again. */
void snug_chat_peer_untake_all (SnugChatPeer *self);
/* FALSE: nothing like that was sent. */
gboolean snug_chat_peer_acknowledge (SnugChatPeer *self, const char *message_id);

/* FALSE when the peer's message of that id has been seen before. */
gboolean snug_chat_peer_see (SnugChatPeer *self, const char *message_id);
/* Whether the message has been sent and waits for its acknowledgement, or to be sent. */
gboolean snug_chat_peer_is_pending (SnugChatPeer *self, SnugChatMessage *message);
/* It is owed an acknowledgement. */
void snug_chat_peer_owe (SnugChatPeer *self, const char *message_id);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-chat-outbox.h"

struct _SnugChatOutbox
{
  GHashTable *peers; /* id -> SnugChatPeer */
  SnugChatSendFunc send;
  gpointer user_data;
  guint64 n_messages;
};

static void
release_peer (gpointer peer)
{
  snug_chat_peer_release (peer);
}

/* What is done with peers can call back into here: over a copy. Returns: (transfer full). */
static GPtrArray *
copy_peers (SnugChatOutbox *self)
{
  GPtrArray *peers = g_ptr_array_new_with_free_func (release_peer);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (peers, snug_chat_peer_acquire (value));

  return peers;
}

SnugChatOutbox *
snug_chat_outbox_new (SnugChatSendFunc send, gpointer user_data)
{
  SnugChatOutbox *self = g_new0 (SnugChatOutbox, 1);

  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, release_peer);
  self->send = send;
  self->user_data = user_data;

  return self;
}

void
snug_chat_outbox_free (SnugChatOutbox *self)
{
  snug_chat_outbox_close (self);
  g_hash_table_unref (self->peers);
  g_free (self);
}

SnugChatPeer *
snug_chat_outbox_find_peer (SnugChatOutbox *self, const char *peer_id)
{
  return g_hash_table_lookup (self->peers, peer_id);
}

SnugChatPeer *
snug_chat_outbox_ensure_peer (SnugChatOutbox *self, const char *peer_id)
{
  SnugChatPeer *peer = g_hash_table_lookup (self->peers, peer_id);

  if (peer == NULL)
    {
      peer = snug_chat_peer_new (peer_id);
      /* What was said before is not for this one. */
      peer->read_serial = self->n_messages;
      g_hash_table_insert (self->peers, peer->id, peer);
    }

  return peer;
}

gboolean
snug_chat_outbox_send (SnugChatOutbox *self, const char *peer_id, SnugPeerMessage *message)
{
  return self->send != NULL && self->send (peer_id, message, self->user_data);
}

static void
flush_acknowledgements (SnugChatOutbox *self, SnugChatPeer *peer)
{
  char *id;

  while (peer->open && (id = g_queue_pop_head (&peer->owed)) != NULL)
    {
      g_autoptr (SnugPeerMessage) ack = snug_peer_message_new_chat_ack (id);

      if (!snug_chat_outbox_send (self, peer->id, ack))
        {
          g_queue_push_head (&peer->owed, id);
          return;
        }
      g_free (id);
    }
}

static void
flush_pending (SnugChatOutbox *self, SnugChatPeer *peer)
{
  while (peer->open)
    {
      g_autoptr (SnugChatMessage) message = snug_chat_peer_take_unsent (peer);
      g_autoptr (SnugPeerMessage) chat = NULL;

      if (message == NULL)
        return;

      chat = snug_peer_message_new_chat (snug_chat_message_get_id (message),
                                         snug_chat_message_get_text (message));
      if (!snug_chat_outbox_send (self, peer->id, chat))
        {
          snug_chat_peer_untake (peer, message);
          return;
        }
    }
}

static void
flush_read (SnugChatOutbox *self, SnugChatPeer *peer)
{
  g_autofree char *id = g_steal_pointer (&peer->to_say_read);
  g_autoptr (SnugPeerMessage) message = NULL;

  if (id == NULL)
    return;
  message = snug_peer_message_new_chat_read (id);
  if ((!peer->open || !snug_chat_outbox_send (self, peer->id, message)) && peer->to_say_read == NULL)
    peer->to_say_read = g_steal_pointer (&id);
}

void
snug_chat_outbox_flush (SnugChatOutbox *self, SnugChatPeer *peer)
{
  /* When an answer comes in the middle of this, the outer loop goes on with what it brought. */
  if (peer->flushing)
    return;

  snug_chat_peer_acquire (peer);
  peer->flushing = TRUE;
  flush_acknowledgements (self, peer);
  flush_pending (self, peer);
  flush_read (self, peer);
  peer->flushing = FALSE;
  snug_chat_peer_release (peer);
}

void
snug_chat_outbox_deliver (SnugChatOutbox *self, SnugChatMessage *message)
{
  SnugChatDelivery *delivery = snug_chat_delivery_new (message);
  g_autoptr (GPtrArray) peers = copy_peers (self);

  for (guint i = 0; i < peers->len; i++)
    snug_chat_peer_add (g_ptr_array_index (peers, i), delivery);

  for (guint i = 0; i < peers->len; i++)
    {
      SnugChatPeer *peer = g_ptr_array_index (peers, i);

      snug_chat_peer_give_up_excess (peer);
      snug_chat_outbox_flush (self, peer);
    }

  /* With nobody there it is over at once. */
  if (peers->len == 0)
    snug_chat_delivery_settle (delivery);
  snug_chat_delivery_release (delivery);
}

guint64
snug_chat_outbox_take_serial (SnugChatOutbox *self)
{
  return ++self->n_messages;
}

void
snug_chat_outbox_say (SnugChatOutbox *self, SnugPeerMessage *message)
{
  g_autoptr (GPtrArray) peers = copy_peers (self);

  for (guint i = 0; i < peers->len; i++)
    {
      SnugChatPeer *peer = g_ptr_array_index (peers, i);

      if (peer->open)
        snug_chat_outbox_send (self, peer->id, message);
    }
}

void
snug_chat_outbox_say_read (SnugChatOutbox *self)
{
  g_autoptr (GPtrArray) peers = copy_peers (self);

  for (guint i = 0; i < peers->len; i++)
    {
      SnugChatPeer *peer = g_ptr_array_index (peers, i);

      if (peer->newest == NULL)
        continue;
      g_free (peer->to_say_read);
      peer->to_say_read = g_steal_pointer (&peer->newest);
      snug_chat_outbox_flush (self, peer);
    }
}

void
snug_chat_outbox_forget (SnugChatOutbox *self, SnugChatMessage *message)
{
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    snug_chat_peer_forget (peer, message);
}

void
snug_chat_outbox_remove_peer (SnugChatOutbox *self, const char *peer_id)
{
  gpointer stolen;
  SnugChatPeer *peer;

  if (!g_hash_table_steal_extended (self->peers, peer_id, NULL, &stolen))
    return;

  peer = stolen;
  peer->open = FALSE;
  snug_chat_peer_abandon (peer);
  snug_chat_peer_release (peer);
}

void
snug_chat_outbox_close (SnugChatOutbox *self)
{
  g_autoptr (GPtrArray) peers = copy_peers (self);

  self->send = NULL;
  self->user_data = NULL;
  g_hash_table_remove_all (self->peers);
  for (guint i = 0; i < peers->len; i++)
    {
      SnugChatPeer *peer = g_ptr_array_index (peers, i);

      peer->open = FALSE;
      snug_chat_peer_abandon (peer);
    }
}

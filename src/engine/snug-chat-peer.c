/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-chat-peer.h"

#include <string.h>

#include "snug-chat.h"

/* Ids of one peer's messages that are remembered, so that a message sent twice shows once. More than a peer
 * that follows SNUG_CHAT_MAX_PENDING can send again. */
#define MAX_SEEN 1024
/* Acknowledgements that could not be sent yet. */
#define MAX_OWED SNUG_CHAT_MAX_PENDING

struct _SnugChatDelivery
{
  SnugChatMessage *message;
  guint n_pending;
  guint n_acknowledged;
  gboolean given_up;
};

/* One peer's part of a delivery. */
typedef struct
{
  SnugChatDelivery *delivery;
  gboolean sent;
} SnugChatPending;

SnugChatDelivery *
snug_chat_delivery_new (SnugChatMessage *message)
{
  SnugChatDelivery *self = g_rc_box_new0 (SnugChatDelivery);

  self->message = g_object_ref (message);

  return self;
}

static void
snug_chat_delivery_clear (gpointer data)
{
  SnugChatDelivery *self = data;

  g_clear_object (&self->message);
}

void
snug_chat_delivery_release (SnugChatDelivery *self)
{
  g_rc_box_release_full (self, snug_chat_delivery_clear);
}

void
snug_chat_delivery_settle (SnugChatDelivery *self)
{
  SnugChatMessageState state;

  if (self->n_pending > 0)
    return;

  state = self->n_acknowledged > 0 && !self->given_up ? SNUG_CHAT_MESSAGE_DELIVERED
                                                      : SNUG_CHAT_MESSAGE_NOT_SENT;
  snug_chat_message_set_state (self->message, state);
}

/* Takes one peer's part out of a delivery, and tells the message when it was the last. */
static void
snug_chat_pending_finish (SnugChatPending *pending)
{
  SnugChatDelivery *delivery = pending->delivery;

  g_free (pending);
  delivery->n_pending--;
  snug_chat_delivery_settle (delivery);
  snug_chat_delivery_release (delivery);
}

SnugChatPeer *
snug_chat_peer_new (const char *id)
{
  SnugChatPeer *self = g_rc_box_new0 (SnugChatPeer);

  self->id = g_strdup (id);
  g_queue_init (&self->pending);
  g_queue_init (&self->seen_order);
  g_queue_init (&self->owed);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

SnugChatPeer *
snug_chat_peer_acquire (SnugChatPeer *self)
{
  return g_rc_box_acquire (self);
}

static void
snug_chat_peer_clear (gpointer data)
{
  SnugChatPeer *self = data;

  g_assert (g_queue_is_empty (&self->pending));

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->newest, g_free);
  g_clear_pointer (&self->to_say_read, g_free);
  g_queue_clear (&self->seen_order);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_queue_clear_full (&self->owed, g_free);
}

void
snug_chat_peer_release (SnugChatPeer *self)
{
  g_rc_box_release_full (self, snug_chat_peer_clear);
}

static GList *
find_pending (SnugChatPeer *self, const char *message_id)
{
  for (GList *link = self->pending.head; link != NULL; link = link->next)
    {
      SnugChatPending *pending = link->data;

      if (strcmp (snug_chat_message_get_id (pending->delivery->message), message_id) == 0)
        return link;
    }

  return NULL;
}

void
snug_chat_peer_add (SnugChatPeer *self, SnugChatDelivery *delivery)
{
  SnugChatPending *pending = g_new0 (SnugChatPending, 1);

  pending->delivery = g_rc_box_acquire (delivery);
  delivery->n_pending++;
  g_queue_push_tail (&self->pending, pending);
}

void
snug_chat_peer_give_up_excess (SnugChatPeer *self)
{
  while (g_queue_get_length (&self->pending) > SNUG_CHAT_MAX_PENDING)
    {
      SnugChatPending *oldest = g_queue_pop_head (&self->pending);

      oldest->delivery->given_up = TRUE;
      snug_chat_pending_finish (oldest);
    }
}

void
snug_chat_peer_abandon (SnugChatPeer *self)
{
  SnugChatPending *pending;

  while ((pending = g_queue_pop_head (&self->pending)) != NULL)
    snug_chat_pending_finish (pending);
}

void
snug_chat_peer_forget (SnugChatPeer *self, SnugChatMessage *message)
{
  GList *link = find_pending (self, snug_chat_message_get_id (message));
  SnugChatPending *pending;

  if (link == NULL)
    return;

  pending = link->data;
  g_queue_delete_link (&self->pending, link);
  snug_chat_delivery_release (pending->delivery);
  g_free (pending);
}

gboolean
snug_chat_peer_is_pending (SnugChatPeer *self, SnugChatMessage *message)
{
  return find_pending (self, snug_chat_message_get_id (message)) != NULL;
}

SnugChatMessage *
snug_chat_peer_take_unsent (SnugChatPeer *self)
{
  for (GList *link = self->pending.head; link != NULL; link = link->next)
    {
      SnugChatPending *pending = link->data;

      if (pending->sent)
        continue;

      pending->sent = TRUE;
      return g_object_ref (pending->delivery->message);
    }

  return NULL;
}

void
snug_chat_peer_untake (SnugChatPeer *self, SnugChatMessage *message)
{
  GList *link = find_pending (self, snug_chat_message_get_id (message));

  if (link != NULL)
    ((SnugChatPending *) link->data)->sent = FALSE;
}

void
snug_chat_peer_untake_all (SnugChatPeer *self)
{
  for (GList *link = self->pending.head; link != NULL; link = link->next)
    ((SnugChatPending *) link->data)->sent = FALSE;
}

gboolean
snug_chat_peer_acknowledge (SnugChatPeer *self, const char *message_id)
{
  GList *link = find_pending (self, message_id);
  SnugChatPending *pending;

  if (link == NULL)
    return FALSE;

  pending = link->data;
  if (!pending->sent)
    return FALSE;

  g_queue_delete_link (&self->pending, link);
  pending->delivery->n_acknowledged++;
  snug_chat_pending_finish (pending);

  return TRUE;
}

gboolean
snug_chat_peer_see (SnugChatPeer *self, const char *message_id)
{
  char *key;

  if (g_hash_table_contains (self->seen, message_id))
    return FALSE;

  if (g_queue_get_length (&self->seen_order) >= MAX_SEEN)
    g_hash_table_remove (self->seen, g_queue_pop_head (&self->seen_order));

  key = g_strdup (message_id);
  g_hash_table_add (self->seen, key);
  g_queue_push_tail (&self->seen_order, key);

  return TRUE;
}

void
snug_chat_peer_owe (SnugChatPeer *self, const char *message_id)
{
  if (g_queue_get_length (&self->owed) < MAX_OWED)
    g_queue_push_tail (&self->owed, g_strdup (message_id));
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-chat.h"

#include <string.h>

#include "snug-chat-peer.h"
#include "snug-file-exchange.h"

#define ECHO_PREFIX "echo-"

/* A typing notice is said again after that time, as long as it goes on. */
#define TYPING_REPEAT_US (G_USEC_PER_SEC * SNUG_TYPING_SECONDS / 2)

struct _SnugChat
{
  GObject parent_instance;

  GPtrArray *messages;
  GHashTable *peers; /* id -> SnugChatPeer */

  SnugFileExchange *files;
  SnugFilePort *port; /* the exchange's way out: through here */

  SnugChatSendFunc send;
  SnugChatSendChunkFunc send_chunk;
  SnugChatNameFunc get_name;
  gpointer user_data;

  guint64 n_outgoing;
  gint64 typing_said_at; /* 0: nobody thinks that we are typing */
};

static void snug_chat_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugChat,
                               snug_chat,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, snug_chat_list_model_init))

static void on_file_offered (SnugChat *self,
                             SnugFileTransfer *transfer,
                             const char *id,
                             const char *peer_id,
                             const char *peer_name);

static SnugChatPeer *
ensure_peer (SnugChat *self, const char *peer_id)
{
  SnugChatPeer *peer = g_hash_table_lookup (self->peers, peer_id);

  if (peer == NULL)
    {
      peer = snug_chat_peer_new (peer_id);
      /* What was said before is not for this one. */
      peer->read_serial = self->n_outgoing;
      g_hash_table_insert (self->peers, peer->id, peer);
    }

  return peer;
}

static GType
snug_chat_get_item_type (GListModel *model)
{
  return SNUG_TYPE_CHAT_MESSAGE;
}

static guint
snug_chat_get_n_items (GListModel *model)
{
  return SNUG_CHAT (model)->messages->len;
}

static gpointer
snug_chat_get_item (GListModel *model, guint position)
{
  SnugChat *self = SNUG_CHAT (model);

  if (position >= self->messages->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->messages, position));
}

static void
snug_chat_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = snug_chat_get_item_type;
  iface->get_n_items = snug_chat_get_n_items;
  iface->get_item = snug_chat_get_item;
}

static void
release_peer (gpointer peer)
{
  snug_chat_peer_release (peer);
}

/* What is done with peers can call back into here: over a copy. Returns: (transfer full). */
static GPtrArray *
copy_peers (SnugChat *self)
{
  GPtrArray *peers = g_ptr_array_new_with_free_func (release_peer);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (peers, snug_chat_peer_acquire (value));

  return peers;
}

static void
snug_chat_dispose (GObject *object)
{
  SnugChat *self = SNUG_CHAT (object);

  snug_chat_close (self);

  G_OBJECT_CLASS (snug_chat_parent_class)->dispose (object);
}

static void
snug_chat_finalize (GObject *object)
{
  SnugChat *self = SNUG_CHAT (object);

  g_clear_object (&self->files);
  g_clear_pointer (&self->port, g_rc_box_release);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);

  G_OBJECT_CLASS (snug_chat_parent_class)->finalize (object);
}

static void
snug_chat_class_init (SnugChatClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_chat_dispose;
  object_class->finalize = snug_chat_finalize;
}

static void
snug_chat_init (SnugChat *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, release_peer);
  self->port = snug_file_port_new ();
  self->files = snug_file_exchange_new (g_rc_box_acquire (self->port));
  g_signal_connect_object (self->files, "offered", G_CALLBACK (on_file_offered), self, G_CONNECT_SWAPPED);
}

static gboolean
send_file_message (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  SnugChat *self = user_data;

  return self->send != NULL && self->send (peer_id, message, self->user_data);
}

static gboolean
send_file_chunk (const char *peer_id, GBytes *chunk, gpointer user_data)
{
  SnugChat *self = user_data;

  return self->send_chunk != NULL && self->send_chunk (peer_id, chunk, self->user_data);
}

void
snug_chat_enable_files (SnugChat *self, SnugChatSendChunkFunc send_chunk, SnugChatNameFunc get_name)
{
  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (send_chunk != NULL && get_name != NULL);

  self->send_chunk = send_chunk;
  self->get_name = get_name;
  self->port->send = send_file_message;
  self->port->send_chunk = send_file_chunk;
  self->port->user_data = self;
}

SnugChat *
snug_chat_new (SnugChatSendFunc send, gpointer user_data)
{
  SnugChat *self;

  g_return_val_if_fail (send != NULL, NULL);

  self = g_object_new (SNUG_TYPE_CHAT, NULL);
  self->send = send;
  self->user_data = user_data;

  return self;
}

static gboolean
send_to_peer (SnugChat *self, SnugChatPeer *peer, SnugPeerMessage *message)
{
  return self->send != NULL && self->send (peer->id, message, self->user_data);
}

static void
flush_acknowledgements (SnugChat *self, SnugChatPeer *peer)
{
  char *id;

  while (peer->open && (id = g_queue_pop_head (&peer->owed)) != NULL)
    {
      g_autoptr (SnugPeerMessage) ack = snug_peer_message_new_chat_ack (id);

      if (!send_to_peer (self, peer, ack))
        {
          g_queue_push_head (&peer->owed, id);
          return;
        }
      g_free (id);
    }
}

static void
flush_pending (SnugChat *self, SnugChatPeer *peer)
{
  while (peer->open)
    {
      g_autoptr (SnugChatMessage) message = snug_chat_peer_take_unsent (peer);
      g_autoptr (SnugPeerMessage) chat = NULL;

      if (message == NULL)
        return;

      chat = snug_peer_message_new_chat (snug_chat_message_get_id (message),
                                         snug_chat_message_get_text (message));
      if (!send_to_peer (self, peer, chat))
        {
          snug_chat_peer_untake (peer, message);
          return;
        }
    }
}

static void
flush_read (SnugChat *self, SnugChatPeer *peer)
{
  g_autofree char *id = g_steal_pointer (&peer->to_say_read);
  g_autoptr (SnugPeerMessage) message = NULL;

  if (id == NULL)
    return;
  message = snug_peer_message_new_chat_read (id);
  if ((!peer->open || !send_to_peer (self, peer, message)) && peer->to_say_read == NULL)
    peer->to_say_read = g_steal_pointer (&id);
}

/* Sends what waits for this peer, in order, as far as its channel takes it. */
static void
flush_peer (SnugChat *self, SnugChatPeer *peer)
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

static void
drop_oldest_message (SnugChat *self)
{
  g_autoptr (SnugChatMessage) message = g_object_ref (g_ptr_array_index (self->messages, 0));

  if (snug_chat_message_get_state (message) == SNUG_CHAT_MESSAGE_SENDING)
    {
      GHashTableIter iter;
      gpointer peer;

      g_hash_table_iter_init (&iter, self->peers);
      while (g_hash_table_iter_next (&iter, NULL, &peer))
        snug_chat_peer_forget (peer, message);
    }

  g_ptr_array_remove_index (self->messages, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 1, 0);
}

static void
append_message (SnugChat *self, SnugChatMessage *message)
{
  while (self->messages->len >= SNUG_CHAT_MAX_MESSAGES)
    drop_oldest_message (self);

  g_ptr_array_add (self->messages, g_object_ref (message));
  g_list_model_items_changed (G_LIST_MODEL (self), self->messages->len - 1, 0, 1);
}

/* Everybody in the room becomes a recipient of the message, whether their channel is open now or opens again. */
static void
deliver (SnugChat *self, SnugChatMessage *message)
{
  SnugChatDelivery *delivery = snug_chat_delivery_new (message);
  g_autoptr (GPtrArray) peers = copy_peers (self);

  for (guint i = 0; i < peers->len; i++)
    snug_chat_peer_add (g_ptr_array_index (peers, i), delivery);

  for (guint i = 0; i < peers->len; i++)
    {
      SnugChatPeer *peer = g_ptr_array_index (peers, i);

      snug_chat_peer_give_up_excess (peer);
      flush_peer (self, peer);
    }

  /* With nobody there it is over at once. */
  if (peers->len == 0)
    snug_chat_delivery_settle (delivery);
  snug_chat_delivery_release (delivery);
}

static char *
trim (const char *text)
{
  const char *start = text;
  const char *end = text + strlen (text);

  while (start < end && g_unichar_isspace (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  while (end > start)
    {
      const char *last = g_utf8_prev_char (end);

      if (!g_unichar_isspace (g_utf8_get_char (last)))
        break;
      end = last;
    }

  return g_strndup (start, end - start);
}

static gboolean
send_text (SnugChat *self, const char *text, const char *id_prefix)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *uuid = NULL;
  g_autofree char *id = NULL;
  g_autoptr (SnugChatMessage) message = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  trimmed = trim (text);
  if (*trimmed == '\0' || strlen (trimmed) > SNUG_CHAT_TEXT_MAX_BYTES)
    return FALSE;

  uuid = g_uuid_string_random ();
  id = g_strconcat (id_prefix, uuid, NULL);
  message = snug_chat_message_new (id, NULL, NULL, trimmed, SNUG_CHAT_MESSAGE_SENDING);
  snug_chat_message_set_serial (message, ++self->n_outgoing);
  /* The line itself ends the notice. */
  self->typing_said_at = 0;
  append_message (self, message);
  deliver (self, message);

  return TRUE;
}

gboolean
snug_chat_send (SnugChat *self, const char *text)
{
  g_return_val_if_fail (SNUG_IS_CHAT (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  return send_text (self, text, "");
}

gboolean
snug_chat_echo (SnugChat *self, SnugChatMessage *received)
{
  g_return_val_if_fail (SNUG_IS_CHAT (self), FALSE);
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (received), FALSE);

  if (g_str_has_prefix (snug_chat_message_get_id (received), ECHO_PREFIX))
    return FALSE;

  return send_text (self, snug_chat_message_get_text (received), ECHO_PREFIX);
}

void
snug_chat_set_typing (SnugChat *self, gboolean typing)
{
  g_autoptr (SnugPeerMessage) message = NULL;
  g_autoptr (GPtrArray) peers = NULL;
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (SNUG_IS_CHAT (self));

  if (typing ? self->typing_said_at != 0 && now - self->typing_said_at < TYPING_REPEAT_US
             : self->typing_said_at == 0)
    return;

  self->typing_said_at = typing ? now : 0;
  message = snug_peer_message_new_typing (typing);
  peers = copy_peers (self);
  for (guint i = 0; i < peers->len; i++)
    {
      SnugChatPeer *peer = g_ptr_array_index (peers, i);

      if (peer->open)
        send_to_peer (self, peer, message);
    }
}

void
snug_chat_mark_read (SnugChat *self)
{
  g_autoptr (GPtrArray) peers = NULL;

  g_return_if_fail (SNUG_IS_CHAT (self));

  peers = copy_peers (self);
  for (guint i = 0; i < peers->len; i++)
    {
      SnugChatPeer *peer = g_ptr_array_index (peers, i);

      if (peer->newest == NULL)
        continue;
      g_free (peer->to_say_read);
      peer->to_say_read = g_steal_pointer (&peer->newest);
      flush_peer (self, peer);
    }
}

gboolean
snug_chat_offer_file (SnugChat *self, GFile *file, GError **error)
{
  g_autoptr (SnugFileTransfer) transfer = NULL;
  g_autoptr (SnugChatMessage) message = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (SNUG_IS_CHAT (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  transfer = snug_file_exchange_offer (self->files, file, error);
  if (transfer == NULL)
    return FALSE;
  id = g_uuid_string_random ();
  message = snug_chat_message_new_transfer (id, NULL, NULL, transfer);
  append_message (self, message);

  return TRUE;
}

static void
on_file_offered (SnugChat *self,
                 SnugFileTransfer *transfer,
                 const char *id,
                 const char *peer_id,
                 const char *peer_name)
{
  g_autoptr (SnugChatMessage) message
      = snug_chat_message_new_transfer (id, peer_id, peer_name, transfer);

  append_message (self, message);
}

void
snug_chat_receive_chunk (SnugChat *self, const char *peer_id, GBytes *chunk)
{
  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (peer_id != NULL);
  g_return_if_fail (chunk != NULL);

  if (self->send != NULL)
    snug_file_exchange_receive_chunk (self->files, peer_id, chunk);
}

void
snug_chat_adopt_files (SnugChat *self, SnugChat *previous)
{
  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (SNUG_IS_CHAT (previous));
  g_return_if_fail (self != previous && previous->send == NULL);

  snug_file_exchange_adopt (self->files, previous->files);
  for (guint i = 0; i < previous->messages->len; i++)
    {
      SnugChatMessage *message = g_ptr_array_index (previous->messages, i);
      SnugFileTransfer *transfer = snug_chat_message_get_transfer (message);

      if (transfer != NULL
          && !snug_file_transfer_state_is_final (snug_file_transfer_get_state (transfer)))
        append_message (self, message);
    }
}

void
snug_chat_retry (SnugChat *self, SnugChatMessage *message)
{
  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (SNUG_IS_CHAT_MESSAGE (message));

  if (snug_chat_message_get_state (message) != SNUG_CHAT_MESSAGE_NOT_SENT)
    return;

  /* Whoever got it the first time knows its id and only acknowledges it again. */
  snug_chat_message_set_state (message, SNUG_CHAT_MESSAGE_SENDING);
  deliver (self, message);
}

void
snug_chat_peer_opened (SnugChat *self, const char *peer_id)
{
  SnugChatPeer *peer;

  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (peer_id != NULL);

  if (self->send == NULL)
    return;

  peer = ensure_peer (self, peer_id);
  peer->open = TRUE;
  snug_chat_peer_untake_all (peer);
  if (self->get_name != NULL)
    snug_file_exchange_opened (self->files, peer_id, self->get_name (peer_id, self->user_data));
  flush_peer (self, peer);
}

void
snug_chat_peer_closed (SnugChat *self, const char *peer_id)
{
  SnugChatPeer *peer;

  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (peer_id != NULL);

  peer = g_hash_table_lookup (self->peers, peer_id);
  if (peer != NULL)
    peer->open = FALSE;
  snug_file_exchange_closed (self->files, peer_id);
}

void
snug_chat_peer_removed (SnugChat *self, const char *peer_id)
{
  gpointer stolen;
  SnugChatPeer *peer;

  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (peer_id != NULL);

  snug_file_exchange_removed (self->files, peer_id);
  if (!g_hash_table_steal_extended (self->peers, peer_id, NULL, &stolen))
    return;

  peer = stolen;
  peer->open = FALSE;
  snug_chat_peer_abandon (peer);
  snug_chat_peer_release (peer);
}

static void
receive_chat (SnugChat *self,
              SnugChatPeer *peer,
              const char *peer_name,
              const char *id,
              const char *text)
{
  snug_chat_peer_owe (peer, id);
  if (snug_chat_peer_see (peer, id))
    {
      g_autoptr (SnugChatMessage) message
          = snug_chat_message_new (id, peer->id, peer_name, text, SNUG_CHAT_MESSAGE_RECEIVED);

      g_free (peer->newest);
      peer->newest = g_strdup (id);
      append_message (self, message);
    }

  flush_peer (self, peer);
}

/* The peer has seen this one of ours, and all before it. */
static void
receive_read (SnugChat *self, SnugChatPeer *peer, const char *id)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_object_unref);
  guint64 newest = 0;

  for (guint i = self->messages->len; i > 0; i--)
    {
      SnugChatMessage *message = g_ptr_array_index (self->messages, i - 1);
      guint64 serial = snug_chat_message_get_serial (message);

      if (serial == 0)
        continue;
      if (serial <= peer->read_serial)
        break;
      if (newest == 0 && strcmp (snug_chat_message_get_id (message), id) == 0)
        newest = serial;
      if (newest != 0 && !snug_chat_peer_is_pending (peer, message))
        g_ptr_array_add (seen, g_object_ref (message));
    }

  peer->read_serial = MAX (peer->read_serial, newest);
  for (guint i = seen->len; i > 0; i--)
    snug_chat_message_add_reader (g_ptr_array_index (seen, i - 1));
}

void
snug_chat_receive (SnugChat *self,
                   const char *peer_id,
                   const char *peer_name,
                   SnugPeerMessage *message)
{
  SnugChatPeer *peer;

  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (peer_id != NULL);
  g_return_if_fail (message != NULL);

  if (self->send == NULL)
    return;

  /* A message can overtake the news that its channel is open. */
  peer = snug_chat_peer_acquire (ensure_peer (self, peer_id));

  switch (snug_peer_message_get_kind (message))
    {
    case SNUG_PEER_MESSAGE_CHAT:
      receive_chat (self, peer, peer_name, snug_peer_message_get_chat_id (message),
                    snug_peer_message_get_text (message));
      break;

    case SNUG_PEER_MESSAGE_CHAT_ACK:
      /* The channel moves again: perhaps it now takes what it refused before. */
      if (snug_chat_peer_acknowledge (peer, snug_peer_message_get_chat_id (message)))
        flush_peer (self, peer);
      break;

    case SNUG_PEER_MESSAGE_CHAT_READ:
      receive_read (self, peer, snug_peer_message_get_chat_id (message));
      break;

    case SNUG_PEER_MESSAGE_HELLO:
    case SNUG_PEER_MESSAGE_FILE_OFFER:
    case SNUG_PEER_MESSAGE_FILE_ACCEPT:
    case SNUG_PEER_MESSAGE_FILE_DECLINE:
    case SNUG_PEER_MESSAGE_FILE_ACK:
    case SNUG_PEER_MESSAGE_FILE_DONE:
    case SNUG_PEER_MESSAGE_FILE_CANCEL:
      snug_file_exchange_receive (self->files, peer_id, peer_name, message);
      break;

    case SNUG_PEER_MESSAGE_DESCRIPTION:
    case SNUG_PEER_MESSAGE_CANDIDATE:
    case SNUG_PEER_MESSAGE_RECONNECT:
    case SNUG_PEER_MESSAGE_END_OF_CANDIDATES:
    case SNUG_PEER_MESSAGE_BYE:
    case SNUG_PEER_MESSAGE_MEDIA_STATE:
    case SNUG_PEER_MESSAGE_TYPING:
    case SNUG_PEER_MESSAGE_HAND:
    case SNUG_PEER_MESSAGE_REACTION:
    default:
      break;
    }

  snug_chat_peer_release (peer);
}

void
snug_chat_close (SnugChat *self)
{
  g_autoptr (GPtrArray) peers = NULL;

  g_return_if_fail (SNUG_IS_CHAT (self));

  snug_file_exchange_close (self->files);
  self->send = NULL;
  self->send_chunk = NULL;
  self->get_name = NULL;
  self->user_data = NULL;

  peers = copy_peers (self);
  g_hash_table_remove_all (self->peers);
  for (guint i = 0; i < peers->len; i++)
    {
      SnugChatPeer *peer = g_ptr_array_index (peers, i);

      peer->open = FALSE;
      snug_chat_peer_abandon (peer);
    }
}

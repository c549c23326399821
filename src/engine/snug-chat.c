/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-chat.h"

#include <string.h>

#include "snug-chat-outbox.h"
#include "snug-file-exchange.h"

#define ECHO_PREFIX "echo-"

/* A typing notice is said again after that time, as long as it goes on. */
#define TYPING_REPEAT_US (G_USEC_PER_SEC * SNUG_TYPING_SECONDS / 2)

struct _SnugChat
{
  GObject parent_instance;

  GPtrArray *messages;
  SnugChatOutbox *outbox;

  SnugFileExchange *files;
  SnugFilePort *port; /* the exchange's way out: through here */

  SnugChatSendChunkFunc send_chunk;
  SnugChatLoadFunc get_load; /* nullable */
  SnugChatNameFunc get_name;
  gpointer user_data;

  gboolean closed;
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
  g_clear_pointer (&self->outbox, snug_chat_outbox_free);

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
  self->port = snug_file_port_new ();
  self->files = snug_file_exchange_new (g_rc_box_acquire (self->port));
  g_signal_connect_object (self->files, "offered", G_CALLBACK (on_file_offered), self, G_CONNECT_SWAPPED);
}

static gboolean
send_file_message (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  SnugChat *self = user_data;

  return snug_chat_outbox_send (self->outbox, peer_id, message);
}

static gboolean
send_file_chunk (const char *peer_id, GBytes *chunk, gpointer user_data)
{
  SnugChat *self = user_data;

  return self->send_chunk != NULL && self->send_chunk (peer_id, chunk, self->user_data);
}

static gboolean
get_load (const char *peer_id, SnugPathLoad *load, gpointer user_data)
{
  SnugChat *self = user_data;

  return self->get_load != NULL && self->get_load (peer_id, load, self->user_data);
}

void
snug_chat_set_load_func (SnugChat *self, SnugChatLoadFunc func)
{
  g_return_if_fail (SNUG_IS_CHAT (self));

  self->get_load = func;
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
  self->port->get_load = get_load;
  self->port->user_data = self;
}

SnugChat *
snug_chat_new (SnugChatSendFunc send, gpointer user_data)
{
  SnugChat *self;

  g_return_val_if_fail (send != NULL, NULL);

  self = g_object_new (SNUG_TYPE_CHAT, NULL);
  self->outbox = snug_chat_outbox_new (send, user_data);
  self->user_data = user_data;

  return self;
}

static void
drop_oldest_message (SnugChat *self)
{
  g_autoptr (SnugChatMessage) message = g_object_ref (g_ptr_array_index (self->messages, 0));

  if (snug_chat_message_get_state (message) == SNUG_CHAT_MESSAGE_SENDING)
    snug_chat_outbox_forget (self->outbox, message);
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
  snug_chat_message_set_serial (message, snug_chat_outbox_take_serial (self->outbox));
  /* The line itself ends the notice. */
  self->typing_said_at = 0;
  append_message (self, message);
  snug_chat_outbox_deliver (self->outbox, message);

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
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (SNUG_IS_CHAT (self));

  if (typing ? self->typing_said_at != 0 && now - self->typing_said_at < TYPING_REPEAT_US
             : self->typing_said_at == 0)
    return;

  self->typing_said_at = typing ? now : 0;
  message = snug_peer_message_new_typing (typing);
  snug_chat_outbox_say (self->outbox, message);
}

void
snug_chat_mark_read (SnugChat *self)
{
  g_return_if_fail (SNUG_IS_CHAT (self));

  snug_chat_outbox_say_read (self->outbox);
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

  if (!self->closed)
    snug_file_exchange_receive_chunk (self->files, peer_id, chunk);
}

void
snug_chat_adopt_files (SnugChat *self, SnugChat *previous)
{
  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (SNUG_IS_CHAT (previous));
  g_return_if_fail (self != previous && previous->closed);

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
  snug_chat_outbox_deliver (self->outbox, message);
}

void
snug_chat_peer_opened (SnugChat *self, const char *peer_id)
{
  SnugChatPeer *peer;

  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (peer_id != NULL);

  if (self->closed)
    return;

  peer = snug_chat_outbox_ensure_peer (self->outbox, peer_id);
  peer->open = TRUE;
  snug_chat_peer_untake_all (peer);
  if (self->get_name != NULL)
    snug_file_exchange_opened (self->files, peer_id, self->get_name (peer_id, self->user_data));
  snug_chat_outbox_flush (self->outbox, peer);
}

void
snug_chat_peer_closed (SnugChat *self, const char *peer_id)
{
  SnugChatPeer *peer;

  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (peer_id != NULL);

  peer = snug_chat_outbox_find_peer (self->outbox, peer_id);
  if (peer != NULL)
    peer->open = FALSE;
  snug_file_exchange_closed (self->files, peer_id);
}

void
snug_chat_peer_removed (SnugChat *self, const char *peer_id)
{
  g_return_if_fail (SNUG_IS_CHAT (self));
  g_return_if_fail (peer_id != NULL);

  snug_file_exchange_removed (self->files, peer_id);
  snug_chat_outbox_remove_peer (self->outbox, peer_id);
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

  snug_chat_outbox_flush (self->outbox, peer);
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

  if (self->closed)
    return;

  /* A message can overtake the news that its channel is open. */
  peer = snug_chat_peer_acquire (snug_chat_outbox_ensure_peer (self->outbox, peer_id));

  switch (snug_peer_message_get_kind (message))
    {
    case SNUG_PEER_MESSAGE_CHAT:
      receive_chat (self, peer, peer_name, snug_peer_message_get_chat_id (message),
                    snug_peer_message_get_text (message));
      break;

    case SNUG_PEER_MESSAGE_CHAT_ACK:
      /* The channel moves again: perhaps it now takes what it refused before. */
      if (snug_chat_peer_acknowledge (peer, snug_peer_message_get_chat_id (message)))
        snug_chat_outbox_flush (self->outbox, peer);
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
    case SNUG_PEER_MESSAGE_INTRODUCTION:
    case SNUG_PEER_MESSAGE_TYPING:
    case SNUG_PEER_MESSAGE_HAND:
    case SNUG_PEER_MESSAGE_REACTION:
    case SNUG_PEER_MESSAGE_CODE_COMMIT:
    case SNUG_PEER_MESSAGE_CODE_REVEAL:
    default:
      break;
    }

  snug_chat_peer_release (peer);
}

void
snug_chat_close (SnugChat *self)
{
  g_return_if_fail (SNUG_IS_CHAT (self));

  snug_file_exchange_close (self->files);
  self->closed = TRUE;
  self->send_chunk = NULL;
  self->get_load = NULL;
  self->get_name = NULL;
  self->user_data = NULL;
  snug_chat_outbox_close (self->outbox);
}

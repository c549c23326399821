/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-exchange.h"

#include <string.h>

#include "snug-file-chunk.h"
#include "snug-file-name.h"
#include "snug-file-table.h"
#include "snug-token-bucket.h"

/* Who says no hello for that long after the channel opened speaks an older protocol. */
#define HELLO_PATIENCE_SECONDS 5
/* Offers that one peer may make a second, for long and at once. */
#define OFFER_RATE 1
#define OFFER_BURST (2 * SNUG_FILE_TRANSFERS_MAX)

typedef struct
{
  SnugFileExchange *exchange; /* borrowed */
  char *id;
  char *name;
  gboolean greeted; /* has said hello since the channel opened */
  gboolean old;     /* has not, and will not */
  SnugPeerFeatures features;
  guint patience_id;
  SnugTokenBucket offers;
  gboolean flooded; /* said so in the log */
} Peer;

struct _SnugFileExchange
{
  GObject parent_instance;

  SnugFilePort *port;
  GHashTable *peers; /* id -> Peer */
  SnugFileTable *table;
};

G_DEFINE_FINAL_TYPE (SnugFileExchange, snug_file_exchange, G_TYPE_OBJECT)

enum
{
  SIGNAL_OFFERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
peer_free (gpointer data)
{
  Peer *peer = data;

  g_clear_handle_id (&peer->patience_id, g_source_remove);
  g_free (peer->id);
  g_free (peer->name);
  g_free (peer);
}

static gboolean
can_take_files (const Peer *peer)
{
  return peer->greeted && (peer->features & SNUG_PEER_FEATURE_FILES) != 0;
}

/* Whether that is known already. */
static gboolean
cannot_take_files (const Peer *peer)
{
  return peer->old || (peer->greeted && (peer->features & SNUG_PEER_FEATURE_FILES) == 0);
}

static gboolean
on_no_hello (gpointer user_data)
{
  Peer *peer = user_data;
  g_autofree char *id = g_strdup (peer->id);

  peer->patience_id = 0;
  peer->old = TRUE;
  snug_file_table_refuse (peer->exchange->table, id);

  return G_SOURCE_REMOVE;
}

static Peer *
ensure_peer (SnugFileExchange *self, const char *peer_id, const char *name)
{
  Peer *peer = g_hash_table_lookup (self->peers, peer_id);

  if (peer != NULL)
    return peer;
  peer = g_new0 (Peer, 1);
  peer->exchange = self;
  peer->id = g_strdup (peer_id);
  peer->name = g_strdup (name != NULL ? name : "");
  snug_token_bucket_init (&peer->offers, OFFER_RATE, OFFER_BURST, g_get_monotonic_time ());
  g_hash_table_insert (self->peers, peer->id, peer);

  return peer;
}

void
snug_file_exchange_opened (SnugFileExchange *self, const char *peer_id, const char *name)
{
  g_autoptr (SnugPeerMessage) hello = NULL;
  Peer *peer;

  g_return_if_fail (SNUG_IS_FILE_EXCHANGE (self));
  g_return_if_fail (peer_id != NULL);

  /* Somebody who can't send any takes none. */
  if (self->port->send_chunk == NULL)
    return;
  peer = ensure_peer (self, peer_id, name);
  if (!peer->greeted && peer->patience_id == 0)
    peer->patience_id = g_timeout_add_seconds (HELLO_PATIENCE_SECONDS, on_no_hello, peer);
  hello = snug_peer_message_new_hello (SNUG_PEER_FEATURE_FILES | SNUG_PEER_FEATURE_RECONNECT | SNUG_PEER_FEATURE_CODE);
  snug_file_port_send (self->port, peer_id, hello);
}

void
snug_file_exchange_closed (SnugFileExchange *self, const char *peer_id)
{
  Peer *peer;

  g_return_if_fail (SNUG_IS_FILE_EXCHANGE (self));

  peer = g_hash_table_lookup (self->peers, peer_id);
  if (peer == NULL)
    return;
  peer->greeted = FALSE;
  peer->old = FALSE;
  g_clear_handle_id (&peer->patience_id, g_source_remove);
  snug_file_table_lose (self->table, peer_id);
}

void
snug_file_exchange_removed (SnugFileExchange *self, const char *peer_id)
{
  g_return_if_fail (SNUG_IS_FILE_EXCHANGE (self));

  if (g_hash_table_remove (self->peers, peer_id))
    snug_file_table_remove_peer (self->table, peer_id);
}

/* Whether what this one left may go on with the peer: it is the same, or the one it came from is gone and the person has
 * the same name. The transfer's id, which only the two know, does the rest. */
static gboolean
continues (SnugFileExchange *self, SnugFileReceiver *receiver, const Peer *peer)
{
  const char *before = snug_file_receiver_get_peer_id (receiver);
  SnugFileTransfer *transfer = snug_file_receiver_get_transfer (receiver);

  if (strcmp (before, peer->id) == 0)
    return TRUE;

  return snug_file_receiver_is_waiting (receiver) && !g_hash_table_contains (self->peers, before)
         && strcmp (snug_file_transfer_get_peer_name (transfer), peer->name) == 0;
}

/* A second one comes from a new channel: what was under way on the one before starts again on this. */
static void
receive_hello (SnugFileExchange *self, Peer *peer, SnugPeerMessage *message)
{
  g_autofree char *peer_id = g_strdup (peer->id);
  g_autoptr (GPtrArray) receivers = snug_file_table_copy_receivers (self->table);

  g_clear_handle_id (&peer->patience_id, g_source_remove);
  peer->greeted = TRUE;
  peer->old = FALSE;
  peer->features = snug_peer_message_get_features (message);
  if (!can_take_files (peer))
    {
      snug_file_table_refuse (self->table, peer_id);
      return;
    }
  snug_file_table_lose (self->table, peer_id);
  snug_file_table_open_senders (self->table, peer_id);
  for (guint i = 0; i < receivers->len; i++)
    {
      peer = g_hash_table_lookup (self->peers, peer_id);
      if (peer != NULL && continues (self, receivers->pdata[i], peer))
        snug_file_receiver_opened (receivers->pdata[i], peer_id);
    }
}

static void
refuse_offer (SnugFileExchange *self, Peer *peer, const char *id)
{
  g_autoptr (SnugPeerMessage) message
      = snug_peer_message_new_file_cancel (id, SNUG_FILE_CANCEL_TOO_MANY);

  if (!peer->flooded)
    g_info ("Somebody offers more files than allowed; these are refused");
  peer->flooded = TRUE;
  snug_file_port_send (self->port, peer->id, message);
}

static void
receive_offer (SnugFileExchange *self, Peer *peer, SnugPeerMessage *message)
{
  const char *id = snug_peer_message_get_file_id (message);
  g_autofree char *name = snug_file_name_make_safe (snug_peer_message_get_file_name (message));
  g_autoptr (SnugFileTransfer) transfer = NULL;
  g_autoptr (SnugFileReceiver) receiver = NULL;

  /* Said again by somebody who does not know whether it arrived. */
  if (snug_file_table_find_receiver (self->table, id) != NULL)
    return;
  if (snug_file_table_count_receivers (self->table, peer->id) >= SNUG_FILE_TRANSFERS_MAX
      || !snug_token_bucket_take (&peer->offers, g_get_monotonic_time ()))
    {
      refuse_offer (self, peer, id);
      return;
    }
  if (strcmp (name, snug_peer_message_get_file_name (message)) != 0)
    g_info ("A file was offered under a name that is none; it is called something else here");

  transfer = snug_file_transfer_new_incoming (peer->name, name,
                                              snug_peer_message_get_file_size (message));
  receiver = snug_file_receiver_new (self->port, transfer, id, peer->id);
  snug_file_table_add_receiver (self->table, receiver);
  g_signal_emit (self, signals[SIGNAL_OFFERED], 0, transfer, id, peer->id, peer->name);
}

/* ACCEPT, DECLINE, DONE, CANCEL. */
static void
receive_about (SnugFileExchange *self, Peer *peer, SnugPeerMessage *message)
{
  const char *id = snug_peer_message_get_file_id (message);
  SnugFileSender *sender = snug_file_table_find_sender (self->table, id);
  SnugFileReceiver *receiver = snug_file_table_find_receiver (self->table, id);

  if (sender != NULL)
    snug_file_sender_receive (sender, peer->id, message);
  else if (receiver != NULL && strcmp (snug_file_receiver_get_peer_id (receiver), peer->id) == 0)
    snug_file_receiver_receive (receiver, message);
  else if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_FILE_ACCEPT)
    {
      g_autoptr (SnugPeerMessage) unknown
          = snug_peer_message_new_file_cancel (id, SNUG_FILE_CANCEL_UNKNOWN);

      snug_file_port_send (self->port, peer->id, unknown);
    }
}

void
snug_file_exchange_receive (SnugFileExchange *self,
                            const char *peer_id,
                            const char *name,
                            SnugPeerMessage *message)
{
  g_autoptr (SnugFileExchange) keep G_GNUC_UNUSED = NULL;
  SnugPeerMessageKind kind;
  Peer *peer;

  g_return_if_fail (SNUG_IS_FILE_EXCHANGE (self));
  g_return_if_fail (message != NULL);

  if (self->port->send_chunk == NULL)
    return;

  /* A message can overtake the news that its channel is open. */
  peer = ensure_peer (self, peer_id, name);
  keep = g_object_ref (self);
  kind = snug_peer_message_get_kind (message);
  if (kind == SNUG_PEER_MESSAGE_HELLO)
    receive_hello (self, peer, message);
  else if (kind == SNUG_PEER_MESSAGE_FILE_OFFER)
    receive_offer (self, peer, message);
  else if (kind == SNUG_PEER_MESSAGE_FILE_ACK)
    snug_file_table_acknowledge (self->table, peer_id, snug_peer_message_get_file_stream (message),
                                 snug_peer_message_get_file_offset (message));
  else
    receive_about (self, peer, message);
}

void
snug_file_exchange_receive_chunk (SnugFileExchange *self, const char *peer_id, GBytes *message)
{
  g_autoptr (GError) error = NULL;
  SnugFileChunk chunk;
  gsize size;
  const guint8 *data;

  g_return_if_fail (SNUG_IS_FILE_EXCHANGE (self));
  g_return_if_fail (message != NULL);

  data = g_bytes_get_data (message, &size);
  if (!snug_file_chunk_parse (data, size, &chunk, &error))
    {
      g_debug ("A binary message was dropped: %s", error->message);
      return;
    }
  snug_file_table_take (self->table, peer_id, &chunk, message);
}

/* Returns: (transfer full): what it is now, or NULL with an error when it is nothing to be sent. */
static GFileInfo *
look_at (GFile *file, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info (
      file,
      SNUG_FILE_STAMP_ATTRIBUTES "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME
                                 "," G_FILE_ATTRIBUTE_ACCESS_CAN_READ,
      G_FILE_QUERY_INFO_NONE, NULL, &local);

  if (info == NULL)
    {
      g_propagate_error (error, snug_file_error_from_gio (local));
      return NULL;
    }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error_literal (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_NOT_REGULAR, "It is not a regular file");
      return NULL;
    }
  if (g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_ACCESS_CAN_READ)
      && !g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_ACCESS_CAN_READ))
    {
      g_set_error_literal (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_PERMISSION, "It may not be read");
      return NULL;
    }
  if (g_file_info_get_size (info) < 0 || (guint64) g_file_info_get_size (info) > SNUG_FILE_MAX_BYTES)
    {
      g_set_error_literal (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_TOO_LARGE, "It is larger than 2 GiB");
      return NULL;
    }

  return g_steal_pointer (&info);
}

/* Whether there is anybody who could take it, and has room for it. */
static gboolean
check_recipients (SnugFileExchange *self, GError **error)
{
  SnugFileError code = SNUG_FILE_ERROR_NOBODY;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Peer *peer = value;

      if (cannot_take_files (peer))
        code = code == SNUG_FILE_ERROR_NOBODY ? SNUG_FILE_ERROR_UNSUPPORTED : code;
      else if (snug_file_table_count_senders (self->table, peer->id) >= SNUG_FILE_TRANSFERS_MAX)
        code = SNUG_FILE_ERROR_TOO_MANY;
      else
        return TRUE;
    }
  g_set_error_literal (error, SNUG_FILE_ERROR, code,
                       code == SNUG_FILE_ERROR_NOBODY        ? "Nobody is there who could get it"
                       : code == SNUG_FILE_ERROR_UNSUPPORTED ? "Nobody here can receive files"
                                                             : "Too many files are on their way");

  return FALSE;
}

static void
offer_to (SnugFileExchange *self, const Peer *peer, SnugFileTransfer *transfer, SnugFileStamp stamp)
{
  g_autofree char *id = snug_protocol_random_id ();
  g_autoptr (SnugFileRecipient) recipient = snug_file_recipient_new (peer->name);
  g_autoptr (SnugFileSender) sender
      = snug_file_sender_new (self->port, transfer, recipient, stamp, id, peer->id);

  if (cannot_take_files (peer))
    snug_file_recipient_fail (recipient, snug_file_error_new_unsupported ());
  else if (snug_file_table_count_senders (self->table, peer->id) >= SNUG_FILE_TRANSFERS_MAX)
    snug_file_recipient_fail (recipient, snug_file_error_from_reason (SNUG_FILE_CANCEL_TOO_MANY));
  snug_file_table_add_sender (self->table, sender);
  snug_file_transfer_add_recipient (transfer, recipient);
  if (can_take_files (peer))
    snug_file_sender_opened (sender);
}

SnugFileTransfer *
snug_file_exchange_offer (SnugFileExchange *self, GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (SnugFileTransfer) transfer = NULL;
  g_autoptr (GList) peers = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (SNUG_IS_FILE_EXCHANGE (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  info = look_at (file, error);
  if (info == NULL || !check_recipients (self, error))
    return NULL;

  name = snug_file_name_make_safe (g_file_info_get_display_name (info));
  transfer = snug_file_transfer_new_outgoing (file, name, g_file_info_get_size (info));
  peers = g_hash_table_get_values (self->peers);
  for (GList *link = peers; link != NULL; link = link->next)
    offer_to (self, link->data, transfer, snug_file_stamp_from_info (info));

  return g_steal_pointer (&transfer);
}

void
snug_file_exchange_close (SnugFileExchange *self)
{
  g_autoptr (GList) ids = NULL;

  g_return_if_fail (SNUG_IS_FILE_EXCHANGE (self));

  self->port->send = NULL;
  self->port->send_chunk = NULL;
  while ((ids = g_hash_table_get_keys (self->peers)) != NULL)
    {
      g_autofree char *id = g_strdup (ids->data);

      snug_file_exchange_removed (self, id);
      g_clear_pointer (&ids, g_list_free);
    }
}

void
snug_file_exchange_adopt (SnugFileExchange *self, SnugFileExchange *previous)
{
  g_return_if_fail (SNUG_IS_FILE_EXCHANGE (self));
  g_return_if_fail (SNUG_IS_FILE_EXCHANGE (previous));
  g_return_if_fail (self != previous);

  snug_file_table_adopt (self->table, previous->table, self->port);
}

static void
snug_file_exchange_dispose (GObject *object)
{
  SnugFileExchange *self = SNUG_FILE_EXCHANGE (object);

  snug_file_exchange_close (self);
  snug_file_table_fail_all (self->table);

  G_OBJECT_CLASS (snug_file_exchange_parent_class)->dispose (object);
}

static void
snug_file_exchange_finalize (GObject *object)
{
  SnugFileExchange *self = SNUG_FILE_EXCHANGE (object);

  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_pointer (&self->table, snug_file_table_free);
  g_clear_pointer (&self->port, g_rc_box_release);

  G_OBJECT_CLASS (snug_file_exchange_parent_class)->finalize (object);
}

static void
snug_file_exchange_class_init (SnugFileExchangeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_file_exchange_dispose;
  object_class->finalize = snug_file_exchange_finalize;

  signals[SIGNAL_OFFERED] = g_signal_new ("offered", SNUG_TYPE_FILE_EXCHANGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 4, SNUG_TYPE_FILE_TRANSFER,
                                          G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
snug_file_exchange_init (SnugFileExchange *self)
{
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, peer_free);
  self->table = snug_file_table_new ();
}

SnugFileExchange *
snug_file_exchange_new (SnugFilePort *port)
{
  SnugFileExchange *self = g_object_new (SNUG_TYPE_FILE_EXCHANGE, NULL);

  self->port = port;

  return self;
}

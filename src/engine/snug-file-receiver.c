/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-receiver.h"

#include <string.h>

/* Names that are tried for what is not whole yet: NAME.part, NAME (2).part ... */
#define MAX_PART_NAMES 32

struct _SnugFileReceiver
{
  GObject parent_instance;

  SnugFilePort *port;
  SnugFileTransfer *transfer;
  char *id;
  char *peer_id;
  SnugPeerMessage *owed; /* a last word that could not be said, nullable */

  gboolean present; /* the other side's channel is open */
  guint stream;     /* that its pieces carry; 0: none are expected */
  GFile *destination;
  GFile *part; /* what is being written, nullable: the destination itself is */
  guint n_parts;
  GFileOutputStream *output; /* nullable */
  GCancellable *cancellable;
  GChecksum *checksum; /* of all that was received */
  guint64 received;
  guint64 stored;
  GPtrArray *waiting; /* GBytes, to be written */
  GPtrArray *writing; /* GBytes, being written; nullable */
  char *expected;     /* checksum of the whole; nullable: not all was sent yet */
  gboolean finishing;
};

G_DEFINE_FINAL_TYPE (SnugFileReceiver, snug_file_receiver, G_TYPE_OBJECT)

static void write_waiting (SnugFileReceiver *self);
static void create_part (SnugFileReceiver *self);

static gboolean
is_final (SnugFileReceiver *self)
{
  return snug_file_transfer_state_is_final (snug_file_receiver_get_state (self));
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_delete_finish (G_FILE (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_info ("What was received of a file could not be deleted: %s", error->message);
}

/* Nothing of it is to be left. now: nobody may be there later who would see to it. */
static void
discard (SnugFileReceiver *self, gboolean now)
{
  GFile *written = self->part != NULL ? self->part : self->destination;
  gboolean created = self->output != NULL || self->finishing;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  /* The file goes with its last name, whoever still writes to it. */
  g_clear_object (&self->output);
  if (created && now)
    g_file_delete (written, NULL, NULL);
  else if (created)
    g_file_delete_async (written, G_PRIORITY_DEFAULT, NULL, on_deleted, NULL);
  g_clear_object (&self->part);
  g_clear_pointer (&self->checksum, g_checksum_free);
  g_clear_pointer (&self->writing, g_ptr_array_unref);
  g_clear_pointer (&self->expected, g_free);
  g_ptr_array_set_size (self->waiting, 0);
  self->stream = 0;
  self->finishing = FALSE;
}

/* message: (transfer full). Said later when it can't be said now. */
static void
say (SnugFileReceiver *self, SnugPeerMessage *message)
{
  g_clear_pointer (&self->owed, snug_peer_message_unref);
  if (!snug_file_port_send (self->port, self->peer_id, message))
    self->owed = snug_peer_message_ref (message);
  snug_peer_message_unref (message);
}

void
snug_file_receiver_fail (SnugFileReceiver *self, GError *error)
{
  g_autoptr (SnugFileReceiver) keep G_GNUC_UNUSED = NULL;

  g_return_if_fail (SNUG_IS_FILE_RECEIVER (self));
  g_return_if_fail (error != NULL);

  keep = g_object_ref (self);
  g_info ("A file was not received: %s", error->message);
  discard (self, error->code == SNUG_FILE_ERROR_PEER_LEFT);
  if (!is_final (self) && error->code != SNUG_FILE_ERROR_PEER_LEFT)
    say (self, snug_peer_message_new_file_cancel (self->id, snug_file_error_to_reason (error)));
  snug_file_transfer_fail (self->transfer, error);
}

static void
fail (SnugFileReceiver *self, SnugFileError code, const char *text)
{
  snug_file_receiver_fail (self, g_error_new_literal (SNUG_FILE_ERROR, code, text));
}

static void
fail_gio (SnugFileReceiver *self, const GError *error)
{
  snug_file_receiver_fail (self, snug_file_error_from_gio (error));
}

/* Asks for what is not here yet. */
static void
ask (SnugFileReceiver *self)
{
  static guint last_stream;
  g_autoptr (SnugPeerMessage) message = NULL;
  g_autoptr (GChecksum) copy = NULL;

  /* What is on its way to the disk comes first: it is asked for once. */
  if (!self->present || self->stream != 0 || self->output == NULL || self->stored != self->received)
    return;

  last_stream = last_stream < G_MAXINT32 ? last_stream + 1 : 1;
  copy = g_checksum_copy (self->checksum);
  message = snug_peer_message_new_file_accept (
      self->id, last_stream, self->received, self->received > 0 ? g_checksum_get_string (copy) : NULL);
  if (!snug_file_port_send (self->port, self->peer_id, message))
    return;

  self->stream = last_stream;
  snug_file_transfer_set_state (self->transfer, SNUG_FILE_TRANSFER_ACTIVE);
}

static void
complete (SnugFileReceiver *self)
{
  g_autoptr (SnugFileReceiver) keep G_GNUC_UNUSED = g_object_ref (self);

  self->finishing = FALSE;
  g_clear_object (&self->part);
  g_clear_object (&self->cancellable);
  say (self, snug_peer_message_new_file_done (self->id, self->expected));
  snug_file_transfer_finish (self->transfer, self->destination);
}

static void
on_moved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileReceiver) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean moved = g_file_move_finish (G_FILE (source), result, &error);

  /* Too late to be cancelled, when it was: it stands there whole, and goes again. */
  if (is_final (self))
    {
      if (moved)
        g_file_delete_async (self->destination, G_PRIORITY_DEFAULT, NULL, on_deleted, NULL);
      return;
    }
  if (moved)
    complete (self);
  else
    fail_gio (self, error);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileReceiver) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fail_gio (self, error);
      return;
    }
  g_clear_object (&self->output);
  if (self->part == NULL)
    {
      complete (self);
      return;
    }
  g_file_move_async (self->part, self->destination,
                     G_FILE_COPY_OVERWRITE | G_FILE_COPY_NO_FALLBACK_FOR_MOVE, G_PRIORITY_DEFAULT,
                     self->cancellable, NULL, NULL, on_moved, g_object_ref (self));
}

/* All that will come is on the disk. */
static void
finish (SnugFileReceiver *self)
{
  if (strcmp (self->expected, g_checksum_get_string (self->checksum)) != 0)
    {
      fail (self, SNUG_FILE_ERROR_CHECKSUM, "The checksum of a file is not what its sender says");
      return;
    }
  self->stream = 0;
  self->finishing = TRUE;
  g_output_stream_close_async (G_OUTPUT_STREAM (self->output), G_PRIORITY_DEFAULT, self->cancellable,
                               on_closed, g_object_ref (self));
}

static void
go_on (SnugFileReceiver *self)
{
  if (self->writing != NULL || self->finishing || self->output == NULL)
    return;

  if (self->waiting->len > 0)
    write_waiting (self);
  else if (self->expected != NULL)
    finish (self);
  else
    ask (self);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileReceiver) self = user_data;
  g_autoptr (GError) error = NULL;
  gsize written = 0;

  if (!g_output_stream_writev_all_finish (G_OUTPUT_STREAM (source), result, &written, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fail_gio (self, error);
      return;
    }
  if (self->writing == NULL)
    return;

  g_clear_pointer (&self->writing, g_ptr_array_unref);
  self->stored += written;
  snug_file_transfer_set_transferred (self->transfer, self->stored);
  if (self->stream != 0)
    {
      g_autoptr (SnugPeerMessage) ack = snug_peer_message_new_file_ack (self->stream, self->stored);

      snug_file_port_send (self->port, self->peer_id, ack);
    }
  go_on (self);
}

typedef struct
{
  SnugFileReceiver *self;
  GPtrArray *pieces;
  GOutputVector vectors[];
} Write;

static void
on_write_over (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Write *write = user_data;
  SnugFileReceiver *self = write->self;

  g_ptr_array_unref (write->pieces);
  g_free (write);
  on_written (source, result, self);
}

static void
write_waiting (SnugFileReceiver *self)
{
  Write *write = g_malloc0 (sizeof *write + self->waiting->len * sizeof (GOutputVector));

  self->writing = self->waiting;
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  write->self = g_object_ref (self);
  write->pieces = g_ptr_array_ref (self->writing);
  for (guint i = 0; i < self->writing->len; i++)
    write->vectors[i].buffer
        = g_bytes_get_data (g_ptr_array_index (self->writing, i), &write->vectors[i].size);
  g_output_stream_writev_all_async (G_OUTPUT_STREAM (self->output), write->vectors, self->writing->len,
                                    G_PRIORITY_DEFAULT, self->cancellable, on_write_over, write);
}

gboolean
snug_file_receiver_take (SnugFileReceiver *self, const SnugFileChunk *chunk, GBytes *message)
{
  g_return_val_if_fail (SNUG_IS_FILE_RECEIVER (self), FALSE);
  g_return_val_if_fail (chunk != NULL, FALSE);

  if (self->stream == 0 || self->stream != chunk->stream)
    return FALSE;

  if (chunk->size > snug_file_transfer_get_size (self->transfer) - self->received)
    fail (self, SNUG_FILE_ERROR_CHANGED, "More of a file came than was offered");
  else if (chunk->offset != self->received || self->expected != NULL)
    fail (self, SNUG_FILE_ERROR_PEER_FAILED, "A piece of a file came out of order");
  else if (self->received + chunk->size - self->stored > SNUG_FILE_WINDOW_MAX_BYTES)
    fail (self, SNUG_FILE_ERROR_PEER_FAILED, "More of a file came at once than may");
  else
    {
      g_checksum_update (self->checksum, chunk->data, chunk->size);
      self->received += chunk->size;
      g_ptr_array_add (self->waiting,
                       g_bytes_new_from_bytes (message, SNUG_FILE_CHUNK_HEADER_BYTES, chunk->size));
      go_on (self);
    }

  return TRUE;
}

static void
take_output (SnugFileReceiver *self, GFileOutputStream *output)
{
  self->output = output;
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  ask (self);
}

static void
on_replaced (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileReceiver) self = user_data;
  g_autoptr (GError) error = NULL;
  GFileOutputStream *output = g_file_replace_finish (G_FILE (source), result, &error);

  if (output != NULL)
    take_output (self, output);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail_gio (self, error);
}

static void
on_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileReceiver) self = user_data;
  g_autoptr (GError) error = NULL;
  GFileOutputStream *output = g_file_create_finish (G_FILE (source), result, &error);

  if (output != NULL)
    take_output (self, output);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) && self->n_parts < MAX_PART_NAMES)
    create_part (self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
           || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    fail_gio (self, error);
  else
    {
      /* Nothing may stand beside it, as where a portal gave this one file: then it is written itself. */
      g_clear_object (&self->part);
      g_file_replace_async (self->destination, NULL, FALSE, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT,
                            self->cancellable, on_replaced, g_object_ref (self));
    }
}

static void
create_part (SnugFileReceiver *self)
{
  g_autoptr (GFile) folder = g_file_get_parent (self->destination);
  g_autofree char *base = g_file_get_basename (self->destination);
  g_autofree char *name = NULL;

  self->n_parts++;
  name = self->n_parts == 1 ? g_strconcat (base, ".part", NULL)
                            : g_strdup_printf ("%s (%u).part", base, self->n_parts);
  g_clear_object (&self->part);
  self->part = g_file_get_child (folder, name);
  g_file_create_async (self->part, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT, self->cancellable, on_created,
                       g_object_ref (self));
}

static void
on_free_space (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileReceiver) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info_finish (G_FILE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* Where it is not known, writing will tell. */
  if (info != NULL && g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE)
      && g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE)
             < snug_file_transfer_get_size (self->transfer))
    fail (self, SNUG_FILE_ERROR_NO_SPACE, "There is not that much space on the disk");
  else
    create_part (self);
}

static void
on_accept (SnugFileReceiver *self, GFile *destination)
{
  g_autoptr (GFile) folder = g_file_get_parent (destination);

  if (self->destination != NULL)
    return;
  if (folder == NULL)
    {
      fail (self, SNUG_FILE_ERROR_NOT_REGULAR, "A file can't go there");
      return;
    }
  self->destination = g_object_ref (destination);
  self->cancellable = g_cancellable_new ();
  snug_file_transfer_set_state (self->transfer, self->present ? SNUG_FILE_TRANSFER_ACTIVE
                                                              : SNUG_FILE_TRANSFER_PAUSED);
  g_file_query_filesystem_info_async (folder, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, G_PRIORITY_DEFAULT,
                                      self->cancellable, on_free_space, g_object_ref (self));
}

static void
on_decline (SnugFileReceiver *self)
{
  say (self, snug_peer_message_new_file_decline (self->id));
  snug_file_transfer_set_state (self->transfer, SNUG_FILE_TRANSFER_DECLINED);
}

static void
on_cancel (SnugFileReceiver *self)
{
  discard (self, FALSE);
  say (self, snug_peer_message_new_file_cancel (self->id, SNUG_FILE_CANCEL_CANCELLED));
  snug_file_transfer_set_state (self->transfer, SNUG_FILE_TRANSFER_CANCELLED);
}

static void
receive_done (SnugFileReceiver *self, SnugPeerMessage *message)
{
  if (self->stream == 0 || self->expected != NULL)
    return;
  if (self->received != snug_file_transfer_get_size (self->transfer))
    {
      fail (self, SNUG_FILE_ERROR_CHANGED, "Less of a file came than was offered");
      return;
    }
  self->expected = g_strdup (snug_peer_message_get_file_checksum (message));
  go_on (self);
}

static void
receive_cancel (SnugFileReceiver *self, SnugPeerMessage *message)
{
  SnugFileCancelReason reason = snug_peer_message_get_cancel_reason (message);

  discard (self, FALSE);
  if (reason == SNUG_FILE_CANCEL_CANCELLED)
    snug_file_transfer_set_state (self->transfer, SNUG_FILE_TRANSFER_CANCELLED);
  else
    snug_file_transfer_fail (self->transfer, snug_file_error_from_reason (reason));
}

void
snug_file_receiver_receive (SnugFileReceiver *self, SnugPeerMessage *message)
{
  g_autoptr (SnugFileReceiver) keep G_GNUC_UNUSED = NULL;

  g_return_if_fail (SNUG_IS_FILE_RECEIVER (self));
  g_return_if_fail (message != NULL);

  keep = g_object_ref (self);
  if (is_final (self))
    return;
  if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_FILE_DONE)
    receive_done (self, message);
  else if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_FILE_CANCEL)
    receive_cancel (self, message);
}

void
snug_file_receiver_opened (SnugFileReceiver *self, const char *peer_id)
{
  g_return_if_fail (SNUG_IS_FILE_RECEIVER (self));
  g_return_if_fail (peer_id != NULL);

  if (peer_id != self->peer_id)
    {
      g_free (self->peer_id);
      self->peer_id = g_strdup (peer_id);
    }
  self->present = TRUE;
  if (self->owed != NULL)
    say (self, g_steal_pointer (&self->owed));
  if (!is_final (self))
    go_on (self);
}

void
snug_file_receiver_lost (SnugFileReceiver *self)
{
  g_return_if_fail (SNUG_IS_FILE_RECEIVER (self));

  self->present = FALSE;
  /* What is coming to an end does so by itself. */
  if (self->expected != NULL)
    return;
  self->stream = 0;
  if (snug_file_receiver_get_state (self) == SNUG_FILE_TRANSFER_ACTIVE)
    snug_file_transfer_set_state (self->transfer, SNUG_FILE_TRANSFER_PAUSED);
}

void
snug_file_receiver_removed (SnugFileReceiver *self)
{
  g_return_if_fail (SNUG_IS_FILE_RECEIVER (self));

  snug_file_receiver_lost (self);
  if (snug_file_receiver_get_state (self) == SNUG_FILE_TRANSFER_OFFERED)
    fail (self, SNUG_FILE_ERROR_PEER_LEFT, "The one who offered it has left");
}

void
snug_file_receiver_set_port (SnugFileReceiver *self, SnugFilePort *port)
{
  g_return_if_fail (SNUG_IS_FILE_RECEIVER (self));

  g_rc_box_acquire (port);
  g_rc_box_release (self->port);
  self->port = port;
}

static void
snug_file_receiver_dispose (GObject *object)
{
  SnugFileReceiver *self = SNUG_FILE_RECEIVER (object);

  discard (self, TRUE);
  g_clear_object (&self->destination);
  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (snug_file_receiver_parent_class)->dispose (object);
}

static void
snug_file_receiver_finalize (GObject *object)
{
  SnugFileReceiver *self = SNUG_FILE_RECEIVER (object);

  g_clear_pointer (&self->owed, snug_peer_message_unref);
  g_clear_pointer (&self->port, g_rc_box_release);
  g_clear_pointer (&self->checksum, g_checksum_free);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->writing, g_ptr_array_unref);
  g_free (self->expected);
  g_free (self->id);
  g_free (self->peer_id);

  G_OBJECT_CLASS (snug_file_receiver_parent_class)->finalize (object);
}

static void
snug_file_receiver_class_init (SnugFileReceiverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_file_receiver_dispose;
  object_class->finalize = snug_file_receiver_finalize;
}

static void
snug_file_receiver_init (SnugFileReceiver *self)
{
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

SnugFileReceiver *
snug_file_receiver_new (SnugFilePort *port, SnugFileTransfer *transfer, const char *id, const char *peer_id)
{
  SnugFileReceiver *self = g_object_new (SNUG_TYPE_FILE_RECEIVER, NULL);

  self->port = g_rc_box_acquire (port);
  self->transfer = g_object_ref (transfer);
  self->id = g_strdup (id);
  self->peer_id = g_strdup (peer_id);
  self->present = TRUE;
  g_signal_connect_object (transfer, "accept", G_CALLBACK (on_accept), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (transfer, "decline", G_CALLBACK (on_decline), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (transfer, "cancel", G_CALLBACK (on_cancel), self, G_CONNECT_SWAPPED);

  return self;
}

const char *
snug_file_receiver_get_id (SnugFileReceiver *self)
{
  return self->id;
}

const char *
snug_file_receiver_get_peer_id (SnugFileReceiver *self)
{
  return self->peer_id;
}

SnugFileTransfer *
snug_file_receiver_get_transfer (SnugFileReceiver *self)
{
  return self->transfer;
}

gboolean
snug_file_receiver_is_waiting (SnugFileReceiver *self)
{
  return self->owed != NULL || snug_file_receiver_get_state (self) == SNUG_FILE_TRANSFER_PAUSED;
}

SnugFileTransferState
snug_file_receiver_get_state (SnugFileReceiver *self)
{
  return snug_file_transfer_get_state (self->transfer);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-sender.h"

#include <string.h>

#include "snug-file-chunk.h"
#include "snug-file-pace.h"

/* Read at once, and the most that is hashed at once. */
#define BLOCK_BYTES (256 * 1024)
/* Until the channel is asked again that took no more. */
#define RETRY_MS 20
/* How often it is asked how the call fares. */
#define LOAD_US (100 * 1000)

struct _SnugFileSender
{
  GObject parent_instance;

  SnugFilePort *port;
  SnugFileTransfer *transfer;
  SnugFileRecipient *recipient;
  SnugFileStamp stamp;
  char *id;
  char *peer_id;
  SnugPeerMessage *owed; /* a last word that could not be said, nullable */
  char *said;            /* the checksum of the whole, once it was said; nullable */

  /* Of one attempt, from an accept on. */
  guint stream;
  GCancellable *cancellable;
  GFileInputStream *input; /* nullable */
  GChecksum *checksum;     /* of all before position */
  guint64 position;
  guint64 resume_at;
  char *resume_checksum; /* of all before resume_at, as the other side has it; nullable */
  GBytes *block;         /* read, from position on; nullable */
  gboolean reading;
  gboolean said_done;
  SnugFilePace *pace;
  gint64 load_at;
  guint retry_id;
};

G_DEFINE_FINAL_TYPE (SnugFileSender, snug_file_sender, G_TYPE_OBJECT)

static void pump (SnugFileSender *self);

SnugFileStamp
snug_file_stamp_from_info (GFileInfo *info)
{
  SnugFileStamp stamp = { .size = g_file_info_get_size (info) };

  stamp.modified = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED)
                       * G_USEC_PER_SEC
                   + g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);

  return stamp;
}

/* Ends the attempt, whatever is under way. */
static void
stop (SnugFileSender *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->input);
  g_clear_pointer (&self->checksum, g_checksum_free);
  g_clear_pointer (&self->resume_checksum, g_free);
  g_clear_pointer (&self->block, g_bytes_unref);
  g_clear_pointer (&self->pace, snug_file_pace_free);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->stream = 0;
  self->reading = FALSE;
  self->said_done = FALSE;
}

/* A last word; said later when it can't be said now. */
static void
say_cancel (SnugFileSender *self, SnugFileCancelReason reason)
{
  g_autoptr (SnugPeerMessage) message = snug_peer_message_new_file_cancel (self->id, reason);

  if (snug_file_port_send (self->port, self->peer_id, message))
    return;
  g_clear_pointer (&self->owed, snug_peer_message_unref);
  self->owed = g_steal_pointer (&message);
}

static gboolean
is_final (SnugFileSender *self)
{
  return snug_file_transfer_state_is_final (snug_file_sender_get_state (self));
}

void
snug_file_sender_fail (SnugFileSender *self, GError *error)
{
  g_autoptr (SnugFileSender) keep G_GNUC_UNUSED = NULL;

  g_return_if_fail (SNUG_IS_FILE_SENDER (self));
  g_return_if_fail (error != NULL);

  keep = g_object_ref (self);
  stop (self);
  if (!is_final (self) && error->code != SNUG_FILE_ERROR_UNSUPPORTED
      && error->code != SNUG_FILE_ERROR_PEER_LEFT)
    say_cancel (self, snug_file_error_to_reason (error));
  snug_file_recipient_fail (self->recipient, error);
}

static void
fail_gio (SnugFileSender *self, const GError *error)
{
  snug_file_sender_fail (self, snug_file_error_from_gio (error));
}

static void
fail_changed (SnugFileSender *self)
{
  snug_file_sender_fail (self, g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_CHANGED,
                                                    "The file is not what was offered any more"));
}

static void
on_cancel (SnugFileSender *self)
{
  if (is_final (self))
    return;
  stop (self);
  say_cancel (self, SNUG_FILE_CANCEL_CANCELLED);
  snug_file_recipient_set_state (self->recipient, SNUG_FILE_TRANSFER_CANCELLED);
}

static void
on_last_info (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileSender) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info
      = g_file_input_stream_query_info_finish (G_FILE_INPUT_STREAM (source), result, &error);
  g_autoptr (SnugPeerMessage) message = NULL;
  SnugFileStamp stamp;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->reading = FALSE;
  if (info == NULL)
    {
      fail_gio (self, error);
      return;
    }
  stamp = snug_file_stamp_from_info (info);
  if (stamp.size != self->stamp.size || stamp.modified != self->stamp.modified)
    {
      fail_changed (self);
      return;
    }
  /* When it can't be said, the channel is gone, and all of this comes again. */
  message = snug_peer_message_new_file_done (self->id, g_checksum_get_string (self->checksum));
  self->said_done = snug_file_port_send (self->port, self->peer_id, message);
  g_free (self->said);
  self->said = g_strdup (g_checksum_get_string (self->checksum));
}

/* TRUE: what is known of the other side's part is not what is here. */
static gboolean
differs (SnugFileSender *self)
{
  g_autoptr (GChecksum) copy = NULL;

  if (self->resume_checksum == NULL || self->position != self->resume_at)
    return FALSE;
  copy = g_checksum_copy (self->checksum);

  return strcmp (g_checksum_get_string (copy), self->resume_checksum) != 0;
}

static void
on_block (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileSender) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) block = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize size, known;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->reading = FALSE;
  if (block == NULL)
    {
      fail_gio (self, error);
      return;
    }
  size = g_bytes_get_size (block);
  if (size == 0 || size > self->stamp.size - self->position)
    {
      fail_changed (self);
      return;
    }

  /* What the other side has is only hashed. */
  known = MIN (size, self->resume_at - MIN (self->position, self->resume_at));
  g_checksum_update (self->checksum, g_bytes_get_data (block, NULL), known);
  self->position += known;
  if (known > 0 && differs (self))
    {
      fail_changed (self);
      return;
    }
  if (known < size)
    self->block = g_bytes_new_from_bytes (block, known, size - known);
  pump (self);
}

static void
read_block (SnugFileSender *self)
{
  self->reading = TRUE;
  g_input_stream_read_bytes_async (G_INPUT_STREAM (self->input), BLOCK_BYTES, G_PRIORITY_DEFAULT,
                                   self->cancellable, on_block, g_object_ref (self));
}

static void
finish_reading (SnugFileSender *self)
{
  self->reading = TRUE;
  g_file_input_stream_query_info_async (self->input, SNUG_FILE_STAMP_ATTRIBUTES, G_PRIORITY_DEFAULT,
                                        self->cancellable, on_last_info, g_object_ref (self));
}

static gboolean
on_retry (gpointer user_data)
{
  SnugFileSender *self = user_data;

  self->retry_id = 0;
  pump (self);

  return G_SOURCE_REMOVE;
}

/* FALSE: not now. */
static gboolean
send_piece (SnugFileSender *self, gsize allowance)
{
  gsize available;
  const guint8 *data = g_bytes_get_data (self->block, &available);
  SnugFileChunk chunk = {
    .stream = self->stream,
    .offset = self->position,
    .data = data,
    .size = MIN (allowance, available),
  };
  g_autoptr (GBytes) message = snug_file_chunk_to_bytes (&chunk);
  GBytes *rest;

  if (!snug_file_port_send_chunk (self->port, self->peer_id, message))
    return FALSE;

  g_checksum_update (self->checksum, data, chunk.size);
  self->position += chunk.size;
  snug_file_pace_sent (self->pace, self->position, g_get_monotonic_time ());
  rest = chunk.size < available
             ? g_bytes_new_from_bytes (self->block, chunk.size, available - chunk.size)
             : NULL;
  g_bytes_unref (self->block);
  self->block = rest;

  return TRUE;
}

static void
heed_call (SnugFileSender *self, gint64 now)
{
  SnugPathLoad load = { 0 };

  if (now - self->load_at < LOAD_US)
    return;
  self->load_at = now;
  if (snug_file_port_get_load (self->port, self->peer_id, &load))
    snug_file_pace_set_load (self->pace, &load, now);
}

/* Reads and sends as far as the pace, the channel and the disk let it. */
static void
pump (SnugFileSender *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 wait;
  gsize allowance;

  if (self->input == NULL)
    return;

  heed_call (self, now);
  while (self->block != NULL && self->retry_id == 0
         && (allowance = snug_file_pace_get_allowance (self->pace, now)) > 0)
    if (!send_piece (self, allowance))
      self->retry_id = g_timeout_add (RETRY_MS, on_retry, self);
  /* What gives way to the call goes on by the clock. */
  if (self->block != NULL && self->retry_id == 0 && (wait = snug_file_pace_get_wait (self->pace, now)) >= 0)
    self->retry_id = g_timeout_add ((guint) (wait / 1000) + 1, on_retry, self);

  if (self->block != NULL || self->reading || self->said_done)
    return;
  if (self->position < self->stamp.size)
    read_block (self);
  else
    finish_reading (self);
}

static void
on_info (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileSender) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info
      = g_file_input_stream_query_info_finish (G_FILE_INPUT_STREAM (source), result, &error);
  SnugFileStamp stamp;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (info == NULL)
    {
      fail_gio (self, error);
      return;
    }
  stamp = snug_file_stamp_from_info (info);
  if (stamp.size != self->stamp.size || stamp.modified != self->stamp.modified)
    {
      fail_changed (self);
      return;
    }
  self->reading = FALSE;
  pump (self);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugFileSender) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) input = g_file_read_finish (G_FILE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (input == NULL)
    {
      fail_gio (self, error);
      return;
    }
  self->input = g_steal_pointer (&input);
  self->reading = TRUE;
  g_file_input_stream_query_info_async (self->input, SNUG_FILE_STAMP_ATTRIBUTES, G_PRIORITY_DEFAULT,
                                        self->cancellable, on_info, g_object_ref (self));
}

static void
receive_accept (SnugFileSender *self, const char *peer_id, SnugPeerMessage *message)
{
  guint64 offset = snug_peer_message_get_file_offset (message);

  g_free (self->peer_id);
  self->peer_id = g_strdup (peer_id);
  if (is_final (self))
    {
      say_cancel (self, snug_file_sender_get_state (self) == SNUG_FILE_TRANSFER_CANCELLED
                            ? SNUG_FILE_CANCEL_CANCELLED
                            : SNUG_FILE_CANCEL_UNKNOWN);
      return;
    }
  if (offset > self->stamp.size)
    {
      g_info ("A file was accepted from beyond its end");
      fail_changed (self);
      return;
    }

  stop (self);
  self->stream = snug_peer_message_get_file_stream (message);
  self->resume_at = offset;
  self->resume_checksum = g_strdup (snug_peer_message_get_file_checksum (message));
  self->position = 0;
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->pace = snug_file_pace_new (offset);
  self->load_at = 0;
  self->cancellable = g_cancellable_new ();
  snug_file_recipient_set_transferred (self->recipient, offset);
  snug_file_recipient_set_state (self->recipient, SNUG_FILE_TRANSFER_ACTIVE);
  g_file_read_async (snug_file_transfer_get_file (self->transfer), G_PRIORITY_DEFAULT,
                     self->cancellable, on_opened, g_object_ref (self));
}

static void
receive_cancel (SnugFileSender *self, SnugPeerMessage *message)
{
  SnugFileCancelReason reason = snug_peer_message_get_cancel_reason (message);

  stop (self);
  if (reason == SNUG_FILE_CANCEL_CANCELLED)
    snug_file_recipient_set_state (self->recipient, SNUG_FILE_TRANSFER_CANCELLED);
  else
    snug_file_recipient_fail (self->recipient, snug_file_error_from_reason (reason));
}

static void
receive_done (SnugFileSender *self, SnugPeerMessage *message)
{
  /* Perhaps of an attempt before this one: its answer was on the way when the channel went. */
  if (g_strcmp0 (snug_peer_message_get_file_checksum (message), self->said) != 0)
    {
      g_info ("Somebody says to have a file that was not sent");
      return;
    }
  stop (self);
  snug_file_recipient_set_transferred (self->recipient, self->stamp.size);
  snug_file_recipient_set_state (self->recipient, SNUG_FILE_TRANSFER_DONE);
}

void
snug_file_sender_receive (SnugFileSender *self, const char *peer_id, SnugPeerMessage *message)
{
  g_autoptr (SnugFileSender) keep G_GNUC_UNUSED = NULL;

  g_return_if_fail (SNUG_IS_FILE_SENDER (self));

  keep = g_object_ref (self);
  if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_FILE_ACCEPT)
    {
      receive_accept (self, peer_id, message);
      return;
    }
  if (is_final (self))
    return;
  if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_FILE_DECLINE)
    {
      stop (self);
      snug_file_recipient_set_state (self->recipient, SNUG_FILE_TRANSFER_DECLINED);
    }
  else if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_FILE_CANCEL)
    receive_cancel (self, message);
  else if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_FILE_DONE)
    receive_done (self, message);
}

gboolean
snug_file_sender_acknowledge (SnugFileSender *self, const char *peer_id, guint stream, guint64 offset)
{
  g_return_val_if_fail (SNUG_IS_FILE_SENDER (self), FALSE);

  if (self->stream != stream || strcmp (self->peer_id, peer_id) != 0)
    return FALSE;
  if (snug_file_pace_acknowledged (self->pace, offset, g_get_monotonic_time ()))
    {
      g_autoptr (SnugFileSender) keep = g_object_ref (self);

      snug_file_recipient_set_transferred (self->recipient, offset);
      pump (keep);
    }

  return TRUE;
}

void
snug_file_sender_opened (SnugFileSender *self)
{
  g_autoptr (SnugPeerMessage) owed = NULL;

  g_return_if_fail (SNUG_IS_FILE_SENDER (self));

  owed = g_steal_pointer (&self->owed);
  if (owed != NULL && !snug_file_port_send (self->port, self->peer_id, owed))
    self->owed = g_steal_pointer (&owed);
  /* Who knows it already answers no second time. */
  if (snug_file_sender_get_state (self) == SNUG_FILE_TRANSFER_OFFERED)
    {
      g_autoptr (SnugPeerMessage) offer = snug_peer_message_new_file_offer (
          self->id, snug_file_transfer_get_name (self->transfer), self->stamp.size);

      snug_file_port_send (self->port, self->peer_id, offer);
    }
}

void
snug_file_sender_lost (SnugFileSender *self)
{
  g_return_if_fail (SNUG_IS_FILE_SENDER (self));

  stop (self);
  if (snug_file_sender_get_state (self) == SNUG_FILE_TRANSFER_ACTIVE)
    snug_file_recipient_set_state (self->recipient, SNUG_FILE_TRANSFER_PAUSED);
}

void
snug_file_sender_removed (SnugFileSender *self)
{
  g_return_if_fail (SNUG_IS_FILE_SENDER (self));

  snug_file_sender_lost (self);
  if (snug_file_sender_get_state (self) == SNUG_FILE_TRANSFER_OFFERED)
    snug_file_sender_fail (self, g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_PEER_LEFT,
                                                      "The other side left without an answer"));
}

void
snug_file_sender_set_port (SnugFileSender *self, SnugFilePort *port)
{
  g_return_if_fail (SNUG_IS_FILE_SENDER (self));

  g_rc_box_acquire (port);
  g_rc_box_release (self->port);
  self->port = port;
}

static void
snug_file_sender_dispose (GObject *object)
{
  SnugFileSender *self = SNUG_FILE_SENDER (object);

  stop (self);
  g_clear_object (&self->transfer);
  g_clear_object (&self->recipient);

  G_OBJECT_CLASS (snug_file_sender_parent_class)->dispose (object);
}

static void
snug_file_sender_finalize (GObject *object)
{
  SnugFileSender *self = SNUG_FILE_SENDER (object);

  g_clear_pointer (&self->owed, snug_peer_message_unref);
  g_clear_pointer (&self->port, g_rc_box_release);
  g_free (self->said);
  g_free (self->id);
  g_free (self->peer_id);

  G_OBJECT_CLASS (snug_file_sender_parent_class)->finalize (object);
}

static void
snug_file_sender_class_init (SnugFileSenderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_file_sender_dispose;
  object_class->finalize = snug_file_sender_finalize;
}

static void
snug_file_sender_init (SnugFileSender *self)
{
}

SnugFileSender *
snug_file_sender_new (SnugFilePort *port,
                      SnugFileTransfer *transfer,
                      SnugFileRecipient *recipient,
                      SnugFileStamp stamp,
                      const char *id,
                      const char *peer_id)
{
  SnugFileSender *self = g_object_new (SNUG_TYPE_FILE_SENDER, NULL);

  self->port = g_rc_box_acquire (port);
  self->transfer = g_object_ref (transfer);
  self->recipient = g_object_ref (recipient);
  self->stamp = stamp;
  self->id = g_strdup (id);
  self->peer_id = g_strdup (peer_id);
  g_signal_connect_object (transfer, "cancel", G_CALLBACK (on_cancel), self, G_CONNECT_SWAPPED);

  return self;
}

const char *
snug_file_sender_get_id (SnugFileSender *self)
{
  return self->id;
}

const char *
snug_file_sender_get_peer_id (SnugFileSender *self)
{
  return self->peer_id;
}

SnugFileTransfer *
snug_file_sender_get_transfer (SnugFileSender *self)
{
  return self->transfer;
}

SnugFileTransferState
snug_file_sender_get_state (SnugFileSender *self)
{
  return snug_file_recipient_get_state (self->recipient);
}

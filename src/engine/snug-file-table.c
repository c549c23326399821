/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-table.h"

#include <string.h>

/* Transfers that are over and remembered, so that a late message about one gets the right answer. */
#define MAX_FINISHED 64
struct _SnugFileTable
{
  GPtrArray *senders;   /* SnugFileSender, oldest first */
  GPtrArray *receivers; /* SnugFileReceiver, oldest first */
};

SnugFileTable *
snug_file_table_new (void)
{
  SnugFileTable *self = g_new0 (SnugFileTable, 1);

  self->senders = g_ptr_array_new_with_free_func (g_object_unref);
  self->receivers = g_ptr_array_new_with_free_func (g_object_unref);

  return self;
}

void
snug_file_table_free (SnugFileTable *self)
{
  g_ptr_array_unref (self->senders);
  g_ptr_array_unref (self->receivers);
  g_free (self);
}

/* Forgets the oldest of those that are over, when they are too many. */
static void
forget_finished (SnugFileTable *self)
{
  guint n = 0;

  for (guint i = self->senders->len; i > 0; i--)
    if (snug_file_transfer_state_is_final (snug_file_sender_get_state (self->senders->pdata[i - 1]))
        && ++n > MAX_FINISHED)
      g_ptr_array_remove_index (self->senders, i - 1);
  n = 0;
  for (guint i = self->receivers->len; i > 0; i--)
    if (snug_file_transfer_state_is_final (snug_file_receiver_get_state (self->receivers->pdata[i - 1]))
        && ++n > MAX_FINISHED)
      g_ptr_array_remove_index (self->receivers, i - 1);
}

void
snug_file_table_add_sender (SnugFileTable *self, SnugFileSender *sender)
{
  forget_finished (self);
  g_ptr_array_add (self->senders, g_object_ref (sender));
}

void
snug_file_table_add_receiver (SnugFileTable *self, SnugFileReceiver *receiver)
{
  forget_finished (self);
  g_ptr_array_add (self->receivers, g_object_ref (receiver));
}

static gboolean
is_of (const char *transfer_peer_id, const char *peer_id)
{
  return strcmp (transfer_peer_id, peer_id) == 0;
}

static gpointer
copy_ref (gconstpointer transfer, gpointer user_data)
{
  return g_object_ref ((gpointer) transfer);
}

/* What is done with them can call back into here: over a copy. Returns: (transfer full). */
static GPtrArray *
copy (GPtrArray *transfers)
{
  return g_ptr_array_copy (transfers, copy_ref, NULL);
}

SnugFileSender *
snug_file_table_find_sender (SnugFileTable *self, const char *id)
{
  for (guint i = 0; i < self->senders->len; i++)
    if (strcmp (snug_file_sender_get_id (self->senders->pdata[i]), id) == 0)
      return self->senders->pdata[i];

  return NULL;
}

SnugFileReceiver *
snug_file_table_find_receiver (SnugFileTable *self, const char *id)
{
  for (guint i = 0; i < self->receivers->len; i++)
    if (strcmp (snug_file_receiver_get_id (self->receivers->pdata[i]), id) == 0)
      return self->receivers->pdata[i];

  return NULL;
}

guint
snug_file_table_count_senders (SnugFileTable *self, const char *peer_id)
{
  guint n = 0;

  for (guint i = 0; i < self->senders->len; i++)
    if (is_of (snug_file_sender_get_peer_id (self->senders->pdata[i]), peer_id)
        && !snug_file_transfer_state_is_final (snug_file_sender_get_state (self->senders->pdata[i])))
      n++;

  return n;
}

guint
snug_file_table_count_receivers (SnugFileTable *self, const char *peer_id)
{
  guint n = 0;

  for (guint i = 0; i < self->receivers->len; i++)
    if (is_of (snug_file_receiver_get_peer_id (self->receivers->pdata[i]), peer_id)
        && !snug_file_transfer_state_is_final (snug_file_receiver_get_state (self->receivers->pdata[i])))
      n++;

  return n;
}

GPtrArray *
snug_file_table_copy_receivers (SnugFileTable *self)
{
  return copy (self->receivers);
}

void
snug_file_table_refuse (SnugFileTable *self, const char *peer_id)
{
  g_autoptr (GPtrArray) senders = copy (self->senders);

  for (guint i = 0; i < senders->len; i++)
    if (is_of (snug_file_sender_get_peer_id (senders->pdata[i]), peer_id)
        && snug_file_sender_get_state (senders->pdata[i]) == SNUG_FILE_TRANSFER_OFFERED)
      snug_file_sender_fail (senders->pdata[i], snug_file_error_new_unsupported ());
}

void
snug_file_table_open_senders (SnugFileTable *self, const char *peer_id)
{
  g_autoptr (GPtrArray) senders = copy (self->senders);

  for (guint i = 0; i < senders->len; i++)
    if (is_of (snug_file_sender_get_peer_id (senders->pdata[i]), peer_id))
      snug_file_sender_opened (senders->pdata[i]);
}

void
snug_file_table_lose (SnugFileTable *self, const char *peer_id)
{
  g_autoptr (GPtrArray) senders = copy (self->senders);
  g_autoptr (GPtrArray) receivers = copy (self->receivers);

  for (guint i = 0; i < senders->len; i++)
    if (is_of (snug_file_sender_get_peer_id (senders->pdata[i]), peer_id))
      snug_file_sender_lost (senders->pdata[i]);
  for (guint i = 0; i < receivers->len; i++)
    if (is_of (snug_file_receiver_get_peer_id (receivers->pdata[i]), peer_id))
      snug_file_receiver_lost (receivers->pdata[i]);
}

void
snug_file_table_remove_peer (SnugFileTable *self, const char *peer_id)
{
  g_autoptr (GPtrArray) senders = copy (self->senders);
  g_autoptr (GPtrArray) receivers = copy (self->receivers);

  for (guint i = 0; i < senders->len; i++)
    if (is_of (snug_file_sender_get_peer_id (senders->pdata[i]), peer_id))
      snug_file_sender_removed (senders->pdata[i]);
  for (guint i = 0; i < receivers->len; i++)
    if (is_of (snug_file_receiver_get_peer_id (receivers->pdata[i]), peer_id))
      snug_file_receiver_removed (receivers->pdata[i]);
}

gboolean
snug_file_table_acknowledge (SnugFileTable *self, const char *peer_id, guint stream, guint64 offset)
{
  for (guint i = 0; i < self->senders->len; i++)
    if (snug_file_sender_acknowledge (self->senders->pdata[i], peer_id, stream, offset))
      return TRUE;

  return FALSE;
}

gboolean
snug_file_table_take (SnugFileTable *self, const char *peer_id, const SnugFileChunk *chunk, GBytes *message)
{
  for (guint i = 0; i < self->receivers->len; i++)
    {
      g_autoptr (SnugFileReceiver) receiver = g_object_ref (self->receivers->pdata[i]);

      if (is_of (snug_file_receiver_get_peer_id (receiver), peer_id) && snug_file_receiver_take (receiver, chunk, message))
        return TRUE;
    }

  return FALSE;
}

void
snug_file_table_adopt (SnugFileTable *self, SnugFileTable *previous, SnugFilePort *port)
{
  for (guint i = 0; i < previous->senders->len; i++)
    {
      snug_file_sender_set_port (previous->senders->pdata[i], port);
      g_ptr_array_add (self->senders, g_object_ref (previous->senders->pdata[i]));
    }
  for (guint i = 0; i < previous->receivers->len; i++)
    {
      snug_file_receiver_set_port (previous->receivers->pdata[i], port);
      g_ptr_array_add (self->receivers, g_object_ref (previous->receivers->pdata[i]));
    }
  g_ptr_array_set_size (previous->senders, 0);
  g_ptr_array_set_size (previous->receivers, 0);
}

static GError *
new_over_error (void)
{
  return g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_PEER_LEFT, "The call is over");
}

void
snug_file_table_fail_all (SnugFileTable *self)
{
  g_autoptr (GPtrArray) senders = copy (self->senders);
  g_autoptr (GPtrArray) receivers = copy (self->receivers);

  g_ptr_array_set_size (self->senders, 0);
  g_ptr_array_set_size (self->receivers, 0);
  for (guint i = 0; i < senders->len; i++)
    snug_file_sender_fail (senders->pdata[i], new_over_error ());
  for (guint i = 0; i < receivers->len; i++)
    if (!snug_file_transfer_state_is_final (snug_file_receiver_get_state (receivers->pdata[i])))
      snug_file_receiver_fail (receivers->pdata[i], new_over_error ());
}

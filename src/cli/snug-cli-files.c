/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-files.h"

#include <string.h>

/* Names that are tried: NAME, NAME (2) ... */
#define MAX_NAMES 1000

struct _SnugCliFiles
{
  SnugChat *chat;
  SnugEventLog *log;
  GFile *folder;     /* nullable */
  GHashTable *taken; /* names in it that something is on its way to */
  GQueue offered;    /* SnugFileTransfer, to be accepted */
  guint accept_id;
};

/* A name that nothing has in the folder. Returns: (transfer full) (nullable): none is left. */
static GFile *
find_place (SnugCliFiles *self, const char *name)
{
  const char *dot = strrchr (name, '.');
  gsize stem = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);

  for (guint i = 1; i <= MAX_NAMES; i++)
    {
      g_autofree char *tried
          = i == 1 ? g_strdup (name) : g_strdup_printf ("%.*s (%u)%s", (int) stem, name, i, name + stem);
      g_autoptr (GFile) file = g_file_get_child (self->folder, tried);

      if (g_hash_table_contains (self->taken, tried) || g_file_query_exists (file, NULL))
        continue;
      g_hash_table_add (self->taken, g_steal_pointer (&tried));

      return g_steal_pointer (&file);
    }

  return NULL;
}

static void
accept_offered (gpointer user_data)
{
  SnugCliFiles *self = user_data;
  SnugFileTransfer *transfer;

  self->accept_id = 0;
  while ((transfer = g_queue_pop_head (&self->offered)) != NULL)
    {
      g_autoptr (GFile) place = find_place (self, snug_file_transfer_get_name (transfer));

      if (place != NULL)
        snug_file_transfer_accept (transfer, place);
      else
        snug_file_transfer_decline (transfer);
      g_object_unref (transfer);
    }
}

static void
on_chat_changed (GListModel *chat, guint position, guint removed, guint added, SnugCliFiles *self)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (chat, position + i);
      SnugFileTransfer *transfer = snug_chat_message_get_transfer (message);

      if (transfer == NULL || snug_file_transfer_get_outgoing (transfer))
        continue;

      /* Later: others are still being told of this one. */
      g_queue_push_tail (&self->offered, g_object_ref (transfer));
      if (self->accept_id == 0)
        self->accept_id = g_idle_add_once (accept_offered, self);
    }
}

SnugCliFiles *
snug_cli_files_new (SnugCall *call, SnugEventLog *log, const char *folder)
{
  SnugCliFiles *self = g_new0 (SnugCliFiles, 1);

  self->chat = g_object_ref (snug_call_get_chat (call));
  self->log = g_object_ref (log);
  self->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->offered);
  if (folder != NULL)
    {
      self->folder = g_file_new_for_path (folder);
      g_signal_connect (self->chat, "items-changed", G_CALLBACK (on_chat_changed), self);
    }

  return self;
}

void
snug_cli_files_free (SnugCliFiles *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->chat, self);
  g_clear_handle_id (&self->accept_id, g_source_remove);
  g_queue_clear_full (&self->offered, g_object_unref);
  g_clear_object (&self->chat);
  g_clear_object (&self->log);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->taken, g_hash_table_unref);
  g_free (self);
}

void
snug_cli_files_send (SnugCliFiles *self, const char *const *paths)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (paths[i]);
      g_autoptr (GError) error = NULL;

      if (!snug_chat_offer_file (self->chat, file, &error))
        snug_event_log_write_error (self->log, "file", error);
    }
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-event-files.h"

#include "snug-error-words.h"

#define PROGRESS_INTERVAL_US G_USEC_PER_SEC

typedef struct
{
  SnugEventFiles *files; /* borrowed: they own this */
  SnugChatMessage *message;
  gint64 written_at;
} Watched;

struct _SnugEventFiles
{
  GPtrArray *watched; /* Watched */
  SnugEventFunc write;
  gpointer user_data;
};

static void
write_event (Watched *watched)
{
  SnugFileTransfer *transfer = snug_chat_message_get_transfer (watched->message);
  const GError *error = snug_file_transfer_get_error (transfer);
  gboolean outgoing = snug_file_transfer_get_outgoing (transfer);
  const char *name = outgoing ? NULL : snug_chat_message_get_sender_name (watched->message);
  g_autofree char *path = NULL;
  g_autofree char *code = error != NULL ? snug_error_code_word (error) : NULL;
  JsonBuilder *builder = snug_event_begin ("file");

  if (snug_file_transfer_get_file (transfer) != NULL)
    path = g_file_get_path (snug_file_transfer_get_file (transfer));
  snug_event_add_string (builder, "id", snug_chat_message_get_id (watched->message));
  snug_event_add_boolean (builder, "outgoing", outgoing);
  snug_event_add_string (builder, "peer", snug_chat_message_get_sender_id (watched->message));
  snug_event_add_string (builder, "name", name);
  snug_event_add_string (builder, "file", snug_file_transfer_get_name (transfer));
  snug_event_add_string (builder, "path", path);
  snug_event_add_uint (builder, "size", snug_file_transfer_get_size (transfer));
  snug_event_add_enum (builder, "state", SNUG_TYPE_FILE_TRANSFER_STATE,
                       snug_file_transfer_get_state (transfer));
  snug_event_add_uint (builder, "transferred", snug_file_transfer_get_transferred (transfer));
  snug_event_add_double (builder, "bytes_per_second",
                         snug_file_transfer_get_bytes_per_second (transfer));
  snug_event_add_string (builder, "code", code);
  snug_event_add_string (builder, "message", error != NULL ? error->message : NULL);
  watched->written_at = g_get_monotonic_time ();
  watched->files->write (builder, name, error != NULL, watched->files->user_data);
}

static void
on_state (SnugFileTransfer *transfer, GParamSpec *pspec, Watched *watched)
{
  write_event (watched);
}

static void
on_transferred (SnugFileTransfer *transfer, GParamSpec *pspec, Watched *watched)
{
  if (snug_file_transfer_get_state (transfer) == SNUG_FILE_TRANSFER_ACTIVE
      && g_get_monotonic_time () - watched->written_at >= PROGRESS_INTERVAL_US)
    write_event (watched);
}

static void
watched_free (gpointer data)
{
  Watched *watched = data;

  g_signal_handlers_disconnect_by_data (snug_chat_message_get_transfer (watched->message), watched);
  g_clear_object (&watched->message);
  g_free (watched);
}

/* Those that are over change no more. */
static void
forget_finished (SnugEventFiles *self)
{
  for (guint i = self->watched->len; i > 0; i--)
    {
      Watched *watched = g_ptr_array_index (self->watched, i - 1);
      SnugFileTransfer *transfer = snug_chat_message_get_transfer (watched->message);

      if (snug_file_transfer_state_is_final (snug_file_transfer_get_state (transfer)))
        g_ptr_array_remove_index (self->watched, i - 1);
    }
}

SnugEventFiles *
snug_event_files_new (SnugEventFunc write, gpointer user_data)
{
  SnugEventFiles *self = g_new0 (SnugEventFiles, 1);

  self->write = write;
  self->user_data = user_data;
  self->watched = g_ptr_array_new_with_free_func (watched_free);

  return self;
}

void
snug_event_files_free (SnugEventFiles *self)
{
  g_ptr_array_unref (self->watched);
  g_free (self);
}

void
snug_event_files_watch (SnugEventFiles *self, SnugChatMessage *message)
{
  Watched *watched;

  g_return_if_fail (self != NULL);
  g_return_if_fail (snug_chat_message_get_transfer (message) != NULL);

  forget_finished (self);
  watched = g_new0 (Watched, 1);
  watched->files = self;
  watched->message = g_object_ref (message);
  g_ptr_array_add (self->watched, watched);
  g_signal_connect (snug_chat_message_get_transfer (message), "notify::state", G_CALLBACK (on_state),
                    watched);
  g_signal_connect (snug_chat_message_get_transfer (message), "notify::transferred",
                    G_CALLBACK (on_transferred), watched);
  write_event (watched);
}

void
snug_event_files_unwatch_all (SnugEventFiles *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_set_size (self->watched, 0);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-event-log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "snug-event-files.h"
#include "snug-event-peers.h"
#include "snug-event-text.h"
#include "snug-event.h"

struct _SnugEventLog
{
  GObject parent_instance;

  SnugEventLogFormat format;
  SnugEventLogFunc write;
  gpointer user_data;
  GDestroyNotify destroy;

  /* While a call is watched. */
  SnugCall *call;
  SnugLocalMedia *local_media;
  SnugAudioOutput *audio_output;
  SnugScreenShare *screen_share;
  GPtrArray *messages; /* outgoing SnugChatMessage whose state may still change */
  SnugEventPeers *peers;
  SnugEventFiles *files;
};

G_DEFINE_FINAL_TYPE (SnugEventLog, snug_event_log, G_TYPE_OBJECT)

/* builder: (transfer full). name: of the peer it is about, nullable. */
static void
end_event (SnugEventLog *self, JsonBuilder *builder, const char *name, gboolean error)
{
  g_autoptr (JsonObject) event = snug_event_end (builder);
  g_autofree char *line = self->format == SNUG_EVENT_LOG_JSON ? snug_event_to_json (event)
                                                              : snug_event_text_format (event, name);

  if (line != NULL)
    self->write (line, error, self->user_data);
}

/* For what people and files do. */
static void
write_event (JsonBuilder *builder, const char *name, gboolean error, gpointer user_data)
{
  end_event (user_data, builder, name, error);
}

static void
on_refused (SnugCall *call, const char *id, const char *name, const GError *error, SnugEventLog *self)
{
  end_event (self, snug_event_begin_error ("room", id, error), name, TRUE);
}

static void
write_error (SnugEventLog *self, const char *source, const GError *error)
{
  end_event (self, snug_event_begin_error (source, NULL, error), NULL, TRUE);
}

static void
write_chat (SnugEventLog *self, SnugChatMessage *message)
{
  JsonBuilder *builder = snug_event_begin ("chat");
  gboolean outgoing = snug_chat_message_get_outgoing (message);
  const char *name = outgoing ? NULL : snug_chat_message_get_sender_name (message);

  snug_event_add_string (builder, "id", snug_chat_message_get_id (message));
  snug_event_add_boolean (builder, "outgoing", outgoing);
  snug_event_add_string (builder, "peer", snug_chat_message_get_sender_id (message));
  snug_event_add_string (builder, "name", name);
  snug_event_add_string (builder, "text", snug_chat_message_get_text (message));
  snug_event_add_enum (builder, "state", SNUG_TYPE_CHAT_MESSAGE_STATE, snug_chat_message_get_state (message));
  end_event (self, builder, name, FALSE);
}

static void
on_peers_changed (GListModel *peers,
                  guint position,
                  guint removed,
                  guint added,
                  SnugEventLog *self)
{
  snug_event_peers_change (self->peers, peers, position, removed, added,
                           snug_call_get_state (self->call) == SNUG_CALL_JOINED);
}

static void
on_message_state (SnugChatMessage *message, GParamSpec *pspec, SnugEventLog *self)
{
  JsonBuilder *builder = snug_event_begin ("chat-state");

  snug_event_add_string (builder, "id", snug_chat_message_get_id (message));
  snug_event_add_string (builder, "text", snug_chat_message_get_text (message));
  snug_event_add_enum (builder, "state", SNUG_TYPE_CHAT_MESSAGE_STATE, snug_chat_message_get_state (message));
  end_event (self, builder, NULL, FALSE);
}

static void
on_message_read (SnugChatMessage *message, GParamSpec *pspec, SnugEventLog *self)
{
  JsonBuilder *builder = snug_event_begin ("chat-read");

  snug_event_add_string (builder, "id", snug_chat_message_get_id (message));
  snug_event_add_uint (builder, "readers", snug_chat_message_get_read_count (message));
  end_event (self, builder, NULL, FALSE);
}

static void
message_free (gpointer data, gpointer user_data)
{
  g_signal_handlers_disconnect_by_data (data, user_data);
}

static void
on_chat_changed (GListModel *chat, guint position, guint removed, guint added, SnugEventLog *self)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (chat, position + i);

      if (snug_chat_message_get_transfer (message) != NULL)
        {
          snug_event_files_watch (self->files, message);
          continue;
        }
      write_chat (self, message);
      if (!snug_chat_message_get_outgoing (message))
        continue;

      /* As many as a chat keeps; those that fell out of it do not change any more. */
      if (self->messages->len >= SNUG_CHAT_MAX_MESSAGES)
        {
          message_free (g_ptr_array_index (self->messages, 0), self);
          g_ptr_array_remove_index (self->messages, 0);
        }
      g_signal_connect (message, "notify::state", G_CALLBACK (on_message_state), self);
      g_signal_connect (message, "notify::read-count", G_CALLBACK (on_message_read), self);
      g_ptr_array_add (self->messages, g_object_ref (message));
    }
}

static void
on_call_state (SnugCall *call, GParamSpec *pspec, SnugEventLog *self)
{
  SnugCallState state = snug_call_get_state (call);
  JsonBuilder *builder;

  if (state == SNUG_CALL_FAILED && snug_call_get_error (call) != NULL)
    write_error (self, "call", snug_call_get_error (call));

  builder = snug_event_begin ("state");
  snug_event_add_enum (builder, "state", SNUG_TYPE_CALL_STATE, state);
  if (state == SNUG_CALL_JOINED)
    snug_event_add_string (builder, "id", snug_call_get_self_id (call));
  end_event (self, builder, NULL, FALSE);

  if (state == SNUG_CALL_LEFT || state == SNUG_CALL_FAILED)
    {
      builder = snug_event_begin ("left");
      snug_event_add_enum (builder, "state", SNUG_TYPE_CALL_STATE, state);
      end_event (self, builder, NULL, FALSE);
    }
}

static void
on_server_error (SnugCall *call, GParamSpec *pspec, SnugEventLog *self)
{
  const GError *error = snug_call_get_server_error (call);

  if (error != NULL && snug_call_get_state (call) == SNUG_CALL_JOINED)
    write_error (self, "server", error);
}

static void
on_video_error (SnugLocalMedia *media, GParamSpec *pspec, SnugEventLog *self)
{
  if (snug_local_media_get_video_error (media) != NULL)
    write_error (self, "video", snug_local_media_get_video_error (media));
}

static void
on_audio_error (SnugLocalMedia *media, GParamSpec *pspec, SnugEventLog *self)
{
  if (snug_local_media_get_audio_error (media) != NULL)
    write_error (self, "audio", snug_local_media_get_audio_error (media));
}

static void
on_speaker_error (SnugAudioOutput *output, GParamSpec *pspec, SnugEventLog *self)
{
  if (snug_audio_output_get_error (output) != NULL)
    write_error (self, "speaker", snug_audio_output_get_error (output));
}

static void
on_screen_share_state (SnugScreenShare *share, GParamSpec *pspec, SnugEventLog *self)
{
  JsonBuilder *builder = snug_event_begin ("screen-share");

  snug_event_add_enum (builder, "state", SNUG_TYPE_SCREEN_SHARE_STATE, snug_screen_share_get_state (share));
  end_event (self, builder, NULL, FALSE);
}

static void
on_screen_share_error (SnugScreenShare *share, GParamSpec *pspec, SnugEventLog *self)
{
  if (snug_screen_share_get_error (share) != NULL)
    write_error (self, "screen", snug_screen_share_get_error (share));
}

static void
unwatch (SnugEventLog *self)
{
  if (self->call == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->call, self);
  g_signal_handlers_disconnect_by_data (snug_call_get_peers (self->call), self);
  g_signal_handlers_disconnect_by_data (snug_call_get_chat (self->call), self);
  g_signal_handlers_disconnect_by_data (self->local_media, self);
  g_signal_handlers_disconnect_by_data (self->audio_output, self);
  g_signal_handlers_disconnect_by_data (self->screen_share, self);
  g_ptr_array_foreach (self->messages, message_free, self);
  g_ptr_array_set_size (self->messages, 0);
  snug_event_files_unwatch_all (self->files);
  snug_event_peers_unwatch_all (self->peers);
  g_clear_object (&self->local_media);
  g_clear_object (&self->audio_output);
  g_clear_object (&self->screen_share);
  g_clear_object (&self->call);
}

static void
snug_event_log_dispose (GObject *object)
{
  SnugEventLog *self = SNUG_EVENT_LOG (object);

  unwatch (self);
  if (self->destroy != NULL)
    g_steal_pointer (&self->destroy) (self->user_data);

  G_OBJECT_CLASS (snug_event_log_parent_class)->dispose (object);
}

static void
snug_event_log_finalize (GObject *object)
{
  SnugEventLog *self = SNUG_EVENT_LOG (object);

  g_clear_pointer (&self->peers, snug_event_peers_free);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->files, snug_event_files_free);

  G_OBJECT_CLASS (snug_event_log_parent_class)->finalize (object);
}

static void
snug_event_log_class_init (SnugEventLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_event_log_dispose;
  object_class->finalize = snug_event_log_finalize;
}

static void
snug_event_log_init (SnugEventLog *self)
{
  self->peers = snug_event_peers_new (write_event, self);
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->files = snug_event_files_new (write_event, self);
}

SnugEventLog *
snug_event_log_new (SnugEventLogFormat format,
                    SnugEventLogFunc write,
                    gpointer user_data,
                    GDestroyNotify destroy)
{
  SnugEventLog *self;

  g_return_val_if_fail (write != NULL, NULL);

  self = g_object_new (SNUG_TYPE_EVENT_LOG, NULL);
  self->format = format;
  self->write = write;
  self->user_data = user_data;
  self->destroy = destroy;
  snug_event_peers_set_stats (self->peers, format == SNUG_EVENT_LOG_JSON);

  return self;
}

static void
write_to_file (const char *line, gboolean error, gpointer user_data)
{
  FILE *file = user_data;

  fputs (line, file);
  fputc ('\n', file);
  fflush (file);
}

static void
close_file (gpointer user_data)
{
  fclose (user_data);
}

SnugEventLog *
snug_event_log_new_for_path (const char *path, GError **error)
{
  FILE *file = NULL;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  /* Not blocking: the path may be a FIFO that nobody reads. */
  fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (fd >= 0)
    file = fdopen (fd, "a");
  if (file == NULL)
    {
      int saved_errno = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved_errno),
                   "The event log “%s” can't be opened: %s", path, g_strerror (saved_errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  return snug_event_log_new (SNUG_EVENT_LOG_JSON, write_to_file, file, close_file);
}

void
snug_event_log_set_text_stats (SnugEventLog *self, gboolean text_stats)
{
  g_return_if_fail (SNUG_IS_EVENT_LOG (self));

  snug_event_peers_set_stats (self->peers, text_stats || self->format == SNUG_EVENT_LOG_JSON);
}

void
snug_event_log_watch (SnugEventLog *self, SnugCall *call)
{
  g_return_if_fail (SNUG_IS_EVENT_LOG (self));
  g_return_if_fail (call == NULL || SNUG_IS_CALL (call));

  if (self->call == call)
    return;

  unwatch (self);
  if (call == NULL)
    return;

  self->call = g_object_ref (call);
  self->local_media = g_object_ref (snug_call_get_local_media (call));
  self->audio_output = g_object_ref (snug_call_get_audio_output (call));
  self->screen_share = g_object_ref (snug_call_get_screen_share (call));
  g_signal_connect (call, "notify::state", G_CALLBACK (on_call_state), self);
  g_signal_connect (call, "notify::server-error", G_CALLBACK (on_server_error), self);
  g_signal_connect (call, "refused", G_CALLBACK (on_refused), self);
  g_signal_connect (snug_call_get_peers (call), "items-changed", G_CALLBACK (on_peers_changed), self);
  g_signal_connect (snug_call_get_chat (call), "items-changed", G_CALLBACK (on_chat_changed), self);
  g_signal_connect (self->local_media, "notify::video-error", G_CALLBACK (on_video_error), self);
  g_signal_connect (self->local_media, "notify::audio-error", G_CALLBACK (on_audio_error), self);
  g_signal_connect (self->audio_output, "notify::error", G_CALLBACK (on_speaker_error), self);
  g_signal_connect (self->screen_share, "notify::state", G_CALLBACK (on_screen_share_state), self);
  g_signal_connect (self->screen_share, "notify::error", G_CALLBACK (on_screen_share_error), self);

  on_video_error (self->local_media, NULL, self);
  on_audio_error (self->local_media, NULL, self);
  on_speaker_error (self->audio_output, NULL, self);
  if (snug_call_get_state (call) != SNUG_CALL_IDLE)
    on_call_state (call, NULL, self);
  on_peers_changed (snug_call_get_peers (call), 0, 0,
                    g_list_model_get_n_items (snug_call_get_peers (call)), self);
  on_chat_changed (G_LIST_MODEL (snug_call_get_chat (call)), 0, 0,
                   g_list_model_get_n_items (G_LIST_MODEL (snug_call_get_chat (call))), self);
}

void
snug_event_log_write_ready (SnugEventLog *self)
{
  g_return_if_fail (SNUG_IS_EVENT_LOG (self));

  end_event (self, snug_event_begin ("ready"), NULL, FALSE);
}

void
snug_event_log_write_recording (SnugEventLog *self,
                                SnugMediaKind kind,
                                guint64 n_written,
                                guint64 n_dropped)
{
  JsonBuilder *builder;

  g_return_if_fail (SNUG_IS_EVENT_LOG (self));

  builder = snug_event_begin ("recording");
  snug_event_add_string (builder, "media", snug_event_media_word (kind));
  snug_event_add_uint (builder, "written", n_written);
  snug_event_add_uint (builder, "dropped", n_dropped);
  end_event (self, builder, NULL, FALSE);
}

void
snug_event_log_write_error (SnugEventLog *self, const char *source, const GError *error)
{
  g_return_if_fail (SNUG_IS_EVENT_LOG (self));
  g_return_if_fail (source != NULL);
  g_return_if_fail (error != NULL);

  write_error (self, source, error);
}

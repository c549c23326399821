/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-event-log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "snug-candidate.h"
#include "snug-error-words.h"
#include "snug-event-files.h"
#include "snug-event-text.h"
#include "snug-event.h"

/* The path of a connection is known from the first sample that names it; not later than this one. */
#define MAX_SAMPLES_WITHOUT_PATH 3

/* One person who is being watched. */
typedef struct
{
  SnugEventLog *log; /* borrowed: it owns this */
  SnugPeer *peer;
  SnugStats *stats;
  gboolean connected; /* said so */
  guint n_samples_without_path;
} SnugWatchedPeer;

struct _SnugEventLog
{
  GObject parent_instance;

  SnugEventLogFormat format;
  gboolean text_stats;
  SnugEventLogFunc write;
  gpointer user_data;
  GDestroyNotify destroy;

  /* While a call is watched. */
  SnugCall *call;
  SnugLocalMedia *local_media;
  SnugAudioOutput *audio_output;
  SnugScreenShare *screen_share;
  GPtrArray *peers;    /* SnugWatchedPeer, as in the call's list */
  GPtrArray *messages; /* outgoing SnugChatMessage whose state may still change */
  SnugEventFiles *files;
};

G_DEFINE_FINAL_TYPE (SnugEventLog, snug_event_log, G_TYPE_OBJECT)

static void
add_peer (JsonBuilder *builder, SnugPeer *peer)
{
  snug_event_add_string (builder, "peer", snug_peer_get_id (peer));
  snug_event_add_string (builder, "name", snug_peer_get_name (peer));
}

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

static void
write_error (SnugEventLog *self, const char *source, SnugPeer *peer, const GError *error)
{
  JsonBuilder *builder = snug_event_begin ("error");
  g_autofree char *code = snug_error_code_word (error);

  snug_event_add_string (builder, "source", source);
  snug_event_add_string (builder, "peer", peer != NULL ? snug_peer_get_id (peer) : NULL);
  snug_event_add_string (builder, "domain", snug_error_domain_word (error));
  snug_event_add_string (builder, "code", code);
  snug_event_add_string (builder, "message", error->message);
  end_event (self, builder, peer != NULL ? snug_peer_get_name (peer) : NULL, TRUE);
}

static void
write_peer (SnugEventLog *self, SnugPeer *peer, const char *change)
{
  JsonBuilder *builder = snug_event_begin ("peer");

  snug_event_add_string (builder, "id", snug_peer_get_id (peer));
  snug_event_add_string (builder, "name", snug_peer_get_name (peer));
  snug_event_add_string (builder, "change", change);
  snug_event_add_enum (builder, "state", SNUG_TYPE_PEER_STATE, snug_peer_get_state (peer));
  snug_event_add_boolean (builder, "audio", snug_peer_get_audio_enabled (peer));
  snug_event_add_boolean (builder, "video", snug_peer_get_video_enabled (peer));
  snug_event_add_boolean (builder, "screen", snug_peer_get_screen_enabled (peer));
  end_event (self, builder, snug_peer_get_name (peer), FALSE);
}

static const char *
media_word (SnugMediaKind kind)
{
  static const char *const words[]
      = { [SNUG_MEDIA_VIDEO] = "video", [SNUG_MEDIA_AUDIO] = "audio", [SNUG_MEDIA_SCREEN] = "screen" };

  return words[kind];
}

static const char *
name_path (const char *local_type, const char *remote_type)
{
  if (local_type == NULL || remote_type == NULL)
    return NULL;
  if (g_str_equal (local_type, "relay") || g_str_equal (remote_type, "relay"))
    return "relay";
  if (!g_str_equal (local_type, "host") || !g_str_equal (remote_type, "host"))
    return "reflexive";

  return "direct";
}

/* values: NULL when it never became known. */
static void
write_connected (SnugEventLog *self, SnugPeer *peer, const SnugStatsValues *values)
{
  static const SnugStatsValues unknown;
  JsonBuilder *builder = snug_event_begin ("connected");

  if (values == NULL)
    values = &unknown;

  add_peer (builder, peer);
  snug_event_add_string (builder, "path",
                         name_path (values->local_candidate_type, values->remote_candidate_type));
  snug_event_add_string (builder, "protocol", values->protocol);
  snug_event_add_string (builder, "local_candidate_type", values->local_candidate_type);
  snug_event_add_string (builder, "remote_candidate_type", values->remote_candidate_type);
  snug_event_add_string (builder, "local_address", values->local_address);
  snug_event_add_uint (builder, "local_port", values->local_port);
  snug_event_add_string (builder, "remote_address", values->remote_address);
  snug_event_add_uint (builder, "remote_port", values->remote_port);
  end_event (self, builder, snug_peer_get_name (peer), FALSE);
}

static void
write_stats (SnugEventLog *self, SnugPeer *peer, const SnugStatsValues *values)
{
  JsonBuilder *builder;
  gsize n_fields;
  const SnugStatsField *fields = snug_stats_sample_list_fields (&n_fields);

  if (self->format == SNUG_EVENT_LOG_TEXT && !self->text_stats)
    return;

  builder = snug_event_begin ("stats");
  snug_event_add_string (builder, "peer", snug_peer_get_id (peer));
  for (gsize i = 0; i < n_fields; i++)
    {
      const SnugStatsField *field = &fields[i];

      switch (field->type)
        {
        case SNUG_STATS_DOUBLE:
          snug_event_add_double (builder, field->name, G_STRUCT_MEMBER (double, values, field->offset));
          break;

        case SNUG_STATS_UINT:
          snug_event_add_uint (builder, field->name, G_STRUCT_MEMBER (guint, values, field->offset));
          break;

        case SNUG_STATS_UINT64:
          snug_event_add_uint (builder, field->name, G_STRUCT_MEMBER (guint64, values, field->offset));
          break;

        case SNUG_STATS_STRING:
          snug_event_add_string (builder, field->name, G_STRUCT_MEMBER (char *, values, field->offset));
          break;

        default:
          g_assert_not_reached ();
        }
    }
  end_event (self, builder, snug_peer_get_name (peer), FALSE);
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

/* The path is in the sample; until one has it, there is nothing to say. */
static void
check_connected (SnugWatchedPeer *watched)
{
  SnugStatsSample *sample = snug_stats_get_latest (watched->stats);
  const SnugStatsValues *values = sample != NULL ? snug_stats_sample_get_values (sample) : NULL;

  if (watched->connected || snug_peer_get_state (watched->peer) != SNUG_PEER_CONNECTED)
    return;

  if (values == NULL || values->local_candidate_type == NULL)
    {
      if (watched->n_samples_without_path < MAX_SAMPLES_WITHOUT_PATH)
        return;
      values = NULL;
    }

  watched->connected = TRUE;
  write_connected (watched->log, watched->peer, values);
}

static void
on_peer_state (SnugPeer *peer, GParamSpec *pspec, SnugWatchedPeer *watched)
{
  SnugPeerState state = snug_peer_get_state (peer);

  /* Leaving is told when the person is out of the list. */
  if (state == SNUG_PEER_LEFT)
    return;

  if (state == SNUG_PEER_FAILED && snug_peer_get_error (peer) != NULL)
    write_error (watched->log, "peer", peer, snug_peer_get_error (peer));
  write_peer (watched->log, peer, "state");

  watched->connected = FALSE;
  watched->n_samples_without_path = 0;
  check_connected (watched);
}

static void
on_peer_candidate (SnugPeer *peer, gboolean local, const char *line, SnugWatchedPeer *watched)
{
  g_autoptr (SnugCandidate) candidate = NULL;
  JsonBuilder *builder;

  /* An empty line says that there are no more. */
  if (line == NULL || *line == '\0')
    return;

  candidate = snug_candidate_parse (line, NULL);
  if (candidate == NULL)
    {
      g_debug ("A candidate that can't be read");
      return;
    }

  builder = snug_event_begin ("candidate");
  snug_event_add_string (builder, "peer", snug_peer_get_id (peer));
  snug_event_add_string (builder, "side", local ? "local" : "remote");
  snug_event_add_string (builder, "type", candidate->type);
  snug_event_add_string (builder, "protocol", candidate->protocol);
  snug_event_add_string (builder, "address", candidate->address);
  snug_event_add_uint (builder, "port", candidate->port);
  end_event (watched->log, builder, snug_peer_get_name (peer), FALSE);
}

/* The person turned a microphone, camera or screen on or off. */
static void
on_peer_media (SnugPeer *peer, GParamSpec *pspec, SnugWatchedPeer *watched)
{
  write_peer (watched->log, peer, "media");
}

static void
on_peer_hand (SnugPeer *peer, GParamSpec *pspec, SnugWatchedPeer *watched)
{
  JsonBuilder *builder = snug_event_begin ("hand");

  add_peer (builder, peer);
  snug_event_add_boolean (builder, "raised", snug_peer_get_hand_raised (peer));
  end_event (watched->log, builder, snug_peer_get_name (peer), FALSE);
}

static void
on_peer_typing (SnugPeer *peer, GParamSpec *pspec, SnugWatchedPeer *watched)
{
  JsonBuilder *builder = snug_event_begin ("typing");

  add_peer (builder, peer);
  snug_event_add_boolean (builder, "typing", snug_peer_get_typing (peer));
  end_event (watched->log, builder, snug_peer_get_name (peer), FALSE);
}

static void
on_peer_reaction (SnugPeer *peer, const char *emoji, SnugWatchedPeer *watched)
{
  JsonBuilder *builder = snug_event_begin ("reaction");

  add_peer (builder, peer);
  snug_event_add_string (builder, "emoji", emoji);
  end_event (watched->log, builder, snug_peer_get_name (peer), FALSE);
}

static void
on_peer_first_frame (SnugPeer *peer, int kind, SnugWatchedPeer *watched)
{
  JsonBuilder *builder = snug_event_begin ("first-frame");

  add_peer (builder, peer);
  snug_event_add_string (builder, "media", media_word (kind));
  end_event (watched->log, builder, snug_peer_get_name (peer), FALSE);
}

static void
on_stats_latest (SnugStats *stats, GParamSpec *pspec, SnugWatchedPeer *watched)
{
  SnugStatsSample *sample = snug_stats_get_latest (stats);

  if (sample == NULL)
    return;

  if (snug_stats_sample_get_values (sample)->local_candidate_type == NULL)
    watched->n_samples_without_path++;
  check_connected (watched);
  write_stats (watched->log, watched->peer, snug_stats_sample_get_values (sample));
}

static void
watched_peer_free (gpointer data)
{
  SnugWatchedPeer *watched = data;

  g_signal_handlers_disconnect_by_data (watched->peer, watched);
  g_signal_handlers_disconnect_by_data (watched->stats, watched);
  g_clear_object (&watched->peer);
  g_clear_object (&watched->stats);
  g_free (watched);
}

/* peer: (transfer full). Returns: (transfer full). */
static SnugWatchedPeer *
watch_peer (SnugEventLog *self, SnugPeer *peer)
{
  SnugWatchedPeer *watched = g_new0 (SnugWatchedPeer, 1);

  watched->log = self;
  watched->peer = peer;
  watched->stats = g_object_ref (snug_peer_get_stats (peer));
  g_signal_connect (peer, "notify::state", G_CALLBACK (on_peer_state), watched);
  g_signal_connect (peer, "notify::audio-enabled", G_CALLBACK (on_peer_media), watched);
  g_signal_connect (peer, "notify::video-enabled", G_CALLBACK (on_peer_media), watched);
  g_signal_connect (peer, "notify::screen-enabled", G_CALLBACK (on_peer_media), watched);
  g_signal_connect (peer, "candidate", G_CALLBACK (on_peer_candidate), watched);
  g_signal_connect (peer, "notify::hand-raised", G_CALLBACK (on_peer_hand), watched);
  g_signal_connect (peer, "notify::typing", G_CALLBACK (on_peer_typing), watched);
  g_signal_connect (peer, "reaction", G_CALLBACK (on_peer_reaction), watched);
  g_signal_connect (peer, "first-frame", G_CALLBACK (on_peer_first_frame), watched);
  g_signal_connect (watched->stats, "notify::latest", G_CALLBACK (on_stats_latest), watched);

  return watched;
}

static void
on_peers_changed (GListModel *peers,
                  guint position,
                  guint removed,
                  guint added,
                  SnugEventLog *self)
{
  gboolean in_call = snug_call_get_state (self->call) == SNUG_CALL_JOINED;

  for (guint i = 0; i < removed; i++)
    {
      SnugWatchedPeer *watched = g_ptr_array_index (self->peers, position);

      /* When we leave, the others do not. */
      if (in_call)
        write_peer (self, watched->peer, "left");
      g_ptr_array_remove_index (self->peers, position);
    }

  for (guint i = 0; i < added; i++)
    {
      SnugWatchedPeer *watched = watch_peer (self, g_list_model_get_item (peers, position + i));

      g_ptr_array_insert (self->peers, position + i, watched);
      write_peer (self, watched->peer, "joined");
      check_connected (watched);
    }
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
write_file (JsonBuilder *builder, const char *name, gboolean error, gpointer user_data)
{
  end_event (user_data, builder, name, error);
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
    write_error (self, "call", NULL, snug_call_get_error (call));

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
    write_error (self, "server", NULL, error);
}

static void
on_video_error (SnugLocalMedia *media, GParamSpec *pspec, SnugEventLog *self)
{
  if (snug_local_media_get_video_error (media) != NULL)
    write_error (self, "video", NULL, snug_local_media_get_video_error (media));
}

static void
on_audio_error (SnugLocalMedia *media, GParamSpec *pspec, SnugEventLog *self)
{
  if (snug_local_media_get_audio_error (media) != NULL)
    write_error (self, "audio", NULL, snug_local_media_get_audio_error (media));
}

static void
on_speaker_error (SnugAudioOutput *output, GParamSpec *pspec, SnugEventLog *self)
{
  if (snug_audio_output_get_error (output) != NULL)
    write_error (self, "speaker", NULL, snug_audio_output_get_error (output));
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
    write_error (self, "screen", NULL, snug_screen_share_get_error (share));
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
  g_ptr_array_set_size (self->peers, 0);
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

  g_clear_pointer (&self->peers, g_ptr_array_unref);
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
  self->peers = g_ptr_array_new_with_free_func (watched_peer_free);
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->files = snug_event_files_new (write_file, self);
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

  self->text_stats = text_stats;
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
  snug_event_add_string (builder, "media", media_word (kind));
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

  write_error (self, source, NULL, error);
}

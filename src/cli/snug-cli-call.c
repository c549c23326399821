/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-call.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <unistd.h>

#include "snug-call.h"
#include "snug-cli-by-hand.h"
#include "snug-cli-codes.h"
#include "snug-cli-files.h"
#include "snug-cli-people.h"
#include "snug-cli-printer.h"
#include "snug-cli-recorder.h"
#include "snug-engine.h"
#include "snug-event-log.h"
#include "snug-pipeline.h"
#include "snug-lasting-signaling.h"
#include "snug-local-signaling.h"
#include "snug-room-host.h"

/* A camera that does not start in that time does not hold up being ready. */
#define MEDIA_PATIENCE_SECONDS 5
/* Leaving is bounded by the call; this is for the case that it is not. */
#define LEAVE_PATIENCE_SECONDS 10

#define N_KINDS 2

typedef struct
{
  const SnugCliOptions *options; /* borrowed */
  GMainLoop *loop;
  gboolean gave_up; /* ended without a proper end */

  SnugCliPrinter *printer;
  SnugEventLog *log;
  SnugLocalMedia *media;
  SnugCall *call;
  SnugCliPeople *people;
  SnugCliFiles *files;
  SnugCliCodes *codes; /* nullable */
  SnugCliByHand *by_hand; /* nullable */
  SnugCliRecorder *recorders[N_KINDS]; /* by SnugMediaKind, nullable */

  GCancellable *stdin_cancellable;
  gboolean chat_sent;
  gboolean ready;

  /* Main loop sources. */
  guint interrupt_id;
  guint terminate_id;
  guint duration_id;
  guint media_id;
  guint leave_id;
  guint chat_id;
} SnugCliCall;

static gboolean
on_leave_timeout (gpointer user_data)
{
  SnugCliCall *self = user_data;

  self->leave_id = 0;
  self->gave_up = TRUE;
  g_warning ("The call did not end in %d s", LEAVE_PATIENCE_SECONDS);
  g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

static void
leave (SnugCliCall *self)
{
  if (self->leave_id != 0)
    return;

  self->leave_id = g_timeout_add_seconds (LEAVE_PATIENCE_SECONDS, on_leave_timeout, self);
  g_cancellable_cancel (self->stdin_cancellable);
  snug_call_leave (self->call);
}

static gboolean
on_signal (gpointer user_data)
{
  SnugCliCall *self = user_data;

  if (self->leave_id == 0)
    leave (self);
  else
    {
      self->gave_up = TRUE;
      g_main_loop_quit (self->loop);
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
on_duration (gpointer user_data)
{
  SnugCliCall *self = user_data;

  self->duration_id = 0;
  leave (self);

  return G_SOURCE_REMOVE;
}

static void
on_output_closed (gpointer user_data)
{
  leave (user_data);
}

static void
on_recorder_failed (SnugMediaKind kind, const GError *error, gpointer user_data)
{
  SnugCliCall *self = user_data;
  g_autoptr (GError) media_error
      = g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, error->message);

  snug_event_log_write_error (self->log, kind == SNUG_MEDIA_VIDEO ? "video-out" : "audio-out",
                              media_error);
}

static void
close_recorders (SnugCliCall *self)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      guint64 n_written, n_dropped;

      if (self->recorders[kind] == NULL)
        continue;

      snug_cli_recorder_close (self->recorders[kind], &n_written, &n_dropped);
      g_clear_pointer (&self->recorders[kind], snug_cli_recorder_free);
      snug_event_log_write_recording (self->log, kind, n_written, n_dropped);
    }
}

/* Connected before the event log watches: what ends with a call is told before the call's end is. */
static void
on_call_state (SnugCall *call, GParamSpec *pspec, SnugCliCall *self)
{
  switch (snug_call_get_state (call))
    {
    case SNUG_CALL_JOINED:
      if (self->options->share_screen)
        snug_screen_share_start (snug_call_get_screen_share (call), NULL);
      if (self->options->duration > 0)
        self->duration_id = g_timeout_add (MAX (1, self->options->duration * 1000), on_duration, self);
      break;

    case SNUG_CALL_LEAVING:
      close_recorders (self);
      break;

    case SNUG_CALL_LEFT:
    case SNUG_CALL_FAILED:
      close_recorders (self);
      g_main_loop_quit (self->loop);
      break;

    case SNUG_CALL_IDLE:
    case SNUG_CALL_JOINING:
    default:
      break;
    }
}

static void
on_first_changed (SnugPeer *first, gpointer user_data)
{
  SnugCliCall *self = user_data;

  for (guint kind = 0; kind < N_KINDS; kind++)
    if (self->recorders[kind] != NULL)
      snug_cli_recorder_set_peer (self->recorders[kind], first);
}

static void
send_chat (gpointer user_data)
{
  SnugCliCall *self = user_data;

  self->chat_id = 0;
  for (guint i = 0; self->options->send_chat[i] != NULL; i++)
    snug_chat_send (snug_call_get_chat (self->call), self->options->send_chat[i]);
  for (guint i = 0; self->options->reactions[i] != NULL; i++)
    snug_call_send_reaction (self->call, self->options->reactions[i]);
  snug_cli_files_send (self->files, (const char *const *) self->options->send_files);
}

static void
on_chat_opened (gpointer user_data)
{
  SnugCliCall *self = user_data;

  if (self->chat_sent)
    return;

  /* Later: the chat may not know of the channel yet. */
  self->chat_sent = TRUE;
  self->chat_id = g_idle_add_once (send_chat, self);
}

static void
on_alone (gboolean everybody_failed, gpointer user_data)
{
  SnugCliCall *self = user_data;

  if (everybody_failed || self->options->exit_when_alone)
    leave (self);
}

typedef struct
{
  SnugChat *chat;
  SnugChatMessage *message;
} SnugCliEcho;

static void
echo (gpointer user_data)
{
  SnugCliEcho *data = user_data;

  snug_chat_echo (data->chat, data->message);
  g_object_unref (data->chat);
  g_object_unref (data->message);
  g_free (data);
}

static void
on_chat_changed (GListModel *model, guint position, guint removed, guint added, SnugCliCall *self)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (model, position + i);
      SnugCliEcho *data;

      if (snug_chat_message_get_outgoing (message) || snug_chat_message_get_transfer (message) != NULL)
        continue;

      /* Later: others are still being told of this one. */
      data = g_new0 (SnugCliEcho, 1);
      data->chat = g_object_ref (SNUG_CHAT (model));
      data->message = g_steal_pointer (&message);
      g_idle_add_once (echo, data);
    }
}

static void
on_stdin_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SnugCliCall *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line
      = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (line != NULL)
    snug_call_join (self->call);
  else
    /* Whoever should have said when has gone. */
    leave (self);
}

static gboolean
is_settled (SnugCliCall *self, SnugMediaKind kind)
{
  const SnugMediaSource *source = kind == SNUG_MEDIA_VIDEO
                                      ? snug_local_media_get_video_source (self->media)
                                      : snug_local_media_get_audio_source (self->media);

  switch (snug_media_source_get_source_type (source))
    {
    case SNUG_MEDIA_SOURCE_NONE:
    /* Perhaps nobody writes before we are ready. */
    case SNUG_MEDIA_SOURCE_RAW:
      return TRUE;

    case SNUG_MEDIA_SOURCE_DEVICE:
    case SNUG_MEDIA_SOURCE_TEST:
    case SNUG_MEDIA_SOURCE_FILE:
    case SNUG_MEDIA_SOURCE_X11:
    case SNUG_MEDIA_SOURCE_NODE:
    default:
      break;
    }

  if (kind == SNUG_MEDIA_VIDEO)
    return snug_local_media_get_video_active (self->media)
           || snug_local_media_get_video_error (self->media) != NULL;

  return snug_local_media_get_audio_active (self->media)
         || snug_local_media_get_audio_error (self->media) != NULL;
}

static void
become_ready (SnugCliCall *self)
{
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GDataInputStream) lines = NULL;

  self->ready = TRUE;
  g_signal_handlers_disconnect_by_data (self->media, self);
  g_clear_handle_id (&self->media_id, g_source_remove);

  if (snug_call_get_state (self->call) != SNUG_CALL_IDLE)
    return;

  snug_engine_wait_warm_up ();
  snug_event_log_write_ready (self->log);
  input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  lines = g_data_input_stream_new (input);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, self->stdin_cancellable,
                                       on_stdin_line, self);
}

static void
check_ready (SnugCliCall *self)
{
  if (!self->ready && is_settled (self, SNUG_MEDIA_VIDEO) && is_settled (self, SNUG_MEDIA_AUDIO))
    become_ready (self);
}

static gboolean
on_media_timeout (gpointer user_data)
{
  SnugCliCall *self = user_data;

  self->media_id = 0;
  become_ready (self);

  return G_SOURCE_REMOVE;
}

static void
wait_for_start (SnugCliCall *self)
{
  static const char *const signals[] = { "notify::video-active", "notify::audio-active",
                                         "notify::video-error", "notify::audio-error" };

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_swapped (self->media, signals[i], G_CALLBACK (check_ready), self);
  self->media_id = g_timeout_add_seconds (MEDIA_PATIENCE_SECONDS, on_media_timeout, self);
  check_ready (self);
}

static void
start_media (SnugCliCall *self)
{
  const SnugCliOptions *options = self->options;

  self->media = snug_local_media_new ();
  if (options->width > 0 || options->framerate > 0)
    snug_local_media_set_video_format (self->media, options->width > 0 ? options->width : 1280,
                                       options->height > 0 ? options->height : 720,
                                       options->framerate > 0 ? options->framerate : 30);
  if (options->max_bitrate > 0)
    snug_local_media_set_video_bitrate (self->media, options->max_bitrate);
  g_object_set (self->media, "echo-cancellation", !options->no_echo_cancellation, "noise-suppression",
                !options->no_noise_suppression, "gain-control", !options->no_gain_control,
                "silence-suppression", options->silence_suppression, "upload-limit", options->upload_limit, NULL);
  snug_local_media_set_video_source (self->media, options->video);
  snug_local_media_set_audio_source (self->media, options->audio);
}

static gboolean
configure_call (SnugCliCall *self, GError **error)
{
  const SnugCliOptions *options = self->options;

  for (guint i = 0; i < options->ice_servers->len; i++)
    {
      const SnugIceServer *server = g_ptr_array_index (options->ice_servers, i);

      for (guint j = 0; server->uris[j] != NULL; j++)
        if (!snug_call_add_ice_server (self->call, server->uris[j], server->username,
                                       server->credential, error))
          return FALSE;
    }
  snug_call_set_relay_only (self->call, options->relay_only);
  if (options->stats_interval > 0)
    snug_call_set_stats_interval (self->call, options->stats_interval);

  return TRUE;
}

static void
on_by_hand_ended (gpointer user_data)
{
  leave (user_data);
}

/* Returns: (transfer full). */
static SnugSignaling *
open_signaling (SnugCliCall *self, GError **error)
{
  static const SnugLocalHosting hosting = { snug_room_host_open, snug_room_host_close };
  SnugManualSignaling *manual;

  if (self->options->server != NULL)
    return snug_lasting_signaling_new_for_uri (self->options->server);
  if (self->options->local)
    return snug_local_signaling_new (&hosting);
  manual = snug_cli_by_hand_open (self->options, error);
  if (manual != NULL)
    self->by_hand = snug_cli_by_hand_new (manual, on_by_hand_ended, self);

  return (SnugSignaling *) manual;
}

static gboolean
make_call (SnugCliCall *self, GError **error)
{
  static const SnugCliPeopleFuncs people_funcs = {
    .first_changed = on_first_changed,
    .chat_opened = on_chat_opened,
    .alone = on_alone,
  };
  const SnugCliOptions *options = self->options;
  g_autoptr (SnugSignaling) signaling = open_signaling (self, error);

  if (signaling == NULL)
    return FALSE;
  start_media (self);
  self->call = snug_call_new (signaling, self->media, NULL, options->room, options->name);
  if (!configure_call (self, error))
    return FALSE;

  g_signal_connect (self->call, "notify::state", G_CALLBACK (on_call_state), self);
  snug_event_log_watch (self->log, self->call);
  self->files = snug_cli_files_new (self->call, self->log, options->accept_files);
  if (options->confirm_codes)
    self->codes = snug_cli_codes_new (self->call, self->log);
  snug_call_set_hand_raised (self->call, options->raise_hand);
  self->people = snug_cli_people_new (self->call, &people_funcs, self);
  snug_screen_share_set_way (snug_call_get_screen_share (self->call), options->screen);
  snug_screen_share_set_mode (snug_call_get_screen_share (self->call), options->screen_mode);
  if (options->echo_chat)
    g_signal_connect (snug_call_get_chat (self->call), "items-changed",
                      G_CALLBACK (on_chat_changed), self);
  if (options->video_out != NULL)
    self->recorders[SNUG_MEDIA_VIDEO] = snug_cli_recorder_new (SNUG_MEDIA_VIDEO, options->video_out,
                                                               on_recorder_failed, self);
  if (options->audio_out != NULL)
    self->recorders[SNUG_MEDIA_AUDIO] = snug_cli_recorder_new (SNUG_MEDIA_AUDIO, options->audio_out,
                                                               on_recorder_failed, self);

  return TRUE;
}

static SnugCliExit
run_call (SnugCliCall *self)
{
  SnugCliOutcome outcome;

  self->interrupt_id = g_unix_signal_add (SIGINT, on_signal, self);
  self->terminate_id = g_unix_signal_add (SIGTERM, on_signal, self);
  snug_engine_warm_up ();
  if (self->options->start_on_stdin)
    wait_for_start (self);
  else
    snug_call_join (self->call);

  g_main_loop_run (self->loop);

  snug_cli_people_get_outcome (self->people, &outcome);
  if (self->gave_up)
    return SNUG_CLI_EXIT_FAILED;

  return snug_cli_exit_from_outcome (snug_call_get_error (self->call), &outcome);
}

static void
finish (SnugCliCall *self)
{
  g_cancellable_cancel (self->stdin_cancellable);
  if (self->call != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->call, self);
      g_signal_handlers_disconnect_by_data (snug_call_get_chat (self->call), self);
      g_signal_handlers_disconnect_by_data (self->media, self);
    }
  snug_event_log_watch (self->log, NULL);
  g_clear_pointer (&self->people, snug_cli_people_free);
  g_clear_pointer (&self->files, snug_cli_files_free);
  g_clear_pointer (&self->codes, snug_cli_codes_free);
  g_clear_pointer (&self->by_hand, snug_cli_by_hand_free);
  for (guint kind = 0; kind < N_KINDS; kind++)
    g_clear_pointer (&self->recorders[kind], snug_cli_recorder_free);
  g_clear_handle_id (&self->interrupt_id, g_source_remove);
  g_clear_handle_id (&self->terminate_id, g_source_remove);
  g_clear_handle_id (&self->duration_id, g_source_remove);
  g_clear_handle_id (&self->media_id, g_source_remove);
  g_clear_handle_id (&self->leave_id, g_source_remove);
  g_clear_handle_id (&self->chat_id, g_source_remove);
  g_clear_object (&self->call);
  g_clear_object (&self->media);

  /* Each has its own time limit. */
  while (!self->gave_up && snug_pipeline_get_n_closing () > 0)
    g_main_context_iteration (NULL, TRUE);

  g_clear_object (&self->log);
  g_clear_pointer (&self->printer, snug_cli_printer_free);
  g_clear_object (&self->stdin_cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

SnugCliExit
snug_cli_call_run (const SnugCliOptions *options)
{
  SnugCliCall self = { .options = options };
  g_autoptr (GError) error = NULL;
  SnugCliExit code;

  self.loop = g_main_loop_new (NULL, FALSE);
  self.stdin_cancellable = g_cancellable_new ();
  self.printer = snug_cli_printer_new (options->command == SNUG_CLI_CALL ? STDOUT_FILENO : STDERR_FILENO,
                                       !options->json, on_output_closed, &self);
  self.log = snug_event_log_new (options->json ? SNUG_EVENT_LOG_JSON : SNUG_EVENT_LOG_TEXT,
                                 snug_cli_printer_write, self.printer, NULL);
  snug_event_log_set_text_stats (self.log, options->stats_interval > 0);

  if (snug_engine_init (&error) && make_call (&self, &error))
    code = run_call (&self);
  else
    {
      snug_event_log_write_error (self.log, "call", error);
      code = g_error_matches (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_ICE_SERVER)
                 ? SNUG_CLI_EXIT_USAGE
                 : SNUG_CLI_EXIT_FAILED;
    }

  if (snug_cli_printer_get_failed (self.printer))
    code = snug_cli_exit_worse (code, SNUG_CLI_EXIT_FAILED);
  finish (&self);
  snug_engine_wait_warm_up ();

  return code;
}

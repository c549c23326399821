/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-call-notices.h"

#include "snug-error-text.h"

#include <glib/gi18n.h>

/* Somebody who is muted talks: so loud, for so long, and how often to say so. */
#define TALK_LEVEL (-35.0)
#define TALK_MILLISECONDS 400
#define SHOW_SECONDS 5
#define TALK_PAUSE (20 * G_USEC_PER_SEC)

struct _SnugCallNotices
{
  GObject parent_instance;

  SnugCall *call;
  SnugNotice *notice;
  gboolean talking;
  guint hide_id;
  guint talk_id;
  gint64 talk_shown;

  /* Said for some seconds, then over. */
  char *passing;
  const char *passing_icon;

  /* What was said about a device is not said again. */
  int said_video_code;
  int said_audio_code;
  int said_output_code;
  int said_share_code;
};

G_DEFINE_FINAL_TYPE (SnugCallNotices, snug_call_notices, G_TYPE_OBJECT)

/* Those to whom the connection is interrupted. Returns: (nullable): the sentence about them. */
static char *
describe_interruption (SnugCallNotices *self)
{
  GListModel *peers = snug_call_get_peers (self->call);
  guint n_peers = g_list_model_get_n_items (peers);
  guint n_interrupted = 0;
  g_autoptr (SnugPeer) interrupted = NULL;

  for (guint i = 0; i < n_peers; i++)
    {
      g_autoptr (SnugPeer) peer = g_list_model_get_item (peers, i);

      if (snug_peer_get_state (peer) != SNUG_PEER_INTERRUPTED)
        continue;
      n_interrupted++;
      g_set_object (&interrupted, peer);
    }
  if (n_interrupted == 0)
    return NULL;
  if (n_interrupted == 1 && n_peers > 1)
    return g_strdup_printf (_ ("The connection to %s was interrupted. Reconnecting…"),
                            snug_peer_get_name (interrupted));

  return g_strdup (_ ("The connection was interrupted. Reconnecting…"));
}

static void
update (SnugCallNotices *self)
{
  g_autofree char *interruption = describe_interruption (self);
  const GError *server_error = snug_call_get_server_error (self->call);
  SnugScreenShareState sharing = snug_screen_share_get_state (snug_call_get_screen_share (self->call));

  if (interruption != NULL)
    {
      snug_notice_show (self->notice, SNUG_NOTICE_WAITING, NULL, interruption,
                        _ ("Your call and your messages are kept. This usually takes a few seconds."));
      snug_notice_set_action (self->notice, _ ("Try now"), "call.reconnect");
    }
  else if (snug_call_get_state (self->call) == SNUG_CALL_JOINED && !snug_call_get_server_connected (self->call))
    {
      SnugErrorText text = snug_error_text_lookup (server_error, SNUG_ERROR_TEXT_CALL, NULL);

      /* No trouble: it takes a second or two, and nobody misses anything. */
      if (g_error_matches (server_error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_HOST_LEFT))
        snug_notice_show (self->notice, SNUG_NOTICE_PLAIN, "network-workgroup-symbolic", text.title, text.sentence);
      else
        snug_notice_show (self->notice, SNUG_NOTICE_WARNING, "network-offline-symbolic",
                          server_error != NULL ? text.title : _ ("The meeting point went away"),
                          _ ("Your call goes on, but nobody else can come in."));
    }
  else if (self->talking)
    snug_notice_show (self->notice, SNUG_NOTICE_PLAIN, "audio-input-microphone-symbolic",
                      _ ("You can be heard until you let go of the key."), NULL);
  else if (self->passing != NULL)
    snug_notice_show (self->notice, SNUG_NOTICE_PLAIN, self->passing_icon, self->passing, NULL);
  else if (sharing == SNUG_SCREEN_SHARE_SHARING)
    {
      snug_notice_show (self->notice, SNUG_NOTICE_PLAIN, "snug-screen-share-symbolic",
                        _ ("You are sharing your screen."), NULL);
      snug_notice_set_action (self->notice, _ ("Stop"), "call.stop-sharing");
    }
  else if (sharing == SNUG_SCREEN_SHARE_PAUSED)
    {
      snug_notice_show (self->notice, SNUG_NOTICE_PLAIN, "media-playback-pause-symbolic",
                        _ ("Your shared screen stands still."), NULL);
      snug_notice_set_action (self->notice, _ ("Continue"), "call.continue-sharing");
    }
  else
    snug_notice_show (self->notice, SNUG_NOTICE_PLAIN, NULL, NULL, NULL);
}

static gboolean
end_passing (gpointer user_data)
{
  SnugCallNotices *self = SNUG_CALL_NOTICES (user_data);

  self->hide_id = 0;
  g_clear_pointer (&self->passing, g_free);
  update (self);
  return G_SOURCE_REMOVE;
}

static void
say (SnugCallNotices *self, const char *icon_name, const char *sentence)
{
  g_clear_handle_id (&self->hide_id, g_source_remove);
  g_free (self->passing);
  self->passing = g_strdup (sentence);
  self->passing_icon = icon_name;
  self->hide_id = g_timeout_add_seconds (SHOW_SECONDS, end_passing, self);
  update (self);
}

static void
say_error (SnugCallNotices *self, const GError *error, SnugErrorSubject subject, const char *icon_name, int *said)
{
  int code = error != NULL ? error->code : 0;

  if (code != 0 && code != *said)
    say (self, icon_name, snug_error_text_lookup (error, subject, NULL).sentence);
  *said = code;
}

static void
on_media (SnugCallNotices *self)
{
  SnugLocalMedia *media = snug_call_get_local_media (self->call);
  SnugAudioOutput *output = snug_call_get_audio_output (self->call);

  say_error (self, snug_local_media_get_video_enabled (media) ? snug_local_media_get_video_error (media) : NULL,
             SNUG_ERROR_TEXT_CAMERA, "snug-camera-off-symbolic", &self->said_video_code);
  say_error (self, snug_local_media_get_audio_enabled (media) ? snug_local_media_get_audio_error (media) : NULL,
             SNUG_ERROR_TEXT_MICROPHONE, "microphone-disabled-symbolic", &self->said_audio_code);
  if (output != NULL)
    say_error (self, snug_audio_output_get_error (output), SNUG_ERROR_TEXT_SPEAKER, "audio-speakers-symbolic",
               &self->said_output_code);
}

static void
on_share (SnugCallNotices *self)
{
  update (self);
  say_error (self, snug_screen_share_get_error (snug_call_get_screen_share (self->call)), SNUG_ERROR_TEXT_SCREEN,
             "snug-screen-share-symbolic", &self->said_share_code);
}

static gboolean
on_talked (gpointer user_data)
{
  SnugCallNotices *self = SNUG_CALL_NOTICES (user_data);
  gint64 now = g_get_monotonic_time ();

  self->talk_id = 0;
  if (self->talk_shown != 0 && now - self->talk_shown < TALK_PAUSE)
    return G_SOURCE_REMOVE;
  self->talk_shown = now;
  say (self, "microphone-disabled-symbolic", _ ("Your microphone is off. Press M to talk."));
  return G_SOURCE_REMOVE;
}

static void
on_level (SnugCallNotices *self)
{
  SnugLocalMedia *media = snug_call_get_local_media (self->call);
  gboolean talking = !snug_local_media_get_audio_enabled (media)
                     && snug_local_media_get_audio_level (media) >= TALK_LEVEL
                     && g_list_model_get_n_items (snug_call_get_peers (self->call)) > 0;

  if (!talking)
    g_clear_handle_id (&self->talk_id, g_source_remove);
  else if (self->talk_id == 0)
    self->talk_id = g_timeout_add (TALK_MILLISECONDS, on_talked, self);
}

static void
on_audio_enabled (SnugCallNotices *self)
{
  /* Turned on: what was said is over. */
  if (self->passing != NULL && snug_local_media_get_audio_enabled (snug_call_get_local_media (self->call))
      && g_strcmp0 (self->passing_icon, "microphone-disabled-symbolic") == 0)
    {
      g_clear_handle_id (&self->hide_id, g_source_remove);
      end_passing (self);
    }
  on_level (self);
  on_media (self);
}

static void
on_peers (SnugCallNotices *self, guint position, guint removed, guint added, GListModel *peers)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugPeer) peer = g_list_model_get_item (peers, i);

      g_signal_connect_object (peer, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);
}

static void
snug_call_notices_dispose (GObject *object)
{
  SnugCallNotices *self = SNUG_CALL_NOTICES (object);

  g_clear_handle_id (&self->hide_id, g_source_remove);
  g_clear_handle_id (&self->talk_id, g_source_remove);
  if (self->notice != NULL)
    snug_notice_show (self->notice, SNUG_NOTICE_PLAIN, NULL, NULL, NULL);
  g_clear_object (&self->notice);
  g_clear_object (&self->call);
  g_clear_pointer (&self->passing, g_free);
  G_OBJECT_CLASS (snug_call_notices_parent_class)->dispose (object);
}

static void
snug_call_notices_class_init (SnugCallNoticesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = snug_call_notices_dispose;
}

static void
snug_call_notices_init (SnugCallNotices *self)
{
}

SnugCallNotices *
snug_call_notices_new (SnugCall *call, SnugNotice *notice)
{
  SnugCallNotices *self = g_object_new (SNUG_TYPE_CALL_NOTICES, NULL);
  SnugLocalMedia *media = snug_call_get_local_media (call);
  SnugAudioOutput *output = snug_call_get_audio_output (call);
  SnugScreenShare *share = snug_call_get_screen_share (call);
  GListModel *peers = snug_call_get_peers (call);

  self->call = g_object_ref (call);
  self->notice = g_object_ref (notice);
  g_signal_connect_object (call, "notify::server-connected", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (call, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::audio-level", G_CALLBACK (on_level), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::audio-enabled", G_CALLBACK (on_audio_enabled), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::video-enabled", G_CALLBACK (on_media), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::video-error", G_CALLBACK (on_media), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::audio-error", G_CALLBACK (on_media), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "notify::state", G_CALLBACK (on_share), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (share, "notify::error", G_CALLBACK (on_share), self, G_CONNECT_SWAPPED);
  if (output != NULL)
    g_signal_connect_object (output, "notify::error", G_CALLBACK (on_media), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (peers, "items-changed", G_CALLBACK (on_peers), self, G_CONNECT_SWAPPED);
  on_peers (self, 0, 0, g_list_model_get_n_items (peers), peers);
  on_media (self);
  return self;
}

void
snug_call_notices_set_talking (SnugCallNotices *self, gboolean talking)
{
  g_return_if_fail (SNUG_IS_CALL_NOTICES (self));

  self->talking = talking;
  update (self);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-peer.h"

#include <math.h>

#include "snug-audio-level.h"
#include "snug-engine.h"
#include "snug-peer-struct.h"
#include "snug-relay.h"

G_DEFINE_FINAL_TYPE (SnugPeer, snug_peer, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SnugPeerState, snug_peer_state,
                    G_DEFINE_ENUM_VALUE (SNUG_PEER_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (SNUG_PEER_CONNECTED, "connected"),
                    G_DEFINE_ENUM_VALUE (SNUG_PEER_INTERRUPTED, "interrupted"),
                    G_DEFINE_ENUM_VALUE (SNUG_PEER_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (SNUG_PEER_LEFT, "left"))

typedef enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_STATE,
  PROP_ERROR,
  PROP_VIDEO_FEED,
  PROP_SCREEN_FEED,
  PROP_AUDIO_ENABLED,
  PROP_VIDEO_ENABLED,
  PROP_SCREEN_ENABLED,
  PROP_AUDIO_LEVEL,
  PROP_VOLUME,
  PROP_CHAT_OPEN,
  PROP_HAND_RAISED,
  PROP_TYPING,
  PROP_STATS,
  N_PROPS
} SnugPeerProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_CANDIDATE,
  SIGNAL_STAGE,
  SIGNAL_FIRST_FRAME,
  SIGNAL_REACTION,
  SIGNAL_OUTGOING,
  SIGNAL_INCOMING,
  SIGNAL_CHUNK,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_state (SnugPeer *self, SnugPeerState state)
{
  if (self->state == state || self->state == SNUG_PEER_LEFT)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* The connection of the moment; NULL: none yet. */
static SnugPeerConnection *
get_connection (SnugPeer *self)
{
  return self->negotiation != NULL ? snug_negotiation_get_connection (self->negotiation) : NULL;
}

static SnugRemoteMedia *
get_remote_media (SnugPeer *self)
{
  SnugPeerConnection *connection = get_connection (self);

  return connection != NULL ? snug_peer_connection_get_remote_media (connection) : NULL;
}

static void
send_media_state (SnugPeer *self)
{
  g_autoptr (SnugPeerMessage) message = NULL;

  if (!snug_peer_get_chat_open (self))
    return;
  message = snug_peer_message_new_media_state (snug_local_media_get_audio_active (self->local_media),
                                               snug_local_media_get_video_active (self->local_media),
                                               snug_local_screen_get_active (self->local_screen));
  snug_peer_send (self, message);
}

static gboolean
set_flag (SnugPeer *self, gboolean *flag, gboolean value, SnugPeerProperty property)
{
  if (*flag == value)
    return FALSE;
  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);

  return TRUE;
}

static void
receive_media_state (SnugPeer *self, SnugPeerMessage *message)
{
  gboolean video = snug_peer_message_get_video (message);
  gboolean screen = snug_peer_message_get_screen (message);

  set_flag (self, &self->audio_enabled, snug_peer_message_get_audio (message), PROP_AUDIO_ENABLED);
  /* When it stops, and again when it comes back: a last picture may have been late. */
  if (set_flag (self, &self->video_enabled, video, PROP_VIDEO_ENABLED))
    snug_video_feed_reset (self->video_feed);
  if (set_flag (self, &self->screen_enabled, screen, PROP_SCREEN_ENABLED))
    snug_video_feed_reset (self->screen_feed);
}

static void
receive_hello (SnugPeer *self, SnugPeerMessage *message)
{
  SnugPeerFeatures features = snug_peer_message_get_features (message);
  g_autofree char *local = NULL;
  g_autofree char *remote = NULL;

  snug_path_keeper_set_prompt (self->keeper, (features & SNUG_PEER_FEATURE_RECONNECT) != 0);
  g_signal_emit (self, signals[SIGNAL_INCOMING], 0, message);
  if ((features & SNUG_PEER_FEATURE_CODE) == 0)
    return;
  snug_peer_connection_dup_fingerprints (get_connection (self), &local, &remote);
  if (local != NULL && remote != NULL)
    snug_verification_open (self->verification, local, remote);
}

static void
on_channel_message (SnugPeer *self, SnugPeerMessage *message)
{
  switch (snug_peer_message_get_kind (message))
    {
    case SNUG_PEER_MESSAGE_CHAT:
      snug_gestures_end_typing (self->gestures);
      g_signal_emit (self, signals[SIGNAL_INCOMING], 0, message);
      break;
    case SNUG_PEER_MESSAGE_HELLO:
      receive_hello (self, message);
      break;
    case SNUG_PEER_MESSAGE_CODE_COMMIT:
    case SNUG_PEER_MESSAGE_CODE_REVEAL:
      snug_verification_receive (self->verification, message);
      break;
    case SNUG_PEER_MESSAGE_CHAT_ACK:
    case SNUG_PEER_MESSAGE_CHAT_READ:
    case SNUG_PEER_MESSAGE_FILE_OFFER:
    case SNUG_PEER_MESSAGE_FILE_ACCEPT:
    case SNUG_PEER_MESSAGE_FILE_DECLINE:
    case SNUG_PEER_MESSAGE_FILE_ACK:
    case SNUG_PEER_MESSAGE_FILE_DONE:
    case SNUG_PEER_MESSAGE_FILE_CANCEL:
      g_signal_emit (self, signals[SIGNAL_INCOMING], 0, message);
      break;
    case SNUG_PEER_MESSAGE_TYPING:
    case SNUG_PEER_MESSAGE_HAND:
    case SNUG_PEER_MESSAGE_REACTION:
      snug_gestures_receive (self->gestures, message, g_get_monotonic_time ());
      break;
    case SNUG_PEER_MESSAGE_MEDIA_STATE:
      receive_media_state (self, message);
      break;
    case SNUG_PEER_MESSAGE_BYE:
      snug_negotiation_receive (self->negotiation, message);
      break;
    case SNUG_PEER_MESSAGE_DESCRIPTION:
    case SNUG_PEER_MESSAGE_CANDIDATE:
    case SNUG_PEER_MESSAGE_END_OF_CANDIDATES:
    case SNUG_PEER_MESSAGE_RECONNECT:
    case SNUG_PEER_MESSAGE_INTRODUCTION:
    default:
      g_debug ("A message has no business on the data channel");
    }
}

static void
on_channel_chunk (SnugPeer *self, GBytes *chunk)
{
  g_signal_emit (self, signals[SIGNAL_CHUNK], 0, chunk);
}

static void
on_hand_raised (SnugPeer *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAND_RAISED]);
}

static void
on_typing (SnugPeer *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPING]);
}

static void
on_reaction (SnugPeer *self, const char *emoji)
{
  g_signal_emit (self, signals[SIGNAL_REACTION], 0, emoji);
}

static void
on_channel_changed (SnugPeer *self)
{
  send_media_state (self);
  snug_gestures_end_typing (self->gestures);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHAT_OPEN]);
}

static void
on_outgoing (SnugPeer *self, SnugPeerMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_OUTGOING], 0, message);
}

static void
on_candidate (SnugPeer *self, gboolean local, const char *candidate)
{
  g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, local, candidate);
}

static void
on_stage (SnugPeer *self, guint stage)
{
  g_signal_emit (self, signals[SIGNAL_STAGE], 0, stage);
}

static void
on_verified (SnugPeer *self)
{
  snug_remote_media_set_volume (get_remote_media (self), self->volume);
  /* Other programs may have no sound or no picture, and never tell. */
  if (!snug_peer_connection_get_remote_sends (get_connection (self), SNUG_MLINE_AUDIO))
    set_flag (self, &self->audio_enabled, FALSE, PROP_AUDIO_ENABLED);
  if (!snug_peer_connection_get_remote_sends (get_connection (self), SNUG_MLINE_CAMERA))
    set_flag (self, &self->video_enabled, FALSE, PROP_VIDEO_ENABLED);
  set_state (self, SNUG_PEER_CONNECTED);
  /* The path is known from now on. */
  snug_peer_sample_stats (self);
}

static void
on_path (SnugPeer *self)
{
  SnugPathState path = snug_path_keeper_get_state (self->keeper);

  if (self->state != SNUG_PEER_CONNECTED && self->state != SNUG_PEER_INTERRUPTED)
    return;
  if (path == SNUG_PATH_LOST)
    {
      /* Better nobody than somebody who stands still. */
      snug_video_feed_reset (self->video_feed);
      snug_video_feed_reset (self->screen_feed);
    }
  if (path != SNUG_PATH_LIVE && self->state == SNUG_PEER_CONNECTED)
    snug_remote_media_await_frames (get_remote_media (self));
  /* So that who hears of it finds the path that there is now. */
  if (path == SNUG_PATH_LIVE)
    snug_peer_sample_stats (self);
  set_state (self, path == SNUG_PATH_LIVE ? SNUG_PEER_CONNECTED : SNUG_PEER_INTERRUPTED);
}

static void
on_failed (SnugPeer *self, const GError *error)
{
  if (self->state == SNUG_PEER_FAILED || self->state == SNUG_PEER_LEFT)
    return;

  self->error = g_error_copy (error);
  snug_video_feed_reset (self->video_feed);
  snug_video_feed_reset (self->screen_feed);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  set_state (self, SNUG_PEER_FAILED);
}

static void
on_closed (SnugPeer *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
on_audio_level (SnugPeer *self)
{
  double level = snug_remote_media_get_audio_level (get_remote_media (self));

  if (fabs (level - self->audio_level) < 0.1)
    return;
  self->audio_level = level;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AUDIO_LEVEL]);
}

static void
on_first_frame (SnugPeer *self, SnugMediaKind kind)
{
  g_signal_emit (self, signals[SIGNAL_FIRST_FRAME], 0, kind);
}

static void
unfollow_connection (SnugPeer *self)
{
  if (self->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (snug_peer_connection_get_remote_media (self->connection), self);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
}

/* The first one, or one that takes the place of another: its channel opens when it is in place. */
static void
on_connection (SnugPeer *self)
{
  SnugPeerConnection *connection = get_connection (self);
  SnugRemoteMedia *remote_media = get_remote_media (self);
  gboolean again = self->connection != NULL;

  unfollow_connection (self);
  self->connection = g_object_ref (connection);
  if (again)
    on_channel_changed (self);
  g_signal_connect_object (connection, "message", G_CALLBACK (on_channel_message), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "chunk", G_CALLBACK (on_channel_chunk), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "channel-open", G_CALLBACK (on_channel_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "channel-closed", G_CALLBACK (on_channel_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (remote_media, "first-frame", G_CALLBACK (on_first_frame), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (remote_media, "notify::audio-level", G_CALLBACK (on_audio_level), self,
                           G_CONNECT_SWAPPED);
}

void
snug_peer_offer (SnugPeer *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER (self));

  snug_negotiation_offer (self->negotiation);
}

void
snug_peer_receive (SnugPeer *self, SnugPeerMessage *message)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER (self));
  g_return_if_fail (message != NULL);

  switch (snug_peer_message_get_kind (message))
    {
    case SNUG_PEER_MESSAGE_DESCRIPTION:
    case SNUG_PEER_MESSAGE_CANDIDATE:
    case SNUG_PEER_MESSAGE_END_OF_CANDIDATES:
    case SNUG_PEER_MESSAGE_RECONNECT:
    case SNUG_PEER_MESSAGE_BYE:
      snug_negotiation_receive (self->negotiation, message);
      break;
    case SNUG_PEER_MESSAGE_MEDIA_STATE:
      receive_media_state (self, message);
      break;
    case SNUG_PEER_MESSAGE_CHAT:
    case SNUG_PEER_MESSAGE_CHAT_ACK:
    case SNUG_PEER_MESSAGE_INTRODUCTION:
    case SNUG_PEER_MESSAGE_HELLO:
    case SNUG_PEER_MESSAGE_CHAT_READ:
    case SNUG_PEER_MESSAGE_TYPING:
    case SNUG_PEER_MESSAGE_HAND:
    case SNUG_PEER_MESSAGE_REACTION:
    case SNUG_PEER_MESSAGE_FILE_OFFER:
    case SNUG_PEER_MESSAGE_FILE_ACCEPT:
    case SNUG_PEER_MESSAGE_FILE_DECLINE:
    case SNUG_PEER_MESSAGE_FILE_ACK:
    case SNUG_PEER_MESSAGE_FILE_DONE:
    case SNUG_PEER_MESSAGE_FILE_CANCEL:
    case SNUG_PEER_MESSAGE_CODE_COMMIT:
    case SNUG_PEER_MESSAGE_CODE_REVEAL:
    default:
      g_debug ("A message has no business in signaling");
    }
}

void
snug_peer_set_signaling (SnugPeer *self, gboolean signaling)
{
  g_return_if_fail (SNUG_IS_PEER (self));

  snug_path_keeper_set_signaling (self->keeper, signaling);
}

gboolean
snug_peer_get_signaling (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return snug_path_keeper_get_signaling (self->keeper);
}

void
snug_peer_be_silent (SnugPeer *self)
{
  g_return_if_fail (SNUG_IS_PEER (self));

  snug_negotiation_be_silent (self->negotiation);
}

void
snug_peer_renew_path (SnugPeer *self)
{
  g_return_if_fail (SNUG_IS_PEER (self));

  snug_path_keeper_renew (self->keeper);
}

void
snug_peer_hurry (SnugPeer *self)
{
  g_return_if_fail (SNUG_IS_PEER (self));

  snug_path_keeper_hurry (self->keeper);
}

gboolean
snug_peer_send (SnugPeer *self, SnugPeerMessage *message)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return get_connection (self) != NULL && snug_peer_connection_send (get_connection (self), message);
}

gboolean
snug_peer_send_chunk (SnugPeer *self, GBytes *chunk)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return get_connection (self) != NULL && snug_peer_connection_send_chunk (get_connection (self), chunk);
}

gboolean
snug_peer_get_load (SnugPeer *self, SnugPathLoad *load)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return get_connection (self) != NULL && snug_peer_connection_get_load (get_connection (self), load);
}

void
snug_peer_sample_stats (SnugPeer *self)
{
  SnugStatsValues values = SNUG_STATS_VALUES_UNKNOWN;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER (self));

  if (self->state != SNUG_PEER_CONNECTED && self->state != SNUG_PEER_INTERRUPTED)
    return;

  snug_peer_connection_collect_stats (get_connection (self), &values);
  snug_peer_sampler_fill (&self->sampler, &values, self->video_tap, self->video_enabled ? self->video_feed : NULL,
                          self->local_media);
  values.audio_level_dbfs = self->audio_level;
  values.audio_codec = g_strdup ("opus");
  values.video_codec = g_strdup ("VP8");
  snug_stats_append (self->stats, snug_stats_sample_new (&values));
}

void
snug_peer_close (SnugPeer *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER (self));

  if (self->state == SNUG_PEER_LEFT)
    return;

  g_signal_handlers_disconnect_by_data (self->local_media, self);
  g_signal_handlers_disconnect_by_data (self->local_screen, self);
  snug_path_keeper_stop (self->keeper);
  snug_negotiation_close (self->negotiation);
  snug_video_feed_reset (self->video_feed);
  snug_video_feed_reset (self->screen_feed);
  set_state (self, SNUG_PEER_LEFT);
}

void
snug_peer_set_sample_tap (SnugPeer *self,
                          SnugMediaKind kind,
                          SnugSampleTapFunc func,
                          gpointer user_data,
                          GDestroyNotify destroy)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER (self));

  snug_sample_tap_set (kind == SNUG_MEDIA_VIDEO ? self->video_tap : self->audio_tap, func, user_data,
                       destroy);
}

static void
snug_peer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugPeer *self = SNUG_PEER (object);

  switch ((SnugPeerProperty) prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_VIDEO_FEED:
      g_value_set_object (value, self->video_feed);
      break;
    case PROP_SCREEN_FEED:
      g_value_set_object (value, self->screen_feed);
      break;
    case PROP_AUDIO_ENABLED:
      g_value_set_boolean (value, self->audio_enabled);
      break;
    case PROP_VIDEO_ENABLED:
      g_value_set_boolean (value, self->video_enabled);
      break;
    case PROP_SCREEN_ENABLED:
      g_value_set_boolean (value, self->screen_enabled);
      break;
    case PROP_AUDIO_LEVEL:
      g_value_set_double (value, self->audio_level);
      break;
    case PROP_VOLUME:
      g_value_set_double (value, self->volume);
      break;
    case PROP_CHAT_OPEN:
      g_value_set_boolean (value, snug_peer_get_chat_open (self));
      break;
    case PROP_HAND_RAISED:
      g_value_set_boolean (value, snug_gestures_get_hand_raised (self->gestures));
      break;
    case PROP_TYPING:
      g_value_set_boolean (value, snug_gestures_get_typing (self->gestures));
      break;
    case PROP_STATS:
      g_value_set_object (value, self->stats);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_peer_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_VOLUME)
    snug_peer_set_volume (SNUG_PEER (object), g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
snug_peer_dispose (GObject *object)
{
  SnugPeer *self = SNUG_PEER (object);

  if (self->keeper != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->keeper, self);
      snug_path_keeper_stop (self->keeper);
    }
  g_clear_object (&self->keeper);
  unfollow_connection (self);
  if (self->negotiation != NULL)
    g_signal_handlers_disconnect_by_data (self->negotiation, self);
  g_clear_object (&self->negotiation);
  if (self->local_media != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->local_media, self);
      g_signal_handlers_disconnect_by_data (self->local_screen, self);
    }
  g_clear_object (&self->local_screen);
  g_clear_object (&self->local_media);
  g_clear_object (&self->audio_output);

  G_OBJECT_CLASS (snug_peer_parent_class)->dispose (object);
}

static void
snug_peer_finalize (GObject *object)
{
  SnugPeer *self = SNUG_PEER (object);

  snug_sample_tap_set (self->audio_tap, NULL, NULL, NULL);
  snug_sample_tap_set (self->video_tap, NULL, NULL, NULL);
  snug_sample_tap_unref (self->audio_tap);
  snug_sample_tap_unref (self->video_tap);
  g_clear_object (&self->video_feed);
  g_clear_object (&self->screen_feed);
  g_clear_object (&self->stats);
  g_clear_object (&self->gestures);
  g_clear_object (&self->verification);
  g_clear_error (&self->error);
  g_free (self->id);
  g_free (self->name);

  G_OBJECT_CLASS (snug_peer_parent_class)->finalize (object);
}

static void
snug_peer_class_init (SnugPeerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_peer_get_property;
  object_class->set_property = snug_peer_set_property;
  object_class->dispose = snug_peer_dispose;
  object_class->finalize = snug_peer_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_PEER_STATE, SNUG_PEER_CONNECTING, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_VIDEO_FEED]
      = g_param_spec_object ("video-feed", NULL, NULL, SNUG_TYPE_VIDEO_FEED, flags);
  properties[PROP_SCREEN_FEED]
      = g_param_spec_object ("screen-feed", NULL, NULL, SNUG_TYPE_VIDEO_FEED, flags);
  properties[PROP_AUDIO_ENABLED] = g_param_spec_boolean ("audio-enabled", NULL, NULL, TRUE, flags);
  properties[PROP_VIDEO_ENABLED] = g_param_spec_boolean ("video-enabled", NULL, NULL, TRUE, flags);
  properties[PROP_SCREEN_ENABLED] = g_param_spec_boolean ("screen-enabled", NULL, NULL, FALSE, flags);
  properties[PROP_AUDIO_LEVEL]
      = g_param_spec_double ("audio-level", NULL, NULL, SNUG_AUDIO_LEVEL_SILENCE, 0.0,
                             SNUG_AUDIO_LEVEL_SILENCE, flags);
  properties[PROP_VOLUME]
      = g_param_spec_double ("volume", NULL, NULL, 0.0, 1.5, 1.0, flags | G_PARAM_WRITABLE);
  properties[PROP_CHAT_OPEN] = g_param_spec_boolean ("chat-open", NULL, NULL, FALSE, flags);
  properties[PROP_HAND_RAISED] = g_param_spec_boolean ("hand-raised", NULL, NULL, FALSE, flags);
  properties[PROP_TYPING] = g_param_spec_boolean ("typing", NULL, NULL, FALSE, flags);
  properties[PROP_STATS] = g_param_spec_object ("stats", NULL, NULL, SNUG_TYPE_STATS, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CANDIDATE] = g_signal_new ("candidate", SNUG_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_STRING);
  signals[SIGNAL_STAGE] = g_signal_new ("stage", SNUG_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_FIRST_FRAME] = g_signal_new ("first-frame", SNUG_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL,
                                              NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_REACTION] = g_signal_new ("reaction", SNUG_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OUTGOING] = g_signal_new ("outgoing", SNUG_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 1, SNUG_TYPE_PEER_MESSAGE);
  signals[SIGNAL_INCOMING] = g_signal_new ("incoming", SNUG_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 1, SNUG_TYPE_PEER_MESSAGE);
  signals[SIGNAL_CHUNK] = g_signal_new ("chunk", SNUG_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", SNUG_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
snug_peer_init (SnugPeer *self)
{
  self->video_feed = snug_video_feed_new ();
  self->screen_feed = snug_video_feed_new ();
  self->audio_tap = snug_sample_tap_new ();
  self->video_tap = snug_sample_tap_new ();
  self->stats = snug_stats_new ();
  self->gestures = snug_gestures_new ();
  g_signal_connect_object (self->gestures, "notify::hand-raised", G_CALLBACK (on_hand_raised), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->gestures, "notify::typing", G_CALLBACK (on_typing), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->gestures, "reaction", G_CALLBACK (on_reaction), self, G_CONNECT_SWAPPED);
  self->audio_enabled = TRUE;
  self->video_enabled = TRUE;
  self->volume = 1.0;
  self->audio_level = SNUG_AUDIO_LEVEL_SILENCE;
}

SnugPeer *
snug_peer_new (const char *id,
               const char *name,
               SnugIceConfig *ice,
               SnugLocalMedia *local_media,
               SnugAudioOutput *audio_output,
               SnugVerification *verification)
{
  SnugPeer *self = g_object_new (SNUG_TYPE_PEER, NULL);
  SnugPeerConnectionConfig config;

  g_return_val_if_fail (id != NULL && name != NULL, NULL);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->local_media = g_object_ref (local_media);
  self->local_screen = g_object_ref (snug_local_media_get_screen (local_media));
  self->audio_output = g_object_ref (audio_output);
  self->verification = g_object_ref (verification);
  g_signal_connect_object (verification, "outgoing", G_CALLBACK (snug_peer_send), self, G_CONNECT_SWAPPED);

  config = (SnugPeerConnectionConfig){
    .ice = ice,
    .audio_feed = snug_local_media_get_audio_feed (local_media),
    .video_feed = snug_local_media_get_video_feed (local_media),
    .screen_feed = snug_local_screen_get_feed (self->local_screen),
    .sinks = {
      .audio_output = audio_output,
      .camera_feed = self->video_feed,
      .screen_feed = self->screen_feed,
      .audio_tap = self->audio_tap,
      .camera_tap = self->video_tap,
    },
    .rate_control = snug_local_media_get_rate_control (local_media),
    .peer = self->id,
  };
  self->negotiation = snug_negotiation_new (&config);
  self->keeper = snug_path_keeper_new (self->negotiation);
  g_signal_connect_swapped (self->keeper, "notify::state", G_CALLBACK (on_path), self);
  g_signal_connect_swapped (self->negotiation, "notify::connection", G_CALLBACK (on_connection), self);
  g_signal_connect_swapped (self->negotiation, "outgoing", G_CALLBACK (on_outgoing), self);
  g_signal_connect_swapped (self->negotiation, "candidate", G_CALLBACK (on_candidate), self);
  g_signal_connect_swapped (self->negotiation, "stage", G_CALLBACK (on_stage), self);
  g_signal_connect_swapped (self->negotiation, "verified", G_CALLBACK (on_verified), self);
  g_signal_connect_swapped (self->negotiation, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (self->negotiation, "left", G_CALLBACK (snug_peer_close), self);
  g_signal_connect_swapped (self->negotiation, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect_swapped (local_media, "notify::audio-active", G_CALLBACK (send_media_state), self);
  g_signal_connect_swapped (local_media, "notify::video-active", G_CALLBACK (send_media_state), self);
  g_signal_connect_swapped (self->local_screen, "notify::active", G_CALLBACK (send_media_state), self);

  return self;
}

gboolean
snug_peer_get_chat_open (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return get_connection (self) != NULL && snug_peer_connection_get_channel_open (get_connection (self));
}

void
snug_peer_set_volume (SnugPeer *self, double volume)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER (self));

  volume = CLAMP (volume, 0.0, 1.5);
  if (fabs (volume - self->volume) < 0.001)
    return;
  self->volume = volume;
  if (get_remote_media (self) != NULL)
    snug_remote_media_set_volume (get_remote_media (self), volume);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME]);
}

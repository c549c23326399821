/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-call-private.h"

#include "snug-audio-output-private.h"
#include "snug-emoji.h"
#include "snug-engine.h"
#include "snug-local-media-private.h"
#include "snug-relay.h"

/* From the open channel to JOINED. */
#define JOIN_TIMEOUT_SECONDS 10
/* Alone in a room that has no server: somebody could come only once it is back. */
#define DESERTED_SECONDS 20

G_DEFINE_FINAL_TYPE (SnugCall, snug_call, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SnugCallState, snug_call_state,
                    G_DEFINE_ENUM_VALUE (SNUG_CALL_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (SNUG_CALL_JOINING, "joining"),
                    G_DEFINE_ENUM_VALUE (SNUG_CALL_JOINED, "joined"),
                    G_DEFINE_ENUM_VALUE (SNUG_CALL_LEAVING, "leaving"),
                    G_DEFINE_ENUM_VALUE (SNUG_CALL_LEFT, "left"),
                    G_DEFINE_ENUM_VALUE (SNUG_CALL_FAILED, "failed"))

typedef enum
{
  PROP_SIGNALING = 1,
  PROP_LOCAL_MEDIA,
  PROP_AUDIO_OUTPUT,
  PROP_ROOM,
  PROP_DISPLAY_NAME,
  PROP_STATE,
  PROP_ERROR,
  PROP_SERVER_CONNECTED,
  PROP_SERVER_ERROR,
  PROP_SELF_ID,
  PROP_HAND_RAISED,
  N_PROPS
} SnugCallProperty;

static GParamSpec *properties[N_PROPS];
static guint refused_signal;

static void
set_state (SnugCall *self, SnugCallState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
unwatch_network (SnugCall *self)
{
  g_clear_handle_id (&self->deserted_id, g_source_remove);
  if (self->network != NULL)
    g_signal_handlers_disconnect_by_data (self->network, self);
  g_clear_object (&self->network);
}

static void
finish_leaving (SnugCall *self)
{
  if (self->state == SNUG_CALL_LEAVING && snug_peer_list_is_closed (self->peers)
      && snug_signaling_get_state (self->signaling) == SNUG_SIGNALING_CLOSED)
    set_state (self, SNUG_CALL_LEFT);
}

/* error: (transfer full) */
static void
fail (SnugCall *self, GError *error)
{
  g_autoptr (SnugCall) keep G_GNUC_UNUSED = g_object_ref (self);

  if (self->state == SNUG_CALL_FAILED || self->state == SNUG_CALL_LEFT
      || self->state == SNUG_CALL_LEAVING)
    {
      g_error_free (error);
      return;
    }

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->join_timeout_id, g_source_remove);
  g_clear_handle_id (&self->stats_id, g_source_remove);
  unwatch_network (self);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  set_state (self, SNUG_CALL_FAILED);
  snug_screen_share_stop (self->screen_share);
  snug_peer_list_remove_all (self->peers);
  snug_signaling_close (self->signaling);
}

static void
set_server_connected (SnugCall *self, gboolean connected)
{
  if (self->server_connected == connected)
    return;
  self->server_connected = connected;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERVER_CONNECTED]);
}

static gboolean
is_deserted (SnugCall *self)
{
  return self->state == SNUG_CALL_JOINED && !self->server_connected
         && g_list_model_get_n_items (G_LIST_MODEL (self->peers)) == 0;
}

static gboolean
on_deserted (gpointer user_data)
{
  SnugCall *self = user_data;

  self->deserted_id = 0;
  if (is_deserted (self))
    fail (self, g_error_copy (self->server_error));

  return G_SOURCE_REMOVE;
}

/* A call without a server lives as long as somebody is in it (a little longer if the server may come back), and so does one to
 * which nobody else can come. */
static void
end_if_deserted (SnugCall *self)
{
  if (self->state == SNUG_CALL_JOINED && snug_signaling_get_by_hand (self->signaling)
      && g_list_model_get_n_items (G_LIST_MODEL (self->peers)) == 0)
    snug_call_leave (self);
  if (!is_deserted (self) || self->deserted_id != 0)
    return;
  if (snug_signaling_get_state (self->signaling) == SNUG_SIGNALING_CLOSED)
    fail (self, g_error_copy (self->server_error));
  else
    self->deserted_id = g_timeout_add_seconds (DESERTED_SECONDS, on_deserted, self);
}

static void
on_outgoing (SnugCall *self, SnugPeer *peer, SnugPeerMessage *message)
{
  if (self->roster == NULL || !snug_roster_send (self->roster, snug_peer_get_id (peer), message))
    g_debug ("Nobody could open a message: dropped");
}

static void
on_sealed (SnugCall *self, const char *id, const char *payload)
{
  g_autoptr (SnugMessage) signal = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, id, payload);

  if (self->server_connected)
    snug_signaling_send (self->signaling, signal);
}

static void
on_present (SnugCall *self, const char *id, const char *name, gboolean offer)
{
  if (self->state == SNUG_CALL_JOINED)
    snug_peer_list_meet (self->peers, id, name, offer);
}

static void
on_opened (SnugCall *self, const char *id, SnugPeerMessage *message)
{
  snug_peer_list_receive (self->peers, id, message);
}

static void
on_refused (SnugCall *self, const char *id, const char *name, const GError *error)
{
  g_signal_emit (self, refused_signal, 0, id, name, error);
}

static void
clear_roster (SnugCall *self)
{
  if (self->roster != NULL)
    g_signal_handlers_disconnect_by_data (self->roster, self);
  g_clear_object (&self->roster);
}

/* A new stay in the room. */
static void
make_roster (SnugCall *self)
{
  clear_roster (self);
  self->roster = snug_roster_new (self->key, self->self_id, self->display_name);
  g_signal_connect_swapped (self->roster, "outgoing", G_CALLBACK (on_sealed), self);
  g_signal_connect_swapped (self->roster, "present", G_CALLBACK (on_present), self);
  g_signal_connect_swapped (self->roster, "message", G_CALLBACK (on_opened), self);
  g_signal_connect_swapped (self->roster, "refused", G_CALLBACK (on_refused), self);
}

/* The newcomer greets everybody who is there already, and offers to those who answer. Who has its place again was
 * greeted by those who came meanwhile. */
static void
greet_members (SnugCall *self, SnugMessage *message)
{
  const char *const *members = snug_message_get_members (message);
  gboolean resumed = snug_message_get_resumed (message);

  if (resumed)
    snug_roster_retain (self->roster, members);
  for (gsize i = 0; members[i] != NULL && self->state == SNUG_CALL_JOINED; i++)
    snug_roster_add (self->roster, members[i], !resumed);
  snug_peer_list_receive_joined (self->peers, message);
}

static gboolean
on_stats_tick (gpointer user_data)
{
  SnugCall *self = user_data;

  snug_peer_list_sample_stats (self->peers);

  return G_SOURCE_CONTINUE;
}

static void
add_servers_of_room (SnugCall *self, SnugMessage *message)
{
  gsize n_servers;
  const SnugIceServer *servers = snug_message_get_ice_servers (message, &n_servers);

  for (gsize i = 0; i < n_servers; i++)
    for (gsize u = 0; servers[i].uris[u] != NULL; u++)
      {
        g_autoptr (GError) error = NULL;

        if (!snug_ice_config_add (self->ice, servers[i].uris[u], servers[i].username,
                                  servers[i].credential, &error))
          g_info ("An ICE server of the meeting point is left out: %s", error->message);
      }
}

/* What there is may be dead: the way to the server, and to everybody. */
static void
on_address_lost (SnugCall *self)
{
  snug_peer_list_renew_paths (self->peers);
  snug_signaling_renew (self->signaling);
}

/* Of use to those who look for a way. */
static void
on_address_gained (SnugCall *self)
{
  snug_peer_list_hurry (self->peers);
  if (!self->server_connected)
    snug_signaling_renew (self->signaling);
}

static void
watch_network (SnugCall *self)
{
  self->network = snug_network_watch_new ();
  g_signal_connect_swapped (self->network, "address-lost", G_CALLBACK (on_address_lost), self);
  g_signal_connect_swapped (self->network, "address-gained", G_CALLBACK (on_address_gained), self);
  g_signal_connect_swapped (self->network, "woken", G_CALLBACK (on_address_lost), self);
}

/* We are in the room again. */
static void
receive_rejoined (SnugCall *self, SnugMessage *message)
{
  g_clear_handle_id (&self->join_timeout_id, g_source_remove);
  g_clear_handle_id (&self->deserted_id, g_source_remove);
  if (strcmp (snug_message_get_id (message), self->self_id) != 0)
    {
      /* A server that knows no tokens: to everybody we are somebody new. */
      snug_peer_list_remove_all (self->peers);
      g_free (self->self_id);
      self->self_id = g_strdup (snug_message_get_id (message));
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELF_ID]);
    }
  if (!snug_message_get_resumed (message))
    make_roster (self);
  set_server_connected (self, TRUE);
  greet_members (self, message);
}

static void
receive_joined (SnugCall *self, SnugMessage *message)
{
  if (self->state == SNUG_CALL_JOINED && !self->server_connected)
    {
      receive_rejoined (self, message);
      return;
    }
  if (self->state != SNUG_CALL_JOINING || self->join_timeout_id == 0)
    {
      g_debug ("The server let us in twice");
      return;
    }

  g_clear_handle_id (&self->join_timeout_id, g_source_remove);
  add_servers_of_room (self, message);
  if (snug_ice_config_get_relay_only (self->ice) && !snug_ice_config_has_turn (self->ice))
    {
      fail (self, g_error_new_literal (SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ROUTE,
                                       "Only relays may be used, and there is none"));
      return;
    }

  self->self_id = g_strdup (snug_message_get_id (message));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELF_ID]);
  make_roster (self);
  self->stats_id = g_timeout_add (1000 * self->stats_interval, on_stats_tick, self);
  set_server_connected (self, TRUE);
  watch_network (self);
  set_state (self, SNUG_CALL_JOINED);
  greet_members (self, message);
}

static void
receive_error (SnugCall *self, SnugMessage *message)
{
  GError *error = g_error_new_literal (SNUG_PROTOCOL_ERROR, snug_message_get_error_code (message),
                                       snug_message_get_error_text (message));

  if (self->state == SNUG_CALL_JOINING)
    {
      fail (self, error);
      return;
    }

  /* The room is not open to us any more: those we see stay, and nobody can come. */
  if (!self->server_connected && error->code != SNUG_PROTOCOL_ERROR_RATE_LIMITED
      && error->code != SNUG_PROTOCOL_ERROR_SHUTTING_DOWN)
    {
      g_clear_error (&self->server_error);
      self->server_error = error;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERVER_ERROR]);
      snug_signaling_close (self->signaling);
      return;
    }

  /* Either of no consequence, or the reason of what closes the channel next. */
  g_info ("The server says: %s", error->message);
  if (error->code == SNUG_PROTOCOL_ERROR_RATE_LIMITED
      || error->code == SNUG_PROTOCOL_ERROR_SHUTTING_DOWN)
    {
      g_clear_error (&self->refusal);
      self->refusal = g_steal_pointer (&error);
    }
  g_clear_error (&error);
}

static void
on_signaling_message (SnugCall *self, SnugMessage *message)
{
  g_autoptr (SnugCall) keep G_GNUC_UNUSED = g_object_ref (self);

  if (self->state != SNUG_CALL_JOINING && self->state != SNUG_CALL_JOINED)
    return;

  switch (snug_message_get_kind (message))
    {
    case SNUG_MESSAGE_JOINED:
      receive_joined (self, message);
      break;
    case SNUG_MESSAGE_PEER_JOINED:
      if (self->state == SNUG_CALL_JOINED)
        snug_roster_add (self->roster, snug_message_get_peer_id (message), snug_message_get_greet (message));
      break;
    case SNUG_MESSAGE_PEER_LEFT:
      if (self->state == SNUG_CALL_JOINED)
        {
          snug_roster_remove (self->roster, snug_message_get_peer_id (message));
          snug_peer_list_receive_left (self->peers, message);
        }
      break;
    case SNUG_MESSAGE_SIGNAL:
      if (self->state == SNUG_CALL_JOINED)
        snug_roster_receive (self->roster, snug_message_get_peer_id (message), snug_message_get_payload (message));
      break;
    case SNUG_MESSAGE_ERROR:
      receive_error (self, message);
      break;
    case SNUG_MESSAGE_JOIN:
    case SNUG_MESSAGE_LEAVE:
    default:
      g_debug ("The server spoke like a client");
    }
}

static gboolean
on_join_timeout (gpointer user_data)
{
  SnugCall *self = user_data;

  self->join_timeout_id = 0;
  if (self->state == SNUG_CALL_JOINED)
    {
      snug_signaling_renew (self->signaling);
      return G_SOURCE_REMOVE;
    }
  fail (self, g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_TIMED_OUT,
                                   "The server did not let us in in time"));

  return G_SOURCE_REMOVE;
}

/* Nobody can come, nobody is said to have left. */
static void
lose_server (SnugCall *self, const GError *error)
{
  g_clear_handle_id (&self->join_timeout_id, g_source_remove);
  if (self->server_connected)
    {
      g_clear_error (&self->server_error);
      self->server_error = g_error_copy (error);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERVER_ERROR]);
    }
  g_clear_error (&self->refusal);
  set_server_connected (self, FALSE);
  snug_peer_list_set_signaling_all (self->peers, FALSE);
  end_if_deserted (self);
}

static void
on_signaling_reopening (SnugCall *self)
{
  if (self->state == SNUG_CALL_JOINED)
    lose_server (self, self->refusal != NULL ? self->refusal : snug_signaling_get_error (self->signaling));
}

static void
on_signaling_closed (SnugCall *self)
{
  const GError *error = self->refusal != NULL ? self->refusal
                                              : snug_signaling_get_error (self->signaling);
  g_autoptr (GError) reason = NULL;

  if (error == NULL)
    error = self->server_error;
  if (self->state == SNUG_CALL_LEAVING || self->state == SNUG_CALL_FAILED)
    {
      finish_leaving (self);
      return;
    }

  reason = error != NULL ? g_error_copy (error)
                         : g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_LOST,
                                                "The connection to the server was closed");
  if (self->state == SNUG_CALL_JOINING)
    fail (self, g_steal_pointer (&reason));
  else
    lose_server (self, reason);
}

/* Nothing that people carry themselves needs a key. */
static gboolean
lacks_key (SnugCall *self)
{
  return self->key == NULL && !snug_signaling_get_by_hand (self->signaling);
}

static void
send_join (SnugCall *self)
{
  g_autoptr (SnugMessage) join = NULL;

  if ((self->state != SNUG_CALL_JOINING && self->state != SNUG_CALL_JOINED) || lacks_key (self)
      || snug_signaling_get_state (self->signaling) != SNUG_SIGNALING_OPEN)
    return;
  g_clear_handle_id (&self->join_timeout_id, g_source_remove);
  self->join_timeout_id = g_timeout_add_seconds (JOIN_TIMEOUT_SECONDS, on_join_timeout, self);
  join = snug_message_new_join_with_token (self->key != NULL ? snug_room_key_get_room_id (self->key)
                                                             : SNUG_ROOM_ID_NONE,
                                           self->resume_token);
  snug_signaling_send (self->signaling, join);
}

/* Once the room's key is there: with the room's id, a proxy brings all who name the room to the same server. */
static void
open_signaling (SnugCall *self)
{
  if (self->state != SNUG_CALL_JOINING)
    return;
  if (self->key != NULL)
    snug_signaling_set_room_id (self->signaling, snug_room_key_get_room_id (self->key));
  snug_signaling_open (self->signaling);
}

static void
on_key_derived (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugCall) self = user_data;

  self->key = snug_room_key_derive_finish (result, NULL);
  open_signaling (self);
}

static void
on_signaling_state (SnugCall *self)
{
  g_autoptr (SnugCall) keep G_GNUC_UNUSED = g_object_ref (self);

  switch (snug_signaling_get_state (self->signaling))
    {
    case SNUG_SIGNALING_OPEN:
      send_join (self);
      break;
    case SNUG_SIGNALING_CLOSED:
      on_signaling_closed (self);
      break;
    case SNUG_SIGNALING_OPENING:
      on_signaling_reopening (self);
      break;
    case SNUG_SIGNALING_IDLE:
    default:
      break;
    }
}

void
snug_call_join (SnugCall *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_CALL (self));
  g_return_if_fail (self->state == SNUG_CALL_IDLE);

  set_state (self, SNUG_CALL_JOINING);
  if (lacks_key (self))
    snug_room_key_derive_async (self->room, self->cancellable, on_key_derived, g_object_ref (self));
  else
    open_signaling (self);
}

void
snug_call_leave (SnugCall *self)
{
  g_autoptr (SnugCall) keep G_GNUC_UNUSED = NULL;
  g_autoptr (SnugMessage) leave = NULL;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_CALL (self));

  if (self->state == SNUG_CALL_LEAVING || self->state == SNUG_CALL_LEFT
      || self->state == SNUG_CALL_FAILED)
    return;

  keep = g_object_ref (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->join_timeout_id, g_source_remove);
  g_clear_handle_id (&self->stats_id, g_source_remove);
  unwatch_network (self);
  set_state (self, SNUG_CALL_LEAVING);
  snug_screen_share_stop (self->screen_share);
  snug_peer_list_remove_all (self->peers);
  if (snug_signaling_get_state (self->signaling) == SNUG_SIGNALING_OPEN)
    {
      leave = snug_message_new_leave ();
      snug_signaling_send (self->signaling, leave);
    }
  snug_signaling_close (self->signaling);
  finish_leaving (self);
}

gboolean
snug_call_add_ice_server (SnugCall *self,
                          const char *uri,
                          const char *username,
                          const char *credential,
                          GError **error)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_CALL (self), FALSE);
  g_return_val_if_fail (self->state == SNUG_CALL_IDLE, FALSE);

  return snug_ice_config_add (self->ice, uri, username, credential, error);
}

void
snug_call_reconnect_now (SnugCall *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_CALL (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->peers)); i++)
    {
      g_autoptr (SnugPeer) peer = g_list_model_get_item (G_LIST_MODEL (self->peers), i);

      if (snug_peer_get_state (peer) == SNUG_PEER_INTERRUPTED)
        snug_peer_renew_path (peer);
    }
  if (self->state == SNUG_CALL_JOINED && !self->server_connected)
    snug_signaling_renew (self->signaling);
}

void
snug_call_set_relay_only (SnugCall *self, gboolean relay_only)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_CALL (self));
  g_return_if_fail (self->state == SNUG_CALL_IDLE);

  snug_ice_config_set_relay_only (self->ice, relay_only);
}

void
snug_call_set_stats_interval (SnugCall *self, double seconds)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_CALL (self));
  g_return_if_fail (self->state == SNUG_CALL_IDLE);

  self->stats_interval = CLAMP (seconds, 0.1, 60.0);
}

static void
snug_call_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugCall *self = SNUG_CALL (object);

  switch ((SnugCallProperty) prop_id)
    {
    case PROP_SIGNALING:
      g_value_set_object (value, self->signaling);
      break;
    case PROP_LOCAL_MEDIA:
      g_value_set_object (value, self->local_media);
      break;
    case PROP_AUDIO_OUTPUT:
      g_value_set_object (value, self->audio_output);
      break;
    case PROP_ROOM:
      g_value_set_string (value, self->room);
      break;
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, self->display_name);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_SERVER_CONNECTED:
      g_value_set_boolean (value, self->server_connected);
      break;
    case PROP_SERVER_ERROR:
      g_value_set_boxed (value, self->server_error);
      break;
    case PROP_SELF_ID:
      g_value_set_string (value, self->self_id);
      break;
    case PROP_HAND_RAISED:
      g_value_set_boolean (value, self->hand_raised);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_call_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugCall *self = SNUG_CALL (object);

  switch ((SnugCallProperty) prop_id)
    {
    case PROP_SIGNALING:
      self->signaling = g_value_dup_object (value);
      break;
    case PROP_LOCAL_MEDIA:
      self->local_media = g_value_dup_object (value);
      break;
    case PROP_AUDIO_OUTPUT:
      self->audio_output = g_value_dup_object (value);
      break;
    case PROP_ROOM:
      self->room = g_value_dup_string (value);
      break;
    case PROP_DISPLAY_NAME:
      self->display_name = g_value_dup_string (value);
      break;
    case PROP_HAND_RAISED:
      snug_call_set_hand_raised (self, g_value_get_boolean (value));
      break;
    case PROP_STATE:
    case PROP_ERROR:
    case PROP_SERVER_CONNECTED:
    case PROP_SERVER_ERROR:
    case PROP_SELF_ID:
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_call_constructed (GObject *object)
{
  SnugCall *self = SNUG_CALL (object);

  G_OBJECT_CLASS (snug_call_parent_class)->constructed (object);

  self->screen_share = snug_screen_share_new (self->local_media);
  if (self->audio_output == NULL)
    self->audio_output = snug_audio_output_new (TRUE);
  snug_local_voice_set_echo_reference (snug_local_media_get_voice (self->local_media),
                                       snug_audio_output_get_echo_reference (self->audio_output));
  snug_ice_config_set_by_hand (self->ice, snug_signaling_get_by_hand (self->signaling));
  self->peers = snug_peer_list_new (self->ice, self->local_media, self->audio_output);
  g_signal_connect_swapped (self->peers, "outgoing", G_CALLBACK (on_outgoing), self);
  g_signal_connect_swapped (self->peers, "deserted", G_CALLBACK (end_if_deserted), self);
  g_signal_connect_swapped (self->peers, "closed", G_CALLBACK (finish_leaving), self);
  g_signal_connect_swapped (self->signaling, "message", G_CALLBACK (on_signaling_message), self);
  g_signal_connect_swapped (self->signaling, "notify::state", G_CALLBACK (on_signaling_state), self);
}

static void
snug_call_dispose (GObject *object)
{
  SnugCall *self = SNUG_CALL (object);

  g_clear_handle_id (&self->join_timeout_id, g_source_remove);
  g_clear_handle_id (&self->stats_id, g_source_remove);
  unwatch_network (self);
  if (self->signaling != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->signaling, self);
      snug_signaling_close (self->signaling);
    }
  if (self->peers != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->peers, self);
      snug_peer_list_close (self->peers);
    }
  clear_roster (self);
  g_clear_object (&self->signaling);
  g_clear_object (&self->screen_share);
  g_clear_object (&self->local_media);
  g_clear_object (&self->audio_output);

  G_OBJECT_CLASS (snug_call_parent_class)->dispose (object);
}

static void
snug_call_finalize (GObject *object)
{
  SnugCall *self = SNUG_CALL (object);

  g_clear_object (&self->peers);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->key, snug_room_key_unref);
  g_clear_pointer (&self->ice, snug_ice_config_free);
  g_clear_error (&self->error);
  g_clear_error (&self->refusal);
  g_clear_error (&self->server_error);
  g_free (self->room);
  g_free (self->display_name);
  g_free (self->self_id);
  g_free (self->resume_token);

  G_OBJECT_CLASS (snug_call_parent_class)->finalize (object);
}

static void
snug_call_class_init (SnugCallClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags construct
      = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_call_get_property;
  object_class->set_property = snug_call_set_property;
  object_class->constructed = snug_call_constructed;
  object_class->dispose = snug_call_dispose;
  object_class->finalize = snug_call_finalize;

  properties[PROP_SIGNALING]
      = g_param_spec_object ("signaling", NULL, NULL, SNUG_TYPE_SIGNALING, construct);
  properties[PROP_LOCAL_MEDIA]
      = g_param_spec_object ("local-media", NULL, NULL, SNUG_TYPE_LOCAL_MEDIA, construct);
  properties[PROP_AUDIO_OUTPUT]
      = g_param_spec_object ("audio-output", NULL, NULL, SNUG_TYPE_AUDIO_OUTPUT, construct);
  properties[PROP_ROOM] = g_param_spec_string ("room", NULL, NULL, NULL, construct);
  properties[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, construct);
  properties[PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_CALL_STATE, SNUG_CALL_IDLE, read);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, read);
  properties[PROP_SERVER_CONNECTED]
      = g_param_spec_boolean ("server-connected", NULL, NULL, FALSE, read);
  properties[PROP_SERVER_ERROR] = g_param_spec_boxed ("server-error", NULL, NULL, G_TYPE_ERROR, read);
  properties[PROP_SELF_ID] = g_param_spec_string ("self-id", NULL, NULL, NULL, read);
  properties[PROP_HAND_RAISED]
      = g_param_spec_boolean ("hand-raised", NULL, NULL, FALSE, read | G_PARAM_WRITABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  refused_signal = g_signal_new ("refused", SNUG_TYPE_CALL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_ERROR);
}

static void
snug_call_init (SnugCall *self)
{
  snug_token_bucket_init (&self->reactions, SNUG_GESTURE_RATE, SNUG_GESTURE_BURST / 2,
                          g_get_monotonic_time ());
  self->cancellable = g_cancellable_new ();
  self->ice = snug_ice_config_new ();
  self->resume_token = snug_protocol_random_id ();
  self->stats_interval = 1.0;
}

SnugCall *
snug_call_new (SnugSignaling *signaling,
               SnugLocalMedia *local_media,
               SnugAudioOutput *audio_output,
               const char *room,
               const char *display_name)
{
  g_return_val_if_fail (SNUG_IS_SIGNALING (signaling), NULL);
  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (local_media), NULL);
  g_return_val_if_fail (room != NULL && display_name != NULL, NULL);

  return g_object_new (SNUG_TYPE_CALL, "signaling", signaling, "local-media", local_media,
                       "audio-output", audio_output, "room", room, "display-name", display_name, NULL);
}

void
snug_call_set_hand_raised (SnugCall *self, gboolean raised)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_CALL (self));

  raised = !!raised;
  if (self->hand_raised == raised)
    return;
  self->hand_raised = raised;
  snug_peer_list_set_hand_raised (self->peers, raised);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAND_RAISED]);
}

gboolean
snug_call_send_reaction (SnugCall *self, const char *emoji)
{
  g_autoptr (SnugPeerMessage) message = NULL;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_CALL (self), FALSE);

  if (self->state != SNUG_CALL_JOINED || !snug_emoji_is_single (emoji)
      || !snug_token_bucket_take (&self->reactions, g_get_monotonic_time ()))
    return FALSE;
  message = snug_peer_message_new_reaction (emoji);
  snug_peer_list_broadcast (self->peers, message);

  return TRUE;
}

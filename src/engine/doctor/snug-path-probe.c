/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-path-probe.h"

#include <string.h>

#include "snug-engine.h"
#include "snug-ice-trace.h"
#include "snug-negotiation.h"
#include "snug-relay.h"
#include "snug-roster.h"

#define MEMBER_NAME "probe"
/* Pings on their way at once, when none waits for its time. */
#define WINDOW 32
/* Nothing comes any more: what is not back by then is lost. */
#define SILENCE_SECONDS 5
#define N_FEEDS 3

struct _SnugPathProbe
{
  GObject parent_instance;

  SnugPathProbeConfig config;
  SnugSignaling *signaling;
  SnugIceConfig *ice;
  char *room;
  SnugRoomKey *key;   /* NULL: not yet derived */
  SnugRoster *roster; /* NULL: not yet in the room */
  char *partner;      /* peer id */

  /* What a connection needs, with nothing in it. */
  SnugEncodedFeed *feeds[N_FEEDS];
  SnugVideoFeed *pictures;
  SnugAudioOutput *sound;
  SnugSampleTap *tap;
  SnugRateControl *rate_control;

  SnugIceTrace *trace;
  SnugNegotiation *negotiation;
  SnugPeerConnection *connection; /* once verified */
  SnugStatsSample *path;
  SnugProbeTally *tally;
  gboolean done; /* our pings are */
  gboolean partner_done;

  SnugPathProbeState state;
  GError *error;
  guint wait_id;
  guint send_id;
  guint silence_id;
};

G_DEFINE_FINAL_TYPE (SnugPathProbe, snug_path_probe, G_TYPE_OBJECT)

typedef enum
{
  PROP_STATE = 1,
  N_PROPS
} SnugPathProbeProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_CANDIDATE,
  SIGNAL_PAIR,
  SIGNAL_ECHO,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_state (SnugPathProbe *self, SnugPathProbeState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static gboolean
is_over (SnugPathProbe *self)
{
  return self->state >= SNUG_PATH_PROBE_CLOSING;
}

static void
end (SnugPathProbe *self)
{
  set_state (self, self->error != NULL ? SNUG_PATH_PROBE_FAILED : SNUG_PATH_PROBE_DONE);
}

static void
on_negotiation_closed (SnugPathProbe *self)
{
  end (self);
}

/* error: (transfer full) (nullable). */
static void
finish (SnugPathProbe *self, GError *error)
{
  g_autoptr (SnugPathProbe) keep G_GNUC_UNUSED = g_object_ref (self);
  g_autoptr (SnugMessage) leave = snug_message_new_leave ();

  if (is_over (self))
    {
      g_clear_error (&error);
      return;
    }

  self->error = error;
  g_clear_handle_id (&self->wait_id, g_source_remove);
  g_clear_handle_id (&self->send_id, g_source_remove);
  g_clear_handle_id (&self->silence_id, g_source_remove);
  if (self->roster != NULL)
    g_signal_handlers_disconnect_by_data (self->roster, self);
  g_clear_object (&self->roster);
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  /* What happens to the pairs from here on says nothing of the path. */
  if (self->trace != NULL)
    snug_ice_trace_stop (self->trace);
  set_state (self, SNUG_PATH_PROBE_CLOSING);

  if (self->negotiation != NULL)
    snug_negotiation_close (self->negotiation);
  g_signal_handlers_disconnect_by_data (self->signaling, self);
  snug_signaling_send (self->signaling, leave);
  snug_signaling_close (self->signaling);
  if (self->negotiation == NULL)
    end (self);
}

static void
fail (SnugPathProbe *self, SnugCallError code, const char *text)
{
  finish (self, g_error_new_literal (SNUG_CALL_ERROR, code, text));
}

static gboolean
send_message (SnugPathProbe *self, SnugProbeMessageKind kind, guint number, gsize size)
{
  SnugProbeMessage message = { kind, number, size };
  g_autoptr (GBytes) bytes = snug_probe_message_to_bytes (&message);

  return snug_peer_connection_send_chunk (self->connection, bytes);
}

static void
finish_if_done (SnugPathProbe *self)
{
  if (self->done && self->partner_done)
    finish (self, NULL);
}

static void
set_done (SnugPathProbe *self)
{
  if (self->done)
    return;

  self->done = TRUE;
  g_clear_handle_id (&self->send_id, g_source_remove);
  send_message (self, SNUG_PROBE_DONE, 0, SNUG_PROBE_MESSAGE_MIN_BYTES);
  finish_if_done (self);
}

static gboolean
on_silence (gpointer user_data)
{
  SnugPathProbe *self = user_data;

  /* What was sent and did not come back is lost; whoever does not say that it is done has had its time. */
  if (self->done)
    {
      self->silence_id = 0;
      finish (self, NULL);
      return G_SOURCE_REMOVE;
    }
  set_done (self);

  return is_over (self) ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
put_off_silence (SnugPathProbe *self)
{
  /* The time between two pings may be longer than that. */
  guint seconds = SILENCE_SECONDS + (self->config.interval_ms + 999) / 1000;

  g_clear_handle_id (&self->silence_id, g_source_remove);
  self->silence_id = g_timeout_add_seconds (seconds, on_silence, self);
}

/* FALSE: it has to wait, or there is none left. */
static gboolean
send_ping (SnugPathProbe *self)
{
  guint number = snug_probe_tally_get_sent (self->tally);

  if (number >= self->config.count || !send_message (self, SNUG_PROBE_PING, number, self->config.size))
    return FALSE;
  snug_probe_tally_send (self->tally, self->config.size, g_get_monotonic_time ());

  return TRUE;
}

static void
fill_window (SnugPathProbe *self)
{
  while (snug_probe_tally_get_sent (self->tally) - snug_probe_tally_get_echoed (self->tally) < WINDOW)
    if (!send_ping (self))
      return;
}

static gboolean
on_send (gpointer user_data)
{
  SnugPathProbe *self = user_data;

  send_ping (self);
  if (snug_probe_tally_get_sent (self->tally) < self->config.count)
    return G_SOURCE_CONTINUE;
  self->send_id = 0;

  return G_SOURCE_REMOVE;
}

static void
on_chunk (SnugPathProbe *self, GBytes *chunk)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (chunk, &size);
  g_autoptr (GError) error = NULL;
  SnugProbeMessage message;
  gint64 round_trip;

  if (!snug_probe_message_parse (data, size, &message, &error))
    {
      g_info ("The other side sent something else than a probe: %s", error->message);
      return;
    }

  put_off_silence (self);
  switch (message.kind)
    {
    case SNUG_PROBE_PING:
      snug_probe_tally_receive (self->tally, size, g_get_monotonic_time ());
      send_message (self, SNUG_PROBE_ECHO, message.number, size);
      break;
    case SNUG_PROBE_ECHO:
      round_trip = snug_probe_tally_echo (self->tally, message.number, g_get_monotonic_time ());
      if (round_trip < 0)
        break;
      g_signal_emit (self, signals[SIGNAL_ECHO], 0, message.number, round_trip);
      if (snug_probe_tally_is_complete (self->tally))
        set_done (self);
      else if (self->config.interval_ms == 0)
        fill_window (self);
      break;
    case SNUG_PROBE_DONE:
    default:
      self->partner_done = TRUE;
      finish_if_done (self);
      break;
    }
}

static void
on_channel_open (SnugPathProbe *self)
{
  if (self->state != SNUG_PATH_PROBE_VERIFIED)
    return;

  set_state (self, SNUG_PATH_PROBE_EXCHANGING);
  put_off_silence (self);
  if (self->config.count == 0)
    set_done (self);
  else if (self->config.interval_ms == 0)
    fill_window (self);
  else
    {
      send_ping (self);
      self->send_id = g_timeout_add (self->config.interval_ms, on_send, self);
    }
}

static void
on_verified (SnugPathProbe *self)
{
  SnugStatsValues values = { 0 };

  if (is_over (self) || self->connection != NULL)
    return;

  g_clear_handle_id (&self->wait_id, g_source_remove);
  g_set_object (&self->connection, snug_negotiation_get_connection (self->negotiation));
  g_signal_connect_swapped (self->connection, "chunk", G_CALLBACK (on_chunk), self);
  g_signal_connect_swapped (self->connection, "channel-open", G_CALLBACK (on_channel_open), self);
  snug_peer_connection_collect_stats (self->connection, &values);
  self->path = snug_stats_sample_new (&values);
  /* Not to wait for ever for a channel that does not open. */
  put_off_silence (self);
  set_state (self, SNUG_PATH_PROBE_VERIFIED);
  if (snug_peer_connection_get_channel_open (self->connection))
    on_channel_open (self);
}

static void
on_lost (SnugPathProbe *self)
{
  if (self->done)
    finish (self, NULL);
  else
    fail (self, SNUG_CALL_ERROR_LOST, "The path was lost before all messages were exchanged");
}

static void
on_failed (SnugPathProbe *self, const GError *error)
{
  if (self->done)
    finish (self, NULL);
  else
    finish (self, g_error_copy (error));
}

static void
on_candidate (SnugPathProbe *self, gboolean local, const char *candidate)
{
  if (!is_over (self))
    g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, local, candidate);
}

static void
on_outgoing (SnugPathProbe *self, SnugPeerMessage *message)
{
  /* What the connection says as it ends, after the room has been left. */
  if (self->roster != NULL)
    snug_roster_send (self->roster, self->partner, message);
}

static void
on_sealed (SnugPathProbe *self, const char *id, const char *payload)
{
  g_autoptr (SnugMessage) signal = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, id, payload);

  snug_signaling_send (self->signaling, signal);
}

static void
on_pair (SnugPathProbe *self, const SnugIcePair *pair)
{
  if (!is_over (self))
    g_signal_emit (self, signals[SIGNAL_PAIR], 0, pair);
}

/* partner: the one to connect to. */
static void
negotiate (SnugPathProbe *self, const char *partner)
{
  SnugPeerConnectionConfig config = { .ice = self->ice };

  self->partner = g_strdup (partner);
  self->sound = snug_audio_output_new (TRUE);
  self->pictures = snug_video_feed_new ();
  self->tap = snug_sample_tap_new ();
  self->rate_control = snug_rate_control_new ();
  config.rate_control = self->rate_control;
  for (guint i = 0; i < N_FEEDS; i++)
    self->feeds[i] = snug_encoded_feed_new ();
  config.audio_feed = self->feeds[0];
  config.video_feed = self->feeds[1];
  config.screen_feed = self->feeds[2];
  config.sinks = (SnugRemoteMediaSinks){
    .audio_output = self->sound,
    .camera_feed = self->pictures,
    .screen_feed = self->pictures,
    .audio_tap = self->tap,
    .camera_tap = self->tap,
  };

  self->trace = snug_ice_trace_new (NULL);
  g_signal_connect_swapped (self->trace, "pair", G_CALLBACK (on_pair), self);
  self->negotiation = snug_negotiation_new (&config);
  g_signal_connect_swapped (self->negotiation, "outgoing", G_CALLBACK (on_outgoing), self);
  g_signal_connect_swapped (self->negotiation, "candidate", G_CALLBACK (on_candidate), self);
  g_signal_connect_swapped (self->negotiation, "verified", G_CALLBACK (on_verified), self);
  g_signal_connect_swapped (self->negotiation, "lost", G_CALLBACK (on_lost), self);
  g_signal_connect_swapped (self->negotiation, "left", G_CALLBACK (on_lost), self);
  g_signal_connect_swapped (self->negotiation, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (self->negotiation, "closed", G_CALLBACK (on_negotiation_closed), self);
  set_state (self, SNUG_PATH_PROBE_CONNECTING);
  if (self->config.offerer)
    snug_negotiation_offer (self->negotiation);
}

static void
on_opened (SnugPathProbe *self, const char *id, SnugPeerMessage *said)
{
  gboolean offer = snug_peer_message_get_kind (said) == SNUG_PEER_MESSAGE_DESCRIPTION
                   && snug_peer_message_get_sdp_type (said) == SNUG_SDP_OFFER;

  if (offer && self->config.offerer)
    {
      fail (self, SNUG_CALL_ERROR_BAD_MESSAGE, "The other machine offers as well: one of the two has to be the answerer");
      return;
    }
  if (offer && self->negotiation == NULL)
    negotiate (self, id);
  if (self->negotiation != NULL && g_str_equal (id, self->partner))
    snug_negotiation_receive (self->negotiation, said);
}

/* Only who is there and knows the room's name comes here: no rest of an older test. */
static void
on_present (SnugPathProbe *self, const char *id)
{
  if (self->state == SNUG_PATH_PROBE_WAITING && self->config.offerer)
    negotiate (self, id);
}

static void
enter (SnugPathProbe *self, SnugMessage *joined)
{
  const char *const *members = snug_message_get_members (joined);

  self->roster = snug_roster_new (self->key, snug_message_get_id (joined), MEMBER_NAME);
  g_signal_connect_swapped (self->roster, "outgoing", G_CALLBACK (on_sealed), self);
  g_signal_connect_swapped (self->roster, "present", G_CALLBACK (on_present), self);
  g_signal_connect_swapped (self->roster, "message", G_CALLBACK (on_opened), self);
  for (gsize i = 0; members[i] != NULL; i++)
    snug_roster_add (self->roster, members[i], TRUE);
}

static void
receive_joined (SnugPathProbe *self, SnugMessage *message)
{
  gsize n_servers;
  const SnugIceServer *servers = snug_message_get_ice_servers (message, &n_servers);

  for (gsize i = 0; i < n_servers; i++)
    for (gsize u = 0; servers[i].uris[u] != NULL; u++)
      {
        g_autoptr (GError) error = NULL;

        if (!self->config.with_turn && g_str_has_prefix (servers[i].uris[u], "turn"))
          continue;
        if (!snug_ice_config_add (self->ice, servers[i].uris[u], servers[i].username, servers[i].credential, &error))
          g_info ("An ICE server of the meeting point is left out: %s", error->message);
      }
  set_state (self, SNUG_PATH_PROBE_WAITING);
  enter (self, message);
}

static void
on_signaling_message (SnugPathProbe *self, SnugMessage *message)
{
  switch (snug_message_get_kind (message))
    {
    case SNUG_MESSAGE_JOINED:
      if (self->state == SNUG_PATH_PROBE_JOINING)
        receive_joined (self, message);
      break;
    case SNUG_MESSAGE_PEER_JOINED:
      if (self->roster != NULL)
        snug_roster_add (self->roster, snug_message_get_peer_id (message), FALSE);
      break;
    case SNUG_MESSAGE_SIGNAL:
      if (self->roster != NULL)
        snug_roster_receive (self->roster, snug_message_get_peer_id (message), snug_message_get_payload (message));
      break;
    case SNUG_MESSAGE_PEER_LEFT:
      if (self->roster != NULL)
        snug_roster_remove (self->roster, snug_message_get_peer_id (message));
      if (self->state == SNUG_PATH_PROBE_CONNECTING && g_str_equal (snug_message_get_peer_id (message), self->partner))
        fail (self, SNUG_CALL_ERROR_LOST, "The other machine left before there was a path");
      break;
    case SNUG_MESSAGE_ERROR:
      if (self->state <= SNUG_PATH_PROBE_CONNECTING)
        finish (self, g_error_new (SNUG_PROTOCOL_ERROR, snug_message_get_error_code (message), "The server refused: %s",
                                   snug_message_get_error_text (message)));
      break;
    case SNUG_MESSAGE_JOIN:
    case SNUG_MESSAGE_LEAVE:
    default:
      break;
    }
}

static void
send_join (SnugPathProbe *self)
{
  g_autoptr (SnugMessage) join = NULL;

  if (self->key == NULL || self->state != SNUG_PATH_PROBE_JOINING
      || snug_signaling_get_state (self->signaling) != SNUG_SIGNALING_OPEN)
    return;
  join = snug_message_new_join (snug_room_key_get_room_id (self->key));
  snug_signaling_send (self->signaling, join);
}

static void
on_key_derived (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugPathProbe) self = user_data;

  self->key = snug_room_key_derive_finish (result, NULL);
  if (self->signaling == NULL || self->key == NULL || self->state != SNUG_PATH_PROBE_JOINING)
    return;
  snug_signaling_set_room_id (self->signaling, snug_room_key_get_room_id (self->key));
  snug_signaling_open (self->signaling);
}

static void
on_signaling_state (SnugPathProbe *self)
{
  const GError *error = snug_signaling_get_error (self->signaling);

  if (snug_signaling_get_state (self->signaling) == SNUG_SIGNALING_OPEN)
    send_join (self);
  /* The path, once it is there, needs no server. */
  else if (snug_signaling_get_state (self->signaling) == SNUG_SIGNALING_CLOSED
           && self->state <= SNUG_PATH_PROBE_CONNECTING)
    {
      finish (self, error != NULL ? g_error_copy (error)
                                  : g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_LOST,
                                                         "The server closed the connection"));
    }
}

static gboolean
on_nobody (gpointer user_data)
{
  SnugPathProbe *self = user_data;

  self->wait_id = 0;
  fail (self, SNUG_CALL_ERROR_NO_ANSWER,
        self->state == SNUG_PATH_PROBE_CONNECTING ? "No connection came about in time"
                                                  : "The other machine did not come into the room in time");

  return G_SOURCE_REMOVE;
}

static void
snug_path_probe_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((SnugPathProbeProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, SNUG_PATH_PROBE (object)->state);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_path_probe_dispose (GObject *object)
{
  SnugPathProbe *self = SNUG_PATH_PROBE (object);

  g_clear_handle_id (&self->wait_id, g_source_remove);
  g_clear_handle_id (&self->send_id, g_source_remove);
  g_clear_handle_id (&self->silence_id, g_source_remove);
  if (self->signaling != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->signaling, self);
      snug_signaling_close (self->signaling);
    }
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  if (self->negotiation != NULL)
    g_signal_handlers_disconnect_by_data (self->negotiation, self);
  g_clear_object (&self->trace);
  g_clear_object (&self->connection);
  g_clear_object (&self->negotiation);
  g_clear_object (&self->signaling);
  g_clear_object (&self->path);
  g_clear_object (&self->sound);
  g_clear_object (&self->pictures);
  g_clear_object (&self->rate_control);
  for (guint i = 0; i < N_FEEDS; i++)
    g_clear_object (&self->feeds[i]);

  G_OBJECT_CLASS (snug_path_probe_parent_class)->dispose (object);
}

static void
snug_path_probe_finalize (GObject *object)
{
  SnugPathProbe *self = SNUG_PATH_PROBE (object);

  g_clear_pointer (&self->tap, snug_sample_tap_unref);
  snug_ice_config_free (self->ice);
  snug_probe_tally_free (self->tally);
  g_clear_error (&self->error);
  g_clear_pointer (&self->key, snug_room_key_unref);
  g_free (self->room);
  g_free (self->partner);

  G_OBJECT_CLASS (snug_path_probe_parent_class)->finalize (object);
}

static void
snug_path_probe_class_init (SnugPathProbeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_path_probe_get_property;
  object_class->dispose = snug_path_probe_dispose;
  object_class->finalize = snug_path_probe_finalize;

  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, SNUG_PATH_PROBE_IDLE, SNUG_PATH_PROBE_FAILED,
                                             SNUG_PATH_PROBE_IDLE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CANDIDATE] = g_signal_new ("candidate", SNUG_TYPE_PATH_PROBE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_STRING);
  signals[SIGNAL_PAIR] = g_signal_new ("pair", SNUG_TYPE_PATH_PROBE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_ECHO] = g_signal_new ("echo", SNUG_TYPE_PATH_PROBE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT64);
}

static void
snug_path_probe_init (SnugPathProbe *self)
{
  self->ice = snug_ice_config_new ();
}

SnugPathProbe *
snug_path_probe_new (SnugSignaling *signaling, const char *room, const SnugPathProbeConfig *config)
{
  SnugPathProbe *self = g_object_new (SNUG_TYPE_PATH_PROBE, NULL);

  g_return_val_if_fail (SNUG_IS_SIGNALING (signaling), NULL);
  g_return_val_if_fail (room != NULL && config != NULL, NULL);

  self->config = *config;
  self->signaling = g_object_ref (signaling);
  self->tally = snug_probe_tally_new (config->count);
  /* No call's room can be called so. */
  self->room = g_strconcat ("snug probe ", room, NULL);
  snug_ice_config_set_relay_only (self->ice, config->relay_only);
  g_signal_connect_swapped (signaling, "message", G_CALLBACK (on_signaling_message), self);
  g_signal_connect_swapped (signaling, "notify::state", G_CALLBACK (on_signaling_state), self);

  return self;
}

gboolean
snug_path_probe_add_ice_server (SnugPathProbe *self,
                                const char *uri,
                                const char *username,
                                const char *credential,
                                GError **error)
{
  g_return_val_if_fail (SNUG_IS_PATH_PROBE (self), FALSE);
  g_return_val_if_fail (self->state == SNUG_PATH_PROBE_IDLE, FALSE);

  return snug_ice_config_add (self->ice, uri, username, credential, error);
}

void
snug_path_probe_start (SnugPathProbe *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PATH_PROBE (self));
  g_return_if_fail (self->state == SNUG_PATH_PROBE_IDLE);

  set_state (self, SNUG_PATH_PROBE_JOINING);
  self->wait_id = g_timeout_add_seconds (self->config.wait_seconds, on_nobody, self);
  snug_room_key_derive_async (self->room, NULL, on_key_derived, g_object_ref (self));
}

void
snug_path_probe_stop (SnugPathProbe *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PATH_PROBE (self));

  finish (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The test was ended"));
}

SnugPathProbeState
snug_path_probe_get_state (SnugPathProbe *self)
{
  g_return_val_if_fail (SNUG_IS_PATH_PROBE (self), SNUG_PATH_PROBE_IDLE);

  return self->state;
}

const GError *
snug_path_probe_get_error (SnugPathProbe *self)
{
  g_return_val_if_fail (SNUG_IS_PATH_PROBE (self), NULL);

  return self->error;
}

SnugStatsSample *
snug_path_probe_get_path (SnugPathProbe *self)
{
  g_return_val_if_fail (SNUG_IS_PATH_PROBE (self), NULL);

  return self->path;
}

SnugIcePairs *
snug_path_probe_get_pairs (SnugPathProbe *self)
{
  g_return_val_if_fail (SNUG_IS_PATH_PROBE (self), NULL);

  return self->trace != NULL ? snug_ice_trace_get_pairs (self->trace) : NULL;
}

SnugProbeSummary
snug_path_probe_sum_up (SnugPathProbe *self)
{
  return snug_probe_tally_sum_up (self->tally);
}

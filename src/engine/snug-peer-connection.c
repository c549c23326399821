/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-peer-connection.h"

#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "snug-arrival-watch.h"
#include "snug-candidate-exchange.h"
#include "snug-data-channel.h"
#include "snug-engine.h"
#include "snug-pipeline.h"
#include "snug-playout-control.h"
#include "snug-relay.h"
#include "snug-rtp-sender.h"
#include "snug-send-path.h"
#include "snug-stats-collector.h"
#include "snug-webrtcbin.h"

/* From both descriptions to a verified certificate. */
#define CONNECT_TIMEOUT_SECONDS 20
/* A goodbye on the data channel needs a moment to get out. */
#define LINGER_MS 150
/* What a first offer uses. Every m-line has its own payload types, so that a stream is known by them alone. */
#define PAYLOAD_AUDIO 111
#define PAYLOAD_CAMERA 96
#define PAYLOAD_SCREEN 98
#define TWCC_ID 1

struct _SnugPeerConnection
{
  GObject parent_instance;

  SnugRelay *relay;
  GstElement *pipeline;  /* NULL once closed */
  GstElement *webrtcbin; /* in the pipeline */
  GObject *dtls;         /* GstWebRTCDTLSTransport */
  SnugDataChannel *channel;
  SnugRemoteMedia *remote_media;
  SnugRtpSender *senders[SNUG_N_MLINES];
  SnugSendPath *path;
  SnugStatsCollector *stats;
  SnugArrivalWatch *arrivals;
  SnugPlayoutControl *playout;

  SnugSessionDescription *remote; /* its sdp is given away */
  char *local_fingerprint;        /* once described */
  gboolean offerer;
  gboolean by_hand;
  gboolean has_relays; /* TURN servers, that is */
  SnugIceConfig *ice;  /* borrowed, until it is over */
  GTask *describe; /* while it runs */
  gboolean described;
  SnugCandidateExchange *candidates;

  SnugPeerConnectionState state;
  GError *error;
  guint timeout_id;
  gboolean down; /* the pipeline is */
};

G_DEFINE_FINAL_TYPE (SnugPeerConnection, snug_peer_connection, G_TYPE_OBJECT)

typedef enum
{
  PROP_STATE = 1,
  PROP_ERROR,
  N_PROPS
} SnugPeerConnectionProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_LOCAL_CANDIDATE,
  SIGNAL_GATHERED,
  SIGNAL_MESSAGE,
  SIGNAL_CHUNK,
  SIGNAL_CHANNEL_OPEN,
  SIGNAL_CHANNEL_CLOSED,
  SIGNAL_STAGE,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_state (SnugPeerConnection *self, SnugPeerConnectionState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static gboolean
is_over (SnugPeerConnection *self)
{
  return self->state == SNUG_PEER_CONNECTION_FAILED || self->state == SNUG_PEER_CONNECTION_CLOSED;
}

static void
on_pipeline_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugPeerConnection) self = user_data;

  snug_webrtcbin_close_finish (result, NULL);
  self->down = TRUE;
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/* Nothing is sent, heard, shown or emitted any more. */
static void
fall_silent (SnugPeerConnection *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_pointer (&self->relay, snug_relay_close);
  if (self->path != NULL)
    snug_send_path_stop (self->path);
  g_clear_object (&self->path);
  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    g_clear_pointer (&self->senders[mline], snug_rtp_sender_free);
  if (self->playout != NULL)
    snug_playout_control_stop (self->playout);
  g_clear_object (&self->playout);
  if (self->remote_media != NULL)
    snug_remote_media_close (self->remote_media);
  g_clear_pointer (&self->stats, snug_stats_collector_free);
  g_clear_pointer (&self->arrivals, snug_arrival_watch_free);
  g_clear_object (&self->dtls);
}

static void
take_down (SnugPeerConnection *self)
{
  fall_silent (self);
  if (self->channel != NULL)
    snug_data_channel_close (self->channel);
  g_clear_object (&self->channel);
  if (self->pipeline != NULL)
    snug_webrtcbin_close_async (self->webrtcbin, g_steal_pointer (&self->pipeline), self->has_relays,
                                on_pipeline_closed, g_object_ref (self));
  self->webrtcbin = NULL;

  if (self->describe != NULL)
    {
      g_autoptr (GTask) task = g_steal_pointer (&self->describe);

      if (self->error != NULL)
        g_task_return_error (task, g_error_copy (self->error));
      else
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The connection was closed");
    }
}

static gboolean
on_lingered (gpointer user_data)
{
  take_down (user_data);

  return G_SOURCE_REMOVE;
}

static void
fail (SnugPeerConnection *self, SnugCallError code, const char *text)
{
  g_autoptr (SnugPeerConnection) keep G_GNUC_UNUSED = g_object_ref (self);

  if (is_over (self))
    return;

  self->error = g_error_new_literal (SNUG_CALL_ERROR, code, text);
  take_down (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  set_state (self, SNUG_PEER_CONNECTION_FAILED);
}

static void
fail_without_route (SnugPeerConnection *self, const char *text)
{
  g_autofree char *relays = NULL;

  if (!is_over (self) && !snug_candidate_exchange_has_relayed (self->candidates))
    relays = snug_ice_config_blame_relays (self->ice, text);
  fail (self, SNUG_CALL_ERROR_NO_ROUTE, relays != NULL ? relays : text);
}

static gboolean
on_connect_timeout (gpointer user_data)
{
  SnugPeerConnection *self = user_data;

  self->timeout_id = 0;
  fail_without_route (self, "No pair of candidates worked in time");

  return G_SOURCE_REMOVE;
}

static void
reach (SnugPeerConnection *self, SnugConnectionStage stage)
{
  if (!is_over (self))
    g_signal_emit (self, signals[SIGNAL_STAGE], 0, (guint) stage);
}

static void
on_first_arrival (gpointer owner, gpointer data)
{
  reach (owner, SNUG_CONNECTION_HEARD);
}

static void
start_connecting (SnugPeerConnection *self)
{
  if (self->state != SNUG_PEER_CONNECTION_NEW)
    return;
  /* An answer that is carried by hand arrives when it arrives. */
  if (self->offerer || !self->by_hand)
    self->timeout_id = g_timeout_add_seconds (CONNECT_TIMEOUT_SECONDS, on_connect_timeout, self);
  set_state (self, SNUG_PEER_CONNECTION_CONNECTING);
  reach (self, SNUG_CONNECTION_DESCRIBED);
}

static void
verify (SnugPeerConnection *self)
{
  g_autofree char *pem = NULL;

  reach (self, SNUG_CONNECTION_ENCRYPTED);
  g_object_get (self->dtls, "remote-certificate", &pem, NULL);
  if (self->remote == NULL
      || !snug_fingerprint_matches_certificate (&self->remote->fingerprint, pem))
    {
      fail (self, SNUG_CALL_ERROR_CERTIFICATE_MISMATCH,
            "The peer's certificate is not the one its description named");
      return;
    }

  reach (self, SNUG_CONNECTION_VERIFIED);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  snug_remote_media_open (self->remote_media);
  snug_send_path_start (self->path, self->remote->mlines[SNUG_MLINE_AUDIO].twcc_id != 0
                                        || self->remote->mlines[SNUG_MLINE_CAMERA].twcc_id != 0);
  snug_webrtcbin_start_reports (self->webrtcbin);
  set_state (self, SNUG_PEER_CONNECTION_VERIFIED);
  if (self->channel != NULL)
    snug_data_channel_enable (self->channel);
}

/* Snug says goodbye before. Other programs have no other way to say it than this. */
static void
on_closed_by_peer (SnugPeerConnection *self)
{
  g_autoptr (SnugPeerMessage) bye = NULL;

  if (!self->by_hand)
    {
      fail (self, SNUG_CALL_ERROR_LOST, "The peer closed the connection");
      return;
    }
  bye = snug_peer_message_new_bye (1, SNUG_BYE_LEFT);
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, bye);
}

static void
on_dtls_state (gpointer owner, gpointer data)
{
  SnugPeerConnection *self = owner;
  GstWebRTCDTLSTransportState state = GPOINTER_TO_INT (data);

  if (is_over (self))
    return;

  if (state == GST_WEBRTC_DTLS_TRANSPORT_STATE_CONNECTED
      && self->state != SNUG_PEER_CONNECTION_VERIFIED)
    verify (self);
  else if (state == GST_WEBRTC_DTLS_TRANSPORT_STATE_FAILED)
    fail (self, SNUG_CALL_ERROR_FAILED, "The DTLS handshake failed");
  else if (state == GST_WEBRTC_DTLS_TRANSPORT_STATE_CLOSED
           && self->state == SNUG_PEER_CONNECTION_VERIFIED)
    on_closed_by_peer (self);
}

static void
on_ice_state (gpointer owner, gpointer data)
{
  SnugPeerConnection *self = owner;
  GstWebRTCICEConnectionState state = GPOINTER_TO_INT (data);

  if (state != GST_WEBRTC_ICE_CONNECTION_STATE_FAILED)
    return;
  if (self->state == SNUG_PEER_CONNECTION_VERIFIED)
    fail (self, SNUG_CALL_ERROR_LOST, "The path to the peer is gone");
  else
    fail_without_route (self, "No pair of candidates worked");
}

static void
send_local_candidate (const char *candidate, gpointer user_data)
{
  SnugPeerConnection *self = user_data;
  g_autofree char *mid = snug_webrtcbin_dup_mid (self->webrtcbin);

  g_signal_emit (self, signals[SIGNAL_LOCAL_CANDIDATE], 0, 0, mid, candidate);
}

static void
emit_gathered (gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_GATHERED], 0);
}

/* There is one transport, that of m-line 0, whichever m-line a candidate was named for. */
static void
add_remote_candidate (const char *candidate, gpointer user_data)
{
  SnugPeerConnection *self = user_data;

  g_signal_emit_by_name (self->webrtcbin, "add-ice-candidate", 0, candidate);
}

static void
on_local_candidate (gpointer owner, gpointer data)
{
  SnugPeerConnection *self = owner;

  if (!is_over (self))
    snug_candidate_exchange_add_local (self->candidates, data);
}

static void
on_gathered (gpointer owner, gpointer data)
{
  SnugPeerConnection *self = owner;

  /* With relays only: none is there, or none knows the user name and password. */
  if (!is_over (self) && !snug_candidate_exchange_set_gathered (self->candidates))
    fail_without_route (self, "There is no address to be reached at");
}

static void
on_channel_message (SnugPeerConnection *self, SnugPeerMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

static void
on_channel_chunk (SnugPeerConnection *self, GBytes *chunk)
{
  g_signal_emit (self, signals[SIGNAL_CHUNK], 0, chunk);
}

static void
on_channel_open_changed (SnugPeerConnection *self)
{
  gboolean open = snug_data_channel_get_open (self->channel);

  g_signal_emit (self, signals[open ? SIGNAL_CHANNEL_OPEN : SIGNAL_CHANNEL_CLOSED], 0);
}

static void
on_pipeline_message (gpointer owner, GstMessage *message)
{
  SnugPeerConnection *self = owner;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *debug = NULL;

      gst_message_parse_error (message, &error, &debug);
      g_info ("The pipeline of a peer failed: %s (%s)", error->message, debug);
      fail (self, SNUG_CALL_ERROR_FAILED, error->message);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT && self->remote_media != NULL)
    {
      snug_remote_media_handle_message (self->remote_media, message);
    }
}

/* The callbacks below run on webrtcbin's, libnice's and DTLS's threads. */
static void
on_ice_candidate_cb (GstElement *webrtcbin, guint mline, const char *candidate, SnugRelay *relay)
{
  /* An empty one is the end of them, since 1.24. on_gathering_state_cb() tells that on every version. */
  if (*candidate != '\0')
    snug_relay_post (relay, on_local_candidate, g_strdup (candidate), g_free);
}

static void
on_gathering_state_cb (GstElement *webrtcbin, GParamSpec *pspec, SnugRelay *relay)
{
  GstWebRTCICEGatheringState state;

  g_object_get (webrtcbin, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    snug_relay_post (relay, on_gathered, NULL, NULL);
}

static void
on_ice_state_cb (GstElement *webrtcbin, GParamSpec *pspec, SnugRelay *relay)
{
  GstWebRTCICEConnectionState state;

  g_object_get (webrtcbin, "ice-connection-state", &state, NULL);
  snug_relay_post (relay, on_ice_state, GINT_TO_POINTER (state), NULL);
}

static void
on_dtls_state_cb (GObject *transport, GParamSpec *pspec, SnugRelay *relay)
{
  GstWebRTCDTLSTransportState state;

  g_object_get (transport, "state", &state, NULL);
  snug_relay_post (relay, on_dtls_state, GINT_TO_POINTER (state), NULL);
}

static void
on_local_description (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugPeerConnection) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sdp = snug_webrtcbin_describe_finish (result, &error);
  g_autoptr (GTask) task = NULL;

  if (is_over (self))
    return;
  if (sdp == NULL)
    {
      fail (self, error->code, error->message);
      return;
    }

  self->dtls = snug_webrtcbin_dup_dtls_transport (self->webrtcbin);
  if (self->dtls == NULL)
    {
      fail (self, SNUG_CALL_ERROR_FAILED, "webrtcbin has no DTLS transport");
      return;
    }
  snug_relay_connect (self->relay, self->dtls, "notify::state", G_CALLBACK (on_dtls_state_cb));
  g_free (self->local_fingerprint);
  self->local_fingerprint = snug_fingerprint_dup_text (sdp);

  /* The RTP session exists now. Before its first report is due it can still be told how often to report. */
  snug_webrtcbin_start_feedback (self->webrtcbin);
  snug_stats_collector_start (self->stats);

  task = g_steal_pointer (&self->describe);
  g_task_return_pointer (task, g_steal_pointer (&sdp), g_free);
  if (!self->offerer)
    start_connecting (self);
}

static void
on_remote_description (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugPeerConnection) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean set = snug_webrtcbin_set_remote_finish (result, &error);

  if (is_over (self))
    return;
  if (!set)
    {
      fail (self, error->code, error->message);
      return;
    }

  snug_candidate_exchange_open_remote (self->candidates);
  if (self->offerer)
    start_connecting (self);
  else
    snug_webrtcbin_describe_async (self->webrtcbin, SNUG_SDP_ANSWER, on_local_description,
                                   g_object_ref (self));
}

static void
set_remote_description (SnugPeerConnection *self)
{
  snug_webrtcbin_set_remote_async (self->webrtcbin, self->offerer ? SNUG_SDP_ANSWER : SNUG_SDP_OFFER,
                                   g_steal_pointer (&self->remote->sdp), on_remote_description,
                                   g_object_ref (self));
}

static void
snug_peer_connection_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugPeerConnection *self = SNUG_PEER_CONNECTION (object);

  switch ((SnugPeerConnectionProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_peer_connection_dispose (GObject *object)
{
  SnugPeerConnection *self = SNUG_PEER_CONNECTION (object);

  take_down (self);
  g_clear_object (&self->remote_media);

  G_OBJECT_CLASS (snug_peer_connection_parent_class)->dispose (object);
}

static void
snug_peer_connection_finalize (GObject *object)
{
  SnugPeerConnection *self = SNUG_PEER_CONNECTION (object);

  g_clear_pointer (&self->remote, snug_session_description_free);
  g_free (self->local_fingerprint);
  snug_candidate_exchange_free (self->candidates);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_peer_connection_parent_class)->finalize (object);
}

static void
snug_peer_connection_class_init (SnugPeerConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_peer_connection_get_property;
  object_class->dispose = snug_peer_connection_dispose;
  object_class->finalize = snug_peer_connection_finalize;

  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, SNUG_PEER_CONNECTION_NEW, SNUG_PEER_CONNECTION_CLOSED,
                                             SNUG_PEER_CONNECTION_NEW, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_LOCAL_CANDIDATE] = g_signal_new ("local-candidate", SNUG_TYPE_PEER_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                  G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_GATHERED] = g_signal_new ("gathered", SNUG_TYPE_PEER_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", SNUG_TYPE_PEER_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, SNUG_TYPE_PEER_MESSAGE);
  signals[SIGNAL_CHUNK] = g_signal_new ("chunk", SNUG_TYPE_PEER_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_CHANNEL_OPEN] = g_signal_new ("channel-open", SNUG_TYPE_PEER_CONNECTION,
                                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANNEL_CLOSED] = g_signal_new ("channel-closed", SNUG_TYPE_PEER_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 0);
  signals[SIGNAL_STAGE] = g_signal_new ("stage", SNUG_TYPE_PEER_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", SNUG_TYPE_PEER_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
snug_peer_connection_init (SnugPeerConnection *self)
{
  static const SnugCandidateExchangeFuncs funcs = { send_local_candidate, emit_gathered, add_remote_candidate };

  self->relay = snug_relay_new (self);
  self->candidates = snug_candidate_exchange_new (&funcs, self);
}

/* The order is what webrtcbin needs: signals, READY, sink pads, data channel, PLAYING. */
static gboolean
build (SnugPeerConnection *self,
       const SnugPeerConnectionConfig *config,
       const SnugMlineInfo mlines[SNUG_N_MLINES],
       GError **error)
{
  self->pipeline = snug_pipeline_new (NULL, on_pipeline_message, self);
  self->webrtcbin = snug_webrtcbin_add (self->pipeline, mlines[SNUG_MLINE_AUDIO].payload);
  self->path = snug_send_path_new (self->webrtcbin, mlines, config->rate_control, config->peer);
  snug_ice_config_apply (config->ice, self->webrtcbin, config->relay_only);
  self->has_relays = snug_ice_config_has_turn (config->ice);
  self->ice = config->ice;
  self->by_hand = snug_ice_config_get_by_hand (config->ice);

  snug_relay_connect (self->relay, self->webrtcbin, "on-ice-candidate", G_CALLBACK (on_ice_candidate_cb));
  snug_relay_connect (self->relay, self->webrtcbin, "notify::ice-gathering-state", G_CALLBACK (on_gathering_state_cb));
  snug_relay_connect (self->relay, self->webrtcbin, "notify::ice-connection-state", G_CALLBACK (on_ice_state_cb));
  self->stats = snug_stats_collector_new (self->webrtcbin);
  self->arrivals = snug_arrival_watch_new (self->webrtcbin, self->relay, on_first_arrival);
  self->remote_media
      = snug_remote_media_new (self->pipeline, self->webrtcbin, mlines, &config->sinks);
  self->playout = snug_playout_control_new (self->webrtcbin, mlines, self->remote_media, self->stats);

  if (gst_element_set_state (self->pipeline, GST_STATE_READY) == GST_STATE_CHANGE_FAILURE)
    {
      g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED, "webrtcbin can't be started");
      return FALSE;
    }

  for (guint index = 0; index < SNUG_N_MLINES; index++)
    for (SnugMline mline = 0; mline < SNUG_MLINE_DATA; mline++)
      {
        SnugEncodedFeed *feed = mline == SNUG_MLINE_AUDIO    ? config->audio_feed
                                : mline == SNUG_MLINE_CAMERA ? config->video_feed
                                                             : config->screen_feed;

        /* webrtcbin pairs transceivers with m-lines in the order in which they were made. */
        if (!mlines[mline].present || mlines[mline].index != index)
          continue;
        self->senders[mline] = snug_rtp_sender_new (self->pipeline, self->webrtcbin, mline,
                                                    &mlines[mline], feed, error);
        if (self->senders[mline] == NULL)
          return FALSE;
        snug_send_path_add_sender (self->path, mline, self->senders[mline]);
        if (mline == SNUG_MLINE_AUDIO)
          snug_stats_collector_set_audio_ssrc (self->stats,
                                               snug_rtp_sender_get_ssrc (self->senders[mline]));
      }

  if (mlines[SNUG_MLINE_DATA].present)
    {
      self->channel
          = snug_data_channel_new (self->webrtcbin, !self->by_hand  ? SNUG_DATA_CHANNEL_NEGOTIATED
                                                    : self->offerer ? SNUG_DATA_CHANNEL_OPEN
                                                                    : SNUG_DATA_CHANNEL_AWAIT);
      if (self->channel == NULL)
        {
          g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED, "No data channel could be made");
          return FALSE;
        }
      g_signal_connect_object (self->channel, "message", G_CALLBACK (on_channel_message), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->channel, "chunk", G_CALLBACK (on_channel_chunk), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->channel, "notify::open", G_CALLBACK (on_channel_open_changed),
                               self, G_CONNECT_SWAPPED);
    }

  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE)
    return TRUE;
  g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED, "webrtcbin can't be started");

  return FALSE;
}

SnugPeerConnection *
snug_peer_connection_new_offerer (const SnugPeerConnectionConfig *config, GError **error)
{
  static const SnugMlineInfo mlines[SNUG_N_MLINES] = {
    [SNUG_MLINE_AUDIO] = { TRUE, 0, PAYLOAD_AUDIO, -1, TWCC_ID },
    [SNUG_MLINE_CAMERA] = { TRUE, 1, PAYLOAD_CAMERA, -1, TWCC_ID },
    [SNUG_MLINE_SCREEN] = { TRUE, 2, PAYLOAD_SCREEN, -1, TWCC_ID },
    [SNUG_MLINE_DATA] = { TRUE, 3, -1, -1, 0 },
  };
  g_autoptr (SnugPeerConnection) self = g_object_new (SNUG_TYPE_PEER_CONNECTION, NULL);

  g_return_val_if_fail (config != NULL, NULL);

  self->offerer = TRUE;

  return build (self, config, mlines, error) ? g_steal_pointer (&self) : NULL;
}

SnugPeerConnection *
snug_peer_connection_new_answerer (const SnugPeerConnectionConfig *config,
                                   const char *offer,
                                   GError **error)
{
  g_autoptr (SnugPeerConnection) self = g_object_new (SNUG_TYPE_PEER_CONNECTION, NULL);

  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (offer != NULL, NULL);

  self->remote = snug_session_description_parse (offer, SNUG_SDP_OFFER, error);
  if (self->remote == NULL)
    return NULL;

  return build (self, config, self->remote->mlines, error) ? g_steal_pointer (&self) : NULL;
}

void
snug_peer_connection_describe_async (SnugPeerConnection *self,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER_CONNECTION (self));
  g_return_if_fail (self->describe == NULL && !self->described);

  self->describe = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->describe, snug_peer_connection_describe_async);
  if (is_over (self))
    take_down (self);
  else if (self->offerer)
    snug_webrtcbin_describe_async (self->webrtcbin, SNUG_SDP_OFFER, on_local_description,
                                   g_object_ref (self));
  else
    set_remote_description (self);
}

static gboolean
on_described (gpointer user_data)
{
  SnugPeerConnection *self = user_data;

  if (is_over (self))
    return G_SOURCE_REMOVE;
  self->described = TRUE;
  snug_candidate_exchange_open_local (self->candidates);

  return G_SOURCE_REMOVE;
}

char *
snug_peer_connection_describe_finish (SnugPeerConnection *self, GAsyncResult *result, GError **error)
{
  char *sdp;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  sdp = g_task_propagate_pointer (G_TASK (result), error);
  /* The caller sends the description first, then hears of the candidates. */
  if (sdp != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_described, g_object_ref (self), g_object_unref);

  return sdp;
}

gboolean
snug_peer_connection_accept_answer (SnugPeerConnection *self, const char *answer, GError **error)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), FALSE);
  g_return_val_if_fail (answer != NULL, FALSE);

  /* There is a transport once the offer is set; the peer may answer before we are done with sending it. */
  if (!self->offerer || self->dtls == NULL || self->remote != NULL || is_over (self))
    {
      g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_BAD_DESCRIPTION, "An answer to nothing");
      return FALSE;
    }

  self->remote = snug_session_description_parse (answer, SNUG_SDP_ANSWER, error);
  if (self->remote == NULL)
    return FALSE;
  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    if (!self->remote->mlines[mline].present || self->remote->mlines[mline].index != (guint) mline)
      {
        g_clear_pointer (&self->remote, snug_session_description_free);
        g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_BAD_DESCRIPTION,
                     "The answer's m-lines are not those of the offer");
        return FALSE;
      }
  set_remote_description (self);

  return TRUE;
}

gboolean
snug_peer_connection_add_candidate (SnugPeerConnection *self, guint mline, const char *candidate)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), FALSE);
  g_return_val_if_fail (candidate != NULL, FALSE);

  return !is_over (self) && mline < SNUG_N_MLINES
         && snug_candidate_exchange_add_remote (self->candidates, candidate);
}

gboolean
snug_peer_connection_send (SnugPeerConnection *self, SnugPeerMessage *message)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), FALSE);

  return self->channel != NULL && snug_data_channel_send (self->channel, message);
}

gboolean
snug_peer_connection_send_chunk (SnugPeerConnection *self, GBytes *chunk)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), FALSE);

  return self->channel != NULL && snug_data_channel_send_chunk (self->channel, chunk);
}

gboolean
snug_peer_connection_get_load (SnugPeerConnection *self, SnugPathLoad *load)
{
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), FALSE);
  return self->path != NULL && snug_send_path_get_load (self->path, load);
}

gboolean
snug_peer_connection_get_channel_open (SnugPeerConnection *self)
{
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), FALSE);
  return self->channel != NULL && snug_data_channel_get_open (self->channel);
}

gint64
snug_peer_connection_get_last_arrival (SnugPeerConnection *self)
{
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), 0);

  return self->arrivals != NULL ? snug_arrival_watch_get_last (self->arrivals) : 0;
}

SnugPeerConnectionState
snug_peer_connection_get_state (SnugPeerConnection *self)
{
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), SNUG_PEER_CONNECTION_CLOSED);

  return self->state;
}

const GError *
snug_peer_connection_get_error (SnugPeerConnection *self)
{
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), NULL);

  return self->error;
}

SnugRemoteMedia *
snug_peer_connection_get_remote_media (SnugPeerConnection *self)
{
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), NULL);

  return self->remote_media;
}

gboolean
snug_peer_connection_get_remote_sends (SnugPeerConnection *self, SnugMline mline)
{
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), FALSE);
  g_return_val_if_fail (mline < SNUG_N_MLINES, FALSE);
  return self->remote != NULL && self->remote->mlines[mline].present && self->remote->mlines[mline].sends;
}

void
snug_peer_connection_dup_fingerprints (SnugPeerConnection *self, char **local, char **remote)
{
  g_return_if_fail (SNUG_IS_PEER_CONNECTION (self));

  *local = g_strdup (self->local_fingerprint);
  *remote = self->state == SNUG_PEER_CONNECTION_VERIFIED ? snug_fingerprint_to_string (&self->remote->fingerprint) : NULL;
}

void
snug_peer_connection_collect_stats (SnugPeerConnection *self, SnugStatsValues *values)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER_CONNECTION (self));

  if (self->stats != NULL)
    snug_stats_collector_collect (self->stats, values);
  if (self->path != NULL)
    snug_send_path_read_stats (self->path, values);
  if (self->playout != NULL)
    snug_playout_control_read_stats (self->playout, values);
  snug_peer_connection_dup_fingerprints (self, &values->local_fingerprint, &values->remote_fingerprint);
}

void
snug_peer_connection_close (SnugPeerConnection *self)
{
  g_autoptr (SnugPeerConnection) keep G_GNUC_UNUSED = NULL;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PEER_CONNECTION (self));

  if (is_over (self))
    return;
  keep = g_object_ref (self);
  if (snug_peer_connection_get_channel_open (self))
    {
      g_signal_handlers_disconnect_by_data (self->channel, self);
      fall_silent (self);
      g_timeout_add_full (G_PRIORITY_DEFAULT, LINGER_MS, on_lingered, g_object_ref (self),
                          g_object_unref);
    }
  else
    {
      take_down (self);
    }
  set_state (self, SNUG_PEER_CONNECTION_CLOSED);
}

gboolean
snug_peer_connection_is_down (SnugPeerConnection *self)
{
  g_return_val_if_fail (SNUG_IS_PEER_CONNECTION (self), TRUE);

  return self->down;
}

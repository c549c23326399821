/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection to one peer: webrtcbin in a pipeline of its own, used once and thrown away. Descriptions and
 * candidates in and out, ICE, DTLS, and the check that webrtcbin does not make: nothing is sent or let in before the
 * certificate is the one that the remote description named. Main context.
 *
 * Properties, with notify: "state" (SnugPeerConnectionState); "error" (GError, nullable: why FAILED).
 * Signals: "local-candidate" (guint mline, char *mid, char *candidate): trickled (RFC 8838); "gathered": no more will come;
 * "message" (SnugPeerMessage), "chunk" (GBytes): on the data channel; "channel-open" and "channel-closed";
 * "stage" (SnugConnectionStage, as guint): it has come that far;
 * "closed": FAILED or CLOSED before, and now the pipeline is down too.
 */
#pragma once

#include <gio/gio.h>

#include "snug-connection-stage.h"
#include "snug-encoded-feed.h"
#include "snug-file-pace.h"
#include "snug-ice-config.h"
#include "snug-peer-message.h"
#include "snug-rate-control.h"
#include "snug-remote-media.h"
#include "snug-stats-sample.h"

G_BEGIN_DECLS

/**
 * SnugPeerConnectionState:
 * @SNUG_PEER_CONNECTION_NEW: descriptions are being made
 * @SNUG_PEER_CONNECTION_CONNECTING: both are known; ICE and DTLS are at work
 * @SNUG_PEER_CONNECTION_VERIFIED: the certificate is the right one; media and messages flow
 * @SNUG_PEER_CONNECTION_FAILED: final; #SnugPeerConnection:error says why
 * @SNUG_PEER_CONNECTION_CLOSED: final; closed from here
 */
typedef enum
{
  SNUG_PEER_CONNECTION_NEW,
  SNUG_PEER_CONNECTION_CONNECTING,
  SNUG_PEER_CONNECTION_VERIFIED,
  SNUG_PEER_CONNECTION_FAILED,
  SNUG_PEER_CONNECTION_CLOSED
} SnugPeerConnectionState;

#define SNUG_TYPE_PEER_CONNECTION (snug_peer_connection_get_type ())
G_DECLARE_FINAL_TYPE (SnugPeerConnection, snug_peer_connection, SNUG, PEER_CONNECTION, GObject)

/* Everything is borrowed; references are taken as needed. */
typedef struct
{
  SnugIceConfig *ice;
  SnugEncodedFeed *audio_feed;
  SnugEncodedFeed *video_feed;
  SnugEncodedFeed *screen_feed;
  SnugRemoteMediaSinks sinks;
  gboolean relay_only; /* whatever ice says, if it has a relay */
  SnugRateControl *rate_control;
  const char *peer; /* names who is at the other end; nullable */
} SnugPeerConnectionConfig;

/* The side that offers. Returns: (transfer full): or NULL with a SNUG_CALL_ERROR. */
SnugPeerConnection *snug_peer_connection_new_offerer (const SnugPeerConnectionConfig *config, GError **error);
/* The side that answers this offer. Returns: (transfer full): or NULL with SNUG_CALL_ERROR_BAD_DESCRIPTION
 * or another SNUG_CALL_ERROR. */
SnugPeerConnection *snug_peer_connection_new_answerer (const SnugPeerConnectionConfig *config,
                                                       const char *offer,
                                                       GError **error);

/* Makes the local description: the offer, or the answer to the offer it was made for. Once. */
void snug_peer_connection_describe_async (SnugPeerConnection *self,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
/* Returns: (transfer full): the SDP to send; NULL with a SNUG_CALL_ERROR or G_IO_ERROR_CANCELLED when the connection was
 * closed meanwhile. */
char *snug_peer_connection_describe_finish (SnugPeerConnection *self, GAsyncResult *result, GError **error);

/* The offerer's peer answered. FALSE with SNUG_CALL_ERROR_BAD_DESCRIPTION. */
gboolean snug_peer_connection_accept_answer (SnugPeerConnection *self, const char *answer, GError **error);

/* A candidate from the peer; queued until the remote description is set. Malformed ones, .local ones and those over
 * SNUG_CANDIDATES_MAX are dropped with a debug line; TRUE when it was taken. */
gboolean snug_peer_connection_add_candidate (SnugPeerConnection *self, guint mline, const char *candidate);

/* FALSE when the data channel is not open. */
gboolean snug_peer_connection_send (SnugPeerConnection *self, SnugPeerMessage *message);
gboolean snug_peer_connection_send_chunk (SnugPeerConnection *self, GBytes *chunk);
/* See snug_send_path_get_load(). */
gboolean snug_peer_connection_get_load (SnugPeerConnection *self, SnugPathLoad *load);
gboolean snug_peer_connection_get_channel_open (SnugPeerConnection *self);

/* When RTP or RTCP of the peer last came, in microseconds of g_get_monotonic_time(); 0: never. */
gint64 snug_peer_connection_get_last_arrival (SnugPeerConnection *self);
SnugPeerConnectionState snug_peer_connection_get_state (SnugPeerConnection *self);
const GError *snug_peer_connection_get_error (SnugPeerConnection *self);
/* Returns: (transfer none). */
SnugRemoteMedia *snug_peer_connection_get_remote_media (SnugPeerConnection *self);
/* Whether the peer's description says that it sends something there. */
gboolean snug_peer_connection_get_remote_sends (SnugPeerConnection *self, SnugMline mline);
/* local: as in our description; remote: as in the other one, once the certificate is verified. Both (transfer full) (nullable). */
void snug_peer_connection_dup_fingerprints (SnugPeerConnection *self, char **local, char **remote);
/* Fills in what this connection knows; see snug-stats-collector.h. values: zeroed or the caller's. */
void snug_peer_connection_collect_stats (SnugPeerConnection *self, SnugStatsValues *values);

/* Stops sending, showing and emitting at once; the pipeline goes down in the background, in bounded time. Any number
 * of times. */
void snug_peer_connection_close (SnugPeerConnection *self);
/* Whether "closed" has been emitted. */
gboolean snug_peer_connection_is_down (SnugPeerConnection *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A test of the path between two machines: both join the same room of a server, one offers, and once the connection is verified
 * each sends numbered messages on the data channel, which the other echoes. No picture, no sound. The room is apart from the rooms of
 * calls: its name never meets theirs. Main context.
 *
 * Property, with notify: "state" (SnugPathProbeState).
 * Signals: "candidate" (gboolean local, char *candidate); "pair" (const SnugIcePair *): one is new or has changed; "echo"
 * (guint number, gint64 round trip in microseconds).
 */
#pragma once

#include "snug-ice-pair.h"
#include "snug-probe-message.h"
#include "snug-probe-tally.h"
#include "snug-signaling.h"
#include "snug-stats-sample.h"

G_BEGIN_DECLS

typedef enum
{
  SNUG_PATH_PROBE_IDLE,
  SNUG_PATH_PROBE_JOINING,    /* reaching the server */
  SNUG_PATH_PROBE_WAITING,    /* in the room; for the other machine */
  SNUG_PATH_PROBE_CONNECTING, /* descriptions and candidates are exchanged, pairs tried */
  SNUG_PATH_PROBE_VERIFIED,   /* the certificate is the right one */
  SNUG_PATH_PROBE_EXCHANGING, /* the data channel is open */
  SNUG_PATH_PROBE_CLOSING,
  SNUG_PATH_PROBE_DONE,       /* final */
  SNUG_PATH_PROBE_FAILED      /* final; see snug_path_probe_get_error() */
} SnugPathProbeState;

typedef struct
{
  gboolean offerer;
  gboolean with_turn;   /* use the server's TURN servers */
  gboolean relay_only;
  guint count;          /* messages to send, 0 to SNUG_PROBE_COUNT_MAX */
  gsize size;           /* of one, SNUG_PROBE_MESSAGE_MIN_BYTES to _MAX_BYTES */
  guint interval_ms;    /* between two; 0: as fast as they come back */
  guint wait_seconds;   /* for the other machine */
} SnugPathProbeConfig;

#define SNUG_TYPE_PATH_PROBE (snug_path_probe_get_type ())
G_DECLARE_FINAL_TYPE (SnugPathProbe, snug_path_probe, SNUG, PATH_PROBE, GObject)

/* signaling: not yet open. room: normalised. Returns: (transfer full). */
SnugPathProbe *snug_path_probe_new (SnugSignaling *signaling, const char *room, const SnugPathProbeConfig *config);
/* Before the start, as snug_call_add_ice_server(). */
gboolean snug_path_probe_add_ice_server (SnugPathProbe *self,
                                         const char *uri,
                                         const char *username,
                                         const char *credential,
                                         GError **error);
void snug_path_probe_start (SnugPathProbe *self);
/* Ends it in any state, in bounded time: FAILED with G_IO_ERROR_CANCELLED, unless it was at its end. */
void snug_path_probe_stop (SnugPathProbe *self);

SnugPathProbeState snug_path_probe_get_state (SnugPathProbe *self);
/* Returns: (transfer none) (nullable): SNUG_SIGNALING_ERROR, SNUG_PROTOCOL_ERROR, SNUG_CALL_ERROR or G_IO_ERROR_CANCELLED. */
const GError *snug_path_probe_get_error (SnugPathProbe *self);
/* From VERIFIED on: the selected path. Returns: (transfer none) (nullable). */
SnugStatsSample *snug_path_probe_get_path (SnugPathProbe *self);
/* Returns: (transfer none) (nullable): the pairs, once there is a connection. */
SnugIcePairs *snug_path_probe_get_pairs (SnugPathProbe *self);
SnugProbeSummary snug_path_probe_sum_up (SnugPathProbe *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the numbers of one connection. webrtcbin 1.22's own get-stats copies one stream's numbers onto others and
 * knows no round trip, so they are taken where they are made: the RTP session, the jitter buffers, libnice. Main
 * context.
 */
#pragma once

#include <gst/gst.h>

#include "snug-stats-sample.h"

G_BEGIN_DECLS

typedef struct _SnugStatsCollector SnugStatsCollector;

/* Early: before webrtcbin gets pads. Returns: (transfer full). */
SnugStatsCollector *snug_stats_collector_new (GstElement *webrtcbin);
void snug_stats_collector_free (SnugStatsCollector *self);
/* What we send as audio; everything else that we send is video. */
void snug_stats_collector_set_audio_ssrc (SnugStatsCollector *self, guint32 ssrc);

/* The connection is up: there is an RTP session to listen to. */
void snug_stats_collector_start (SnugStatsCollector *self);

/* Fills in rates (since the call before), losses, round trip, jitter, path and encryption; what is not known is left as it
 * was. Strings are allocated. */
void snug_stats_collector_collect (SnugStatsCollector *self, SnugStatsValues *values);
/* Seconds, as the peer's reports last had it; NAN: never. */
double snug_stats_collector_get_round_trip (SnugStatsCollector *self);

G_END_DECLS

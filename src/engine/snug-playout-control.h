/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sets the jitter buffers of one connection, and the mixer that its sound goes to, to what snug-playout-plan.h finds from the packets
 * that come. Main context.
 */
#pragma once

#include "snug-remote-media.h"
#include "snug-stats-collector.h"

G_BEGIN_DECLS

#define SNUG_TYPE_PLAYOUT_CONTROL (snug_playout_control_get_type ())
G_DECLARE_FINAL_TYPE (SnugPlayoutControl, snug_playout_control, SNUG, PLAYOUT_CONTROL, GObject)

/* webrtcbin: has received nothing yet. stats: borrowed until snug_playout_control_stop(). Returns: (transfer full). */
SnugPlayoutControl *snug_playout_control_new (GstElement *webrtcbin,
                                              const SnugMlineInfo mlines[SNUG_N_MLINES],
                                              SnugRemoteMedia *remote_media,
                                              SnugStatsCollector *stats);
void snug_playout_control_read_stats (SnugPlayoutControl *self, SnugStatsValues *values);
/* Nothing is measured or set any more. */
void snug_playout_control_stop (SnugPlayoutControl *self);

G_END_DECLS

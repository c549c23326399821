/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When something last came over a webrtcbin: RTP or RTCP that SRTP let pass, so nobody but the peer can make it seem alive.
 * Main context; what it counts comes on streaming threads.
 */
#pragma once

#include <gst/gst.h>

#include "snug-relay.h"

G_BEGIN_DECLS

typedef struct _SnugArrivalWatch SnugArrivalWatch;

/* webrtcbin: has no transports yet. first: posted through relay, with no data, when the first one comes. */
SnugArrivalWatch *snug_arrival_watch_new (GstElement *webrtcbin, SnugRelay *relay, SnugRelayFunc first);
void snug_arrival_watch_free (SnugArrivalWatch *self);

/* In microseconds of g_get_monotonic_time(); 0: nothing yet. */
gint64 snug_arrival_watch_get_last (SnugArrivalWatch *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The GStreamer element through which everything leaves for one peer (webrtcbin's "request-aux-sender": behind the
 * retransmissions, before the RTP session). It holds packets back to the rate that the path takes, and finds that rate
 * out from the peer's transport-wide feedback, which it consumes.
 *
 * An element, so it is used on streaming threads, under a lock of its own; the functions below are for any thread.
 */
#pragma once

#include <gst/gst.h>

#include "snug-bandwidth-estimator.h"
#include "snug-relay.h"

G_BEGIN_DECLS

#define SNUG_TYPE_PACER (snug_pacer_get_type ())
G_DECLARE_FINAL_TYPE (SnugPacer, snug_pacer, SNUG, PACER, GstElement)

typedef struct
{
  SnugBandwidthSample estimate;
  gint64 queue_delay;   /* us until all that waits here has left */
  guint64 n_pictures_dropped; /* times that pictures were dropped, since the start */
  guint64 seed;         /* bit/s that it was started with; 0: nothing was known */
} SnugPacerReport;

/* extension: the id of transport-wide sequence numbers (RFC 8285). sound_payload, picture_payloads: RTP payload types; all
 * others are retransmissions. Returns: (transfer floating). */
SnugPacer *snug_pacer_new (guint extension, guint sound_payload, const guint *picture_payloads, guint n_picture_payloads);

/* Before anything is sent. FALSE: the peer gives no feedback, and what may be sent is sent. */
void snug_pacer_set_estimating (SnugPacer *self, gboolean estimating);
/* Before anything is sent. bit/s that an earlier connection to the same peer came to. */
void snug_pacer_set_seed (SnugPacer *self, guint64 rate);
/* bit/s on the wire above which nobody wants to send. */
void snug_pacer_set_most (SnugPacer *self, guint64 rate);
/* The pad behind the RTP session, where packets have their transport-wide number. */
void snug_pacer_watch (SnugPacer *self, GstPad *pad);
/* changed: posted when there is a new report; dropped: when a key frame is needed. Once. */
void snug_pacer_set_relay (SnugPacer *self, SnugRelay *relay, SnugRelayFunc changed, SnugRelayFunc dropped);
void snug_pacer_get_report (SnugPacer *self, SnugPacerReport *report);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much may be sent: packet results in, a target bitrate and probes out. Pure: the caller says what time it is, in
 * microseconds and never backwards; one thread at a time.
 *
 * A path is full when packets begin to wait on it. The rate is then set below what arrives until the wait is over, and goes
 * on from what the path was seen to carry. Loss counts only where it grows with the rate (snug-loss-model.h). What more
 * the path could carry is found out with short probes, not by filling its queue.
 */
#pragma once

#include "snug-packet-result.h"
#include "snug-probe.h"

G_BEGIN_DECLS

#define SNUG_BITRATE_MIN 30000      /* bit/s: a lean voice */
#define SNUG_BITRATE_START 300000
#define SNUG_BITRATE_MAX 100000000

/**
 * SnugBandwidthState:
 * @SNUG_BANDWIDTH_RISING: the path carries what is sent
 * @SNUG_BANDWIDTH_DRAINING: less is sent than arrives, until the queue on the path is gone
 * @SNUG_BANDWIDTH_SILENT: nothing is heard from the other end
 */
typedef enum
{
  SNUG_BANDWIDTH_RISING,
  SNUG_BANDWIDTH_DRAINING,
  SNUG_BANDWIDTH_SILENT
} SnugBandwidthState;

typedef struct
{
  SnugBandwidthState state;
  guint64 target;      /* bit/s */
  guint64 acked;       /* bit/s that arrived lately; 0: not known */
  guint64 capacity;    /* bit/s that the path was last seen to be full at; 0: not known */
  gint64 queue_delay;  /* us */
  gint64 round_trip;   /* us, with the wait for feedback; 0: not known */
  double loss;         /* 0 to 1, of the last two seconds */
} SnugBandwidthSample;

typedef struct _SnugBandwidthEstimator SnugBandwidthEstimator;

SnugBandwidthEstimator *snug_bandwidth_estimator_new (gint64 now);
void snug_bandwidth_estimator_free (SnugBandwidthEstimator *self);

/* bit/s on the wire, brought into SNUG_BITRATE_MIN to SNUG_BITRATE_MAX: what the caller will never go above or below. */
void snug_bandwidth_estimator_set_bounds (SnugBandwidthEstimator *self, guint64 least, guint64 most);
/* Starts anew on another path, at a rate in bit/s: SNUG_BITRATE_START, or what an earlier connection had. */
void snug_bandwidth_estimator_restart (SnugBandwidthEstimator *self, gint64 now, guint64 rate);

/* A packet left. */
void snug_bandwidth_estimator_sent (SnugBandwidthEstimator *self, gint64 now);
/* One feedback: its packets in the order in which they were sent. From the first on that can't be, nothing is believed. */
void snug_bandwidth_estimator_feedback (SnugBandwidthEstimator *self, gint64 now, const SnugPacketResult *results, guint n);
/* Every 100 ms or more often: notices silence. */
void snug_bandwidth_estimator_tick (SnugBandwidthEstimator *self, gint64 now);

/* bit/s on the wire, everything together. */
guint64 snug_bandwidth_estimator_get_target (SnugBandwidthEstimator *self);
/* Whether a probe is to be sent now. */
gboolean snug_bandwidth_estimator_next_probe (SnugBandwidthEstimator *self, gint64 now, SnugProbe *probe);
void snug_bandwidth_estimator_get_sample (SnugBandwidthEstimator *self, SnugBandwidthSample *sample);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugBandwidthEstimator, snug_bandwidth_estimator_free)

G_END_DECLS

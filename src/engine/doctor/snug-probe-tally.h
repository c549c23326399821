/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What came of a row of pings: round trips, loss, throughput. Pure: times are given, in microseconds of any clock that goes on.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times are in seconds, and not a number as long as nothing came back. */
typedef struct
{
  guint sent;
  guint echoed;
  guint received; /* pings of the other side */
  double round_trip_min;
  double round_trip_median;
  double round_trip_p99;
  double round_trip_max;
  double loss_fraction;        /* of what was sent, 0 to 1; not a number when nothing was */
  double bits_per_second;      /* of pings that came back, from the first one on its way to the last one back */
  double received_bits_per_second; /* of the other side's pings, from the first to the last; two are needed */
} SnugProbeSummary;

typedef struct _SnugProbeTally SnugProbeTally;

/* count: how many there will be. */
SnugProbeTally *snug_probe_tally_new (guint count);
void snug_probe_tally_free (SnugProbeTally *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugProbeTally, snug_probe_tally_free)

/* The next one is on its way: numbers go up from 0. */
void snug_probe_tally_send (SnugProbeTally *self, gsize size, gint64 now);
/* Returns: the round trip in microseconds, or -1 when it is none that was sent, or came before. */
gint64 snug_probe_tally_echo (SnugProbeTally *self, guint number, gint64 now);
/* A ping of the other side. */
void snug_probe_tally_receive (SnugProbeTally *self, gsize size, gint64 now);
/* Whether all of them have been sent, and have come back. */
gboolean snug_probe_tally_is_complete (SnugProbeTally *self);
guint snug_probe_tally_get_sent (SnugProbeTally *self);
guint snug_probe_tally_get_echoed (SnugProbeTally *self);
SnugProbeSummary snug_probe_tally_sum_up (SnugProbeTally *self);

G_END_DECLS

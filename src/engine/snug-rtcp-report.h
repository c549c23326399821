/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The report blocks of an RTCP compound packet (RFC 3550, 6.4). The session keeps one block per peer and overwrites it
 * with the next, so they are read from the packet. Pure, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a peer says of one stream of ours. A value. */
typedef struct
{
  guint32 ssrc;              /* of our stream */
  double loss_fraction;      /* 0 to 1, since the report before */
  gint32 packets_lost;       /* since the start; what came twice makes it smaller, below 0 even */
  guint32 highest_sequence;  /* that came, with the times it went round in the upper half */
  double round_trip_seconds; /* NAN until the peer has had a sender report of this stream */
} SnugRtcpReport;

/* The time now in the middle 32 bits of an NTP time stamp, as a report is held against. real_time: microseconds since
 * 1970, as g_get_real_time(). */
guint32 snug_rtcp_report_compact_ntp (gint64 real_time);

/* Appends every report block of every SR and RR in data to reports (element-type SnugRtcpReport). Malformed packets end
 * the reading. arrival: snug_rtcp_report_compact_ntp() of when data came. */
void snug_rtcp_report_parse (const guint8 *data, gsize size, guint32 arrival, GArray *reports);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much later than the fastest the packets (or pictures) of one stream come: a histogram that forgets; and how far apart their
 * timestamps are. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SNUG_RELATIVE_DELAY_BUCKET_US (5 * 1000)
#define SNUG_RELATIVE_DELAY_BUCKETS 101 /* the last one: half a second and more */

/* A value; no need to free it. */
typedef struct
{
  guint clock_rate;
  guint n_packets; /* since the beginning, or since it began again */
  guint32 last_timestamp;
  gint64 last_media;  /* the timestamp without its wraps, in microseconds */
  gint64 interval;    /* from one timestamp to the next, in microseconds, smoothed */
  gint64 window_ends; /* of the two windows in which the fastest is looked for */
  gint64 fastest;
  gint64 fastest_before;
  double weights[SNUG_RELATIVE_DELAY_BUCKETS]; /* sum is 1 once there is a packet */
} SnugRelativeDelay;

/* clock_rate: of the RTP timestamps, in Hz. */
void snug_relative_delay_init (SnugRelativeDelay *self, guint clock_rate);
/* A packet of the RTP timestamp came at that time, in microseconds. Packets sent again must be left out. A timestamp that jumps by
 * more than some seconds against the clock begins another stream. */
void snug_relative_delay_add (SnugRelativeDelay *self, guint32 timestamp, gint64 arrival);
/* The same with the media's own time in microseconds, which does not wrap; one value takes either of the two. */
void snug_relative_delay_add_time (SnugRelativeDelay *self, gint64 media, gint64 arrival);
/* By how much the fastest of the last 10 to 20 s was behind the media's time, in microseconds; only of add_time() does its value mean
 * anything. 0 before there is any. */
gint64 snug_relative_delay_get_fastest (const SnugRelativeDelay *self);
/* The delay in microseconds that this part of the packets (0 to 1) does not exceed; 0 before there is any. */
gint64 snug_relative_delay_get_quantile (const SnugRelativeDelay *self, double part);
/* The usual time from one timestamp (one picture) to the next, in microseconds; 0 before there are two. */
gint64 snug_relative_delay_get_interval (const SnugRelativeDelay *self);

G_END_DECLS

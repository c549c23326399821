/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long sound and picture of one person are held back before they are played, so that what comes late is still in time: no longer than
 * that needs. Pure: the time is given, in microseconds of any clock that goes on; delays are in milliseconds.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SNUG_PLAYOUT_MIN_MS 20
#define SNUG_PLAYOUT_AUDIO_MAX_MS 300
#define SNUG_PLAYOUT_VIDEO_MAX_MS 500
/* Before anything is known. */
#define SNUG_PLAYOUT_FIRST_MS 40
/* The picture may be that much behind the sound (ITU-R BT.1359: up to 125 ms is not noticed). */
#define SNUG_PLAYOUT_LIP_SYNC_MS 40

/* What is known at one moment. Delays in milliseconds. */
typedef struct
{
  guint audio_delay;   /* that hardly any packet of sound exceeds, beyond the fastest; 0: there is no sound */
  guint video_delay;   /* the same for the pictures */
  guint video_interval; /* from one picture to the next; 0: not known */
  gboolean video_lost; /* packets of pictures, since the last time */
  double round_trip;   /* seconds; NAN: not known */
  gboolean silent;     /* nobody would hear a change */
} SnugPlayoutSight;

/* Zeroed at first, but for snug_playout_plan_init(). */
typedef struct
{
  guint audio; /* the outcome */
  guint video;
  gint64 last;
  gint64 lost_at; /* 0: never */
  double audio_wish; /* towards which it is lowered, with fractions */
  double video_wish;
} SnugPlayoutPlan;

void snug_playout_plan_init (SnugPlayoutPlan *self, gint64 now);
/* To be asked several times a second. Raises at once, lowers slowly, and the sound in silence if it can wait for one. Returns: whether
 * anything changed. */
gboolean snug_playout_plan_update (SnugPlayoutPlan *self, const SnugPlayoutSight *sight, gint64 now);

G_END_DECLS

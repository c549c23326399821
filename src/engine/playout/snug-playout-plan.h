/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long sound and picture of one person are held back before they are played, so that what comes late is still in time: no longer than
 * that needs. And how long a lost packet of a picture is waited for. Pure: the time is given, in microseconds of any clock that goes on; delays are in milliseconds.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SNUG_PLAYOUT_AUDIO_MIN_MS 20
#define SNUG_PLAYOUT_AUDIO_MAX_MS 300
#define SNUG_PLAYOUT_VIDEO_MAX_MS 500
#define SNUG_PLAYOUT_PATIENCE_MIN_MS 250
#define SNUG_PLAYOUT_PATIENCE_MAX_MS 1000
/* Before anything is known. */
#define SNUG_PLAYOUT_FIRST_MS 40
/* The picture may be that much behind the sound (ITU-R BT.1359: up to 125 ms is not noticed). */
#define SNUG_PLAYOUT_LIP_SYNC_MS 40

/* What is known at one moment. Delays in milliseconds. */
typedef struct
{
  guint audio_delay;   /* that hardly any packet of sound exceeds, beyond the fastest; 0: there is no sound */
  guint video_delay;   /* the same for the pictures */
  guint video_ready;   /* that hardly any picture exceeds until it is decoded, with all that was lost, beyond the fastest */
  int video_base;      /* when the fastest is decoded, after its time stamp: before it, if the sound came later than the pictures */
  guint video_interval; /* from one picture to the next; 0: not known */
  gboolean video_lost; /* packets of pictures, since the last time */
  double round_trip;   /* seconds; NAN: not known */
  gboolean silent;     /* nobody would hear a change */
} SnugPlayoutSight;

/* Zeroed at first, but for snug_playout_plan_init(). */
typedef struct
{
  guint audio; /* the outcome: after their time stamps */
  int video;
  guint retry; /* until a lost packet is asked for once more; 0: when it should have come by then */
  guint patience; /* until a packet of a picture is given up: all pictures wait for it, and are shown late */
  gint64 last;
  gint64 lost_at; /* 0: never */
  double audio_wish; /* towards which it is lowered, with fractions */
  double video_wish; /* after the fastest */
} SnugPlayoutPlan;

void snug_playout_plan_init (SnugPlayoutPlan *self, gint64 now);
/* To be asked several times a second. Raises the sound at once, the picture soon; lowers slowly, and the sound in silence if it can wait for one. Returns: whether
 * anything changed. */
gboolean snug_playout_plan_update (SnugPlayoutPlan *self, const SnugPlayoutSight *sight, gint64 now);

G_END_DECLS

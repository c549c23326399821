/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-playout-plan.h"

#include <math.h>

/* What scheduling and decoding need on top; a picture is decoded while it waits. */
#define AUDIO_MARGIN_MS 10
#define VIDEO_MARGIN_MS 5
/* Every change is heard as a small skip: rarely, then, in steps worth it, and lowered in silence. */
#define AUDIO_STEP_MS 10
#define AUDIO_LOWER_MS_PER_SECOND 4.0
#define AUDIO_LOWER_SILENT_MS_PER_SECOND 40.0
/* A long delay is worse than some skips: of what is more than that too much, a share goes each second besides. */
#define AUDIO_FAR_MS 80
#define AUDIO_FAR_SHARE 0.15
/* A picture that comes a little earlier than the last one did is not seen. And one that is late is only late: more is held back when it
 * goes on, not for one large picture. */
#define VIDEO_STEP_MS 5
#define VIDEO_RAISE_MS_PER_SECOND 60.0
#define VIDEO_LOWER_MS_PER_SECOND 30.0
#define PATIENCE_STEP_MS 50
/* After a loss: time enough to miss a packet (which the next picture shows at the latest), to ask for it and to get it, for as long. */
#define REPAIR_US (20 * (gint64) G_USEC_PER_SEC)
#define REPAIR_ROUND_TRIPS 1.1
/* What is sent again is lost as well, now and then. Without it nothing is seen until another key frame has come, which takes as long
 * and may be lost, too: so it is asked for that often. */
#define REPAIRS 4
#define RETRY_US (1 * (gint64) G_USEC_PER_SEC)
#define RETRY_ROUND_TRIP_MIN 0.03 /* seconds */
#define RETRY_ROUND_TRIPS 0.6
#define REPAIR_MARGIN_MS 20
/* Pictures that come rarely, as of a screen, are not worth waiting for the next one. */
#define REPAIR_INTERVAL_MAX_MS 100

void
snug_playout_plan_init (SnugPlayoutPlan *self, gint64 now)
{
  g_return_if_fail (self != NULL);

  *self = (SnugPlayoutPlan){
    .audio = SNUG_PLAYOUT_FIRST_MS,
    .video = SNUG_PLAYOUT_FIRST_MS,
    .patience = SNUG_PLAYOUT_PATIENCE_MIN_MS,
    .audio_wish = SNUG_PLAYOUT_FIRST_MS,
    .video_wish = SNUG_PLAYOUT_FIRST_MS,
    .last = now,
  };
}

static double
want_audio (const SnugPlayoutSight *sight)
{
  return CLAMP (sight->audio_delay + AUDIO_MARGIN_MS, SNUG_PLAYOUT_AUDIO_MIN_MS, SNUG_PLAYOUT_AUDIO_MAX_MS);
}

/* Until a lost packet has been sent again that often. */
static double
repair_time (const SnugPlayoutSight *sight, guint repairs)
{
  return MIN (sight->video_interval, REPAIR_INTERVAL_MAX_MS) / 2.0
         + repairs * 1000 * sight->round_trip * REPAIR_ROUND_TRIPS + REPAIR_MARGIN_MS;
}

/* Whether something was lost in that time, and how long a repair takes is known. */
static gboolean
was_lost (const SnugPlayoutPlan *self, const SnugPlayoutSight *sight, gint64 now, gint64 time)
{
  return self->lost_at != 0 && now - self->lost_at < time && !isnan (sight->round_trip);
}

/* When a picture is ready tells all, but it is not waited for what is lost more than once. */
static double
want_video (SnugPlayoutPlan *self, const SnugPlayoutSight *sight, gint64 now)
{
  double most = sight->video_delay;

  if (sight->video_lost)
    self->lost_at = now;
  if (was_lost (self, sight, now, REPAIR_US))
    most = MAX (most, repair_time (sight, 1));

  return MIN (MIN (sight->video_ready, most) + VIDEO_MARGIN_MS, SNUG_PLAYOUT_VIDEO_MAX_MS);
}

/* Of several that are lost some are lost again, and so are requests: on a long path they are not made one after the other. */
static guint
want_retry (const SnugPlayoutPlan *self, const SnugPlayoutSight *sight, gint64 now)
{
  if (!was_lost (self, sight, now, RETRY_US) || sight->round_trip < RETRY_ROUND_TRIP_MIN)
    return 0;

  return (guint) (1000 * sight->round_trip * RETRY_ROUND_TRIPS);
}

/* It costs nothing while nothing is lost, so it is there for the first loss, too. */
static double
want_patience (const SnugPlayoutPlan *self, const SnugPlayoutSight *sight)
{
  double wanted;

  if (isnan (sight->round_trip))
    return self->patience;
  wanted = MAX (repair_time (sight, REPAIRS), sight->video_delay + repair_time (sight, 1));

  return CLAMP (wanted, SNUG_PLAYOUT_PATIENCE_MIN_MS, SNUG_PLAYOUT_PATIENCE_MAX_MS);
}

static double
approach (double from, double to, double raising, double lowering)
{
  return to >= from ? MIN (to, from + raising) : MAX (to, from - lowering);
}

/* What is in use follows what is wished, in steps. */
static int
round_up (double wish, int step)
{
  return (int) ceil (wish / step) * step;
}

gboolean
snug_playout_plan_update (SnugPlayoutPlan *self, const SnugPlayoutSight *sight, gint64 now)
{
  SnugPlayoutPlan before;
  double seconds;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (sight != NULL, FALSE);

  before = *self;
  seconds = CLAMP ((double) (now - self->last) / G_USEC_PER_SEC, 0.0, 1.0);
  self->last = now;

  if (sight->video_delay != 0)
    {
      self->video_wish = approach (self->video_wish, want_video (self, sight, now), seconds * VIDEO_RAISE_MS_PER_SECOND,
                                   seconds * VIDEO_LOWER_MS_PER_SECOND);
      self->video = round_up (self->video_wish + sight->video_base, VIDEO_STEP_MS);
      self->retry = want_retry (self, sight, now);
      self->patience = (guint) round_up (want_patience (self, sight), PATIENCE_STEP_MS);
    }

  if (sight->audio_delay != 0)
    {
      double wanted = want_audio (sight), lowering;

      /* With a picture that comes later, the sound waits for it, but not at the cost of being late itself. */
      if (sight->video_delay != 0 && self->video > SNUG_PLAYOUT_LIP_SYNC_MS)
        wanted = MAX (wanted, MIN (self->video - SNUG_PLAYOUT_LIP_SYNC_MS, SNUG_PLAYOUT_AUDIO_MAX_MS));
      lowering = sight->silent ? AUDIO_LOWER_SILENT_MS_PER_SECOND : AUDIO_LOWER_MS_PER_SECOND;
      lowering += MAX (self->audio_wish - wanted - AUDIO_FAR_MS, 0) * AUDIO_FAR_SHARE;
      self->audio_wish = approach (self->audio_wish, wanted, G_MAXDOUBLE, seconds * lowering);
      self->audio = (guint) round_up (self->audio_wish, AUDIO_STEP_MS);
      /* And the picture for a sound that comes later. */
      self->video = MAX (self->video, (int) self->audio - SNUG_PLAYOUT_LIP_SYNC_MS);
    }

  return before.audio != self->audio || before.video != self->video || before.patience != self->patience || before.retry != self->retry;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-playout-plan.h"

#include <math.h>

/* What scheduling and decoding need on top. */
#define MARGIN_MS 10
/* Every change is heard as a small skip: rarely, then, in steps worth it, and lowered in silence. */
#define AUDIO_STEP_MS 10
#define AUDIO_LOWER_MS_PER_SECOND 4.0
#define AUDIO_LOWER_SILENT_MS_PER_SECOND 40.0
/* A picture that comes a little earlier than the last one did is not seen. */
#define VIDEO_STEP_MS 5
#define VIDEO_LOWER_MS_PER_SECOND 10.0
/* After a loss: time enough to miss a packet (which the next picture shows at the latest), to ask for it and to get it, for as long. */
#define REPAIR_US (20 * (gint64) G_USEC_PER_SEC)
#define REPAIR_ROUND_TRIPS 1.2
#define REPAIR_MARGIN_MS 25
/* Pictures that come rarely, as of a screen, are not worth waiting for the next one. */
#define REPAIR_INTERVAL_MAX_MS 100

void
snug_playout_plan_init (SnugPlayoutPlan *self, gint64 now)
{
  g_return_if_fail (self != NULL);

  *self = (SnugPlayoutPlan){
    .audio = SNUG_PLAYOUT_FIRST_MS,
    .video = SNUG_PLAYOUT_FIRST_MS,
    .audio_wish = SNUG_PLAYOUT_FIRST_MS,
    .video_wish = SNUG_PLAYOUT_FIRST_MS,
    .last = now,
  };
}

static double
want_audio (const SnugPlayoutSight *sight)
{
  return CLAMP (sight->audio_delay + MARGIN_MS, SNUG_PLAYOUT_MIN_MS, SNUG_PLAYOUT_AUDIO_MAX_MS);
}

static double
want_video (SnugPlayoutPlan *self, const SnugPlayoutSight *sight, gint64 now)
{
  double wanted = sight->video_delay + MARGIN_MS;

  if (sight->video_lost)
    self->lost_at = now;
  if (self->lost_at != 0 && now - self->lost_at < REPAIR_US && !isnan (sight->round_trip))
    wanted = MAX (wanted, MIN (sight->video_interval, REPAIR_INTERVAL_MAX_MS)
                              + 1000 * sight->round_trip * REPAIR_ROUND_TRIPS + REPAIR_MARGIN_MS);

  return CLAMP (wanted, SNUG_PLAYOUT_MIN_MS, SNUG_PLAYOUT_VIDEO_MAX_MS);
}

/* Up at once, down at a rate. */
static double
approach (double from, double to, double lowering)
{
  return to >= from ? to : MAX (to, from - lowering);
}

/* What is in use follows what is wished, in steps. */
static guint
round_up (double wish, guint step)
{
  return (guint) ceil (wish / step) * step;
}

gboolean
snug_playout_plan_update (SnugPlayoutPlan *self, const SnugPlayoutSight *sight, gint64 now)
{
  double seconds, lowering;
  guint audio, video;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (sight != NULL, FALSE);

  audio = self->audio;
  video = self->video;
  seconds = CLAMP ((double) (now - self->last) / G_USEC_PER_SEC, 0.0, 1.0);
  self->last = now;
  lowering = sight->silent ? AUDIO_LOWER_SILENT_MS_PER_SECOND : AUDIO_LOWER_MS_PER_SECOND;

  if (sight->video_delay != 0)
    self->video_wish = approach (self->video_wish, want_video (self, sight, now), seconds * VIDEO_LOWER_MS_PER_SECOND);
  self->video = round_up (self->video_wish, VIDEO_STEP_MS);

  if (sight->audio_delay != 0)
    {
      double wanted = want_audio (sight);

      /* With a picture that comes later, the sound waits for it, but not at the cost of being late itself. */
      if (sight->video_delay != 0 && self->video > SNUG_PLAYOUT_LIP_SYNC_MS)
        wanted = MAX (wanted, MIN (self->video - SNUG_PLAYOUT_LIP_SYNC_MS, SNUG_PLAYOUT_AUDIO_MAX_MS));
      self->audio_wish = approach (self->audio_wish, wanted, seconds * lowering);
    }
  self->audio = round_up (self->audio_wish, AUDIO_STEP_MS);

  return audio != self->audio || video != self->video;
}

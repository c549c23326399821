/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-video-ladder.h"

#include <math.h>

/* A rung is given up below that share of what it needs, and the next better one taken above that. */
#define TOO_LITTLE 0.8
#define FAR_TOO_LITTLE 0.5
#define AMPLE 1.15
#define DOWN_AFTER (1 * G_USEC_PER_SEC)
#define DOWN_SOON (300 * 1000)
/* A path is only being found out about at first. */
#define GRACE (1500 * 1000)
#define UP_AFTER (3 * G_USEC_PER_SEC)
/* The more there is, the sooner. */
#define UP_SOON (600 * 1000)
#define PLENTY 2.5

/* Neither is a picture. */
#define SIDE_MIN 90
#define FRAMERATE_MIN 2

/* Bits that VP8 needs, by the pixels in a second: pictures of 720p at 30 are good with 800 kbit/s, twice the pixels need
 * less than twice the bits. Writing stands still most of the time. */
#define EXPONENT 0.7
#define MOTION_BITS 4.95
#define TEXT_BITS 3.0

/* What a key frame is given: two of them would fill a slow path. */
#define KEY_FRAME_BITS 200000
#define KEY_FRAME_INTERVAL_MIN 200
#define KEY_FRAME_INTERVAL_MAX 1500

typedef struct
{
  double size; /* of each side */
  double framerate;
} Rung;

#define RUNGS 7

static const Rung rungs[][RUNGS] = {
  [SNUG_VIDEO_MOTION] = { { 1, 1 }, { 0.75, 1 }, { 0.5, 1 }, { 0.375, 1 }, { 0.25, 1 }, { 0.25, 0.5 }, { 0.25, 0.25 } },
  [SNUG_VIDEO_TEXT] = { { 1, 1 }, { 1, 0.625 }, { 1, 0.375 }, { 1, 0.25 }, { 0.75, 0.25 }, { 0.625, 0.25 }, { 0.5, 0.25 } },
};

static guint
scale_side (guint side, double factor)
{
  guint scaled = (guint) (side * factor + 0.5) & ~1u;

  return MAX (scaled, 2);
}

static void
scale (const SnugVideoFormat *full, const Rung *rung, SnugVideoFormat *format)
{
  double least = (double) SIDE_MIN / MAX (MIN (full->width, full->height), 1);
  double size = CLAMP (rung->size, MIN (least, 1), 1);

  format->width = size < 1 ? scale_side (full->width, size) : full->width;
  format->height = size < 1 ? scale_side (full->height, size) : full->height;
  format->framerate = MIN (full->framerate, MAX ((guint) (full->framerate * rung->framerate + 0.5), FRAMERATE_MIN));
}

guint64
snug_video_ladder_get_least (SnugVideoContent content, const SnugVideoFormat *format)
{
  double pixels = (double) format->width * format->height * format->framerate;

  return (guint64) ((content == SNUG_VIDEO_TEXT ? TEXT_BITS : MOTION_BITS) * pow (pixels, EXPONENT));
}

static double
need (const SnugVideoLadder *self, const SnugVideoFormat *full, guint rung)
{
  SnugVideoFormat format;

  scale (full, &rungs[self->content][rung], &format);

  return (double) snug_video_ladder_get_least (self->content, &format);
}

/* The best rung for which the rate is enough. */
static guint
find_rung (const SnugVideoLadder *self, const SnugVideoFormat *full, double rate)
{
  guint rung = 0;

  while (rung < RUNGS - 1 && need (self, full, rung) > rate)
    rung++;

  return rung;
}

/* Whether that has been so for a time. */
static gboolean
lasts (gint64 *since, gint64 now, gboolean so, gint64 time)
{
  if (!so)
    *since = 0;
  else if (*since == 0)
    *since = now;

  return so && now - *since >= time;
}

gboolean
snug_video_ladder_step (SnugVideoLadder *self,
                        gint64 now,
                        guint64 rate,
                        const SnugVideoFormat *full,
                        SnugVideoFormat *format)
{
  double share = (double) rate / MAX (need (self, full, self->rung), 1);
  guint before = self->rung;
  gboolean down = lasts (&self->short_since, now, share < TOO_LITTLE && self->rung < RUNGS - 1,
                         share < FAR_TOO_LITTLE ? DOWN_SOON : DOWN_AFTER);
  double better = self->rung > 0 ? (double) rate / need (self, full, self->rung - 1) : 0;
  gboolean up = lasts (&self->ample_since, now, better > AMPLE, better > PLENTY ? UP_SOON : UP_AFTER);

  if (self->started_at == 0)
    self->started_at = now;
  if (down && now - self->started_at > GRACE)
    self->rung = MAX (find_rung (self, full, (double) rate), self->rung);
  else if (up)
    self->rung = MIN (find_rung (self, full, (double) rate / AMPLE), self->rung);
  if (self->rung != before)
    self->short_since = self->ample_since = 0;
  scale (full, &rungs[self->content][self->rung], format);

  return self->rung != before;
}

gboolean
snug_video_format_equal (const SnugVideoFormat *a, const SnugVideoFormat *b)
{
  return a->width == b->width && a->height == b->height && a->framerate == b->framerate;
}

gboolean
snug_video_ladder_is_other_rate (guint64 before, guint64 rate)
{
  return rate * 100 < before * 99 || rate * 100 > before * 103;
}

guint
snug_video_ladder_get_key_frame_interval (guint64 rate)
{
  return (guint) CLAMP (KEY_FRAME_BITS * G_GUINT64_CONSTANT (1000) / MAX (rate, 1), KEY_FRAME_INTERVAL_MIN,
                        KEY_FRAME_INTERVAL_MAX);
}

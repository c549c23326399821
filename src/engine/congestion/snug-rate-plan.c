/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-rate-plan.h"

#include <stdlib.h>

#define SOUND 32000
#define SOUND_LEAN 20000
#define SOUND_LEAN_BELOW 120000 /* bit/s of the path */
/* Headers of 50 packets a second: RTP with its extension, SRTP, UDP and IP. */
#define SOUND_OVERHEAD (50 * 58 * 8)
#define SOUND_LOSS_MIN 2
#define SOUND_LOSS_MAX 30

#define MTU 1200
#define MTU_SLOW 600 /* on the narrowest paths a packet of full size is a tenth of a second */
#define SLOW 500000
#define PACKET_OVERHEAD 58
#define PICTURE_MIN 30000
/* What may be asked for beside what is planned, so that there is room to rise. */
#define MOST_FACTOR 1.2
#define MOST_SOUND_ALONE 300000

#define WORTH_HAVING 250000
#define USUAL_SHARE 4
#define COME_BACK 4 / 3

/* What waits longer than that is worked off in that time. */
#define QUEUE_FINE (30 * 1000)
#define QUEUE_TIME (350 * 1000.0)
#define QUEUE_SHARE_MAX 0.7
#define HOLD (150 * 1000)
/* Of two pictures, what goes to the screen. */
#define SCREEN_SHARE 0.65

static int
compare (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return x < y ? -1 : x > y;
}

static void
find_left_behind (SnugRatePeer *peers, guint n)
{
  g_autofree guint64 *targets = g_new (guint64, n);
  guint heard = 0;
  guint64 floor;

  for (guint i = 0; i < n; i++)
    if (!peers[i].silent)
      targets[heard++] = peers[i].target;
  if (heard == 0)
    {
      for (guint i = 0; i < n; i++)
        peers[i].left_behind = FALSE;
      return;
    }
  qsort (targets, heard, sizeof *targets, compare);
  floor = MIN (WORTH_HAVING, targets[heard / 2] / USUAL_SHARE);
  for (guint i = 0; i < n; i++)
    peers[i].left_behind
        = peers[i].silent || peers[i].target < (peers[i].left_behind ? floor * COME_BACK : floor);
}

/* What is left of a path's rate for the pictures' encoders. */
static double
for_pictures (const SnugRatePlan *self, const SnugRatePeer *peer)
{
  double rate = (double) peer->target - (double) self->sound - SOUND_OVERHEAD;
  gint64 late = peer->queue_delay - QUEUE_FINE;

  if (late > 0)
    rate -= (double) peer->target * MIN ((double) late / QUEUE_TIME, QUEUE_SHARE_MAX);
  /* What is lost is sent again. */
  rate *= 1 - CLAMP (peer->loss, 0, 0.5);

  return MAX (rate, PICTURE_MIN) * (self->mtu - PACKET_OVERHEAD) / self->mtu;
}

static void
share (SnugRatePlan *self, const SnugRateWish *wish, double rate)
{
  double screen = wish->camera > 0 ? rate * SCREEN_SHARE : rate;
  double camera;

  screen = MIN (screen, (double) wish->screen);
  camera = MIN (rate - screen, (double) wish->camera);
  screen = MIN (rate - camera, (double) wish->screen);
  self->camera = wish->camera > 0 ? (guint64) MAX (camera, PICTURE_MIN) : 0;
  self->screen = wish->screen > 0 ? (guint64) MAX (screen, PICTURE_MIN) : 0;
}

void
snug_rate_plan_make (SnugRatePlan *self, const SnugRateWish *wish, SnugRatePeer *peers, guint n)
{
  guint64 slowest = G_MAXUINT64, slowest_picture = G_MAXUINT64;
  double rate = G_MAXDOUBLE, loss = 0;

  *self = (SnugRatePlan) { .sound = SOUND, .sound_loss = SOUND_LOSS_MIN, .mtu = MTU };
  for (guint i = 0; i < n && wish->limit > 0; i++)
    peers[i].target = MIN (peers[i].target, wish->limit / n);
  if (n > 0)
    find_left_behind (peers, n);
  for (guint i = 0; i < n; i++)
    {
      if (!peers[i].silent)
        {
          slowest = MIN (slowest, peers[i].target);
          loss = MAX (loss, peers[i].loss);
        }
      if (!peers[i].left_behind)
        slowest_picture = MIN (slowest_picture, peers[i].target);
    }
  if (slowest < SOUND_LEAN_BELOW)
    self->sound = SOUND_LEAN;
  if (slowest_picture < SLOW)
    self->mtu = MTU_SLOW;
  self->sound_loss = (guint) CLAMP (loss * 100 + 0.5, SOUND_LOSS_MIN, SOUND_LOSS_MAX);
  for (guint i = 0; i < n; i++)
    {
      if (peers[i].left_behind)
        continue;
      rate = MIN (rate, for_pictures (self, &peers[i]));
      self->hold = self->hold || peers[i].queue_delay > HOLD;
    }
  share (self, wish, MIN (rate, (double) wish->camera + (double) wish->screen));
}

guint64
snug_rate_plan_get_most (const SnugRateWish *wish, guint n)
{
  guint64 pictures = wish->camera + wish->screen;
  guint64 most = MOST_SOUND_ALONE;

  if (pictures > 0)
    most = (guint64) ((double) (pictures + SOUND + SOUND_OVERHEAD) * MOST_FACTOR);
  if (wish->limit > 0 && n > 0)
    most = MIN (most, MAX (wish->limit / n, SOUND_LEAN + SOUND_OVERHEAD + PICTURE_MIN));

  return most;
}

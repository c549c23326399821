/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What to send with what the paths take. Pure.
 *
 * Every picture is encoded once, for everybody, so all follow the slowest path, as long as that carries a picture worth
 * having (250 kbit/s). One that carries less, and less than a quarter of what is usual in the room, is left behind:
 * it gets sound alone, and comes back when it carries a third more than that. So is one that nothing is heard of, while
 * others are. Sound comes first everywhere, also within a limit that the person has set: that is shared out evenly, and
 * only what sound and the smallest picture need exceeds it.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One connected person. */
typedef struct
{
  guint64 target;     /* bit/s on the wire, as estimated; out: no more than its part of the limit */
  gint64 queue_delay; /* us that what is sent waits here */
  double loss;        /* 0 to 1, lately */
  gboolean silent;    /* nothing is heard from there */
  gboolean left_behind; /* in: as planned before; out */
} SnugRatePeer;

/* What there is to send, bit/s of the encoders at most; 0: not sent. */
typedef struct
{
  guint64 camera;
  guint64 screen;
  guint64 limit; /* bit/s on the wire to all together that the person allows; 0: any */
} SnugRateWish;

typedef struct
{
  guint64 camera;       /* bit/s for the encoder; 0: not sent */
  guint64 screen;
  guint64 sound;        /* bit/s for the encoder */
  guint sound_loss;     /* percent of its packets that the encoder is to expect lost */
  guint mtu;            /* bytes of an RTP packet with a piece of a picture */
  gboolean hold;        /* no picture now: the last ones have not left yet */
} SnugRatePlan;

/* Plans for n peers, 0 too: then for what is wished. Fills in whether each is left behind. */
void snug_rate_plan_make (SnugRatePlan *self, const SnugRateWish *wish, SnugRatePeer *peers, guint n);
/* bit/s on the wire above which nothing would be sent to any of n. */
guint64 snug_rate_plan_get_most (const SnugRateWish *wish, guint n);

G_END_DECLS

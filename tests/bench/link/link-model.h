/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One direction of a link: a drop-tail queue in front of a line of a given rate, then a delay, then loss. Pure: packets are
 * pointers with a size, and the caller says what time it is, in microseconds and never backwards. The same seed and the
 * same packets make the same link.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 rate;   /* bit/s of IP packets; 0: no limit */
  guint queue;    /* ms at that rate; what does not fit is dropped, but two full packets always fit */
  guint delay;    /* us, one way */
  guint jitter;   /* us at most, on top of the delay; half of a normal distribution of sigma jitter / 2, never reordering */
  double loss;    /* 0 to 1, of the packets that leave the line */
  double burst;   /* how many are lost in a row on average (Gilbert); up to 1: each for itself (Bernoulli) */
} LinkSettings;

typedef struct
{
  guint64 in_bytes; /* all that came */
  guint64 out_bytes; /* what left at the other end */
  guint64 in_packets;
  guint64 out_packets;
  guint64 dropped; /* packets, queue full */
  guint64 lost;    /* packets, by chance */
} LinkCounts;

typedef struct _LinkModel LinkModel;

/* destroy: frees a packet that is dropped. */
LinkModel *link_model_new (guint32 seed, GDestroyNotify destroy);
void link_model_free (LinkModel *self);

void link_model_set (LinkModel *self, gint64 now, const LinkSettings *settings);
const LinkSettings *link_model_get (LinkModel *self);

/* packet: (transfer full). size: bytes with the IP header. */
void link_model_push (LinkModel *self, gint64 now, gpointer packet, gsize size);
/* Returns: (transfer full) (nullable): the next packet that has arrived by now. */
gpointer link_model_pop (LinkModel *self, gint64 now);
/* When there is something to pop, or to look again; -1: not before the next push. */
gint64 link_model_next (LinkModel *self, gint64 now);

/* How long a packet that came now would wait for the line, us. */
gint64 link_model_get_queueing (LinkModel *self, gint64 now);
const LinkCounts *link_model_get_counts (LinkModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LinkModel, link_model_free)

G_END_DECLS

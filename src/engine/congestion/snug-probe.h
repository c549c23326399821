/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A few packets in quick succession, whose spacing at the other end tells what the path can carry. Pure.
 */
#pragma once

#include "snug-packet-result.h"

G_BEGIN_DECLS

typedef struct
{
  guint id;     /* what to mark its packets with; never 0 */
  guint64 rate; /* bit/s to send it at */
  guint bytes;  /* so much at least */
} SnugProbe;

/* When to probe, and how fast; what came out. */
typedef struct _SnugProber SnugProber;

SnugProber *snug_prober_new (void);
void snug_prober_free (SnugProber *self);

/* The start of a connection, or of a new path: probes upward from that rate. */
void snug_prober_start (SnugProber *self, gint64 now, guint64 rate);
/* The rate fell from there: look soon whether it comes back. */
void snug_prober_fell (SnugProber *self, gint64 now, guint64 from);
/* The probe to send now, if there is one. round_trip: us, 0 while it is not known; idle: nothing waits on the path; most: bit/s above which
 * nobody wants to know. Called often; a probe that was given out is not given again. */
gboolean snug_prober_next (SnugProber *self,
                           gint64 now,
                           gint64 round_trip,
                           guint64 target,
                           guint64 most,
                           gboolean idle,
                           SnugProbe *probe);
/* Packets of a probe are marked. */
void snug_prober_add (SnugProber *self, const SnugPacketResult *result);
/* bit/s that the path has carried, once a probe has come to its end; 0: nothing new. full: it could not carry what was
 * sent, so that is all there is. */
guint64 snug_prober_take (SnugProber *self, gint64 now, guint64 target, gboolean *full);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugProber, snug_prober_free)

G_END_DECLS

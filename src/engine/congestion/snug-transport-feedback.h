/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was sent, by transport-wide sequence number, and what feedback says became of it
 * (draft-holmer-rmcat-transport-wide-cc-extensions). Pure; one thread at a time.
 *
 * Feedback comes from the peer and may say anything. A packet that was never sent, or was told of already, is passed
 * over. One that feedback calls missing counts as lost when a second feedback has gone past it: it may only have been
 * overtaken. Of one that no feedback names nothing is known: it is the feedback that was lost.
 */
#pragma once

#include "snug-packet-result.h"

G_BEGIN_DECLS

/* Feedback names its times in 24 bits of 64 ms: they start anew after twelve days. */
#define SNUG_FEEDBACK_PERIOD (((gint64) 1 << 24) * 64000) /* us */

/* One packet as feedback has it. */
typedef struct
{
  guint16 sequence;
  gboolean arrived;
  gint64 time; /* us of the receiver's clock, modulo SNUG_FEEDBACK_PERIOD; when it arrived */
} SnugFeedbackEntry;

typedef struct _SnugTransportFeedback SnugTransportFeedback;

SnugTransportFeedback *snug_transport_feedback_new (void);
void snug_transport_feedback_free (SnugTransportFeedback *self);

/* A packet left with that number. now: us; size: bytes on the wire; probe: what it is part of, 0: none. */
void snug_transport_feedback_sent (SnugTransportFeedback *self, guint16 sequence, gint64 now, guint size, guint probe);
/* One feedback. Returns: (transfer none): what is new, in the order in which it was sent; until the next call. */
const SnugPacketResult *snug_transport_feedback_read (SnugTransportFeedback *self,
                                                      const SnugFeedbackEntry *entries,
                                                      guint n_entries,
                                                      guint *n_results);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugTransportFeedback, snug_transport_feedback_free)

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long packets wait in a queue on the way, and whether that grows: from when they were sent and when they arrived,
 * two clocks that need not agree. Pure.
 */
#pragma once

#include "snug-packet-result.h"

G_BEGIN_DECLS

typedef struct _SnugQueueDelay SnugQueueDelay;

SnugQueueDelay *snug_queue_delay_new (void);
void snug_queue_delay_free (SnugQueueDelay *self);

/* The arrived packets of one feedback; lost ones are passed over. */
void snug_queue_delay_add (SnugQueueDelay *self, const SnugPacketResult *results, guint n);
/* Forgets everything, as when the path has changed. */
void snug_queue_delay_reset (SnugQueueDelay *self);

/* us, what the least delayed packets of the last tenth of a second waited, or the last few when that is much longer; jitter
 * is not in it. 0 when not known. */
gint64 snug_queue_delay_get (SnugQueueDelay *self);
/* How fast the wait grows: us in a second. 1,000,000: nothing passes any more. */
gint64 snug_queue_delay_get_slope (SnugQueueDelay *self);
/* us by which waits differ without a queue: half of them are below. */
gint64 snug_queue_delay_get_jitter (SnugQueueDelay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugQueueDelay, snug_queue_delay_free)

G_END_DECLS

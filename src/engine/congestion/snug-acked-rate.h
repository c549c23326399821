/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * At which rate packets are sent, and at which they arrive. Pure.
 */
#pragma once

#include "snug-packet-result.h"

G_BEGIN_DECLS

typedef struct _SnugAckedRate SnugAckedRate;

SnugAckedRate *snug_acked_rate_new (void);
void snug_acked_rate_free (SnugAckedRate *self);
void snug_acked_rate_add (SnugAckedRate *self, const SnugPacketResult *result);
/* Forgets everything, as after a time without feedback. */
void snug_acked_rate_reset (SnugAckedRate *self);
/* bit/s that arrived over the last half second of arrivals; 0: not known yet. */
guint64 snug_acked_rate_get (SnugAckedRate *self);
/* The same over little more than a tenth of a second: rougher, and sooner to tell that it has fallen. */
guint64 snug_acked_rate_get_recent (SnugAckedRate *self);
/* bit/s that were sent in the time for which there is feedback, lost ones too; 0: not known yet. */
guint64 snug_acked_rate_get_sent (SnugAckedRate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugAckedRate, snug_acked_rate_free)

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makes the rates, losses and jitters of one second out of two readings of what an RTP session counts since its start.
 * Pure: the session is not asked here.
 */
#pragma once

#include <gst/gst.h>

#include "snug-stats-sample.h"

G_BEGIN_DECLS

typedef struct _SnugStatsReader SnugStatsReader;

/* Returns: (transfer full). */
SnugStatsReader *snug_stats_reader_new (void);
void snug_stats_reader_free (SnugStatsReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugStatsReader, snug_stats_reader_free)

/* session: (nullable): what RTPSession's property "stats" says. audio_ssrc: our own source of sound. seconds: monotonic, above
 * 0. Sets of values what is known: rates from the second reading on, a jitter only while packets come of which it tells. */
void snug_stats_reader_read (SnugStatsReader *self,
                             const GstStructure *session,
                             guint32 audio_ssrc,
                             double seconds,
                             SnugStatsValues *values);

G_END_DECLS

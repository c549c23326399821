/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The numbers of one peer: a GListModel of SnugStatsSample, oldest first, the last two minutes of them at one a second.
 * Main context.
 *
 * Property, with notify: "latest" (SnugStatsSample, nullable).
 */
#pragma once

#include "snug-stats-sample.h"

G_BEGIN_DECLS

#define SNUG_STATS_LENGTH 120

#define SNUG_TYPE_STATS (snug_stats_get_type ())
G_DECLARE_FINAL_TYPE (SnugStats, snug_stats, SNUG, STATS, GObject)

SnugStats *snug_stats_new (void);
SnugStatsSample *snug_stats_get_latest (SnugStats *self);
/* For whoever polls. sample: (transfer full). */
void snug_stats_append (SnugStats *self, SnugStatsSample *sample);

G_END_DECLS

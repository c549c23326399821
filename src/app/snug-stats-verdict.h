/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the numbers of a connection mean for the two people, in one sentence. Pure.
 */
#pragma once

#include "snug-stats-sample.h"

G_BEGIN_DECLS

typedef enum
{
  SNUG_VERDICT_UNKNOWN,
  SNUG_VERDICT_GOOD,
  SNUG_VERDICT_UNSTEADY,
  SNUG_VERDICT_POOR
} SnugVerdict;

/* values: (nullable): no sample yet. */
SnugVerdict snug_stats_verdict_judge (const SnugStatsValues *values);

/* "The connection is good." Static, translated. */
const char *snug_stats_verdict_get_title (SnugVerdict verdict);

/* What is wrong, if anything, the way, and what the other person notices: "8 % of packets are lost on the way to you.
 * Direct connection, 24 ms. Maya sees you at 720p and 30 frames a second."
 * other_name: (nullable): "the other side". Returns: (transfer full). */
char *snug_stats_verdict_describe (SnugVerdict verdict, const SnugStatsValues *values, const char *other_name);

/* "Direct, over IPv6" and "UDP, no relay in between". *detail: (out) (transfer full).
 * Returns: (transfer full): both NULL while there is no path. */
char *snug_stats_verdict_describe_path (const SnugStatsValues *values, char **detail);

G_END_DECLS

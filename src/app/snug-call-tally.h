/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a call has been, second by second, and the sentence about it at its end. Pure.
 */
#pragma once

#include "snug-stats-verdict.h"

G_BEGIN_DECLS

/* Seconds of each kind. Zero-initialised. */
typedef struct
{
  guint good;
  guint unsteady;
  guint poor;
} SnugCallTally;

/* One more second. UNKNOWN counts for nothing. */
void snug_call_tally_note (SnugCallTally *self, SnugVerdict verdict);
/* What to remember: GOOD unless a twentieth of the time was not, POOR from a fifth of it on; UNKNOWN without numbers. */
SnugVerdict snug_call_tally_judge (const SnugCallTally *self);
/* "The connection was good." Returns: (transfer full) (nullable): NULL without numbers. */
char *snug_call_tally_describe (const SnugCallTally *self);

/* "12:48 with Maya and 2 others". people: (nullable): display names, NULL-terminated. Returns: (transfer full). */
char *snug_call_tally_describe_length (gint64 seconds, const char *const *people);

G_END_DECLS

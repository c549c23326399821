/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which of many deadlines comes first: a binary heap whose entries stand inside of what they belong to, so
 * that setting, moving and taking back one costs log n and no memory. Pure: the caller says what time it is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value; zero it for one that is not set. It must stay where it is, and be cleared before it is gone. */
typedef struct
{
  gint64 time; /* as g_get_monotonic_time(); 0: not set */
  guint place; /* in the heap */
} SnugDeadline;

/* A value; zero it for an empty one. */
typedef struct
{
  SnugDeadline **heap;
  guint n;
  guint allocated;
} SnugDeadlines;

/* Frees the heap; the deadlines that were in it are not touched. */
void snug_deadlines_clear (SnugDeadlines *self);
/* time: 0 takes it back. */
void snug_deadlines_set (SnugDeadlines *self, SnugDeadline *deadline, gint64 time);
/* When the first one is, 0 when there is none. */
gint64 snug_deadlines_get_first (const SnugDeadlines *self);
/* Takes one out that is not after now. Returns: (nullable): it, not set any more. */
SnugDeadline *snug_deadlines_take_due (SnugDeadlines *self, gint64 now);

G_END_DECLS

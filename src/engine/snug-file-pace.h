/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much of a file may be on the way, so that what else is on the path does not wait for it: LEDBAT (RFC 6817), over
 * the time that acknowledgements take. The window grows while they come as fast as they ever did, and shrinks as soon as
 * something queues. Pure: the caller says what time it is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Queueing that is aimed for and not exceeded for long, in microseconds. */
#define SNUG_FILE_PACE_TARGET_US (30 * 1000)

typedef struct _SnugFilePace SnugFilePace;

/* offset: the first byte that will be sent. Returns: (transfer full). */
SnugFilePace *snug_file_pace_new (guint64 offset);
void snug_file_pace_free (SnugFilePace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugFilePace, snug_file_pace_free)

/* Bytes that may be sent now in one piece, 0: wait for an acknowledgement. */
gsize snug_file_pace_get_allowance (SnugFilePace *self);
/* Everything before end is on the way. now: g_get_monotonic_time(). */
void snug_file_pace_sent (SnugFilePace *self, guint64 end, gint64 now);
/* Everything before offset has arrived. FALSE: it was never sent, or nothing new. */
gboolean snug_file_pace_acknowledged (SnugFilePace *self, guint64 offset, gint64 now);

/* Bytes. */
gsize snug_file_pace_get_window (SnugFilePace *self);
/* Microseconds that acknowledgements take longer than they have to; of the last few the least. */
gint64 snug_file_pace_get_queueing (SnugFilePace *self);

G_END_DECLS

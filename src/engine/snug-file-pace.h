/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much of a file may be on the way, so that what else is on the path does not wait for it: LEDBAT (RFC 6817), over
 * the time that acknowledgements take. The window grows while they come as fast as they ever did, and shrinks as soon as
 * something queues.
 *
 * A call is more sensitive than that: it gives way to any queue itself, and between the two the file would win. So whoever
 * knows says how the call on the same path fares. While it gets less than it wants, a file takes an eighth of what it gets;
 * afterwards it comes back slowly, most carefully where the call suffered the last time. Pure: the caller says what time it
 * is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Queueing that is aimed for and not exceeded for long, in microseconds. */
#define SNUG_FILE_PACE_TARGET_US (30 * 1000)

/* How a call on the same path fares, bit/s. */
typedef struct
{
  guint64 target; /* that the path is thought to take of it */
  guint64 sent;   /* that arrives of it */
  guint64 most;   /* that it would ever want */
} SnugPathLoad;

typedef struct _SnugFilePace SnugFilePace;

/* offset: the first byte that will be sent. Returns: (transfer full). */
SnugFilePace *snug_file_pace_new (guint64 offset);
void snug_file_pace_free (SnugFilePace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugFilePace, snug_file_pace_free)

/* Several times a second, if there is a call. load: all 0: nothing is known of one. */
void snug_file_pace_set_load (SnugFilePace *self, const SnugPathLoad *load, gint64 now);
/* Bytes that may be sent now in one piece, 0: not now. */
gsize snug_file_pace_get_allowance (SnugFilePace *self, gint64 now);
/* Microseconds until that is to be asked again, -1: an acknowledgement has to come first. */
gint64 snug_file_pace_get_wait (SnugFilePace *self, gint64 now);
/* Everything before end is on the way. now: g_get_monotonic_time(). */
void snug_file_pace_sent (SnugFilePace *self, guint64 end, gint64 now);
/* Everything before offset has arrived. FALSE: it was never sent, or nothing new. */
gboolean snug_file_pace_acknowledged (SnugFilePace *self, guint64 offset, gint64 now);

/* Bytes. */
gsize snug_file_pace_get_window (SnugFilePace *self);
/* Microseconds that acknowledgements take longer than they have to; of the last few the least. */
gint64 snug_file_pace_get_queueing (SnugFilePace *self);

G_END_DECLS

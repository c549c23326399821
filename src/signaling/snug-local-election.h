/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who holds a room on a local network, as rules without any I/O: of those that are announced the one whose name comes first
 * and that really lets us in; where there is none, ourselves. Everybody decides alone and by the same rule, so that all of them
 * end up at one. What is announced counts for nothing until it has been reached: who lies keeps nobody longer than the connection takes that fails.
 *
 * Times are microseconds of any clock that goes on.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Announcements that are kept in mind; more are left out. */
#define SNUG_LOCAL_HOSTS_MAX 64
/* From one attempt to the next while there are several to reach, so that a dead one holds nobody up. */
#define SNUG_LOCAL_STAGGER (300 * G_TIME_SPAN_MILLISECOND)
/* After a failed attempt, until the same one is tried again: doubled each time, up to the maximum. */
#define SNUG_LOCAL_RETRY (2 * G_TIME_SPAN_SECOND)
#define SNUG_LOCAL_RETRY_MAX (60 * G_TIME_SPAN_SECOND)
/* Over which nobody waits any more for attempts that are under way before it holds the room itself. */
#define SNUG_LOCAL_PATIENCE (8 * G_TIME_SPAN_SECOND)
/* Of those who lost their host the first in order takes over at once, the second after this time, if nobody has, and so on: what an
 * announcement takes to get around. */
#define SNUG_LOCAL_TURN (2500 * G_TIME_SPAN_MILLISECOND)

typedef enum
{
  SNUG_LOCAL_WAIT, /* until something happens, or the time that is told */
  SNUG_LOCAL_TRY,  /* reach the one that is named: end in joined(), failed() or refuse() */
  SNUG_LOCAL_HOST  /* hold the room: end in hosting() */
} SnugLocalStep;

typedef struct _SnugLocalElection SnugLocalElection;

/* Returns: (transfer full): one that looks, and holds the room itself from host_after on. */
SnugLocalElection *snug_local_election_new (gint64 now, gint64 host_after);
void snug_local_election_free (SnugLocalElection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugLocalElection, snug_local_election_free)

/* An announcement of this room is there, or there once more; is gone. */
void snug_local_election_found (SnugLocalElection *self, const char *name);
void snug_local_election_gone (SnugLocalElection *self, const char *name);
/* Whoever held the room does not any more; what was failed to reach is forgiven. */
void snug_local_election_look (SnugLocalElection *self, gint64 now, gint64 host_after);
/* While it looks: another time. */
void snug_local_election_set_host_after (SnugLocalElection *self, gint64 host_after);
/* That one let us in: it holds the room. */
void snug_local_election_joined (SnugLocalElection *self, const char *name);
/* We hold the room, under that name. */
void snug_local_election_hosting (SnugLocalElection *self, const char *name);
/* An attempt has failed, for now or (it said so, or it lies) for as long as it is announced. */
void snug_local_election_failed (SnugLocalElection *self, const char *name, gint64 now);
void snug_local_election_refuse (SnugLocalElection *self, const char *name);
/* An attempt was given up because another one succeeded. */
void snug_local_election_drop_attempts (SnugLocalElection *self);

/* What to do now. To be asked until it says WAIT, after everything that was told to it, and at *wake_at (-1: no time). name: (out) (nullable):
 * borrowed until the next call. */
SnugLocalStep snug_local_election_next (SnugLocalElection *self, gint64 now, const char **name, gint64 *wake_at);

/* How many come before self_id among the members of a room, whose ids everybody in it knows. */
guint snug_local_election_get_rank (const char *self_id, GHashTable *members);

G_END_DECLS

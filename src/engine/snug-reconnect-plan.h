/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When to try for a new connection to a peer: at once, then again and again with pauses that double up to a minute. Pure: the
 * time is given, in microseconds of any clock that goes on.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From the beginning of an attempt until it is given up. */
#define SNUG_RECONNECT_ATTEMPT_US (10 * G_USEC_PER_SEC)
/* Between the end of one attempt and the next: 1 s, 2, 4 ... */
#define SNUG_RECONNECT_PAUSE_US G_USEC_PER_SEC
#define SNUG_RECONNECT_PAUSE_MAX_US (60 * G_USEC_PER_SEC)

/**
 * SnugReconnectStep:
 * @SNUG_RECONNECT_WAIT: nothing to do now
 * @SNUG_RECONNECT_ATTEMPT: begin an attempt
 * @SNUG_RECONNECT_ABANDON: the one that runs took too long
 */
typedef enum
{
  SNUG_RECONNECT_WAIT,
  SNUG_RECONNECT_ATTEMPT,
  SNUG_RECONNECT_ABANDON
} SnugReconnectStep;

/* Zeroed: nothing is wanted. */
typedef struct
{
  gboolean wanted;
  gboolean running;  /* an attempt is, since then; otherwise the next begins then */
  gint64 then;
  guint n_attempts;  /* begun since it is wanted */
  guint n_failures;  /* in a row, with nothing that would make the next one any better */
} SnugReconnectPlan;

/* A new connection is wanted; nothing when it is already. */
void snug_reconnect_plan_begin (SnugReconnectPlan *self, gint64 now);
/* It is there, or not needed any more. */
void snug_reconnect_plan_end (SnugReconnectPlan *self);
/* Something changed for the better: an attempt that runs begins again, one that waits begins at once. */
void snug_reconnect_plan_hurry (SnugReconnectPlan *self, gint64 now);
/* The attempt that runs came to nothing. */
void snug_reconnect_plan_fail (SnugReconnectPlan *self, gint64 now);
/* To be asked every now and then. What it answers counts as done. */
SnugReconnectStep snug_reconnect_plan_step (SnugReconnectPlan *self, gint64 now);
/* Whether the attempt that runs is one for relays only: every third is. */
gboolean snug_reconnect_plan_prefers_relay (const SnugReconnectPlan *self);

G_END_DECLS

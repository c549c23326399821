/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A call that did not work, taken apart: what was tried, how far it got, what to do next. Pure.
 */
#pragma once

#include "snug-error-text.h"

G_BEGIN_DECLS

typedef enum
{
  SNUG_STEP_DONE,
  SNUG_STEP_FAILED
} SnugStepState;

typedef struct
{
  SnugStepState state;
  char *title;
  char *detail;      /* nullable */
  SnugRemedy remedy; /* what a button in that row leads to */
} SnugFailureStep;

typedef struct
{
  char *title;
  char *sentence;
  GPtrArray *steps; /* (element-type SnugFailureStep) */
  char *report;     /* for the clipboard: no names */
} SnugFailure;

/* error: why. other_name: (nullable): the person who could not be reached. server: (nullable): host of the meeting
 * point. has_relay: a TURN server is set. Returns: (transfer full). */
SnugFailure *snug_failure_new (const GError *error, const char *other_name, const char *server, gboolean has_relay);
void snug_failure_free (SnugFailure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugFailure, snug_failure_free)

G_END_DECLS

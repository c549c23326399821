/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * THE table from (domain, code) to sentences that a person can act on, translated. Nothing else in the app puts
 * an error into words.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the person can be led to. */
typedef enum
{
  SNUG_REMEDY_NONE,
  SNUG_REMEDY_NETWORK, /* Preferences, servers to find a path with */
  SNUG_REMEDY_SERVER,  /* Preferences, meeting point */
  SNUG_REMEDY_DEVICES, /* Preferences, devices */
  SNUG_REMEDY_ROOM     /* another room name */
} SnugRemedy;

typedef struct
{
  const char *title;    /* what happened, without a full stop; may hold one %s for the other person's name */
  const char *sentence; /* why, and what to do */
  SnugRemedy remedy;
} SnugErrorText;

/* For media errors: what could not be used. */
typedef enum
{
  SNUG_ERROR_TEXT_CALL,
  SNUG_ERROR_TEXT_CAMERA,
  SNUG_ERROR_TEXT_MICROPHONE,
  SNUG_ERROR_TEXT_SPEAKER,
  SNUG_ERROR_TEXT_SCREEN
} SnugErrorSubject;

/* The words for an error; for one that is not in the table, the words for "something failed". Its strings are
 * static and already translated. *known (nullable) says whether the table has it. */
SnugErrorText snug_error_text_lookup (const GError *error, SnugErrorSubject subject, gboolean *known);

/* The title with the other person's name put in where it has a place for it. other_name: (nullable).
 * Returns: (transfer full). */
char *snug_error_text_title (const SnugErrorText *text, const char *other_name);

G_END_DECLS

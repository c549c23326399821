/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast something goes, smoothed so that a person can read it. Pure: the caller says what time it is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value; all zero is a new one. */
typedef struct
{
  gint64 measured_at; /* microseconds; 0: never */
  guint64 measured;   /* bytes */
  double rate;        /* bytes a second */
  gboolean known;
} SnugFileSpeed;

/* From this many bytes on. now: g_get_monotonic_time(). */
void snug_file_speed_start (SnugFileSpeed *self, guint64 bytes, gint64 now);
/* So many bytes are there now. Returns: bytes a second over the last seconds. */
double snug_file_speed_update (SnugFileSpeed *self, guint64 bytes, gint64 now);

G_END_DECLS

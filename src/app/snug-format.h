/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers, times and names as a person reads them, in the person's language. Pure. All return (transfer full).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "12:48", "1:03:22". seconds: not negative. */
char *snug_format_duration (gint64 seconds);
/* "2.3 Mbit/s", "840 kbit/s", "—" for NAN. */
char *snug_format_bit_rate (double bits_per_second);
/* "38 ms", "—" for NAN. */
char *snug_format_milliseconds (double seconds);
/* "0.1 %" out of 0.001, "—" for NAN. */
char *snug_format_percent (double fraction);
/* "30 / s", "—" for NAN. */
char *snug_format_frame_rate (double frames_per_second);
/* "10:02" in the user's way of writing times. */
char *snug_format_time (GDateTime *time);
/* "Today", "Yesterday", "Tuesday" within a week, else "12 November", with the year when it is another. */
char *snug_format_day (GDateTime *time, GDateTime *now);
/* By first names: "Maya", "Maya and Lena", "Maya and 2 others"; NULL for nobody. names: NULL-terminated. */
char *snug_format_people (const char *const *names);
/* The first word of a display name. */
char *snug_format_first_name (const char *name);
/* Who is writing a message, by first names: "Maya is typing…", "Maya and Lena are typing…", "3 people are typing…"; NULL for
 * nobody. names: NULL-terminated. */
char *snug_format_typing (const char *const *names);
/* "720p" */
char *snug_format_picture_size (guint width, guint height);

G_END_DECLS

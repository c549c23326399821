/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-format.h"

#include <glib/gi18n.h>
#include <math.h>

#define UNKNOWN "—"

char *
snug_format_duration (gint64 seconds)
{
  int s = (int) (seconds % 60);
  int m = (int) (seconds / 60 % 60);
  int h = (int) (seconds / 3600);

  if (h > 0)
    return g_strdup_printf ("%d:%02d:%02d", h, m, s);
  return g_strdup_printf ("%d:%02d", m, s);
}

char *
snug_format_bit_rate (double bits_per_second)
{
  if (isnan (bits_per_second) || bits_per_second < 0)
    return g_strdup (UNKNOWN);
  if (bits_per_second < 1e6 - 500)
    /* Translators: kilobits a second */
    return g_strdup_printf (_ ("%.0f kbit/s"), bits_per_second / 1e3);
  /* Translators: megabits a second */
  return g_strdup_printf (_ ("%.1f Mbit/s"), bits_per_second / 1e6);
}

char *
snug_format_milliseconds (double seconds)
{
  if (isnan (seconds) || seconds < 0)
    return g_strdup (UNKNOWN);
  return g_strdup_printf (_ ("%.0f ms"), seconds * 1e3);
}

char *
snug_format_percent (double fraction)
{
  if (isnan (fraction) || fraction < 0)
    return g_strdup (UNKNOWN);
  return g_strdup_printf (_ ("%.1f %%"), fraction * 100);
}

char *
snug_format_frame_rate (double frames_per_second)
{
  if (isnan (frames_per_second) || frames_per_second < 0)
    return g_strdup (UNKNOWN);
  /* Translators: frames a second */
  return g_strdup_printf (_ ("%.0f / s"), frames_per_second);
}

char *
snug_format_time (GDateTime *time)
{
  /* Translators: a time of day, see g_date_time_format(); "%l:%M %p" gives 1:05 pm */
  return g_date_time_format (time, _ ("%H:%M"));
}

char *
snug_format_day (GDateTime *time, GDateTime *now)
{
  g_autoptr (GDateTime) today = g_date_time_new_local (g_date_time_get_year (now),
                                                       g_date_time_get_month (now),
                                                       g_date_time_get_day_of_month (now),
                                                       0, 0, 0);
  g_autoptr (GDateTime) day = g_date_time_new_local (g_date_time_get_year (time),
                                                     g_date_time_get_month (time),
                                                     g_date_time_get_day_of_month (time),
                                                     0, 0, 0);
  GTimeSpan apart = g_date_time_difference (today, day);
  /* Half a day more: a day with a change of clocks has 23 or 25 hours. */
  gint64 days = apart < 0 ? -1 : (apart + G_TIME_SPAN_HOUR * 12) / G_TIME_SPAN_DAY;

  if (days == 0)
    return g_strdup (_ ("Today"));
  if (days == 1)
    return g_strdup (_ ("Yesterday"));
  if (days > 1 && days < 7)
    return g_date_time_format (time, "%A");
  if (g_date_time_get_year (time) == g_date_time_get_year (now))
    /* Translators: a day of this year, see g_date_time_format() */
    return g_date_time_format (time, _ ("%-d %B"));
  /* Translators: a day of another year */
  return g_date_time_format (time, _ ("%-d %B %Y"));
}

char *
snug_format_first_name (const char *name)
{
  const char *space = strchr (name, ' ');

  return space == NULL || space == name ? g_strdup (name) : g_strndup (name, (gsize) (space - name));
}

char *
snug_format_people (const char *const *names)
{
  guint n = names == NULL ? 0 : g_strv_length ((char **) names);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (n == 0)
    return NULL;
  first = snug_format_first_name (names[0]);
  if (n == 1)
    return g_steal_pointer (&first);
  if (n == 2)
    {
      second = snug_format_first_name (names[1]);
      /* Translators: two names */
      return g_strdup_printf (_ ("%s and %s"), first, second);
    }
  /* Translators: a name, and how many people besides; never fewer than two */
  return g_strdup_printf (g_dngettext (NULL, "%s and %u other", "%s and %u others", n - 1), first, n - 1);
}

char *
snug_format_typing (const char *const *names)
{
  guint n = names == NULL ? 0 : g_strv_length ((char **) names);
  g_autofree char *people = NULL;

  if (n == 0)
    return NULL;
  if (n > 2)
    return g_strdup_printf (g_dngettext (NULL, "%u person is typing…", "%u people are typing…", n), n);
  people = snug_format_people (names);
  /* Translators: a name, or two names as in "Maya and Lena" */
  return g_strdup_printf (g_dngettext (NULL, "%s is typing…", "%s are typing…", n), people);
}

char *
snug_format_picture_size (guint width, guint height)
{
  /* Translators: height of a picture in lines, as in 720p */
  return g_strdup_printf (_ ("%up"), MIN (width, height));
}

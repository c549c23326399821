/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-call-tally.h"

#include "snug-format.h"

#include <glib/gi18n.h>

/* Of all seconds: from here on it is worth a word. */
#define SOME 0.05
#define MUCH 0.20

void
snug_call_tally_note (SnugCallTally *self, SnugVerdict verdict)
{
  switch (verdict)
    {
    case SNUG_VERDICT_GOOD:
      self->good++;
      break;
    case SNUG_VERDICT_UNSTEADY:
      self->unsteady++;
      break;
    case SNUG_VERDICT_POOR:
      self->poor++;
      break;
    case SNUG_VERDICT_UNKNOWN:
    default:
      break;
    }
}

SnugVerdict
snug_call_tally_judge (const SnugCallTally *self)
{
  double all = (double) self->good + self->unsteady + self->poor;

  if (all == 0)
    return SNUG_VERDICT_UNKNOWN;
  if (self->poor >= all * MUCH)
    return SNUG_VERDICT_POOR;
  if (self->unsteady + self->poor >= all * SOME)
    return SNUG_VERDICT_UNSTEADY;
  return SNUG_VERDICT_GOOD;
}

char *
snug_call_tally_describe (const SnugCallTally *self)
{
  g_autofree char *bad = snug_format_duration ((gint64) self->unsteady + self->poor);

  switch (snug_call_tally_judge (self))
    {
    case SNUG_VERDICT_GOOD:
      return g_strdup (_ ("The connection was good."));
    case SNUG_VERDICT_UNSTEADY:
      if (self->good < self->unsteady + self->poor)
        return g_strdup (_ ("The connection was unsteady."));
      /* Translators: a length of time, 2:10 */
      return g_strdup_printf (_ ("The connection was good most of the time, and unsteady for %s."), bad);
    case SNUG_VERDICT_POOR:
      /* Translators: a length of time, 2:10 */
      return g_strdup_printf (_ ("The connection was poor or unsteady for %s."), bad);
    case SNUG_VERDICT_UNKNOWN:
    default:
      return NULL;
    }
}

char *
snug_call_tally_describe_length (gint64 seconds, const char *const *people)
{
  g_autofree char *length = snug_format_duration (seconds);
  g_autofree char *who = snug_format_people (people);

  if (who == NULL)
    return g_steal_pointer (&length);
  /* Translators: a length of time, and who was there: 12:48 with Maya and Lena */
  return g_strdup_printf (_ ("%s with %s"), length, who);
}

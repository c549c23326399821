/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-stats-verdict.h"

#include "snug-format.h"

#include <glib/gi18n.h>
#include <math.h>

/* From here on a conversation suffers noticeably, and badly (ITU-T G.114 for delay, one way being half). */
#define UNSTEADY_LOSS 0.02
#define POOR_LOSS 0.10
#define UNSTEADY_ROUND_TRIP 0.300
#define POOR_ROUND_TRIP 0.600
#define UNSTEADY_JITTER 0.030
#define POOR_JITTER 0.100

static double
worst (double a, double b)
{
  /* fmax() takes the other one for a NAN. */
  return fmax (a, b);
}

SnugVerdict
snug_stats_verdict_judge (const SnugStatsValues *values)
{
  double loss, jitter;

  if (values == NULL)
    return SNUG_VERDICT_UNKNOWN;

  loss = worst (values->sent_loss_fraction, values->received_loss_fraction);
  jitter = worst (values->audio_jitter_seconds, values->video_jitter_seconds);
  if (isnan (loss) && isnan (jitter) && isnan (values->round_trip_seconds))
    return SNUG_VERDICT_UNKNOWN;

  /* A comparison with NAN is false: what is not known does not count. */
  if (loss >= POOR_LOSS || values->round_trip_seconds >= POOR_ROUND_TRIP || jitter >= POOR_JITTER)
    return SNUG_VERDICT_POOR;
  if (loss >= UNSTEADY_LOSS || values->round_trip_seconds >= UNSTEADY_ROUND_TRIP || jitter >= UNSTEADY_JITTER)
    return SNUG_VERDICT_UNSTEADY;
  return SNUG_VERDICT_GOOD;
}

const char *
snug_stats_verdict_get_title (SnugVerdict verdict)
{
  switch (verdict)
    {
    case SNUG_VERDICT_GOOD:
      return _ ("The connection is good.");
    case SNUG_VERDICT_UNSTEADY:
      return _ ("The connection is unsteady.");
    case SNUG_VERDICT_POOR:
      return _ ("The connection is poor.");
    case SNUG_VERDICT_UNKNOWN:
    default:
      return _ ("Not measured yet.");
    }
}

/* What the other one sees, when we send a picture. */
static char *
describe_picture (const SnugStatsValues *values, const char *name)
{
  g_autofree char *size = NULL;
  int frames;

  if (values->sent_width == 0 || values->sent_height == 0 || isnan (values->sent_frames_per_second))
    return g_strdup_printf (_ ("%s hears you."), name);

  size = snug_format_picture_size (values->sent_width, values->sent_height);
  frames = (int) (values->sent_frames_per_second + 0.5);
  /* Translators: a name, a picture size as in 720p, a number */
  return g_strdup_printf (g_dngettext (NULL,
                                       "%s sees you at %s and %d frame a second.",
                                       "%s sees you at %s and %d frames a second.",
                                       (gulong) MAX (0, frames)),
                          name, size, frames);
}

static gboolean
is_relayed (const SnugStatsValues *values)
{
  return g_strcmp0 (values->local_candidate_type, "relay") == 0
         || g_strcmp0 (values->remote_candidate_type, "relay") == 0;
}

/* "Direct connection, 24 ms."; NULL when neither is known. */
static char *
describe_way (const SnugStatsValues *values)
{
  g_autofree char *time = isnan (values->round_trip_seconds) ? NULL
                                                             : snug_format_milliseconds (values->round_trip_seconds);

  if (values->local_candidate_type == NULL)
    return NULL;
  if (time == NULL)
    return g_strdup (is_relayed (values) ? _ ("Through a relay.") : _ ("Direct connection."));
  if (is_relayed (values))
    /* Translators: a time, as in "80 ms" */
    return g_strdup_printf (_ ("Through a relay, %s."), time);
  /* Translators: a time, as in "24 ms" */
  return g_strdup_printf (_ ("Direct connection, %s."), time);
}

static char *
describe_trouble (const SnugStatsValues *values, const char *name)
{
  double loss = worst (values->sent_loss_fraction, values->received_loss_fraction);
  double jitter = worst (values->audio_jitter_seconds, values->video_jitter_seconds);

  if (loss >= UNSTEADY_LOSS)
    {
      int percent = (int) (loss * 100 + 0.5);

      if (values->received_loss_fraction >= loss)
        /* Translators: %% is a percent sign */
        return g_strdup_printf (_ ("%d %% of packets are lost on the way to you."), percent);
      /* Translators: %% is a percent sign; a name */
      return g_strdup_printf (_ ("%d %% of packets are lost on the way to %s."), percent, name);
    }
  if (values->round_trip_seconds >= UNSTEADY_ROUND_TRIP)
    return g_strdup (_ ("Answers arrive late, so people may talk over each other."));
  if (jitter >= UNSTEADY_JITTER)
    return g_strdup (_ ("Packets arrive unevenly, so sound and picture may stutter."));
  return NULL;
}

char *
snug_stats_verdict_describe (SnugVerdict verdict, const SnugStatsValues *values, const char *other_name)
{
  const char *name = other_name != NULL ? other_name : _ ("the other side");
  g_autoptr (GStrvBuilder) sentences = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  if (values == NULL || verdict == SNUG_VERDICT_UNKNOWN)
    return g_strdup (_ ("The first numbers come a few seconds after you are connected."));

  {
    g_autofree char *trouble = describe_trouble (values, name);
    g_autofree char *way = describe_way (values);
    g_autofree char *picture = describe_picture (values, other_name != NULL ? name : _ ("The other side"));

    /* What is wrong comes first. */
    if (trouble != NULL)
      g_strv_builder_add (sentences, trouble);
    if (way != NULL)
      g_strv_builder_add (sentences, way);
    g_strv_builder_add (sentences, picture);
  }
  list = g_strv_builder_end (sentences);
  return g_strjoinv (" ", list);
}

char *
snug_stats_verdict_describe_path (const SnugStatsValues *values, char **detail)
{
  gboolean relayed;
  gboolean ipv6;
  g_autofree char *transport = NULL;

  *detail = NULL;
  if (values == NULL || values->local_candidate_type == NULL)
    return NULL;

  relayed = is_relayed (values);
  ipv6 = values->remote_address != NULL && strchr (values->remote_address, ':') != NULL;
  transport = g_ascii_strup (values->protocol != NULL ? values->protocol : "udp", -1);

  if (relayed)
    {
      /* Translators: UDP or TCP */
      *detail = g_strdup_printf (_ ("%s, through a relay that cannot read it"), transport);
      return g_strdup (_ ("Through a relay"));
    }
  if (g_strcmp0 (values->local_candidate_type, "host") == 0
      && g_strcmp0 (values->remote_candidate_type, "host") == 0)
    *detail = g_strdup_printf (_ ("%s, no relay in between"), transport);
  else
    *detail = g_strdup_printf (_ ("%s, through a router, no relay in between"), transport);
  return g_strdup (ipv6 ? _ ("Direct, over IPv6") : _ ("Direct, over IPv4"));
}

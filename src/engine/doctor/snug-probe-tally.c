/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-probe-tally.h"

#include <math.h>

#define NOT_YET -1

struct _SnugProbeTally
{
  guint count;
  GArray *sent;        /* gint64: when; by number */
  GArray *round_trips; /* gint64, NOT_YET; by number */
  guint echoed;
  guint64 echoed_bytes;
  gsize size;
  gint64 last_echo;
  guint received;
  guint64 received_bytes; /* after the first */
  gint64 first_received;
  gint64 last_received;
};

SnugProbeTally *
snug_probe_tally_new (guint count)
{
  SnugProbeTally *self = g_new0 (SnugProbeTally, 1);

  self->count = count;
  self->sent = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->round_trips = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

void
snug_probe_tally_free (SnugProbeTally *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->sent);
  g_array_unref (self->round_trips);
  g_free (self);
}

void
snug_probe_tally_send (SnugProbeTally *self, gsize size, gint64 now)
{
  gint64 not_yet = NOT_YET;

  g_return_if_fail (self->sent->len < self->count);

  self->size = size;
  g_array_append_val (self->sent, now);
  g_array_append_val (self->round_trips, not_yet);
}

gint64
snug_probe_tally_echo (SnugProbeTally *self, guint number, gint64 now)
{
  gint64 *round_trip;

  if (number >= self->sent->len)
    return NOT_YET;
  round_trip = &g_array_index (self->round_trips, gint64, number);
  if (*round_trip != NOT_YET)
    return NOT_YET;

  *round_trip = MAX (now - g_array_index (self->sent, gint64, number), 0);
  self->echoed++;
  self->echoed_bytes += self->size;
  self->last_echo = now;

  return *round_trip;
}

void
snug_probe_tally_receive (SnugProbeTally *self, gsize size, gint64 now)
{
  if (self->received++ == 0)
    self->first_received = now;
  else
    self->received_bytes += size;
  self->last_received = now;
}

gboolean
snug_probe_tally_is_complete (SnugProbeTally *self)
{
  return self->echoed == self->count;
}

guint
snug_probe_tally_get_sent (SnugProbeTally *self)
{
  return self->sent->len;
}

guint
snug_probe_tally_get_echoed (SnugProbeTally *self)
{
  return self->echoed;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* The smallest of them that so large a share of all is not above (nearest rank). */
static double
get_percentile (GArray *sorted, double share)
{
  guint rank = (guint) ceil (share * sorted->len);

  return g_array_index (sorted, gint64, CLAMP (rank, 1, sorted->len) - 1) / (double) G_USEC_PER_SEC;
}

static double
get_rate (guint64 bytes, gint64 from, gint64 to)
{
  return to > from ? bytes * 8.0 * G_USEC_PER_SEC / (to - from) : NAN;
}

SnugProbeSummary
snug_probe_tally_sum_up (SnugProbeTally *self)
{
  SnugProbeSummary summary = { .round_trip_min = NAN, .round_trip_median = NAN, .round_trip_p99 = NAN,
                               .round_trip_max = NAN, .loss_fraction = NAN, .bits_per_second = NAN,
                               .received_bits_per_second = NAN };
  g_autoptr (GArray) sorted = g_array_new (FALSE, FALSE, sizeof (gint64));

  summary.sent = self->sent->len;
  summary.echoed = self->echoed;
  summary.received = self->received;
  if (summary.sent > 0)
    summary.loss_fraction = (summary.sent - summary.echoed) / (double) summary.sent;
  if (self->received > 1)
    summary.received_bits_per_second = get_rate (self->received_bytes, self->first_received, self->last_received);
  if (self->echoed == 0)
    return summary;

  for (guint i = 0; i < self->round_trips->len; i++)
    if (g_array_index (self->round_trips, gint64, i) != NOT_YET)
      g_array_append_vals (sorted, &g_array_index (self->round_trips, gint64, i), 1);
  g_array_sort (sorted, compare_times);
  summary.round_trip_min = get_percentile (sorted, 0);
  summary.round_trip_median = get_percentile (sorted, 0.5);
  summary.round_trip_p99 = get_percentile (sorted, 0.99);
  summary.round_trip_max = get_percentile (sorted, 1);
  summary.bits_per_second
      = get_rate (self->echoed_bytes, g_array_index (self->sent, gint64, 0), self->last_echo);

  return summary;
}

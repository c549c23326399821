/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-stats.h"

#include <math.h>

static gsize
field_size (const SnugStatsField *field)
{
  switch (field->type)
    {
    case SNUG_STATS_DOUBLE:
      return sizeof (double);
    case SNUG_STATS_UINT:
      return sizeof (guint);
    case SNUG_STATS_UINT64:
      return sizeof (guint64);
    case SNUG_STATS_STRING:
      return sizeof (char *);
    default:
      g_assert_not_reached ();
    }
}

/* The table covers the struct from its first byte to its last: a new member without a row fails here. */
static void
test_table (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n_fields = 0;
  const SnugStatsField *fields = snug_stats_sample_list_fields (&n_fields);
  gsize end = 0;

  g_assert_cmpuint (n_fields, >, 0);
  for (gsize i = 0; i < n_fields; i++)
    {
      gsize size = field_size (&fields[i]);
      gsize aligned = (end + size - 1) / size * size;

      g_test_message ("%s", fields[i].name);
      g_assert_cmpuint (fields[i].offset, ==, aligned);
      g_assert_true (g_hash_table_add (names, (gpointer) fields[i].name));
      end = fields[i].offset + size;
    }
  g_assert_cmpuint ((end + 7) / 8 * 8, ==, sizeof (SnugStatsValues));
}

static void
test_new (void)
{
  SnugStatsValues values = {
    .time_seconds = 1.5,
    .round_trip_seconds = NAN,
    .received_packets_lost = G_MAXUINT64,
    .received_width = 640,
    .video_codec = g_strdup ("VP8"),
    .remote_address = g_strdup ("192.0.2.1"),
  };
  SnugStatsSample *sample = snug_stats_sample_new (&values);
  const SnugStatsValues *got = snug_stats_sample_get_values (sample);

  /* The strings have changed hands. */
  g_assert_null (values.video_codec);
  g_assert_null (values.remote_address);

  g_assert_cmpfloat (got->time_seconds, ==, 1.5);
  g_assert_true (isnan (got->round_trip_seconds));
  g_assert_cmpuint (got->received_packets_lost, ==, G_MAXUINT64);
  g_assert_cmpuint (got->received_width, ==, 640);
  g_assert_cmpstr (got->video_codec, ==, "VP8");
  g_assert_null (got->audio_codec);
  g_assert_cmpstr (got->remote_address, ==, "192.0.2.1");

  g_assert_finalize_object (sample);
}

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  guint *n = user_data;

  *n = *n - removed + added;
  g_assert_cmpuint (*n, ==, g_list_model_get_n_items (model));
}

static void
on_notify_latest (SnugStats *stats, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_ring (void)
{
  SnugStats *stats = snug_stats_new ();
  SnugStatsSample *sample = NULL;
  guint n_items = 0, n_notified = 0;

  g_assert_null (snug_stats_get_latest (stats));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (stats), 0));
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (stats)) == SNUG_TYPE_STATS_SAMPLE);
  g_signal_connect (stats, "items-changed", G_CALLBACK (on_items_changed), &n_items);
  g_signal_connect (stats, "notify::latest", G_CALLBACK (on_notify_latest), &n_notified);

  for (guint i = 0; i < 2 * SNUG_STATS_LENGTH + 7; i++)
    {
      SnugStatsValues values = { .time_seconds = i, .video_codec = g_strdup ("VP8") };
      g_autoptr (SnugStatsSample) first = NULL;
      guint n = MIN (i + 1, SNUG_STATS_LENGTH);

      sample = snug_stats_sample_new (&values);
      snug_stats_append (stats, sample);

      g_assert_true (snug_stats_get_latest (stats) == sample);
      g_assert_cmpuint (n_items, ==, n);
      g_assert_cmpuint (n_notified, ==, i + 1);
      first = g_list_model_get_item (G_LIST_MODEL (stats), 0);
      g_assert_cmpfloat (snug_stats_sample_get_values (first)->time_seconds, ==, i + 1 - n);
      g_assert_null (g_list_model_get_item (G_LIST_MODEL (stats), n));
    }

  g_object_get (stats, "latest", &sample, NULL);
  g_assert_true (sample == snug_stats_get_latest (stats));
  g_object_unref (sample);

  g_assert_finalize_object (stats);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stats-sample/table", test_table);
  g_test_add_func ("/stats-sample/new", test_new);
  g_test_add_func ("/stats/ring", test_ring);

  return g_test_run ();
}

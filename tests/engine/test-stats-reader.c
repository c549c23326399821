/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Seconds of a connection, as an RTP session would count them.
 */
#include "snug-stats-reader.h"

#include <math.h>

#define OWN_VOICE 1
#define OWN_CAMERA 2
#define VOICE 11
#define CAMERA 12
#define SCREEN 13
#define SENT_AGAIN 14

/* What one source has counted so far. */
typedef struct
{
  guint32 ssrc;
  gboolean internal;
  gint clock_rate;
  guint64 packets;
  gint lost;
  double jitter; /* seconds */
} Source;

static GstStructure *
count (const Source *sources, gsize n_sources)
{
  GstStructure *stats = gst_structure_new_empty ("application/x-rtp-session-stats");
  GValue value = G_VALUE_INIT;
  GValueArray *array;

  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  array = g_value_array_new (0);
  for (gsize i = 0; i < n_sources; i++)
    {
      const Source *source = &sources[i];
      const char *octets = source->internal ? "octets-sent" : "octets-received";
      const char *packets = source->internal ? "packets-sent" : "packets-received";
      GValue item = G_VALUE_INIT;

      g_value_init (&item, GST_TYPE_STRUCTURE);
      g_value_take_boxed (&item, gst_structure_new ("application/x-rtp-source-stats",
                                                    "ssrc", G_TYPE_UINT, source->ssrc,
                                                    "internal", G_TYPE_BOOLEAN, source->internal,
                                                    "clock-rate", G_TYPE_INT, source->clock_rate,
                                                    octets, G_TYPE_UINT64, 1000 * source->packets,
                                                    packets, G_TYPE_UINT64, source->packets,
                                                    "packets-lost", G_TYPE_INT, source->lost,
                                                    "jitter", G_TYPE_UINT,
                                                    (guint) (source->jitter * source->clock_rate), NULL));
      g_value_array_append (array, &item);
      g_value_unset (&item);
    }
  g_value_init (&value, g_value_array_get_type ());
  g_value_take_boxed (&value, array);
  G_GNUC_END_IGNORE_DEPRECATIONS
  gst_structure_take_value (stats, "source-stats", &value);

  return stats;
}

static SnugStatsValues
read_at (SnugStatsReader *reader, double seconds, const Source *sources, gsize n_sources)
{
  g_autoptr (GstStructure) stats = count (sources, n_sources);
  SnugStatsValues values = { .sent_bits_per_second = NAN, .received_loss_fraction = NAN };

  snug_stats_reader_read (reader, stats, OWN_VOICE, seconds, &values);

  return values;
}

static void
test_rates (void)
{
  g_autoptr (SnugStatsReader) reader = snug_stats_reader_new ();
  Source sources[] = {
    { OWN_VOICE, TRUE, 48000, 50, 0, 0 },
    { OWN_CAMERA, TRUE, 90000, 100, 0, 0 },
    { VOICE, FALSE, 48000, 50, 0, 0.002 },
    { CAMERA, FALSE, 90000, 90, 10, 0.004 },
  };
  SnugStatsValues values = read_at (reader, 1, sources, G_N_ELEMENTS (sources));

  g_assert_true (isnan (values.sent_bits_per_second));
  sources[0].packets += 100;
  sources[1].packets += 200;
  sources[2].packets += 100;
  sources[3].packets += 80;
  sources[3].lost += 20;
  values = read_at (reader, 3, sources, G_N_ELEMENTS (sources));
  g_assert_cmpfloat (values.audio_sent_bits_per_second, ==, 100 * 1020 * 8 / 2.0);
  g_assert_cmpfloat (values.video_sent_bits_per_second, ==, 200 * 1020 * 8 / 2.0);
  g_assert_cmpfloat (values.audio_received_bits_per_second, ==, 100 * 1020 * 8 / 2.0);
  g_assert_cmpfloat (values.video_received_bits_per_second, ==, 80 * 1020 * 8 / 2.0);
  g_assert_cmpfloat (values.received_loss_fraction, ==, 0.1);
  g_assert_cmpfloat_with_epsilon (values.audio_jitter_seconds, 0.002, 1e-4);
  g_assert_cmpfloat_with_epsilon (values.video_jitter_seconds, 0.004, 1e-4);

  /* A source that went took its counts along. */
  values = read_at (reader, 4, sources, 3);
  g_assert_cmpfloat (values.video_received_bits_per_second, ==, 0);
}

/* A camera that is switched off keeps the jitter of its last packet for ever. It is no trouble of the path. */
static void
test_picture_stopped (void)
{
  g_autoptr (SnugStatsReader) reader = snug_stats_reader_new ();
  Source sources[] = { { VOICE, FALSE, 48000, 50, 0, 0.002 }, { CAMERA, FALSE, 90000, 100, 0, 0.2 } };
  SnugStatsValues values;

  read_at (reader, 1, sources, G_N_ELEMENTS (sources));
  sources[0].packets += 50;
  sources[1].packets += 10;
  values = read_at (reader, 2, sources, G_N_ELEMENTS (sources));
  g_assert_cmpfloat_with_epsilon (values.video_jitter_seconds, 0.2, 1e-4);
  sources[0].packets += 50;
  values = read_at (reader, 3, sources, G_N_ELEMENTS (sources));
  g_assert_true (isnan (values.video_jitter_seconds));
  g_assert_cmpfloat_with_epsilon (values.audio_jitter_seconds, 0.002, 1e-4);
  /* And is known again when it comes again. */
  sources[1].packets += 100;
  sources[1].jitter = 0.005;
  values = read_at (reader, 4, sources, G_N_ELEMENTS (sources));
  g_assert_cmpfloat_with_epsilon (values.video_jitter_seconds, 0.005, 1e-4);
}

/* The camera is off while a screen is shared, and a little of what was lost is sent again, late by its nature. */
static void
test_several_pictures (void)
{
  g_autoptr (SnugStatsReader) reader = snug_stats_reader_new ();
  Source sources[] = {
    { SCREEN, FALSE, 90000, 100, 0, 0.003 },
    { CAMERA, FALSE, 90000, 1000, 0, 0.3 },
    { SENT_AGAIN, FALSE, 90000, 5, 0, 0.4 },
  };
  SnugStatsValues values;

  read_at (reader, 1, sources, G_N_ELEMENTS (sources));
  sources[0].packets += 60;
  sources[2].packets += 5;
  values = read_at (reader, 2, sources, G_N_ELEMENTS (sources));
  g_assert_cmpfloat_with_epsilon (values.video_jitter_seconds, 0.003, 1e-4);
}

static void
test_nothing (void)
{
  g_autoptr (SnugStatsReader) reader = snug_stats_reader_new ();
  g_autoptr (GstStructure) empty = gst_structure_new_empty ("stats");
  SnugStatsValues values = { 0 };
  Source sources[200];

  snug_stats_reader_read (reader, NULL, OWN_VOICE, 1, &values);
  snug_stats_reader_read (reader, empty, OWN_VOICE, 2, &values);
  g_assert_cmpfloat (values.received_bits_per_second, ==, 0);
  g_assert_true (isnan (values.audio_jitter_seconds));

  /* Somebody who makes up sources, one without a clock, which then count less than before. */
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    sources[i] = (Source){ 100 + i, FALSE, i % 2 == 0 ? 90000 : 0, 1000, G_MININT, 1 };
  read_at (reader, 3, sources, G_N_ELEMENTS (sources));
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    sources[i].packets = 1;
  values = read_at (reader, 4, sources, G_N_ELEMENTS (sources));
  g_assert_cmpfloat (values.received_bits_per_second, ==, 0);
  g_assert_true (isnan (values.received_loss_fraction));
  /* Half of them go, of the rest more is lost than has come. */
  for (guint i = 0; i < G_N_ELEMENTS (sources) / 2; i++)
    sources[i].lost += 1000;
  values = read_at (reader, 5, sources, G_N_ELEMENTS (sources) / 2);
  g_assert_cmpfloat (values.received_loss_fraction, >=, 0);
  g_assert_cmpfloat (values.received_loss_fraction, <=, 1);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats-reader/rates", test_rates);
  g_test_add_func ("/stats-reader/picture-stopped", test_picture_stopped);
  g_test_add_func ("/stats-reader/several-pictures", test_several_pictures);
  g_test_add_func ("/stats-reader/nothing", test_nothing);

  return g_test_run ();
}

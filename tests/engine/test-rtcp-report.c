/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-rtcp-report.h"

#include <math.h>
#include <string.h>

/* 2026-01-01 00:00:00.5 UTC */
#define NOW (G_GINT64_CONSTANT (1767225600) * G_USEC_PER_SEC + 500000)

static void
put_uint32 (GByteArray *bytes, guint32 value)
{
  guint8 data[4] = { value >> 24, value >> 16, value >> 8, value };

  g_byte_array_append (bytes, data, sizeof data);
}

static void
put_header (GByteArray *bytes, guint8 type, guint n_blocks, guint words)
{
  put_uint32 (bytes, 2u << 30 | n_blocks << 24 | (guint32) type << 16 | words);
}

static void
put_block (GByteArray *bytes, guint32 ssrc, guint8 lost, guint32 lsr, guint32 dlsr)
{
  put_uint32 (bytes, ssrc);
  put_uint32 (bytes, (guint32) lost << 24);
  put_uint32 (bytes, 0);
  put_uint32 (bytes, 0);
  put_uint32 (bytes, lsr);
  put_uint32 (bytes, dlsr);
}

static void
test_compound (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GArray) reports = g_array_new (FALSE, FALSE, sizeof (SnugRtcpReport));
  guint32 now = snug_rtcp_report_compact_ntp (NOW);
  SnugRtcpReport *report;

  /* A sender report with two blocks, a source description, a receiver report with one. */
  put_header (bytes, 200, 2, 6 + 12);
  for (guint i = 0; i < 6; i++)
    put_uint32 (bytes, i);
  put_block (bytes, 0x1111, 64, now - 65536 / 4, 65536 / 8);
  put_block (bytes, 0x2222, 0, 0, 0);
  put_header (bytes, 202, 1, 1);
  put_uint32 (bytes, 0);
  put_header (bytes, 201, 1, 1 + 6);
  put_uint32 (bytes, 0x9999);
  put_block (bytes, 0x3333, 128, now + 10, 0); /* from the future */

  snug_rtcp_report_parse (bytes->data, bytes->len, now, reports);
  g_assert_cmpuint (reports->len, ==, 3);
  report = &g_array_index (reports, SnugRtcpReport, 0);
  g_assert_cmpuint (report->ssrc, ==, 0x1111);
  g_assert_cmpfloat (report->loss_fraction, ==, 0.25);
  g_assert_cmpfloat (fabs (report->round_trip_seconds - 0.125), <, 0.001);
  report = &g_array_index (reports, SnugRtcpReport, 1);
  g_assert_true (isnan (report->round_trip_seconds));
  report = &g_array_index (reports, SnugRtcpReport, 2);
  g_assert_cmpuint (report->ssrc, ==, 0x3333);
  g_assert_cmpfloat (report->round_trip_seconds, ==, 0.0);
}

static void
test_totals (void)
{
  /* What was lost since the start is a signed number of 24 bits. */
  static const struct
  {
    guint32 wire;
    gint32 lost;
  } totals[] = { { 0, 0 }, { 7, 7 }, { 0x7fffff, 8388607 }, { 0xffffff, -1 }, { 0x800000, -8388608 } };

  for (gsize i = 0; i < G_N_ELEMENTS (totals); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GArray) reports = g_array_new (FALSE, FALSE, sizeof (SnugRtcpReport));
      SnugRtcpReport *report;

      put_header (bytes, 201, 1, 1 + 6);
      put_uint32 (bytes, 0x9999);
      put_uint32 (bytes, 0x1111);
      put_uint32 (bytes, 128u << 24 | totals[i].wire);
      put_uint32 (bytes, 0x0002fffe);
      for (guint word = 0; word < 3; word++)
        put_uint32 (bytes, 0);

      snug_rtcp_report_parse (bytes->data, bytes->len, 0, reports);
      g_assert_cmpuint (reports->len, ==, 1);
      report = &g_array_index (reports, SnugRtcpReport, 0);
      g_assert_cmpfloat (report->loss_fraction, ==, 0.5);
      g_assert_cmpint (report->packets_lost, ==, totals[i].lost);
      g_assert_cmpuint (report->highest_sequence, ==, 0x0002fffe);
    }
}

static void
test_clock_wraps (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GArray) reports = g_array_new (FALSE, FALSE, sizeof (SnugRtcpReport));

  put_header (bytes, 201, 1, 7);
  put_uint32 (bytes, 0);
  put_block (bytes, 1, 0, G_MAXUINT32 - 32767, 0);
  snug_rtcp_report_parse (bytes->data, bytes->len, 32768, reports);
  g_assert_cmpfloat (fabs (g_array_index (reports, SnugRtcpReport, 0).round_trip_seconds - 1.0), <,
                     0.001);
}

static void
test_malformed (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GArray) reports = g_array_new (FALSE, FALSE, sizeof (SnugRtcpReport));

  /* Says 31 blocks and has one; then a length beyond the end; then another version. */
  put_header (bytes, 201, 31, 7);
  put_uint32 (bytes, 0);
  put_block (bytes, 1, 0, 0, 0);
  put_header (bytes, 201, 1, 0xffff);
  put_uint32 (bytes, 0);
  snug_rtcp_report_parse (bytes->data, bytes->len, 0, reports);
  g_assert_cmpuint (reports->len, ==, 1);

  /* Every prefix of it. */
  for (guint size = 0; size < bytes->len; size++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes->data, size);

      snug_rtcp_report_parse (copy, size, 0, reports);
    }
  memset (bytes->data, 0xff, bytes->len);
  snug_rtcp_report_parse (bytes->data, bytes->len, 0, reports);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtcp-report/compound", test_compound);
  g_test_add_func ("/rtcp-report/totals", test_totals);
  g_test_add_func ("/rtcp-report/clock-wraps", test_clock_wraps);
  g_test_add_func ("/rtcp-report/malformed", test_malformed);

  return g_test_run ();
}

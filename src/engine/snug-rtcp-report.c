/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-rtcp-report.h"

#include <math.h>

#define RTCP_SR 200
#define RTCP_RR 201
#define HEADER_BYTES 4
#define SENDER_INFO_BYTES 20
#define REPORT_BLOCK_BYTES 24
/* Seconds from 1900 to 1970. */
#define NTP_UNIX_OFFSET G_GUINT64_CONSTANT (2208988800)
/* A round trip beyond this is a broken or lying clock. */
#define MAX_ROUND_TRIP_SECONDS 60.0

static guint32
read_uint32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

guint32
snug_rtcp_report_compact_ntp (gint64 real_time)
{
  guint64 seconds = real_time / G_USEC_PER_SEC + NTP_UNIX_OFFSET;
  guint64 fraction = ((guint64) (real_time % G_USEC_PER_SEC) << 16) / G_USEC_PER_SEC;

  return (guint32) (seconds << 16 | fraction);
}

static void
read_block (const guint8 *data, guint32 arrival, GArray *reports)
{
  guint32 last_sender_report = read_uint32 (data + 16);
  guint32 delay = read_uint32 (data + 20);
  SnugRtcpReport report = {
    .ssrc = read_uint32 (data),
    .loss_fraction = data[4] / 256.0,
    .packets_lost = (gint32) (read_uint32 (data + 4) << 8) / 256,
    .highest_sequence = read_uint32 (data + 8),
    .round_trip_seconds = NAN,
  };

  if (last_sender_report != 0)
    {
      /* Modulo 2^32; a peer that rounds the other way may come out just below zero. */
      double seconds = (gint32) (arrival - last_sender_report - delay) / 65536.0;

      if (seconds > -0.01 && seconds <= MAX_ROUND_TRIP_SECONDS)
        report.round_trip_seconds = MAX (seconds, 0.0);
    }
  g_array_append_val (reports, report);
}

void
snug_rtcp_report_parse (const guint8 *data, gsize size, guint32 arrival, GArray *reports)
{
  g_return_if_fail (data != NULL || size == 0);
  g_return_if_fail (reports != NULL);

  while (size >= 2 * HEADER_BYTES && data[0] >> 6 == 2)
    {
      guint n_blocks = data[0] & 0x1f;
      guint8 type = data[1];
      gsize length = ((gsize) data[2] << 8 | data[3]) * 4 + HEADER_BYTES;
      gsize offset = 2 * HEADER_BYTES + (type == RTCP_SR ? SENDER_INFO_BYTES : 0);

      if (length > size)
        return;
      if (type == RTCP_SR || type == RTCP_RR)
        for (; n_blocks > 0 && offset + REPORT_BLOCK_BYTES <= length; n_blocks--)
          {
            read_block (data + offset, arrival, reports);
            offset += REPORT_BLOCK_BYTES;
          }
      data += length;
      size -= length;
    }
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Feedback of any kind moves the estimate nowhere outside its bounds.
 */
#include "fuzz.h"

#include "snug-bandwidth-estimator.h"

#include <string.h>

#define START G_USEC_PER_SEC

/* Each record of 16 bytes: what to do, and numbers for it. */
typedef struct
{
  guint8 what;
  guint8 n;
  guint16 size;
  guint32 step; /* us */
  gint64 time;
} Record;

static void
feed (SnugBandwidthEstimator *estimator, gint64 now, const Record *record)
{
  SnugPacketResult results[32];
  guint n = record->n % G_N_ELEMENTS (results);

  for (guint i = 0; i < n; i++)
    results[i] = (SnugPacketResult) {
      .sent = record->what & 0x40 ? record->time : now - (gint64) (n - i) * (record->step % 50000),
      .received = record->what & 0x80 ? SNUG_PACKET_LOST : record->what & 0x20 ? record->time : now + i * (record->time % 100000),
      .size = record->size,
      .probe = record->what & 0x10 ? record->n : 0,
    };
  snug_bandwidth_estimator_feedback (estimator, now, results, n);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gint64 now = START;
  g_autoptr (SnugBandwidthEstimator) estimator = snug_bandwidth_estimator_new (now);
  guint64 most = SNUG_BITRATE_MAX;

  for (gsize at = 0; at + sizeof (Record) <= size; at += sizeof (Record))
    {
      SnugBandwidthSample sample;
      SnugProbe probe;
      Record record;

      memcpy (&record, data + at, sizeof record);
      now += record.step % (2 * G_USEC_PER_SEC);
      switch (record.what % 5)
        {
        case 0:
          most = CLAMP ((guint64) record.time, SNUG_BITRATE_MIN, SNUG_BITRATE_MAX);
          snug_bandwidth_estimator_set_bounds (estimator, SNUG_BITRATE_MIN, (guint64) record.time);
          break;
        case 1:
          snug_bandwidth_estimator_sent (estimator, now);
          snug_bandwidth_estimator_tick (estimator, now);
          break;
        case 2:
          if (snug_bandwidth_estimator_next_probe (estimator, now, &probe))
            {
              g_assert_cmpuint (probe.id, !=, 0);
              g_assert_cmpuint (probe.rate, >, 0);
              g_assert_cmpuint (probe.rate, <=, 2 * most);
              g_assert_cmpuint (probe.bytes, <=, 200000);
            }
          break;
        default:
          feed (estimator, now, &record);
        }
      snug_bandwidth_estimator_get_sample (estimator, &sample);
      g_assert_cmpuint (sample.target, >=, SNUG_BITRATE_MIN);
      g_assert_cmpuint (sample.target, <=, most);
      g_assert_cmpfloat (sample.loss, >=, 0);
      g_assert_cmpfloat (sample.loss, <=, 1);
    }
  return 0;
}

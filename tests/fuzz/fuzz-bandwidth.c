/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Feedback of any kind moves the estimate nowhere outside its bounds: neither what is read of it, nor what reads it.
 */
#include "fuzz.h"

#include "snug-bandwidth-estimator.h"
#include "snug-transport-feedback.h"

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

/* Packets leave with these numbers, and feedback tells of some. */
static void
feed_raw (SnugBandwidthEstimator *estimator, SnugTransportFeedback *feedback, gint64 now, const Record *record)
{
  SnugFeedbackEntry entries[64];
  const SnugPacketResult *results;
  guint n = record->n % G_N_ELEMENTS (entries), n_results;

  for (guint i = 0; i < n; i++)
    {
      if (record->what & 0x40)
        snug_transport_feedback_sent (feedback, (guint16) (record->size + i), now, 1 + record->size % 1500, record->what & 0x80 ? record->n : 0);
      entries[i] = (SnugFeedbackEntry) {
        .sequence = (guint16) (record->size + (record->what & 0x20 ? i * record->step : i)),
        .arrived = (record->what & 0x10) == 0 || i % 3 != 0,
        .time = record->time + (gint64) i * record->step,
      };
    }
  results = snug_transport_feedback_read (feedback, entries, n, &n_results);
  g_assert_cmpuint (n_results, <=, SNUG_PACKET_RESULTS_MAX);
  snug_bandwidth_estimator_feedback (estimator, now, results, n_results);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gint64 now = START;
  g_autoptr (SnugBandwidthEstimator) estimator = snug_bandwidth_estimator_new (now);
  g_autoptr (SnugTransportFeedback) feedback = snug_transport_feedback_new ();
  guint64 most = SNUG_BITRATE_MAX;

  for (gsize at = 0; at + sizeof (Record) <= size; at += sizeof (Record))
    {
      SnugBandwidthSample sample;
      SnugProbe probe;
      Record record;

      memcpy (&record, data + at, sizeof record);
      now += record.step % (2 * G_USEC_PER_SEC);
      switch (record.what % 6)
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
        case 3:
          /* What is added to it stays within what can be reckoned with. */
          record.time %= G_MAXINT64 / 4;
          feed_raw (estimator, feedback, now, &record);
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

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-stats-sample.h"

struct _SnugStatsSample
{
  GObject parent_instance;

  SnugStatsValues values;
};

G_DEFINE_FINAL_TYPE (SnugStatsSample, snug_stats_sample, G_TYPE_OBJECT)

#define FIELD(name, type) { #name, SNUG_STATS_##type, G_STRUCT_OFFSET (SnugStatsValues, name) }

static const SnugStatsField fields[] = {
  FIELD (time_seconds, DOUBLE),
  FIELD (round_trip_seconds, DOUBLE),
  FIELD (sent_bits_per_second, DOUBLE),
  FIELD (received_bits_per_second, DOUBLE),
  FIELD (available_bits_per_second, DOUBLE),
  FIELD (acked_bits_per_second, DOUBLE),
  FIELD (seed_bits_per_second, DOUBLE),
  FIELD (send_queue_seconds, DOUBLE),
  FIELD (path_queue_seconds, DOUBLE),
  FIELD (pictures_dropped, UINT64),
  FIELD (audio_sent_bits_per_second, DOUBLE),
  FIELD (audio_received_bits_per_second, DOUBLE),
  FIELD (video_sent_bits_per_second, DOUBLE),
  FIELD (video_received_bits_per_second, DOUBLE),
  FIELD (sent_loss_fraction, DOUBLE),
  FIELD (received_loss_fraction, DOUBLE),
  FIELD (received_packets_lost, UINT64),
  FIELD (received_packets_repaired, UINT64),
  FIELD (audio_jitter_seconds, DOUBLE),
  FIELD (video_jitter_seconds, DOUBLE),
  FIELD (audio_playout_seconds, DOUBLE),
  FIELD (video_playout_seconds, DOUBLE),
  FIELD (received_width, UINT),
  FIELD (received_height, UINT),
  FIELD (received_frames_per_second, DOUBLE),
  FIELD (received_frames, UINT64),
  FIELD (sent_width, UINT),
  FIELD (sent_height, UINT),
  FIELD (sent_frames_per_second, DOUBLE),
  FIELD (audio_level_dbfs, DOUBLE),
  FIELD (bandwidth_state, STRING),
  FIELD (video_codec, STRING),
  FIELD (audio_codec, STRING),
  FIELD (local_candidate_type, STRING),
  FIELD (remote_candidate_type, STRING),
  FIELD (protocol, STRING),
  FIELD (local_address, STRING),
  FIELD (local_port, UINT),
  FIELD (remote_address, STRING),
  FIELD (remote_port, UINT),
  FIELD (dtls_version, STRING),
  FIELD (dtls_cipher, STRING),
  FIELD (srtp_profile, STRING),
  FIELD (local_fingerprint, STRING),
  FIELD (remote_fingerprint, STRING),
};

static void
snug_stats_sample_finalize (GObject *object)
{
  SnugStatsSample *self = SNUG_STATS_SAMPLE (object);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == SNUG_STATS_STRING)
      g_free (G_STRUCT_MEMBER (char *, &self->values, fields[i].offset));

  G_OBJECT_CLASS (snug_stats_sample_parent_class)->finalize (object);
}

static void
snug_stats_sample_class_init (SnugStatsSampleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = snug_stats_sample_finalize;
}

static void
snug_stats_sample_init (SnugStatsSample *self)
{
}

SnugStatsSample *
snug_stats_sample_new (SnugStatsValues *values)
{
  SnugStatsSample *self;

  g_return_val_if_fail (values != NULL, NULL);

  self = g_object_new (SNUG_TYPE_STATS_SAMPLE, NULL);
  self->values = *values;

  /* Taken over: the caller's copy must not free them. */
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == SNUG_STATS_STRING)
      G_STRUCT_MEMBER (char *, values, fields[i].offset) = NULL;

  return self;
}

const SnugStatsValues *
snug_stats_sample_get_values (SnugStatsSample *self)
{
  g_return_val_if_fail (SNUG_IS_STATS_SAMPLE (self), NULL);

  return &self->values;
}

const SnugStatsField *
snug_stats_sample_list_fields (gsize *n_fields)
{
  g_return_val_if_fail (n_fields != NULL, NULL);

  *n_fields = G_N_ELEMENTS (fields);

  return fields;
}

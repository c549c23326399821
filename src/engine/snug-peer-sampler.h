/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sample of a peer's stats says about pictures: how many, how large, how fast. Main context.
 */
#pragma once

#include "snug-local-media.h"
#include "snug-sample-tap-private.h"
#include "snug-stats-sample.h"
#include "snug-video-feed.h"

G_BEGIN_DECLS

/* What nothing is known of yet. */
#define SNUG_STATS_VALUES_UNKNOWN                                                                  \
  {                                                                                                \
    .round_trip_seconds = NAN, .sent_bits_per_second = NAN, .received_bits_per_second = NAN,       \
    .available_bits_per_second = NAN, .acked_bits_per_second = NAN, .seed_bits_per_second = NAN,   \
    .send_queue_seconds = NAN, .path_queue_seconds = NAN, .audio_sent_bits_per_second = NAN,       \
    .audio_received_bits_per_second = NAN, .video_sent_bits_per_second = NAN,                      \
    .video_received_bits_per_second = NAN, .sent_loss_fraction = NAN,                              \
    .received_loss_fraction = NAN, .audio_jitter_seconds = NAN, .video_jitter_seconds = NAN,       \
    .audio_playout_seconds = NAN, .video_playout_seconds = NAN,                                    \
    .received_frames_per_second = NAN, .sent_frames_per_second = NAN,                              \
  }

/* The counts of the last sample, for rates; zeroed at first. */
typedef struct
{
  double time;
  guint64 frames;
  guint64 sent_frames;
} SnugPeerSampler;

/* values->time_seconds says when it is. video_feed: NULL when the person sends none. */
void snug_peer_sampler_fill (SnugPeerSampler *self,
                             SnugStatsValues *values,
                             SnugSampleTap *video_tap,
                             SnugVideoFeed *video_feed,
                             SnugLocalMedia *local_media);

G_END_DECLS

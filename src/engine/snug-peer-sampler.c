/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-peer-sampler.h"

#include "snug-local-media-private.h"

void
snug_peer_sampler_fill (SnugPeerSampler *self,
                        SnugStatsValues *values,
                        SnugSampleTap *video_tap,
                        SnugVideoFeed *video_feed,
                        SnugLocalMedia *local_media)
{
  guint64 frames = snug_sample_tap_get_n_samples (video_tap);
  guint64 sent = snug_encoded_feed_get_n_buffers (snug_local_media_get_video_feed (local_media));
  double seconds = values->time_seconds - self->time;
  double framerate;

  values->received_frames = frames;
  if (video_feed != NULL && snug_video_feed_get_active (video_feed))
    {
      values->received_width = snug_video_feed_get_width (video_feed);
      values->received_height = snug_video_feed_get_height (video_feed);
    }
  snug_local_media_get_sent_format (local_media, &values->sent_width, &values->sent_height, &framerate);
  if (self->time > 0 && seconds > 0)
    {
      values->received_frames_per_second = (frames - self->frames) / seconds;
      values->sent_frames_per_second = (sent - self->sent_frames) / seconds;
    }
  self->time = values->time_seconds;
  self->frames = frames;
  self->sent_frames = sent;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-audio-level.h"
#include "snug-peer-struct.h"

const char *
snug_peer_get_id (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), NULL);

  return self->id;
}

const char *
snug_peer_get_name (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), NULL);

  return self->name;
}

SnugPeerState
snug_peer_get_state (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), SNUG_PEER_LEFT);

  return self->state;
}

const GError *
snug_peer_get_error (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), NULL);

  return self->error;
}

SnugVideoFeed *
snug_peer_get_video_feed (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), NULL);

  return self->video_feed;
}

SnugVideoFeed *
snug_peer_get_screen_feed (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), NULL);

  return self->screen_feed;
}

gboolean
snug_peer_get_audio_enabled (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return self->audio_enabled;
}

gboolean
snug_peer_get_video_enabled (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return self->video_enabled;
}

gboolean
snug_peer_get_screen_enabled (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return self->screen_enabled;
}

double
snug_peer_get_audio_level (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), SNUG_AUDIO_LEVEL_SILENCE);

  return self->audio_level;
}

double
snug_peer_get_volume (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), 0.0);

  return self->volume;
}

SnugStats *
snug_peer_get_stats (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), NULL);

  return self->stats;
}

gboolean
snug_peer_get_hand_raised (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return snug_gestures_get_hand_raised (self->gestures);
}

gboolean
snug_peer_get_typing (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), FALSE);

  return snug_gestures_get_typing (self->gestures);
}

SnugVerification *
snug_peer_get_verification (SnugPeer *self)
{
  g_return_val_if_fail (SNUG_IS_PEER (self), NULL);

  return self->verification;
}

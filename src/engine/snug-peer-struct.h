/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a person is made of; for snug-peer.c and snug-peer-getters.c.
 */
#pragma once

#include "snug-gestures.h"
#include "snug-local-media-private.h"
#include "snug-negotiation.h"
#include "snug-path-keeper.h"
#include "snug-peer-private.h"
#include "snug-peer-sampler.h"

G_BEGIN_DECLS

struct _SnugPeer
{
  GObject parent_instance;

  char *id;
  char *name;
  SnugPeerState state;
  GError *error;

  /* The call's. */
  SnugLocalMedia *local_media;
  SnugLocalScreen *local_screen;
  SnugAudioOutput *audio_output;

  /* Our own. */
  SnugNegotiation *negotiation;
  SnugPathKeeper *keeper;
  SnugPeerConnection *connection; /* the one whose signals we follow */
  SnugVideoFeed *video_feed;
  SnugVideoFeed *screen_feed;
  SnugSampleTap *audio_tap;
  SnugSampleTap *video_tap;
  SnugStats *stats;
  SnugGestures *gestures;
  SnugVerification *verification;

  gboolean audio_enabled;
  gboolean video_enabled;
  gboolean screen_enabled;
  double volume;
  double audio_level;

  SnugPeerSampler sampler;
};

G_END_DECLS

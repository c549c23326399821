/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One remote person in a call. Main context.
 *
 * Properties, with notify: "id", "name" (string); "state" (SnugPeerState); "error" (GError, nullable: why FAILED);
 * "video-feed", "screen-feed" (SnugVideoFeed); "audio-enabled", "video-enabled", "screen-enabled" (gboolean: what the
 * person says they send); "audio-level" (double, dBFS, -100 to 0); "volume" (double, 0 to 1.5, writable);
 * "chat-open" (gboolean); "hand-raised", "typing" (gboolean; see snug-gestures.h); "stats" (SnugStats).
 * Signals: "candidate" (gboolean local, char *candidate): one more candidate line, for logs and tools;
 * "stage" (SnugConnectionStage, as guint): a connection to the person has come that far;
 * "first-frame" (SnugMediaKind): the first decoded sound or picture, by kind, and the first after an interruption; "reaction" (char *emoji): one emoji,
 * bounded in number.
 */
#pragma once

#include "snug-connection-stage.h"
#include "snug-media-source.h"
#include "snug-stats.h"
#include "snug-verification.h"
#include "snug-video-feed.h"

G_BEGIN_DECLS

/**
 * SnugPeerState:
 * @SNUG_PEER_CONNECTING: descriptions and candidates are being exchanged
 * @SNUG_PEER_CONNECTED: certificate verified, media and messages flow
 * @SNUG_PEER_INTERRUPTED: was connected; nothing comes any more for now, and after a while another way is looked for
 * @SNUG_PEER_FAILED: final; #SnugPeer:error says why. The person is still in the room.
 * @SNUG_PEER_LEFT: final; the person left, and is about to leave the list
 */
typedef enum
{
  SNUG_PEER_CONNECTING,
  SNUG_PEER_CONNECTED,
  SNUG_PEER_INTERRUPTED,
  SNUG_PEER_FAILED,
  SNUG_PEER_LEFT
} SnugPeerState;

#define SNUG_TYPE_PEER_STATE (snug_peer_state_get_type ())
GType snug_peer_state_get_type (void);

#define SNUG_TYPE_PEER (snug_peer_get_type ())
G_DECLARE_FINAL_TYPE (SnugPeer, snug_peer, SNUG, PEER, GObject)

const char *snug_peer_get_id (SnugPeer *self);
const char *snug_peer_get_name (SnugPeer *self);
SnugPeerState snug_peer_get_state (SnugPeer *self);
const GError *snug_peer_get_error (SnugPeer *self);
SnugVideoFeed *snug_peer_get_video_feed (SnugPeer *self);
SnugVideoFeed *snug_peer_get_screen_feed (SnugPeer *self);
gboolean snug_peer_get_audio_enabled (SnugPeer *self);
gboolean snug_peer_get_video_enabled (SnugPeer *self);
gboolean snug_peer_get_screen_enabled (SnugPeer *self);
gboolean snug_peer_get_chat_open (SnugPeer *self);
gboolean snug_peer_get_hand_raised (SnugPeer *self);
gboolean snug_peer_get_typing (SnugPeer *self);
double snug_peer_get_audio_level (SnugPeer *self);
double snug_peer_get_volume (SnugPeer *self);
void snug_peer_set_volume (SnugPeer *self, double volume);
SnugStats *snug_peer_get_stats (SnugPeer *self);
/* Returns: (transfer none): the same for as long as the peer lives. */
SnugVerification *snug_peer_get_verification (SnugPeer *self);

G_END_DECLS

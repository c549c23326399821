/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Somebody who wants every decoded sample of a stream: a recorder. Pictures come when they are shown; sound as it is decoded, how much
 * later it is heard the statistics say (audio_playout_seconds). Called on a streaming thread; it
 * must copy or reference what it needs and return at once, whatever its own output does.
 */
#pragma once

#include "snug-peer.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* sample: (transfer none): raw video (I420) or audio (S16LE, 48 kHz). Any thread. */
typedef void (*SnugSampleTapFunc) (GstSample *sample, gpointer user_data);

/* One tap a peer and kind; may be set before anything is decoded, and replaced by NULL: when that call returns, the
 * old function is not running and won't be called again, and destroy has been called. Main context. */
void snug_peer_set_sample_tap (SnugPeer *self,
                               SnugMediaKind kind,
                               SnugSampleTapFunc func,
                               gpointer user_data,
                               GDestroyNotify destroy);

G_END_DECLS

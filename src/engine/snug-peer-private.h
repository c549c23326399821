/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a call does with a person; not for app and command line.
 *
 * Private signals: "outgoing" (SnugPeerMessage): for the other side, by way of signaling; "incoming" (SnugPeerMessage): what the
 * chat is to know of, from the data channel; "chunk" (GBytes): a binary message from there; "closed": after snug_peer_close(), every connection is down.
 */
#pragma once

#include "snug-file-pace.h"
#include "snug-ice-config.h"
#include "snug-local-media.h"
#include "snug-audio-output.h"
#include "snug-peer-message.h"
#include "snug-peer.h"

G_BEGIN_DECLS

/* Returns: (transfer full): a person with no connection yet. The others are borrowed until snug_peer_close(). */
SnugPeer *snug_peer_new (const char *id,
                         const char *name,
                         SnugIceConfig *ice,
                         SnugLocalMedia *local_media,
                         SnugAudioOutput *audio_output,
                         SnugVerification *verification);

/* We came later: we offer. Otherwise an offer is awaited. Once. */
void snug_peer_offer (SnugPeer *self);
/* What the peer said by way of signaling. */
void snug_peer_receive (SnugPeer *self, SnugPeerMessage *message);
/* On the data channel; FALSE when it is not open. */
gboolean snug_peer_send (SnugPeer *self, SnugPeerMessage *message);
gboolean snug_peer_send_chunk (SnugPeer *self, GBytes *chunk);
/* See snug_send_path_get_load(). */
gboolean snug_peer_get_load (SnugPeer *self, SnugPathLoad *load);
/* Appends one sample to the stats of a connected peer. */
void snug_peer_sample_stats (SnugPeer *self);

/* See snug_path_keeper_set_signaling(), _renew() and _hurry(). */
void snug_peer_set_signaling (SnugPeer *self, gboolean signaling);
gboolean snug_peer_get_signaling (SnugPeer *self);
void snug_peer_renew_path (SnugPeer *self);
void snug_peer_hurry (SnugPeer *self);

/* The peer knows nothing of this connection any more: it will not be told of its end. */
void snug_peer_be_silent (SnugPeer *self);
/* The person left, or we do: says goodbye, becomes LEFT, emits "closed" when all is down (later, even when there was no
 * connection). */
void snug_peer_close (SnugPeer *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who of the people in a call is the one to show large, by who speaks; the rules are in snug-speaker-choice.h. Main context.
 *
 * Property, with notify: "peer" (SnugPeer, nullable): who it is; NULL until somebody has spoken, and again when that person
 * has left.
 */
#pragma once

#include "snug-peer.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SNUG_TYPE_ACTIVE_SPEAKER (snug_active_speaker_get_type ())
G_DECLARE_FINAL_TYPE (SnugActiveSpeaker, snug_active_speaker, SNUG, ACTIVE_SPEAKER, GObject)

/* peers: of SnugPeer, as snug_call_get_peers() has them. Returns: (transfer full). */
SnugActiveSpeaker *snug_active_speaker_new (GListModel *peers);
/* Returns: (transfer none) (nullable). */
SnugPeer *snug_active_speaker_get_peer (SnugActiveSpeaker *self);

G_END_DECLS

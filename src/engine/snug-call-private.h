/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a call is made of. Only for the files of SnugCall.
 */
#pragma once

#include "snug-call.h"
#include "snug-network-watch.h"
#include "snug-peer-list.h"
#include "snug-roster.h"
#include "snug-token-bucket.h"

G_BEGIN_DECLS

struct _SnugCall
{
  GObject parent_instance;

  SnugSignaling *signaling;
  SnugLocalMedia *local_media;
  SnugAudioOutput *audio_output;
  SnugScreenShare *screen_share;
  char *room;
  char *display_name;

  SnugCallState state;
  GError *error;
  GError *refusal; /* what the server said last before it closes */
  char *self_id;
  gboolean server_connected;
  GError *server_error;

  GCancellable *cancellable; /* of the key's derivation */
  SnugRoomKey *key;          /* NULL: not yet derived */
  SnugRoster *roster;        /* NULL: not yet in the room */
  SnugIceConfig *ice;
  SnugPeerList *peers;
  double stats_interval;
  guint stats_id;
  guint join_timeout_id;
  char *resume_token; /* makes us the same when we come back */
  SnugNetworkWatch *network; /* while joined */
  guint deserted_id;

  gboolean hand_raised;
  SnugTokenBucket reactions;
};

G_END_DECLS

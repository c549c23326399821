/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One call: a room, the people in it, the chat. THE state machine and the one engine object that app and
 * command line hold. Joined once; a second call is a second object. Main context.
 *
 * Properties, with notify: "state" (SnugCallState); "error" (GError, nullable: why FAILED; domains SNUG_CALL_ERROR,
 * SNUG_SIGNALING_ERROR, SNUG_PROTOCOL_ERROR); "server-connected" (gboolean: FALSE while the call lives on without its
 * server; see "server-error"); "server-error" (GError, nullable); "self-id" (string, nullable);
 * "hand-raised" (gboolean, writable): the others see it, those who come later too.
 * Signal: "refused" (string, string, GError): something that came through the server in the name of the member of that id
 * was not taken (SNUG_SEAL_ERROR, SNUG_PROTOCOL_ERROR); the name is NULL when that member has not shown that it knows
 * the room's name. Such a member is in no list, and gets nothing.
 * Construct-only: "signaling", "local-media", "audio-output" (nullable: a silent one is made), "room", "display-name".
 */
#pragma once

#include "snug-audio-output.h"
#include "snug-chat.h"
#include "snug-local-media.h"
#include "snug-peer.h"
#include "snug-screen-share.h"
#include "snug-signaling.h"

G_BEGIN_DECLS

/**
 * SnugCallState:
 * @SNUG_CALL_IDLE: not yet joined
 * @SNUG_CALL_JOINING: reaching the server and the room
 * @SNUG_CALL_JOINED: in the room, alone or with others
 * @SNUG_CALL_LEAVING: closing connections
 * @SNUG_CALL_LEFT: final: left by request
 * @SNUG_CALL_FAILED: final: #SnugCall:error says why
 */
typedef enum
{
  SNUG_CALL_IDLE,
  SNUG_CALL_JOINING,
  SNUG_CALL_JOINED,
  SNUG_CALL_LEAVING,
  SNUG_CALL_LEFT,
  SNUG_CALL_FAILED
} SnugCallState;

#define SNUG_TYPE_CALL_STATE (snug_call_state_get_type ())
GType snug_call_state_get_type (void);

#define SNUG_TYPE_CALL (snug_call_get_type ())
G_DECLARE_FINAL_TYPE (SnugCall, snug_call, SNUG, CALL, GObject)

/* room and display_name: normalised (snug-room-name.h). audio_output: nullable. Returns: (transfer full). */
SnugCall *snug_call_new (SnugSignaling *signaling,
                         SnugLocalMedia *local_media,
                         SnugAudioOutput *audio_output,
                         const char *room,
                         const char *display_name);

/* Before the join. One more STUN or TURN server: "stun:host[:port]", "turn:host[:port][?transport=udp|tcp]", "turns:host[:port]"; user name and
 * credential nullable, unescaped. FALSE with SNUG_CALL_ERROR_ICE_SERVER. Those that the server names in JOINED come on top. */
gboolean snug_call_add_ice_server (SnugCall *self,
                                   const char *uri,
                                   const char *username,
                                   const char *credential,
                                   GError **error);
/* Before the join: use relay candidates only, so that peers do not learn this machine's addresses. */
void snug_call_set_relay_only (SnugCall *self, gboolean relay_only);
/* Before the join: how often each peer's stats are sampled, 0.1 to 60 s; 1 s by default. */
void snug_call_set_stats_interval (SnugCall *self, double seconds);

void snug_call_join (SnugCall *self);
/* From any state: tells the others, closes every connection in bounded time (5 s at most, some 20 ms as a rule),
 * ends in LEFT (or stays FAILED). */
void snug_call_leave (SnugCall *self);

/* The person does not want to wait: another way to everybody to whom the connection is interrupted is tried at once, and to the
 * server if that is away. Nothing else changes. */
void snug_call_reconnect_now (SnugCall *self);

/* emoji: one, as snug_emoji_is_single() has it. FALSE when it is none, nobody could see it, or there were too many in too
 * short a time: then nothing is sent. */
gboolean snug_call_send_reaction (SnugCall *self, const char *emoji);
gboolean snug_call_get_hand_raised (SnugCall *self);
void snug_call_set_hand_raised (SnugCall *self, gboolean raised);

SnugCallState snug_call_get_state (SnugCall *self);
const GError *snug_call_get_error (SnugCall *self);
gboolean snug_call_get_server_connected (SnugCall *self);
const GError *snug_call_get_server_error (SnugCall *self);
const char *snug_call_get_room (SnugCall *self);
const char *snug_call_get_display_name (SnugCall *self);
const char *snug_call_get_self_id (SnugCall *self);
/* Returns: (transfer none): a GListModel of SnugPeer, in the order they came. */
GListModel *snug_call_get_peers (SnugCall *self);
SnugChat *snug_call_get_chat (SnugCall *self);
SnugLocalMedia *snug_call_get_local_media (SnugCall *self);
SnugAudioOutput *snug_call_get_audio_output (SnugCall *self);
/* Ends with the call. Returns: (transfer none). */
SnugScreenShare *snug_call_get_screen_share (SnugCall *self);

G_END_DECLS

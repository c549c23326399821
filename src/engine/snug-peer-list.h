/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everybody else in the room: a GListModel of SnugPeer in the order they came, the chat with them, and those who are on
 * their way out. Not for app and command line, which see a GListModel. Main context.
 *
 * Signals: "outgoing" (SnugPeer, SnugPeerMessage): to be signaled to that peer; "deserted": the last one is gone; "closed":
 * nobody is on the way out any more.
 */
#pragma once

#include "snug-chat.h"
#include "snug-message.h"
#include "snug-peer-private.h"

G_BEGIN_DECLS

#define SNUG_TYPE_PEER_LIST (snug_peer_list_get_type ())
G_DECLARE_FINAL_TYPE (SnugPeerList, snug_peer_list, SNUG, PEER_LIST, GObject)

/* Everything is borrowed until snug_peer_list_close(). Returns: (transfer full). */
SnugPeerList *snug_peer_list_new (SnugIceConfig *ice,
                                  SnugLocalMedia *local_media,
                                  SnugAudioOutput *audio_output);

/* Returns: (transfer none) (nullable): somebody new; NULL when the id is known or there are SNUG_ROOM_SIZE_MAX. */
SnugPeer *snug_peer_list_add (SnugPeerList *self, const char *id, const char *name);
/* Returns: (transfer none) (nullable). */
SnugPeer *snug_peer_list_find (SnugPeerList *self, const char *id);
/* Takes somebody out of the room; the connection goes down in the background. */
void snug_peer_list_remove (SnugPeerList *self, SnugPeer *peer);
void snug_peer_list_remove_all (SnugPeerList *self);
/* Somebody is there, new or once more. offer: whether it is ours to offer. Who is reached keeps the connection that there is. */
void snug_peer_list_meet (SnugPeerList *self, const char *id, const char *name, gboolean offer);
/* JOINED: when the server knew us (resumed), those who are still there know us, too, and somebody who is not is removed, if we do not know
 * better. */
void snug_peer_list_receive_joined (SnugPeerList *self, SnugMessage *message);
/* PEER_LEFT. */
void snug_peer_list_receive_left (SnugPeerList *self, SnugMessage *message);
/* From a member of that id. */
void snug_peer_list_receive (SnugPeerList *self, const char *id, SnugPeerMessage *message);
/* Somebody begins anew: the place in the list, and what waits in the chat, stay with whoever is added under the same id next. The old
 * connection goes without a word. */
void snug_peer_list_forget (SnugPeerList *self, SnugPeer *peer);
/* Whether a server connects us with this person, and would say when they leave. While none does, a person who is lost is gone. */
void snug_peer_list_set_signaling (SnugPeerList *self, SnugPeer *peer, gboolean signaling);
/* The same for everybody. */
void snug_peer_list_set_signaling_all (SnugPeerList *self, gboolean signaling);
/* See snug_path_keeper_renew() and _hurry(), for everybody. */
void snug_peer_list_renew_paths (SnugPeerList *self);
void snug_peer_list_hurry (SnugPeerList *self);
gboolean snug_peer_list_is_closed (SnugPeerList *self);

/* Raised or not: said to everybody now, and to those who come later. */
void snug_peer_list_set_hand_raised (SnugPeerList *self, gboolean raised);
/* To everybody whose channel is open. */
void snug_peer_list_broadcast (SnugPeerList *self, SnugPeerMessage *message);

/* One sample for each. */
void snug_peer_list_sample_stats (SnugPeerList *self);

/* Returns: (transfer none). */
SnugChat *snug_peer_list_get_chat (SnugPeerList *self);

/* Removes everybody and emits nothing any more; the chat may stay in somebody's hands. */
void snug_peer_list_close (SnugPeerList *self);

G_END_DECLS

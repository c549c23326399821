/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of calls share: people who meet in a mock room, what happened to them, and a watch over threads.
 */
#pragma once

#include "snug-call.h"
#include "snug-mock-signaling.h"
#include "snug-peer-message.h"
#include "snug-room-key.h"

G_BEGIN_DECLS

/* One person in a call, with what was seen of the others. */
typedef struct
{
  SnugSignaling *signaling;
  SnugLocalMedia *media;
  SnugCall *call;
  guint n_first_frames;
  guint n_failed;
} SnugTestPerson;

/* Starts the engine and watches that no Snug object ever emits on another thread than this one. First in main(). */
void snug_test_init (int *argc, char ***argv);

/* Runs the tests, then takes GStreamer down, so that its leak tracer can say what is left. Last in main(). */
int snug_test_run (void);

/* Joins nothing yet. with_media: a test picture (320x180) and a tone, or nothing at all. */
SnugTestPerson *snug_test_person_new (SnugMockRoom *room, const char *name, gboolean with_media);
/* The same over a channel of one's own, with media. signaling: (transfer full). */
SnugTestPerson *snug_test_person_new_over (SnugSignaling *signaling, const char *name);
/* Leaves if need be, and waits until everything of it is gone, finalized, down. */
void snug_test_person_free (SnugTestPerson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugTestPerson, snug_test_person_free)

/* Joins and waits until in the room. */
void snug_test_person_join (SnugTestPerson *self);
void snug_test_person_leave (SnugTestPerson *self);

/* The nth person the other way; NULL: not there. Borrowed. */
SnugPeer *snug_test_person_get_peer (SnugTestPerson *self, guint n);
/* Whether the nth peer's state is so. */
gboolean snug_test_person_peer_is (SnugTestPerson *self, guint n, SnugPeerState state);
/* Texts of the chat, oldest first, joined with "|". */
char *snug_test_person_dup_chat (SnugTestPerson *self);

/* What only somebody who knows the name of the tests' room can do: opens what is on its way to recipient. To be asked for every message
 * from the first on. header: (out) (optional) (transfer full): the sessions and the sequence number in front of it.
 * Returns: (transfer full) (nullable): NULL: nothing of a peer. */
SnugPeerMessage *snug_test_open_payload (SnugMessage *message, SnugSignaling *recipient, guint8 **header);
/* The same message, sealed anew with another content. Returns: (transfer full). */
SnugMessage *snug_test_seal_payload (SnugMessage *message,
                                     SnugSignaling *recipient,
                                     const guint8 *header,
                                     SnugPeerMessage *content);
/* Of the room in which all tests meet. Returns: (transfer none). */
SnugRoomKey *snug_test_get_key (void);

/* Waits until two people see and hear each other. */
void snug_test_await_call (SnugTestPerson *a, SnugTestPerson *b);

G_END_DECLS

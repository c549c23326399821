/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One file from one person: asks for it once it is accepted, writes it beside its destination, checks it, and puts it in
 * its place. Whatever goes wrong, nothing is left behind. What becomes of it stands in the SnugFileTransfer. Main context.
 */
#pragma once

#include "snug-file-chunk.h"
#include "snug-file-port.h"
#include "snug-file-transfer-private.h"

G_BEGIN_DECLS

#define SNUG_TYPE_FILE_RECEIVER (snug_file_receiver_get_type ())
G_DECLARE_FINAL_TYPE (SnugFileReceiver, snug_file_receiver, SNUG, FILE_RECEIVER, GObject)

/* transfer: an incoming one; its "accept", "decline" and "cancel" are heard. Returns: (transfer full). */
SnugFileReceiver *snug_file_receiver_new (SnugFilePort *port,
                                          SnugFileTransfer *transfer,
                                          const char *id,
                                          const char *peer_id);

const char *snug_file_receiver_get_id (SnugFileReceiver *self);
const char *snug_file_receiver_get_peer_id (SnugFileReceiver *self);
SnugFileTransfer *snug_file_receiver_get_transfer (SnugFileReceiver *self);
SnugFileTransferState snug_file_receiver_get_state (SnugFileReceiver *self);

/* Whether the same person, come back, has something to hear from it. */
gboolean snug_file_receiver_is_waiting (SnugFileReceiver *self);

/* The one who sends it is there (again), perhaps under another id. */
void snug_file_receiver_opened (SnugFileReceiver *self, const char *peer_id);
void snug_file_receiver_lost (SnugFileReceiver *self);
/* It went for good: an offer is over, the rest waits for the same person. */
void snug_file_receiver_removed (SnugFileReceiver *self);
/* A FILE_OFFER that came once more, FILE_DONE or FILE_CANCEL. */
void snug_file_receiver_receive (SnugFileReceiver *self, SnugPeerMessage *message);
/* FALSE: not of ours. message: what the chunk was in. */
gboolean snug_file_receiver_take (SnugFileReceiver *self, const SnugFileChunk *chunk, GBytes *message);
/* error: (transfer full). */
void snug_file_receiver_fail (SnugFileReceiver *self, GError *error);
void snug_file_receiver_set_port (SnugFileReceiver *self, SnugFilePort *port);

G_END_DECLS

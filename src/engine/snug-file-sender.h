/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One file to one person: offers it, reads it, sends it at the pace that the path allows, and goes on where it was after
 * the connection was away. What becomes of it stands in a SnugFileRecipient. Main context.
 */
#pragma once

#include "snug-file-port.h"
#include "snug-file-transfer-private.h"

G_BEGIN_DECLS

/* What the file was when it was offered: when it is not that any more, it is not sent. */
typedef struct
{
  guint64 size;
  guint64 modified; /* microseconds */
} SnugFileStamp;

#define SNUG_FILE_STAMP_ATTRIBUTES                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_TIME_MODIFIED                                \
                                 "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC

SnugFileStamp snug_file_stamp_from_info (GFileInfo *info);

#define SNUG_TYPE_FILE_SENDER (snug_file_sender_get_type ())
G_DECLARE_FINAL_TYPE (SnugFileSender, snug_file_sender, SNUG, FILE_SENDER, GObject)

/* transfer: an outgoing one; its "cancel" is heard. id: secret between the two. Returns: (transfer full). */
SnugFileSender *snug_file_sender_new (SnugFilePort *port,
                                      SnugFileTransfer *transfer,
                                      SnugFileRecipient *recipient,
                                      SnugFileStamp stamp,
                                      const char *id,
                                      const char *peer_id);

const char *snug_file_sender_get_id (SnugFileSender *self);
const char *snug_file_sender_get_peer_id (SnugFileSender *self);
SnugFileTransfer *snug_file_sender_get_transfer (SnugFileSender *self);
SnugFileTransferState snug_file_sender_get_state (SnugFileSender *self);

/* The peer is there, and understands files. */
void snug_file_sender_opened (SnugFileSender *self);
/* Its channel is away. */
void snug_file_sender_lost (SnugFileSender *self);
/* It went for good: an offer that nobody answered is over, the rest waits for the same person. */
void snug_file_sender_removed (SnugFileSender *self);
/* A message about this transfer. peer_id: who said it; only the recipient knows the id. */
void snug_file_sender_receive (SnugFileSender *self, const char *peer_id, SnugPeerMessage *message);
/* An acknowledgement; FALSE: not of ours. */
gboolean snug_file_sender_acknowledge (SnugFileSender *self, const char *peer_id, guint stream, guint64 offset);
/* error: (transfer full). */
void snug_file_sender_fail (SnugFileSender *self, GError *error);
/* From now on through another port, which is shut or open. */
void snug_file_sender_set_port (SnugFileSender *self, SnugFilePort *port);

G_END_DECLS

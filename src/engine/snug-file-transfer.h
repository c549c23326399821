/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One file on its way, to everybody who was in the room or from one of them: what a line of chat shows of it. Main context.
 *
 * Properties, with notify: "name" (string: fit to be shown and to be a file's name, whatever the other side wrote); "size"
 * (guint64, bytes); "transferred" (guint64, bytes; of several recipients the mean of those who want it);
 * "bytes-per-second" (double, smoothed; 0 unless ACTIVE); "state" (SnugFileTransferState); "error" (GError, nullable:
 * why FAILED, a SNUG_FILE_ERROR); "outgoing" (gboolean); "file" (GFile, nullable: what is sent, or what was received
 * once it is DONE); "peer-name" (string: who offers it; empty when outgoing); "recipients" (GListModel of
 * SnugFileRecipient; empty when incoming).
 *
 * Of several recipients, "state" is the first that holds: ACTIVE for one of them, PAUSED, OFFERED, DONE, CANCELLED, FAILED,
 * DECLINED for all that are left.
 */
#pragma once

#include <gio/gio.h>

#include "snug-file-error.h"
#include "snug-file-recipient.h"

G_BEGIN_DECLS

#define SNUG_TYPE_FILE_TRANSFER (snug_file_transfer_get_type ())
G_DECLARE_FINAL_TYPE (SnugFileTransfer, snug_file_transfer, SNUG, FILE_TRANSFER, GObject)

/* Takes an incoming file that is OFFERED. destination: where it will be once it is whole, replacing what is there;
 * until then it grows beside it under a name that ends in ".part", which goes when nothing comes of it. */
void snug_file_transfer_accept (SnugFileTransfer *self, GFile *destination);
/* Refuses an incoming file that is OFFERED. */
void snug_file_transfer_decline (SnugFileTransfer *self);
/* Stops it, for all recipients; from any state that is not final. */
void snug_file_transfer_cancel (SnugFileTransfer *self);

const char *snug_file_transfer_get_name (SnugFileTransfer *self);
guint64 snug_file_transfer_get_size (SnugFileTransfer *self);
guint64 snug_file_transfer_get_transferred (SnugFileTransfer *self);
double snug_file_transfer_get_bytes_per_second (SnugFileTransfer *self);
SnugFileTransferState snug_file_transfer_get_state (SnugFileTransfer *self);
const GError *snug_file_transfer_get_error (SnugFileTransfer *self);
gboolean snug_file_transfer_get_outgoing (SnugFileTransfer *self);
/* Returns: (transfer none) (nullable). */
GFile *snug_file_transfer_get_file (SnugFileTransfer *self);
const char *snug_file_transfer_get_peer_name (SnugFileTransfer *self);
/* Returns: (transfer none): of SnugFileRecipient. */
GListModel *snug_file_transfer_get_recipients (SnugFileTransfer *self);

G_END_DECLS

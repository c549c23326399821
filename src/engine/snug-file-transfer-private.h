/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What whoever moves the bytes tells a transfer; not for app and command line.
 *
 * Private signals: "accept" (GFile), "decline", "cancel": a person wants it, and the state allows it.
 */
#pragma once

#include "snug-file-transfer.h"

G_BEGIN_DECLS

/* file: what is to be sent, with the recipients added next. Returns: (transfer full). */
SnugFileTransfer *snug_file_transfer_new_outgoing (GFile *file, const char *name, guint64 size);
/* Returns: (transfer full): OFFERED. */
SnugFileTransfer *snug_file_transfer_new_incoming (const char *peer_name, const char *name, guint64 size);

/* Outgoing: one more, whose state counts from now on. */
void snug_file_transfer_add_recipient (SnugFileTransfer *self, SnugFileRecipient *recipient);

/* Incoming. Nothing once the state is final. */
void snug_file_transfer_set_state (SnugFileTransfer *self, SnugFileTransferState state);
void snug_file_transfer_set_transferred (SnugFileTransfer *self, guint64 transferred);
/* DONE. */
void snug_file_transfer_finish (SnugFileTransfer *self, GFile *file);
/* FAILED. error: (transfer full). */
void snug_file_transfer_fail (SnugFileTransfer *self, GError *error);

G_END_DECLS

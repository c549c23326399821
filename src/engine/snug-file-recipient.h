/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One person to whom a file was offered, and how far that got. Main context.
 *
 * Properties, with notify: "name" (string); "state" (SnugFileTransferState); "transferred" (guint64, bytes that the other
 * side has stored); "error" (GError, nullable: why FAILED, a SNUG_FILE_ERROR).
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SnugFileTransferState:
 * @SNUG_FILE_TRANSFER_OFFERED: nobody has said yes or no yet
 * @SNUG_FILE_TRANSFER_ACTIVE: accepted, and on its way
 * @SNUG_FILE_TRANSFER_PAUSED: accepted, and the connection is away; goes on when it or the same person comes back
 * @SNUG_FILE_TRANSFER_DONE: final: all of it is there, and verified
 * @SNUG_FILE_TRANSFER_DECLINED: final: the one who was asked said no
 * @SNUG_FILE_TRANSFER_CANCELLED: final: one of the two stopped it
 * @SNUG_FILE_TRANSFER_FAILED: final: "error" says why
 */
typedef enum
{
  SNUG_FILE_TRANSFER_OFFERED,
  SNUG_FILE_TRANSFER_ACTIVE,
  SNUG_FILE_TRANSFER_PAUSED,
  SNUG_FILE_TRANSFER_DONE,
  SNUG_FILE_TRANSFER_DECLINED,
  SNUG_FILE_TRANSFER_CANCELLED,
  SNUG_FILE_TRANSFER_FAILED
} SnugFileTransferState;

#define SNUG_TYPE_FILE_TRANSFER_STATE (snug_file_transfer_state_get_type ())
GType snug_file_transfer_state_get_type (void);
/* Whether nothing comes after it. */
gboolean snug_file_transfer_state_is_final (SnugFileTransferState state);

#define SNUG_TYPE_FILE_RECIPIENT (snug_file_recipient_get_type ())
G_DECLARE_FINAL_TYPE (SnugFileRecipient, snug_file_recipient, SNUG, FILE_RECIPIENT, GObject)

const char *snug_file_recipient_get_name (SnugFileRecipient *self);
SnugFileTransferState snug_file_recipient_get_state (SnugFileRecipient *self);
guint64 snug_file_recipient_get_transferred (SnugFileRecipient *self);
const GError *snug_file_recipient_get_error (SnugFileRecipient *self);

/* For whoever sends the file. Returns: (transfer full): OFFERED. */
SnugFileRecipient *snug_file_recipient_new (const char *name);
/* Nothing once the state is final. */
void snug_file_recipient_set_state (SnugFileRecipient *self, SnugFileTransferState state);
void snug_file_recipient_set_transferred (SnugFileRecipient *self, guint64 transferred);
/* FAILED. error: (transfer full). */
void snug_file_recipient_fail (SnugFileRecipient *self, GError *error);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a person reads of a file on its way. Pure. All return (transfer full).
 */
#pragma once

#include "snug-file-transfer.h"

G_BEGIN_DECLS

/* "4.1 of 9.6 MB", both in the unit of the whole. */
char *snug_file_text_progress (guint64 transferred, guint64 size);
/* "8 seconds left", "3 minutes left"; NULL when it can't be told. bytes_per_second: 0 or NAN: not known. */
char *snug_file_text_time_left (guint64 transferred, guint64 size, double bytes_per_second);
/* "680 kB/s"; NULL for 0 and NAN. */
char *snug_file_text_speed (double bytes_per_second);

/* What a line of chat knows of a transfer. */
typedef struct
{
  SnugFileTransferState state;
  gboolean outgoing;
  guint64 size;
  guint64 transferred;
  double bytes_per_second;
  const GError *error;  /* of FAILED */
  const char *folder;   /* where it was saved, as a person knows it; NULL: not to be told */
  guint n_recipients;   /* of an outgoing one */
  guint n_done;
} SnugFileStatus;

/* "9.6 MB", "4.1 of 9.6 MB, 8 seconds left", "Saved to Downloads", "Stopped", or why not. */
char *snug_file_text_status (const SnugFileStatus *status);

/* One sentence. error: of SNUG_FILE_ERROR, anything else is as SNUG_FILE_ERROR_FAILED. */
char *snug_file_text_error (const GError *error, gboolean outgoing);

G_END_DECLS

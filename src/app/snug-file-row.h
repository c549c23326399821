/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file in the chat: what it is, how far it got, and what can be done with it.
 */
#pragma once

#include "snug-file-transfer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_FILE_ROW (snug_file_row_get_type ())
G_DECLARE_FINAL_TYPE (SnugFileRow, snug_file_row, SNUG, FILE_ROW, GtkWidget)

/* transfer: (nullable): NULL when the row is not used at the moment. */
void snug_file_row_set_transfer (SnugFileRow *self, SnugFileTransfer *transfer);

G_END_DECLS

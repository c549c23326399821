/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The desktop's own dialog for files: through the portal in a sandbox, so that nothing else of the disk is reached.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* chosen: called at most once, unless the person cancels; not after owner is gone. files: (element-type GFile), at least
 * one; one when saving. */
typedef void (*SnugFileDialogFunc) (gpointer owner, GListModel *files, gpointer user_data);

/* Files to read. owner: the widget above whose window it opens. */
void snug_file_dialog_open (GtkWidget *owner, const char *title, SnugFileDialogFunc chosen, gpointer user_data);

/* A file to write, in the downloads folder unless the person chooses another. name: suggested. user_data: (nullable): a
 * GObject, held until the answer. */
void snug_file_dialog_save (GtkWidget *owner, const char *title, const char *name, SnugFileDialogFunc chosen,
                            GObject *user_data);

G_END_DECLS

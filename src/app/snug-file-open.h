/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hands a file that was received to the desktop: the program for it, or the folder it lies in. Through the OpenURI portal in a
 * sandbox.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void snug_file_open (GtkWidget *widget, GFile *file);
void snug_file_show_in_folder (GtkWidget *widget, GFile *file);

G_END_DECLS

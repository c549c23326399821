/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Puts the lines of an event log on standard output or another descriptor, and what went wrong in text on standard error. Whoever reads
 * slowly misses lines and holds up nothing. Main context.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SnugCliPrinter SnugCliPrinter;

/* errors_apart: error lines go to standard error. closed: nobody reads the descriptor any more; nullable. */
SnugCliPrinter *snug_cli_printer_new (int fd, gboolean errors_apart, GSourceOnceFunc closed, gpointer user_data);
/* A SnugEventLogFunc; user_data: the printer. */
void snug_cli_printer_write (const char *line, gboolean error, gpointer user_data);
/* Whether lines were lost because they could not be written: a full disk, for one. It has been said on standard error. */
gboolean snug_cli_printer_get_failed (SnugCliPrinter *self);
/* Prints what is left, in bounded time. */
void snug_cli_printer_free (SnugCliPrinter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliPrinter, snug_cli_printer_free)

G_END_DECLS

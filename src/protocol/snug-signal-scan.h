/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Most of what a server reads are signals, and most programs write them in one way. Those are read here, at a fifth
 * of the cost; for everything else, right or wrong, there is snug-json.c. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* field: "to" or "from". id, payload: (out) (transfer full). FALSE: to be read the other way. */
gboolean snug_signal_scan (const char *data, gsize size, const char *field, char **id, char **payload);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reactions that rise over a tile for 2.4 seconds and fade. Without animations they stand still as long.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_REACTION_MILLISECONDS 2400
/* At once; more are not shown, so that a flood stays a drizzle. */
#define SNUG_REACTIONS_MAX 6

#define SNUG_TYPE_REACTION_FLOAT (snug_reaction_float_get_type ())
G_DECLARE_FINAL_TYPE (SnugReactionFloat, snug_reaction_float, SNUG, REACTION_FLOAT, GtkWidget)

void snug_reaction_float_add (SnugReactionFloat *self, const char *emoji);
/* How many there are now. */
guint snug_reaction_float_get_n (SnugReactionFloat *self);

G_END_DECLS

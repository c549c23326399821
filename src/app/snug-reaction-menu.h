/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Six reactions and the raised hand. Goes into a popover.
 *
 * Property, writable: "hand-raised" (gboolean). Actions of the widgets around it that it uses: "call.react" (s: an emoji),
 * "call.toggle-hand".
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_REACTION_MENU (snug_reaction_menu_get_type ())
G_DECLARE_FINAL_TYPE (SnugReactionMenu, snug_reaction_menu, SNUG, REACTION_MENU, GtkWidget)

/* What a reaction is called, translated; any other emoji as it is. */
const char *snug_reaction_menu_get_name (const char *emoji);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One line of a menu on the stage: an icon, words, a smaller line below, a key. A press closes the menu, unless the line
 * opens a further page or stays.
 *
 * Properties, writable: "item-icon", "text", "detail", "key" (string, nullable); "opens" (gboolean: leads to a page, shown by
 * an arrow); "stays" (gboolean: the menu is not closed); "checked" (gboolean: shown by a tick; for assistive technology where the role has such a state).
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_MENU_ITEM (snug_menu_item_get_type ())
G_DECLARE_FINAL_TYPE (SnugMenuItem, snug_menu_item, SNUG, MENU_ITEM, GtkButton)

G_END_DECLS

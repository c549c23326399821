/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be done with the tile of a person: let it lead, show the whole picture, set the loudness.
 */
#pragma once

#include "snug-spotlight.h"
#include "snug-video-tile.h"

G_BEGIN_DECLS

#define SNUG_TYPE_TILE_MENU (snug_tile_menu_get_type ())
G_DECLARE_FINAL_TYPE (SnugTileMenu, snug_tile_menu, SNUG, TILE_MENU, GtkPopover)

/* Opens below a point of the tile, and goes away when it is closed. person: (nullable): whom the tile shows, NULL for
 * oneself. screen: it is the screen of that person. */
void snug_tile_menu_open (SnugVideoTile *tile, SnugSpotlight *spotlight, gpointer person, gboolean screen, double x, double y);

G_END_DECLS

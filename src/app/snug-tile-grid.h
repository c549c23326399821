/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A layout manager that stands the people of a call in a grid, or lets the only one fill the stage.
 *
 * Property: "fill" (gboolean): the first visible child gets everything, header and bar float over it.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_TILE_GRID (snug_tile_grid_get_type ())
G_DECLARE_FINAL_TYPE (SnugTileGrid, snug_tile_grid, SNUG, TILE_GRID, GtkLayoutManager)

GtkLayoutManager *snug_tile_grid_new (void);
void snug_tile_grid_set_fill (SnugTileGrid *self, gboolean fill);
gboolean snug_tile_grid_get_fill (SnugTileGrid *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A layout manager that stands the people of a call in a grid, or one before the others, or lets the only one fill
 * the stage. Children glide to where they belong; right-to-left mirrors all of it.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  SNUG_TILE_GRID_EQUAL, /* all of one size */
  SNUG_TILE_GRID_LEAD,  /* one large, the others in a strip */
  SNUG_TILE_GRID_FILL   /* each has the whole stage, header and bar float over it; for one that is visible */
} SnugTileGridMode;

#define SNUG_TYPE_TILE_GRID (snug_tile_grid_get_type ())
G_DECLARE_FINAL_TYPE (SnugTileGrid, snug_tile_grid, SNUG, TILE_GRID, GtkLayoutManager)

GtkLayoutManager *snug_tile_grid_new (void);
/* lead: the child that leads, for SNUG_TILE_GRID_LEAD; borrowed, forgotten when it is no child any more. */
void snug_tile_grid_set_mode (SnugTileGrid *self, SnugTileGridMode mode, GtkWidget *lead);
SnugTileGridMode snug_tile_grid_get_mode (SnugTileGrid *self);

G_END_DECLS

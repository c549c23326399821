/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many columns, and how large a tile: the arithmetic of the grid of people. Pure, no GTK.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Between two tiles, in pixels. */
#define SNUG_TILE_GAP 8
/** A stage narrower than this has narrow margins and allows upright tiles. */
#define SNUG_TILE_NARROW_WIDTH 600

/* Margins of the grid inside the stage, in pixels: header above, control bar below. */
#define SNUG_TILE_MARGIN_TOP 52
#define SNUG_TILE_MARGIN_BOTTOM 88
#define SNUG_TILE_MARGIN_SIDE 12
#define SNUG_TILE_MARGIN_SIDE_NARROW 8

typedef struct
{
  guint columns;
  guint rows;
  int tile_width;  /* pixels */
  int tile_height; /* pixels */
} SnugTileGeometry;

typedef struct
{
  int x;
  int y;
  int width;
  int height;
} SnugTileRect;

/* The best grid for n tiles (at least one) in an area of width x height pixels. narrow: upright tiles are
 * allowed. An area without room yields tiles of one pixel, never less. */
SnugTileGeometry snug_tile_geometry_compute (int width, int height, guint n, gboolean narrow);

/* Where the tile at index (below n) stands in the same area: the grid is centred, and so is a last row
 * that is not full. */
SnugTileRect snug_tile_geometry_place (const SnugTileGeometry *self, int width, int height, guint n, guint index);

/** The strip of the others beside the one that leads: a tile is never taller, in pixels. */
#define SNUG_TILE_STRIP_HEIGHT 115

typedef struct
{
  SnugTileRect lead;
  SnugTileRect strip_area;
  SnugTileGeometry strip; /* of the tiles in it, for snug_tile_geometry_place() */
} SnugTileSpeaker;

/* One tile leads, n_others (may be 0) stand in a strip at the right end of an area of width x height pixels; narrow:
 * below it, in rows. Never an empty rectangle. */
SnugTileSpeaker snug_tile_geometry_speaker (int width, int height, guint n_others, gboolean narrow);

/* The area that the tiles may fill on a stage of that size. Never empty. */
SnugTileRect snug_tile_geometry_area (int stage_width, int stage_height);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-tile-geometry.h"

#define WIDEST (16.0 / 9.0)
#define LEAST_WIDE (4.0 / 3.0)
#define LEAST_WIDE_NARROW (3.0 / 4.0)
/* A hole in the last row costs this share of the score. */
#define HOLE_COST 0.03

SnugTileGeometry
snug_tile_geometry_compute (int width, int height, guint n, gboolean narrow)
{
  double least = narrow ? LEAST_WIDE_NARROW : LEAST_WIDE;
  SnugTileGeometry best = { 1, n, 1, 1 };
  double best_score = -1;

  g_return_val_if_fail (n > 0, best);

  /* From many columns to few, so that an equal score with fewer rows was seen first. */
  for (guint columns = n; columns >= 1; columns--)
    {
      guint rows = (n + columns - 1) / columns;
      double w = (width - (double) (columns - 1) * SNUG_TILE_GAP) / columns;
      double h = (height - (double) (rows - 1) * SNUG_TILE_GAP) / rows;
      double score;

      if (w <= 0 || h <= 0)
        continue;
      if (w / h > WIDEST)
        w = h * WIDEST;
      if (w / h < least)
        h = w / least;

      score = w * h * (1 - HOLE_COST * (columns * rows - n));
      if (score > best_score)
        {
          best_score = score;
          best.columns = columns;
          best.rows = rows;
          /* Half a pixel less than the sum must never push the last tile out. */
          best.tile_width = MAX (1, (int) (w + 1e-6));
          best.tile_height = MAX (1, (int) (h + 1e-6));
        }
    }
  return best;
}

SnugTileRect
snug_tile_geometry_place (const SnugTileGeometry *self, int width, int height, guint n, guint index)
{
  SnugTileRect rect = { 0, 0, self->tile_width, self->tile_height };
  guint row = index / self->columns;
  guint column = index % self->columns;
  guint in_row = MIN (self->columns, n - row * self->columns);
  int row_width = (int) in_row * self->tile_width + (int) (in_row - 1) * SNUG_TILE_GAP;
  int grid_height = (int) self->rows * self->tile_height + (int) (self->rows - 1) * SNUG_TILE_GAP;

  g_return_val_if_fail (index < n, rect);

  rect.x = (width - row_width) / 2 + (int) column * (self->tile_width + SNUG_TILE_GAP);
  rect.y = (height - grid_height) / 2 + (int) row * (self->tile_height + SNUG_TILE_GAP);
  return rect;
}

SnugTileRect
snug_tile_geometry_area (int stage_width, int stage_height)
{
  int side = stage_width < SNUG_TILE_NARROW_WIDTH ? SNUG_TILE_MARGIN_SIDE_NARROW : SNUG_TILE_MARGIN_SIDE;
  SnugTileRect area;

  area.x = side;
  area.y = SNUG_TILE_MARGIN_TOP;
  area.width = MAX (1, stage_width - 2 * side);
  area.height = MAX (1, stage_height - SNUG_TILE_MARGIN_TOP - SNUG_TILE_MARGIN_BOTTOM);
  return area;
}

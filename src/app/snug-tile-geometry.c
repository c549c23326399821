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

/* What the strip below the one that leads may take of a narrow area. */
#define STRIP_SHARE 0.3

static void
place_strip_right (SnugTileSpeaker *self, int width, int height, guint n)
{
  int tile_height = CLAMP ((height - (int) (n - 1) * SNUG_TILE_GAP) / (int) n, 1, SNUG_TILE_STRIP_HEIGHT);
  int tile_width = MAX (1, (int) (tile_height * WIDEST + 0.5));

  /* The one that leads has at least half, however little there is. */
  tile_width = MIN (tile_width, MAX (1, (width - SNUG_TILE_GAP) / 2));
  self->strip = (SnugTileGeometry) { 1, n, tile_width, tile_height };
  self->strip_area = (SnugTileRect) { width - tile_width, 0, tile_width, height };
  self->lead.width = MAX (1, width - tile_width - SNUG_TILE_GAP);
}

static void
place_strip_below (SnugTileSpeaker *self, int width, int height, guint n)
{
  int strip_height = MAX (1, (int) (height * STRIP_SHARE));

  self->strip = snug_tile_geometry_compute (width, strip_height, n, TRUE);
  strip_height = (int) self->strip.rows * (self->strip.tile_height + SNUG_TILE_GAP) - SNUG_TILE_GAP;
  self->strip_area = (SnugTileRect) { 0, MAX (0, height - strip_height), width, strip_height };
  self->lead.height = MAX (1, height - strip_height - SNUG_TILE_GAP);
}

SnugTileSpeaker
snug_tile_geometry_speaker (int width, int height, guint n_others, gboolean narrow)
{
  SnugTileSpeaker self = { { 0, 0, MAX (1, width), MAX (1, height) }, { 0, 0, 1, 1 }, { 1, 0, 1, 1 } };

  if (n_others == 0)
    return self;
  if (narrow)
    place_strip_below (&self, width, height, n_others);
  else
    place_strip_right (&self, width, height, n_others);
  return self;
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

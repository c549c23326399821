/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-tile-geometry.h"

typedef struct
{
  int width;
  int height;
  guint n;
  guint columns;
  guint rows;
  int tile_width;
  int tile_height;
} Case;

/* The table of the design: an area, how many people, what stands in it. */
static const Case cases[] = {
  { 1176, 610, 1, 1, 1, 1084, 610 }, { 1176, 610, 2, 2, 1, 584, 438 }, { 1176, 610, 3, 2, 2, 535, 301 },
  { 1176, 610, 4, 2, 2, 535, 301 },  { 1176, 610, 5, 3, 2, 386, 290 }, { 1176, 610, 6, 3, 2, 386, 290 },
  { 1176, 610, 7, 3, 3, 352, 198 },  { 1176, 610, 8, 3, 3, 352, 198 }, { 816, 610, 1, 1, 1, 816, 610 },
  { 816, 610, 2, 1, 2, 535, 301 },   { 816, 610, 3, 2, 2, 404, 301 },  { 816, 610, 4, 2, 2, 404, 301 },
  { 816, 610, 5, 2, 3, 352, 198 },   { 816, 610, 6, 2, 3, 352, 198 },  { 816, 610, 7, 3, 3, 266, 198 },
  { 816, 610, 8, 3, 3, 266, 198 },   { 344, 580, 1, 1, 1, 344, 458 },  { 344, 580, 2, 1, 2, 344, 286 },
  { 344, 580, 3, 1, 3, 334, 188 },   { 344, 580, 4, 2, 2, 168, 224 },  { 344, 580, 5, 2, 3, 168, 188 },
  { 344, 580, 6, 2, 3, 168, 188 },   { 344, 580, 7, 2, 4, 168, 139 },  { 344, 580, 8, 2, 4, 168, 139 },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      SnugTileGeometry g = snug_tile_geometry_compute (c->width, c->height, c->n, c->width < 600);

      g_test_message ("%dx%d, %u people: %ux%u of %dx%d", c->width, c->height, c->n, g.columns, g.rows,
                      g.tile_width, g.tile_height);
      g_assert_cmpuint (g.columns, ==, c->columns);
      g_assert_cmpuint (g.rows, ==, c->rows);
      /* The table rounds as a person does. */
      g_assert_cmpint (ABS (g.tile_width - c->tile_width), <=, 1);
      g_assert_cmpint (ABS (g.tile_height - c->tile_height), <=, 1);
    }
}

/* On every stage that a screen allows, nobody is outside, nobody overlaps, everybody has the same size. */
static void
test_every_stage (void)
{
  for (int width = 360; width <= 2600; width += 37)
    for (int height = 294; height <= 1600; height += 41)
      for (guint n = 1; n <= 8; n++)
        {
          SnugTileRect area = snug_tile_geometry_area (width, height);
          gboolean narrow = width < SNUG_TILE_NARROW_WIDTH;
          SnugTileGeometry g = snug_tile_geometry_compute (area.width, area.height, n, narrow);
          double ratio = (double) g.tile_width / g.tile_height;

          g_assert_cmpuint (g.columns * g.rows, >=, n);
          g_assert_cmpuint ((g.rows - 1) * g.columns, <, n);
          g_assert_cmpint (g.tile_width, >, 0);
          g_assert_cmpint (g.tile_height, >, 0);
          if (g.tile_width > 40)
            {
              g_assert_cmpfloat (ratio, <, 16.0 / 9.0 + 0.05);
              g_assert_cmpfloat (ratio, >, (narrow ? 3.0 / 4.0 : 4.0 / 3.0) - 0.05);
            }
          for (guint i = 0; i < n; i++)
            {
              SnugTileRect a = snug_tile_geometry_place (&g, area.width, area.height, n, i);

              g_assert_cmpint (a.x, >=, 0);
              g_assert_cmpint (a.y, >=, 0);
              g_assert_cmpint (a.x + a.width, <=, area.width);
              g_assert_cmpint (a.y + a.height, <=, area.height);
              for (guint j = 0; j < i; j++)
                {
                  SnugTileRect b = snug_tile_geometry_place (&g, area.width, area.height, n, j);

                  g_assert_true (a.x >= b.x + b.width + SNUG_TILE_GAP || b.x >= a.x + a.width + SNUG_TILE_GAP
                                 || a.y >= b.y + b.height + SNUG_TILE_GAP || b.y >= a.y + a.height + SNUG_TILE_GAP);
                  g_assert_cmpint (a.width, ==, b.width);
                  g_assert_cmpint (a.height, ==, b.height);
                }
            }
        }
}

static void
test_last_row (void)
{
  SnugTileGeometry g = snug_tile_geometry_compute (1176, 610, 5, FALSE);
  SnugTileRect first = snug_tile_geometry_place (&g, 1176, 610, 5, 3);
  SnugTileRect last = snug_tile_geometry_place (&g, 1176, 610, 5, 4);

  g_assert_cmpint (first.y, ==, last.y);
  g_assert_cmpint (ABS (first.x - (1176 - last.x - last.width)), <=, 1);
}

/* As the pictures of the design have it. */
static void
test_speaker (void)
{
  SnugTileSpeaker five = snug_tile_geometry_speaker (1176, 610, 5, FALSE);
  SnugTileSpeaker four = snug_tile_geometry_speaker (1176, 610, 4, FALSE);
  SnugTileSpeaker alone = snug_tile_geometry_speaker (1176, 610, 0, FALSE);
  SnugTileRect first = snug_tile_geometry_place (&four.strip, four.strip_area.width, four.strip_area.height, 4, 0);

  g_assert_cmpint (five.lead.width, ==, 1176 - 204 - 8);
  g_assert_cmpint (five.lead.height, ==, 610);
  g_assert_cmpint (five.strip.tile_width, ==, 204);
  g_assert_cmpint (five.strip.tile_height, ==, 115);
  g_assert_cmpint (first.y, ==, (610 - 4 * 115 - 3 * 8) / 2);
  g_assert_cmpint (alone.lead.width, ==, 1176);
}

/* On any stage: everything is inside, nothing overlaps. */
static void
test_speaker_every_stage (void)
{
  for (int width = 40; width <= 1600; width += 120)
    for (int height = 60; height <= 1000; height += 94)
      for (guint n = 1; n <= 8; n++)
        for (int narrow = 0; narrow <= 1; narrow++)
          {
            SnugTileSpeaker self = snug_tile_geometry_speaker (width, height, n, narrow);

            g_assert_cmpint (self.lead.width, >=, 1);
            g_assert_cmpint (self.lead.height, >=, 1);
            g_assert_cmpint (self.lead.width, <=, width);
            g_assert_cmpint (self.lead.height, <=, height);
            for (guint i = 0; i < n; i++)
              {
                SnugTileRect tile = snug_tile_geometry_place (&self.strip, self.strip_area.width,
                                                              self.strip_area.height, n, i);
                tile.x += self.strip_area.x;
                tile.y += self.strip_area.y;
                g_assert_cmpint (tile.x + tile.width, <=, width);
                g_assert_true (tile.x >= self.lead.width || tile.y >= self.lead.height);
                /* With room for them at all, they are inside. */
                if (height > (int) n * (SNUG_TILE_GAP + 1) && width > (int) n * (SNUG_TILE_GAP + 1) * 4)
                  {
                    g_assert_cmpint (tile.x, >=, 0);
                    g_assert_cmpint (tile.y, >=, 0);
                    g_assert_cmpint (tile.y + tile.height, <=, height + 1);
                  }
              }
          }
}

static void
test_no_room (void)
{
  for (guint n = 1; n <= 64; n++)
    {
      SnugTileGeometry g = snug_tile_geometry_compute (1, 1, n, TRUE);

      g_assert_cmpint (g.tile_width, >=, 1);
      g_assert_cmpint (g.tile_height, >=, 1);
      snug_tile_geometry_place (&g, 1, 1, n, n - 1);
    }
  g_assert_cmpint (snug_tile_geometry_area (0, 0).width, ==, 1);
  g_assert_cmpint (snug_tile_geometry_area (0, 0).height, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/tile-geometry/table", test_table);
  g_test_add_func ("/app/tile-geometry/every-stage", test_every_stage);
  g_test_add_func ("/app/tile-geometry/last-row", test_last_row);
  g_test_add_func ("/app/tile-geometry/speaker", test_speaker);
  g_test_add_func ("/app/tile-geometry/speaker-every-stage", test_speaker_every_stage);
  g_test_add_func ("/app/tile-geometry/no-room", test_no_room);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everybody in a call, as tiles: one person alone fills the stage, more stand in a grid, or one of them, or a shared
 * screen, leads. Oneself comes last, others never reorder.
 *
 * Property, with notify: "full-stage" (gboolean, read-only): a picture fills the stage.
 * A press on Return, or the menu of a tile (right button, Menu key), pins whom it shows.
 */
#pragma once

#include "snug-local-media.h"
#include "snug-spotlight.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_TILE_AREA (snug_tile_area_get_type ())
G_DECLARE_FINAL_TYPE (SnugTileArea, snug_tile_area, SNUG, TILE_AREA, GtkWidget)

/* people: (nullable): the others, of SnugPeer or what has its properties. scope: what avatars' tones are chosen in, the
 * call. media and display_name: one's own. */
void snug_tile_area_set_people (SnugTileArea *self,
                                GListModel *people,
                                GObject *scope,
                                SnugLocalMedia *media,
                                const char *display_name);
gboolean snug_tile_area_get_full_stage (SnugTileArea *self);
/* Oneself is not shown among the others. */
void snug_tile_area_set_own_hidden (SnugTileArea *self, gboolean hidden);
/* One's own tile, whether it is seen or not; NULL without people. Returns: (transfer none). */
GtkWidget *snug_tile_area_get_own_tile (SnugTileArea *self);
/* Returns: (transfer none): who leads; "changed" says that the tiles stand otherwise. */
SnugSpotlight *snug_tile_area_get_spotlight (SnugTileArea *self);

G_END_DECLS

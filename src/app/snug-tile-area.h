/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everybody in a call, as tiles: one person alone fills the stage, more stand in a grid with oneself last.
 *
 * Properties, with notify: "call" (SnugCall, nullable); "full-stage" (gboolean, read-only): a picture fills the stage.
 */
#pragma once

#include "snug-call.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_TILE_AREA (snug_tile_area_get_type ())
G_DECLARE_FINAL_TYPE (SnugTileArea, snug_tile_area, SNUG, TILE_AREA, GtkWidget)

void snug_tile_area_set_call (SnugTileArea *self, SnugCall *call);
gboolean snug_tile_area_get_full_stage (SnugTileArea *self);
/* Oneself is not shown among the others. */
void snug_tile_area_set_own_hidden (SnugTileArea *self, gboolean hidden);

/* A tile for oneself, tied to the local media. */
GtkWidget *snug_tile_area_make_own_tile (SnugLocalMedia *media, const char *display_name);

G_END_DECLS

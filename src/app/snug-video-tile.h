/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One person on the stage: the picture, or initials when there is none, the name, and what is the matter. Or the screen
 * that a person shares.
 *
 * Properties, writable: "display-name" (string); "feed" (SnugVideoFeed, nullable); "video-enabled", "audio-enabled"
 * (gboolean: what the person says they send); "level" (double, dBFS: lights the ring of somebody who speaks);
 * "mirrored", "own" (gboolean); "screen" (gboolean, construct only: a screen, shown whole); "fill" (gboolean: no corners,
 * the whole stage); "tone" (guint: colour of the avatar); "show-name" (gboolean). What else there is to say of the person
 * is said to the chips. "seconds-away" (guint): nothing has come of them for so long: the last picture stays, darkened, and the
 * name says since when; 0: they are there.
 * Read-only, with notify: "showing-video" (gboolean).
 */
#pragma once

#include "snug-tile-chips.h"
#include "snug-video-feed.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_VIDEO_TILE (snug_video_tile_get_type ())
G_DECLARE_FINAL_TYPE (SnugVideoTile, snug_video_tile, SNUG, VIDEO_TILE, GtkWidget)

GtkWidget *snug_video_tile_new (void);

void snug_video_tile_set_feed (SnugVideoTile *self, SnugVideoFeed *feed);
void snug_video_tile_set_level (SnugVideoTile *self, double level);
gboolean snug_video_tile_get_showing_video (SnugVideoTile *self);
/* Returns: (transfer none): what stands written on the tile. */
SnugTileChips *snug_video_tile_get_chips (SnugVideoTile *self);
/* The whole picture, or as much of it as fills the tile. */
void snug_video_tile_toggle_fit (SnugVideoTile *self);
gboolean snug_video_tile_get_contain (SnugVideoTile *self);
/* Something rises over the picture. */
void snug_video_tile_react (SnugVideoTile *self, const char *emoji);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One person on the stage: the picture, or initials when there is none, the name, and what is the matter.
 *
 * Properties: "display-name" (string); "feed" (SnugVideoFeed, nullable); "video-enabled", "audio-enabled" (gboolean: what
 * the person says they send); "level" (double, dBFS: lights the ring of somebody who speaks); "status" (string,
 * nullable: a chip at the top, "Connecting…"); "mirrored", "own" (gboolean); "fill" (gboolean: no corners, the whole
 * stage); "tone" (guint: colour of the avatar); "show-name" (gboolean);
 * "showing-video" (gboolean, read-only).
 */
#pragma once

#include "snug-peer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_VIDEO_TILE (snug_video_tile_get_type ())
G_DECLARE_FINAL_TYPE (SnugVideoTile, snug_video_tile, SNUG, VIDEO_TILE, GtkWidget)

GtkWidget *snug_video_tile_new (void);
/* A tile that follows a person for as long as both live. */
GtkWidget *snug_video_tile_new_for_peer (SnugPeer *peer, guint tone);

void snug_video_tile_set_feed (SnugVideoTile *self, SnugVideoFeed *feed);
void snug_video_tile_set_status (SnugVideoTile *self, const char *status);
void snug_video_tile_set_level (SnugVideoTile *self, double level);
gboolean snug_video_tile_get_showing_video (SnugVideoTile *self);
/* The person this tile was made for, NULL for one's own. */
SnugPeer *snug_video_tile_get_peer (SnugVideoTile *self);

G_END_DECLS

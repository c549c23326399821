/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands written on a tile: who it is, and what is the matter. Each is an icon and words, or on a small tile the
 * icon alone.
 *
 * Properties, writable: "caption" (string: the name); "show-caption" (gboolean); "muted", "screen" (gboolean: an icon
 * before the name); "pinned", "relayed" (gboolean: an icon after it); "status" (string, nullable: a chip at the top,
 * "Connecting…"); "weak" (gboolean: so is the connection); "hand-raised" (gboolean); "small" (gboolean).
 * Signal: "changed": the description is another one.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_TILE_CHIPS (snug_tile_chips_get_type ())
G_DECLARE_FINAL_TYPE (SnugTileChips, snug_tile_chips, SNUG, TILE_CHIPS, GtkWidget)

/* All of it in words, for who can't see it: "Maya, microphone off, hand raised". Returns: (transfer full). */
char *snug_tile_chips_describe (SnugTileChips *self);

G_END_DECLS

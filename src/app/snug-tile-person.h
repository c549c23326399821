/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tiles that follow somebody: what a person's object says, as what a SnugVideoTile shows.
 */
#pragma once

#include "snug-local-media.h"
#include "snug-stats-verdict.h"
#include "snug-video-tile.h"

G_BEGIN_DECLS

/* A tile for as long as both live. person: (transfer none): a SnugPeer, or an object with its properties and signals.
 * scope: what the avatar's tone is chosen in, the call. screen: the screen that the person shares.
 * Returns: (transfer floating). */
GtkWidget *snug_tile_person_new (GObject *person, GObject *scope, gboolean screen);
/* One's own, mirrored. */
GtkWidget *snug_tile_person_new_own (SnugLocalMedia *media, const char *display_name);
/* The person a tile was made for; NULL for one's own. Returns: (transfer none) (nullable). */
gpointer snug_tile_person_get (SnugVideoTile *tile);

/**
 * SnugWeakness:
 *
 * Whether a connection is to be called weak: after a few bad seconds in a row, until as many good ones.
 * Zero-initialised. Pure.
 */
typedef struct
{
  gboolean weak;
  guint against; /* seconds in a row that speak against it */
} SnugWeakness;
/** In samples, of which one comes each second. */
#define SNUG_WEAKNESS_SECONDS 3
/* One more second. Returns: weak. */
gboolean snug_weakness_note (SnugWeakness *self, SnugVerdict verdict);

G_END_DECLS

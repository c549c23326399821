/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One's own picture floating over the stage: dragged or moved with Ctrl and arrows, it snaps to a corner and keeps
 * clear of the control bar.
 *
 * Whoever holds it asks snug_self_view_get_place() when it allocates.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_SELF_VIEW (snug_self_view_get_type ())
G_DECLARE_FINAL_TYPE (SnugSelfView, snug_self_view, SNUG, SELF_VIEW, GtkWidget)

typedef enum
{
  SNUG_SELF_VIEW_LARGE,  /* 224 x 126 */
  SNUG_SELF_VIEW_MEDIUM, /* 176 x 99: beside a panel */
  SNUG_SELF_VIEW_SMALL   /* 96 x 128: a narrow window */
} SnugSelfViewSize;

typedef enum
{
  SNUG_SELF_VIEW_LEFT = 1 << 0,
  SNUG_SELF_VIEW_TOP = 1 << 1
} SnugSelfViewCorner;

/* tile: (transfer none) (nullable): what it shows. */
void snug_self_view_set_tile (SnugSelfView *self, GtkWidget *tile);
void snug_self_view_set_size (SnugSelfView *self, SnugSelfViewSize size);
/* By default at the bottom, where lines of text end: right, or left in Arabic. */
void snug_self_view_set_corner (SnugSelfView *self, SnugSelfViewCorner corner);
SnugSelfViewCorner snug_self_view_get_corner (SnugSelfView *self);
/* To the next corner that way; nothing when it is there. */
void snug_self_view_move (SnugSelfView *self, GtkDirectionType direction);

/* Where it stands now on a stage of that size, with a control bar of that width and height centred at the bottom. */
void snug_self_view_get_place (SnugSelfView *self,
                               int stage_width,
                               int stage_height,
                               int bar_width,
                               int bar_height,
                               GtkAllocation *place);

G_END_DECLS

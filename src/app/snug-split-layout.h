/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A layout manager for two children, stage and panel: side by side, or the panel instead of the stage where both
 * do not fit.
 *
 * Properties, with notify: "reveal" (double, 0 to 1): how much of the panel is there; "narrow" (gboolean, read-only):
 * less than SNUG_SPLIT_NARROW_WIDTH pixels are there. Changes of "narrow" are told after the allocation.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_SPLIT_NARROW_WIDTH 720
#define SNUG_SPLIT_PANEL_WIDTH 360

#define SNUG_TYPE_SPLIT_LAYOUT (snug_split_layout_get_type ())
G_DECLARE_FINAL_TYPE (SnugSplitLayout, snug_split_layout, SNUG, SPLIT_LAYOUT, GtkLayoutManager)

void snug_split_layout_set_reveal (SnugSplitLayout *self, double reveal);
double snug_split_layout_get_reveal (SnugSplitLayout *self);
gboolean snug_split_layout_get_narrow (SnugSplitLayout *self);

G_END_DECLS

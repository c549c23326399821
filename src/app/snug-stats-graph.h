/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One number of a connection over the last two minutes: its name, its value now, its curve. Takes a GListModel of
 * SnugStatsSample and the name of a field.
 *
 * Properties: "model" (GListModel, nullable); "field" (string, a name of snug_stats_sample_list_fields()); "title"
 * (string); "unit" (string: "bits", "milliseconds", "percent", "frames"); "axis" (gboolean: write under the curve from
 * when to when it goes); "limit-field" (string, nullable: a number that bounds the first, drawn as a dashed line where
 * it is known).
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_STATS_GRAPH (snug_stats_graph_get_type ())
G_DECLARE_FINAL_TYPE (SnugStatsGraph, snug_stats_graph, SNUG, STATS_GRAPH, GtkWidget)

void snug_stats_graph_set_model (SnugStatsGraph *self, GListModel *model);

/* The top of the scale for a largest value: 1, 2 or 5 times a power of ten, and not less than least. Pure. */
double snug_stats_graph_choose_scale (double largest, double least);

G_END_DECLS

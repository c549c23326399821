/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the connection to one person is: in a sentence, in curves, in words for whoever looks after the network.
 *
 * Signal: "notice" (char *): something was done or has failed, in a sentence.
 */
#pragma once

#include "snug-stats.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_STATS_PANEL (snug_stats_panel_get_type ())
G_DECLARE_FINAL_TYPE (SnugStatsPanel, snug_stats_panel, SNUG, STATS_PANEL, GtkWidget)

/* peers: (nullable): a GListModel of SnugPeer; with two or more of them a drop-down chooses one. */
void snug_stats_panel_set_peers (SnugStatsPanel *self, GListModel *peers);

/* Stats of somebody, by hand. name: (nullable). */
void snug_stats_panel_set_stats (SnugStatsPanel *self, SnugStats *stats, const char *name);

G_END_DECLS

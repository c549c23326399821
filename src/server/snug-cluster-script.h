/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What Redis runs, all of one change of a room at once: who is a member of it, and which nodes hear of it. Its operations:
 * beat (we are there), join, leave, sync (these are our members of the room; who else is?).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

extern const char snug_cluster_script[];

G_END_DECLS

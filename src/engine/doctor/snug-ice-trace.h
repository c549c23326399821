/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which pairs of candidates an agent tries, and how each ends. libnice tells nobody but its log, so its debug output is on, and
 * read here, as long as there is a trace. Main context.
 *
 * Signal: "pair" (const SnugIcePair *): it is new, or something of it has changed.
 */
#pragma once

#include <glib-object.h>

#include "snug-ice-pair.h"

G_BEGIN_DECLS

#define SNUG_TYPE_ICE_TRACE (snug_ice_trace_get_type ())
G_DECLARE_FINAL_TYPE (SnugIceTrace, snug_ice_trace, SNUG, ICE_TRACE, GObject)

/* agent: the NiceAgent to look at, not touched; NULL: all of the process. To be made before the agent has candidates.
 * Returns: (transfer full). */
SnugIceTrace *snug_ice_trace_new (gconstpointer agent);
/* What comes from now on is not taken. Any number of times. */
void snug_ice_trace_stop (SnugIceTrace *self);
/* Returns: (transfer none). */
SnugIcePairs *snug_ice_trace_get_pairs (SnugIceTrace *self);

G_END_DECLS

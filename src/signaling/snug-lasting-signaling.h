/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A channel that comes back: whenever the one behind it is lost, another one is opened, with pauses that grow. Until the other
 * side has said something for the first time it is like any other channel, and ends with the first error; so does one whose other side floods it.
 */
#pragma once

#include "snug-signaling.h"

G_BEGIN_DECLS

/* From one attempt to the next, in milliseconds: at first, and at most. Some of it is random, so that those who lost the same server
 * do not come back all at once. */
#define SNUG_LASTING_SIGNALING_PAUSE_MS 500
#define SNUG_LASTING_SIGNALING_PAUSE_MAX_MS 15000

#define SNUG_TYPE_LASTING_SIGNALING (snug_lasting_signaling_get_type ())
G_DECLARE_FINAL_TYPE (SnugLastingSignaling, snug_lasting_signaling, SNUG, LASTING_SIGNALING, SnugSignaling)

/* Makes one more channel, in state IDLE. Returns: (transfer full). */
typedef SnugSignaling *(*SnugSignalingFactory) (gpointer user_data);

/* make: called for each attempt. destroy: nullable, for user_data. Returns: (transfer full). */
SnugSignaling *snug_lasting_signaling_new (SnugSignalingFactory make, gpointer user_data, GDestroyNotify destroy);
/* Over WebSockets to uri, see snug_websocket_signaling_new(). Returns: (transfer full). */
SnugSignaling *snug_lasting_signaling_new_for_uri (const char *uri);

/* The n-th pause in a row, in milliseconds. random: 0 to 1. Pure. */
guint snug_lasting_signaling_get_pause (guint n, double random);

G_END_DECLS

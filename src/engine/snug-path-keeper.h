/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps a pair connected: watches whether anything comes, and has another connection made beside the one in use when nothing does,
 * when the network changes or when the peer asks for it. Begins with the first connection that is verified. Main context.
 *
 * Property, with notify: "state" (SnugPathState, as an int): LIVE until something is wrong. INTERRUPTED: nothing comes, which
 * may pass; LOST: another path is looked for.
 */
#pragma once

#include "snug-negotiation.h"
#include "snug-path-watch.h"

G_BEGIN_DECLS

#define SNUG_TYPE_PATH_KEEPER (snug_path_keeper_get_type ())
G_DECLARE_FINAL_TYPE (SnugPathKeeper, snug_path_keeper, SNUG, PATH_KEEPER, GObject)

/* negotiation: a reference is taken until snug_path_keeper_stop(). Returns: (transfer full). */
SnugPathKeeper *snug_path_keeper_new (SnugNegotiation *negotiation);
/* Nothing is watched or done any more. */
void snug_path_keeper_stop (SnugPathKeeper *self);

/* The peer says that it reports often. */
void snug_path_keeper_set_prompt (SnugPathKeeper *self, gboolean prompt);
/* Whether the peer can be reached by way of the server, TRUE at first. When it can again, an attempt that is due begins at once.
 * When it can't for half a minute, and nothing comes from it either, the peer is given up. */
void snug_path_keeper_set_signaling (SnugPathKeeper *self, gboolean signaling);
gboolean snug_path_keeper_get_signaling (SnugPathKeeper *self);
/* An address is gone that the path may have been over, or the machine has slept: another connection, now. */
void snug_path_keeper_renew (SnugPathKeeper *self);
/* There may be a better way now: if another connection is looked for, try at once. */
void snug_path_keeper_hurry (SnugPathKeeper *self);

SnugPathState snug_path_keeper_get_state (SnugPathKeeper *self);

G_END_DECLS

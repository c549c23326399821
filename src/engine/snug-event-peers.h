/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of a SnugEventLog that watches the people of a call. Main context.
 */
#pragma once

#include "snug-event.h"
#include "snug-peer.h"

G_BEGIN_DECLS

typedef struct _SnugEventPeers SnugEventPeers;

/* Returns: (transfer full). */
SnugEventPeers *snug_event_peers_new (SnugEventFunc write, gpointer user_data);
void snug_event_peers_free (SnugEventPeers *self);

/* Whether each measurement is an event of its own. */
void snug_event_peers_set_stats (SnugEventPeers *self, gboolean stats);
/* For the items-changed of a call's people: who came and who left, and from then on what each of them does. in_call: those
 * who left did so by themselves. */
void snug_event_peers_change (SnugEventPeers *self, GListModel *peers, guint position, guint removed, guint added, gboolean in_call);
/* No more of any. */
void snug_event_peers_unwatch_all (SnugEventPeers *self);

G_END_DECLS

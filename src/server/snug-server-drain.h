/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sends the clients of a server elsewhere, a few at a time, so that they do not all arrive there at once. Main thread.
 */
#pragma once

#include "snug-server-client.h"

G_BEGIN_DECLS

typedef struct _SnugServerDrain SnugServerDrain;

/* Once, and it may be freed then. */
typedef void (*SnugServerDrainFunc) (gpointer data);

/* Begins at once: up to fifty are told before it returns, more over the seconds. Those who are still to be told go on
 * meanwhile. clients: (transfer full): of SnugServerClient, each held. all_told: not before this has returned. */
SnugServerDrain *snug_server_drain_new (GPtrArray *clients, guint seconds, SnugServerDrainFunc all_told, gpointer data);
void snug_server_drain_free (SnugServerDrain *self);

G_END_DECLS

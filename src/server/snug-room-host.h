/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server of one room and for the local network alone: what a SnugLocalHosting of the signaling layer needs, which knows
 * nothing of this one. Main context only.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Listens on a free port, for that room. Connections from elsewhere than a private or link-local address are cut off,
 * joins to any other room are refused. port: (out). Returns: (transfer full): to be closed with snug_room_host_close();
 * NULL with a GIOError. */
gpointer snug_room_host_open (const char *room_id, guint16 *port, GError **error);
/* Tells everybody who is connected, and ends. host: (transfer full). closed: (nullable): called once everybody has been told,
 * two seconds later at most. */
void snug_room_host_close (gpointer host, GSourceOnceFunc closed, gpointer user_data);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The signaling server as an object: snug-server and the app ("Host a room here") both hold one.
 * Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "snug-redis-address.h"
#include "snug-server-config.h"
#include "snug-server-limits.h"

G_BEGIN_DECLS

#define SNUG_TYPE_SERVER (snug_server_get_type ())
G_DECLARE_FINAL_TYPE (SnugServer, snug_server, SNUG, SERVER, GObject)

/* Returns: (transfer full): a server that does not listen yet, with the defaults of snug-protocol.h.
 * Its limits are properties of the names in snug-server-limits.h; what is set counts for who comes after it. */
SnugServer *snug_server_new (void);

void snug_server_set_room_size (SnugServer *self, guint room_size);
/* What JOINED tells every client. Copied. */
void snug_server_set_ice_servers (SnugServer *self, const SnugIceServer *servers, gsize n_servers);

void snug_server_set_config (SnugServer *self, SnugServerConfig *config);

/* Before it listens: share the rooms with other servers, see snug_server_shared_is_supported(). */
void snug_server_set_redis (SnugServer *self, const SnugRedisAddress *address);

/* Listens. bind: a numeric IPv4 or IPv6 address; NULL: every address. port 0: any free one, see
 * snug_server_get_port(). FALSE with a GIOError. */
gboolean snug_server_listen (SnugServer *self, const char *bind, guint16 port, GError **error);
/* The same on a socket that was opened by somebody else. */
gboolean snug_server_listen_on (SnugServer *self, int fd, GError **error);
guint16 snug_server_get_port (SnugServer *self);
guint snug_server_get_n_clients (SnugServer *self);
guint snug_server_get_n_rooms (SnugServer *self);

/* Stops listening, tells every client, and closes every connection. */
void snug_server_stop_async (SnugServer *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean snug_server_stop_finish (SnugServer *self, GAsyncResult *result, GError **error);

G_END_DECLS

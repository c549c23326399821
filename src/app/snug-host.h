/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "Host a room here": a signaling server inside the app, for people on the same network.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SNUG_TYPE_HOST (snug_host_get_type ())
G_DECLARE_FINAL_TYPE (SnugHost, snug_host, SNUG, HOST, GObject)

/* The port that is tried first; when it is taken, any free one is. */
#define SNUG_HOST_PORT 8765

/* Returns: (transfer full): nothing listens yet. */
SnugHost *snug_host_new (void);
/* Listens, if it does not already. FALSE with a GIOError. */
gboolean snug_host_start (SnugHost *self, GError **error);
/* Where this app reaches it, for snug_websocket_signaling_new(). Returns: (transfer full). */
char *snug_host_get_own_uri (SnugHost *self);
/* What others write as their meeting point: "ws://192.168.1.20:8765", with this machine's address in the local
 * network. Returns: (transfer full) (nullable): NULL without a network. */
char *snug_host_get_address (SnugHost *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way to one TURN server over TLS (RFC 8656, 3.1; RFC 7065 "turns:"), for libnice, which would speak to it in plain text: it connects to
 * a port of this machine's loopback instead, and each of its connections goes on to the server inside a TLS connection whose certificate
 * has been checked against the server's name. Main context.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SNUG_TYPE_TURN_TUNNEL (snug_turn_tunnel_get_type ())
G_DECLARE_FINAL_TYPE (SnugTurnTunnel, snug_turn_tunnel, SNUG, TURN_TUNNEL, GObject)

/* Connections through one tunnel at once: one for each address of this machine and each peer. */
#define SNUG_TURN_TUNNEL_CONNECTIONS_MAX 256

/* host: a name or an address, in brackets if it is of IPv6. Returns: (transfer full): open already; or NULL with a G_IO_ERROR. */
SnugTurnTunnel *snug_turn_tunnel_new (const char *host, guint16 port, GError **error);
/* Cuts every connection. */
void snug_turn_tunnel_close (SnugTurnTunnel *self);

/* "127.0.0.1:PORT": where libnice finds it, over TCP. */
const char *snug_turn_tunnel_get_address (SnugTurnTunnel *self);
/* Why the last connection did not come about; NULL: it did, or there was none. A certificate that is not accepted is a
 * G_TLS_ERROR. */
const GError *snug_turn_tunnel_get_error (SnugTurnTunnel *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A SnugSignaling over a WebSocket to a Snug server. Main context only.
 */
#pragma once

#include "snug-signaling.h"

G_BEGIN_DECLS

#define SNUG_TYPE_WEBSOCKET_SIGNALING (snug_websocket_signaling_get_type ())
G_DECLARE_FINAL_TYPE (SnugWebsocketSignaling, snug_websocket_signaling, SNUG, WEBSOCKET_SIGNALING, SnugSignaling)

/* Makes a server address out of what a person typed: "host", "host:port", ws://, wss://, http:// and
 * https:// are understood; no scheme means wss://, or ws:// for a loopback or private address; at most
 * 512 bytes. Returns: (transfer full): a ws:// or wss:// URI, or NULL with SNUG_SIGNALING_ERROR_ADDRESS. */
char *snug_websocket_signaling_normalize_uri (const char *text, GError **error);

/* uri: as snug_websocket_signaling_normalize_uri() made it. Returns: (transfer full).
 *
 * Its limits are properties, so that tests can shrink them: "connect-timeout", "close-timeout" (milliseconds),
 * "keepalive-interval" (seconds), "message-rate", "message-burst" (from the server). What this side sends is
 * paced below the server's limits. A server that answers HTTP 502, 503 or 504 is UNREACHABLE, not NOT_SNUG. */
SnugSignaling *snug_websocket_signaling_new (const char *uri);
/* Over plain ws:// straight to that address, whatever proxy the system has. Returns: (transfer full). */
SnugSignaling *snug_websocket_signaling_new_for_address (GInetSocketAddress *address);

/* The same address for one room: "/ROOM" at the end of a path that ends as SNUG_WEBSOCKET_PATH; any other path stays as it is.
 * uri: normalized. Returns: (transfer full). */
char *snug_websocket_signaling_make_room_uri (const char *uri, const char *room_id);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ICE servers as people configure them: in a file, on a command line, in the preferences. Pure.
 */
#pragma once

#include "snug-message.h"

G_BEGIN_DECLS

/* A deep copy. Returns: (transfer full): free with snug_ice_servers_free(). NULL when there are none. */
SnugIceServer *snug_ice_servers_copy (const SnugIceServer *servers, gsize n_servers);
void snug_ice_servers_free (SnugIceServer *servers, gsize n_servers);

/* One server from one line of text:
 *
 *   stun:HOST[:PORT]
 *   turn:[USER:PASSWORD@]HOST[:PORT][?transport=udp|tcp]       turns: likewise
 *
 * USER and PASSWORD are percent-encoded where they contain ":", "@", "%" or "?"; an IPv6 HOST stands in [].
 * Returns: (transfer full): an array of one, or NULL with SNUG_PROTOCOL_ERROR_BAD_FIELD or _TOO_LARGE. */
SnugIceServer *snug_ice_server_parse (const char *text, GError **error);

/* {"iceServers":[{"urls":["turn:..."],"username":"...","credential":"..."}]}, as browsers write it.
 * Returns: (transfer full): *n_servers servers, or NULL with a SNUG_PROTOCOL_ERROR. NULL without one: an
 * empty list. */
SnugIceServer *snug_ice_servers_parse_json (const char *data,
                                            gsize size,
                                            gsize *n_servers,
                                            GError **error);

/* Whether the URI is one of an ICE server: stun:, stuns:, turn: or turns:, a host, no user in it. */
gboolean snug_ice_server_check_uri (const char *uri, GError **error);

G_END_DECLS

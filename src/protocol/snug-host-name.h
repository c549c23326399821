/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names and addresses of servers, as people write them. Pure.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* host: without brackets; nullable. Returns: (transfer full) (nullable): in lower case and ASCII (RFC 5891); NULL when it is neither a
 * name nor an address. */
char *snug_host_name_normalize (const char *host);

/* Whether it is on this machine or its network, where a server has no certificate that anyone would have signed. host:
 * normalised. */
gboolean snug_host_name_is_nearby (const char *host);
/* Whether an address is one of a local network, or of this machine (loopback, RFC 1918, 3927, 4193, 4291 link-local). */
gboolean snug_host_address_is_nearby (GInetAddress *address);

G_END_DECLS

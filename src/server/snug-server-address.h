/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The address of one who connects, networks of addresses, and how a reverse proxy tells for whom it connects:
 * the PROXY protocol (version 1 and 2 of HAProxy's specification) and X-Forwarded-For. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

struct sockaddr;

/* An IPv6 address; IPv4 is mapped into it (RFC 4291, 2.5.5.2). A value. */
typedef struct
{
  guint8 bytes[16];
} SnugServerAddress;

/* FALSE for a family that is neither. */
gboolean snug_server_address_from_native (SnugServerAddress *self, const struct sockaddr *native);
/* FALSE for a text that is no numeric address; brackets and a port are left out. */
gboolean snug_server_address_from_string (SnugServerAddress *self, const char *text);
/* Returns: (transfer full). */
char *snug_server_address_to_string (const SnugServerAddress *self);
guint snug_server_address_hash (gconstpointer address);
gboolean snug_server_address_equal (gconstpointer a, gconstpointer b);

gboolean snug_server_address_is_loopback (const SnugServerAddress *self);
/* Not of the Internet: loopback, RFC 1918, 6598 (carriers), 3927 and 4291 (link-local), 4193. */
gboolean snug_server_address_is_private (const SnugServerAddress *self);
/* IPv4: the same; IPv6: the network of 64 bits it is in. */
SnugServerAddress snug_server_address_get_network (const SnugServerAddress *self);

/* A network: an address and how many bits of it count. A value. */
typedef struct
{
  SnugServerAddress address;
  guint n_bits;
} SnugServerNetwork;

/* "10.0.0.0/8", "::1". FALSE with a GOptionError. */
gboolean snug_server_network_parse (SnugServerNetwork *self, const char *text, GError **error);
/* Whether one of the networks holds the address. */
gboolean snug_server_networks_contain (const SnugServerNetwork *networks,
                                       guint n_networks,
                                       const SnugServerAddress *address);

/* A header of the PROXY protocol, in bytes, at most: version 2 may be longer, and is refused then. */
#define SNUG_PROXY_HEADER_MAX_BYTES 536

/* data: the first bytes of a connection. *address: for whom it is; left alone where the proxy speaks for itself.
 * Returns: the bytes of the header; 0 when it is none, or not whole. */
gsize snug_proxy_header_parse (const guint8 *data, gsize size, SnugServerAddress *address);
/* The last address of X-Forwarded-For that is not of a trusted proxy. FALSE: there is none. */
gboolean snug_forwarded_for_parse (const char *header,
                                   const SnugServerNetwork *trusted,
                                   guint n_trusted,
                                   SnugServerAddress *address);

G_END_DECLS

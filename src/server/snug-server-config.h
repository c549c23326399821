/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who may use a server, and what it tells them; the numbers are in snug-server-limits.h. The files that options
 * name are read here, so that a reload is a new one of these.
 */
#pragma once

#include "snug-ice-server.h"
#include "snug-server-address.h"
#include "snug-server-tls.h"

G_BEGIN_DECLS

/* A value that is shared, and that does not change once it is in use. Zero is a server in a local network. */
typedef struct
{
  SnugServerTls *tls;       /* NULL: plain */
  gboolean plain_anywhere;  /* without TLS from the Internet, too, and not from private networks alone */
  char **access_keys;       /* NULL: open to everybody */
  char **origins;           /* of pages whose browsers may connect; NULL: all */
  GArray *trusted_proxies;  /* of SnugServerNetwork: what these say of an address holds; NULL: none */
  gboolean proxy_protocol;  /* they begin with its header */
  GArray *metrics_from;     /* of SnugServerNetwork: who may read them besides this machine; NULL: nobody */
  SnugIceServer *ice_servers;
  gsize n_ice_servers;
  char **turn_uris; /* one relay, whose passwords are made for each join */
  char *turn_secret;
  guint turn_lifetime; /* seconds */
  gboolean log_addresses;
  gboolean private_only; /* who connects from elsewhere than a private network is cut off unheard */
  char *only_room;       /* the id of the only room that may be joined; NULL: every one */
  gboolean no_guest_page; /* for browsers there is nothing but the WebSocket */
} SnugServerConfig;

SnugServerConfig *snug_server_config_new (void);
SnugServerConfig *snug_server_config_ref (SnugServerConfig *self);
void snug_server_config_unref (SnugServerConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugServerConfig, snug_server_config_unref)

/* Returns: (transfer full): one secret of a file, without the white space around it; NULL with an error that names the file. */
char *snug_server_config_read_secret (const char *path, GError **error);
/* What is read of files. FALSE with an error that names the file. */
gboolean snug_server_config_load_access_keys (SnugServerConfig *self, const char *path, GError **error);
gboolean snug_server_config_load_turn_secret (SnugServerConfig *self, const char *path, GError **error);
gboolean snug_server_config_load_ice_servers (SnugServerConfig *self, const char *path, GError **error);
/* One more. servers: (transfer full). */
gboolean snug_server_config_add_ice_servers (SnugServerConfig *self,
                                             SnugIceServer *servers,
                                             gsize n_servers,
                                             GError **error);
/* texts: (nullable): each a network. Returns: (transfer full) (nullable): NULL also when there are none. */
GArray *snug_server_config_parse_networks (const char *const *texts, GError **error);
/* Whether all of it fits one JOINED. */
gboolean snug_server_config_check (SnugServerConfig *self, GError **error);

gboolean snug_server_config_is_trusted_proxy (SnugServerConfig *self, const SnugServerAddress *address);
/* For one client, known by id. *n_servers: (out). Returns: (transfer full). now: Unix time. */
SnugIceServer *snug_server_config_make_ice_servers (SnugServerConfig *self,
                                                    const char *id,
                                                    gint64 now,
                                                    gsize *n_servers);

G_END_DECLS

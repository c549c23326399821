/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What snug-server was told on its command line.
 */
#pragma once

#include "snug-server.h"

G_BEGIN_DECLS

typedef struct
{
  int port;
  char *bind;
  char **ice_servers;
  char *ice_server_file;
  char **turn_uris;
  char *turn_secret_file;
  int turn_lifetime;
  char *tls_cert;
  char *tls_key;
  gboolean plain;
  char *access_token_file;
  char **origins;
  char **trusted_proxies;
  gboolean proxy_protocol;
  char **metrics_from;
  char *redis;
  char *redis_file;
  gboolean log_addresses;
  gboolean no_guest_page;
  gboolean verbose;
  gboolean version;
  int *limits; /* as in snug_server_limit_table; -1: not given */
} SnugServerOptions;

/* What is not given has its default. FALSE with a GOptionError. */
gboolean snug_server_options_parse (SnugServerOptions *self, int *argc, char ***argv, GError **error);
void snug_server_options_clear (SnugServerOptions *self);
/* Returns: (transfer full): what the options and their files say now, or NULL with an error. */
SnugServerConfig *snug_server_options_make_config (const SnugServerOptions *self, GError **error);
/* Where Redis is. *address: (out) (transfer full): NULL: nowhere. FALSE with an error. */
gboolean snug_server_options_find_redis (const SnugServerOptions *self, SnugRedisAddress **address, GError **error);
void snug_server_options_set_limits (const SnugServerOptions *self, SnugServer *server);

G_END_DECLS

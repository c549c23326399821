/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-options.h"

#include <gio/gio.h>
#include <string.h>

#include "snug-server-shared.h"

#define PORT_DEFAULT 8765
#define TURN_LIFETIME_DEFAULT 43200 /* seconds: 12 hours */

static void
add_limits (SnugServerOptions *self, GOptionContext *context)
{
  self->limits = g_new (int, snug_server_limit_count);
  for (guint i = 0; i < snug_server_limit_count; i++)
    {
      const SnugServerLimit *limit = &snug_server_limit_table[i];
      g_autofree char *about = g_strdup_printf ("%s (%u)", limit->about, limit->standard);
      const GOptionEntry entries[] = {
        { limit->name, 0, 0, G_OPTION_ARG_INT, &self->limits[i], g_intern_string (about), limit->unit },
        G_OPTION_ENTRY_NULL
      };

      self->limits[i] = -1;
      g_option_context_add_main_entries (context, entries, NULL);
    }
}

static void
add_entries (SnugServerOptions *self, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &self->port,
      "TCP port; 0 for any free one (default: " G_STRINGIFY (PORT_DEFAULT) ")", "PORT" },
    { "bind", 'b', 0, G_OPTION_ARG_STRING, &self->bind,
      "Numeric address to listen on (default: all)", "ADDRESS" },
    { "tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &self->tls_cert,
      "Certificate for wss://, PEM, with those that vouch for it", "FILE" },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &self->tls_key, "Its private key, PEM", "FILE" },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &self->plain,
      "Take ws:// from the Internet, too, and not from private networks alone", NULL },
    { "access-token-file", 0, 0, G_OPTION_ARG_FILENAME, &self->access_token_file,
      "Only for those with a token that a key of this file has signed", "FILE" },
    { "allow-origin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->origins,
      "Page whose browsers may connect (default: all); may be repeated", "ORIGIN" },
    { "trusted-proxy", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->trusted_proxies,
      "Reverse proxy whose X-Forwarded-For is believed; may be repeated", "ADDRESS[/BITS]" },
    { "proxy-protocol", 0, 0, G_OPTION_ARG_NONE, &self->proxy_protocol,
      "What the trusted proxies send begins with the PROXY protocol instead", NULL },
    { "ice-server", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->ice_servers,
      "STUN or TURN server for the clients; may be repeated", "URI" },
    { "ice-server-file", 0, 0, G_OPTION_ARG_FILENAME, &self->ice_server_file,
      "JSON file with \"iceServers\", for passwords that the process list should not show", "FILE" },
    { "turn-uri", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->turn_uris,
      "TURN server whose passwords are made for each join; may be repeated", "URI" },
    { "turn-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &self->turn_secret_file,
      "What it shares with that server (coturn: static-auth-secret)", "FILE" },
    { "turn-lifetime", 0, 0, G_OPTION_ARG_INT, &self->turn_lifetime,
      "How long such a password is good (" G_STRINGIFY (TURN_LIFETIME_DEFAULT) ")", "SECONDS" },
    { "metrics-from", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->metrics_from,
      "Who may read /metrics besides this machine; may be repeated", "ADDRESS[/BITS]" },
    { "redis", 0, 0, G_OPTION_ARG_STRING, &self->redis,
      "Share the rooms with other servers through this Redis, redis://HOST[:PORT][/DATABASE] or unix:///PATH", "URI" },
    { "redis-file", 0, 0, G_OPTION_ARG_FILENAME, &self->redis_file,
      "The same, from a file, with USER:PASSWORD@ before the host", "FILE" },
    { "no-guest-page", 0, 0, G_OPTION_ARG_NONE, &self->no_guest_page,
      "Serve no page for guests in a browser", NULL },
    { "log-addresses", 0, 0, G_OPTION_ARG_NONE, &self->log_addresses, "Log where clients come from", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &self->verbose, "Log more, the ids of rooms too", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, NULL);
}

static gboolean
bad_value (GError **error, const char *text)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
  return FALSE;
}

static gboolean
check (const SnugServerOptions *self, GError **error)
{
  for (guint i = 0; i < snug_server_limit_count; i++)
    {
      const SnugServerLimit *limit = &snug_server_limit_table[i];
      gint64 value = self->limits[i];

      if (value == -1 || (value >= limit->min && value <= limit->max))
        continue;
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s is %u to %u", limit->name, limit->min,
                   limit->max);
      return FALSE;
    }
  if (self->port < 0 || self->port > G_MAXUINT16)
    return bad_value (error, "--port is 0 to 65535");
  if (self->turn_lifetime < 60 || self->turn_lifetime > 30 * 24 * 60 * 60)
    return bad_value (error, "--turn-lifetime is 60 to 2592000");
  if ((self->tls_cert != NULL) != (self->tls_key != NULL))
    return bad_value (error, "--tls-cert and --tls-key belong together");
  if (self->redis != NULL && self->redis_file != NULL)
    return bad_value (error, "--redis and --redis-file say the same");
  if (self->redis != NULL && strchr (self->redis, '@') != NULL)
    return bad_value (error, "Passwords of Redis come from --redis-file");
  if ((self->redis != NULL || self->redis_file != NULL) && !snug_server_shared_is_supported ())
    return bad_value (error, "This snug-server was built without hiredis, so without --redis");
  if (self->proxy_protocol && self->trusted_proxies == NULL)
    return bad_value (error, "--proxy-protocol needs a --trusted-proxy");
  return TRUE;
}

gboolean
snug_server_options_parse (SnugServerOptions *self, int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- signaling server for Snug");

  self->port = PORT_DEFAULT;
  self->turn_lifetime = TURN_LIFETIME_DEFAULT;
  g_option_context_set_summary (context, "To hand out tokens: snug-server token --help");
  g_option_context_set_description (context,
    "ICE servers are written\n"
    "  stun:HOST[:PORT]\n"
    "  turn:USER:PASSWORD@HOST[:PORT][?transport=udp|tcp]\n"
    "USER and PASSWORD percent-encoded; with --turn-uri there is neither. Clients come to ws://HOST:PORT/snug,\n"
    "with --tls-cert to wss://, guests with a browser to http:// or https://HOST:PORT/. GET /healthz tells whether it runs, GET /metrics how.\n"
    "Once it listens it prints \"event=listening address=ADDRESS port=PORT\" on standard output.\n"
    "SIGHUP reads the files again, SIGTERM sends everybody elsewhere and ends it.\n");
  add_entries (self, context);
  add_limits (self, context);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, "Unknown argument %s", (*argv)[1]);
      return FALSE;
    }
  return check (self, error);
}

void
snug_server_options_clear (SnugServerOptions *self)
{
  g_free (self->bind);
  g_strfreev (self->ice_servers);
  g_free (self->ice_server_file);
  g_strfreev (self->turn_uris);
  g_free (self->turn_secret_file);
  g_free (self->tls_cert);
  g_free (self->tls_key);
  g_free (self->access_token_file);
  g_strfreev (self->origins);
  g_strfreev (self->trusted_proxies);
  g_strfreev (self->metrics_from);
  g_free (self->redis);
  g_free (self->redis_file);
  g_free (self->limits);
}

static gboolean
load_networks (char **texts, GArray **networks, GError **error)
{
  *networks = snug_server_config_parse_networks ((const char *const *) texts, error);
  return *networks != NULL || texts == NULL || texts[0] == NULL;
}

static gboolean
load_ice_servers (const SnugServerOptions *self, SnugServerConfig *config, GError **error)
{
  for (guint i = 0; self->ice_servers != NULL && self->ice_servers[i] != NULL; i++)
    {
      SnugIceServer *one = snug_ice_server_parse (self->ice_servers[i], error);

      if (one == NULL || !snug_server_config_add_ice_servers (config, one, 1, error))
        return FALSE;
    }
  return self->ice_server_file == NULL
         || snug_server_config_load_ice_servers (config, self->ice_server_file, error);
}

SnugServerConfig *
snug_server_options_make_config (const SnugServerOptions *self, GError **error)
{
  g_autoptr (SnugServerConfig) config = snug_server_config_new ();

  config->plain_anywhere = self->plain;
  config->origins = g_strdupv (self->origins);
  config->proxy_protocol = self->proxy_protocol;
  config->turn_uris = g_strdupv (self->turn_uris);
  config->turn_lifetime = (guint) self->turn_lifetime;
  config->log_addresses = self->log_addresses;
  config->no_guest_page = self->no_guest_page;
  if (self->tls_cert != NULL)
    {
      config->tls = snug_server_tls_new (self->tls_cert, self->tls_key, error);
      if (config->tls == NULL)
        return NULL;
    }
  if ((self->access_token_file != NULL
       && !snug_server_config_load_access_keys (config, self->access_token_file, error))
      || (self->turn_secret_file != NULL
          && !snug_server_config_load_turn_secret (config, self->turn_secret_file, error))
      || !load_networks (self->trusted_proxies, &config->trusted_proxies, error)
      || !load_networks (self->metrics_from, &config->metrics_from, error)
      || !load_ice_servers (self, config, error) || !snug_server_config_check (config, error))
    return NULL;
  return g_steal_pointer (&config);
}

gboolean
snug_server_options_find_redis (const SnugServerOptions *self, SnugRedisAddress **address, GError **error)
{
  g_autofree char *text = NULL;

  *address = NULL;
  if (self->redis_file != NULL)
    {
      text = snug_server_config_read_secret (self->redis_file, error);
      if (text == NULL)
        return FALSE;
    }
  else if (self->redis == NULL)
    return TRUE;
  *address = snug_redis_address_parse (text != NULL ? text : self->redis, error);
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  return *address != NULL;
}

void
snug_server_options_set_limits (const SnugServerOptions *self, SnugServer *server)
{
  for (guint i = 0; i < snug_server_limit_count; i++)
    {
      if (self->limits[i] >= 0)
        g_object_set (server, snug_server_limit_table[i].name, (guint) self->limits[i], NULL);
    }
}

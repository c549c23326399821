/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-config.h"

#include <gio/gio.h>
#include <string.h>

#include "snug-access-token.h"
#include "snug-message.h"

/* JOINED carries them all, and the members of a full room, in one message. */
#define ICE_SERVERS_MAX_BYTES (SNUG_MESSAGE_MAX_BYTES / 2)
#define FILE_MAX_BYTES (256 * 1024)

static void
config_clear (gpointer data)
{
  SnugServerConfig *self = data;

  g_clear_pointer (&self->tls, snug_server_tls_unref);
  snug_access_keys_free (self->access_keys);
  g_strfreev (self->origins);
  g_clear_pointer (&self->trusted_proxies, g_array_unref);
  g_clear_pointer (&self->metrics_from, g_array_unref);
  snug_ice_servers_free (self->ice_servers, self->n_ice_servers);
  g_strfreev (self->turn_uris);
  if (self->turn_secret != NULL)
    explicit_bzero (self->turn_secret, strlen (self->turn_secret));
  g_free (self->turn_secret);
  g_free (self->only_room);
}

SnugServerConfig *
snug_server_config_new (void)
{
  return g_rc_box_new0 (SnugServerConfig);
}

SnugServerConfig *
snug_server_config_ref (SnugServerConfig *self)
{
  return g_rc_box_acquire (self);
}

void
snug_server_config_unref (SnugServerConfig *self)
{
  g_rc_box_release_full (self, config_clear);
}

/* Returns: (transfer full). A pipe or a device without end is no file here. */
static char *
read_file (const char *path, gsize *size, GError **error)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, size, error))
    return NULL;
  if (*size <= FILE_MAX_BYTES && memchr (text, '\0', *size) == NULL)
    return g_steal_pointer (&text);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is no text, or too long", path);
  return NULL;
}

gboolean
snug_server_config_load_access_keys (SnugServerConfig *self, const char *path, GError **error)
{
  gsize size;
  g_autofree char *text = read_file (path, &size, error);

  if (text == NULL)
    return FALSE;
  self->access_keys = snug_access_keys_parse (text, error);
  explicit_bzero (text, size);
  if (self->access_keys == NULL)
    g_prefix_error (error, "%s: ", path);
  return self->access_keys != NULL;
}

char *
snug_server_config_read_secret (const char *path, GError **error)
{
  gsize size;
  g_autofree char *text = read_file (path, &size, error);

  if (text == NULL)
    return NULL;
  g_strstrip (text);
  if (*text != '\0')
    return g_steal_pointer (&text);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is empty", path);
  return NULL;
}

gboolean
snug_server_config_load_turn_secret (SnugServerConfig *self, const char *path, GError **error)
{
  self->turn_secret = snug_server_config_read_secret (path, error);
  return self->turn_secret != NULL;
}

gboolean
snug_server_config_add_ice_servers (SnugServerConfig *self, SnugIceServer *servers, gsize n_servers, GError **error)
{
  if (self->n_ice_servers + n_servers > SNUG_ICE_SERVERS_MAX)
    {
      snug_ice_servers_free (servers, n_servers);
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "At most %d ICE servers", SNUG_ICE_SERVERS_MAX);
      return FALSE;
    }
  self->ice_servers = g_renew (SnugIceServer, self->ice_servers, self->n_ice_servers + n_servers);
  for (gsize i = 0; i < n_servers; i++)
    self->ice_servers[self->n_ice_servers++] = servers[i];
  g_free (servers);
  return TRUE;
}

gboolean
snug_server_config_load_ice_servers (SnugServerConfig *self, const char *path, GError **error)
{
  gsize size, n_servers;
  g_autofree char *text = read_file (path, &size, error);
  g_autoptr (GError) local = NULL;
  SnugIceServer *servers;

  if (text == NULL)
    return FALSE;
  servers = snug_ice_servers_parse_json (text, size, &n_servers, &local);
  if (local == NULL)
    return snug_server_config_add_ice_servers (self, servers, n_servers, error);
  g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", path);
  return FALSE;
}

GArray *
snug_server_config_parse_networks (const char *const *texts, GError **error)
{
  g_autoptr (GArray) networks = NULL;

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      SnugServerNetwork network;

      if (!snug_server_network_parse (&network, texts[i], error))
        return NULL;
      if (networks == NULL)
        networks = g_array_new (FALSE, FALSE, sizeof network);
      g_array_append_val (networks, network);
    }
  return g_steal_pointer (&networks);
}

static gboolean
is_relay (const char *uri)
{
  return (g_str_has_prefix (uri, "turn:") || g_str_has_prefix (uri, "turns:")) && strchr (uri, '@') == NULL;
}

gboolean
snug_server_config_check (SnugServerConfig *self, GError **error)
{
  const char *const nobody[] = { NULL };
  gsize n;
  SnugIceServer *servers;
  g_autoptr (SnugMessage) message = NULL;
  g_autofree char *json = NULL;

  if ((self->turn_uris != NULL) != (self->turn_secret != NULL))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "--turn-uri and --turn-secret-file belong together");
      return FALSE;
    }
  for (guint i = 0; self->turn_uris != NULL && self->turn_uris[i] != NULL; i++)
    {
      if (i < SNUG_ICE_SERVERS_MAX && is_relay (self->turn_uris[i]))
        continue;
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "\"%s\" is no turn:HOST[:PORT][?transport=udp|tcp], or one too many", self->turn_uris[i]);
      return FALSE;
    }
  if (self->n_ice_servers + (self->turn_uris != NULL) > SNUG_ICE_SERVERS_MAX)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "At most %d ICE servers", SNUG_ICE_SERVERS_MAX);
      return FALSE;
    }
  servers = snug_server_config_make_ice_servers (self, "-", 0, &n);
  message = snug_message_new_joined ("-", nobody, servers, n);
  json = snug_message_to_json (message);
  snug_ice_servers_free (servers, n);
  if (strlen (json) <= ICE_SERVERS_MAX_BYTES)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "The ICE servers are too long to tell them in one message");
  return FALSE;
}

gboolean
snug_server_config_is_trusted_proxy (SnugServerConfig *self, const SnugServerAddress *address)
{
  return self->trusted_proxies != NULL
         && snug_server_networks_contain ((const SnugServerNetwork *) (gpointer) self->trusted_proxies->data,
                                          self->trusted_proxies->len, address);
}

SnugIceServer *
snug_server_config_make_ice_servers (SnugServerConfig *self, const char *id, gint64 now, gsize *n_servers)
{
  SnugIceServer all[SNUG_ICE_SERVERS_MAX];
  g_autofree char *username = NULL;
  g_autofree char *password = NULL;

  *n_servers = self->n_ice_servers;
  if (self->n_ice_servers > 0)
    memcpy (all, self->ice_servers, self->n_ice_servers * sizeof *all);
  if (self->turn_uris != NULL)
    {
      snug_turn_credentials_new (self->turn_secret, id, now + self->turn_lifetime, &username, &password);
      all[(*n_servers)++] = (SnugIceServer) { (const char *const *) self->turn_uris, username, password };
    }
  return snug_ice_servers_copy (all, *n_servers);
}

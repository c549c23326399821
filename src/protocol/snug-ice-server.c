/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-ice-server-private.h"

#include <string.h>

/**
 * snug_ice_servers_copy:
 * @servers: (array length=n_servers) (nullable): what to copy
 * @n_servers: how many
 *
 * Returns: (transfer full) (nullable): a deep copy, for snug_ice_servers_free()
 */
SnugIceServer *
snug_ice_servers_copy (const SnugIceServer *servers, gsize n_servers)
{
  SnugIceServer *copy;

  if (n_servers == 0)
    return NULL;
  copy = g_new0 (SnugIceServer, n_servers);
  for (gsize i = 0; i < n_servers; i++)
    {
      copy[i].uris = (const char *const *) g_strdupv ((char **) servers[i].uris);
      copy[i].username = g_strdup (servers[i].username);
      copy[i].credential = g_strdup (servers[i].credential);
    }
  return copy;
}

/**
 * snug_ice_servers_free:
 * @servers: (transfer full) (array length=n_servers) (nullable): what this folder's functions returned
 * @n_servers: how many
 */
void
snug_ice_servers_free (SnugIceServer *servers, gsize n_servers)
{
  for (gsize i = 0; servers != NULL && i < n_servers; i++)
    {
      g_strfreev ((char **) servers[i].uris);
      g_free ((char *) servers[i].username);
      g_free ((char *) servers[i].credential);
    }
  g_free (servers);
}

static gboolean
bad_uri (GError **error, const char *what)
{
  g_set_error (error,
               SNUG_PROTOCOL_ERROR,
               SNUG_PROTOCOL_ERROR_BAD_FIELD,
               "An ICE server's address %s",
               what);
  return FALSE;
}

static const char *
skip_scheme (const char *uri)
{
  static const char *const schemes[] = { "stun:", "stuns:", "turn:", "turns:" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (g_ascii_strncasecmp (uri, schemes[i], strlen (schemes[i])) == 0)
        return uri + strlen (schemes[i]);
    }
  return NULL;
}

static gboolean
check_host (const char *host, gsize size, gboolean numeric)
{
  if (size == 0)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    {
      if (!(numeric ? g_ascii_isxdigit (host[i]) || strchr (":.", host[i]) != NULL
                    : g_ascii_isalnum (host[i]) || strchr ("-._", host[i]) != NULL))
        return FALSE;
    }
  return TRUE;
}

/**
 * snug_ice_server_check_uri:
 * @uri: a text
 * @error: return location for a #GError
 *
 * Checks the form of RFC 7064 and RFC 7065: scheme, host, optional port and transport.
 *
 * Returns: whether an ICE agent can be given @uri
 */
gboolean
snug_ice_server_check_uri (const char *uri, GError **error)
{
  const char *rest = skip_scheme (uri);
  const char *host = rest;
  gsize host_size;
  gboolean numeric;

  if (rest == NULL)
    return bad_uri (error, "does not begin with stun:, stuns:, turn: or turns:");
  if (strlen (uri) > SNUG_ICE_SERVER_FIELD_MAX_BYTES)
    return bad_uri (error, "is too long");

  numeric = *rest == '[';
  if (numeric)
    {
      host++;
      host_size = strcspn (host, "]");
      rest = host + host_size;
      if (*rest++ != ']')
        return bad_uri (error, "has no valid host");
    }
  else
    {
      host_size = strcspn (rest, ":?");
      rest += host_size;
    }
  if (!check_host (host, host_size, numeric))
    return bad_uri (error, "has no valid host");

  if (*rest == ':')
    {
      char *end = NULL;
      guint64 port = g_ascii_strtoull (rest + 1, &end, 10);

      if (!g_ascii_isdigit (rest[1]) || port == 0 || port > G_MAXUINT16)
        return bad_uri (error, "has no valid port");
      rest = end;
    }
  if (*rest != '\0' && g_strcmp0 (rest, "?transport=udp") != 0
      && g_strcmp0 (rest, "?transport=tcp") != 0)
    return bad_uri (error, "ends in something that is neither a port nor a transport");
  return TRUE;
}

/* The percent-decoded text, which must fit its limit and be text. */
static char *
decode (const char *start, const char *end, GError **error)
{
  char *text = g_uri_unescape_segment (start, end, NULL);

  if (text == NULL || *text == '\0' || !g_utf8_validate (text, -1, NULL))
    bad_uri (error, "has a user name or password that is empty or not percent-encoded text");
  else if (strlen (text) > SNUG_ICE_SERVER_FIELD_MAX_BYTES)
    bad_uri (error, "has a user name or password that is too long");
  else
    return text;
  g_free (text);
  return NULL;
}

/**
 * snug_ice_server_parse:
 * @text: an address, with user name and password when it is a TURN server
 * @error: return location for a #SNUG_PROTOCOL_ERROR
 *
 * Returns: (transfer full): an array of one server, or %NULL
 */
SnugIceServer *
snug_ice_server_parse (const char *text, GError **error)
{
  const char *rest, *at, *colon;
  g_autofree char *uri = NULL, *username = NULL, *credential = NULL;
  const char *uris[2] = { NULL, NULL };
  SnugIceServer server = { .uris = uris };

  if (strlen (text) > 8 * SNUG_ICE_SERVER_FIELD_MAX_BYTES || !g_utf8_validate (text, -1, NULL))
    {
      bad_uri (error, "is too long or not text");
      return NULL;
    }
  rest = skip_scheme (text);
  at = rest != NULL ? strrchr (rest, '@') : NULL;
  if (at != NULL)
    {
      if (g_ascii_strncasecmp (text, "turn", 4) != 0)
        {
          bad_uri (error, "has a user name, which only TURN servers know");
          return NULL;
        }
      colon = memchr (rest, ':', at - rest);
      if (colon == NULL)
        {
          bad_uri (error, "has a user name without a password");
          return NULL;
        }
      username = decode (rest, colon, error);
      credential = username != NULL ? decode (colon + 1, at, error) : NULL;
      if (credential == NULL)
        return NULL;
      uri = g_strdup_printf ("%.*s%s", (int) (rest - text), text, at + 1);
    }
  else
    uri = g_strdup (text);

  if (!snug_ice_server_check_uri (uri, error))
    return NULL;
  uris[0] = uri;
  server.username = username;
  server.credential = credential;
  return snug_ice_servers_copy (&server, 1);
}

static gboolean
read_uris (JsonObject *object, GPtrArray *uris, GError **error)
{
  JsonNode *node = json_object_get_member (object, "urls");
  JsonArray *array;
  const char *uri;

  /* One address may stand there without the array around it, as in browsers. */
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node))
    {
      if (!snug_json_read_string (object, "urls", SNUG_ICE_SERVER_FIELD_MAX_BYTES, 0, &uri, error)
          || !snug_ice_server_check_uri (uri, error))
        return FALSE;
      g_ptr_array_add (uris, g_strdup (uri));
      return TRUE;
    }
  if (!snug_json_read_array (object, "urls", SNUG_ICE_SERVERS_MAX, 0, &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (!snug_json_element_string (array, i, "urls", SNUG_ICE_SERVER_FIELD_MAX_BYTES, 0, &uri,
                                     error)
          || !snug_ice_server_check_uri (uri, error))
        return FALSE;
      g_ptr_array_add (uris, g_strdup (uri));
    }
  if (uris->len == 0)
    return bad_uri (error, "is missing: \"urls\" is empty");
  return TRUE;
}

static gboolean
read_server (JsonObject *object, SnugIceServer *server, GError **error)
{
  g_autoptr (GPtrArray) uris = g_ptr_array_new_with_free_func (g_free);
  const char *username, *credential;

  if (!read_uris (object, uris, error)
      || !snug_json_read_string (object,
                                 "username",
                                 SNUG_ICE_SERVER_FIELD_MAX_BYTES,
                                 SNUG_JSON_OPTIONAL | SNUG_JSON_EMPTY,
                                 &username,
                                 error)
      || !snug_json_read_string (object,
                                 "credential",
                                 SNUG_ICE_SERVER_FIELD_MAX_BYTES,
                                 SNUG_JSON_OPTIONAL | SNUG_JSON_EMPTY,
                                 &credential,
                                 error))
    return FALSE;

  g_ptr_array_add (uris, NULL);
  server->uris = (const char *const *) g_ptr_array_steal (uris, NULL);
  server->username = g_strdup (username);
  server->credential = g_strdup (credential);
  return TRUE;
}

gboolean
snug_ice_servers_read (JsonObject *object, SnugIceServer **servers, gsize *n_servers,
                       GError **error)
{
  JsonArray *array;
  guint length;

  *servers = NULL;
  *n_servers = 0;
  if (!snug_json_read_array (object, "iceServers", SNUG_ICE_SERVERS_MAX, SNUG_JSON_OPTIONAL, &array,
                             error))
    return FALSE;
  length = array != NULL ? json_array_get_length (array) : 0;
  if (length == 0)
    return TRUE;

  *servers = g_new0 (SnugIceServer, length);
  *n_servers = length;
  for (guint i = 0; i < length; i++)
    {
      JsonObject *element;

      if (!snug_json_element_object (array, i, "iceServers", &element, error)
          || !read_server (element, &(*servers)[i], error))
        {
          snug_ice_servers_free (g_steal_pointer (servers), length);
          *n_servers = 0;
          return FALSE;
        }
    }
  return TRUE;
}

void
snug_ice_servers_write (GString *json, const SnugIceServer *servers, gsize n_servers)
{
  snug_json_write_name (json, "iceServers");
  snug_json_begin (json, '[');
  for (gsize i = 0; i < n_servers; i++)
    {
      snug_json_begin (json, '{');
      snug_json_write_name (json, "urls");
      snug_json_begin (json, '[');
      for (gsize j = 0; servers[i].uris[j] != NULL; j++)
        snug_json_write_string (json, servers[i].uris[j]);
      g_string_append_c (json, ']');
      if (servers[i].username != NULL)
        snug_json_write_string_field (json, "username", servers[i].username);
      if (servers[i].credential != NULL)
        snug_json_write_string_field (json, "credential", servers[i].credential);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
}

/**
 * snug_ice_servers_parse_json:
 * @data: (array length=size): an object with the field "iceServers"
 * @size: its bytes
 * @n_servers: (out): how many there are
 * @error: return location for a #SNUG_PROTOCOL_ERROR
 *
 * Returns: (transfer full) (nullable) (array length=n_servers): the servers
 */
SnugIceServer *
snug_ice_servers_parse_json (const char *data, gsize size, gsize *n_servers, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  SnugIceServer *servers = NULL;

  *n_servers = 0;
  object = snug_json_parse (data, size, SNUG_MESSAGE_MAX_BYTES, error);
  if (object == NULL)
    return NULL;
  if (!json_object_has_member (object, "iceServers"))
    {
      g_set_error_literal (error,
                           SNUG_PROTOCOL_ERROR,
                           SNUG_PROTOCOL_ERROR_MISSING_FIELD,
                           "Field \"iceServers\" is missing");
      return NULL;
    }
  if (!snug_ice_servers_read (object, &servers, n_servers, error))
    return NULL;
  return servers;
}

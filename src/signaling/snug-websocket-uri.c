/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-websocket-signaling.h"

#include <string.h>

#define URI_MAX_BYTES 512

static const struct
{
  const char *typed;
  const char *used;
  int default_port;
} schemes[] = {
  { "ws", "ws", 80 },
  { "wss", "wss", 443 },
  { "http", "ws", 80 },
  { "https", "wss", 443 },
};

static char *
bad_address (GError **error, const char *what)
{
  g_set_error (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_ADDRESS, "The server's address %s",
               what);
  return NULL;
}

/* fc00::/7, which GInetAddress does not know. */
static gboolean
is_unique_local (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
         && (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc;
}

gboolean
snug_websocket_signaling_is_nearby (GInetAddress *address)
{
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address)
         || g_inet_address_get_is_site_local (address) || is_unique_local (address);
}

/* Where a server has no certificate that anyone would have signed. */
static gboolean
is_nearby (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return snug_websocket_signaling_is_nearby (address);
  return g_str_equal (host, "localhost") || g_str_has_suffix (host, ".localhost")
         || g_str_has_suffix (host, ".local");
}

static gboolean
has_bad_characters (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c) || c == '\\')
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_host_name (const char *host)
{
  if (*host == '\0' || *host == '.' || *host == '-' || strlen (host) > 253)
    return FALSE;
  for (; *host != '\0'; host++)
    {
      if (!g_ascii_isalnum (*host) && strchr ("-._", *host) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Lower case, and ASCII (RFC 5891). NULL when it is neither a name nor an address. */
static char *
normalize_host (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *ascii = NULL;
  g_autofree char *lower = NULL;

  if (host == NULL)
    return NULL;
  address = g_inet_address_new_from_string (host);
  if (address != NULL)
    return g_inet_address_to_string (address);
  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL)
    return NULL;
  lower = g_ascii_strdown (ascii, -1);
  return is_host_name (lower) ? g_steal_pointer (&lower) : NULL;
}

/* "host", "host:port" and "::1" get a scheme so that one parser reads all; the host chooses another. */
static char *
add_scheme (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  if (address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    return g_strdup_printf ("wss://[%s]", text);
  return g_strdup_printf ("wss://%s", text);
}

/* Index into schemes, -1 when it is not one that can be used. */
static int
find_scheme (const char *scheme)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (g_ascii_strcasecmp (scheme, schemes[i].typed) == 0)
        return (int) i;
    }
  return -1;
}

/**
 * snug_websocket_signaling_normalize_uri:
 * @text: what a person typed
 * @error: return location for a %SNUG_SIGNALING_ERROR_ADDRESS
 *
 * An address without a path gets %SNUG_WEBSOCKET_PATH. The result goes in again unchanged.
 *
 * Returns: (transfer full): a ws:// or wss:// URI, or %NULL
 */
char *
snug_websocket_signaling_normalize_uri (const char *text, GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *full = NULL;
  g_autofree char *host = NULL;
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GUri) result = NULL;
  const char *path;
  gboolean typed_scheme;
  int scheme, port;

  if (text == NULL || strlen (text) > URI_MAX_BYTES)
    return bad_address (error, text == NULL ? "is empty" : "is too long");
  if (!g_utf8_validate (text, -1, NULL))
    return bad_address (error, "is not UTF-8 text");
  trimmed = g_strstrip (g_strdup (text));
  if (*trimmed == '\0')
    return bad_address (error, "is empty");
  if (has_bad_characters (trimmed))
    return bad_address (error, "has characters that it may not");

  typed_scheme = strstr (trimmed, "://") != NULL;
  full = typed_scheme ? g_strdup (trimmed) : add_scheme (trimmed);
  uri = g_uri_parse (full, G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY, NULL);
  if (uri == NULL)
    return bad_address (error, "can't be read");
  scheme = find_scheme (g_uri_get_scheme (uri));
  if (scheme < 0)
    return bad_address (error, "must begin with wss:// or ws://");
  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return bad_address (error, "can't have a user name or a fragment");
  port = g_uri_get_port (uri);
  if (port == 0)
    return bad_address (error, "has no valid port");
  host = normalize_host (g_uri_get_host (uri));
  if (host == NULL)
    return bad_address (error, "has no valid host");

  if (!typed_scheme && is_nearby (host))
    scheme = find_scheme ("ws");
  path = g_uri_get_path (uri);
  if (*path == '\0' || g_str_equal (path, "/"))
    path = SNUG_WEBSOCKET_PATH;
  result = g_uri_build (G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY,
                        schemes[scheme].used,
                        NULL,
                        host,
                        port == schemes[scheme].default_port ? -1 : port,
                        path,
                        g_uri_get_query (uri),
                        NULL);
  return g_uri_to_string (result);
}

/**
 * snug_websocket_signaling_make_room_uri:
 * @uri: from snug_websocket_signaling_normalize_uri()
 * @room_id: a room's id
 *
 * Returns: (transfer full): where to connect for that room
 */
char *
snug_websocket_signaling_make_room_uri (const char *uri, const char *room_id)
{
  gsize size;

  g_return_val_if_fail (uri != NULL && room_id != NULL, NULL);

  size = strcspn (uri, "?");
  if (size < strlen (SNUG_WEBSOCKET_PATH)
      || strncmp (uri + size - strlen (SNUG_WEBSOCKET_PATH), SNUG_WEBSOCKET_PATH, strlen (SNUG_WEBSOCKET_PATH)) != 0)
    return g_strdup (uri);
  return g_strdup_printf ("%.*s/%s%s", (int) size, uri, room_id, uri + size);
}

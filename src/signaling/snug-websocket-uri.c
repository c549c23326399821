/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-websocket-signaling.h"

#include "snug-host-name.h"

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
  host = snug_host_name_normalize (g_uri_get_host (uri));
  if (host == NULL)
    return bad_address (error, "has no valid host");

  if (!typed_scheme && snug_host_name_is_nearby (host))
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

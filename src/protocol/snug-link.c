/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-link.h"

#include <string.h>

#include "snug-host-name.h"
#include "snug-protocol.h"
#include "snug-room-name.h"

/* Nowhere in a URI (RFC 3986, 2), as they are, without percent-encoding. */
#define FORBIDDEN "<>\"\\^`{|}"

G_DEFINE_QUARK (snug-link-error-quark, snug_link_error)

static const struct
{
  const char *link;
  const char *server;
} schemes[] = {
  { "https", "wss" },
  { "http", "ws" },
};

static const char *
skip_space (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;

  return text;
}

static gboolean
has_scheme (const char *text, const char *scheme, const char *end)
{
  gsize length = strlen (scheme);

  return g_ascii_strncasecmp (text, scheme, length) == 0
         && g_ascii_strncasecmp (text + length, end, strlen (end)) == 0;
}

gboolean
snug_link_is_link (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  text = skip_space (text);
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (has_scheme (text, schemes[i].link, "://"))
        return TRUE;
    }
  return has_scheme (text, SNUG_LINK_SCHEME, ":");
}

static gpointer
refuse (GError **error, SnugLinkError code, const char *what)
{
  g_set_error (error, SNUG_LINK_ERROR, (int) code, "The link %s", what);

  return NULL;
}

void
snug_link_free (SnugLink *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->room);
  g_free (self->server);
  g_free (self);
}

static gboolean
has_bad_characters (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT
          || (c < 0x80 && strchr (FORBIDDEN, (int) c) != NULL))
        return TRUE;
    }
  return FALSE;
}

static SnugLink *
name_room (const char *text, const char *server, GError **error)
{
  g_autofree char *room = NULL;
  SnugLink *self;

  if (text == NULL || *text == '\0')
    return refuse (error, SNUG_LINK_ERROR_NO_ROOM, "names no room");
  room = snug_room_name_normalize (text, error);
  if (room == NULL)
    return NULL;
  self = g_new0 (SnugLink, 1);
  self->room = g_steal_pointer (&room);
  self->server = g_strdup (server);
  return self;
}

/* The name is the host: nothing else may be in it. */
static SnugLink *
read_app_link (GUri *uri, GError **error)
{
  const char *path = g_uri_get_path (uri);

  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return refuse (error, SNUG_LINK_ERROR_NO_ROOM, "names no room");
  /* What it may ask for besides is not ours to guess. */
  if (g_uri_get_port (uri) != -1 || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL
      || (*path != '\0' && strcmp (path, "/") != 0))
    return refuse (error, SNUG_LINK_ERROR_MORE, "has more than the name of a room");
  return name_room (g_uri_get_host (uri), NULL, error);
}

static SnugLink *
read_web_link (GUri *uri, GError **error)
{
  gboolean plain = g_str_equal (g_uri_get_scheme (uri), "http");
  g_autofree char *host = NULL;
  g_autoptr (GUri) server = NULL;
  g_autofree char *address = NULL;
  const char *path = g_uri_get_path (uri);

  if (strcmp (path, SNUG_LINK_PATH) != 0 && strcmp (path, SNUG_LINK_PATH "/") != 0)
    return refuse (error, SNUG_LINK_ERROR_SCHEME, "is of another page");
  if (g_uri_get_query (uri) != NULL)
    return refuse (error, SNUG_LINK_ERROR_MORE, "has more than a server and the name of a room");
  host = snug_host_name_normalize (g_uri_get_host (uri));
  if (host == NULL || g_uri_get_port (uri) == 0)
    return refuse (error, SNUG_LINK_ERROR_MALFORMED, "names no server");
  if (plain && !snug_host_name_is_nearby (host))
    return refuse (error, SNUG_LINK_ERROR_PLAIN, "is http, to a server that is not near");
  server = g_uri_build (G_URI_FLAGS_NONE, schemes[plain].server, NULL, host,
                        g_uri_get_port (uri) == (plain ? 80 : 443) ? -1 : g_uri_get_port (uri), SNUG_WEBSOCKET_PATH,
                        NULL, NULL);
  address = g_uri_to_string (server);
  return name_room (g_uri_get_fragment (uri), address, error);
}

/**
 * snug_link_parse:
 * @text: any bytes, NUL-terminated; white space at the ends goes
 * @error: return location for a #SNUG_LINK_ERROR or #SNUG_PROTOCOL_ERROR
 *
 * Returns: (transfer full): what it names, or %NULL
 */
SnugLink *
snug_link_parse (const char *text, GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!snug_link_is_link (text))
    return refuse (error, SNUG_LINK_ERROR_SCHEME, "is none of Snug");
  text = skip_space (text);
  if (strnlen (text, SNUG_LINK_MAX_BYTES + 1) > SNUG_LINK_MAX_BYTES)
    return refuse (error, SNUG_LINK_ERROR_TOO_LONG, "is too long");
  if (!g_utf8_validate (text, -1, NULL))
    return refuse (error, SNUG_LINK_ERROR_MALFORMED, "is not UTF-8 text");
  trimmed = g_strchomp (g_strdup (text));
  if (has_bad_characters (trimmed))
    return refuse (error, SNUG_LINK_ERROR_CHARACTERS, "has characters that it may not");

  uri = g_uri_parse (trimmed, G_URI_FLAGS_NON_DNS, NULL);
  if (uri == NULL)
    return refuse (error, SNUG_LINK_ERROR_MALFORMED, "can't be read");
  if (g_uri_get_userinfo (uri) != NULL)
    return refuse (error, SNUG_LINK_ERROR_USER, "has a user name");
  return g_str_equal (g_uri_get_scheme (uri), SNUG_LINK_SCHEME) ? read_app_link (uri, error)
                                                                : read_web_link (uri, error);
}

/* Where the page of a server is, nullable: at its root, and nothing secret in the address. */
static char *
write_page (const char *server)
{
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GUri) page = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || strcmp (g_uri_get_path (uri), SNUG_WEBSOCKET_PATH) != 0
      || g_uri_get_query (uri) != NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (!g_str_equal (g_uri_get_scheme (uri), schemes[i].server)
          || (i > 0 && !snug_host_name_is_nearby (g_uri_get_host (uri))))
        continue;
      page = g_uri_build (G_URI_FLAGS_NONE, schemes[i].link, NULL, g_uri_get_host (uri), g_uri_get_port (uri),
                          SNUG_LINK_PATH, NULL, NULL);
      return g_uri_to_string (page);
    }
  return NULL;
}

/**
 * snug_link_write:
 * @room: a normalised room name
 * @server: (nullable): the meeting point, "wss://HOST/snug"
 *
 * The meeting point's own page is in the link when it can have one: not when the address has a path of its own or a token,
 * which is nobody else's.
 *
 * Returns: (transfer full): a link that snug_link_parse() reads
 */
char *
snug_link_write (const char *room, const char *server)
{
  g_autofree char *name = NULL;
  g_autofree char *page = NULL;

  g_return_val_if_fail (room != NULL, NULL);

  name = g_uri_escape_string (room, NULL, FALSE);
  page = server != NULL ? write_page (server) : NULL;
  return page != NULL ? g_strconcat (page, "#", name, NULL) : g_strconcat (SNUG_LINK_SCHEME "://", name, NULL);
}

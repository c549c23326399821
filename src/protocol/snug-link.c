/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-link.h"

#include <string.h>

#include "snug-room-name.h"

static const char *
skip_space (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;

  return text;
}

gboolean
snug_link_is_link (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return g_ascii_strncasecmp (skip_space (text), SNUG_LINK_SCHEME ":", strlen (SNUG_LINK_SCHEME) + 1) == 0;
}

static char *
refuse (GError **error, GUriError code, const char *what)
{
  g_set_error (error, G_URI_ERROR, (int) code, "The link %s", what);

  return NULL;
}

char *
snug_link_parse_room (const char *text, GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *user = NULL;
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;
  g_autofree char *fragment = NULL;
  int port = -1;

  g_return_val_if_fail (text != NULL, NULL);

  if (!snug_link_is_link (text))
    return refuse (error, G_URI_ERROR_BAD_SCHEME, "is none of Snug");
  text = skip_space (text);
  if (strnlen (text, SNUG_LINK_MAX_BYTES + 1) > SNUG_LINK_MAX_BYTES)
    return refuse (error, G_URI_ERROR_FAILED, "is too long");
  trimmed = g_strchomp (g_strdup (text));

  if (!g_uri_split (trimmed, G_URI_FLAGS_NON_DNS, NULL, &user, &host, &port, &path, &query,
                    &fragment, error))
    return NULL;
  if (host == NULL)
    return refuse (error, G_URI_ERROR_BAD_HOST, "names no room");
  /* What it may ask for besides is not ours to guess. */
  if (user != NULL || port != -1 || query != NULL || fragment != NULL
      || (*path != '\0' && strcmp (path, "/") != 0))
    return refuse (error, G_URI_ERROR_FAILED, "has more than the name of a room");

  return snug_room_name_normalize (host, error);
}

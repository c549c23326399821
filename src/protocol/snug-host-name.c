/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-host-name.h"

#include <string.h>

#define NAME_MAX_BYTES 253

/* fc00::/7, which GInetAddress does not know. */
static gboolean
is_unique_local (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
         && (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc;
}

gboolean
snug_host_address_is_nearby (GInetAddress *address)
{
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address)
         || g_inet_address_get_is_site_local (address) || is_unique_local (address);
}

gboolean
snug_host_name_is_nearby (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  g_return_val_if_fail (host != NULL, FALSE);

  address = g_inet_address_new_from_string (host);
  if (address != NULL)
    return snug_host_address_is_nearby (address);
  return g_str_equal (host, "localhost") || g_str_has_suffix (host, ".localhost")
         || g_str_has_suffix (host, ".local");
}

static gboolean
is_host_name (const char *host)
{
  if (*host == '\0' || *host == '.' || *host == '-' || strlen (host) > NAME_MAX_BYTES)
    return FALSE;
  for (; *host != '\0'; host++)
    {
      if (!g_ascii_isalnum (*host) && strchr ("-._", *host) == NULL)
        return FALSE;
    }
  return TRUE;
}

char *
snug_host_name_normalize (const char *host)
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

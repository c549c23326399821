/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-local-announcement.h"

#include <string.h>

#include "snug-host-name.h"
#include "snug-protocol.h"
#include "snug-room-key.h"

#define ROOM_DIGITS (SNUG_ROOM_ID_DIGITS / 2)
#define RANDOM_DIGITS 16
#define TXT_KEY "room="
/* Below are the ports of services. */
#define PORT_MIN 1024

char *
snug_local_announcement_make_name (const char *room_id)
{
  g_return_val_if_fail (room_id != NULL && strlen (room_id) >= ROOM_DIGITS, NULL);

  return g_strdup_printf ("%.*s-%08x%08x", ROOM_DIGITS, room_id, g_random_int (), g_random_int ());
}

gboolean
snug_local_announcement_check_name (const char *name, const char *room_id)
{
  g_return_val_if_fail (name != NULL && room_id != NULL, FALSE);

  return strlen (name) == ROOM_DIGITS + 1 + RANDOM_DIGITS && strncmp (name, room_id, ROOM_DIGITS) == 0
         && name[ROOM_DIGITS] == '-'
         && strspn (name + ROOM_DIGITS + 1, "0123456789abcdef") == RANDOM_DIGITS;
}

GVariant *
snug_local_announcement_make_txt (const char *room_id)
{
  g_autofree char *text = g_strconcat (TXT_KEY, room_id, NULL);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aay"));
  g_variant_builder_add_value (&builder, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1));
  return g_variant_builder_end (&builder);
}

gboolean
snug_local_announcement_check_txt (GVariant *txt, const char *room_id)
{
  gsize n_strings;
  guint n_rooms = 0;

  g_return_val_if_fail (txt != NULL && room_id != NULL, FALSE);

  if (!g_variant_is_of_type (txt, G_VARIANT_TYPE ("aay")))
    return FALSE;
  n_strings = g_variant_n_children (txt);
  if (n_strings > SNUG_LOCAL_TXT_MAX)
    return FALSE;
  for (gsize i = 0; i < n_strings; i++)
    {
      g_autoptr (GVariant) string = g_variant_get_child_value (txt, i);
      gsize size;
      const char *bytes = g_variant_get_fixed_array (string, &size, 1);

      /* A newer Snug may say more. Keys have no case (RFC 6763, 6.4). */
      if (size < strlen (TXT_KEY) || g_ascii_strncasecmp (bytes, TXT_KEY, strlen (TXT_KEY)) != 0)
        continue;
      n_rooms++;
      if (size != strlen (TXT_KEY) + strlen (room_id)
          || memcmp (bytes + strlen (TXT_KEY), room_id, strlen (room_id)) != 0)
        return FALSE;
    }
  return n_rooms == 1;
}

GInetSocketAddress *
snug_local_announcement_make_address (const char *address, guint port, guint interface, gboolean own)
{
  g_autoptr (GInetAddress) inet = NULL;
  gboolean link_local;

  g_return_val_if_fail (address != NULL, NULL);

  inet = g_inet_address_new_from_string (address);
  if (inet == NULL || port < PORT_MIN || port > G_MAXUINT16)
    return NULL;
  if (!snug_host_address_is_nearby (inet) || g_inet_address_get_is_multicast (inet)
      || g_inet_address_get_is_any (inet) || (g_inet_address_get_is_loopback (inet) && !own))
    return NULL;
  link_local = g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6 && g_inet_address_get_is_link_local (inet);
  if (link_local && interface == 0)
    return NULL;
  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", inet, "port", port, "scope-id",
                       link_local ? interface : 0, NULL);
}

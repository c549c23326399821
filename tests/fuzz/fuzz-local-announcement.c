/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first line is a service's name, the second an address and a port, the rest the bytes of an "aay" as D-Bus brings it.
 */
#include "fuzz.h"

#include "snug-local-announcement.h"

#include <string.h>

#define ROOM "0123456789abcdef0011223344556677"

static void
check_address (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 2);
  guint port = words[0] != NULL && words[1] != NULL ? (guint) g_ascii_strtoull (words[1], NULL, 10) : 40001;
  g_autoptr (GInetSocketAddress) address
    = snug_local_announcement_make_address (words[0] != NULL ? words[0] : "", port, 2, FALSE);
  GInetAddress *inet;

  if (address == NULL)
    return;
  inet = g_inet_socket_address_get_address (address);
  g_assert_false (g_inet_address_get_is_loopback (inet) || g_inet_address_get_is_multicast (inet)
                  || g_inet_address_get_is_any (inet));
  g_assert_cmpuint (g_inet_socket_address_get_port (address), >=, 1024);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  guint n_lines = g_strv_length (lines);
  gsize head = n_lines > 2 ? strlen (lines[0]) + strlen (lines[1]) + 2 : size;
  g_autoptr (GBytes) bytes = g_bytes_new (data + head, size - head);
  g_autoptr (GVariant) txt = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("aay"), bytes, FALSE));

  if (n_lines > 0)
    snug_local_announcement_check_name (lines[0], ROOM);
  if (n_lines > 1)
    check_address (lines[1]);
  snug_local_announcement_check_txt (txt, ROOM);
  return 0;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Links: what comes out is a room name as it should be, and a link that leads there again.
 */
#include "fuzz.h"

#include "snug-link.h"
#include "snug-room-name.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugLink) link = snug_link_parse (text, &error);
  g_autoptr (SnugLink) again = NULL;
  g_autofree char *room = NULL;
  g_autofree char *written = NULL;

  g_assert_true ((link == NULL) == (error != NULL));
  if (link == NULL)
    return 0;
  g_assert_true (snug_link_is_link (text));
  room = snug_room_name_normalize (link->room, NULL);
  g_assert_cmpstr (room, ==, link->room);

  /* What we write of it leads to the same place. */
  written = snug_link_write (link->room, link->server);
  again = snug_link_parse (written, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->room, ==, link->room);
  g_assert_cmpstr (again->server, ==, link->server);
  return 0;
}

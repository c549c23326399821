/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Links: what comes out is a room name as it should be.
 */
#include "fuzz.h"

#include "snug-link.h"
#include "snug-room-name.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autoptr (GError) error = NULL;
  g_autofree char *room = snug_link_parse_room (text, &error);
  g_autofree char *again = NULL;

  g_assert_true ((room == NULL) == (error != NULL));
  if (room == NULL)
    return 0;
  g_assert_true (snug_link_is_link (text));
  again = snug_room_name_normalize (room, NULL);
  g_assert_cmpstr (again, ==, room);
  return 0;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Both names: what comes out goes in again unchanged, and keeps the limits.
 */
#include "fuzz.h"

#include "snug-protocol.h"
#include "snug-room-name.h"

static void
run (char *(*normalize) (const char *text, GError **error), const char *text, glong max_chars)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = normalize (text, &error);
  g_autofree char *again = NULL;

  g_assert_true ((name == NULL) == (error != NULL));
  if (name == NULL)
    return;
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (name, -1), >=, 1);
  g_assert_cmpint (g_utf8_strlen (name, -1), <=, max_chars);
  again = normalize (name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, name);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);

  run (snug_room_name_normalize, text, SNUG_ROOM_NAME_MAX_CHARS);
  run (snug_display_name_normalize, text, SNUG_DISPLAY_NAME_MAX_CHARS);
  return 0;
}

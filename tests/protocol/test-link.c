/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-link.h"

#include "snug-protocol.h"

#include <string.h>

static void
assert_room (const char *link, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *room = snug_link_parse_room (link, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (room, ==, expected);
  g_assert_true (snug_link_is_link (link));
}

static void
test_good (void)
{
  assert_room ("snug://garden-shed", "garden-shed");
  assert_room ("snug://garden-shed/", "garden-shed");
  assert_room ("SNUG://Garden-Shed", "garden-shed");
  assert_room (" snug://garden \n", "garden");
  assert_room ("snug://Garden%20Shed", "garden-shed");
  assert_room ("snug://caf%C3%A9", "caf\xc3\xa9");
  assert_room ("snug://caf\xc3\xa9", "caf\xc3\xa9");
  assert_room ("snug://%E5%AE%B6%E6%97%8F", "\xe5\xae\xb6\xe6\x97\x8f");
}

static void
test_longest (void)
{
  g_autoptr (GString) link = g_string_new ("snug://");
  g_autofree char *room = NULL;

  /* A letter of four bytes in UTF-8. */
  for (guint i = 0; i < SNUG_ROOM_NAME_MAX_CHARS; i++)
    g_string_append (link, "%F0%A0%80%80");
  g_assert_cmpuint (link->len, <=, SNUG_LINK_MAX_BYTES);
  room = snug_link_parse_room (link->str, NULL);
  g_assert_nonnull (room);
  g_assert_cmpint (g_utf8_strlen (room, -1), ==, SNUG_ROOM_NAME_MAX_CHARS);

  g_string_append (link, "%F0%A0%80%80");
  g_assert_null (snug_link_parse_room (link->str, NULL));
}

static void
test_bad (void)
{
  static const char *const links[] = {
    "", "garden", "https://garden", "snug", "snug:", "snug:garden", "snug:/garden", "snug://", "snug:///",
    "snug:///garden", "snug://a%00b", "snug://a%2Fb", "snug://a%ff", "snug://a\xff", "snug://a%", "snug://a%zz",
    "snug://me@garden", "snug://garden:80", "snug://garden/more", "snug://garden?join=1", "snug://garden#x",
    "snug://a.b", "snug://<b>a</b>", "snug://%E2%80%AE", "snug://[::1]", "snug://[garden", "snug://\x01",
  };
  g_autofree char *huge = g_strnfill (10 * 1024 * 1024, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *escaped = g_strescape (links[i], NULL);
      g_autofree char *room = snug_link_parse_room (links[i], &error);

      g_test_message ("%s: %s", escaped, error != NULL ? error->message : room);
      g_assert_null (room);
      g_assert_true (error->domain == G_URI_ERROR || error->domain == SNUG_PROTOCOL_ERROR);
    }

  memcpy (huge, "snug://", strlen ("snug://"));
  g_assert_null (snug_link_parse_room (huge, NULL));
}

static void
test_is_link (void)
{
  g_assert_false (snug_link_is_link (""));
  g_assert_false (snug_link_is_link ("snug"));
  g_assert_false (snug_link_is_link ("snugly:garden"));
  g_assert_false (snug_link_is_link ("my snug://garden"));
  g_assert_true (snug_link_is_link ("snug:"));
  g_assert_true (snug_link_is_link ("Snug:whatever"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/link/good", test_good);
  g_test_add_func ("/link/longest", test_longest);
  g_test_add_func ("/link/bad", test_bad);
  g_test_add_func ("/link/is-link", test_is_link);

  return g_test_run ();
}

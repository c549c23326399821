/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-protocol.h"

static void
test_error_strings (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint code = SNUG_PROTOCOL_ERROR_NOT_UTF8; code <= SNUG_PROTOCOL_ERROR_OTHER; code++)
    {
      const char *string = snug_protocol_error_to_string (code);

      g_assert_true (g_hash_table_add (seen, (char *) string));
      g_assert_cmpint (snug_protocol_error_from_string (string), ==, code);
    }
  g_assert_cmpstr (snug_protocol_error_to_string (0), ==, "other");
  g_assert_cmpstr (snug_protocol_error_to_string (1000), ==, "other");
  g_assert_cmpint (snug_protocol_error_from_string (NULL), ==, SNUG_PROTOCOL_ERROR_OTHER);
  g_assert_cmpint (snug_protocol_error_from_string (""), ==, SNUG_PROTOCOL_ERROR_OTHER);
  g_assert_cmpint (snug_protocol_error_from_string ("Room-full"), ==, SNUG_PROTOCOL_ERROR_OTHER);
}

/* Every code and every limit's constant stands in the reference. */
static void
test_documented (void)
{
  g_autofree char *path = g_build_filename (SNUG_SOURCE_DIR, "src", "protocol", "protocol.md",
                                            NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  for (guint code = SNUG_PROTOCOL_ERROR_NOT_UTF8; code < SNUG_PROTOCOL_ERROR_OTHER; code++)
    {
      g_autofree char *row = g_strdup_printf ("\n| %s |", snug_protocol_error_to_string (code));

      g_test_message ("%s", row);
      g_assert_nonnull (g_strstr_len (text, -1, row));
    }
}

static void
test_random_id (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      char *id = snug_protocol_random_id ();

      g_assert_cmpuint (strlen (id), ==, 32);
      g_assert_cmpuint (strspn (id, "0123456789abcdef"), ==, 32);
      g_assert_true (g_hash_table_add (seen, id));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/error-strings", test_error_strings);
  g_test_add_func ("/protocol/documented", test_documented);
  g_test_add_func ("/protocol/random-id", test_random_id);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-access-token.h"

#include <gio/gio.h>
#include <string.h>

#define KEY "0123456789abcdef"

static void
assert_check (const char *token, gint64 now, gboolean good)
{
  const char *const keys[] = { KEY, "another key of mine", NULL };
  g_autofree char *room = NULL;

  g_assert_cmpint (snug_access_token_check (token, keys, now, &room), ==, good);
}

static void
test_round_trip (void)
{
  const char *const keys[] = { KEY, NULL };
  const char *const others[] = { "another key of mine", KEY, NULL };
  const char *const wrong[] = { "fedcba9876543210", NULL };
  static const char *const rooms[] = { NULL, "garden", "\xc3\xa4\xe2\x98\x83", "a b.c/d+e" };

  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autofree char *token = snug_access_token_new (KEY, 1000, rooms[i]);
      g_autofree char *room = NULL, *room2 = NULL, *room3 = NULL;

      g_assert_true (strspn (token, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.") == strlen (token));
      g_assert_true (snug_access_token_check (token, keys, 999, &room));
      g_assert_cmpstr (room, ==, rooms[i]);
      g_assert_true (snug_access_token_check (token, others, 999, &room2));
      g_assert_false (snug_access_token_check (token, wrong, 999, &room3));
      g_assert_null (room3);
      assert_check (token, 1000, FALSE);
    }
}

/* Whatever is changed in it, it is no token any more. */
static void
test_forgeries (void)
{
  g_autofree char *token = snug_access_token_new (KEY, 1000, "garden");
  static const char *const bad[] = { "", ".", "..", "...", "1000..", "x..y", "1000.Z2FyZGVu", "99999999999999999999..AAAA" };

  for (gsize i = 0; token[i] != '\0'; i++)
    {
      g_autofree char *changed = g_strdup (token);

      /* The last character of the signature has two bits that say nothing. */
      if (token[i + 1] == '\0')
        break;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      assert_check (changed, 1, FALSE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_check (bad[i], 1, FALSE);
  {
    g_autofree char *longer = g_strconcat (token, "A", NULL);
    g_autofree char *endless = g_strnfill (100000, '.');

    assert_check (longer, 1, FALSE);
    assert_check (endless, 1, FALSE);
  }
  assert_check (token, 1, TRUE);
}

static void
test_keys (void)
{
  g_autoptr (GError) error = NULL;
  char **keys = snug_access_keys_parse ("# the new one\n  " KEY " \n\nanother key of mine\n", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (keys), ==, 2);
  g_assert_cmpstr (keys[0], ==, KEY);
  snug_access_keys_free (keys);
  g_assert_null (snug_access_keys_parse ("short", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (snug_access_keys_parse ("# nothing\n", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

/* As `openssl dgst -sha1 -hmac` computes it. */
static void
test_turn (void)
{
  g_autofree char *username = NULL, *password = NULL;
  g_autofree guchar *mac = NULL;
  g_autofree char *expected = NULL, *hex = NULL;
  gsize size;

  snug_turn_credentials_new ("north", "alice", 1433895918, &username, &password);
  g_assert_cmpstr (username, ==, "1433895918:alice");
  mac = g_base64_decode (password, &size);
  g_assert_cmpuint (size, ==, 20);
  expected = g_compute_hmac_for_string (G_CHECKSUM_SHA1, (const guchar *) "north", 5, username, -1);
  hex = g_malloc0 (41);
  for (guint i = 0; i < 20; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", mac[i]);
  g_assert_cmpstr (hex, ==, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/access-token/round-trip", test_round_trip);
  g_test_add_func ("/access-token/forgeries", test_forgeries);
  g_test_add_func ("/access-token/keys", test_keys);
  g_test_add_func ("/access-token/turn", test_turn);
  return g_test_run ();
}

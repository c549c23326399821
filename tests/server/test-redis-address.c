/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-redis-address.h"

#include <string.h>

static void
test_good (void)
{
  static const struct
  {
    const char *uri, *host;
    guint16 port;
    const char *path, *user, *password;
    guint database;
  } rows[] = {
    { "redis://localhost", "localhost", 6379, NULL, NULL, NULL, 0 },
    { "redis://10.0.0.7:7000/3", "10.0.0.7", 7000, NULL, NULL, NULL, 3 },
    { "redis://[::1]/", "::1", 6379, NULL, NULL, NULL, 0 },
    { "redis://snug:a%40b@db.example.org/15", "db.example.org", 6379, NULL, "snug", "a@b", 15 },
    { "redis://:open%20sesame@localhost", "localhost", 6379, NULL, NULL, "open sesame", 0 },
    { "redis://sesame@localhost", "localhost", 6379, NULL, NULL, "sesame", 0 },
    { "unix:///run/redis/redis.sock", NULL, 0, "/run/redis/redis.sock", NULL, NULL, 0 },
    { "unix://:secret@/run/redis.sock?db=2", NULL, 0, "/run/redis.sock", NULL, "secret", 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SnugRedisAddress) address = snug_redis_address_parse (rows[i].uri, &error);
      g_autoptr (SnugRedisAddress) copy = NULL;

      g_assert_no_error (error);
      copy = snug_redis_address_copy (address);
      g_assert_cmpstr (copy->host, ==, rows[i].host);
      g_assert_cmpuint (copy->port, ==, rows[i].port);
      g_assert_cmpstr (copy->path, ==, rows[i].path);
      g_assert_cmpstr (copy->user, ==, rows[i].user);
      g_assert_cmpstr (copy->password, ==, rows[i].password);
      g_assert_cmpuint (copy->database, ==, rows[i].database);
    }
}

/* What is wrong with it is told without it: there may be a password in it. */
static void
test_bad (void)
{
  static const char *const uris[] = {
    "", "secret", "http://secret", "redis://", "redis:///secret", "redis://secret:0", "redis://secret:70000",
    "redis://secret/16", "redis://secret/x", "redis://secret?db=1", "redis://secret#1", "rediss://secret",
    "unix://", "unix://secret/a", "unix:///secret?db=16", "unix:///secret?x", "redis://se cret",
  };
  g_autofree char *long_path = g_strnfill (2000, 'a');
  g_autofree char *long_uri = g_strconcat ("unix:///", long_path, NULL);

  for (guint i = 0; i <= G_N_ELEMENTS (uris); i++)
    {
      const char *uri = i < G_N_ELEMENTS (uris) ? uris[i] : long_uri;
      g_autoptr (GError) error = NULL;

      g_test_message ("%.60s", uri);
      g_assert_null (snug_redis_address_parse (uri, &error));
      g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
      g_assert_null (strstr (error->message, "secret"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redis-address/good", test_good);
  g_test_add_func ("/redis-address/bad", test_bad);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-ice-server.h"

#include <string.h>

static void
assert_server (const char *text, const char *uri, const char *username, const char *credential)
{
  g_autoptr (GError) error = NULL;
  SnugIceServer *server;

  g_test_message ("%s", text);
  server = snug_ice_server_parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (server[0].uris[0], ==, uri);
  g_assert_null (server[0].uris[1]);
  g_assert_cmpstr (server[0].username, ==, username);
  g_assert_cmpstr (server[0].credential, ==, credential);
  snug_ice_servers_free (server, 1);
}

static void
test_parse (void)
{
  assert_server ("stun:stun.example.org", "stun:stun.example.org", NULL, NULL);
  assert_server ("stun:192.0.2.1:3478", "stun:192.0.2.1:3478", NULL, NULL);
  assert_server ("stuns:stun.example.org:5349", "stuns:stun.example.org:5349", NULL, NULL);
  assert_server ("stun:[2001:db8::1]:3478", "stun:[2001:db8::1]:3478", NULL, NULL);
  assert_server ("turn:u:p@turn.example.org", "turn:turn.example.org", "u", "p");
  assert_server ("turn:u:p@turn.example.org:3478?transport=udp",
                 "turn:turn.example.org:3478?transport=udp", "u", "p");
  assert_server ("turns:1700000000%3Ame:p%40ss%2F%25%3F=+@[::1]:5349?transport=tcp",
                 "turns:[::1]:5349?transport=tcp", "1700000000:me", "p@ss/%?=+");
  assert_server ("turn:u:p:with:colons@h", "turn:h", "u", "p:with:colons");
  assert_server ("turn:u:p@ss@h", "turn:h", "u", "p@ss");
  assert_server ("TURN:u:p@h", "TURN:h", "u", "p");
  assert_server ("turn:open.example.org", "turn:open.example.org", NULL, NULL);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "stun", "stun:", "stun.example.org", "http://example.org", "stun://example.org", "stun:a b", "stun:a:",
    "stun:a:0", "stun:a:65536", "stun:a:x", "stun:a:1x", "stun:[::1", "stun:[zz]", "stun:[]", "stun:a?x=1",
    "stun:u:p@a", "turn:u@a", "turn::p@a", "turn:u:@a", "turn:u:p@", "turn:u%zz:p@a", "turn:%ff:p@a",
    "turn:u%00:p@a", "turn:u:p@a?transport=sctp", "turn:u:p@a/b", "stun:a\nb", "stun:\xff",
  };
  g_autofree char *host = g_strnfill (600, 'a');
  g_autofree char *long_host = g_strconcat ("stun:", host, NULL);
  g_autofree char *long_user = g_strconcat ("turn:", host, ":p@h", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *escaped = g_strescape (texts[i], NULL);

      g_test_message ("%s", escaped);
      g_assert_null (snug_ice_server_parse (texts[i], &error));
      g_assert_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_BAD_FIELD);
    }
  g_assert_null (snug_ice_server_parse (long_host, NULL));
  g_assert_null (snug_ice_server_parse (long_user, NULL));
}

static void
test_json (void)
{
  const char *json = "{\"iceServers\":[{\"urls\":[\"stun:a.example\",\"stun:b.example\"]},"
                     "{\"urls\":\"turn:c.example\",\"username\":\"u\",\"credential\":\"p\"}]}";
  g_autoptr (GError) error = NULL;
  gsize n;
  SnugIceServer *servers = snug_ice_servers_parse_json (json, strlen (json), &n, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (servers[0].uris[1], ==, "stun:b.example");
  g_assert_cmpstr (servers[1].uris[0], ==, "turn:c.example");
  g_assert_cmpstr (servers[1].credential, ==, "p");
  snug_ice_servers_free (servers, n);

  json = "{\"iceServers\":[]}";
  g_assert_null (snug_ice_servers_parse_json (json, strlen (json), &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 0);

  json = "{}";
  g_assert_null (snug_ice_servers_parse_json (json, strlen (json), &n, &error));
  g_assert_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_MISSING_FIELD);
  g_clear_error (&error);

  json = "[]";
  g_assert_null (snug_ice_servers_parse_json (json, strlen (json), &n, &error));
  g_assert_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_NOT_JSON);
  g_clear_error (&error);

  json = "{\"iceServers\":[{\"urls\":\"turn:u:p@h\"}]}";
  g_assert_null (snug_ice_servers_parse_json (json, strlen (json), &n, &error));
  g_assert_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_BAD_FIELD);
}

static void
test_copy (void)
{
  const char *const uris[] = { "stun:a", NULL };
  const SnugIceServer server = { uris, NULL, "c" };
  SnugIceServer *copy = snug_ice_servers_copy (&server, 1);

  g_assert_true (copy[0].uris != uris);
  g_assert_cmpstrv (copy[0].uris, uris);
  g_assert_cmpstr (copy[0].credential, ==, "c");
  snug_ice_servers_free (copy, 1);
  g_assert_null (snug_ice_servers_copy (NULL, 0));
  snug_ice_servers_free (NULL, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ice-server/parse", test_parse);
  g_test_add_func ("/ice-server/refused", test_refused);
  g_test_add_func ("/ice-server/json", test_json);
  g_test_add_func ("/ice-server/copy", test_copy);
  return g_test_run ();
}

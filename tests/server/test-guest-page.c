/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server gives to a browser: the guest page and its files, and nothing that they do not need.
 */
#include "snug-guest-page.h"

#include "snug-await.h"
#include "snug-server-fixture.h"

#include <string.h>

/* request: without the line that ends it. Returns: (transfer full): all of the answer. */
static char *
ask (SnugServer *server, const char *request)
{
  g_autoptr (SnugRawPeer) peer = snug_raw_peer_connect (snug_server_get_port (server));
  g_autofree char *whole = g_strconcat (request, "\r\n", NULL);
  const char *answer;
  gsize size;

  snug_raw_peer_send_string (peer, whole);
  /* One request a connection. */
  snug_raw_peer_await_closed (peer);
  answer = snug_raw_peer_peek (peer, &size);
  return g_strndup (answer, size);
}

static char *
get (SnugServer *server, const char *target)
{
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: x\r\n", target);

  return ask (server, request);
}

/* Returns: (transfer none): of an answer. */
static const char *
find_body (const char *answer)
{
  const char *end = strstr (answer, "\r\n\r\n");

  g_assert (end != NULL);
  return end + 4;
}

/* Returns: (transfer full): of an answer. */
static char *
find_header (const char *answer, const char *name)
{
  g_autofree char *begin = g_strdup_printf ("\r\n%s: ", name);
  const char *line = strstr (answer, begin);

  g_assert (line != NULL);
  line += strlen (begin);
  return g_strndup (line, strcspn (line, "\r"));
}

static void
assert_status (const char *answer, const char *status)
{
  g_autofree char *begin = g_strdup_printf ("HTTP/1.1 %s ", status);

  g_assert_true (g_str_has_prefix (answer, begin));
}

static void
test_page (void)
{
  SnugServer *server = snug_server_fixture_start ();
  const char *const targets[] = { "/", "/r", "/?token=abc", "/r?a=b" };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *answer = get (server, targets[i]);
      g_autofree char *policy = find_header (answer, "Content-Security-Policy");
      g_autofree char *type = find_header (answer, "Content-Type");
      g_autofree char *length = find_header (answer, "Content-Length");

      assert_status (answer, "200");
      g_assert_cmpstr (type, ==, "text/html; charset=utf-8");
      g_assert_cmpuint (g_ascii_strtoull (length, NULL, 10), ==, strlen (find_body (answer)));
      g_assert_true (g_str_has_prefix (find_body (answer), "<!DOCTYPE html>"));
      g_assert_nonnull (strstr (policy, "default-src 'none'"));
      g_assert_nonnull (strstr (policy, "frame-ancestors 'none'"));
      g_assert_null (strstr (policy, "unsafe"));
      g_assert_null (strstr (policy, "http"));
    }
  snug_server_fixture_stop (server);
}

/* Everything that the page or a file of it names is there, under a type that nosniff lets pass. */
static void
test_files (void)
{
  g_autoptr (GRegex) regex = g_regex_new ("(?:/web/|from '\\./|import\\('\\./)([a-z0-9.-]+)", 0, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  SnugServer *server = snug_server_fixture_start ();

  g_ptr_array_add (names, g_strdup ("index.html"));
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *target = g_strconcat ("/web/", name, NULL);
      g_autofree char *answer = get (server, target);
      g_autofree char *type = NULL, *sniff = NULL;
      g_autoptr (GMatchInfo) match = NULL;

      assert_status (answer, "200");
      type = find_header (answer, "Content-Type");
      sniff = find_header (answer, "X-Content-Type-Options");
      g_assert_cmpstr (sniff, ==, "nosniff");
      if (g_str_has_suffix (name, ".mjs"))
        g_assert_cmpstr (type, ==, "text/javascript; charset=utf-8");
      for (g_regex_match (regex, find_body (answer), 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
        {
          char *found = g_match_info_fetch (match, 1);

          if (g_ptr_array_find_with_equal_func (names, found, g_str_equal, NULL))
            g_free (found);
          else
            g_ptr_array_add (names, found);
        }
    }
  g_assert_cmpuint (names->len, >, 10);
  snug_server_fixture_stop (server);
}

static void
test_nothing_else (void)
{
  SnugServer *server = snug_server_fixture_start ();
  const char *const targets[] = { "/web", "/web/", "/web/..", "/web/../r", "/web//etc/passwd", "/web/%2e%2e/r", "/web/none.mjs",
                                  "/web/index.html/", "/r/", "/r/garden", "//", "/index.html", "/web/snug-web.gresource.xml" };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *answer = get (server, targets[i]);

      assert_status (answer, "404");
    }
  snug_server_fixture_stop (server);
}

static void
test_methods (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *whole = get (server, "/");
  g_autofree char *head = ask (server, "HEAD / HTTP/1.1\r\nHost: x\r\n");
  g_autofree char *post = ask (server, "POST / HTTP/1.1\r\nHost: x\r\n");
  g_autofree char *length = find_header (whole, "Content-Length"), *head_length = find_header (head, "Content-Length");

  assert_status (head, "200");
  g_assert_cmpstr (find_body (head), ==, "");
  g_assert_cmpstr (head_length, ==, length);
  assert_status (post, "405");
  snug_server_fixture_stop (server);
}

static void
test_tag (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *answer = get (server, "/web/snug-guest.mjs");
  g_autofree char *tag = find_header (answer, "ETag"), *cache = find_header (answer, "Cache-Control");
  g_autofree char *same = g_strdup_printf ("GET /web/snug-guest.mjs HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"other\", %s\r\n", tag);
  g_autofree char *known = ask (server, same);
  g_autofree char *other = ask (server, "GET /web/snug-guest.mjs HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"other\"\r\n");

  g_assert_cmpstr (cache, ==, "no-cache");
  assert_status (known, "304");
  g_assert_cmpstr (find_body (known), ==, "");
  assert_status (other, "200");
  snug_server_fixture_stop (server);
}

static void
test_not_wanted (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugServerConfig) config = snug_server_config_new ();
  g_autofree char *page = NULL, *file = NULL;

  config->no_guest_page = TRUE;
  snug_server_set_config (server, config);
  page = get (server, "/");
  file = get (server, "/web/snug-guest.mjs");
  assert_status (page, "404");
  assert_status (file, "404");
  snug_server_fixture_stop (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/guest-page/page", test_page);
  g_test_add_func ("/server/guest-page/files", test_files);
  g_test_add_func ("/server/guest-page/nothing-else", test_nothing_else);
  g_test_add_func ("/server/guest-page/methods", test_methods);
  g_test_add_func ("/server/guest-page/tag", test_tag);
  g_test_add_func ("/server/guest-page/not-wanted", test_not_wanted);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-websocket-signaling.h"

static void
assert_becomes (const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *again = NULL;

  g_test_message ("%s", text);
  uri = snug_websocket_signaling_normalize_uri (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (uri, ==, expected);
  again = snug_websocket_signaling_normalize_uri (uri, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, expected);
}

static void
test_normalize (void)
{
  assert_becomes ("snug.example.org", "wss://snug.example.org/snug");
  assert_becomes ("  snug.example.org \n", "wss://snug.example.org/snug");
  assert_becomes ("Snug.Example.ORG:8443", "wss://snug.example.org:8443/snug");
  assert_becomes ("snug.example.org:443", "wss://snug.example.org/snug");
  assert_becomes ("ws://snug.example.org", "ws://snug.example.org/snug");
  assert_becomes ("WSS://snug.example.org/", "wss://snug.example.org/snug");
  assert_becomes ("http://snug.example.org:80", "ws://snug.example.org/snug");
  assert_becomes ("https://snug.example.org:443/snug", "wss://snug.example.org/snug");
  assert_becomes ("https://example.org/calls/snug", "wss://example.org/calls/snug");
  assert_becomes ("example.org/calls/snug?a=b%20c", "wss://example.org/calls/snug?a=b%20c");
  assert_becomes ("ws://example.org:443/snug", "ws://example.org:443/snug");
  assert_becomes ("b\xc3\xbc" "cher.example", "wss://xn--bcher-kva.example/snug");
}

static void
test_nearby (void)
{
  assert_becomes ("localhost", "ws://localhost/snug");
  assert_becomes ("localhost:8765", "ws://localhost:8765/snug");
  assert_becomes ("a.localhost", "ws://a.localhost/snug");
  assert_becomes ("kitchen.local", "ws://kitchen.local/snug");
  assert_becomes ("127.0.0.1:8765", "ws://127.0.0.1:8765/snug");
  assert_becomes ("10.1.2.3", "ws://10.1.2.3/snug");
  assert_becomes ("172.16.0.1", "ws://172.16.0.1/snug");
  assert_becomes ("192.168.1.20:8765", "ws://192.168.1.20:8765/snug");
  assert_becomes ("169.254.1.1", "ws://169.254.1.1/snug");
  assert_becomes ("::1", "ws://[::1]/snug");
  assert_becomes ("[::1]:8765", "ws://[::1]:8765/snug");
  assert_becomes ("[fd00::1]", "ws://[fd00::1]/snug");
  assert_becomes ("fe80::1", "ws://[fe80::1]/snug");
  /* And these are not. */
  assert_becomes ("192.0.2.1", "wss://192.0.2.1/snug");
  assert_becomes ("172.32.0.1", "wss://172.32.0.1/snug");
  assert_becomes ("[2001:db8::1]:8765", "wss://[2001:db8::1]:8765/snug");
  assert_becomes ("localhost.example.org", "wss://localhost.example.org/snug");
  assert_becomes ("mylocal", "wss://mylocal/snug");
  /* Nobody is overruled. */
  assert_becomes ("wss://localhost", "wss://localhost/snug");
}

static void
test_room (void)
{
  static const char *const uris[][2] = {
    { "wss://example.org/snug", "wss://example.org/snug/0011" },
    { "ws://[::1]:8765/snug", "ws://[::1]:8765/snug/0011" },
    { "wss://example.org/calls/snug", "wss://example.org/calls/snug/0011" },
    { "wss://example.org/snug?token=a/snug", "wss://example.org/snug/0011?token=a/snug" },
    /* Somebody knows better. */
    { "wss://example.org/calls", "wss://example.org/calls" },
    { "wss://example.org/calls?/snug", "wss://example.org/calls?/snug" },
    { "wss://example.org/snug/", "wss://example.org/snug/" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autofree char *uri = snug_websocket_signaling_make_room_uri (uris[i][0], "0011");

      g_assert_cmpstr (uri, ==, uris[i][1]);
    }
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "  ", "ftp://example.org", "none://example.org", "://example.org", "wss://", "wss:///snug", ":8765",
    "example.org:0", "example.org:65536", "example.org:port", "example.org:-1", "two words", "a\tb",
    "user@example.org", "wss://user:password@example.org", "example.org/#fragment", "exam\\ple.org", "[::1",
    "[::zz]", "-example.org", ".example.org", "exa_mple!.org", "wss://exa mple.org", "\xff",
    "file:///etc/passwd", "javascript://x/%0aalert(1)",
  };
  g_autofree char *long_host = g_strnfill (600, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *escaped = g_strescape (texts[i], NULL);

      g_test_message ("%s", escaped);
      g_assert_null (snug_websocket_signaling_normalize_uri (texts[i], &error));
      g_assert_error (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_ADDRESS);
    }
  g_assert_null (snug_websocket_signaling_normalize_uri (long_host, NULL));
  g_assert_null (snug_websocket_signaling_normalize_uri (NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/websocket-uri/normalize", test_normalize);
  g_test_add_func ("/websocket-uri/nearby", test_nearby);
  g_test_add_func ("/websocket-uri/room", test_room);
  g_test_add_func ("/websocket-uri/refused", test_refused);
  return g_test_run ();
}

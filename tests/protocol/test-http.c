/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-http-head.h"
#include "snug-upgrade.h"

#include "snug-await.h"

#include <string.h>

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define REQUEST_LINES                                                                              \
  "Host: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"                            \
  "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\n"

static SnugHttpHead *
parse (const char *text, SnugHttpKind kind)
{
  g_autoptr (GError) error = NULL;
  SnugHttpHead *head = snug_http_head_parse (text, strlen (text), kind, &error);

  g_test_message ("%s", text);
  g_assert_no_error (error);
  return head;
}

static void
assert_refused (const char *text, gsize size, SnugHttpKind kind)
{
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", text);
  g_assert_null (snug_http_head_parse (text, size, kind, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_parse (void)
{
  g_autoptr (SnugHttpHead) request
    = parse ("GET /snug?a=b HTTP/1.1\r\nHost: example.org\r\nX-A:1\r\nx-a: \t2 \r\nEmpty:\r\n\r\n",
             SNUG_HTTP_REQUEST);
  g_autoptr (SnugHttpHead) response = parse ("HTTP/1.1 101\r\n\r\n", SNUG_HTTP_RESPONSE);
  g_autoptr (SnugHttpHead) named = parse ("HTTP/1.0 404 Not Found\r\n\r\n", SNUG_HTTP_RESPONSE);

  g_assert_cmpstr (request->method, ==, "GET");
  g_assert_cmpstr (request->target, ==, "/snug?a=b");
  g_assert_cmpstr (snug_http_head_get (request, "host"), ==, "example.org");
  g_assert_cmpstr (snug_http_head_get (request, "x-a"), ==, "1, 2");
  g_assert_cmpstr (snug_http_head_get (request, "empty"), ==, "");
  g_assert_null (snug_http_head_get (request, "x-b"));
  g_assert_true (snug_http_head_has_token (request, "x-a", "2"));
  g_assert_false (snug_http_head_has_token (request, "x-a", "12"));
  g_assert_cmpuint (response->status, ==, 101);
  g_assert_cmpuint (named->status, ==, 404);
}

static void
test_parse_refused (void)
{
  static const char *const requests[] = {
    "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1 x\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
    "GET x HTTP/1.1\r\n\r\n", "G@T / HTTP/1.1\r\n\r\n", "GET /\xc3\xa9 HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET / HTTP/1.1\r\nA : x\r\n\r\n",
    "GET / HTTP/1.1\r\nA: x\r\n folded\r\n\r\n", "GET / HTTP/1.1\r\nA: x\nB: y\r\n\r\n",
    "GET / HTTP/1.1\r\nA: x\ry\r\n\r\n", "GET / HTTP/1.1\r\nA: \x01\r\n\r\n", "GET / HTTP/1.1\r\n",
    "GET / HTTP/1.1\r\n\r\nmore", "",
  };
  static const char *const responses[] = {
    "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 2000\r\n\r\n",
    "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 099 x\r\n\r\n",
  };
  g_autoptr (GString) many = g_string_new ("GET / HTTP/1.1\r\n");
  g_autoptr (GString) large = g_string_new ("GET / HTTP/1.1\r\nA: ");

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    assert_refused (requests[i], strlen (requests[i]), SNUG_HTTP_REQUEST);
  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    assert_refused (responses[i], strlen (responses[i]), SNUG_HTTP_RESPONSE);
  assert_refused ("GET / HTTP/1.1\r\nA: \0\r\n\r\n", 25, SNUG_HTTP_REQUEST);

  for (guint i = 0; i <= SNUG_HTTP_HEADERS_MAX; i++)
    g_string_append (many, "A: b\r\n");
  g_string_append (many, "\r\n");
  assert_refused (many->str, many->len, SNUG_HTTP_REQUEST);
  g_string_set_size (large, SNUG_HTTP_HEAD_MAX_BYTES - 3);
  memset (large->str + 19, 'a', large->len - 19);
  g_string_append (large, "\r\n\r\n");
  assert_refused (large->str, large->len, SNUG_HTTP_REQUEST);
}

static void
test_accept_key (void)
{
  g_autofree char *accept = snug_upgrade_get_accept (KEY);
  g_autofree char *key = snug_upgrade_new_key ();
  g_autofree char *other = snug_upgrade_new_key ();

  /* The example of RFC 6455, 1.3. */
  g_assert_cmpstr (accept, ==, ACCEPT);
  g_assert_cmpuint (strlen (key), ==, 24);
  g_assert_cmpstr (key, !=, other);
}

static guint
respond (const char *text, gboolean *accepted)
{
  g_autoptr (SnugHttpHead) head = parse (text, SNUG_HTTP_REQUEST);
  g_autofree char *response = snug_upgrade_make_response (head, accepted);
  gsize end = snug_http_head_find_end (response, strlen (response));
  g_autofree char *response_head = g_strndup (response, end);
  g_autoptr (SnugHttpHead) parsed = parse (response_head, SNUG_HTTP_RESPONSE);

  return parsed->status;
}

static void
test_respond (void)
{
  gboolean accepted;

  g_assert_cmpuint (respond ("GET /snug HTTP/1.1\r\n" REQUEST_LINES "Sec-WebSocket-Protocol: snug.1\r\n\r\n",
                             &accepted), ==, 101);
  g_assert_true (accepted);
  g_assert_cmpuint (respond ("GET /snug HTTP/1.1\r\n" REQUEST_LINES
                             "Sec-WebSocket-Protocol: snug.2, snug.1\r\n\r\n", &accepted), ==, 101);
  g_assert_true (accepted);
  g_assert_cmpuint (respond ("GET /snug HTTP/1.1\r\n" REQUEST_LINES "Sec-WebSocket-Protocol: snug.2\r\n\r\n",
                             &accepted), ==, 400);
  g_assert_false (accepted);
  g_assert_cmpuint (respond ("GET /snug HTTP/1.1\r\n" REQUEST_LINES "\r\n", &accepted), ==, 400);
  g_assert_cmpuint (respond ("GET /snug HTTP/1.1\r\nHost: h\r\n\r\n", &accepted), ==, 426);
  g_assert_cmpuint (respond ("POST /snug HTTP/1.1\r\n" REQUEST_LINES "\r\n", &accepted), ==, 405);
  g_assert_cmpuint (respond ("GET /snug HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                             "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Protocol: snug.1\r\n\r\n", &accepted), ==, 400);
  g_assert_cmpuint (respond ("GET /snug HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                             "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 8\r\n\r\n", &accepted), ==, 426);
  g_assert_false (accepted);
}

static void
assert_response (const char *lines, gboolean good)
{
  g_autofree char *text = g_strconcat (lines, "\r\n", NULL);
  g_autoptr (SnugHttpHead) head = parse (text, SNUG_HTTP_RESPONSE);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (snug_upgrade_check_response (head, KEY, &error), ==, good);
  if (!good)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_check_response (void)
{
#define LINES "HTTP/1.1 101 x\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n"
  assert_response (LINES "Sec-WebSocket-Accept: " ACCEPT "\r\nSec-WebSocket-Protocol: snug.1\r\n",
                   TRUE);
  assert_response (LINES "Sec-WebSocket-Accept: " ACCEPT "\r\n", FALSE);
  assert_response (LINES "Sec-WebSocket-Accept: " ACCEPT "\r\nSec-WebSocket-Protocol: snug.2\r\n",
                   FALSE);
  assert_response (LINES "Sec-WebSocket-Protocol: snug.1\r\n", FALSE);
  assert_response (LINES "Sec-WebSocket-Accept: " KEY "\r\nSec-WebSocket-Protocol: snug.1\r\n",
                   FALSE);
  assert_response (LINES "Sec-WebSocket-Accept: " ACCEPT "\r\nSec-WebSocket-Protocol: snug.1\r\n"
                   "Sec-WebSocket-Extensions: permessage-deflate\r\n", FALSE);
  assert_response ("HTTP/1.1 200 OK\r\n", FALSE);
  assert_response ("HTTP/1.1 101 x\r\nSec-WebSocket-Accept: " ACCEPT "\r\n", FALSE);
#undef LINES
}

/* What the client writes is what the server takes. */
static void
test_request (void)
{
  static const char *const uris[] = {
    "ws://example.org/snug", "wss://example.org:8443/a/snug?x=1&y=%20", "ws://[2001:db8::1]:8765/snug"
  };
  static const char *const hosts[] = { "example.org", "example.org:8443", "[2001:db8::1]:8765" };
  static const char *const targets[] = { "/snug", "/a/snug?x=1&y=%20", "/snug" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr (GUri) uri
        = g_uri_parse (uris[i], G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY, NULL);
      g_autofree char *text = snug_upgrade_make_request (uri, KEY);
      g_autoptr (SnugHttpHead) head = parse (text, SNUG_HTTP_REQUEST);
      g_autofree char *response = NULL;
      gboolean accepted;

      g_assert_cmpstr (head->target, ==, targets[i]);
      g_assert_cmpstr (snug_http_head_get (head, "host"), ==, hosts[i]);
      response = snug_upgrade_make_response (head, &accepted);
      g_assert_true (accepted);
    }
}

static void
store_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static SnugHttpHead *
read_from (const char *data, gsize size, GBytes **early, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  snug_http_head_read_async (stream, SNUG_HTTP_REQUEST, NULL, store_result, &result);
  snug_await (result != NULL);
  return snug_http_head_read_finish (stream, result, early, error);
}

static void
test_read (void)
{
  const char *text = "GET / HTTP/1.1\r\nA: b\r\n\r\nearly bird";
  g_autoptr (GBytes) early = NULL, none = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugHttpHead) head = read_from (text, strlen (text), &early, &error);
  g_autoptr (SnugHttpHead) exact = read_from (text, strlen (text) - 10, &none, &error);
  g_autoptr (GString) endless = g_string_new ("GET / HTTP/1.1\r\nA: ");
  guint size = endless->len;

  g_assert_no_error (error);
  g_assert_cmpstr (head->method, ==, "GET");
  g_assert_cmpmem (g_bytes_get_data (early, NULL), g_bytes_get_size (early), "early bird", 10);
  g_assert_nonnull (exact);
  g_assert_null (none);

  g_assert_null (read_from (text, 10, &none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_clear_error (&error);
  g_assert_null (read_from ("\r\n\r\n", 4, &none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);

  g_string_set_size (endless, 100000);
  memset (endless->str + size, 'a', endless->len - size);
  g_assert_null (read_from (endless->str, endless->len, &none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/parse", test_parse);
  g_test_add_func ("/http/parse-refused", test_parse_refused);
  g_test_add_func ("/http/accept-key", test_accept_key);
  g_test_add_func ("/http/respond", test_respond);
  g_test_add_func ("/http/check-response", test_check_response);
  g_test_add_func ("/http/request", test_request);
  g_test_add_func ("/http/read", test_read);
  return g_test_run ();
}

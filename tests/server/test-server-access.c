/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who may use a server, and how many from one place. Other addresses are those that a trusted proxy names.
 */
#include "snug-server.h"

#include "snug-access-token.h"
#include "snug-await.h"
#include "snug-server-gate.h"
#include "snug-fixtures.h"
#include "snug-server-fixture.h"

#include <string.h>
#include <sys/socket.h>

#define KEY "0123456789abcdef"

/* config: (transfer full) */
static SnugServer *
start (SnugServerConfig *config)
{
  SnugServer *server = snug_server_fixture_start ();

  snug_server_set_config (server, config);
  snug_server_config_unref (config);
  return server;
}

static SnugServerConfig *
make_proxied (void)
{
  SnugServerConfig *config = snug_server_config_new ();
  const char *const networks[] = { "127.0.0.0/8", NULL };

  config->trusted_proxies = snug_server_config_parse_networks (networks, NULL);
  return config;
}

/* target, headers: of the request. Returns: (transfer full): after its answer; *status is that. */
static SnugRawPeer *
ask (SnugServer *server, const char *target, const char *headers, guint *status)
{
  SnugRawPeer *peer = snug_raw_peer_connect (snug_server_get_port (server));
  g_autofree char *request
    = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Protocol: snug.1\r\n%s\r\n",
                       target, headers != NULL ? headers : "");

  snug_raw_peer_send_string (peer, request);
  *status = snug_raw_peer_await_status (peer);
  return peer;
}

static void
assert_status (SnugServer *server, const char *target, const char *headers, guint expected)
{
  guint status;

  snug_raw_peer_free (ask (server, target, headers, &status));
  g_assert_cmpuint (status, ==, expected);
}

static SnugRawPeer *
ask_as (SnugServer *server, const char *address, guint *status)
{
  g_autofree char *headers = g_strdup_printf ("X-Forwarded-For: %s\r\n", address);

  return ask (server, "/snug", headers, status);
}

static void
say_join (SnugRawPeer *peer, const char *room)
{
  g_autofree char *join = g_strdup_printf ("{\"type\":\"join\",\"version\":1,\"room\":\"%s\"}", room);

  snug_raw_peer_send_text (peer, join);
}

static void
test_tokens (void)
{
  SnugServerConfig *config = snug_server_config_new ();
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *good = snug_access_token_new (KEY, now + 60, NULL);
  g_autofree char *old = snug_access_token_new (KEY, now - 1, NULL);
  g_autofree char *limited = snug_access_token_new (KEY, now + 60, SNUG_TEST_ROOM);
  g_autofree char *in_query = g_strconcat ("/snug?a=b&token=", good, NULL);
  g_autofree char *old_in_query = g_strconcat ("/snug?token=", old, NULL);
  g_autofree char *in_header = g_strconcat ("Authorization: Bearer ", good, "\r\n", NULL);
  g_autofree char *with_room = g_strconcat ("/snug/garden?token=", limited, NULL);
  g_autoptr (SnugRawPeer) peer = NULL;
  SnugServer *server;
  guint status;

  config->access_keys = snug_access_keys_parse (KEY, NULL);
  server = start (config);
  assert_status (server, "/snug", NULL, 401);
  assert_status (server, "/snug?token=", NULL, 401);
  assert_status (server, "/snug?token=1.2.3", NULL, 401);
  assert_status (server, old_in_query, NULL, 401);
  assert_status (server, in_query, NULL, 101);
  assert_status (server, "/snug", in_header, 101);
  /* Nobody has to know whether a server lives. */
  assert_status (server, "/healthz", NULL, 200);

  peer = ask (server, with_room, NULL, &status);
  g_assert_cmpuint (status, ==, 101);
  say_join (peer, SNUG_TEST_OTHER_ROOM);
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_NOT_ALLOWED);
  say_join (peer, SNUG_TEST_ROOM);
  snug_server_fixture_expect (peer, SNUG_MESSAGE_JOINED);
  snug_server_fixture_stop (server);
}

static void
test_origins (void)
{
  SnugServerConfig *config = snug_server_config_new ();
  SnugServer *server;

  config->origins = g_strsplit ("https://meet.example.org https://other.example.org", " ", -1);
  server = start (config);
  assert_status (server, "/snug", NULL, 101);
  assert_status (server, "/snug", "Origin: https://other.example.org\r\n", 101);
  assert_status (server, "/snug", "Origin: https://evil.example.org\r\n", 403);
  assert_status (server, "/snug", "Origin: null\r\n", 403);
  snug_server_fixture_stop (server);
}

static void
test_paths (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *longer = g_strnfill (300, 'a');
  g_autofree char *path = g_strconcat ("/snug/", longer, NULL);

  assert_status (server, "/snug/some-room", NULL, 101);
  assert_status (server, "/snug/", NULL, 404);
  assert_status (server, "/snug/a/b", NULL, 404);
  assert_status (server, "/snugger", NULL, 404);
  assert_status (server, path, NULL, 404);
  snug_server_fixture_stop (server);
}

/* Without TLS from private networks alone, unless a proxy has seen to it, or it was asked for. */
static void
test_plain (void)
{
  const char *head = "GET /snug HTTP/1.1\r\n\r\n";
  g_autoptr (SnugHttpHead) parsed = snug_http_head_parse (head, strlen (head), SNUG_HTTP_REQUEST, NULL);
  SnugServerLimits *limits = snug_server_limits_new ();
  SnugServerMetrics metrics;
  const SnugServerGauges gauges = { 0 };

  snug_server_metrics_init (&metrics);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (SnugServerConfig) config = snug_server_config_new ();
      SnugServerRequest request = { .head = parsed, .by_proxy = i == 2 };
      g_autofree char *response = NULL;

      config->plain_anywhere = i == 3;
      snug_server_address_from_string (&request.address, i == 0 ? "192.168.0.5" : "198.51.100.7");
      response = snug_server_gate_answer (&request, config, limits, &metrics, &gauges);
      /* The next thing that is wrong with this request is that it is no upgrade. */
      g_assert_true (g_str_has_prefix (response, i == 1 ? "HTTP/1.1 403 " : "HTTP/1.1 426 "));
    }
  snug_server_metrics_clear (&metrics);
  snug_server_limits_unref (limits);
}

static void
test_metrics (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) a G_GNUC_UNUSED = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  g_autoptr (SnugRawPeer) peer = NULL;
  g_autofree char *text = NULL;
  guint status;

  assert_status (server, "/snug", "Content-Length: 5\r\n", 413);
  assert_status (server, "/metrics", "X-Forwarded-For: 198.51.100.7\r\n", 404);
  peer = ask (server, "/metrics", NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  text = snug_raw_peer_await_text (peer, "snug_send_seconds_count");
  g_assert_nonnull (strstr (text, "snug_clients 1\n"));
  g_assert_nonnull (strstr (text, "snug_rooms 1\n"));
  g_assert_nonnull (strstr (text, "snug_joins_total 1\n"));
  g_assert_nonnull (strstr (text, "snug_messages_received_total 1\n"));
  g_assert_nonnull (strstr (text, "snug_refusals_total{reason=\"body\"} 1\n"));
  g_assert_nonnull (strstr (text, "snug_send_seconds_bucket{le=\"+Inf\"} 1\n"));
  snug_server_fixture_stop (server);
}

/* A proxy that is trusted is one that is named. */
static void
test_metrics_by_proxy (void)
{
  SnugServerConfig *config = make_proxied ();
  const char *const networks[] = { "192.0.2.0/24", NULL };
  SnugServer *server;

  config->metrics_from = snug_server_config_parse_networks (networks, NULL);
  server = start (config);
  assert_status (server, "/metrics", "X-Forwarded-For: 198.51.100.7\r\n", 404);
  assert_status (server, "/metrics", "X-Forwarded-For: 127.0.0.1\r\n", 404);
  assert_status (server, "/metrics", "X-Forwarded-For: 192.0.2.7\r\n", 200);
  snug_server_fixture_stop (server);
}

static void
test_connections_of_one_address (void)
{
  SnugServer *server = start (make_proxied ());
  g_autoptr (SnugRawPeer) a = NULL;
  g_autoptr (SnugRawPeer) b = NULL;
  g_autoptr (SnugRawPeer) c = NULL;
  g_autoptr (SnugRawPeer) d = NULL;
  guint status;

  g_object_set (server, "max-per-address", 2, NULL);
  a = ask_as (server, "2001:db8::1", &status);
  g_assert_cmpuint (status, ==, 101);
  b = ask_as (server, "2001:db8::2", &status);
  g_assert_cmpuint (status, ==, 101);
  c = ask_as (server, "2001:db8::3", &status);
  g_assert_cmpuint (status, ==, 429);
  d = ask_as (server, "2001:db8:0:1::3", &status);
  g_assert_cmpuint (status, ==, 101);
  /* One who goes makes room. */
  snug_raw_peer_close (a);
  snug_await (snug_server_get_n_clients (server) == 2);
  g_clear_pointer (&c, snug_raw_peer_free);
  c = ask_as (server, "2001:db8::3", &status);
  g_assert_cmpuint (status, ==, 101);
  snug_server_fixture_stop (server);
}

static void
test_joins_of_one_address (void)
{
  SnugServer *server = start (make_proxied ());
  g_autoptr (SnugRawPeer) other = NULL;
  guint status;

  g_object_set (server, "join-rate", 2, NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (SnugRawPeer) peer = ask_as (server, "198.51.100.7", &status);

      g_assert_cmpuint (status, ==, 101);
      say_join (peer, SNUG_TEST_ROOM);
      if (i < 2)
        {
          snug_server_fixture_expect (peer, SNUG_MESSAGE_JOINED);
          continue;
        }
      snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_RATE_LIMITED);
      g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1008);
    }
  other = ask_as (server, "198.51.100.8", &status);
  say_join (other, SNUG_TEST_ROOM);
  snug_server_fixture_expect (other, SNUG_MESSAGE_JOINED);
  snug_server_fixture_stop (server);
}

/* Trying one full room after the other gets slower. */
static void
test_refused_joins (void)
{
  SnugServer *server = start (make_proxied ());
  g_autoptr (SnugRawPeer) member = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  g_autoptr (SnugRawPeer) peer = NULL;
  guint status;

  snug_server_set_room_size (server, 1);
  snug_raw_peer_free (g_steal_pointer (&member));
  snug_await (snug_server_get_n_rooms (server) == 0);
  member = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  peer = ask_as (server, "198.51.100.7", &status);
  for (guint i = 0; i < 5; i++)
    {
      say_join (peer, SNUG_TEST_ROOM);
      snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_ROOM_FULL);
    }
  say_join (peer, SNUG_TEST_OTHER_ROOM);
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_RATE_LIMITED);
  g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1008);
  snug_server_fixture_stop (server);
}

static void
test_max_rooms (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) a = NULL;
  g_autoptr (SnugRawPeer) b = NULL;
  g_autoptr (SnugRawPeer) c = NULL;

  g_object_set (server, "max-rooms", 1, NULL);
  a = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  b = snug_server_fixture_connect (server);
  say_join (b, SNUG_TEST_OTHER_ROOM);
  snug_server_fixture_await_error (b, SNUG_PROTOCOL_ERROR_RATE_LIMITED);
  c = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  snug_server_fixture_stop (server);
}

/* They are turned away with an answer, before they have asked. */
static void
test_max_handshakes (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) silent = NULL;
  g_autoptr (SnugRawPeer) late = NULL;

  g_object_set (server, "max-handshakes", 1, NULL);
  silent = snug_raw_peer_connect (snug_server_get_port (server));
  late = snug_raw_peer_connect (snug_server_get_port (server));
  g_assert_cmpuint (snug_raw_peer_await_status (late), ==, 503);
  snug_raw_peer_free (g_steal_pointer (&silent));
  snug_await_idle ();
  g_object_set (server, "max-handshakes", 2, NULL);
  silent = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  snug_server_fixture_stop (server);
}

/* All clients together: whoever would make it more is dropped, and later ones find the server full. */
static void
test_memory_limit (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) sender = NULL;
  g_autoptr (GPtrArray) slow = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_raw_peer_free);
  g_autofree char *payload = g_strnfill (40000, 'x');
  char *ids[4];
  gboolean left = FALSE;

  g_object_set (server, "memory-limit", 1, "send-queue-limit", 64 * 1024 * 1024, "message-rate", 1000000,
                "message-burst", 1000000, NULL);
  for (guint i = 0; i < 4; i++)
    {
      g_ptr_array_add (slow, snug_server_fixture_join (server, SNUG_TEST_OTHER_ROOM, &ids[i]));
      snug_raw_peer_set_reading (g_ptr_array_index (slow, i), FALSE);
    }
  sender = snug_server_fixture_join (server, SNUG_TEST_OTHER_ROOM, NULL);
  for (guint i = 0; i < 4000 && !left; i++)
    {
      gsize size;

      snug_server_fixture_signal (sender, ids[i % 4], payload);
      snug_raw_peer_peek (sender, &size);
      left = size > 0;
    }
  g_assert_true (left);
  snug_server_fixture_expect (sender, SNUG_MESSAGE_PEER_LEFT);
  for (guint i = 0; i < 4; i++)
    g_free (ids[i]);
  snug_server_fixture_stop (server);
}

static void
send_proxied (SnugRawPeer *peer, const char *header)
{
  g_autofree char *all = g_strconcat (header, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", NULL);

  snug_raw_peer_send_string (peer, all);
}

static void
test_proxy_protocol (void)
{
  SnugServerConfig *config = make_proxied ();
  SnugServer *server;
  g_autoptr (SnugRawPeer) good = NULL;
  g_autoptr (SnugRawPeer) bad = NULL;
  g_autoptr (SnugRawPeer) none = NULL;

  config->proxy_protocol = TRUE;
  server = start (config);
  good = snug_raw_peer_connect (snug_server_get_port (server));
  send_proxied (good, "PROXY TCP4 198.51.100.7 192.0.2.1 1234 443\r\n");
  g_assert_cmpuint (snug_raw_peer_await_status (good), ==, 200);
  bad = snug_raw_peer_connect (snug_server_get_port (server));
  send_proxied (bad, "PROXY TCP9 198.51.100.7 192.0.2.1 1234 443\r\n");
  g_assert_cmpuint (snug_raw_peer_await_status (bad), ==, 0);
  none = snug_raw_peer_connect (snug_server_get_port (server));
  send_proxied (none, "");
  g_assert_cmpuint (snug_raw_peer_await_status (none), ==, 0);
  snug_server_fixture_stop (server);
}

static void
test_turn (void)
{
  SnugServerConfig *config = snug_server_config_new ();
  g_autoptr (SnugRawPeer) peer = NULL;
  g_autoptr (SnugMessage) joined = NULL;
  const SnugIceServer *servers;
  g_autofree char *password = NULL, *username = NULL;
  SnugServer *server;
  gint64 expires;
  gsize n;

  config->turn_uris = g_strsplit ("turn:turn.example.org turn:turn.example.org?transport=tcp", " ", -1);
  config->turn_secret = g_strdup ("north");
  config->turn_lifetime = 600;
  server = start (config);
  peer = snug_server_fixture_connect (server);
  say_join (peer, SNUG_TEST_ROOM);
  joined = snug_server_fixture_await (peer, SNUG_MESSAGE_JOINED);
  servers = snug_message_get_ice_servers (joined, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (g_strv_length ((char **) servers[0].uris), ==, 2);
  expires = g_ascii_strtoll (servers[0].username, NULL, 10);
  g_assert_cmpint (ABS (expires - g_get_real_time () / G_USEC_PER_SEC - 600), <, 60);
  snug_turn_credentials_new ("north", snug_message_get_id (joined), expires, &username, &password);
  g_assert_cmpstr (servers[0].username, ==, username);
  g_assert_cmpstr (servers[0].credential, ==, password);
  snug_server_fixture_stop (server);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gboolean *) data = snug_server_stop_finish (SNUG_SERVER (source), result, NULL);
}

/* More than fifty are sent away in groups; those who wait for it still hear each other. */
static void
test_drain (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_raw_peer_free);
  gboolean stopped = FALSE;
  guint n_left;

  g_object_set (server, "drain-time", 1, NULL);
  for (guint i = 0; i < 120; i++)
    g_ptr_array_add (peers, snug_server_fixture_connect (server));
  snug_server_stop_async (server, stopped_cb, &stopped);
  n_left = snug_server_get_n_clients (server);
  g_assert_cmpuint (n_left, ==, 70);
  for (guint i = 0; i < peers->len; i++)
    {
      SnugRawPeer *peer = g_ptr_array_index (peers, i);

      snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_SHUTTING_DOWN);
      g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1001);
      snug_raw_peer_close (peer);
    }
  snug_await (stopped);
  snug_await_finalized (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/access/tokens", test_tokens);
  g_test_add_func ("/server/access/origins", test_origins);
  g_test_add_func ("/server/access/paths", test_paths);
  g_test_add_func ("/server/access/plain", test_plain);
  g_test_add_func ("/server/access/metrics", test_metrics);
  g_test_add_func ("/server/access/metrics-by-proxy", test_metrics_by_proxy);
  g_test_add_func ("/server/access/connections-of-one-address", test_connections_of_one_address);
  g_test_add_func ("/server/access/joins-of-one-address", test_joins_of_one_address);
  g_test_add_func ("/server/access/refused-joins", test_refused_joins);
  g_test_add_func ("/server/access/max-rooms", test_max_rooms);
  g_test_add_func ("/server/access/max-handshakes", test_max_handshakes);
  g_test_add_func ("/server/access/memory-limit", test_memory_limit);
  g_test_add_func ("/server/access/proxy-protocol", test_proxy_protocol);
  g_test_add_func ("/server/access/turn", test_turn);
  g_test_add_func ("/server/access/drain", test_drain);
  return g_test_run ();
}

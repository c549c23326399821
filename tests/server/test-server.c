/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server does for clients that behave.
 */
#include "snug-server.h"

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-server-fixture.h"

#include <string.h>

static void
test_finalize (void)
{
  SnugServer *idle = snug_server_new ();
  SnugServer *listening = snug_server_fixture_start ();

  g_assert_cmpuint (snug_server_get_port (idle), ==, 0);
  snug_await_finalized (idle);
  snug_await_finalized (listening);
}

/* Even with everything under way, and nobody stopping it. */
static void
test_finalize_busy (void)
{
  SnugServer *server = snug_server_fixture_start ();
  guint16 port = snug_server_get_port (server);
  g_autoptr (SnugRawPeer) silent = snug_raw_peer_connect (port);
  g_autoptr (SnugRawPeer) half = snug_raw_peer_connect (port);
  g_autoptr (SnugRawPeer) open = snug_server_fixture_connect (server);
  g_autoptr (SnugRawPeer) member = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  g_autoptr (SnugRawPeer) other = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);

  snug_raw_peer_send_string (half, "GET /snug HT");
  snug_await_finalized (server);
  snug_raw_peer_await_closed (silent);
  snug_raw_peer_await_closed (half);
  snug_raw_peer_await_closed (open);
  snug_raw_peer_await_closed (member);
  snug_raw_peer_await_closed (other);
}

static void
test_meet (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *a_id = NULL, *b_id = NULL;
  g_autoptr (SnugRawPeer) a = snug_server_fixture_join (server, SNUG_TEST_ROOM, &a_id);
  g_autoptr (SnugRawPeer) b = snug_server_fixture_connect (server);
  g_autoptr (SnugMessage) joined = NULL, peer_joined = NULL, peer_left = NULL;
  const char *const *members;

  snug_raw_peer_send_text (b, "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_ROOM "\"}");
  joined = snug_server_fixture_await (b, SNUG_MESSAGE_JOINED);
  b_id = g_strdup (snug_message_get_id (joined));
  members = snug_message_get_members (joined);
  g_assert_cmpstr (members[0], ==, a_id);
  g_assert_null (members[1]);
  g_assert_cmpstr (a_id, !=, b_id);
  peer_joined = snug_server_fixture_await (a, SNUG_MESSAGE_PEER_JOINED);
  g_assert_cmpstr (snug_message_get_peer_id (peer_joined), ==, b_id);
  g_assert_cmpuint (snug_server_get_n_clients (server), ==, 2);
  g_assert_cmpuint (snug_server_get_n_rooms (server), ==, 1);

  snug_server_fixture_check_pair (a, a_id, b, b_id);

  /* One who leaves is told that it is done. */
  snug_raw_peer_send_text (b, "{\"type\":\"leave\"}");
  peer_left = snug_server_fixture_await (a, SNUG_MESSAGE_PEER_LEFT);
  g_assert_cmpstr (snug_message_get_peer_id (peer_left), ==, b_id);
  g_assert_cmpuint (snug_raw_peer_await_close_code (b), ==, 1000);

  snug_server_fixture_stop (server);
}

/* One that vanishes has left as well. */
static void
test_vanish (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *b_id = NULL;
  g_autoptr (SnugRawPeer) a = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  g_autoptr (SnugRawPeer) b = snug_server_fixture_join (server, SNUG_TEST_ROOM, &b_id);
  g_autoptr (SnugMessage) left = NULL;

  snug_server_fixture_expect (a, SNUG_MESSAGE_PEER_JOINED);
  snug_raw_peer_close (b);
  left = snug_server_fixture_await (a, SNUG_MESSAGE_PEER_LEFT);
  g_assert_cmpstr (snug_message_get_peer_id (left), ==, b_id);
  snug_await (snug_server_get_n_clients (server) == 1);
  snug_raw_peer_send_frame (a, 0x88, "\x03\xe8", 2);
  g_assert_cmpuint (snug_raw_peer_await_close_code (a), ==, 1000);
  snug_await (snug_server_get_n_clients (server) == 0);
  g_assert_cmpuint (snug_server_get_n_rooms (server), ==, 0);
  snug_server_fixture_stop (server);
}

static void
test_ice_servers (void)
{
  const char *const uris[] = { "turn:turn.example.org", NULL };
  const SnugIceServer ice = { uris, "user", "secret" };
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) a = snug_server_fixture_connect (server);
  g_autoptr (SnugMessage) joined = NULL;
  const SnugIceServer *told;
  gsize n;

  snug_server_set_ice_servers (server, &ice, 1);
  snug_raw_peer_send_text (a, "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_OTHER_ROOM "\"}");
  joined = snug_server_fixture_await (a, SNUG_MESSAGE_JOINED);
  told = snug_message_get_ice_servers (joined, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (told[0].username, ==, "user");
  snug_server_fixture_stop (server);
}

static guint
get_status (SnugServer *server, const char *request)
{
  g_autoptr (SnugRawPeer) peer = snug_raw_peer_connect (snug_server_get_port (server));
  guint status;

  snug_raw_peer_send_string (peer, request);
  status = snug_raw_peer_await_status (peer);
  /* One request a connection. */
  snug_raw_peer_await_closed (peer);
  return status;
}

static void
test_http (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) peer = snug_raw_peer_connect (snug_server_get_port (server));
  g_autofree char *body = NULL;

  g_assert_cmpuint (get_status (server, "GET /nothing HTTP/1.1\r\n\r\n"), ==, 404);
  g_assert_cmpuint (get_status (server, "GET /snug/ HTTP/1.1\r\n\r\n"), ==, 404);
  g_assert_cmpuint (get_status (server, "GET /../snug HTTP/1.1\r\n\r\n"), ==, 404);
  g_assert_cmpuint (get_status (server, "GET /snug HTTP/1.1\r\nHost: x\r\n\r\n"), ==, 426);
  g_assert_cmpuint (get_status (server, "POST /healthz HTTP/1.1\r\n\r\n"), ==, 405);
  g_assert_cmpuint (get_status (server, "GET /healthz HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), ==,
                    200);
  g_assert_cmpuint (get_status (server, "GET /healthz?a HTTP/1.1\r\n\r\n"), ==, 200);
  g_assert_cmpuint (get_status (server, "POST /snug HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"),
                    ==, 413);
  g_assert_cmpuint (get_status (server, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"), ==, 413);
  g_assert_cmpuint (get_status (server, "hello\r\n\r\n"), ==, 400);

  snug_raw_peer_send_string (peer, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  g_assert_cmpuint (snug_raw_peer_await_status (peer), ==, 200);
  body = snug_raw_peer_await_text (peer, "}\n");
  g_assert_nonnull (strstr (body, "\"status\":\"ok\""));
  g_assert_nonnull (strstr (body, "\"protocol\":\"snug.1\""));
  snug_server_fixture_stop (server);
}

static void
test_full_server (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) a = NULL;
  g_autoptr (SnugRawPeer) b = NULL;

  g_object_set (server, "max-clients", 1, NULL);
  a = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  b = snug_raw_peer_connect (snug_server_get_port (server));
  snug_raw_peer_send_string (b, "GET /snug HTTP/1.1\r\n\r\n");
  g_assert_cmpuint (snug_raw_peer_await_status (b), ==, 503);
  snug_server_fixture_stop (server);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gboolean *) data = snug_server_stop_finish (SNUG_SERVER (source), result, NULL);
}

static void
test_shutdown_tells (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) a = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  g_autoptr (SnugRawPeer) b = snug_server_fixture_join (server, SNUG_TEST_OTHER_ROOM, NULL);
  g_autoptr (SnugRawPeer) open = snug_server_fixture_connect (server);
  g_autoptr (SnugRawPeer) silent = snug_raw_peer_connect (snug_server_get_port (server));
  g_autoptr (SnugRawPeer) deaf = snug_server_fixture_join (server, SNUG_TEST_THIRD_ROOM, NULL);
  gboolean stopped = FALSE;
  gint64 start = g_get_monotonic_time ();

  snug_raw_peer_set_reading (deaf, FALSE);
  snug_server_stop_async (server, stopped_cb, &stopped);
  snug_server_fixture_await_error (a, SNUG_PROTOCOL_ERROR_SHUTTING_DOWN);
  g_assert_cmpuint (snug_raw_peer_await_close_code (a), ==, 1001);
  snug_server_fixture_await_error (b, SNUG_PROTOCOL_ERROR_SHUTTING_DOWN);
  g_assert_cmpuint (snug_raw_peer_await_close_code (b), ==, 1001);
  snug_server_fixture_await_error (open, SNUG_PROTOCOL_ERROR_SHUTTING_DOWN);
  g_assert_cmpuint (snug_raw_peer_await_close_code (open), ==, 1001);
  snug_raw_peer_await_closed (silent);
  snug_await (stopped);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (snug_server_get_n_clients (server), ==, 0);

  /* It can begin again. */
  g_assert_true (snug_server_listen (server, "127.0.0.1", 0, NULL));
  g_clear_pointer (&a, snug_raw_peer_free);
  a = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  snug_server_fixture_stop (server);
}

/* Two in one room: a server that goes does not take them for gone. */
static void
test_shutdown_says_nothing_else (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) a = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  g_autoptr (SnugRawPeer) b = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  gboolean stopped = FALSE;
  guint8 opcode = 0;

  snug_server_fixture_expect (a, SNUG_MESSAGE_PEER_JOINED);
  snug_server_stop_async (server, stopped_cb, &stopped);
  for (guint i = 0; i < 2; i++)
    {
      SnugRawPeer *peer = i == 0 ? a : b;
      g_autofree char *payload = NULL;
      gsize size;

      snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_SHUTTING_DOWN);
      payload = snug_raw_peer_await_frame (peer, &opcode, &size);
      g_assert_cmpint (opcode, ==, 0x8);
      snug_raw_peer_send_frame (peer, 0x88, "\x03\xe9", 2);
    }
  snug_await (stopped);
  snug_await_finalized (server);
}

static void
test_stop_twice (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugRawPeer) deaf = snug_server_fixture_join (server, SNUG_TEST_ROOM, NULL);
  gboolean stopped = FALSE, again = TRUE;

  snug_raw_peer_set_reading (deaf, FALSE);
  snug_server_stop_async (server, stopped_cb, &stopped);
  snug_server_stop_async (server, stopped_cb, &again);
  snug_await (stopped && !again);
  snug_await_finalized (server);
}

static void
test_listen_errors (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autoptr (SnugServer) other = snug_server_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (snug_server_listen (other, "127.0.0.1", snug_server_get_port (server), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  g_assert_false (snug_server_listen (other, "localhost", 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (snug_server_listen (other, "192.0.2.1", 0, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (snug_server_get_port (other), ==, 0);

  /* After all that, it still can. */
  g_assert_true (snug_server_listen (other, NULL, 0, NULL));
  g_assert_cmpuint (snug_server_get_port (other), >, 0);
  snug_raw_peer_free (snug_server_fixture_join (other, SNUG_TEST_ROOM, NULL));
  snug_server_fixture_stop (g_steal_pointer (&other));
  snug_server_fixture_stop (server);
}

/* Twenty come and go, and nothing is left of them. */
static void
test_come_and_go (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *a_id = NULL;
  g_autoptr (SnugRawPeer) a = snug_server_fixture_join (server, SNUG_TEST_ROOM, &a_id);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *b_id = NULL;
      g_autoptr (SnugRawPeer) b = snug_server_fixture_join (server, SNUG_TEST_ROOM, &b_id);

      snug_server_fixture_expect (a, SNUG_MESSAGE_PEER_JOINED);
      snug_server_fixture_check_pair (a, a_id, b, b_id);
      if (i % 2 == 0)
        snug_raw_peer_send_text (b, "{\"type\":\"leave\"}");
      else
        snug_raw_peer_close (b);
      snug_server_fixture_expect (a, SNUG_MESSAGE_PEER_LEFT);
    }
  snug_await (snug_server_get_n_clients (server) == 1);
  g_assert_cmpuint (snug_server_get_n_rooms (server), ==, 1);
  snug_server_fixture_stop (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/finalize", test_finalize);
  g_test_add_func ("/server/finalize-busy", test_finalize_busy);
  g_test_add_func ("/server/meet", test_meet);
  g_test_add_func ("/server/vanish", test_vanish);
  g_test_add_func ("/server/ice-servers", test_ice_servers);
  g_test_add_func ("/server/http", test_http);
  g_test_add_func ("/server/full-server", test_full_server);
  g_test_add_func ("/server/shutdown-tells", test_shutdown_tells);
  g_test_add_func ("/server/shutdown-says-nothing-else", test_shutdown_says_nothing_else);
  g_test_add_func ("/server/stop-twice", test_stop_twice);
  g_test_add_func ("/server/listen-errors", test_listen_errors);
  g_test_add_func ("/server/come-and-go", test_come_and_go);
  return g_test_run ();
}

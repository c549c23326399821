/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server allows, and that nobody else notices when someone goes too far.
 */
#include "snug-server.h"

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-frame-scanner.h"
#include "snug-server-fixture.h"

#include <string.h>
#include <sys/socket.h>

/* A server, and two members whose call is not to be disturbed. */
typedef struct
{
  SnugServer *server;
  SnugRawPeer *a;
  SnugRawPeer *b;
  char *a_id;
  char *b_id;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = snug_server_fixture_start ();
  fixture->a = snug_server_fixture_join (fixture->server, SNUG_TEST_ROOM, &fixture->a_id);
  fixture->b = snug_server_fixture_join (fixture->server, SNUG_TEST_ROOM, &fixture->b_id);
  snug_server_fixture_expect (fixture->a, SNUG_MESSAGE_PEER_JOINED);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  snug_server_fixture_check_pair (fixture->a, fixture->a_id, fixture->b, fixture->b_id);
  snug_raw_peer_free (fixture->a);
  snug_raw_peer_free (fixture->b);
  snug_server_fixture_stop (fixture->server);
  g_free (fixture->a_id);
  g_free (fixture->b_id);
}

static void
test_join_timeout (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) silent = NULL;
  g_autoptr (SnugRawPeer) talkative = NULL;
  g_autoptr (SnugRawPeer) joined = NULL;

  g_object_set (fixture->server, "join-timeout", 1, NULL);
  silent = snug_server_fixture_connect (fixture->server);
  talkative = snug_server_fixture_connect (fixture->server);
  joined = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  /* Anything but a join does not count. */
  snug_raw_peer_send_text (talkative, "{\"type\":\"leave\"}");
  snug_server_fixture_await_error (talkative, SNUG_PROTOCOL_ERROR_NOT_JOINED);

  snug_server_fixture_await_error (silent, SNUG_PROTOCOL_ERROR_JOIN_TIMEOUT);
  g_assert_cmpuint (snug_raw_peer_await_close_code (silent), ==, 1008);
  snug_server_fixture_await_error (talkative, SNUG_PROTOCOL_ERROR_JOIN_TIMEOUT);
  snug_raw_peer_await_closed (talkative);
  g_assert_false (snug_raw_peer_is_closed (joined));
}

static void
test_request_timeout (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) silent = NULL;
  g_autoptr (SnugRawPeer) half = NULL;

  g_object_set (fixture->server, "handshake-timeout", 1, NULL);
  silent = snug_raw_peer_connect (snug_server_get_port (fixture->server));
  half = snug_raw_peer_connect (snug_server_get_port (fixture->server));
  snug_raw_peer_send_string (half, "GET /snug HTTP/1.1\r\nHost: x\r\n");
  snug_raw_peer_await_closed (silent);
  snug_raw_peer_await_closed (half);
}

/* A message that begins and does not end. */
static void
test_frame_timeout (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) fragment = NULL;
  g_autoptr (SnugRawPeer) header = NULL;
  g_autoptr (SnugRawPeer) payload = NULL;

  g_object_set (fixture->server, "frame-timeout", 1, NULL);
  fragment = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  header = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  payload = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  snug_raw_peer_send_frame (fragment, 0x01, "{", 1);
  snug_raw_peer_send (header, "\x81", 1);
  snug_raw_peer_send (payload, "\x81\x82\0\0\0\0{", 7);
  snug_server_fixture_expect (fragment, SNUG_MESSAGE_PEER_JOINED);
  snug_server_fixture_expect (fragment, SNUG_MESSAGE_PEER_JOINED);
  while (!snug_raw_peer_is_closed (fragment) || !snug_raw_peer_is_closed (header)
         || !snug_raw_peer_is_closed (payload))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_room_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) third = NULL;
  g_autoptr (SnugRawPeer) fourth = NULL;

  snug_server_set_room_size (fixture->server, 1);
  third = snug_server_fixture_join (fixture->server, SNUG_TEST_THIRD_ROOM, NULL);
  fourth = snug_server_fixture_connect (fixture->server);
  snug_raw_peer_send_text (fourth, "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_THIRD_ROOM "\"}");
  snug_server_fixture_await_error (fourth, SNUG_PROTOCOL_ERROR_ROOM_FULL);
  /* It may try another one. */
  snug_raw_peer_send_text (fourth,
                           "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_OTHER_ROOM "\"}");
  snug_server_fixture_expect (fourth, SNUG_MESSAGE_JOINED);
}

static void
test_rate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) loud = NULL;
  guint n_errors = 0;

  g_object_set (fixture->server, "message-rate", 1, "message-burst", 5, NULL);
  loud = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  for (guint i = 0; i < 100; i++)
    snug_raw_peer_send_text (loud, "{\"type\":\"x\"}");
  for (;;)
    {
      g_autoptr (SnugMessage) message = snug_server_fixture_await (loud, SNUG_MESSAGE_ERROR);

      n_errors++;
      if (snug_message_get_error_code (message) == SNUG_PROTOCOL_ERROR_RATE_LIMITED)
        break;
      g_assert_cmpint (snug_message_get_error_code (message), ==, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE);
    }
  /* The join was the first of five. */
  g_assert_cmpuint (n_errors, >=, 5);
  g_assert_cmpuint (n_errors, <=, 10);
  g_assert_cmpuint (snug_raw_peer_await_close_code (loud), ==, 1008);
  snug_raw_peer_await_closed (loud);
}

static void
test_oversize_frame (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) large = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  g_autofree char *text = g_strnfill (SNUG_MESSAGE_MAX_BYTES + 1, ' ');

  /* As large as allowed is read, and is no JSON. */
  snug_raw_peer_send_frame (large, 0x81, text, SNUG_MESSAGE_MAX_BYTES);
  snug_server_fixture_await_error (large, SNUG_PROTOCOL_ERROR_NOT_JSON);
  snug_raw_peer_send_frame (large, 0x81, text, SNUG_MESSAGE_MAX_BYTES + 1);
  snug_server_fixture_await_error (large, SNUG_PROTOCOL_ERROR_TOO_LARGE);
  g_assert_cmpuint (snug_raw_peer_await_close_code (large), ==, 1009);
  snug_raw_peer_await_closed (large);
}

/* Announced, and never sent. */
static void
test_huge_announcement (Fixture *fixture, gconstpointer data)
{
  static const guint8 header[] = { 0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 };
  g_autoptr (SnugRawPeer) large = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);

  snug_raw_peer_send (large, header, sizeof header);
  snug_server_fixture_await_error (large, SNUG_PROTOCOL_ERROR_TOO_LARGE);
  snug_raw_peer_await_closed (large);
}

/* Fragments without end, as fast as they go. */
static void
test_endless_fragments (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) endless = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  g_autofree char *piece = g_strnfill (30000, 'a');
  gint64 start = g_get_monotonic_time ();

  g_assert_true (snug_raw_peer_send_frame (endless, 0x01, piece, 30000));
  while (snug_raw_peer_send_frame (endless, 0x00, piece, 30000))
    g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
  snug_server_fixture_await_error (endless, SNUG_PROTOCOL_ERROR_TOO_LARGE);
  g_assert_cmpuint (snug_raw_peer_await_close_code (endless), ==, 1009);
}

static void
test_ping_flood (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) loud = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  gint64 start = g_get_monotonic_time ();

  /* What is thrown away is still read for a second, so that the error gets through. */
  while (snug_raw_peer_send_frame (loud, 0x89, "hello", 5))
    g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
  snug_server_fixture_await_error (loud, SNUG_PROTOCOL_ERROR_RATE_LIMITED);
  g_assert_cmpuint (snug_raw_peer_await_close_code (loud), ==, 1008);
}

/* One who does not read what it is sent is dropped, once the kernel's buffers and what it may have waiting are
 * full, and its room hears of it. */
static void
test_slow_reader (Fixture *fixture, gconstpointer data)
{
  const guint limit = 256 * 1024;
  g_autoptr (SnugRawPeer) slow = NULL;
  g_autoptr (SnugRawPeer) sender = NULL;
  g_autofree char *slow_id = NULL, *sender_id = NULL;
  g_autofree char *payload = g_strnfill (40000, 'x');
  gsize sent = 0, received;
  gboolean left = FALSE;

  g_object_set (fixture->server, "send-queue-limit", limit, "message-rate", 1000000,
                "message-burst", 1000000,
                NULL);
  slow = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, &slow_id);
  sender = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, &sender_id);
  snug_raw_peer_set_reading (slow, FALSE);

  while (!left && sent < 64 * 1024 * 1024)
    {
      gsize size;

      snug_server_fixture_signal (sender, slow_id, payload);
      sent += 40000;
      snug_raw_peer_peek (sender, &size);
      left = size > 0;
    }
  g_assert_true (left);
  {
    g_autoptr (SnugMessage) peer_left = snug_server_fixture_await (sender, SNUG_MESSAGE_PEER_LEFT);

    g_assert_cmpstr (snug_message_get_peer_id (peer_left), ==, slow_id);
  }
  g_assert_cmpuint (sent, >, limit);

  /* What it did get were whole messages up to where it was cut, and the connection is over. */
  snug_raw_peer_set_reading (slow, TRUE);
  snug_raw_peer_await_closed (slow);
  snug_raw_peer_peek (slow, &received);
  g_test_message ("sent %" G_GSIZE_FORMAT " bytes, the slow one took %" G_GSIZE_FORMAT, sent,
                  received);
  g_assert_cmpuint (received, <, sent);
}

/* One who reads, but late, gets everything. */
static void
test_late_reader (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) late = NULL;
  g_autoptr (SnugRawPeer) sender = NULL;
  g_autofree char *late_id = NULL, *sender_id = NULL;
  g_autofree char *payload = g_strnfill (40000, 'x');

  g_object_set (fixture->server, "send-queue-limit", 4 * 1024 * 1024, "message-rate", 1000000, "message-burst",
                1000000, NULL);
  late = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, &late_id);
  sender = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, &sender_id);
  snug_server_fixture_expect (late, SNUG_MESSAGE_PEER_JOINED);

  for (guint round = 0; round < 5; round++)
    {
      snug_raw_peer_set_reading (late, FALSE);
      for (guint i = 0; i < 40; i++)
        snug_server_fixture_signal (sender, late_id, payload);
      snug_raw_peer_set_reading (late, TRUE);
      for (guint i = 0; i < 40; i++)
        {
          g_autoptr (SnugMessage) message = snug_server_fixture_await (late, SNUG_MESSAGE_SIGNAL);

          g_assert_cmpstr (snug_message_get_payload (message), ==, payload);
        }
    }
  snug_server_fixture_check_pair (late, late_id, sender, sender_id);
}

/* One that does not answer a ping is gone; one that does stays. */
static void
test_dead_peer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) dead = NULL;
  g_autoptr (SnugRawPeer) alive = NULL;
  g_autofree char *dead_id = NULL;
  g_autoptr (SnugMessage) left = NULL;
  guint n_pings = 0;
  guint8 opcode;
  gsize size;

  g_object_set (fixture->server, "ping-interval", 1, "pong-timeout", 1, NULL);
  dead = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, &dead_id);
  alive = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  while (left == NULL)
    {
      g_autofree char *payload = snug_raw_peer_await_frame (alive, &opcode, &size);

      g_assert_nonnull (payload);
      if (opcode == 0x9)
        {
          snug_raw_peer_send_frame (alive, 0x8a, payload, size);
          n_pings++;
        }
      else
        left = snug_message_parse (payload, size, SNUG_MESSAGE_FROM_SERVER, NULL);
    }
  g_assert_cmpint (snug_message_get_kind (left), ==, SNUG_MESSAGE_PEER_LEFT);
  g_assert_cmpstr (snug_message_get_peer_id (left), ==, dead_id);
  g_assert_cmpuint (n_pings, >, 0);
  snug_raw_peer_await_closed (dead);
  g_assert_false (snug_raw_peer_is_closed (alive));
}

/* A stranger's id, one's own, one from another room. */
static void
test_signal_to_stranger (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, &id);

  snug_server_fixture_signal (peer, "nobody", "hi");
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_NO_SUCH_PEER);
  snug_server_fixture_signal (peer, id, "hi");
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_NO_SUCH_PEER);
  snug_server_fixture_signal (peer, fixture->a_id, "hi");
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_NO_SUCH_PEER);
}

static void
test_second_join (Fixture *fixture, gconstpointer data)
{
  snug_raw_peer_send_text (fixture->a, "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_OTHER_ROOM "\"}");
  snug_server_fixture_await_error (fixture->a, SNUG_PROTOCOL_ERROR_ALREADY_JOINED);
  g_assert_cmpuint (snug_server_get_n_rooms (fixture->server), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/server/limits/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("join-timeout", test_join_timeout);
  ADD ("request-timeout", test_request_timeout);
  ADD ("frame-timeout", test_frame_timeout);
  ADD ("room-full", test_room_full);
  ADD ("rate", test_rate);
  ADD ("oversize-frame", test_oversize_frame);
  ADD ("huge-announcement", test_huge_announcement);
  ADD ("endless-fragments", test_endless_fragments);
  ADD ("ping-flood", test_ping_flood);
  ADD ("slow-reader", test_slow_reader);
  ADD ("late-reader", test_late_reader);
  ADD ("dead-peer", test_dead_peer);
  ADD ("signal-to-stranger", test_signal_to_stranger);
  ADD ("second-join", test_second_join);
  return g_test_run ();
}

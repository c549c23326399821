/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes that no client sends. Whatever comes, the server stands and two members still hear each other.
 */
#include "snug-server.h"

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-server-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

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
  g_object_set (fixture->server, "message-rate", 1000000, "message-burst", 1000000, NULL);
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

/* Every invalid message over the wire, before a join and in a room: its own error, and the connection stays. */
static void
check_invalid_messages (SnugRawPeer *peer)
{
  g_autoptr (GPtrArray) messages = snug_fixtures_load_invalid ("client");

  for (guint i = 0; i < messages->len; i++)
    {
      SnugInvalidMessage *invalid = g_ptr_array_index (messages, i);

      /* These two are refused by the WebSocket: below. */
      if (invalid->error == SNUG_PROTOCOL_ERROR_NOT_UTF8 || invalid->size > SNUG_MESSAGE_MAX_BYTES)
        continue;
      if (!g_utf8_validate (invalid->data, (gssize) strlen (invalid->data), NULL))
        continue;
      g_test_message ("%s", invalid->name);
      snug_raw_peer_send_frame (peer, 0x81, invalid->data, invalid->size);
      snug_server_fixture_await_error (peer, invalid->error);
    }
}

static void
test_invalid_messages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_connect (fixture->server);

  check_invalid_messages (peer);
  snug_raw_peer_send_text (peer, "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_OTHER_ROOM "\"}");
  snug_server_fixture_expect (peer, SNUG_MESSAGE_JOINED);
  check_invalid_messages (peer);
}

static void
test_not_utf8 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);

  snug_raw_peer_send_frame (peer, 0x81, "{\"type\":\"\xff\"}", 12);
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_NOT_UTF8);
  g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1007);
  snug_raw_peer_await_closed (peer);
}

static void
test_binary (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);

  snug_raw_peer_send_frame (peer, 0x82, "{\"type\":\"leave\"}", 16);
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_NOT_JSON);
  g_assert_false (snug_raw_peer_is_closed (peer));
}

/* What the frames of a connection can do wrong (RFC 6455, 5 to 7), and the code that it is closed with; 0: with none. */
static void
test_bad_frames (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    guint code;
    gsize size;
    guint8 bytes[24];
  } frames[] = {
    { "not masked", 1002, 4, { 0x81, 0x02, '{', '}' } },
    { "a masked close", 1000, 8, { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8 } },
    { "a close without a code", 0, 6, { 0x88, 0x80, 0, 0, 0, 0 } },
    { "a close with a code of an application", 4711, 8, { 0x88, 0x82, 0, 0, 0, 0, 0x12, 0x67 } },
    { "all reserved bits", 1002, 6, { 0xf1, 0x80, 0, 0, 0, 0 } },
    { "reserved bit 1: compression that was not agreed on", 1002, 8, { 0xc1, 0x82, 0, 0, 0, 0, '{', '}' } },
    { "reserved bit 2 of a ping", 1002, 6, { 0xa9, 0x80, 0, 0, 0, 0 } },
    { "unknown data opcode 3", 1002, 6, { 0x83, 0x80, 0, 0, 0, 0 } },
    { "unknown data opcode 7", 1002, 6, { 0x87, 0x80, 0, 0, 0, 0 } },
    { "unknown control opcode b", 1002, 6, { 0x8b, 0x80, 0, 0, 0, 0 } },
    { "unknown control opcode f", 1002, 6, { 0x8f, 0x80, 0, 0, 0, 0 } },
    { "fragmented ping", 1002, 6, { 0x09, 0x80, 0, 0, 0, 0 } },
    { "fragmented close", 1002, 6, { 0x08, 0x80, 0, 0, 0, 0 } },
    { "ping of more than 125 bytes", 1002, 9, { 0x89, 0xfe, 0, 126, 0, 0, 0, 0, 'a' } },
    { "continuation of nothing", 1002, 6, { 0x80, 0x80, 0, 0, 0, 0 } },
    { "text inside of a text", 1002, 12, { 0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0 } },
    { "continuation after the end", 1002, 18,
      { 0x01, 0x80, 0, 0, 0, 0, 0x80, 0x80, 0, 0, 0, 0, 0x80, 0x80, 0, 0, 0, 0 } },
    { "16-bit length not minimal", 1002, 9, { 0x81, 0xfe, 0, 1, 0, 0, 0, 0, 'a' } },
    { "64-bit length not minimal", 1002, 15, { 0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 'a' } },
    { "length with its highest bit", 1002, 15, { 0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 'a' } },
    { "close with half a code", 1002, 7, { 0x88, 0x81, 0, 0, 0, 0, 3 } },
    { "close with code 0", 1002, 8, { 0x88, 0x82, 0, 0, 0, 0, 0, 0 } },
    { "close with code 999", 1002, 8, { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe7 } },
    { "close with code 1004", 1002, 8, { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xec } },
    { "close with code 1005", 1002, 8, { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed } },
    { "close with code 1006", 1002, 8, { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xee } },
    { "close with code 1016", 1002, 8, { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xf8 } },
    { "close with code 2999", 1002, 8, { 0x88, 0x82, 0, 0, 0, 0, 0x0b, 0xb7 } },
    { "close with code 65535", 1002, 8, { 0x88, 0x82, 0, 0, 0, 0, 0xff, 0xff } },
    { "close with text that is none", 1007, 9, { 0x88, 0x83, 0, 0, 0, 0, 0x03, 0xe8, 0xff } },
    { "close with text that ends early", 1007, 9, { 0x88, 0x83, 0, 0, 0, 0, 0x03, 0xe8, 0xc3 } },
    { "text that is none", 1007, 8, { 0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28 } },
    { "text with half a surrogate pair", 1007, 9, { 0x81, 0x83, 0, 0, 0, 0, 0xed, 0xa0, 0x80 } },
    { "text beyond Unicode", 1007, 10, { 0x81, 0x84, 0, 0, 0, 0, 0xf4, 0x90, 0x80, 0x80 } },
    { "text in too many bytes", 1007, 8, { 0x81, 0x82, 0, 0, 0, 0, 0xc0, 0xaf } },
    { "text that ends early", 1007, 7, { 0x81, 0x81, 0, 0, 0, 0, 0xc3 } },
    { "text that ends early, in its second fragment", 1007, 14,
      { 0x01, 0x81, 0, 0, 0, 0, 'a', 0x80, 0x81, 0, 0, 0, 0, 0xc3 } },
    { "text that no second fragment can save", 1007, 8, { 0x01, 0x82, 0, 0, 0, 0, 0xc3, 0x28 } },
    { "a length that is never sent", 1009, 14, { 0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
      guint8 opcode = 0;

      g_test_message ("%s", frames[i].name);
      snug_raw_peer_send (peer, frames[i].bytes, frames[i].size);
      while (opcode != 0x8)
        {
          gsize size;
          g_autofree char *payload = snug_raw_peer_await_frame (peer, &opcode, &size);

          g_assert_nonnull (payload);
          if (opcode == 0x8 && frames[i].code == 0)
            g_assert_cmpuint (size, ==, 0);
          else if (opcode == 0x8)
            {
              g_assert_cmpuint (size, >=, 2);
              g_assert_cmpuint ((guint) (guint8) payload[0] << 8 | (guint8) payload[1], ==, frames[i].code);
            }
        }
    }
  snug_await (snug_server_get_n_clients (fixture->server) == 2);
}

/* What frames may do, however odd: the connection stays, and everything is answered in order. */
static void
test_odd_frames (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, &id);
  const char *text = "{\"type\":\"leave\",\"\303\244\":1}";
  const gsize half = 18; /* in the middle of a character */
  guint8 opcode;
  gsize size;
  g_autofree char *pong = NULL;
  g_autofree char *empty = NULL;

  /* A ping between two fragments, one of them empty. */
  snug_raw_peer_send_frame (peer, 0x01, text, half);
  snug_raw_peer_send_frame (peer, 0x89, "are you there?", 14);
  snug_raw_peer_send_frame (peer, 0x8a, "nobody asked", 12);
  snug_raw_peer_send_frame (peer, 0x00, "", 0);
  snug_raw_peer_send_frame (peer, 0x89, "", 0);
  pong = snug_raw_peer_await_frame (peer, &opcode, &size);
  g_assert_cmpint (opcode, ==, 0xa);
  g_assert_cmpmem (pong, size, "are you there?", 14);
  empty = snug_raw_peer_await_frame (peer, &opcode, &size);
  g_assert_cmpint (opcode, ==, 0xa);
  g_assert_cmpuint (size, ==, 0);
  snug_raw_peer_send_frame (peer, 0x80, text + half, strlen (text) - half);
  g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1000);
}

/* A message that comes byte by byte is one message. */
static void
test_slow_writer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_connect (fixture->server);
  const char *join = "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_OTHER_ROOM "\"}";
  g_autoptr (GBytes) frame = snug_raw_peer_make_frame (0x81, join, strlen (join), TRUE);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (frame, &size);

  for (gsize i = 0; i < size; i++)
    {
      snug_raw_peer_send (peer, bytes + i, 1);
      snug_await_idle ();
    }
  snug_server_fixture_expect (peer, SNUG_MESSAGE_JOINED);
}

#define REQUEST(literal) { literal, sizeof literal - 1 }

static void
test_bad_requests (Fixture *fixture, gconstpointer data)
{
  g_autofree char *spaces = g_strnfill (20000, ' ');
  g_autofree char *header = g_strnfill (20000, 'a');
  const struct
  {
    const char *bytes;
    gsize size;
  } requests[] = {
    REQUEST ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),      /* TLS */
    REQUEST ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),                         /* HTTP/2 */
    REQUEST ("\0\0\0\0\r\n\r\n"),
    REQUEST ("GET /snug HTTP/1.1\r\nA: \0\r\n\r\n"),
    REQUEST ("GET /snug HTTP/1.1\r\n\xff\xfe: x\r\n\r\n"),
    REQUEST ("GET http://example.org/ HTTP/1.1\r\n\r\n"),
    REQUEST ("CONNECT example.org:443 HTTP/1.1\r\n\r\n"),
    REQUEST ("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
    REQUEST ("\r\n\r\n\r\n\r\n"),
    { spaces, 20000 },
    { header, 20000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (SnugRawPeer) peer = snug_raw_peer_connect (snug_server_get_port (fixture->server));
      guint status;

      g_test_message ("request %u", i);
      snug_raw_peer_send (peer, requests[i].bytes, requests[i].size);
      status = snug_raw_peer_await_status (peer);
      g_assert_true (status == 400 || status == 431);
      snug_raw_peer_await_closed (peer);
    }
}

static void
test_random_bytes (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (SnugRawPeer) peer = snug_raw_peer_connect (snug_server_get_port (fixture->server));
      guint8 bytes[2048];
      gsize size = (gsize) g_test_rand_int_range (1, sizeof bytes);

      for (gsize j = 0; j < size; j++)
        bytes[j] = (guint8) g_test_rand_int ();
      if (i % 2 == 0)
        snug_raw_peer_upgrade (peer);
      snug_raw_peer_send (peer, bytes, size);
      if (i % 3 == 0)
        snug_await_idle ();
    }
  snug_await (snug_server_get_n_clients (fixture->server) == 2);
}

/* Frames that come in one piece with the request, before it was answered. */
static void
test_early_frames (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = snug_raw_peer_connect (snug_server_get_port (fixture->server));
  const char *join = "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_OTHER_ROOM "\"}";
  g_autoptr (GBytes) frame = snug_raw_peer_make_frame (0x81, join, strlen (join), TRUE);
  g_autoptr (GString) all = g_string_new ("GET /snug HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                          "Sec-WebSocket-Protocol: snug.1\r\n\r\n");
  gsize size;
  const char *bytes = g_bytes_get_data (frame, &size);

  g_string_append_len (all, bytes, (gssize) size);
  snug_raw_peer_send (peer, all->str, all->len);
  g_assert_cmpuint (snug_raw_peer_await_status (peer), ==, 101);
  snug_server_fixture_expect (peer, SNUG_MESSAGE_JOINED);
}

/* Without a file descriptor to spare, accepting fails; and works again when there is one. */
static void
test_no_descriptors (Fixture *fixture, gconstpointer data)
{
  struct rlimit old, low;
  SnugRawPeer *waiting;
  g_autoptr (SnugRawPeer) later = NULL;
  g_autofree int *fds = g_new0 (int, 4096);
  guint n_fds = 0;

  waiting = snug_raw_peer_connect (snug_server_get_port (fixture->server));
  getrlimit (RLIMIT_NOFILE, &old);
  low = old;
  low.rlim_cur = MIN (old.rlim_cur, 512);
  setrlimit (RLIMIT_NOFILE, &low);
  {
    /* One more is in the queue of the kernel when the descriptors are gone. */
    g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
    g_autoptr (GSocketAddress) address
      = g_inet_socket_address_new_from_string ("127.0.0.1", snug_server_get_port (fixture->server));
    int fd;

    while (n_fds < 4096 && (fd = open ("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
      fds[n_fds++] = fd;
    g_assert_cmpuint (n_fds, >, 0);
    g_assert_true (g_socket_connect (socket, address, NULL, NULL));
    for (guint i = 0; i < 50; i++)
      g_main_context_iteration (NULL, FALSE);
    g_assert_cmpuint (snug_server_get_n_clients (fixture->server), ==, 2);
  }
  for (guint i = 0; i < n_fds; i++)
    g_close (fds[i], NULL);
  setrlimit (RLIMIT_NOFILE, &old);
  later = snug_server_fixture_join (fixture->server, SNUG_TEST_OTHER_ROOM, NULL);
  snug_raw_peer_free (waiting);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/server/hostile/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("invalid-messages", test_invalid_messages);
  ADD ("not-utf8", test_not_utf8);
  ADD ("binary", test_binary);
  ADD ("bad-frames", test_bad_frames);
  ADD ("odd-frames", test_odd_frames);
  ADD ("slow-writer", test_slow_writer);
  ADD ("bad-requests", test_bad_requests);
  ADD ("random-bytes", test_random_bytes);
  ADD ("early-frames", test_early_frames);
  ADD ("no-descriptors", test_no_descriptors);
  return g_test_run ();
}

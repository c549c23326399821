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
  fixture->a = snug_server_fixture_join (fixture->server, "garden", "Alice", &fixture->a_id);
  fixture->b = snug_server_fixture_join (fixture->server, "garden", "Bob", &fixture->b_id);
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
  snug_raw_peer_send_text (peer, "{\"type\":\"join\",\"version\":1,\"room\":\"kitchen\",\"name\":\"Carol\"}");
  snug_server_fixture_expect (peer, SNUG_MESSAGE_JOINED);
  check_invalid_messages (peer);
}

static void
test_not_utf8 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, "kitchen", "Carol",
                                                           NULL);

  snug_raw_peer_send_frame (peer, 0x81, "{\"type\":\"\xff\"}", 12);
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_NOT_UTF8);
  g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1007);
  snug_raw_peer_await_closed (peer);
}

static void
test_binary (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, "kitchen", "Carol",
                                                           NULL);

  snug_raw_peer_send_frame (peer, 0x82, "{\"type\":\"leave\"}", 16);
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_NOT_JSON);
  g_assert_false (snug_raw_peer_is_closed (peer));
}

/* What the bytes of a frame can do wrong: the connection ends, with a close frame where there is one to send. */
static void
test_bad_frames (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    guint8 bytes[16];
    gsize size;
  } frames[] = {
    { "not masked", { 0x81, 0x02, '{', '}' }, 4 },
    { "reserved bits", { 0xf1, 0x80, 0, 0, 0, 0 }, 6 },
    { "unknown data opcode", { 0x83, 0x80, 0, 0, 0, 0 }, 6 },
    { "unknown control opcode", { 0x8b, 0x80, 0, 0, 0, 0 }, 6 },
    { "fragmented ping", { 0x09, 0x80, 0, 0, 0, 0 }, 6 },
    { "continuation of nothing", { 0x80, 0x80, 0, 0, 0, 0 }, 6 },
    { "length not minimal", { 0x81, 0xfe, 0, 1, 0, 0, 0, 0, 'a' }, 9 },
    { "close with one byte", { 0x88, 0x81, 0, 0, 0, 0, 3 }, 7 },
    { "close with a reserved code", { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed }, 8 },
    { "close with no code of this world", { 0x88, 0x82, 0, 0, 0, 0, 0xff, 0xff }, 8 },
    { "close with text that is none", { 0x88, 0x83, 0, 0, 0, 0, 0x03, 0xe8, 0xff }, 9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, "kitchen", "Carol",
                                                               NULL);

      g_test_message ("%s", frames[i].name);
      snug_raw_peer_send (peer, frames[i].bytes, frames[i].size);
      snug_raw_peer_await_closed (peer);
    }
  snug_await (snug_server_get_n_clients (fixture->server) == 2);
}

/* A message fragment inside another. */
static void
test_interleaved_fragments (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = snug_server_fixture_join (fixture->server, "kitchen", "Carol",
                                                           NULL);

  snug_raw_peer_send_frame (peer, 0x01, "{", 1);
  snug_raw_peer_send_frame (peer, 0x81, "{}", 2);
  snug_raw_peer_await_closed (peer);
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
  const char *join = "{\"type\":\"join\",\"version\":1,\"room\":\"kitchen\",\"name\":\"Carol\"}";
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
  later = snug_server_fixture_join (fixture->server, "kitchen", "Carol", NULL);
  snug_raw_peer_free (waiting);
}

/* What came is repeated in there as it was: nothing for a test's output. */
static void
ignore (const char *domain, GLogLevelFlags level, const char *text, gpointer data)
{
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("libsoup", G_LOG_LEVEL_DEBUG, ignore, NULL);
#define ADD(name, func) g_test_add ("/server/hostile/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("invalid-messages", test_invalid_messages);
  ADD ("not-utf8", test_not_utf8);
  ADD ("binary", test_binary);
  ADD ("bad-frames", test_bad_frames);
  ADD ("interleaved-fragments", test_interleaved_fragments);
  ADD ("bad-requests", test_bad_requests);
  ADD ("random-bytes", test_random_bytes);
  ADD ("early-frames", test_early_frames);
  ADD ("no-descriptors", test_no_descriptors);
  return g_test_run ();
}

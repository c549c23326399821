/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-frame-scanner.h"
#include "snug-frame-stream.h"

#include "snug-await.h"

#include <libsoup/soup.h>
#include <string.h>
#include <sys/socket.h>

static void
append_frame (GByteArray *bytes, guint8 first, gsize size, gboolean masked)
{
  static const guint8 mask[4] = { 0, 0, 0, 0 };
  guint8 header[10] = { first };
  guint n = 2;
  gsize old;

  if (size < 126)
    header[1] = (guint8) size;
  else if (size < 65536)
    {
      header[1] = 126;
      header[2] = (guint8) (size >> 8);
      header[3] = (guint8) size;
      n = 4;
    }
  else
    {
      header[1] = 127;
      for (guint i = 0; i < 8; i++)
        header[2 + i] = (guint8) ((guint64) size >> (56 - 8 * i));
      n = 10;
    }
  if (masked)
    header[1] |= 0x80;
  g_byte_array_append (bytes, header, n);
  if (masked)
    g_byte_array_append (bytes, mask, 4);
  old = bytes->len;
  g_byte_array_set_size (bytes, old + size);
  memset (bytes->data + old, 'a', size);
}

static void
test_scanner (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  append_frame (bytes, 0x81, 5, TRUE);
  append_frame (bytes, 0x01, 200, TRUE);  /* the first of three */
  append_frame (bytes, 0x89, 10, TRUE);   /* a ping between */
  append_frame (bytes, 0x00, 0, TRUE);
  append_frame (bytes, 0x80, 70000, TRUE);
  append_frame (bytes, 0x8a, 3, FALSE);
  append_frame (bytes, 0x82, 126, FALSE);

  /* However it is cut. */
  for (gsize step = 1; step < 70000; step = step * 3 + 1)
    {
      SnugFrameScanner scanner = { 0 };

      for (gsize at = 0; at < bytes->len; at += step)
        snug_frame_scanner_feed (&scanner, bytes->data + at, MIN (step, bytes->len - at));
      g_assert_cmpuint (scanner.data_bytes, ==, 5 + 200 + 70000 + 126);
      g_assert_cmpuint (scanner.largest_message, ==, 70200);
      g_assert_cmpuint (scanner.most_fragments, ==, 3);
      g_assert_cmpuint (scanner.message_size, ==, 0);
      g_assert_cmpuint (scanner.n_fragments, ==, 0);
      g_assert_cmpuint (scanner.n_control_frames, ==, 2);
      g_assert_cmpuint (scanner.ping_bytes, ==, 10);
      g_assert_cmpuint (scanner.pong_bytes, ==, 3);
      g_assert_false (scanner.in_payload);
    }
}

static void
test_scanner_announced (void)
{
  static const guint8 huge[] = { 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4 };
  SnugFrameScanner scanner = { 0 };

  /* What is announced counts before it comes. */
  snug_frame_scanner_feed (&scanner, huge, sizeof huge);
  g_assert_cmpuint (scanner.message_size, ==, G_MAXUINT64);
  g_assert_cmpuint (scanner.data_bytes, ==, 0);
  g_assert_true (scanner.in_payload);
}

typedef struct
{
  GIOStream *near;
  GIOStream *far;
} Pair;

static void
pair_init (Pair *pair)
{
  int fds[2];
  GSocket *sockets[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  for (guint i = 0; i < 2; i++)
    sockets[i] = g_socket_new_from_fd (fds[i], NULL);
  pair->near = G_IO_STREAM (g_socket_connection_factory_create_connection (sockets[0]));
  pair->far = G_IO_STREAM (g_socket_connection_factory_create_connection (sockets[1]));
  g_object_unref (sockets[0]);
  g_object_unref (sockets[1]);
}

static void
pair_clear (Pair *pair)
{
  g_clear_object (&pair->near);
  g_clear_object (&pair->far);
}

static void
on_refused (SnugFrameStream *stream, int refusal, int *stored)
{
  g_assert_cmpint (*stored, ==, SNUG_FRAME_REFUSAL_NONE);
  *stored = refusal;
}

static SoupWebsocketConnection *
make_websocket (SnugFrameStream *stream)
{
  g_autoptr (GUri) uri = g_uri_parse ("ws://localhost/snug", G_URI_FLAGS_NONE, NULL);

  return soup_websocket_connection_new (G_IO_STREAM (stream), uri, SOUP_WEBSOCKET_CONNECTION_SERVER,
                                        NULL, NULL, NULL);
}

static void
on_message (SoupWebsocketConnection *websocket, int type, GBytes *bytes, guint *n)
{
  (*n)++;
}

/* What a WebSocket of ours makes of it. */
static void
check_incoming (GByteArray *bytes, gsize n_early, guint expected_messages, int expected_refusal)
{
  Pair pair;
  g_autoptr (SnugFrameStream) stream = NULL;
  g_autoptr (SoupWebsocketConnection) websocket = NULL;
  g_autoptr (GBytes) early = n_early > 0 ? g_bytes_new (bytes->data, n_early) : NULL;
  GSocket *socket;
  gsize written = n_early;
  guint n_messages = 0;
  int refusal = SNUG_FRAME_REFUSAL_NONE;

  pair_init (&pair);
  stream = snug_frame_stream_new (pair.near, early, 65536);
  g_signal_connect (stream, "refused", G_CALLBACK (on_refused), &refusal);
  websocket = make_websocket (stream);
  g_signal_connect (websocket, "message", G_CALLBACK (on_message), &n_messages);

  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (pair.far));
  g_socket_set_blocking (socket, FALSE);
  while (written < bytes->len && refusal == SNUG_FRAME_REFUSAL_NONE)
    {
      gssize n = g_socket_send (socket, (char *) bytes->data + written, bytes->len - written, NULL,
                                NULL);

      if (n > 0)
        written += n;
      g_main_context_iteration (NULL, n <= 0);
    }
  snug_await (refusal == expected_refusal && n_messages >= expected_messages);
  snug_await_idle ();
  g_assert_cmpint (refusal, ==, expected_refusal);
  g_assert_cmpuint (n_messages, ==, expected_messages);

  snug_await_finalized (websocket);
  snug_await_finalized (stream);
  pair_clear (&pair);
}

static void
test_stream_good (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  append_frame (bytes, 0x81, 65536, TRUE);
  append_frame (bytes, 0x01, 65535, TRUE);
  append_frame (bytes, 0x80, 1, TRUE);
  for (guint i = 0; i < SNUG_CONTROL_FRAME_BURST; i++)
    append_frame (bytes, 0x8a, 4, TRUE);
  append_frame (bytes, 0x01, 1, TRUE);
  for (guint i = 2; i < SNUG_FRAGMENTS_MAX; i++)
    append_frame (bytes, 0x00, 1, TRUE);
  append_frame (bytes, 0x80, 1, TRUE);
  check_incoming (bytes, 0, 3, SNUG_FRAME_REFUSAL_NONE);
  check_incoming (bytes, 1, 3, SNUG_FRAME_REFUSAL_NONE);
  check_incoming (bytes, 5000, 3, SNUG_FRAME_REFUSAL_NONE);
  check_incoming (bytes, bytes->len, 3, SNUG_FRAME_REFUSAL_NONE);
}

static void
test_stream_too_large (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  append_frame (bytes, 0x81, 10, TRUE);
  append_frame (bytes, 0x81, 65537, TRUE);
  append_frame (bytes, 0x81, 10, TRUE);
  check_incoming (bytes, 0, 0, SNUG_FRAME_REFUSAL_TOO_LARGE);
}

static void
test_stream_fragments_too_large (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  append_frame (bytes, 0x01, 40000, TRUE);
  append_frame (bytes, 0x00, 20000, TRUE);
  append_frame (bytes, 0x00, 10000, TRUE);
  check_incoming (bytes, 0, 0, SNUG_FRAME_REFUSAL_TOO_LARGE);
}

static void
test_stream_too_many_fragments (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  append_frame (bytes, 0x01, 1, TRUE);
  for (guint i = 0; i < SNUG_FRAGMENTS_MAX; i++)
    append_frame (bytes, 0x00, 0, TRUE);
  check_incoming (bytes, 0, 0, SNUG_FRAME_REFUSAL_TOO_LARGE);
}

static void
test_stream_too_many_pings (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < 100 * SNUG_CONTROL_FRAME_BURST; i++)
    append_frame (bytes, 0x89, 100, TRUE);
  check_incoming (bytes, 0, 0, SNUG_FRAME_REFUSAL_TOO_MANY);
}

/* A sender that never stops leaves everyone else their turn. */
static void
test_stream_fair (void)
{
  Pair pair;
  g_autoptr (SnugFrameStream) stream = NULL;
  g_autoptr (GInputStream) input = NULL;
  g_autofree char *chunk = g_malloc0 (65536);
  static const char endless[] = { (char) 0x82, (char) 0xff, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  GSocket *socket;
  guint8 buffer[1024];
  gsize total = 0;
  GSource *source;
  g_autoptr (GError) error = NULL;

  pair_init (&pair);
  stream = snug_frame_stream_new (pair.near, NULL, G_MAXSIZE);
  input = g_object_ref (g_io_stream_get_input_stream (G_IO_STREAM (stream)));
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (pair.far));
  g_socket_set_blocking (socket, FALSE);
  g_assert_cmpint (g_socket_send (socket, endless, sizeof endless, NULL, NULL), ==, sizeof endless);
  for (;;)
    {
      gssize n;

      while (g_socket_send (socket, chunk, 65536, NULL, NULL) > 0)
        ;
      n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), buffer,
                                                    sizeof buffer, NULL, &error);
      if (n < 0)
        break;
      total += n;
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_cmpuint (total, >=, 64 * 1024);
  g_assert_cmpuint (total, <=, 128 * 1024);
  source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);
  g_source_unref (source);
  g_assert_cmpint (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input),
                                                             buffer, sizeof buffer,
                                                             NULL, NULL), >, 0);
  pair_clear (&pair);
}

/* How much is out is known exactly, pings and pongs apart. */
static void
test_stream_written (void)
{
  Pair pair;
  g_autoptr (SnugFrameStream) stream = NULL;
  g_autoptr (SoupWebsocketConnection) websocket = NULL;
  g_autofree char *text = g_strnfill (50000, 'a');
  g_autoptr (GByteArray) ping = g_byte_array_new ();
  GSocket *socket;
  char buffer[65536];
  guint64 taken = 0, sent = 0;

  pair_init (&pair);
  stream = snug_frame_stream_new (pair.near, NULL, 65536);
  websocket = make_websocket (stream);
  soup_websocket_connection_set_keepalive_interval (websocket, 1);
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (pair.far));
  g_socket_set_blocking (socket, FALSE);

  /* Nobody reads: at some size of the kernel's buffers it stands still. */
  for (guint i = 0; i < 100; i++)
    {
      soup_websocket_connection_send_text (websocket, text);
      sent += 50000;
    }
  snug_await_idle ();
  taken = snug_frame_stream_get_data_written (stream);
  g_assert_cmpuint (taken, >, 0);
  g_assert_cmpuint (taken, <, sent);

  append_frame (ping, 0x89, 77, TRUE);
  g_assert_cmpint (g_socket_send (socket, (char *) ping->data, ping->len, NULL, NULL), ==,
                   ping->len);
  snug_await (snug_frame_stream_get_pongs_owed (stream) == 77);

  while (snug_frame_stream_get_data_written (stream) < sent
         || snug_frame_stream_get_pongs_owed (stream) > 0)
    {
      while (g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL) > 0)
        ;
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (snug_frame_stream_get_data_written (stream), ==, sent);
  snug_await_finalized (websocket);
  snug_await_finalized (stream);
  pair_clear (&pair);
}

static void
test_stream_finalize (void)
{
  Pair pair;
  SnugFrameStream *stream;
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;
  char c;

  pair_init (&pair);
  stream = snug_frame_stream_new (pair.near, NULL, 65536);
  input = g_object_ref (g_io_stream_get_input_stream (G_IO_STREAM (stream)));
  output = g_object_ref (g_io_stream_get_output_stream (G_IO_STREAM (stream)));
  snug_await_finalized (stream);
  g_assert_true (g_io_stream_is_closed (pair.near));
  /* The halves may live longer, and just fail. */
  g_assert_cmpint (g_input_stream_read (input, &c, 1, NULL, NULL), ==, -1);
  pair_clear (&pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frames/scanner", test_scanner);
  g_test_add_func ("/frames/scanner-announced", test_scanner_announced);
  g_test_add_func ("/frames/stream/good", test_stream_good);
  g_test_add_func ("/frames/stream/too-large", test_stream_too_large);
  g_test_add_func ("/frames/stream/fragments-too-large", test_stream_fragments_too_large);
  g_test_add_func ("/frames/stream/too-many-fragments", test_stream_too_many_fragments);
  g_test_add_func ("/frames/stream/too-many-pings", test_stream_too_many_pings);
  g_test_add_func ("/frames/stream/fair", test_stream_fair);
  g_test_add_func ("/frames/stream/written", test_stream_written);
  g_test_add_func ("/frames/stream/finalize", test_stream_finalize);
  return g_test_run ();
}

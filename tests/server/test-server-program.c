/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * snug-server as a program: options, what it prints, signals, exit status.
 */
#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-server-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char *out;
  char *err;
  int status;
  gboolean done;
} Ended;

static void
ended_clear (Ended *ended)
{
  g_free (ended->out);
  g_free (ended->err);
}

static void
communicated_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Ended *ended = data;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &ended->out, &ended->err,
                                        &error);
  g_assert_no_error (error);
  ended->status = g_subprocess_get_exit_status (G_SUBPROCESS (source));
  ended->done = TRUE;
}

static GSubprocess *
start (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, g_test_build_filename (G_TEST_BUILT, "..", "src", "server", "snug-server",
                                                NULL));
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (arguments[i]));
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

static int
run (const char *const *arguments, char **out, char **err)
{
  g_autoptr (GSubprocess) process = start (arguments);
  Ended ended = { 0 };

  g_subprocess_communicate_utf8_async (process, NULL, NULL, communicated_cb, &ended);
  snug_await (ended.done);
  *out = ended.out;
  *err = ended.err;
  return ended.status;
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(char **) data = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
}

/* The first line of standard output. */
static guint16
await_port (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *line = NULL;
  const char *port;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, line_cb, &line);
  snug_await (line != NULL);
  g_assert_true (g_str_has_prefix (line, "event=listening address=127.0.0.1 port="));
  port = strrchr (line, '=') + 1;
  return (guint16) g_ascii_strtoull (port, NULL, 10);
}

static void
test_version_and_help (void)
{
  const char *const version[] = { "--version", NULL };
  const char *const help[] = { "--help", NULL };
  g_autofree char *out = NULL, *err = NULL, *help_out = NULL, *help_err = NULL;

  g_assert_cmpint (run (version, &out, &err), ==, 0);
  g_assert_true (g_str_has_prefix (out, "snug-server "));
  g_assert_cmpint (run (help, &help_out, &help_err), ==, 0);
  g_assert_nonnull (strstr (help_out, "--ice-server"));
  g_assert_nonnull (strstr (help_out, "--room-size"));
}

static void
test_usage (void)
{
  static const char *const bad[][3] = {
    { "--what" }, { "extra" }, { "--port", "70000" }, { "--port", "-1" }, { "--port", "x" },
    { "--room-size", "0" }, { "--room-size", "65" }, { "--ice-server", "http://x" },
    { "--ice-server", "stun:u:p@x" }, { "--ice-server-file", "/nonexistent" },
    { "--tls-cert", "/nonexistent" }, { "--access-token-file", "/nonexistent" }, { "--trusted-proxy", "nobody" },
    { "--proxy-protocol" }, { "--turn-uri", "turn:x" }, { "--turn-secret-file", "/nonexistent" },
    { "--max-clients", "0" }, { "--send-queue-limit", "1" }, { "--turn-lifetime", "1" }, { "--metrics-from", "x/y" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *const arguments[] = { bad[i][0], bad[i][1], NULL };
      g_autofree char *out = NULL, *err = NULL;

      g_test_message ("%s %s", bad[i][0], bad[i][1] != NULL ? bad[i][1] : "");
      g_assert_cmpint (run (arguments, &out, &err), ==, 2);
      g_assert_cmpstr (out, ==, "");
      g_assert_true (g_str_has_prefix (err, "snug-server: "));
    }
}

static void
test_cannot_listen (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *port = g_strdup_printf ("%u", snug_server_get_port (server));
  const char *const in_use[] = { "--bind", "127.0.0.1", "--port", port, NULL };
  const char *const elsewhere[] = { "--bind", "192.0.2.1", "--port", "0", NULL };
  g_autofree char *out = NULL, *err = NULL, *out2 = NULL, *err2 = NULL;

  g_assert_cmpint (run (in_use, &out, &err), ==, 1);
  g_assert_cmpint (run (elsewhere, &out2, &err2), ==, 1);
  snug_server_fixture_stop (server);
}

/* Serves, tells its clients when it is told to end, and logs neither names nor addresses. */
static void
check_life (int signal_number, gboolean verbose)
{
  g_autofree char *file = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("snug-ice-XXXXXX.json", &file, &error);
  const char *const arguments[] = { "--bind", "127.0.0.1", "--port", "0", "--room-size", "2", "--ice-server",
                                    "turn:user:p%40ss@turn.example.org?transport=tcp", "--ice-server-file", file,
                                    verbose ? "--verbose" : NULL, NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (SnugRawPeer) peer = NULL;
  g_autoptr (SnugMessage) joined = NULL;
  const char *join = "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_ROOM "\"}";
  const SnugIceServer *ice;
  Ended ended = { 0 };
  gsize n;

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (file, "{\"iceServers\":[{\"urls\":[\"stun:stun.example.org\"]}]}", -1,
                       &error);
  g_assert_no_error (error);

  process = start (arguments);
  peer = snug_raw_peer_connect (await_port (process));
  snug_raw_peer_upgrade (peer);
  snug_raw_peer_send_text (peer, join);
  joined = snug_server_fixture_await (peer, SNUG_MESSAGE_JOINED);
  ice = snug_message_get_ice_servers (joined, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (ice[0].uris[0], ==, "turn:turn.example.org?transport=tcp");
  g_assert_cmpstr (ice[0].credential, ==, "p@ss");
  g_assert_cmpstr (ice[1].uris[0], ==, "stun:stun.example.org");

  g_subprocess_communicate_utf8_async (process, NULL, NULL, communicated_cb, &ended);
  g_subprocess_send_signal (process, signal_number);
  snug_server_fixture_await_error (peer, SNUG_PROTOCOL_ERROR_SHUTTING_DOWN);
  g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1001);
  snug_await (ended.done);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (ended.status, ==, 0);

  g_assert_nonnull (strstr (ended.err, "level=info event=joined client="));
  g_assert_nonnull (strstr (ended.err, "event=stopped"));
  g_assert_null (strstr (ended.err, "127.0.0.1"));
  g_assert_null (strstr (ended.err, "p@ss"));
  g_assert_cmpint (strstr (ended.err, SNUG_TEST_ROOM) != NULL, ==, verbose);
  ended_clear (&ended);
  g_unlink (file);
}

static void
test_sigterm (void)
{
  check_life (SIGTERM, FALSE);
}

static void
test_sigint_verbose (void)
{
  check_life (SIGINT, TRUE);
}

static char *
write_key (void)
{
  char *path = NULL;

  g_close (g_file_open_tmp ("snug-key-XXXXXX", &path, NULL), NULL);
  g_file_set_contents (path, "0123456789abcdef\n", -1, NULL);
  return path;
}

/* A token that the program makes opens the server that the program is; another key does so after a SIGHUP. */
static void
test_token_and_reload (void)
{
  g_autofree char *path = write_key ();
  const char *const make[] = { "token", "--access-token-file", path, "--valid", "1h", "--room", "Garden", NULL };
  const char *const no_file[] = { "token", NULL };
  const char *const bad_time[] = { "token", "--access-token-file", path, "--valid", "soon", NULL };
  const char *const serve[] = { "--bind", "127.0.0.1", "--port", "0", "--access-token-file", path, NULL };
  g_autofree char *token = NULL, *err = NULL, *out1 = NULL, *err1 = NULL, *out2 = NULL, *err2 = NULL;
  g_autofree char *request = NULL;
  g_autoptr (GSubprocess) process = NULL;
  Ended ended = { 0 };
  guint16 port;
  guint status = 101;

  g_assert_cmpint (run (no_file, &out1, &err1), ==, 2);
  g_assert_cmpint (run (bad_time, &out2, &err2), ==, 2);
  g_assert_cmpint (run (make, &token, &err), ==, 0);
  request = g_strdup_printf ("GET /snug?token=%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                             "Sec-WebSocket-Protocol: snug.1\r\n\r\n",
                             g_strchomp (token));
  process = start (serve);
  port = await_port (process);
  {
    g_autoptr (SnugRawPeer) peer = snug_raw_peer_connect (port);

    snug_raw_peer_send_string (peer, request);
    g_assert_cmpuint (snug_raw_peer_await_status (peer), ==, 101);
  }
  g_file_set_contents (path, "another key, as long\n", -1, NULL);
  g_subprocess_send_signal (process, SIGHUP);
  while (status == 101)
    {
      g_autoptr (SnugRawPeer) peer = snug_raw_peer_connect (port);

      snug_raw_peer_send_string (peer, request);
      status = snug_raw_peer_await_status (peer);
    }
  g_assert_cmpuint (status, ==, 401);
  /* A file that is no good changes nothing. */
  g_file_set_contents (path, "short\n", -1, NULL);
  g_subprocess_send_signal (process, SIGHUP);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, communicated_cb, &ended);
  g_subprocess_send_signal (process, SIGTERM);
  snug_await (ended.done);
  g_assert_cmpint (ended.status, ==, 0);
  g_assert_nonnull (strstr (ended.err, "event=reloaded"));
  g_assert_null (strstr (ended.err, token));
  g_assert_null (strstr (ended.err, "another key"));
  ended_clear (&ended);
  g_unlink (path);
}

/* As systemd starts it: the socket listens already, as descriptor 3. */
static void
test_activation (void)
{
  g_autofree char *program
    = g_test_build_filename (G_TEST_BUILT, "..", "src", "server", "snug-server", NULL);
  g_autofree char *command = g_strdup_printf ("LISTEN_FDS=1 LISTEN_PID=$$ exec %s", program);
  const char *const argv[] = { "sh", "-c", command, NULL };
  g_autoptr (GSubprocessLauncher) launcher
    = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSocket) socket
    = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (SnugRawPeer) peer = NULL;
  Ended ended = { 0 };
  guint16 port;

  g_assert_true (g_socket_bind (socket, address, TRUE, NULL) && g_socket_listen (socket, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_subprocess_launcher_take_fd (launcher, dup (g_socket_get_fd (socket)), 3);
  process = g_subprocess_launcher_spawnv (launcher, argv, NULL);
  g_assert_nonnull (process);
  /* Whoever comes before the server does waits for it. */
  peer = snug_raw_peer_connect (port);
  snug_raw_peer_upgrade (peer);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, communicated_cb, &ended);
  g_subprocess_send_signal (process, SIGTERM);
  snug_await (ended.done);
  g_assert_cmpint (ended.status, ==, 0);
  g_assert_nonnull (strstr (ended.out, "event=listening address=activated port="));
  ended_clear (&ended);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/program/version-and-help", test_version_and_help);
  g_test_add_func ("/server/program/usage", test_usage);
  g_test_add_func ("/server/program/cannot-listen", test_cannot_listen);
  g_test_add_func ("/server/program/token-and-reload", test_token_and_reload);
  g_test_add_func ("/server/program/activation", test_activation);
  g_test_add_func ("/server/program/sigterm", test_sigterm);
  g_test_add_func ("/server/program/sigint-verbose", test_sigint_verbose);
  return g_test_run ();
}

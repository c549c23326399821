/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server that speaks TLS itself, and another program's client of it.
 */
#include "snug-server.h"

#include "snug-await.h"
#include "snug-certificate.h"
#include "snug-fixtures.h"
#include "snug-server-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* Returns: (transfer full): the name of a file with a certificate and its key. */
static char *
write_certificate (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCertificate) made = snug_certificate_new ();
  char *path = NULL;

  g_assert_nonnull (made);
  g_close (g_file_open_tmp ("snug-tls-XXXXXX.pem", &path, NULL), NULL);
  g_file_set_contents (path, made->pem, -1, &error);
  g_assert_no_error (error);
  return path;
}

/* Returns: (transfer full): *path: a certificate, removed by the caller. */
static SnugServer *
start (char **path)
{
  g_autoptr (SnugServerConfig) config = snug_server_config_new ();
  g_autoptr (GError) error = NULL;
  SnugServer *server;

  *path = write_certificate ();
  config->tls = snug_server_tls_new (*path, *path, &error);
  g_assert_no_error (error);
  server = snug_server_fixture_start ();
  snug_server_set_config (server, config);
  return server;
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(GSocketConnection **) data = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

static void
shaken_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(int *) data = g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL) ? 1 : -1;
}

static gboolean
on_accept (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags errors, gpointer data)
{
  return TRUE;
}

/* Returns: (transfer full): after the handshake. */
static GIOStream *
connect_tls (SnugServer *server)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *plain = NULL;
  GIOStream *tls;
  g_autoptr (GError) error = NULL;
  int done = 0;

  g_socket_client_connect_to_host_async (client, "127.0.0.1", snug_server_get_port (server), NULL, connected_cb, &plain);
  snug_await (plain != NULL);
  tls = g_tls_client_connection_new (G_IO_STREAM (plain), NULL, &error);
  g_assert_no_error (error);
  g_object_unref (plain);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_accept), NULL);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, shaken_cb, &done);
  snug_await (done != 0);
  g_assert_cmpint (done, ==, 1);
  return tls;
}

static SnugRawPeer *
join (SnugServer *server, char **id)
{
  g_autoptr (GIOStream) stream = connect_tls (server);
  SnugRawPeer *peer = snug_raw_peer_new (stream);
  g_autoptr (SnugMessage) joined = NULL;

  snug_raw_peer_upgrade (peer);
  snug_raw_peer_send_text (peer, "{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_ROOM "\"}");
  joined = snug_server_fixture_await (peer, SNUG_MESSAGE_JOINED);
  *id = g_strdup (snug_message_get_id (joined));
  return peer;
}

static void
test_meet (void)
{
  g_autofree char *path = NULL, *a_id = NULL, *b_id = NULL;
  SnugServer *server = start (&path);
  g_autoptr (SnugRawPeer) a = join (server, &a_id);
  g_autoptr (SnugRawPeer) b = join (server, &b_id);
  g_autofree char *payload = g_strnfill (48000, 'x');

  snug_server_fixture_expect (a, SNUG_MESSAGE_PEER_JOINED);
  snug_server_fixture_check_pair (a, a_id, b, b_id);
  /* More than a record holds, more than once, to one who reads late. */
  snug_raw_peer_set_reading (b, FALSE);
  for (guint i = 0; i < 5; i++)
    snug_server_fixture_signal (a, b_id, payload);
  snug_await_idle ();
  snug_raw_peer_set_reading (b, TRUE);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (SnugMessage) message = snug_server_fixture_await (b, SNUG_MESSAGE_SIGNAL);

      g_assert_cmpstr (snug_message_get_payload (message), ==, payload);
    }
  snug_server_fixture_stop (server);
  g_unlink (path);
}

/* Who does not speak it gets nothing, and the others go on. */
static void
test_no_tls (void)
{
  g_autofree char *path = NULL, *id = NULL;
  SnugServer *server = start (&path);
  g_autoptr (SnugRawPeer) plain = snug_raw_peer_connect (snug_server_get_port (server));
  g_autoptr (SnugRawPeer) half = snug_raw_peer_connect (snug_server_get_port (server));
  g_autoptr (SnugRawPeer) good = NULL;

  snug_raw_peer_send_string (plain, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  snug_raw_peer_await_closed (plain);
  snug_raw_peer_send (half, "\x16\x03\x01", 3);
  good = join (server, &id);
  g_assert_false (snug_raw_peer_is_closed (half));
  snug_server_fixture_stop (server);
  g_unlink (path);
}

static void
test_timeout (void)
{
  g_autofree char *path = NULL;
  SnugServer *server = start (&path);
  g_autoptr (SnugRawPeer) half = NULL;

  g_object_set (server, "handshake-timeout", 1, NULL);
  half = snug_raw_peer_connect (snug_server_get_port (server));
  snug_raw_peer_send (half, "\x16\x03\x01", 3);
  snug_raw_peer_await_closed (half);
  snug_server_fixture_stop (server);
  g_unlink (path);
}

static char *
get_fingerprint (GIOStream *stream)
{
  g_autofree char *pem = NULL;

  g_object_get (g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (stream)), "certificate-pem", &pem, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, pem, -1);
}

/* Another certificate is for those who come after it. */
static void
test_renewal (void)
{
  g_autofree char *path = NULL, *new_path = write_certificate (), *id = NULL, *b_id = NULL;
  SnugServer *server = start (&path);
  g_autoptr (SnugRawPeer) member = join (server, &id);
  g_autoptr (SnugRawPeer) newcomer = NULL;
  g_autoptr (GIOStream) before = connect_tls (server);
  g_autoptr (GIOStream) after = NULL;
  g_autofree char *old_print = get_fingerprint (before), *new_print = NULL;
  g_autoptr (SnugServerConfig) config = snug_server_config_new ();

  config->tls = snug_server_tls_new (new_path, new_path, NULL);
  snug_server_set_config (server, config);
  after = connect_tls (server);
  new_print = get_fingerprint (after);
  g_assert_cmpstr (old_print, !=, new_print);
  newcomer = join (server, &b_id);
  snug_server_fixture_expect (member, SNUG_MESSAGE_PEER_JOINED);
  snug_server_fixture_check_pair (member, id, newcomer, b_id);
  snug_server_fixture_stop (server);
  g_unlink (path);
  g_unlink (new_path);
}

static void
test_bad_files (void)
{
  g_autofree char *path = write_certificate (), *other = write_certificate ();
  g_autoptr (GError) error = NULL;

  g_assert_null (snug_server_tls_new ("/nonexistent", path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (snug_server_tls_new (path, other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_file_set_contents (other, "nothing of the kind", -1, NULL);
  g_assert_null (snug_server_tls_new (other, other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_unlink (path);
  g_unlink (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/tls/meet", test_meet);
  g_test_add_func ("/server/tls/no-tls", test_no_tls);
  g_test_add_func ("/server/tls/timeout", test_timeout);
  g_test_add_func ("/server/tls/renewal", test_renewal);
  g_test_add_func ("/server/tls/bad-files", test_bad_files);
  return g_test_run ();
}

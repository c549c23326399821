/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Servers that are not there, not in time, not Snug, or not well-behaved: each ends in its own error.
 */
#include "snug-websocket-signaling.h"

#include "snug-await.h"
#include "snug-raw-peer.h"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <unistd.h>

/* A server that a test plays itself, and the channel that goes there. */
typedef struct
{
  GSocketListener *listener;
  guint16 port;
  SnugSignaling *signaling;
  guint n_messages;
} Fixture;

static void
count (SnugSignaling *signaling, SnugMessage *message, guint *n)
{
  (*n)++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *uri = NULL;

  fixture->listener = snug_raw_listen (&fixture->port);
  uri = g_strdup_printf ("%s://127.0.0.1:%u/snug", data != NULL ? (const char *) data : "ws",
                         fixture->port);
  fixture->signaling = snug_websocket_signaling_new (uri);
  fixture->n_messages = 0;
  g_signal_connect (fixture->signaling, "message", G_CALLBACK (count), &fixture->n_messages);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  snug_await_finalized (fixture->signaling);
  g_clear_object (&fixture->listener);
}

static SnugRawPeer *
accept_peer (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection = snug_raw_accept (fixture->listener);

  return snug_raw_peer_new (G_IO_STREAM (connection));
}

/* The channel is open to a server that the test plays. */
static SnugRawPeer *
open_peer (Fixture *fixture)
{
  SnugRawPeer *peer;

  snug_signaling_open (fixture->signaling);
  peer = accept_peer (fixture);
  snug_raw_peer_accept_upgrade (peer, SNUG_PROTOCOL_NAME);
  snug_await (snug_signaling_get_state (fixture->signaling) == SNUG_SIGNALING_OPEN);
  return peer;
}

static void
await_error (Fixture *fixture, SnugSignalingError code)
{
  snug_await (snug_signaling_get_state (fixture->signaling) == SNUG_SIGNALING_CLOSED);
  g_assert_error (snug_signaling_get_error (fixture->signaling), SNUG_SIGNALING_ERROR, (int) code);
  g_test_message ("%s", snug_signaling_get_error (fixture->signaling)->message);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_socket_listener_close (fixture->listener);
  snug_signaling_open (fixture->signaling);
  await_error (fixture, SNUG_SIGNALING_ERROR_UNREACHABLE);
}

static void
test_no_such_host (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->signaling);
  fixture->signaling = snug_websocket_signaling_new ("ws://no-such-host.invalid/snug");
  snug_signaling_open (fixture->signaling);
  await_error (fixture, SNUG_SIGNALING_ERROR_UNREACHABLE);
}

static void
test_bad_address (Fixture *fixture, gconstpointer data)
{
  static const char *const uris[] = { "", "x", "http://localhost/snug", "ws:///snug", "ws://", "ws://a:99999/" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_object_unref (fixture->signaling);
      fixture->signaling = snug_websocket_signaling_new (uris[i]);
      snug_signaling_open (fixture->signaling);
      await_error (fixture, SNUG_SIGNALING_ERROR_ADDRESS);
    }
}

/* Connected by the kernel; nobody ever answers. */
static void
test_never_answers (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->signaling, "connect-timeout", 300, NULL);
  snug_signaling_open (fixture->signaling);
  await_error (fixture, SNUG_SIGNALING_ERROR_TIMED_OUT);
}

/* Answers, a byte now and then. */
static gboolean
drip (gpointer data)
{
  snug_raw_peer_try_send (data, "H", 1);
  return G_SOURCE_CONTINUE;
}

static void
test_slow_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = NULL;
  guint source;

  g_object_set (fixture->signaling, "connect-timeout", 300, NULL);
  snug_signaling_open (fixture->signaling);
  peer = accept_peer (fixture);
  source = g_timeout_add (20, drip, peer);
  await_error (fixture, SNUG_SIGNALING_ERROR_TIMED_OUT);
  g_source_remove (source);
}

static void
check_answer (Fixture *fixture, const char *answer, SnugSignalingError code)
{
  g_autofree char *uri = g_strdup_printf ("ws://127.0.0.1:%u/snug", fixture->port);
  g_autoptr (SnugRawPeer) peer = NULL;

  g_object_unref (fixture->signaling);
  fixture->signaling = snug_websocket_signaling_new (uri);
  snug_signaling_open (fixture->signaling);
  peer = accept_peer (fixture);
  snug_raw_peer_send_string (peer, answer);
  await_error (fixture, code);
  snug_raw_peer_await_closed (peer);
}

static void
test_not_snug (Fixture *fixture, gconstpointer data)
{
  g_autofree char *endless = g_strnfill (100000, 'a');

  check_answer (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                SNUG_SIGNALING_ERROR_NOT_SNUG);
  check_answer (fixture, "HTTP/1.1 404 Not Found\r\n\r\n", SNUG_SIGNALING_ERROR_NOT_SNUG);
  check_answer (fixture, "HTTP/1.1 400 Bad Request\r\n\r\n", SNUG_SIGNALING_ERROR_NOT_SNUG);
  check_answer (fixture, "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\n\r\n",
                SNUG_SIGNALING_ERROR_NOT_SNUG);
  check_answer (fixture, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\nSec-WebSocket-Protocol: snug.1\r\n\r\n",
                SNUG_SIGNALING_ERROR_NOT_SNUG);
  check_answer (fixture, "SSH-2.0-OpenSSH_9.2\r\n\r\n", SNUG_SIGNALING_ERROR_NOT_SNUG);
  check_answer (fixture, endless, SNUG_SIGNALING_ERROR_NOT_SNUG);
  check_answer (fixture, "HTTP/1.1 502 Bad Gateway\r\n\r\n", SNUG_SIGNALING_ERROR_UNREACHABLE);
  check_answer (fixture, "HTTP/1.1 503 Service Unavailable\r\n\r\n",
                SNUG_SIGNALING_ERROR_UNREACHABLE);
}

static void
test_closes_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = NULL;

  snug_signaling_open (fixture->signaling);
  peer = accept_peer (fixture);
  snug_raw_peer_close (peer);
  await_error (fixture, SNUG_SIGNALING_ERROR_NOT_SNUG);
}

static void
check_subprotocol (Fixture *fixture, const char *protocol)
{
  g_autoptr (SnugRawPeer) peer = NULL;

  snug_signaling_open (fixture->signaling);
  peer = accept_peer (fixture);
  snug_raw_peer_accept_upgrade (peer, protocol);
  await_error (fixture, SNUG_SIGNALING_ERROR_NOT_SNUG);
}

static void
test_another_version (Fixture *fixture, gconstpointer data)
{
  check_subprotocol (fixture, "snug.2");
}

static void
test_no_subprotocol (Fixture *fixture, gconstpointer data)
{
  check_subprotocol (fixture, NULL);
}

/* Closes in the middle, with and without a word. */
static void
test_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = open_peer (fixture);

  snug_raw_peer_close (peer);
  await_error (fixture, SNUG_SIGNALING_ERROR_LOST);
}

static void
test_lost_in_frame (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = open_peer (fixture);

  snug_raw_peer_send (peer, "\x81\x10{\"typ", 7);
  snug_raw_peer_close (peer);
  await_error (fixture, SNUG_SIGNALING_ERROR_LOST);
  g_assert_cmpuint (fixture->n_messages, ==, 0);
}

/* Says that it closes, and then does not. */
static void
test_closing_forever (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = NULL;

  g_object_set (fixture->signaling, "close-timeout", 200, NULL);
  peer = open_peer (fixture);
  snug_raw_peer_send_frame (peer, 0x88, "\x03\xe9", 2);
  await_error (fixture, SNUG_SIGNALING_ERROR_LOST);
  g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1001);
}

/* Is asked to close, and does not. */
static void
test_close_is_bounded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = NULL;

  g_object_set (fixture->signaling, "close-timeout", 200, NULL);
  peer = open_peer (fixture);
  snug_signaling_close (fixture->signaling);
  snug_await (snug_signaling_get_state (fixture->signaling) == SNUG_SIGNALING_CLOSED);
  g_assert_null (snug_signaling_get_error (fixture->signaling));
  g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1000);
  snug_raw_peer_await_closed (peer);
}

/* Does not answer pings. */
static void
test_silent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = NULL;
  gint64 start = g_get_monotonic_time ();

  g_object_set (fixture->signaling, "keepalive-interval", 1, NULL);
  peer = open_peer (fixture);
  await_error (fixture, SNUG_SIGNALING_ERROR_LOST);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 2 * G_USEC_PER_SEC);
}

/* Does: and stays. */
static void
test_answers_pings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = NULL;

  g_object_set (fixture->signaling, "keepalive-interval", 1, NULL);
  peer = open_peer (fixture);
  for (guint i = 0; i < 4; i++)
    {
      guint8 opcode;
      gsize size;
      g_autofree char *payload = snug_raw_peer_await_frame (peer, &opcode, &size);

      g_assert_nonnull (payload);
      g_assert_cmpint (opcode, ==, 0x9);
      snug_raw_peer_send_frame (peer, 0x8a, payload, size);
    }
  g_assert_cmpint (snug_signaling_get_state (fixture->signaling), ==, SNUG_SIGNALING_OPEN);
}

/* A few messages that can't be read are passed over, and newer ones for ever; more are too many. */
static void
test_malformed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = open_peer (fixture);

  for (guint i = 0; i < 10; i++)
    snug_raw_peer_send_text (peer, "{\"type\":\"from-the-future\"}");
  snug_raw_peer_send_text (peer, "what?");
  snug_raw_peer_send_text (peer, "{\"type\":\"peer-left\"}");
  snug_raw_peer_send_frame (peer, 0x82, "\x00", 1);
  snug_raw_peer_send_text (peer, "{\"type\":\"error\",\"code\":\"room-full\"}");
  snug_await (fixture->n_messages == 1);
  snug_raw_peer_send_text (peer, "what?");
  snug_raw_peer_send_text (peer, "{\"type\":\"error\",\"code\":\"room-full\"}");
  await_error (fixture, SNUG_SIGNALING_ERROR_NOT_SNUG);
  g_assert_cmpuint (fixture->n_messages, ==, 1);
}

static void
test_not_utf8 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = open_peer (fixture);

  snug_raw_peer_send_frame (peer, 0x81, "\xff\xfe", 2);
  await_error (fixture, SNUG_SIGNALING_ERROR_NOT_SNUG);
}

static void
test_masked_frame (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = open_peer (fixture);

  snug_raw_peer_send (peer, "\x81\x82\0\0\0\0{}", 8);
  await_error (fixture, SNUG_SIGNALING_ERROR_NOT_SNUG);
}

static void
test_oversize (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = open_peer (fixture);
  g_autofree char *text = g_strnfill (SNUG_MESSAGE_MAX_BYTES + 1, ' ');

  snug_raw_peer_send_frame (peer, 0x81, text, SNUG_MESSAGE_MAX_BYTES + 1);
  await_error (fixture, SNUG_SIGNALING_ERROR_FLOODED);
}

static void
test_endless_fragments (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = open_peer (fixture);
  gboolean open = snug_raw_peer_send_frame (peer, 0x01, "a", 1);

  for (guint i = 0; open && i < 100000; i++)
    open = snug_raw_peer_send_frame (peer, 0x00, "a", 1);
  g_assert_false (open);
  await_error (fixture, SNUG_SIGNALING_ERROR_FLOODED);
}

static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = NULL;
  gboolean open = TRUE;

  g_object_set (fixture->signaling, "message-rate", 10, "message-burst", 50, NULL);
  peer = open_peer (fixture);
  for (guint i = 0; open && i < 100000; i++)
    open = snug_raw_peer_send_text (peer, "{\"type\":\"error\",\"code\":\"x\"}");
  g_assert_false (open);
  await_error (fixture, SNUG_SIGNALING_ERROR_FLOODED);
  g_assert_cmpuint (fixture->n_messages, >=, 50);
  g_assert_cmpuint (fixture->n_messages, <, 1000);
}

/* Takes nothing of what it is sent. */
static void
test_does_not_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = open_peer (fixture);
  g_autofree char *payload = g_strnfill (40000, 'x');
  g_autoptr (SnugMessage) message
    = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "somebody", payload);

  snug_raw_peer_set_reading (peer, FALSE);
  for (guint i = 0; snug_signaling_get_state (fixture->signaling) == SNUG_SIGNALING_OPEN
       && i < 10000; i++)
    snug_signaling_send (fixture->signaling, message);
  await_error (fixture, SNUG_SIGNALING_ERROR_LOST);
}

/* TLS. A certificate made here and now, which nobody signed. */
static GTlsCertificate *
make_certificate (void)
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
  gnutls_datum_t key_pem, certificate_pem;
  const guint8 address[] = { 127, 0, 0, 1 };
  g_autoptr (GString) pem = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *result;

  gnutls_x509_privkey_init (&key);
  g_assert_cmpint (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                                 GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0), ==, 0);
  gnutls_x509_crt_init (&certificate);
  gnutls_x509_crt_set_version (certificate, 3);
  gnutls_x509_crt_set_serial (certificate, "\x01", 1);
  gnutls_x509_crt_set_dn (certificate, "CN=test", NULL);
  gnutls_x509_crt_set_activation_time (certificate, time (NULL) - 3600);
  gnutls_x509_crt_set_expiration_time (certificate, time (NULL) + 3600);
  gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, address, sizeof address,
                                        GNUTLS_FSAN_SET);
  gnutls_x509_crt_set_ca_status (certificate, 1);
  gnutls_x509_crt_set_key (certificate, key);
  g_assert_cmpint (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0), ==,
                   0);
  gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &certificate_pem);
  gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key_pem);
  g_string_append_len (pem, (char *) certificate_pem.data, certificate_pem.size);
  g_string_append_len (pem, (char *) key_pem.data, key_pem.size);
  gnutls_free (certificate_pem.data);
  gnutls_free (key_pem.data);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);

  result = g_tls_certificate_new_from_pem (pem->str, (gssize) pem->len, &error);
  g_assert_no_error (error);
  return result;
}

static void
handshake_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL);
  *(gboolean *) data = TRUE;
}

/* Returns: (transfer full): after the handshake, good or not. */
static GIOStream *
accept_tls (Fixture *fixture, GTlsCertificate *certificate)
{
  g_autoptr (GSocketConnection) connection = snug_raw_accept (fixture->listener);
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  GIOStream *tls = g_tls_server_connection_new (G_IO_STREAM (connection), certificate, &error);

  g_assert_no_error (error);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, handshake_cb,
                                    &done);
  snug_await (done);
  return tls;
}

static void
test_tls_untrusted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTlsCertificate) certificate = make_certificate ();
  g_autoptr (GIOStream) tls = NULL;

  snug_signaling_open (fixture->signaling);
  tls = accept_tls (fixture, certificate);
  await_error (fixture, SNUG_SIGNALING_ERROR_TLS);
}

static void
test_tls_trusted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTlsCertificate) certificate = make_certificate ();
  g_autofree char *pem = NULL;
  g_autofree char *file = NULL;
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (SnugRawPeer) peer = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("snug-ca-XXXXXX.pem", &file, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_object_get (certificate, "certificate-pem", &pem, NULL);
  g_file_set_contents (file, pem, -1, &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (file, &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);

  snug_signaling_open (fixture->signaling);
  tls = accept_tls (fixture, certificate);
  peer = snug_raw_peer_new (tls);
  snug_raw_peer_accept_upgrade (peer, SNUG_PROTOCOL_NAME);
  snug_await (snug_signaling_get_state (fixture->signaling) == SNUG_SIGNALING_OPEN);
  snug_raw_peer_send_text (peer, "{\"type\":\"error\",\"code\":\"room-full\"}");
  snug_await (fixture->n_messages == 1);
  snug_signaling_close (fixture->signaling);
  g_assert_cmpuint (snug_raw_peer_await_close_code (peer), ==, 1000);
  snug_raw_peer_send_frame (peer, 0x88, "\x03\xe8", 2);
  snug_raw_peer_close (peer);
  snug_await (snug_signaling_get_state (fixture->signaling) == SNUG_SIGNALING_CLOSED);
  g_assert_null (snug_signaling_get_error (fixture->signaling));

  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
  g_remove (file);
}

/* Answers in the clear. */
static void
test_tls_plain (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugRawPeer) peer = NULL;

  snug_signaling_open (fixture->signaling);
  peer = accept_peer (fixture);
  snug_raw_peer_send_string (peer, "HTTP/1.1 400 Bad Request\r\n\r\n");
  await_error (fixture, SNUG_SIGNALING_ERROR_NOT_SNUG);
}

static void
test_tls_never_answers (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->signaling, "connect-timeout", 300, NULL);
  snug_signaling_open (fixture->signaling);
  await_error (fixture, SNUG_SIGNALING_ERROR_TIMED_OUT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/websocket-errors/" name, Fixture, NULL, set_up, func, tear_down)
#define ADD_TLS(name, func) g_test_add ("/websocket-errors/" name, Fixture, "wss", set_up, func, tear_down)
  ADD ("refused", test_refused);
  ADD ("no-such-host", test_no_such_host);
  ADD ("bad-address", test_bad_address);
  ADD ("never-answers", test_never_answers);
  ADD ("slow-answer", test_slow_answer);
  ADD ("not-snug", test_not_snug);
  ADD ("closes-at-once", test_closes_at_once);
  ADD ("another-version", test_another_version);
  ADD ("no-subprotocol", test_no_subprotocol);
  ADD ("lost", test_lost);
  ADD ("lost-in-frame", test_lost_in_frame);
  ADD ("closing-forever", test_closing_forever);
  ADD ("close-is-bounded", test_close_is_bounded);
  ADD ("silent", test_silent);
  ADD ("answers-pings", test_answers_pings);
  ADD ("malformed", test_malformed);
  ADD ("not-utf8", test_not_utf8);
  ADD ("masked-frame", test_masked_frame);
  ADD ("oversize", test_oversize);
  ADD ("endless-fragments", test_endless_fragments);
  ADD ("flood", test_flood);
  ADD ("does-not-read", test_does_not_read);
  ADD_TLS ("tls-untrusted", test_tls_untrusted);
  ADD_TLS ("tls-trusted", test_tls_trusted);
  ADD_TLS ("tls-plain", test_tls_plain);
  ADD_TLS ("tls-never-answers", test_tls_never_answers);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way to the server, step by step, as the client goes it: unlike there every step is looked at by itself, and the first that
 * fails is the finding.
 */
#include "snug-doctor-checks.h"

#include <stdio.h>
#include <string.h>

#include "snug-message.h"
#include "snug-upgrade.h"

#define STEP_SECONDS 6
#define PLAIN_SECONDS 3
#define SOON_DAYS 14
/* What credentials for a while and certificates bear. */
#define CLOCK_SECONDS_MAX 300
/* Control frames that a server may send before it answers. */
#define CONTROL_FRAMES_MAX 8
#define REFUSAL_MAX_BYTES 1024

typedef struct
{
  SnugDoctorReport *report; /* borrowed */
  GCancellable *cancellable;
  GUri *uri;
  char *place; /* host and port, for people */
  gboolean secure;
  GSocketConnection *connection;
  GIOStream *stream;
  GByteArray *input; /* read and not yet taken */
  GTlsCertificateFlags faults;
  GTlsCertificate *certificate;
} Way;

static void
way_clear (Way *way)
{
  g_clear_object (&way->stream);
  g_clear_object (&way->connection);
  g_clear_object (&way->certificate);
  g_clear_pointer (&way->input, g_byte_array_unref);
  g_clear_pointer (&way->uri, g_uri_unref);
  g_free (way->place);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Way, way_clear)

static gboolean
fail (Way *way, SnugDoctorCode code, const char *what)
{
  /* Whoever stopped it knows why. */
  if (g_cancellable_is_cancelled (way->cancellable))
    return FALSE;
  snug_doctor_report_find (way->report, code, way->place);
  snug_doctor_report_see (way->report, "%s: %s", way->place, what);
  return FALSE;
}

static SnugDoctorCode
classify_connect_error (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR)
    return SNUG_DOCTOR_SERVER_NAME;
  if (error->domain != G_IO_ERROR)
    return SNUG_DOCTOR_SERVER_UNREACHABLE;
  switch (error->code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
      return SNUG_DOCTOR_SERVER_REFUSED;
    case G_IO_ERROR_TIMED_OUT:
      return SNUG_DOCTOR_SERVER_SILENT;
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return SNUG_DOCTOR_SERVER_PROXY;
    default:
      return SNUG_DOCTOR_SERVER_UNREACHABLE;
    }
}

static gboolean
connect_to (Way *way)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *http = NULL;
  gint64 start = g_get_monotonic_time ();
  guint16 port = way->secure ? 443 : 80;
  const char *host = g_uri_get_host (way->uri);

  g_socket_client_set_timeout (client, STEP_SECONDS);
  /* A proxy is chosen by the scheme of the web, as the client does. */
  http = g_uri_join (G_URI_FLAGS_NONE, way->secure ? "https" : "http", NULL, host, g_uri_get_port (way->uri), "/", NULL, NULL);
  way->connection = g_socket_client_connect_to_uri (client, http, port, way->cancellable, &error);
  if (way->connection == NULL)
    return fail (way, classify_connect_error (error), error->message);

  address = g_socket_connection_get_remote_address (way->connection, NULL);
  text = address != NULL ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address)) : g_strdup ("?");
  snug_doctor_report_see (way->report, "%s: connected to %s in %.0f ms", way->place, text,
                          (g_get_monotonic_time () - start) / 1000.0);
  way->stream = g_object_ref (G_IO_STREAM (way->connection));
  return TRUE;
}

static gboolean
on_accept_certificate (GTlsConnection *tls, GTlsCertificate *certificate, GTlsCertificateFlags faults, Way *way)
{
  way->faults = faults;
  g_set_object (&way->certificate, certificate);
  return FALSE;
}

static gboolean
fail_certificate (Way *way)
{
  g_autoptr (GDateTime) until
      = way->certificate != NULL ? g_tls_certificate_get_not_valid_after (way->certificate) : NULL;
  g_autofree char *day = until != NULL ? g_date_time_format (until, "%F") : g_strdup ("?");
  g_autofree char *what = NULL;

  /* A time that is over tells more than an issuer that is not known, which may follow from it; a wrong name more than either. */
  if ((way->faults & G_TLS_CERTIFICATE_EXPIRED) != 0)
    {
      what = g_strdup_printf ("the certificate was valid until %s", day);
      return fail (way, SNUG_DOCTOR_SERVER_EXPIRED, what);
    }
  if ((way->faults & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return fail (way, SNUG_DOCTOR_SERVER_NOT_YET, "the certificate is not valid yet, by this machine's clock");
  if ((way->faults & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return fail (way, SNUG_DOCTOR_SERVER_OTHER_NAME, "the certificate is for another name");
  if ((way->faults & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return fail (way, SNUG_DOCTOR_SERVER_UNKNOWN_ISSUER, "the certificate's issuer is not known here");
  return fail (way, SNUG_DOCTOR_SERVER_CERTIFICATE, "the certificate is not accepted");
}

static void
look_at_certificate (Way *way)
{
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (way->stream));
  g_autoptr (GDateTime) until = certificate != NULL ? g_tls_certificate_get_not_valid_after (certificate) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *day = until != NULL ? g_date_time_format (until, "%F") : NULL;

  if (until == NULL)
    return;
  snug_doctor_report_see (way->report, "%s: the certificate is accepted, and valid until %s", way->place, day);
  if (g_date_time_difference (until, now) < SOON_DAYS * G_TIME_SPAN_DAY)
    snug_doctor_report_find (way->report, SNUG_DOCTOR_SERVER_EXPIRES, day);
}

/* Nobody answers to TLS: maybe because it is not spoken there at all. */
static gboolean
answers_plainly (Way *way)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *key = snug_upgrade_new_key ();
  g_autofree char *request = snug_upgrade_make_request (way->uri, key);
  char answer[5] = "";

  g_socket_client_set_timeout (client, PLAIN_SECONDS);
  connection = g_socket_client_connect_to_host (client, way->place, 443, way->cancellable, NULL);
  return connection != NULL
         && g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request, strlen (request), NULL,
                                       way->cancellable, NULL)
         && g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer, sizeof answer,
                                 way->cancellable, NULL) == sizeof answer
         && memcmp (answer, "HTTP/", sizeof answer) == 0;
}

static gboolean
start_tls (Way *way)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (g_uri_get_host (way->uri), 443);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) tls = NULL;

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      snug_doctor_report_find (way->report, SNUG_DOCTOR_TLS_PLUGIN, "glib-networking");
      return FALSE;
    }
  tls = g_tls_client_connection_new (way->stream, identity, &error);
  if (tls == NULL)
    return fail (way, SNUG_DOCTOR_SERVER_NO_TLS, error->message);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_accept_certificate), way);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), way->cancellable, &error))
    {
      if (way->faults != 0)
        return fail_certificate (way);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && !answers_plainly (way))
        return fail (way, SNUG_DOCTOR_SERVER_SILENT, "no answer to TLS");
      return fail (way, SNUG_DOCTOR_SERVER_NO_TLS, error->message);
    }
  g_set_object (&way->stream, tls);
  look_at_certificate (way);
  return TRUE;
}

/* What came, and more of it. FALSE: no more does; timed_out says whether in time. */
static gboolean
read_more (Way *way, gboolean *timed_out)
{
  guint8 data[1024];
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read (g_io_stream_get_input_stream (way->stream), data, sizeof data, way->cancellable, &error);

  *timed_out = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  if (n > 0)
    g_byte_array_append (way->input, data, n);
  return n > 0;
}

static void
look_at_clock (Way *way, const SnugHttpHead *head)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const char *text = snug_http_head_get (head, "date");
  g_autoptr (GDateTime) there = NULL;
  g_autoptr (GDateTime) here = g_date_time_new_now_utc ();
  char month[4] = "";
  const char *found;
  int day, year, hour, minute, second;
  double ahead;

  /* RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". */
  if (text == NULL || strlen (text) != 29
      || sscanf (text + 5, "%2d %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &hour, &minute, &second) != 6)
    return;
  found = strstr (months, month);
  if (strlen (month) != 3 || found == NULL || (found - months) % 3 != 0)
    return;
  there = g_date_time_new_utc (year, (found - months) / 3 + 1, day, hour, minute, second);
  if (there == NULL)
    return;

  ahead = g_date_time_difference (here, there) / (double) G_TIME_SPAN_SECOND;
  snug_doctor_report_see (way->report, "%s: its clock and this machine's differ by %.0f s", way->place, ABS (ahead));
  if (ABS (ahead) > CLOCK_SECONDS_MAX)
    {
      g_autofree char *by = g_strdup_printf ("%+.0f min", ahead / 60);

      snug_doctor_report_find (way->report, SNUG_DOCTOR_CLOCK, by);
    }
}

/* A server of another version refuses before there is a WebSocket. */
static gboolean
speaks_other_version (Way *way, const SnugHttpHead *head)
{
  const char *protocol = snug_http_head_get (head, "sec-websocket-protocol");
  gboolean timed_out;

  if (head->status == 101)
    return protocol != NULL && g_str_has_prefix (protocol, "snug.") && strcmp (protocol, SNUG_PROTOCOL_NAME) != 0;
  if (head->status != 400 && head->status != 426)
    return FALSE;
  while (way->input->len < REFUSAL_MAX_BYTES && g_strstr_len ((char *) way->input->data, way->input->len, "}") == NULL)
    if (!read_more (way, &timed_out))
      break;
  return way->input->len > 0
         && g_strstr_len ((char *) way->input->data, way->input->len, "The subprotocol is snug.") != NULL;
}

static gboolean
judge_response (Way *way, const SnugHttpHead *head, const char *key)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *status = g_strdup_printf ("HTTP status %u", head->status);

  if (speaks_other_version (way, head))
    return fail (way, SNUG_DOCTOR_SERVER_VERSION, "it speaks another version of the protocol");
  if (head->status == 401 || head->status == 403)
    return fail (way, SNUG_DOCTOR_SERVER_NOT_ALLOWED, status);
  if (head->status == 429 || (head->status >= 502 && head->status <= 504))
    return fail (way, SNUG_DOCTOR_SERVER_BUSY, status);
  if (!snug_upgrade_check_response (head, key, &error))
    return fail (way, SNUG_DOCTOR_SERVER_NOT_SNUG, error->message);
  return TRUE;
}

static gboolean
upgrade (Way *way)
{
  g_autofree char *key = snug_upgrade_new_key ();
  g_autofree char *request = snug_upgrade_make_request (way->uri, key);
  g_autoptr (SnugHttpHead) head = NULL;
  g_autoptr (GError) error = NULL;
  static const char http[] = "HTTP/";
  gboolean timed_out = FALSE;
  gsize end = 0;

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (way->stream), request, strlen (request), NULL,
                                  way->cancellable, &error))
    return fail (way, SNUG_DOCTOR_SERVER_NOT_SNUG, error->message);
  while ((end = snug_http_head_find_end ((char *) way->input->data, way->input->len)) == 0)
    if (way->input->len > SNUG_HTTP_HEAD_MAX_BYTES
        || memcmp (way->input->data != NULL ? way->input->data : (const guint8 *) http, http, MIN (way->input->len, strlen (http))) != 0
        || !read_more (way, &timed_out))
      return fail (way, timed_out ? SNUG_DOCTOR_SERVER_SILENT : SNUG_DOCTOR_SERVER_NOT_SNUG,
                   timed_out ? "no answer to the request for a WebSocket" : "what answers is no web server");
  head = snug_http_head_parse ((char *) way->input->data, end, SNUG_HTTP_RESPONSE, &error);
  g_byte_array_remove_range (way->input, 0, end);
  if (head == NULL)
    return fail (way, SNUG_DOCTOR_SERVER_NOT_SNUG, error->message);
  look_at_clock (way, head);
  return judge_response (way, head, key);
}

/* One frame from this side, which has to be masked (RFC 6455, 5.3). */
static gboolean
send_text (Way *way, const char *text)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  gsize size = strlen (text);
  guint8 header[6] = { 0x81, 0x80 | size };

  /* A JOIN and a LEAVE are so short; a longer length would be written otherwise. */
  g_return_val_if_fail (size < 126, FALSE);

  snug_protocol_random (header + 2, 4);
  g_byte_array_append (frame, header, sizeof header);
  g_byte_array_append (frame, (const guint8 *) text, size);
  for (gsize i = 0; i < size; i++)
    frame->data[sizeof header + i] ^= header[2 + i % 4];
  return g_output_stream_write_all (g_io_stream_get_output_stream (way->stream), frame->data, frame->len, NULL,
                                    way->cancellable, NULL);
}

/* The first text from the server. Returns: (transfer full) (nullable). */
static SnugMessage *
receive_message (Way *way, gboolean *timed_out)
{
  for (guint n = 0; n < CONTROL_FRAMES_MAX;)
    {
      const guint8 *data = way->input->data;
      gsize header = 2, size = 0;
      gboolean whole = way->input->len >= 2;

      if (whole)
        {
          size = data[1] & 0x7f;
          /* A mask, a fragment, or more than a message may have: no server of ours. */
          if ((data[1] & 0x80) != 0 || (data[0] & 0xf0) != 0x80 || size == 127)
            return NULL;
          if (size == 126)
            {
              header = 4;
              whole = way->input->len >= header;
              size = whole ? data[2] << 8 | data[3] : 0;
            }
        }
      if (!whole || way->input->len < header + size)
        {
          if (!read_more (way, timed_out))
            return NULL;
          continue;
        }
      if ((data[0] & 0x0f) == 1)
        return snug_message_parse ((const char *) data + header, size, SNUG_MESSAGE_FROM_SERVER, NULL);
      if ((data[0] & 0x0f) == 8)
        return NULL;
      g_byte_array_remove_range (way->input, 0, header + size);
      n++;
    }
  return NULL;
}

static gboolean
judge_refusal (Way *way, SnugMessage *message)
{
  const char *text = snug_message_get_error_text (message);
  SnugProtocolError code = snug_message_get_error_code (message);

  if (code == SNUG_PROTOCOL_ERROR_VERSION)
    return fail (way, SNUG_DOCTOR_SERVER_VERSION, "it speaks another version of the protocol");
  if (code == SNUG_PROTOCOL_ERROR_NOT_ALLOWED)
    return fail (way, SNUG_DOCTOR_SERVER_NOT_ALLOWED, text);
  if (code == SNUG_PROTOCOL_ERROR_RATE_LIMITED || code == SNUG_PROTOCOL_ERROR_SHUTTING_DOWN
      || code == SNUG_PROTOCOL_ERROR_ROOM_FULL)
    return fail (way, SNUG_DOCTOR_SERVER_BUSY, text);
  return fail (way, SNUG_DOCTOR_SERVER_REFUSES, text);
}

/* Into a room that nobody else can be in, and out again. */
static gboolean
join (Way *way)
{
  g_autofree char *room = snug_protocol_random_id ();
  g_autoptr (SnugMessage) join = snug_message_new_join (room);
  g_autoptr (SnugMessage) leave = snug_message_new_leave ();
  g_autoptr (SnugMessage) answer = NULL;
  g_autofree char *json = snug_message_to_json (join);
  g_autofree char *leave_json = snug_message_to_json (leave);
  gboolean timed_out = FALSE;
  gint64 start = g_get_monotonic_time ();
  const SnugIceServer *servers;
  gsize n_servers;

  if (!send_text (way, json))
    return fail (way, SNUG_DOCTOR_SERVER_NOT_SNUG, "it ended the connection");
  answer = receive_message (way, &timed_out);
  if (answer == NULL)
    return fail (way, timed_out ? SNUG_DOCTOR_SERVER_SILENT : SNUG_DOCTOR_SERVER_NOT_SNUG, "no answer that is understood");
  if (snug_message_get_kind (answer) == SNUG_MESSAGE_ERROR)
    return judge_refusal (way, answer);
  if (snug_message_get_kind (answer) != SNUG_MESSAGE_JOINED)
    return fail (way, SNUG_DOCTOR_SERVER_NOT_SNUG, "an answer to something else");

  send_text (way, leave_json);
  servers = snug_message_get_ice_servers (answer, &n_servers);
  snug_doctor_report_see (way->report, "%s: speaks %s, answered in %.0f ms, names %" G_GSIZE_FORMAT " ICE servers", way->place,
                          SNUG_PROTOCOL_NAME, (g_get_monotonic_time () - start) / 1000.0, n_servers);
  for (gsize i = 0; i < n_servers; i++)
    g_ptr_array_add (way->report->items, snug_ice_servers_copy (&servers[i], 1));
  snug_doctor_report_find (way->report, SNUG_DOCTOR_SERVER_WORKS, NULL);
  return TRUE;
}

static void
ice_server_free (gpointer data)
{
  snug_ice_servers_free (data, 1);
}

void
snug_doctor_check_server (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable)
{
  g_auto (Way) way = { .report = report, .cancellable = cancellable };
  g_autoptr (GError) error = NULL;
  int port;

  g_ptr_array_set_free_func (report->items, ice_server_free);
  way.uri = g_uri_parse (input, G_URI_FLAGS_NONE, &error);
  if (way.uri == NULL || g_uri_get_host (way.uri) == NULL || *g_uri_get_host (way.uri) == '\0')
    {
      snug_doctor_report_find (report, SNUG_DOCTOR_SERVER_ADDRESS, input);
      snug_doctor_report_see (report, "%s", error != NULL ? error->message : "There is no host in the address");
      return;
    }
  way.secure = g_str_equal (g_uri_get_scheme (way.uri), "wss");
  port = g_uri_get_port (way.uri);
  way.place = g_strdup_printf (strchr (g_uri_get_host (way.uri), ':') != NULL ? "[%s]:%d" : "%s:%d", g_uri_get_host (way.uri),
                               port > 0 ? port : way.secure ? 443 : 80);
  way.input = g_byte_array_new ();

  (void) (connect_to (&way) && (!way.secure || start_tls (&way)) && upgrade (&way) && join (&way));
}

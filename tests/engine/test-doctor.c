/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The doctor against servers that are right, gone, or answer something else, on the loopback; and a call of the engine with itself.
 * What needs a network is in tests/e2e/test-doctor.py.
 */
#include "snug-await.h"
#include "snug-doctor-devices.h"
#include "snug-doctor.h"
#include "snug-engine.h"
#include "snug-server-fixture.h"
#include "snug-stun-message.h"
#include "snug-upgrade.h"

#include <string.h>

/* What a server of ours does with whoever connects. */
typedef enum
{
  NEVER,        /* says nothing */
  SSH,          /* something else */
  DRIP,         /* one byte now and then */
  HTTP,         /* a web server without a WebSocket */
  OTHER_CHAT,   /* a WebSocket of another kind */
  NEWER,        /* a subprotocol to come */
  VERSION,      /* takes the WebSocket, and refuses the version */
  NOT_ALLOWED,
  FLOOD,        /* of bytes that are no head */
  CLOCK_WRONG   /* good, but for a day that is past */
} Manner;

typedef struct
{
  GSocketService *service;
  guint16 port;
  Manner manner;
} Fake;

static gboolean
serve (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  /* In a thread that may outlive the test. */
  const Manner manner = GPOINTER_TO_INT (data);
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  static const char drip[] = "HTTP/1.1 200 OK\r\nX: y";
  g_autofree char *answer = NULL;
  char request[4096];
  gssize n;

  if (manner == SSH)
    g_output_stream_write_all (out, "SSH-2.0-OpenSSH_9.2\r\n", 21, NULL, NULL, NULL);
  for (gsize i = 0; manner == DRIP && g_output_stream_write_all (out, drip + MIN (i, strlen (drip) - 1), 1, NULL, NULL, NULL);
       i++)
    g_usleep (G_USEC_PER_SEC / 2);
  if (manner == FLOOD)
    while (g_output_stream_write_all (out, "HTTP/1.1 200 OK and more of it", 30, NULL, NULL, NULL))
      ;
  n = g_input_stream_read (in, request, sizeof request, NULL, NULL);
  if (n > 0 && manner > DRIP)
    {
      g_autoptr (SnugHttpHead) head = snug_http_head_parse (request, snug_http_head_find_end (request, n), SNUG_HTTP_REQUEST, NULL);
      gboolean accepted;

      g_assert_nonnull (head);
      switch (manner)
        {
        case HTTP:
          answer = g_strdup ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
          break;
        case NOT_ALLOWED:
          answer = g_strdup ("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
          break;
        case NEWER:
          answer = g_strdup ("HTTP/1.1 400 Bad Request\r\nContent-Length: 38\r\n\r\n{\"error\":\"The subprotocol is snug.2\"}\n");
          break;
        case OTHER_CHAT:
        case VERSION:
        case CLOCK_WRONG:
        case NEVER:
        case SSH:
        case DRIP:
        case FLOOD:
        default:
          answer = snug_upgrade_make_response (head, &accepted);
          g_assert_true (accepted);
          break;
        }
      if (manner == OTHER_CHAT)
        memcpy (strstr (answer, "snug.1"), "chat.1", 6);
      if (manner == CLOCK_WRONG)
        memcpy (strstr (answer, "Date: ") + 6, "Sun, 06 Nov 1994 08:49:37 GMT", 29);
      g_output_stream_write_all (out, answer, strlen (answer), NULL, NULL, NULL);
      if (manner == VERSION || manner == CLOCK_WRONG)
        {
          g_autoptr (SnugMessage) message
              = manner == VERSION
                    ? snug_message_new_error (SNUG_PROTOCOL_ERROR_VERSION, "version 2 is spoken here")
                    : snug_message_new_joined ("aa", (const char *[]){ NULL }, NULL, 0);
          g_autofree char *json = snug_message_to_json (message);
          guint8 header[] = { 0x81, strlen (json) };

          g_assert_cmpuint (strlen (json), <, 126);
          g_output_stream_write_all (out, header, sizeof header, NULL, NULL, NULL);
          g_output_stream_write_all (out, json, strlen (json), NULL, NULL, NULL);
        }
    }
  /* Until the other side has had enough. */
  while (manner != HTTP && n > 0)
    n = g_input_stream_read (in, request, sizeof request, NULL, NULL);
  return TRUE;
}

static void
start (Fake *fake, Manner manner)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;

  fake->manner = manner;
  fake->service = g_threaded_socket_service_new (-1);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (fake->service), address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  fake->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (fake->service, "run", G_CALLBACK (serve), GINT_TO_POINTER (manner));
  g_socket_service_start (fake->service);
}

static void
stop (Fake *fake)
{
  g_socket_service_stop (fake->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fake->service));
  g_clear_object (&fake->service);
}

static SnugDoctor *
examine (const char *server, const SnugIceServer *servers, gsize n_servers)
{
  SnugDoctorConfig config = { .server = server, .ice_servers = servers, .n_ice_servers = n_servers };
  SnugDoctor *doctor = snug_doctor_new (&config);

  snug_doctor_start (doctor);
  g_assert_true (snug_doctor_get_running (doctor));
  return doctor;
}

static SnugDoctorResult *
get_result (SnugDoctor *doctor, SnugDoctorCheck check)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (doctor)); i++)
    {
      g_autoptr (SnugDoctorResult) result = g_list_model_get_item (G_LIST_MODEL (doctor), i);

      if (snug_doctor_result_get_check (result) == check)
        return result;
    }
  return NULL;
}

static gboolean
has (SnugDoctorResult *result, SnugDoctorCode code)
{
  GPtrArray *findings = snug_doctor_result_get_findings (result);

  for (guint i = 0; i < findings->len; i++)
    if (((SnugDoctorFinding *) findings->pdata[i])->code == code)
      return TRUE;
  return FALSE;
}

static void
print (SnugDoctor *doctor)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (doctor)); i++)
    {
      g_autoptr (SnugDoctorResult) result = g_list_model_get_item (G_LIST_MODEL (doctor), i);
      const char *const *seen = snug_doctor_result_get_seen (result);

      for (guint s = 0; seen[s] != NULL; s++)
        g_test_message ("%d: %s", snug_doctor_result_get_check (result), seen[s]);
    }
}

/* A machine of the tests may be in no network, which is no fault of what is looked at. */
static void
await_finding (SnugDoctor *doctor, SnugDoctorCheck check, SnugDoctorCode code)
{
  SnugDoctorResult *result;

  snug_await_for (!snug_doctor_get_running (doctor), 120);
  print (doctor);
  result = get_result (doctor, check);
  g_assert_nonnull (result);
  g_assert_true (has (result, code));
  g_object_unref (doctor);
}

static void
test_good (void)
{
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *uri = g_strdup_printf ("ws://127.0.0.1:%u/snug", snug_server_get_port (server));
  SnugDoctor *doctor = examine (uri, NULL, 0);

  snug_await (!snug_doctor_get_running (doctor));
  g_assert_cmpint (snug_doctor_result_get_state (get_result (doctor, SNUG_DOCTOR_CHECK_SERVER)), ==, SNUG_DOCTOR_GOOD);
  g_assert_cmpint (snug_doctor_result_get_state (get_result (doctor, SNUG_DOCTOR_CHECK_PLUGINS)), !=, SNUG_DOCTOR_RUNNING);
  g_assert_null (get_result (doctor, SNUG_DOCTOR_CHECK_CAMERA));
  await_finding (doctor, SNUG_DOCTOR_CHECK_SERVER, SNUG_DOCTOR_SERVER_WORKS);
  snug_server_fixture_stop (server);
}

/* All at the same time: some take as long as is given to them. */
static void
test_servers (void)
{
  static const struct
  {
    Manner manner;
    SnugDoctorCode code;
  } manners[] = {
    { NEVER, SNUG_DOCTOR_SERVER_SILENT },    { SSH, SNUG_DOCTOR_SERVER_NOT_SNUG },
    { DRIP, SNUG_DOCTOR_SERVER_SILENT },     { HTTP, SNUG_DOCTOR_SERVER_NOT_SNUG },
    { OTHER_CHAT, SNUG_DOCTOR_SERVER_NOT_SNUG }, { NEWER, SNUG_DOCTOR_SERVER_VERSION },
    { VERSION, SNUG_DOCTOR_SERVER_VERSION }, { NOT_ALLOWED, SNUG_DOCTOR_SERVER_NOT_ALLOWED },
    { FLOOD, SNUG_DOCTOR_SERVER_NOT_SNUG },  { CLOCK_WRONG, SNUG_DOCTOR_CLOCK },
  };
  Fake fakes[G_N_ELEMENTS (manners)];
  SnugDoctor *doctors[G_N_ELEMENTS (manners)];

  for (guint i = 0; i < G_N_ELEMENTS (manners); i++)
    {
      g_autofree char *uri = NULL;

      start (&fakes[i], manners[i].manner);
      uri = g_strdup_printf ("ws://127.0.0.1:%u/snug", fakes[i].port);
      doctors[i] = examine (uri, NULL, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (manners); i++)
    {
      g_test_message ("manner %d", manners[i].manner);
      await_finding (doctors[i], SNUG_DOCTOR_CHECK_SERVER, manners[i].code);
      stop (&fakes[i]);
    }
}

static void
test_no_server (void)
{
  Fake gone;
  g_autofree char *refused = NULL;

  start (&gone, NEVER);
  stop (&gone);
  refused = g_strdup_printf ("ws://127.0.0.1:%u/snug", gone.port);
  await_finding (examine (refused, NULL, 0), SNUG_DOCTOR_CHECK_SERVER, SNUG_DOCTOR_SERVER_REFUSED);
  await_finding (examine (NULL, NULL, 0), SNUG_DOCTOR_CHECK_SERVER, SNUG_DOCTOR_NO_SERVER);
  await_finding (examine ("ws:", NULL, 0), SNUG_DOCTOR_CHECK_SERVER, SNUG_DOCTOR_SERVER_ADDRESS);
}

/* Answers everything with the same bytes. */
static gboolean
on_packet (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (GSocketAddress) from = NULL;
  char data[2048];

  if (g_socket_receive_from (socket, &from, data, sizeof data, NULL, NULL) > 0)
    g_socket_send_to (socket, from, "garbage", 7, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static void
test_ice_servers (void)
{
  Fake silent, ssh, gone;
  g_autoptr (GSocket) garbage = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSource) source = NULL;
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *uri = g_strdup_printf ("ws://127.0.0.1:%u/snug", snug_server_get_port (server));
  struct
  {
    const char *format;
    guint16 port;
    gboolean turn;
    SnugDoctorCode code;
    char *uri;
  } servers[] = {
    { "stun:127.0.0.1:%u", 0, FALSE, SNUG_DOCTOR_STUN_GARBAGE },
    { "stun:127.0.0.1:%u", 0, FALSE, SNUG_DOCTOR_STUN_DOWN },
    { "stuns:127.0.0.1:%u", 1, FALSE, SNUG_DOCTOR_STUN_ADDRESS },
    { "turn:127.0.0.1:%u", 0, TRUE, SNUG_DOCTOR_RELAY_GARBAGE },
    { "turn:127.0.0.1:%u?transport=tcp", 0, TRUE, SNUG_DOCTOR_RELAY_GARBAGE },
    { "turn:127.0.0.1:%u?transport=tcp", 0, TRUE, SNUG_DOCTOR_RELAY_DOWN },
    { "turn:127.0.0.1:%u?transport=tcp", 0, TRUE, SNUG_DOCTOR_RELAY_SILENT },
    { "turns:127.0.0.1:%u", 0, TRUE, SNUG_DOCTOR_RELAY_GARBAGE },
  };
  SnugIceServer ice[G_N_ELEMENTS (servers)];
  const char *uris[G_N_ELEMENTS (servers)][2] = { { NULL } };
  SnugDoctor *doctor;

  start (&silent, NEVER);
  start (&ssh, SSH);
  start (&gone, NEVER);
  stop (&gone);
  g_assert_true (g_socket_bind (garbage, address, FALSE, NULL));
  bound = g_socket_get_local_address (garbage, NULL);
  source = g_socket_create_source (garbage, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_packet), NULL, NULL);
  g_source_attach (source, NULL);
  servers[0].port = servers[3].port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  servers[1].port = servers[5].port = gone.port;
  servers[4].port = servers[7].port = ssh.port;
  servers[6].port = silent.port;
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_auto (GStrv) parts = g_strsplit (servers[i].format, "%u", 2);

      uris[i][0] = servers[i].uri = g_strdup_printf ("%s%u%s", parts[0], servers[i].port, parts[1]);
      ice[i] = (SnugIceServer){ uris[i], servers[i].turn ? "user" : NULL, servers[i].turn ? "word" : NULL };
    }

  doctor = examine (uri, ice, G_N_ELEMENTS (ice));
  snug_await_for (!snug_doctor_get_running (doctor), 120);
  print (doctor);
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      gboolean found = FALSE;

      g_test_message ("%s", servers[i].uri);
      for (guint r = 0; r < g_list_model_get_n_items (G_LIST_MODEL (doctor)); r++)
        {
          g_autoptr (SnugDoctorResult) result = g_list_model_get_item (G_LIST_MODEL (doctor), r);

          if (g_strcmp0 (snug_doctor_result_get_subject (result), servers[i].uri) == 0)
            {
              g_assert_true (has (result, servers[i].code));
              g_assert_cmpint (snug_doctor_result_get_state (result), ==, SNUG_DOCTOR_BAD);
              found = TRUE;
            }
        }
      g_assert_true (found);
      g_free (servers[i].uri);
    }
  g_object_unref (doctor);
  g_source_destroy (source);
  stop (&silent);
  stop (&ssh);
  snug_server_fixture_stop (server);
}

static void
test_cancel (void)
{
  Fake silent;
  g_autofree char *uri = NULL;
  g_autoptr (SnugDoctor) doctor = NULL;

  start (&silent, NEVER);
  uri = g_strdup_printf ("ws://127.0.0.1:%u/snug", silent.port);
  doctor = examine (uri, NULL, 0);
  snug_doctor_cancel (doctor);
  snug_doctor_cancel (doctor);
  snug_await (!snug_doctor_get_running (doctor));
  g_assert_true (snug_doctor_get_cancelled (doctor));
  g_assert_cmpuint (snug_doctor_get_verdict (doctor)->len, ==, 0);
  g_assert_cmpint (snug_doctor_result_get_state (get_result (doctor, SNUG_DOCTOR_CHECK_SERVER)), ==, SNUG_DOCTOR_STOPPED);
  snug_await_finalized (doctor);
  stop (&silent);
}

static void
on_check_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  snug_doctor_check_finish (result);
  *(gboolean *) user_data = TRUE;
}

static void
test_call (void)
{
  g_autoptr (SnugDoctorReport) report = snug_doctor_report_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  snug_doctor_check_call_async (report, NULL, cancellable, on_check_done, &done);
  snug_await (done);
  for (guint i = 0; i < report->seen->len; i++)
    g_test_message ("%s", (char *) report->seen->pdata[i]);
  g_assert_cmpuint (report->findings->len, ==, 0);
  g_assert_cmpuint (report->seen->len, ==, 4);
  g_assert_nonnull (strstr (report->seen->pdata[2], "A picture takes"));
}

static void
test_call_cancelled (void)
{
  g_autoptr (SnugDoctorReport) report = snug_doctor_report_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  snug_doctor_check_call_async (report, NULL, cancellable, on_check_done, &done);
  g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  snug_await (done);
  g_assert_cmpuint (report->findings->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (&error));
  g_assert_no_error (error);

  g_test_add_func ("/engine/doctor/good", test_good);
  g_test_add_func ("/engine/doctor/servers", test_servers);
  g_test_add_func ("/engine/doctor/no-server", test_no_server);
  g_test_add_func ("/engine/doctor/ice-servers", test_ice_servers);
  g_test_add_func ("/engine/doctor/cancel", test_cancel);
  g_test_add_func ("/engine/doctor/call", test_call);
  g_test_add_func ("/engine/doctor/call-cancelled", test_call_cancelled);

  return g_test_run ();
}

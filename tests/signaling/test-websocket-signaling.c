/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The WebSocket client with the real server.
 */
#include "snug-websocket-signaling.h"

#include "snug-lasting-signaling.h"

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-server-fixture.h"

#include <string.h>

/* A channel and what it heard. */
typedef struct
{
  SnugSignaling *signaling;
  GPtrArray *heard; /* SnugMessage */
  char *id;         /* once joined */
} Client;

static void
on_message (SnugSignaling *signaling, SnugMessage *message, GPtrArray *heard)
{
  g_ptr_array_add (heard, snug_message_ref (message));
}

static void
client_init (Client *client, SnugServer *server)
{
  g_autofree char *typed = g_strdup_printf ("127.0.0.1:%u", snug_server_get_port (server));
  g_autofree char *uri = snug_websocket_signaling_normalize_uri (typed, NULL);

  client->signaling = snug_websocket_signaling_new (uri);
  client->id = NULL;
  client->heard = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_message_unref);
  g_signal_connect (client->signaling, "message", G_CALLBACK (on_message), client->heard);
}

static void
client_open (Client *client)
{
  snug_signaling_open (client->signaling);
  snug_await (snug_signaling_get_state (client->signaling) != SNUG_SIGNALING_OPENING);
  g_assert_no_error (snug_signaling_get_error (client->signaling));
  g_assert_cmpint (snug_signaling_get_state (client->signaling), ==, SNUG_SIGNALING_OPEN);
}

static void
client_clear (Client *client)
{
  if (client->signaling != NULL)
    snug_await_finalized (client->signaling);
  g_clear_pointer (&client->heard, g_ptr_array_unref);
  g_clear_pointer (&client->id, g_free);
}

/* message: (transfer full) */
static void
say (Client *client, SnugMessage *message)
{
  snug_signaling_send (client->signaling, message);
  snug_message_unref (message);
}

static SnugMessage *
hear (Client *client, guint index, SnugMessageKind kind)
{
  SnugMessage *message;

  snug_await (client->heard->len > index);
  message = g_ptr_array_index (client->heard, index);
  g_assert_cmpint (snug_message_get_kind (message), ==, kind);
  return message;
}

static void
client_join (Client *client, SnugServer *server, const char *room)
{
  client_init (client, server);
  client_open (client);
  say (client, snug_message_new_join (room));
  client->id = g_strdup (snug_message_get_id (hear (client, 0, SNUG_MESSAGE_JOINED)));
}

static void
test_finalize (void)
{
  SnugSignaling *idle = snug_websocket_signaling_new ("ws://127.0.0.1:1/snug");
  SnugServer *server = snug_server_fixture_start ();
  Client opening, open;

  snug_await_finalized (idle);
  client_init (&opening, server);
  snug_signaling_open (opening.signaling);
  client_clear (&opening);
  client_init (&open, server);
  client_open (&open);
  client_clear (&open);
  snug_await (snug_server_get_n_clients (server) == 0);
  snug_server_fixture_stop (server);
}

static void
test_meet (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a, b;
  SnugMessage *message;
  g_autofree char *gone = NULL;

  client_join (&a, server, SNUG_TEST_ROOM);
  client_join (&b, server, SNUG_TEST_ROOM);
  message = hear (&a, 1, SNUG_MESSAGE_PEER_JOINED);
  g_assert_cmpstr (snug_message_get_peer_id (message), ==, b.id);
  say (&a, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, b.id,
                                    "{\"hello\":\"\\\"\xe8\x8a\xb1\"}"));
  message = hear (&b, 1, SNUG_MESSAGE_SIGNAL);
  g_assert_cmpstr (snug_message_get_peer_id (message), ==, a.id);
  g_assert_cmpstr (snug_message_get_payload (message), ==, "{\"hello\":\"\\\"\xe8\x8a\xb1\"}");

  say (&b, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "nobody", "x"));
  message = hear (&b, 2, SNUG_MESSAGE_ERROR);
  g_assert_cmpint (snug_message_get_error_code (message), ==, SNUG_PROTOCOL_ERROR_NO_SUCH_PEER);

  gone = g_strdup (b.id);
  client_clear (&b);
  message = hear (&a, 2, SNUG_MESSAGE_PEER_LEFT);
  g_assert_cmpstr (snug_message_get_peer_id (message), ==, gone);
  client_clear (&a);
  snug_server_fixture_stop (server);
}

/* What was sent before closing arrives, even more than may be sent at once. */
static void
test_close_flushes (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a, b;
  g_autofree char *payload = g_strnfill (40000, 'x');
  gint64 start;

  client_join (&a, server, SNUG_TEST_ROOM);
  client_join (&b, server, SNUG_TEST_ROOM);
  hear (&a, 1, SNUG_MESSAGE_PEER_JOINED);
  for (guint i = 0; i < 55; i++)
    say (&a, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, b.id, payload));
  say (&a, snug_message_new_leave ());
  start = g_get_monotonic_time ();
  snug_signaling_close (a.signaling);
  say (&a, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, b.id, "too late"));
  snug_await (snug_signaling_get_state (a.signaling) == SNUG_SIGNALING_CLOSED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  g_assert_null (snug_signaling_get_error (a.signaling));

  for (guint i = 1; i <= 55; i++)
    hear (&b, i, SNUG_MESSAGE_SIGNAL);
  hear (&b, 56, SNUG_MESSAGE_PEER_LEFT);
  client_clear (&a);
  client_clear (&b);
  snug_server_fixture_stop (server);
}

/* A newcomer with much to say is slower, not refused: 150 messages where the server takes 60 at once. */
static void
test_pacing (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a, b;

  client_join (&a, server, SNUG_TEST_ROOM);
  client_join (&b, server, SNUG_TEST_ROOM);
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *payload = g_strdup_printf ("%u", i);

      say (&b, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, a.id, payload));
    }
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *payload = g_strdup_printf ("%u", i);

      g_assert_cmpstr (snug_message_get_payload (hear (&a, i + 2, SNUG_MESSAGE_SIGNAL)), ==,
                       payload);
    }
  g_assert_cmpint (snug_signaling_get_state (b.signaling), ==, SNUG_SIGNALING_OPEN);
  client_clear (&a);
  client_clear (&b);
  snug_server_fixture_stop (server);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gboolean *) data = TRUE;
}

/* A server that shuts down says so; then the channel is lost. */
static void
test_shutdown (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a;
  gint64 start = g_get_monotonic_time ();
  gboolean stopped = FALSE;
  SnugMessage *message;

  client_join (&a, server, SNUG_TEST_ROOM);
  snug_server_stop_async (server, stopped_cb, &stopped);
  message = hear (&a, 1, SNUG_MESSAGE_ERROR);
  g_assert_cmpint (snug_message_get_error_code (message), ==, SNUG_PROTOCOL_ERROR_SHUTTING_DOWN);
  snug_await (snug_signaling_get_state (a.signaling) == SNUG_SIGNALING_CLOSED);
  g_assert_error (snug_signaling_get_error (a.signaling), SNUG_SIGNALING_ERROR,
                  SNUG_SIGNALING_ERROR_LOST);
  snug_await (stopped);
  /* Both sides are well-behaved: nobody waits for a time-out. */
  g_assert_cmpint (g_get_monotonic_time () - start, <, 900 * 1000);
  client_clear (&a);
  snug_await_finalized (server);
}

static void
test_server_gone (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a;

  client_join (&a, server, SNUG_TEST_ROOM);
  snug_await_finalized (server);
  snug_await (snug_signaling_get_state (a.signaling) == SNUG_SIGNALING_CLOSED);
  g_assert_error (snug_signaling_get_error (a.signaling), SNUG_SIGNALING_ERROR,
                  SNUG_SIGNALING_ERROR_LOST);
  client_clear (&a);
}

static void
test_close_while_opening (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a;

  client_init (&a, server);
  snug_signaling_open (a.signaling);
  snug_signaling_close (a.signaling);
  g_assert_cmpint (snug_signaling_get_state (a.signaling), ==, SNUG_SIGNALING_CLOSED);
  g_assert_null (snug_signaling_get_error (a.signaling));
  client_clear (&a);
  snug_server_fixture_stop (server);
}

/* Dropped from inside its own signals. */
static void
drop (SnugSignaling *signaling, gpointer ignored, Client *client)
{
  g_clear_object (&client->signaling);
}

static void
test_drop_in_message (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a;

  client_init (&a, server);
  client_open (&a);
  g_signal_connect (a.signaling, "message", G_CALLBACK (drop), &a);
  say (&a, snug_message_new_join (SNUG_TEST_ROOM));
  snug_await (a.signaling == NULL);
  snug_await (snug_server_get_n_clients (server) == 0);
  client_clear (&a);
  snug_server_fixture_stop (server);
}

static void
test_drop_in_state (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a;

  client_init (&a, server);
  client_open (&a);
  g_signal_connect (a.signaling, "notify::state", G_CALLBACK (drop), &a);
  snug_await_finalized (server);
  snug_await (a.signaling == NULL);
  snug_await_idle ();
  client_clear (&a);
}

/* What stands before several servers sees which room it is, each time somebody comes. */
static void
test_room_in_path (void)
{
  guint16 port;
  g_autoptr (GSocketListener) listener = snug_raw_listen (&port);
  g_autofree char *uri = g_strdup_printf ("ws://127.0.0.1:%u/snug?token=t", port);
  SnugSignaling *signaling = snug_lasting_signaling_new_for_uri (uri);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (SnugRawPeer) peer = NULL;
  g_autofree char *request = NULL;

  snug_signaling_set_room_id (signaling, SNUG_TEST_ROOM);
  snug_signaling_open (signaling);
  connection = snug_raw_accept (listener);
  peer = snug_raw_peer_new (G_IO_STREAM (connection));
  request = snug_raw_peer_await_text (peer, "\r\n\r\n");
  g_assert_true (g_str_has_prefix (request, "GET /snug/" SNUG_TEST_ROOM "?token=t HTTP/1.1\r\n"));
  snug_await_finalized (signaling);
}

static void
test_come_and_go (void)
{
  SnugServer *server = snug_server_fixture_start ();
  Client a;

  client_join (&a, server, SNUG_TEST_ROOM);
  for (guint i = 0; i < 20; i++)
    {
      Client b;

      client_join (&b, server, SNUG_TEST_ROOM);
      snug_signaling_close (b.signaling);
      snug_await (snug_signaling_get_state (b.signaling) == SNUG_SIGNALING_CLOSED);
      client_clear (&b);
      hear (&a, 2 + 2 * i, SNUG_MESSAGE_PEER_LEFT);
    }
  client_clear (&a);
  snug_server_fixture_stop (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/websocket-signaling/finalize", test_finalize);
  g_test_add_func ("/websocket-signaling/meet", test_meet);
  g_test_add_func ("/websocket-signaling/close-flushes", test_close_flushes);
  g_test_add_func ("/websocket-signaling/pacing", test_pacing);
  g_test_add_func ("/websocket-signaling/shutdown", test_shutdown);
  g_test_add_func ("/websocket-signaling/server-gone", test_server_gone);
  g_test_add_func ("/websocket-signaling/close-while-opening", test_close_while_opening);
  g_test_add_func ("/websocket-signaling/drop-in-message", test_drop_in_message);
  g_test_add_func ("/websocket-signaling/drop-in-state", test_drop_in_state);
  g_test_add_func ("/websocket-signaling/room-in-path", test_room_in_path);
  g_test_add_func ("/websocket-signaling/come-and-go", test_come_and_go);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rooms without a server, over a mock of Avahi, with real servers held by the channels themselves.
 */
#include "snug-local-signaling.h"

#include "snug-await.h"
#include "snug-local-announcement.h"
#include "snug-local-network.h"
#include "snug-mock-avahi.h"
#include "snug-room-host.h"
#include "snug-room-key.h"
#include "snug-server.h"

#define ROOM "garden"

static const SnugLocalHosting hosting = { snug_room_host_open, snug_room_host_close };
static SnugMockAvahi *avahi;
static char *room_id;

/* One that joins whenever it can, as a call does. */
typedef struct
{
  SnugSignaling *signaling;
  char *token;
  char *id;
  guint n_joined;
  guint n_lost;
  guint n_peers; /* in the room beside it */
  char *heard;
} Client;

static void
on_state (Client *client)
{
  g_autoptr (SnugMessage) join = NULL;

  if (snug_signaling_get_state (client->signaling) == SNUG_SIGNALING_OPEN)
    {
      join = snug_message_new_join_with_token (room_id, client->token);
      snug_signaling_send (client->signaling, join);
    }
  else if (snug_signaling_get_state (client->signaling) == SNUG_SIGNALING_OPENING && client->n_joined > 0)
    client->n_lost++;
}

static void
on_message (Client *client, SnugMessage *message)
{
  gsize n_servers;

  switch (snug_message_get_kind (message))
    {
    case SNUG_MESSAGE_JOINED:
      if (client->id != NULL)
        g_assert_cmpstr (client->id, ==, snug_message_get_id (message));
      g_free (client->id);
      client->id = g_strdup (snug_message_get_id (message));
      client->n_joined++;
      client->n_peers = g_strv_length ((char **) snug_message_get_members (message));
      snug_message_get_ice_servers (message, &n_servers);
      g_assert_cmpuint (n_servers, ==, 0);
      break;
    case SNUG_MESSAGE_PEER_JOINED:
      client->n_peers++;
      break;
    case SNUG_MESSAGE_PEER_LEFT:
      client->n_peers--;
      break;
    case SNUG_MESSAGE_SIGNAL:
      g_free (client->heard);
      client->heard = g_strdup (snug_message_get_payload (message));
      break;
    case SNUG_MESSAGE_ERROR:
    case SNUG_MESSAGE_JOIN:
    case SNUG_MESSAGE_LEAVE:
    default:
      g_error ("a message that the call must not see: %d", snug_message_get_kind (message));
    }
}

static Client *
start (void)
{
  Client *client = g_new0 (Client, 1);

  client->token = snug_protocol_random_id ();
  client->signaling = snug_local_signaling_new (&hosting);
  snug_signaling_set_room_id (client->signaling, room_id);
  g_signal_connect_swapped (client->signaling, "notify::state", G_CALLBACK (on_state), client);
  g_signal_connect_swapped (client->signaling, "message", G_CALLBACK (on_message), client);
  snug_signaling_open (client->signaling);
  return client;
}

static gboolean
is_hosting (Client *client)
{
  return snug_local_signaling_get_hosting (SNUG_LOCAL_SIGNALING (client->signaling));
}

static Client *
start_and_join (void)
{
  Client *client = start ();

  snug_await (client->n_joined > 0);
  return client;
}

static void
stop (Client *client)
{
  if (snug_signaling_get_state (client->signaling) == SNUG_SIGNALING_OPEN)
    {
      g_autoptr (SnugMessage) leave = snug_message_new_leave ();
      snug_signaling_send (client->signaling, leave);
    }
  snug_signaling_close (client->signaling);
  snug_await (snug_signaling_get_state (client->signaling) == SNUG_SIGNALING_CLOSED);
  g_signal_handlers_disconnect_by_data (client->signaling, client);
  snug_await_finalized (client->signaling);
  g_free (client->token);
  g_free (client->id);
  g_free (client->heard);
  g_free (client);
}

static void
check_pair (Client *a, Client *b)
{
  g_autofree char *text = snug_protocol_random_id ();
  g_autoptr (SnugMessage) signal = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, b->id, text);

  snug_signaling_send (a->signaling, signal);
  snug_await (g_strcmp0 (b->heard, text) == 0);
}

static guint
count_own (void)
{
  g_auto (GStrv) names = snug_mock_avahi_list_own (avahi);

  for (guint i = 0; names[i] != NULL; i++)
    g_assert_true (snug_local_announcement_check_name (names[i], room_id));
  return g_strv_length (names);
}

/* What anybody can say. rank: the place in the order, digits. */
static char *
announce (const char *rank, const char *address, guint16 port, const char *other_room)
{
  char *name = g_strdup_printf ("%.16s-%s", room_id, rank);
  g_autofree char *txt = g_strconcat ("room=", other_room != NULL ? other_room : room_id, NULL);

  snug_mock_avahi_add (avahi, name, address, port, txt, FALSE);
  return name;
}

/* The same on this machine. */
static char *
announce_here (const char *rank, guint16 port)
{
  char *name = g_strdup_printf ("%.16s-%s", room_id, rank);
  g_autofree char *txt = g_strconcat ("room=", room_id, NULL);

  snug_mock_avahi_add (avahi, name, "127.0.0.1", port, txt, TRUE);
  return name;
}

/* One bus for all: its address is in the environment, which can't be changed once there are threads. */
static void
set_up (gpointer *fixture, gconstpointer data)
{
  if (avahi != NULL)
    snug_mock_avahi_reset (avahi);
}

static void
tear_down (gpointer *fixture, gconstpointer data)
{
  if (avahi != NULL)
    snug_await (count_own () == 0);
}

static gboolean
lacks_bus (void)
{
  if (avahi != NULL)
    return FALSE;
  g_test_skip ("dbus-daemon is not installed");
  return TRUE;
}

static void
test_meet_and_take_over (gpointer *fixture, gconstpointer data)
{
  Client *ada, *bob, *cleo, *host, *guest;

  if (lacks_bus ())
    return;
  ada = start_and_join ();
  g_assert_true (is_hosting (ada));
  snug_await (count_own () == 1);
  bob = start_and_join ();
  g_assert_false (is_hosting (bob));
  g_assert_cmpuint (bob->n_peers, ==, 1);
  check_pair (bob, ada);
  check_pair (ada, bob);
  cleo = start_and_join ();
  snug_await (ada->n_peers == 2 && bob->n_peers == 2 && cleo->n_peers == 2);

  /* Who holds the room leaves: one of the others does, and the third goes there, each under the id it had. */
  stop (ada);
  snug_await (bob->n_joined == 2 && cleo->n_joined == 2);
  snug_await (bob->n_peers == 1 && cleo->n_peers == 1);
  g_assert_true (is_hosting (bob) != is_hosting (cleo));
  g_assert_cmpuint (count_own (), ==, 1);
  check_pair (bob, cleo);
  check_pair (cleo, bob);

  /* Who does not hold the room leaves, and nothing happens. */
  host = is_hosting (bob) ? bob : cleo;
  guest = host == bob ? cleo : bob;
  stop (guest);
  snug_await (host->n_peers == 0);
  g_assert_cmpuint (host->n_joined, ==, 2);
  stop (host);
}

/* All n who are left are in one room, which one of them holds. */
static gboolean
is_settled (Client **clients, guint n_clients, guint n, int *host)
{
  guint n_hosts = 0;

  for (guint i = 0; i < n_clients; i++)
    {
      if (clients[i] == NULL)
        continue;
      if (snug_signaling_get_state (clients[i]->signaling) != SNUG_SIGNALING_OPEN || clients[i]->n_peers != n - 1)
        return FALSE;
      if (is_hosting (clients[i]))
        {
          n_hosts++;
          *host = (int) i;
        }
    }
  return n_hosts == 1;
}

static void
test_one_after_the_other (gpointer *fixture, gconstpointer data)
{
  Client *clients[4];

  if (lacks_bus ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = start ();
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    snug_await (clients[i]->n_peers == G_N_ELEMENTS (clients) - 1);
  /* Whoever holds the room leaves, until nobody is there. */
  for (guint n = G_N_ELEMENTS (clients); n > 0; n--)
    {
      int host = -1;

      snug_await (is_settled (clients, G_N_ELEMENTS (clients), n, &host));
      stop (g_steal_pointer (&clients[host]));
    }
}

/* Somebody who came at the same time, and comes first in order. */
static void
test_two_hosts_settle (gpointer *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  Client *ada, *bob;
  gpointer other;
  guint16 port;

  if (lacks_bus ())
    return;
  ada = start_and_join ();
  snug_await (count_own () == 1);
  bob = start_and_join ();
  other = snug_room_host_open (room_id, &port, &error);
  g_assert_no_error (error);
  name = announce_here ("0000000000000000", port);
  snug_await (ada->n_joined == 2 && bob->n_joined == 2);
  g_assert_false (is_hosting (ada));
  snug_await (ada->n_peers == 1 && bob->n_peers == 1 && count_own () == 0);
  check_pair (ada, bob);
  /* It was no person: one of them takes the room back. */
  snug_mock_avahi_remove (avahi, name);
  snug_room_host_close (other, NULL, NULL);
  snug_await (ada->n_joined == 3 && bob->n_joined == 3);
  snug_await (ada->n_peers == 1 && bob->n_peers == 1);
  check_pair (ada, bob);
  stop (bob);
  stop (ada);
}

static void
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source, guint *n)
{
  (*n)++;
  /* Held, and never answered. */
  g_object_set_data_full (G_OBJECT (service), "connection", g_object_ref (connection), g_object_unref);
}

/* Better in order, and no hosts of this room: one that is silent, one that holds another room, one where nobody is. */
static void
test_liars_that_answer (gpointer *fixture, gconstpointer data)
{
  g_autoptr (GSocketService) silent = g_socket_service_new ();
  g_autoptr (GError) error = NULL;
  char *names[4] = { NULL };
  guint n_incoming = 0;
  Client *ada, *bob;
  gpointer other;
  guint16 port, silent_port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (silent), NULL, NULL);

  if (lacks_bus ())
    return;
  g_signal_connect (silent, "incoming", G_CALLBACK (on_incoming), &n_incoming);
  other = snug_room_host_open ("00000000000000000000000000000000", &port, &error);
  g_assert_no_error (error);
  names[0] = announce_here ("0000000000000000", silent_port);
  names[1] = announce_here ("0000000000000001", port);
  names[2] = announce_here ("0000000000000002", 1024);
  ada = start_and_join ();
  g_assert_true (is_hosting (ada));
  g_assert_cmpuint (n_incoming, >=, 1);
  bob = start_and_join ();
  snug_await (ada->n_peers == 1 && bob->n_peers == 1);
  /* And one that comes while they are there. */
  names[3] = announce_here ("0000000000000003", port);
  snug_await (ada->n_joined == 2);
  g_assert_true (is_hosting (ada));
  snug_await (ada->n_peers == 1);
  check_pair (ada, bob);
  g_assert_cmpuint (bob->n_joined, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      snug_mock_avahi_remove (avahi, names[i]);
      g_free (names[i]);
    }
  snug_room_host_close (other, NULL, NULL);
  stop (bob);
  stop (ada);
}

static void
test_lies (gpointer *fixture, gconstpointer data)
{
  char *names[6] = { NULL };
  Client *ada;

  if (lacks_bus ())
    return;
  names[0] = announce ("0000000000000000", "203.0.113.7", 40001, NULL);
  names[1] = announce ("0000000000000001", "127.0.0.1", 40001, NULL);
  names[2] = announce ("0000000000000002", "192.168.255.254", 22, NULL);
  names[3] = announce ("0000000000000003", "192.168.255.254", 40001, "00000000000000000000000000000000");
  names[4] = announce ("0000000000000004", "not an address", 40001, NULL);
  names[5] = announce ("000000000000000x", "192.168.255.254", 40001, NULL);
  ada = start_and_join ();
  g_assert_true (is_hosting (ada));
  /* Only what has the form of this room's is asked about. */
  g_assert_cmpuint (snug_mock_avahi_get_n_resolved (avahi), ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      snug_mock_avahi_remove (avahi, names[i]);
      g_free (names[i]);
    }
  stop (ada);
}

static void
test_flood (gpointer *fixture, gconstpointer data)
{
  Client *ada;

  if (lacks_bus ())
    return;
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *rank = g_strdup_printf ("%016x", i);

      g_free (announce (rank, "203.0.113.7", 40001, NULL));
    }
  ada = start_and_join ();
  g_assert_true (is_hosting (ada));
  g_assert_cmpuint (snug_mock_avahi_get_n_resolved (avahi), <=, SNUG_LOCAL_ITEMS_MAX);
  stop (ada);
}

static void
check_fails (void)
{
  Client *ada = start ();

  snug_await (snug_signaling_get_state (ada->signaling) == SNUG_SIGNALING_CLOSED);
  g_assert_error (snug_signaling_get_error (ada->signaling), SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NO_DISCOVERY);
  stop (ada);
}

static void
test_no_avahi (gpointer *fixture, gconstpointer data)
{
  if (lacks_bus ())
    return;
  snug_mock_avahi_set_refusing (avahi, TRUE);
  check_fails ();
  snug_mock_avahi_set_present (avahi, FALSE);
  check_fails ();
}

static void
test_avahi_comes_back (gpointer *fixture, gconstpointer data)
{
  Client *ada, *bob, *cleo;

  if (lacks_bus ())
    return;
  ada = start_and_join ();
  snug_await (count_own () == 1);
  bob = start_and_join ();
  snug_mock_avahi_set_present (avahi, FALSE);
  snug_mock_avahi_set_present (avahi, TRUE);
  snug_await (count_own () == 1);
  check_pair (ada, bob);
  g_assert_cmpuint (ada->n_lost + bob->n_lost, ==, 0);
  cleo = start_and_join ();
  g_assert_cmpuint (cleo->n_peers, ==, 2);
  stop (cleo);
  stop (ada);
  snug_await (bob->n_joined == 2);
  stop (bob);
}

static void
test_name_taken (gpointer *fixture, gconstpointer data)
{
  Client *ada;

  if (lacks_bus ())
    return;
  snug_mock_avahi_collide (avahi);
  ada = start_and_join ();
  snug_await (count_own () == 1);
  stop (ada);
}

static void
test_closed_early (gpointer *fixture, gconstpointer data)
{
  if (lacks_bus ())
    return;
  stop (start ());
  for (guint i = 1; i < 40; i += 3)
    {
      Client *ada = start ();

      for (guint k = 0; k < i; k++)
        g_main_context_iteration (NULL, FALSE);
      stop (ada);
    }
  snug_await (count_own () == 0);
}

/* The room that is held is not for others, and not for the world. */
static void
test_own_server (void)
{
  g_autoptr (GError) error = NULL;
  guint16 port;
  gpointer host = snug_room_host_open (room_id, &port, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (port, >=, 1024);
  g_assert_true (SNUG_IS_SERVER (host));
  snug_room_host_close (host, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (SnugRoomKey) key = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  avahi = snug_mock_avahi_new (TRUE);
  key = snug_room_key_derive (ROOM);
  room_id = g_strdup (snug_room_key_get_room_id (key));
#define ADD(path, func) g_test_add (path, gpointer, NULL, set_up, func, tear_down)
  ADD ("/local-signaling/meet-and-take-over", test_meet_and_take_over);
  ADD ("/local-signaling/one-after-the-other", test_one_after_the_other);
  ADD ("/local-signaling/two-hosts-settle", test_two_hosts_settle);
  ADD ("/local-signaling/lies", test_lies);
  ADD ("/local-signaling/liars-that-answer", test_liars_that_answer);
  ADD ("/local-signaling/flood", test_flood);
  ADD ("/local-signaling/no-avahi", test_no_avahi);
  ADD ("/local-signaling/avahi-comes-back", test_avahi_comes_back);
  ADD ("/local-signaling/name-taken", test_name_taken);
  ADD ("/local-signaling/closed-early", test_closed_early);
  g_test_add_func ("/local-signaling/own-server", test_own_server);
  status = g_test_run ();
  g_clear_pointer (&avahi, snug_mock_avahi_free);
  g_free (room_id);
  return status;
}

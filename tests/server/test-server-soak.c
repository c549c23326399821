/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Crowds of clients that come, go, stall, stop reading and talk nonsense, while two others talk, for five seconds; memory and
 * descriptors are to be as they were after the first part of it. For an hour: ./run bench server --soak.
 */
#include "snug-server.h"

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-server-fixture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECONDS 5
#define CROWD 60

/* What one of the crowd does; each is freed, and with that cut off, a little later. */
typedef enum
{
  CHURN,
  LEAVE,
  SLOW_READER,
  HALF_OPEN,
  HALF_REQUEST,
  GARBAGE,
  GARBAGE_FRAMES,
  FRAGMENT,
  STORM,
  N_KINDS
} Kind;

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static gsize
find_resident_bytes (void)
{
  g_autofree char *text = NULL;
  unsigned long size, resident = 0;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  if (text == NULL || sscanf (text, "%lu %lu", &size, &resident) != 2)
    return 0;
  return resident * (gsize) sysconf (_SC_PAGESIZE);
}

static void
send_garbage (SnugRawPeer *peer)
{
  guint8 bytes[512];
  gsize size = (gsize) g_test_rand_int_range (1, sizeof bytes);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) g_test_rand_int ();
  snug_raw_peer_try_send (peer, bytes, size);
}

static SnugRawPeer *
come (SnugServer *server, Kind kind, const char *talker)
{
  g_autofree char *room = g_strdup_printf ("%032d", g_test_rand_int_range (0, 10));
  g_autofree char *join = g_strdup_printf ("{\"type\":\"join\",\"version\":1,\"room\":\"%s\"}", room);
  g_autofree char *payload = g_strnfill (20000, 'x');
  SnugRawPeer *peer = snug_raw_peer_connect (snug_server_get_port (server));

  if (kind == HALF_OPEN)
    return peer;
  if (kind == HALF_REQUEST)
    snug_raw_peer_send_string (peer, "GET /snug HTTP/1.1\r\nHost:");
  else if (kind == GARBAGE)
    send_garbage (peer);
  if (kind == HALF_REQUEST || kind == GARBAGE)
    return peer;

  snug_raw_peer_upgrade (peer);
  snug_raw_peer_send_text (peer, join);
  if (kind == LEAVE)
    snug_raw_peer_send_text (peer, "{\"type\":\"leave\"}");
  else if (kind == GARBAGE_FRAMES)
    send_garbage (peer);
  else if (kind == FRAGMENT)
    snug_raw_peer_send_frame (peer, 0x01, payload, 20000);
  else if (kind == SLOW_READER)
    {
      snug_raw_peer_set_reading (peer, FALSE);
      for (guint i = 0; i < 50; i++)
        snug_server_fixture_signal (peer, talker, payload);
    }
  return peer;
}

static void
run_crowd (SnugServer *server, const char *talker)
{
  g_autoptr (GPtrArray) crowd = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_raw_peer_free);

  for (guint i = 0; i < CROWD; i++)
    {
      Kind kind = (Kind) g_test_rand_int_range (0, N_KINDS);

      g_ptr_array_add (crowd, come (server, kind, talker));
      /* Gone before it was answered. */
      if (kind == STORM)
        g_ptr_array_set_size (crowd, (int) crowd->len - 1);
    }
}

static void
test_soak (void)
{
  gint64 end = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC, slowest = 0;
  SnugServer *server = snug_server_fixture_start ();
  g_autofree char *a_id = NULL, *b_id = NULL;
  g_autoptr (SnugRawPeer) a = NULL;
  g_autoptr (SnugRawPeer) b = NULL;
  guint rounds = 0, descriptors = 0;
  gsize resident = 0;

  g_object_set (server, "message-rate", 100000, "message-burst", 100000, NULL);
  a = snug_server_fixture_join (server, SNUG_TEST_ROOM, &a_id);
  b = snug_server_fixture_join (server, SNUG_TEST_ROOM, &b_id);
  snug_server_fixture_expect (a, SNUG_MESSAGE_PEER_JOINED);
  while (rounds < 6 || g_get_monotonic_time () < end)
    {
      gint64 began;

      run_crowd (server, a_id);
      began = g_get_monotonic_time ();
      snug_server_fixture_check_pair (a, a_id, b, b_id);
      slowest = MAX (slowest, g_get_monotonic_time () - began);
      snug_await (snug_server_get_n_clients (server) == 2);
      if (++rounds == 3)
        {
          descriptors = count_descriptors ();
          resident = find_resident_bytes ();
        }
    }
  g_test_message ("%u rounds of %d; the slowest answer to the two took %.1f ms; %" G_GSIZE_FORMAT " kB more, %u descriptors",
                  rounds, CROWD, (double) slowest / 1000, (find_resident_bytes () - resident) / 1024,
                  count_descriptors ());
  /* Handshakes that were cut may not have been noticed yet. */
  g_assert_cmpuint (count_descriptors (), <=, descriptors + CROWD);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what is freed for a while */
  g_assert_cmpuint (find_resident_bytes (), <, resident + 16 * 1024 * 1024);
#endif
  snug_server_fixture_check_pair (a, a_id, b, b_id);
  snug_server_fixture_stop (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/soak", test_soak);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room.h"

static const SnugDelivery *
nth (GPtrArray *deliveries, guint index)
{
  g_assert_cmpuint (index, <, deliveries->len);
  return g_ptr_array_index (deliveries, index);
}

static void
assert_delivery (GPtrArray *deliveries, guint index, const char *to, SnugMessageKind kind)
{
  const SnugDelivery *delivery = nth (deliveries, index);

  g_assert_cmpstr (delivery->to, ==, to);
  g_assert_cmpint (snug_message_get_kind (delivery->message), ==, kind);
}

static void
assert_error (GPtrArray *deliveries, const char *to, SnugProtocolError code)
{
  g_assert_cmpuint (deliveries->len, ==, 1);
  assert_delivery (deliveries, 0, to, SNUG_MESSAGE_ERROR);
  g_assert_cmpint (snug_message_get_error_code (nth (deliveries, 0)->message), ==, code);
}

static GPtrArray *
join (SnugRoom *room, const char *id, gboolean expected)
{
  gboolean joined = !expected;
  GPtrArray *deliveries = snug_room_join (room, id, NULL, 0, &joined);

  g_assert_cmpint (joined, ==, expected);
  return deliveries;
}

/* Whatever is told to whom. */
static void
fill (SnugRoom *room, const char *ids)
{
  for (; *ids != '\0'; ids++)
    {
      const char id[] = { *ids, '\0' };

      g_ptr_array_unref (join (room, id, TRUE));
    }
}

static void
test_join (void)
{
  g_autoptr (SnugRoom) room = snug_room_new ("garden", 3, NULL);
  g_autoptr (GPtrArray) first = join (room, "a", TRUE);
  g_autoptr (GPtrArray) second = join (room, "b", TRUE);
  g_autoptr (GPtrArray) third = join (room, "c", TRUE);
  const char *const there[] = { "a", "b", NULL };
  const char *const nobody[] = { NULL };

  g_assert_cmpstr (snug_room_get_id (room), ==, "garden");
  g_assert_cmpuint (snug_room_get_n_members (room), ==, 3);

  g_assert_cmpuint (first->len, ==, 1);
  assert_delivery (first, 0, "a", SNUG_MESSAGE_JOINED);
  g_assert_cmpstrv (snug_message_get_members (nth (first, 0)->message), nobody);

  g_assert_cmpuint (second->len, ==, 2);
  assert_delivery (second, 0, "b", SNUG_MESSAGE_JOINED);
  assert_delivery (second, 1, "a", SNUG_MESSAGE_PEER_JOINED);

  /* In the order in which they came; and nobody hears of the newcomer before it hears of them. */
  g_assert_cmpuint (third->len, ==, 3);
  assert_delivery (third, 0, "c", SNUG_MESSAGE_JOINED);
  assert_delivery (third, 1, "a", SNUG_MESSAGE_PEER_JOINED);
  assert_delivery (third, 2, "b", SNUG_MESSAGE_PEER_JOINED);
  g_assert_cmpstr (snug_message_get_id (nth (third, 0)->message), ==, "c");
  g_assert_cmpstrv (snug_message_get_members (nth (third, 0)->message), there);
  g_assert_cmpstr (snug_message_get_peer_id (nth (third, 2)->message), ==, "c");
}

static void
test_ice_servers (void)
{
  const char *const uris[] = { "stun:a.example", NULL };
  const SnugIceServer server = { uris, "u", "p" };
  g_autoptr (SnugRoom) room = snug_room_new ("garden", 3, NULL);
  gboolean joined = FALSE;
  g_autoptr (GPtrArray) deliveries = snug_room_join (room, "a", &server, 1, &joined);
  const SnugIceServer *told;
  gsize n;

  told = snug_message_get_ice_servers (nth (deliveries, 0)->message, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (told[0].uris[0], ==, "stun:a.example");
  g_assert_cmpstr (told[0].credential, ==, "p");
}

static void
test_full (void)
{
  g_autoptr (SnugRoom) room = snug_room_new ("garden", 2, NULL);
  g_autoptr (GPtrArray) third = NULL, again = NULL;

  fill (room, "ab");
  third = join (room, "c", FALSE);
  assert_error (third, "c", SNUG_PROTOCOL_ERROR_ROOM_FULL);
  g_assert_cmpuint (snug_room_get_n_members (room), ==, 2);

  /* A place that gets free is free. */
  g_ptr_array_unref (snug_room_leave (room, "a", FALSE));
  again = join (room, "c", TRUE);
  g_assert_cmpuint (again->len, ==, 2);
  assert_delivery (again, 1, "b", SNUG_MESSAGE_PEER_JOINED);
}

static void
test_leave (void)
{
  g_autoptr (SnugRoom) room = snug_room_new ("garden", 3, NULL);
  g_autoptr (GPtrArray) stranger = NULL, left = NULL, again = NULL, last_but_one = NULL, last = NULL;

  fill (room, "abc");
  stranger = snug_room_leave (room, "x", FALSE);
  left = snug_room_leave (room, "b", FALSE);
  again = snug_room_leave (room, "b", FALSE);
  last_but_one = snug_room_leave (room, "a", FALSE);
  last = snug_room_leave (room, "c", FALSE);
  g_assert_cmpuint (stranger->len, ==, 0);
  g_assert_cmpuint (left->len, ==, 2);
  assert_delivery (left, 0, "a", SNUG_MESSAGE_PEER_LEFT);
  assert_delivery (left, 1, "c", SNUG_MESSAGE_PEER_LEFT);
  g_assert_cmpstr (snug_message_get_peer_id (nth (left, 0)->message), ==, "b");
  g_assert_cmpuint (again->len, ==, 0);
  g_assert_cmpuint (last_but_one->len, ==, 1);
  g_assert_cmpuint (last->len, ==, 0);
  g_assert_cmpuint (snug_room_get_n_members (room), ==, 0);
}

static void
test_relay (void)
{
  g_autoptr (SnugRoom) room = snug_room_new ("garden", 3, NULL);
  g_autoptr (GPtrArray) relayed = NULL, stranger = NULL, oneself = NULL, gone = NULL;

  fill (room, "ab");
  relayed = snug_room_relay (room, "a", "b", "not even {JSON");
  stranger = snug_room_relay (room, "a", "x", "hi");
  oneself = snug_room_relay (room, "a", "a", "hi");
  g_ptr_array_unref (snug_room_leave (room, "b", FALSE));
  gone = snug_room_relay (room, "a", "b", "hi");
  g_assert_cmpuint (relayed->len, ==, 1);
  assert_delivery (relayed, 0, "b", SNUG_MESSAGE_SIGNAL);
  g_assert_cmpstr (snug_message_get_peer_id (nth (relayed, 0)->message), ==, "a");
  g_assert_cmpstr (snug_message_get_payload (nth (relayed, 0)->message), ==, "not even {JSON");
  assert_error (stranger, "a", SNUG_PROTOCOL_ERROR_NO_SUCH_PEER);
  assert_error (oneself, "a", SNUG_PROTOCOL_ERROR_NO_SUCH_PEER);
  assert_error (gone, "a", SNUG_PROTOCOL_ERROR_NO_SUCH_PEER);
}

/* Thousands of random moves against a list kept by hand: who is told what always adds up. */
static void
test_random_walk (void)
{
  g_autoptr (SnugRoom) room = snug_room_new ("garden", 5, NULL);
  gboolean inside[10] = { FALSE };
  guint n_inside = 0;

  for (guint step = 0; step < 5000; step++)
    {
      guint who = (guint) g_test_rand_int_range (0, 10);
      g_autofree char *id = g_strdup_printf ("m%u", who);
      g_autoptr (GPtrArray) deliveries = NULL;
      guint expected;

      if (inside[who])
        {
          expected = n_inside - 1;
          deliveries = snug_room_leave (room, id, FALSE);
          inside[who] = FALSE;
          n_inside--;
        }
      else
        {
          gboolean fits = n_inside < 5;

          expected = fits ? n_inside + 1 : 1;
          deliveries = join (room, id, fits);
          inside[who] = fits;
          n_inside += fits;
        }
      g_assert_cmpuint (deliveries->len, ==, expected);
      g_assert_cmpuint (snug_room_get_n_members (room), ==, n_inside);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room/join", test_join);
  g_test_add_func ("/room/ice-servers", test_ice_servers);
  g_test_add_func ("/room/full", test_full);
  g_test_add_func ("/room/leave", test_leave);
  g_test_add_func ("/room/relay", test_relay);
  g_test_add_func ("/room/random-walk", test_random_walk);
  return g_test_run ();
}

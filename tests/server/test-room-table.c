/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-fixtures.h"
#include "snug-room-table.h"

/* What a client is told, as "to:kind" words in order; errors as "to:code". */
static char *
summarize (GPtrArray *deliveries)
{
  static const char *const kinds[]
    = { NULL, "join", "joined", "peer-joined", "peer-left", "signal", "leave", NULL };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < deliveries->len; i++)
    {
      const SnugDelivery *delivery = g_ptr_array_index (deliveries, i);
      SnugMessageKind kind = snug_message_get_kind (delivery->message);
      const char *word = kind == SNUG_MESSAGE_ERROR
                           ? snug_protocol_error_to_string (snug_message_get_error_code (delivery->message))
                           : kinds[kind];

      g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", delivery->to, word);
    }
  g_ptr_array_unref (deliveries);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* message: (transfer full) */
static void
assert_told (SnugRoomTable *table, const char *id, SnugMessage *message, const char *expected)
{
  g_autofree char *told = summarize (snug_room_table_handle (table, id, message));

  g_assert_cmpstr (told, ==, expected);
  snug_message_unref (message);
}

static void
assert_removed (SnugRoomTable *table, const char *id, const char *expected)
{
  g_autofree char *told = summarize (snug_room_table_remove (table, id));

  g_assert_cmpstr (told, ==, expected);
}

static SnugMessage *
join (const char *room)
{
  return snug_message_new_join (room);
}

static SnugMessage *
signal_to (const char *id)
{
  return snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, id, "hi");
}

static void
test_life_of_rooms (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();

  assert_told (table, "a", join (SNUG_TEST_ROOM), "a:joined");
  assert_told (table, "b", join (SNUG_TEST_OTHER_ROOM), "b:joined");
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 2);
  assert_told (table, "c", join (SNUG_TEST_ROOM), "c:joined a:peer-joined");
  g_assert_true (snug_room_table_is_member (table, "a"));
  assert_told (table, "a", snug_message_new_leave (), "c:peer-left");
  g_assert_false (snug_room_table_is_member (table, "a"));
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 2);
  assert_removed (table, "c", "");
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 1);
  assert_removed (table, "c", "");
  assert_told (table, "c", join (SNUG_TEST_ROOM), "c:joined");
}

static void
test_order_of_things (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();

  assert_told (table, "a", signal_to ("b"), "a:not-joined");
  assert_told (table, "a", snug_message_new_leave (), "a:not-joined");
  assert_told (table, "a", join (SNUG_TEST_ROOM), "a:joined");
  assert_told (table, "a", join (SNUG_TEST_ROOM), "a:already-joined");
  assert_told (table, "a", join (SNUG_TEST_OTHER_ROOM), "a:already-joined");
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 1);
  assert_told (table, "a", snug_message_new_leave (), "");
  assert_told (table, "a", snug_message_new_leave (), "a:not-joined");
  assert_told (table, "a", join (SNUG_TEST_OTHER_ROOM), "a:joined");
}

static void
test_walls (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();

  assert_told (table, "a", join (SNUG_TEST_ROOM), "a:joined");
  assert_told (table, "b", join (SNUG_TEST_OTHER_ROOM), "b:joined");
  assert_told (table, "a", signal_to ("b"), "a:no-such-peer");
  assert_told (table, "c", join (SNUG_TEST_ROOM), "c:joined a:peer-joined");
  assert_told (table, "a", signal_to ("c"), "c:signal");
  assert_told (table, "c", signal_to ("a"), "a:signal");
}

static void
test_room_size (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();

  g_assert_cmpuint (snug_room_table_get_room_size (table), ==, SNUG_ROOM_SIZE_DEFAULT);
  snug_room_table_set_room_size (table, 1);
  assert_told (table, "a", join (SNUG_TEST_ROOM), "a:joined");
  assert_told (table, "b", join (SNUG_TEST_ROOM), "b:room-full");
  g_assert_false (snug_room_table_is_member (table, "b"));
  assert_told (table, "b", join (SNUG_TEST_OTHER_ROOM), "b:joined");
  snug_room_table_set_room_size (table, 2);
  assert_told (table, "c", join (SNUG_TEST_ROOM), "c:room-full");
  assert_removed (table, "a", "");
  assert_told (table, "c", join (SNUG_TEST_ROOM), "c:joined");
  assert_told (table, "a", join (SNUG_TEST_ROOM), "a:joined c:peer-joined");
}

#define TOKEN "0123456789abcdef0123456789abcdef"
#define OTHER_TOKEN "fedcba9876543210fedcba9876543210"
#define SECOND G_USEC_PER_SEC

static SnugMessage *
come (const char *room, const char *token)
{
  return snug_message_new_join_with_token (room, token);
}

static void
assert_lost (SnugRoomTable *table, const char *connection, gint64 now, const char *expected)
{
  g_autofree char *told = summarize (snug_room_table_lose (table, connection, now));

  g_assert_cmpstr (told, ==, expected);
}

static void
assert_expired (SnugRoomTable *table, gint64 now, const char *expected)
{
  g_autofree char *told = summarize (snug_room_table_expire (table, now));

  g_assert_cmpstr (told, ==, expected);
}

static void
test_come_back (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();
  g_autofree char *id = snug_protocol_id_of_token (TOKEN);
  g_autoptr (GPtrArray) told = NULL;
  g_autoptr (SnugMessage) again = come (SNUG_TEST_ROOM, TOKEN);
  const SnugDelivery *delivery;

  assert_told (table, "a", come (SNUG_TEST_ROOM, TOKEN), "a:joined");
  assert_told (table, "b", join (SNUG_TEST_ROOM), "b:joined a:peer-joined");
  /* To the others it is who it is, not its connection. */
  assert_told (table, "b", signal_to ("a"), "b:no-such-peer");
  assert_told (table, "b", signal_to (id), "a:signal");

  /* Away: nobody hears of it, what is said to it waits, newcomers find it. */
  assert_lost (table, "a", 0, "");
  g_assert_false (snug_room_table_is_member (table, "a"));
  g_assert_cmpuint (snug_room_table_get_n_away (table), ==, 1);
  assert_told (table, "b", signal_to (id), "");
  assert_told (table, "c", join (SNUG_TEST_ROOM), "c:joined b:peer-joined");
  assert_told (table, "c", signal_to (id), "");
  assert_told (table, "b", snug_message_new_leave (), "c:peer-left");
  assert_expired (table, 30 * SECOND - 1, "");

  /* Back: who is there now, and then what was said, in order. */
  told = snug_room_table_handle (table, "d", again);
  g_assert_null (snug_room_table_take_replaced (table));
  g_assert_cmpuint (told->len, ==, 3);
  delivery = told->pdata[0];
  g_assert_cmpstr (delivery->to, ==, "d");
  g_assert_true (snug_message_get_resumed (delivery->message));
  g_assert_cmpstr (snug_message_get_id (delivery->message), ==, id);
  g_assert_cmpuint (g_strv_length ((GStrv) snug_message_get_members (delivery->message)), ==, 1);
  delivery = told->pdata[1];
  g_assert_cmpstr (snug_message_get_peer_id (delivery->message), ==, "b");
  delivery = told->pdata[2];
  g_assert_cmpstr (snug_message_get_peer_id (delivery->message), ==, "c");
  g_assert_cmpuint (snug_room_table_get_n_away (table), ==, 0);
  assert_expired (table, 1000 * SECOND, "");
  assert_told (table, "c", signal_to (id), "d:signal");
  assert_told (table, "d", snug_message_new_leave (), "c:peer-left");
}

static void
test_never_back (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();
  g_autoptr (GPtrArray) told = NULL;

  assert_told (table, "a", come (SNUG_TEST_ROOM, TOKEN), "a:joined");
  assert_told (table, "b", come (SNUG_TEST_ROOM, OTHER_TOKEN), "b:joined a:peer-joined");
  assert_told (table, "c", join (SNUG_TEST_ROOM), "c:joined a:peer-joined b:peer-joined");
  assert_lost (table, "a", 10 * SECOND, "");
  assert_lost (table, "b", 20 * SECOND, "");
  /* Who has no token is gone at once. */
  assert_lost (table, "c", 20 * SECOND, "");
  assert_lost (table, "c", 20 * SECOND, "");
  assert_told (table, "d", join (SNUG_TEST_ROOM), "d:joined");
  assert_expired (table, 40 * SECOND - 1, "");
  told = snug_room_table_expire (table, 40 * SECOND);
  g_assert_cmpuint (told->len, ==, 1);
  g_assert_true (snug_message_get_lost (((SnugDelivery *) told->pdata[0])->message));
  assert_expired (table, 50 * SECOND, "d:peer-left");
  /* Too late: somebody new, with the same id. */
  assert_told (table, "e", come (SNUG_TEST_ROOM, TOKEN), "e:joined d:peer-joined");
  assert_lost (table, "d", 60 * SECOND, "e:peer-left");
  assert_lost (table, "e", 60 * SECOND, "");
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 1);
  assert_expired (table, 90 * SECOND, "");
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 0);
}

static void
test_two_at_once (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();
  g_autofree char *replaced = NULL;
  g_autofree char *moved = NULL;

  assert_told (table, "a", come (SNUG_TEST_ROOM, TOKEN), "a:joined");
  assert_told (table, "b", join (SNUG_TEST_ROOM), "b:joined a:peer-joined");
  assert_told (table, "a", come (SNUG_TEST_ROOM, TOKEN), "a:already-joined");
  /* The old connection has not been missed yet. */
  assert_told (table, "c", come (SNUG_TEST_ROOM, TOKEN), "c:joined");
  replaced = snug_room_table_take_replaced (table);
  g_assert_cmpstr (replaced, ==, "a");
  g_assert_false (snug_room_table_is_member (table, "a"));
  assert_told (table, "a", signal_to ("b"), "a:not-joined");
  assert_lost (table, "a", 0, "");
  g_assert_cmpuint (snug_room_table_get_n_away (table), ==, 0);
  /* In another room it is gone from this one. */
  assert_told (table, "d", come (SNUG_TEST_OTHER_ROOM, TOKEN), "b:peer-left d:joined");
  moved = snug_room_table_take_replaced (table);
  g_assert_cmpstr (moved, ==, "c");
}

static void
test_missed_is_bounded (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();
  g_autofree char *id = snug_protocol_id_of_token (TOKEN);
  g_autofree char *large = g_strnfill (SNUG_PAYLOAD_MAX_BYTES, 'x');
  g_autoptr (SnugMessage) again = come (SNUG_TEST_ROOM, TOKEN);
  g_autoptr (SnugMessage) once_more = come (SNUG_TEST_ROOM, TOKEN);
  g_autoptr (GPtrArray) told = NULL;

  assert_told (table, "a", come (SNUG_TEST_ROOM, TOKEN), "a:joined");
  assert_told (table, "b", join (SNUG_TEST_ROOM), "b:joined a:peer-joined");
  assert_lost (table, "a", 0, "");
  for (guint i = 0; i < 3 * SNUG_MISSED_MAX; i++)
    assert_told (table, "b", signal_to (id), "");
  told = snug_room_table_handle (table, "c", again);
  g_assert_cmpuint (told->len, ==, 1 + SNUG_MISSED_MAX);

  assert_lost (table, "c", 0, "");
  for (guint i = 0; i < SNUG_MISSED_MAX; i++)
    assert_told (table, "b", snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, id, large), "");
  g_ptr_array_unref (told);
  told = snug_room_table_handle (table, "d", once_more);
  g_assert_cmpuint (told->len, ==, 1 + SNUG_MISSED_MAX_BYTES / SNUG_PAYLOAD_MAX_BYTES);
}

static void
test_full_of_absent (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();

  snug_room_table_set_room_size (table, 1);
  assert_told (table, "a", come (SNUG_TEST_ROOM, TOKEN), "a:joined");
  assert_lost (table, "a", 0, "");
  /* A place that is kept is taken. */
  assert_told (table, "b", come (SNUG_TEST_ROOM, OTHER_TOKEN), "b:room-full");
  assert_told (table, "c", join (SNUG_TEST_ROOM), "c:room-full");
  assert_told (table, "d", come (SNUG_TEST_ROOM, TOKEN), "d:joined");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room-table/life-of-rooms", test_life_of_rooms);
  g_test_add_func ("/room-table/order-of-things", test_order_of_things);
  g_test_add_func ("/room-table/walls", test_walls);
  g_test_add_func ("/room-table/room-size", test_room_size);
  g_test_add_func ("/room-table/come-back", test_come_back);
  g_test_add_func ("/room-table/never-back", test_never_back);
  g_test_add_func ("/room-table/two-at-once", test_two_at_once);
  g_test_add_func ("/room-table/missed-is-bounded", test_missed_is_bounded);
  g_test_add_func ("/room-table/full-of-absent", test_full_of_absent);

  return g_test_run ();
}

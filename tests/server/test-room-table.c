/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
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
  return snug_message_new_join (room, "Somebody");
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

  assert_told (table, "a", join ("garden"), "a:joined");
  assert_told (table, "b", join ("kitchen"), "b:joined");
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 2);
  assert_told (table, "c", join ("garden"), "c:joined a:peer-joined");
  g_assert_true (snug_room_table_is_member (table, "a"));
  assert_told (table, "a", snug_message_new_leave (), "c:peer-left");
  g_assert_false (snug_room_table_is_member (table, "a"));
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 2);
  assert_removed (table, "c", "");
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 1);
  assert_removed (table, "c", "");
  assert_told (table, "c", join ("garden"), "c:joined");
}

static void
test_order_of_things (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();

  assert_told (table, "a", signal_to ("b"), "a:not-joined");
  assert_told (table, "a", snug_message_new_leave (), "a:not-joined");
  assert_told (table, "a", join ("garden"), "a:joined");
  assert_told (table, "a", join ("garden"), "a:already-joined");
  assert_told (table, "a", join ("kitchen"), "a:already-joined");
  g_assert_cmpuint (snug_room_table_get_n_rooms (table), ==, 1);
  assert_told (table, "a", snug_message_new_leave (), "");
  assert_told (table, "a", snug_message_new_leave (), "a:not-joined");
  assert_told (table, "a", join ("kitchen"), "a:joined");
}

static void
test_walls (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();

  assert_told (table, "a", join ("garden"), "a:joined");
  assert_told (table, "b", join ("kitchen"), "b:joined");
  assert_told (table, "a", signal_to ("b"), "a:no-such-peer");
  assert_told (table, "c", join ("garden"), "c:joined a:peer-joined");
  assert_told (table, "a", signal_to ("c"), "c:signal");
  assert_told (table, "c", signal_to ("a"), "a:signal");
}

static void
test_room_size (void)
{
  g_autoptr (SnugRoomTable) table = snug_room_table_new ();

  g_assert_cmpuint (snug_room_table_get_room_size (table), ==, SNUG_ROOM_SIZE_DEFAULT);
  snug_room_table_set_room_size (table, 1);
  assert_told (table, "a", join ("garden"), "a:joined");
  assert_told (table, "b", join ("garden"), "b:room-full");
  g_assert_false (snug_room_table_is_member (table, "b"));
  assert_told (table, "b", join ("kitchen"), "b:joined");
  snug_room_table_set_room_size (table, 2);
  assert_told (table, "c", join ("garden"), "c:room-full");
  assert_removed (table, "a", "");
  assert_told (table, "c", join ("garden"), "c:joined");
  assert_told (table, "a", join ("garden"), "a:joined c:peer-joined");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room-table/life-of-rooms", test_life_of_rooms);
  g_test_add_func ("/room-table/order-of-things", test_order_of_things);
  g_test_add_func ("/room-table/walls", test_walls);
  g_test_add_func ("/room-table/room-size", test_room_size);
  return g_test_run ();
}

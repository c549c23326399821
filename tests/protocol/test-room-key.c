/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room-key.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "snug-await.h"
#include "snug-room-name.h"

static void
test_vectors (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *rooms;

  json_parser_load_from_file (parser, SNUG_FIXTURES_DIR "/seal-vectors.json", &error);
  g_assert_no_error (error);
  rooms = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "rooms");
  for (guint i = 0; i < json_array_get_length (rooms); i++)
    {
      JsonObject *room = json_array_get_object_element (rooms, i);
      const char *name = json_object_get_string_member (room, "name");
      g_autofree char *normal = snug_room_name_normalize (name, NULL);
      g_autoptr (SnugRoomKey) key = snug_room_key_derive (name);
      g_autoptr (GString) hex = g_string_new (NULL);

      for (guint j = 0; j < SNUG_ROOM_KEY_BYTES; j++)
        g_string_append_printf (hex, "%02x", snug_room_key_get_bytes (key)[j]);
      g_assert_cmpstr (normal, ==, name);
      g_assert_cmpstr (snug_room_key_get_room_id (key), ==, json_object_get_string_member (room, "id"));
      g_assert_cmpstr (hex->str, ==, json_object_get_string_member (room, "key"));
      g_assert_true (snug_room_id_is_valid (snug_room_key_get_room_id (key)));
    }
}

static void
on_derived (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  SnugRoomKey **key = user_data;

  *key = snug_room_key_derive_finish (result, &error);
  g_assert_no_error (error);
}

static SnugRoomKey *
derive (const char *name)
{
  SnugRoomKey *key = NULL;

  snug_room_key_derive_async (name, NULL, on_derived, &key);
  g_assert_null (key);
  snug_await (key != NULL);
  return key;
}

static void
test_async (void)
{
  g_autoptr (SnugRoomKey) first = derive ("garden");
  g_autoptr (SnugRoomKey) again = derive ("garden");

  g_assert_true (first == again);
  g_assert_cmpstr (snug_room_key_get_room_id (first), ==, "a0857e330336a067050d0e8c89112e9e");

  /* The eight newest are remembered, not the first. */
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("room-%u", i);
      g_autoptr (SnugRoomKey) other = derive (name);

      g_assert_cmpstr (snug_room_key_get_room_id (other), !=, snug_room_key_get_room_id (first));
    }
  g_clear_pointer (&again, snug_room_key_unref);
  again = derive ("garden");
  g_assert_true (first != again);
  g_assert_cmpstr (snug_room_key_get_room_id (first), ==, snug_room_key_get_room_id (again));
}

static void
on_cancelled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (snug_room_key_derive_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *(gboolean *) user_data = TRUE;
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  snug_room_key_derive_async ("nobody-waits", cancellable, on_cancelled, &done);
  g_cancellable_cancel (cancellable);
  snug_await (done);
}

static void
test_room_id (void)
{
  const char *bad[] = {
    "", "garden", "a0857e330336a067050d0e8c89112e9", "a0857e330336a067050d0e8c89112e9e0",
    "A0857E330336A067050D0E8C89112E9E", "a0857e330336a067050d0e8c89112e9\xff", "a0857e330336a067050d0e8c89112e9 ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (snug_room_id_is_valid (bad[i]));
  g_assert_true (snug_room_id_is_valid ("00000000000000000000000000000000"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/room-key/vectors", test_vectors);
  g_test_add_func ("/room-key/async", test_async);
  g_test_add_func ("/room-key/cancelled", test_cancelled);
  g_test_add_func ("/room-key/room-id", test_room_id);

  return g_test_run ();
}

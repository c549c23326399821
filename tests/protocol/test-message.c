/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-message.h"

#include "snug-fixtures.h"

#include <json-glib/json-glib.h>
#include <string.h>

static SnugMessage *
parse (const char *json, SnugMessageOrigin origin)
{
  g_autoptr (GError) error = NULL;
  SnugMessage *message;

  g_test_message ("%s", json);
  message = snug_message_parse (json, strlen (json), origin, &error);
  g_assert_no_error (error);
  g_assert_nonnull (message);
  return message;
}

/* Takes what was written for the other side's input. */
static SnugMessage *
round_trip (SnugMessage *message, SnugMessageOrigin origin)
{
  g_autofree char *json = snug_message_to_json (message);
  SnugMessage *parsed = parse (json, origin);

  g_assert_cmpint (snug_message_get_kind (parsed), ==, snug_message_get_kind (message));
  g_assert_null (strchr (json, '\n'));
  return parsed;
}

static void
assert_same_json (const char *a, const char *b)
{
  g_autoptr (JsonNode) left = json_from_string (a, NULL);
  g_autoptr (JsonNode) right = json_from_string (b, NULL);

  g_assert_true (json_node_equal (left, right));
}

static void
check_examples (const char *side, SnugMessageOrigin origin, guint n_kinds)
{
  g_autoptr (GPtrArray) examples = snug_fixtures_load_examples (side);
  g_autoptr (GHashTable) kinds = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < examples->len; i++)
    {
      const char *example = g_ptr_array_index (examples, i);
      g_autoptr (SnugMessage) message = parse (example, origin);
      g_autofree char *json = snug_message_to_json (message);

      g_hash_table_add (kinds, GINT_TO_POINTER (snug_message_get_kind (message)));
      assert_same_json (json, example);
    }
  g_assert_cmpuint (g_hash_table_size (kinds), ==, n_kinds);
}

static void
test_examples (void)
{
  check_examples ("client", SNUG_MESSAGE_FROM_CLIENT, 3);
  check_examples ("server", SNUG_MESSAGE_FROM_SERVER, 5);
}

static void
check_invalid (const char *side, SnugMessageOrigin origin)
{
  g_autoptr (GPtrArray) messages = snug_fixtures_load_invalid (side);

  for (guint i = 0; i < messages->len; i++)
    {
      SnugInvalidMessage *invalid = g_ptr_array_index (messages, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (SnugMessage) message = NULL;

      g_test_message ("%s: %s", side, invalid->name);
      message = snug_message_parse (invalid->data, invalid->size, origin, &error);
      g_assert_error (error, SNUG_PROTOCOL_ERROR, (int) invalid->error);
      g_assert_null (message);
      g_assert_nonnull (strstr (error->message, invalid->mentions));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (snug_message_parse (invalid->data, invalid->size, origin, NULL));
    }
}

static void
test_invalid (void)
{
  check_invalid ("client", SNUG_MESSAGE_FROM_CLIENT);
  check_invalid ("server", SNUG_MESSAGE_FROM_SERVER);
}

static void
test_join (void)
{
  g_autoptr (SnugMessage) message = snug_message_new_join (SNUG_TEST_ROOM);
  g_autoptr (SnugMessage) parsed = round_trip (message, SNUG_MESSAGE_FROM_CLIENT);
  g_autoptr (SnugMessage) typed = parse ("{\"type\":\"join\",\"version\":1,\"room\":\"" SNUG_TEST_ROOM "\","
                                         "\"x\":{\"unknown\":[1,2.5e3,null,true]}}",
                                         SNUG_MESSAGE_FROM_CLIENT);

  g_assert_cmpuint (snug_message_get_version (parsed), ==, SNUG_PROTOCOL_VERSION);
  g_assert_cmpstr (snug_message_get_room_id (parsed), ==, SNUG_TEST_ROOM);
  g_assert_cmpstr (snug_message_get_room_id (typed), ==, SNUG_TEST_ROOM);
}

static void
test_joined (void)
{
  const char *const stun[] = { "stun:stun.example.org", NULL };
  const char *const turn[] = { "turn:turn.example.org:3478?transport=udp", "turns:[2001:db8::1]", NULL };
  const SnugIceServer servers[] = { { stun, NULL, NULL }, { turn, "u:@ser", "p\"w" } };
  const char *const members[] = { "a", "b-2_c.d", NULL };
  const char *const nobody[] = { NULL };
  g_autoptr (SnugMessage) message = snug_message_new_joined ("me", members, servers, 2);
  g_autoptr (SnugMessage) parsed = round_trip (message, SNUG_MESSAGE_FROM_SERVER);
  g_autoptr (SnugMessage) alone = snug_message_new_joined ("me", nobody, NULL, 0);
  g_autoptr (SnugMessage) parsed_alone = round_trip (alone, SNUG_MESSAGE_FROM_SERVER);
  const SnugIceServer *ice;
  gsize n;

  g_assert_cmpstr (snug_message_get_id (parsed), ==, "me");
  g_assert_cmpstrv (snug_message_get_members (parsed), members);
  ice = snug_message_get_ice_servers (parsed, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstrv (ice[0].uris, stun);
  g_assert_null (ice[0].username);
  g_assert_null (ice[0].credential);
  g_assert_cmpstrv (ice[1].uris, turn);
  g_assert_cmpstr (ice[1].username, ==, "u:@ser");
  g_assert_cmpstr (ice[1].credential, ==, "p\"w");

  g_assert_cmpstrv (snug_message_get_members (parsed_alone), nobody);
  snug_message_get_ice_servers (parsed_alone, &n);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_joined_lenient (void)
{
  g_autoptr (SnugMessage) message
    = parse ("{\"type\":\"joined\",\"id\":\"a\",\"peers\":[],\"iceServers\":"
             "[{\"urls\":\"stun:a.example\",\"username\":null,\"credential\":null}]}",
             SNUG_MESSAGE_FROM_SERVER);
  g_autoptr (SnugMessage) without
    = parse ("{\"type\":\"joined\",\"id\":\"a\",\"peers\":[]}",
             SNUG_MESSAGE_FROM_SERVER);
  const SnugIceServer *ice;
  gsize n;

  ice = snug_message_get_ice_servers (message, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (ice[0].uris[0], ==, "stun:a.example");
  g_assert_null (ice[0].username);
  snug_message_get_ice_servers (without, &n);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_small_ones (void)
{
  g_autoptr (SnugMessage) peer_joined = snug_message_new_peer_joined ("id");
  g_autoptr (SnugMessage) to_greet = snug_message_new_peer_to_greet ("id");
  g_autoptr (SnugMessage) peer_left = snug_message_new_peer_left ("id");
  g_autoptr (SnugMessage) leave = snug_message_new_leave ();
  g_autoptr (SnugMessage) a = round_trip (peer_joined, SNUG_MESSAGE_FROM_SERVER);
  g_autoptr (SnugMessage) b = round_trip (peer_left, SNUG_MESSAGE_FROM_SERVER);
  g_autoptr (SnugMessage) c = round_trip (leave, SNUG_MESSAGE_FROM_CLIENT);
  g_autoptr (SnugMessage) d = round_trip (to_greet, SNUG_MESSAGE_FROM_SERVER);

  g_assert_cmpstr (snug_message_get_peer_id (a), ==, "id");
  g_assert_cmpstr (snug_message_get_peer_id (b), ==, "id");
  g_assert_cmpint (snug_message_get_kind (c), ==, SNUG_MESSAGE_LEAVE);
  g_assert_false (snug_message_get_greet (a));
  g_assert_true (snug_message_get_greet (d));
}

static void
test_signal (void)
{
  const char *payload = "{\"a\":\"\\r\\n\\\\\"}\r\n\t\b\f\x01\x1f\x7f \xe2\x80\xa8 \xf0\x9f\x98\x80";
  g_autoptr (SnugMessage) out = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "b", payload);
  g_autoptr (SnugMessage) in = snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, "a", payload);
  g_autoptr (SnugMessage) parsed_out = round_trip (out, SNUG_MESSAGE_FROM_CLIENT);
  g_autoptr (SnugMessage) parsed_in = round_trip (in, SNUG_MESSAGE_FROM_SERVER);

  g_assert_cmpstr (snug_message_get_peer_id (parsed_out), ==, "b");
  g_assert_cmpstr (snug_message_get_payload (parsed_out), ==, payload);
  g_assert_cmpstr (snug_message_get_peer_id (parsed_in), ==, "a");
  g_assert_cmpstr (snug_message_get_payload (parsed_in), ==, payload);
}

/* Whatever is accepted from one client fits when it is relayed, even if the one escapes less than it must. */
static void
test_signal_limits (void)
{
  static const char *const units[] = { "a", "\"", "\\", "\n", "\x7f", "\xe2\x82\xac" };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      guint n_accepted = 0;

      for (gsize size = 32000; size <= SNUG_PAYLOAD_MAX_BYTES; size += 37)
        {
          g_autoptr (GString) payload = g_string_new (NULL);
          g_autoptr (SnugMessage) message = NULL, parsed = NULL, relayed = NULL;
          g_autofree char *json = NULL, *relayed_json = NULL;
          g_autoptr (GError) error = NULL;

          while (payload->len + strlen (units[i]) <= size)
            g_string_append (payload, units[i]);
          message = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "b", payload->str);
          json = snug_message_to_json (message);
          parsed = snug_message_parse (json, strlen (json), SNUG_MESSAGE_FROM_CLIENT, &error);
          if (parsed == NULL)
            {
              g_assert_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_TOO_LARGE);
              break;
            }
          n_accepted++;
          relayed = snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER,
                                             "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                                             snug_message_get_payload (parsed));
          relayed_json = snug_message_to_json (relayed);
          g_assert_cmpuint (strlen (relayed_json), <=, SNUG_MESSAGE_MAX_BYTES);
        }
      g_assert_cmpuint (n_accepted, >, 0);
    }
}

static void
test_error (void)
{
  for (guint code = SNUG_PROTOCOL_ERROR_NOT_UTF8; code <= SNUG_PROTOCOL_ERROR_OTHER; code++)
    {
      g_autoptr (SnugMessage) message = snug_message_new_error (code, "text");
      g_autoptr (SnugMessage) parsed = round_trip (message, SNUG_MESSAGE_FROM_SERVER);

      g_assert_cmpint (snug_message_get_error_code (parsed), ==, code);
      g_assert_cmpstr (snug_message_get_error_text (parsed), ==, "text");
    }
}

static void
test_error_lenient (void)
{
  g_autoptr (SnugMessage) unknown
    = parse ("{\"type\":\"error\",\"code\":\"out-of-tea\"}", SNUG_MESSAGE_FROM_SERVER);
  g_autoptr (SnugMessage) silent = snug_message_new_error (SNUG_PROTOCOL_ERROR_ROOM_FULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (SnugMessage) long_one = NULL, parsed = NULL;

  g_assert_cmpint (snug_message_get_error_code (unknown), ==, SNUG_PROTOCOL_ERROR_OTHER);
  g_assert_cmpstr (snug_message_get_error_text (unknown), ==, "");
  g_assert_cmpstr (snug_message_get_error_text (silent), ==, "");

  /* Cut between characters. */
  for (guint i = 0; i < SNUG_ERROR_TEXT_MAX_BYTES; i++)
    g_string_append (text, "\xe2\x82\xac");
  long_one = snug_message_new_error (SNUG_PROTOCOL_ERROR_OTHER, text->str);
  parsed = round_trip (long_one, SNUG_MESSAGE_FROM_SERVER);
  g_assert_cmpuint (strlen (snug_message_get_error_text (parsed)), ==,
                    SNUG_ERROR_TEXT_MAX_BYTES / 3 * 3);
}

/* A buffer from the network does not end in NUL. */
static void
test_not_terminated (void)
{
  const char *json = "{\"type\":\"leave\"}";
  gsize size = strlen (json);
  g_autofree char *exact = g_memdup2 (json, size);
  g_autoptr (SnugMessage) message = snug_message_parse (exact, size, SNUG_MESSAGE_FROM_CLIENT,
                                                        NULL);

  g_assert_nonnull (message);
  g_assert_null (snug_message_parse (NULL, 0, SNUG_MESSAGE_FROM_CLIENT, NULL));
}

static void
test_boxed (void)
{
  g_autoptr (SnugMessage) message = snug_message_new_leave ();
  GValue value = G_VALUE_INIT;

  g_value_init (&value, SNUG_TYPE_MESSAGE);
  g_value_set_boxed (&value, message);
  g_assert_true (g_value_get_boxed (&value) == message);
  g_value_unset (&value);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/examples", test_examples);
  g_test_add_func ("/message/invalid", test_invalid);
  g_test_add_func ("/message/join", test_join);
  g_test_add_func ("/message/joined", test_joined);
  g_test_add_func ("/message/joined-lenient", test_joined_lenient);
  g_test_add_func ("/message/small-ones", test_small_ones);
  g_test_add_func ("/message/signal", test_signal);
  g_test_add_func ("/message/signal-limits", test_signal_limits);
  g_test_add_func ("/message/error", test_error);
  g_test_add_func ("/message/error-lenient", test_error_lenient);
  g_test_add_func ("/message/not-terminated", test_not_terminated);
  g_test_add_func ("/message/boxed", test_boxed);
  return g_test_run ();
}

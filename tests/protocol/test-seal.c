/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-seal-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

static SnugRoomKey *key, *other_key;

typedef struct
{
  SnugSealedPair *newcomer;
  SnugSealedPair *member;
} Pairs;

static void
setup (Pairs *pairs, gconstpointer data)
{
  pairs->newcomer = snug_sealed_pair_new (key, "new", "old", TRUE);
  pairs->member = snug_sealed_pair_new (key, "old", "new", FALSE);
}

static void
teardown (Pairs *pairs, gconstpointer data)
{
  snug_sealed_pair_free (pairs->newcomer);
  snug_sealed_pair_free (pairs->member);
}

/* Returns: (transfer full): the payload, which must be there. */
static char *
seal (SnugSealedPair *pair, const char *text)
{
  char *payload = snug_sealed_pair_seal (pair, text);

  g_assert_nonnull (payload);
  g_assert_cmpuint (strlen (payload), <=, SNUG_PAYLOAD_MAX_BYTES);
  return payload;
}

static void
assert_opens (SnugSealedPair *pair, const char *payload, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = snug_sealed_pair_open (pair, payload, &error);

  g_assert_no_error (error);
  g_strchomp (text);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_refused (SnugSealedPair *pair, const char *payload, SnugSealError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (snug_sealed_pair_open (pair, payload, &error));
  g_assert_error (error, SNUG_SEAL_ERROR, (int) code);
}

static void
say (SnugSealedPair *from, SnugSealedPair *to, const char *text)
{
  g_autofree char *payload = seal (from, text);

  assert_opens (to, payload, text);
}

static void
greet (Pairs *pairs)
{
  say (pairs->newcomer, pairs->member, "I am new");
  say (pairs->member, pairs->newcomer, "I am old");
}

static void
test_talk (Pairs *pairs, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (SNUG_SEALED_TEXT_MAX_BYTES, 'x');
  g_autofree char *too_long = g_strnfill (SNUG_SEALED_TEXT_MAX_BYTES + 1, 'x');

  /* The member waits to be greeted, the newcomer for an answer. */
  g_assert_null (snug_sealed_pair_seal (pairs->member, "hello?"));
  say (pairs->newcomer, pairs->member, "I am new");
  g_assert_null (snug_sealed_pair_seal (pairs->newcomer, "hello?"));
  g_assert_false (snug_sealed_pair_get_proven (pairs->member));
  say (pairs->member, pairs->newcomer, "I am old");
  g_assert_true (snug_sealed_pair_get_proven (pairs->newcomer));
  g_assert_false (snug_sealed_pair_get_proven (pairs->member));
  say (pairs->newcomer, pairs->member, "an offer \xe8\x8a\xb1");
  g_assert_true (snug_sealed_pair_get_proven (pairs->member));
  say (pairs->newcomer, pairs->member, "");
  say (pairs->member, pairs->newcomer, long_text);
  g_assert_null (snug_sealed_pair_seal (pairs->member, too_long));
  say (pairs->member, pairs->newcomer, "still here");
}

/* Nothing that is said twice looks the same, and lengths tell little. */
static void
test_opaque (Pairs *pairs, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *longer = NULL;

  greet (pairs);
  first = seal (pairs->newcomer, "Al");
  second = seal (pairs->newcomer, "Al");
  longer = seal (pairs->newcomer, "Alexandrina Victoria");
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpuint (strlen (first), ==, strlen (longer));
}

static void
test_wrong_key (Pairs *pairs, gconstpointer data)
{
  g_autoptr (SnugSealedPair) elsewhere = snug_sealed_pair_new (other_key, "old", "new", FALSE);
  g_autoptr (SnugSealedPair) third = snug_sealed_pair_new (key, "third", "new", FALSE);
  g_autoptr (SnugSealedPair) renamed = snug_sealed_pair_new (key, "old", "other", FALSE);
  g_autofree char *payload = seal (pairs->newcomer, "I am new");

  assert_refused (elsewhere, payload, SNUG_SEAL_ERROR_KEY); /* another room */
  assert_refused (third, payload, SNUG_SEAL_ERROR_KEY);     /* for somebody else */
  assert_refused (renamed, payload, SNUG_SEAL_ERROR_KEY);   /* from somebody else */
  assert_refused (pairs->newcomer, payload, SNUG_SEAL_ERROR_KEY); /* back to its sender */
  assert_opens (pairs->member, payload, "I am new");
}

/* Each bit: of the nonce, of what is sealed, of the tag. */
static void
test_changed (Pairs *pairs, gconstpointer data)
{
  g_autofree char *payload = seal (pairs->newcomer, "I am new");
  gsize size;
  g_autofree guint8 *box = g_base64_decode (payload, &size);

  for (gsize i = 0; i < size; i++)
    {
      g_autofree char *changed = NULL;

      box[i] ^= 1 << i % 8;
      changed = g_base64_encode (box, size);
      box[i] ^= 1 << i % 8;
      assert_refused (pairs->member, changed, SNUG_SEAL_ERROR_KEY);
    }
  assert_opens (pairs->member, payload, "I am new");
}

static void
test_malformed (Pairs *pairs, gconstpointer data)
{
  g_autofree char *payload = seal (pairs->newcomer, "I am new");
  g_autofree char *cut = g_strndup (payload, strlen (payload) - 4);
  g_autofree char *spaced = g_strconcat (" ", payload, NULL);
  g_autofree char *doubled = g_strconcat (payload, payload, NULL);
  g_autofree char *huge = g_strnfill (SNUG_PAYLOAD_MAX_BYTES + 4, 'A');
  const char *const texts[] = { "", "=", "====", "AAAA", "{\"type\":\"introduction\",\"name\":\"A\"}", "\xff\xfe", spaced, huge };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (pairs->member, texts[i], SNUG_SEAL_ERROR_MALFORMED);
  assert_refused (pairs->member, cut, SNUG_SEAL_ERROR_KEY);
  assert_refused (pairs->member, doubled, SNUG_SEAL_ERROR_MALFORMED);
  /* The unused bits of the last digit are part of it. */
  g_assert_true (g_str_has_suffix (payload, "="));
  payload[strlen (payload) - 2 - g_str_has_suffix (payload, "==")]++;
  assert_refused (pairs->member, payload, SNUG_SEAL_ERROR_MALFORMED);
}

static void
test_replayed (Pairs *pairs, gconstpointer data)
{
  g_autofree char *greeting = seal (pairs->newcomer, "I am new");
  g_autofree char *answer = NULL;
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  assert_opens (pairs->member, greeting, "I am new");
  assert_refused (pairs->member, greeting, SNUG_SEAL_ERROR_GREETING);
  answer = seal (pairs->member, "I am old");
  assert_opens (pairs->newcomer, answer, "I am old");
  assert_refused (pairs->newcomer, answer, SNUG_SEAL_ERROR_ORDER);

  first = seal (pairs->newcomer, "1");
  second = seal (pairs->newcomer, "2");
  third = seal (pairs->newcomer, "3");
  assert_opens (pairs->member, first, "1");
  assert_opens (pairs->member, third, "3");
  assert_refused (pairs->member, second, SNUG_SEAL_ERROR_ORDER);
  assert_refused (pairs->member, third, SNUG_SEAL_ERROR_ORDER);
  assert_refused (pairs->member, greeting, SNUG_SEAL_ERROR_GREETING);
  say (pairs->newcomer, pairs->member, "4");
}

/* A server can give the same ids again, but not bring back what was said under them. */
static void
test_another_stay (Pairs *pairs, gconstpointer data)
{
  g_autoptr (SnugSealedPair) newcomer = snug_sealed_pair_new (key, "new", "old", TRUE);
  g_autoptr (SnugSealedPair) member = snug_sealed_pair_new (key, "old", "new", FALSE);
  g_autofree char *old_greeting = seal (pairs->newcomer, "I am new");
  g_autofree char *old_answer = NULL, *old_offer = NULL, *old_word = NULL, *answer = NULL;

  assert_opens (pairs->member, old_greeting, "I am new");
  old_answer = seal (pairs->member, "I am old");
  assert_opens (pairs->newcomer, old_answer, "I am old");
  old_offer = seal (pairs->newcomer, "an offer");
  old_word = seal (pairs->member, "a word");

  /* The newcomer takes no answer but to its own greeting. */
  g_free (seal (newcomer, "I am new again"));
  assert_refused (newcomer, old_answer, SNUG_SEAL_ERROR_SESSION);
  assert_refused (newcomer, old_word, SNUG_SEAL_ERROR_SESSION);

  /* The member answers an old greeting, but nobody can go on from there. */
  assert_refused (member, old_offer, SNUG_SEAL_ERROR_SESSION);
  assert_opens (member, old_greeting, "I am new");
  assert_refused (member, old_offer, SNUG_SEAL_ERROR_SESSION);
  answer = seal (member, "I am old");
  assert_refused (newcomer, answer, SNUG_SEAL_ERROR_SESSION);
  g_assert_false (snug_sealed_pair_get_proven (member));
  g_assert_false (snug_sealed_pair_get_proven (newcomer));
}

static char *
box_plain (const guint8 *plain, gsize size)
{
  const guint8 nonce[SNUG_SEAL_NONCE_BYTES] = { 0 };

  return snug_seal_box (key, "new", "old", nonce, plain, size);
}

/* Who has the key may still break the rules. */
static void
test_bad_insides (Pairs *pairs, gconstpointer data)
{
  guint8 plain[SNUG_SEAL_HEADER_BYTES + 4] = { 1 };
  g_autofree char *no_sequence = box_plain (plain, sizeof plain);
  g_autofree char *not_utf8 = NULL, *nul = NULL, *guessed = NULL, *short_one = NULL, *good = NULL;

  assert_refused (pairs->member, no_sequence, SNUG_SEAL_ERROR_ORDER);
  plain[SNUG_SEAL_HEADER_BYTES - 1] = 1;
  nul = box_plain (plain, sizeof plain);
  assert_refused (pairs->member, nul, SNUG_SEAL_ERROR_MALFORMED);
  memcpy (plain + SNUG_SEAL_HEADER_BYTES, "ab\xff ", 4);
  not_utf8 = box_plain (plain, sizeof plain);
  assert_refused (pairs->member, not_utf8, SNUG_SEAL_ERROR_MALFORMED);
  short_one = box_plain (plain, SNUG_SEAL_HEADER_BYTES - 1);
  assert_refused (pairs->member, short_one, SNUG_SEAL_ERROR_MALFORMED);
  memcpy (plain + SNUG_SEAL_HEADER_BYTES, "abcd", 4);
  plain[SNUG_SEAL_SESSION_BYTES] = 1;
  guessed = box_plain (plain, sizeof plain);
  assert_refused (pairs->member, guessed, SNUG_SEAL_ERROR_SESSION);
  /* None of it has left anything behind. */
  plain[SNUG_SEAL_SESSION_BYTES] = 0;
  good = box_plain (plain, sizeof plain);
  assert_opens (pairs->member, good, "abcd");
}

/* A server that tells both of them that the other one was there before. */
static void
test_two_newcomers (Pairs *pairs, gconstpointer data)
{
  g_autoptr (SnugSealedPair) other = snug_sealed_pair_new (key, "old", "new", TRUE);
  g_autofree char *greeting = seal (other, "I am new, too");

  g_free (seal (pairs->newcomer, "I am new"));
  assert_refused (pairs->newcomer, greeting, SNUG_SEAL_ERROR_GREETING);
}

static void
hex_to_bytes (const char *hex, guint8 *bytes, gsize size)
{
  g_assert_cmpuint (strlen (hex), ==, 2 * size);
  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
}

static void
test_vectors (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *sealed;

  json_parser_load_from_file (parser, SNUG_FIXTURES_DIR "/seal-vectors.json", &error);
  g_assert_no_error (error);
  sealed = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "sealed");
  g_assert_cmpuint (json_array_get_length (sealed), >, 0);
  for (guint i = 0; i < json_array_get_length (sealed); i++)
    {
      JsonObject *vector = json_array_get_object_element (sealed, i);
      g_autoptr (SnugRoomKey) room = snug_room_key_derive (json_object_get_string_member (vector, "room"));
      const char *from = json_object_get_string_member (vector, "from");
      const char *to = json_object_get_string_member (vector, "to");
      const char *payload = json_object_get_string_member (vector, "payload");
      const char *text = json_object_get_string_member (vector, "text");
      guint8 nonce[SNUG_SEAL_NONCE_BYTES];
      g_autofree guint8 *opened = NULL;
      g_autofree char *again = NULL;
      gsize size;

      opened = snug_seal_unbox (room, from, to, payload, &size, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (size % SNUG_SEAL_BLOCK_BYTES, ==, 0);
      g_assert_true (g_str_has_prefix ((char *) opened + SNUG_SEAL_HEADER_BYTES, text));
      hex_to_bytes (json_object_get_string_member (vector, "nonce"), nonce, sizeof nonce);
      again = snug_seal_box (room, from, to, nonce, opened, size);
      g_assert_cmpstr (again, ==, payload);
    }
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  key = snug_room_key_derive ("garden");
  other_key = snug_room_key_derive ("kitchen");

#define ADD(name, test) g_test_add ("/seal/" name, Pairs, NULL, setup, test, teardown)
  ADD ("talk", test_talk);
  ADD ("opaque", test_opaque);
  ADD ("wrong-key", test_wrong_key);
  ADD ("changed", test_changed);
  ADD ("malformed", test_malformed);
  ADD ("replayed", test_replayed);
  ADD ("another-stay", test_another_stay);
  ADD ("bad-insides", test_bad_insides);
  ADD ("two-newcomers", test_two_newcomers);
#undef ADD
  g_test_add_func ("/seal/vectors", test_vectors);

  result = g_test_run ();
  snug_room_key_unref (key);
  snug_room_key_unref (other_key);
  return result;
}

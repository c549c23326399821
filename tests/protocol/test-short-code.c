/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-short-code.h"

#include "snug-emoji.h"

#include <json-glib/json-glib.h>
#include <string.h>

static JsonObject *
load_vectors (JsonParser *parser)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, SNUG_FIXTURES_DIR "/code-vectors.json", &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static void
test_symbols (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *expected = json_object_get_array_member (load_vectors (parser), "symbols");

  g_assert_cmpuint (json_array_get_length (expected), ==, SNUG_SHORT_CODE_N_SYMBOLS);
  for (guint i = 0; i < SNUG_SHORT_CODE_N_SYMBOLS; i++)
    {
      const SnugShortCodeSymbol *symbol = snug_short_code_get_symbol (i);
      JsonArray *pair = json_array_get_array_element (expected, i);

      g_assert_cmpstr (symbol->emoji, ==, json_array_get_string_element (pair, 0));
      g_assert_cmpstr (symbol->word, ==, json_array_get_string_element (pair, 1));
      g_assert_true (snug_emoji_is_single (symbol->emoji));
      g_assert_true (g_hash_table_add (seen, (gpointer) symbol->emoji));
      g_assert_true (g_hash_table_add (seen, (gpointer) symbol->word));
      for (const char *letter = symbol->word; *letter != '\0'; letter++)
        g_assert_true (g_ascii_islower (*letter));
    }
}

static void
check_side (JsonObject *own, JsonObject *peer, JsonObject *vector)
{
  const char *fingerprint = json_object_get_string_member (own, "fingerprint");
  const char *other = json_object_get_string_member (peer, "fingerprint");
  const char *nonce = json_object_get_string_member (own, "nonce");
  const char *expected = json_object_get_string_member (own, "commitment");
  g_autofree char *commitment = snug_short_code_commit (fingerprint, other, nonce);
  JsonArray *symbols = json_object_get_array_member (vector, "symbols");
  g_autofree char *words = NULL;
  g_autofree char *emoji = NULL;
  SnugShortCode code;

  g_assert_cmpstr (commitment, ==, expected);
  g_assert_true (snug_short_code_opens (expected, fingerprint, other, nonce));
  /* What the other side says of itself opens nothing of ours, and neither does any other nonce. */
  g_assert_false (snug_short_code_opens (expected, other, fingerprint, nonce));
  g_assert_false (snug_short_code_opens (expected, fingerprint, other, json_object_get_string_member (peer, "nonce")));
  g_assert_false (snug_short_code_opens ("", fingerprint, other, nonce));

  snug_short_code_make (fingerprint, nonce, other, json_object_get_string_member (peer, "nonce"), &code);
  g_assert_cmpuint (json_array_get_length (symbols), ==, SNUG_SHORT_CODE_LENGTH);
  for (guint i = 0; i < SNUG_SHORT_CODE_LENGTH; i++)
    g_assert_cmpint (code.symbols[i], ==, json_array_get_int_element (symbols, i));
  words = snug_short_code_to_words (&code);
  emoji = snug_short_code_to_emoji (&code);
  g_assert_cmpstr (words, ==, json_object_get_string_member (vector, "words"));
  g_assert_cmpstr (emoji, ==, json_object_get_string_member (vector, "emoji"));
}

static void
test_vectors (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *codes = json_object_get_array_member (load_vectors (parser), "codes");

  g_assert_cmpuint (json_array_get_length (codes), >, 0);
  for (guint i = 0; i < json_array_get_length (codes); i++)
    {
      JsonObject *vector = json_array_get_object_element (codes, i);
      JsonObject *a = json_object_get_object_member (vector, "a");
      JsonObject *b = json_object_get_object_member (vector, "b");

      check_side (a, b, vector);
      check_side (b, a, vector);
    }
}

static void
test_nonces (void)
{
  g_autofree char *nonce = snug_short_code_new_nonce ();
  g_autofree char *other = snug_short_code_new_nonce ();

  g_assert_true (snug_short_code_is_digits (nonce));
  g_assert_cmpstr (nonce, !=, other);
  g_assert_false (snug_short_code_is_digits (""));
  g_assert_false (snug_short_code_is_digits (nonce + 1));
  nonce[0] = 'A';
  g_assert_false (snug_short_code_is_digits (nonce));
  nonce[0] = 'g';
  g_assert_false (snug_short_code_is_digits (nonce));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/short-code/symbols", test_symbols);
  g_test_add_func ("/short-code/vectors", test_vectors);
  g_test_add_func ("/short-code/nonces", test_nonces);

  return g_test_run ();
}

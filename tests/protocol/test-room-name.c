/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room-name.h"

#include "snug-protocol.h"
#include "snug-words.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef char *(*Normalize) (const char *text, GError **error);

static void
assert_becomes (Normalize normalize, const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = normalize (text, &error);
  g_autofree char *again = NULL;
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%s", escaped);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, expected);
  again = normalize (name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, expected);
}

static void
assert_refused (Normalize normalize, const char *text, SnugProtocolError code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = normalize (text, &error);
  g_autofree char *escaped = g_strescape (text != NULL ? text : "(null)", NULL);

  g_test_message ("%s", escaped);
  g_assert_error (error, SNUG_PROTOCOL_ERROR, (int) code);
  g_assert_null (name);
  g_assert_null (normalize (text, NULL));
}

static void
test_room_normalize (void)
{
  assert_becomes (snug_room_name_normalize, "garden", "garden");
  assert_becomes (snug_room_name_normalize, "  Our  Garden\t7 \n", "our-garden-7");
  assert_becomes (snug_room_name_normalize, "a \xc2\xa0 b", "a-b");          /* no-break space */
  assert_becomes (snug_room_name_normalize, "a\xe3\x80\x80" "b", "a-b");     /* ideographic space */
  assert_becomes (snug_room_name_normalize, "---", "---");
  assert_becomes (snug_room_name_normalize, "a - b", "a---b");
  assert_becomes (snug_room_name_normalize, "1", "1");
  assert_becomes (snug_room_name_normalize, "STRASSE", "strasse");
  assert_becomes (snug_room_name_normalize, "Stra\xc3\x9f" "e", "strasse");  /* sharp s */
  assert_becomes (snug_room_name_normalize, "Cafe\xcc\x81", "caf\xc3\xa9");  /* combining acute */
  assert_becomes (snug_room_name_normalize, "CAF\xc3\x89", "caf\xc3\xa9");
  assert_becomes (snug_room_name_normalize, "\xce\xa3\xce\x9f\xce\xa6\xce\x9f\xce\xa3",
                  "\xcf\x83\xce\xbf\xcf\x86\xce\xbf\xcf\x83");               /* final sigma */
  assert_becomes (snug_room_name_normalize, "\xe5\xae\xb6\xe6\x97\x8f", "\xe5\xae\xb6\xe6\x97\x8f");
  assert_becomes (snug_room_name_normalize, "\xe0\xa4\x98\xe0\xa4\xb0 \xe0\xa4\x95\xe0\xa5\x80",
                  "\xe0\xa4\x98\xe0\xa4\xb0-\xe0\xa4\x95\xe0\xa5\x80");      /* Devanagari with a vowel sign */
  assert_becomes (snug_room_name_normalize, "\xd9\xa1\xd9\xa2",
                  "\xd9\xa1\xd9\xa2"); /* Arabic digits */
  assert_becomes (snug_room_name_normalize, "\xef\xac\x80", "ff");           /* a ligature */
}

/* The iota below (U+0345) is where folding and composing can chase each other. */
static void
test_room_idempotent (void)
{
  static const char *const pieces[] = {
    "a", "A", "\xc3\x9f", "\xc4\xb0" /* I with dot */, "I\xcc\x87", "\xcc\x81", "\xcd\x85", "\xe1\xbe\x80",
    "\xe1\xbe\xb4", "\xce\x91", "\xe1\xbc\x80", "\xcc\x93", "\xe2\x84\xab" /* Angstrom */, "\xe1\xba\x9e",
    "\xc5\x89", "\xe1\x84\x80\xe1\x85\xa1", "\xe2\x84\xaa" /* Kelvin */, "-", " "
  };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (guint j = 0; j < G_N_ELEMENTS (pieces); j++)
      for (guint k = 0; k < G_N_ELEMENTS (pieces); k++)
        {
          g_autofree char *text = g_strconcat ("x", pieces[i], pieces[j], pieces[k], NULL);
          g_autofree char *name = snug_room_name_normalize (text, NULL);
          g_autofree char *again = name != NULL ? snug_room_name_normalize (name, NULL) : NULL;

          g_assert_cmpstr (again, ==, name);
        }
}

static void
test_room_refused (void)
{
  static const char *const texts[] = {
    "", " ", "\t\n", "\xe2\x80\x83", "a/b", "a_b", "a.b", "a b!", "<b>", "a\xe2\x80\x8b" "b" /* zero width */,
    "\xf0\x9f\x98\x80" /* an emoji */, "\xcc\x81" "a" /* a mark first */, "a-\xcc\x81", "a\xe2\x80\xae" "b",
    "a\x01" "b", "\xc2\xbd" /* one half: a number, no digit */,
  };
  g_autofree char *long_name = g_strnfill (SNUG_ROOM_NAME_MAX_CHARS + 1, 'a');
  g_autofree char *huge = g_strnfill (1000000, ' ');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (snug_room_name_normalize, texts[i], SNUG_PROTOCOL_ERROR_ROOM_NAME);
  assert_refused (snug_room_name_normalize, NULL, SNUG_PROTOCOL_ERROR_ROOM_NAME);
  assert_refused (snug_room_name_normalize, long_name, SNUG_PROTOCOL_ERROR_ROOM_NAME);
  assert_refused (snug_room_name_normalize, huge, SNUG_PROTOCOL_ERROR_ROOM_NAME);
  assert_refused (snug_room_name_normalize, "a\xff" "b", SNUG_PROTOCOL_ERROR_NOT_UTF8);
  assert_refused (snug_room_name_normalize, "\xc3", SNUG_PROTOCOL_ERROR_NOT_UTF8);
  long_name[SNUG_ROOM_NAME_MAX_CHARS] = '\0';
  assert_becomes (snug_room_name_normalize, long_name, long_name);
}

/* The limit counts characters of what comes out: sixty-four of four bytes fit, and what folds to more does not. */
static void
test_room_length_counts_result (void)
{
  g_autoptr (GString) wide = g_string_new (NULL);
  g_autoptr (GString) growing = g_string_new (NULL);

  for (guint i = 0; i < SNUG_ROOM_NAME_MAX_CHARS; i++)
    g_string_append (wide, "\xf0\xa0\x80\x80"); /* a letter outside the basic plane */
  for (guint i = 0; i < SNUG_ROOM_NAME_MAX_CHARS; i++)
    g_string_append (growing, "\xc3\x9f");
  assert_becomes (snug_room_name_normalize, wide->str, wide->str);
  assert_refused (snug_room_name_normalize, growing->str, SNUG_PROTOCOL_ERROR_ROOM_NAME);
}

static void
test_words (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  /* Five of them are 55 bits. */
  g_assert_cmpuint (snug_n_words, ==, 2048);
  for (guint i = 0; i < snug_n_words; i++)
    {
      gsize size = strlen (snug_words[i]);

      g_test_message ("%s", snug_words[i]);
      g_assert_true (g_hash_table_add (seen, (char *) snug_words[i]));
      g_assert_true (i == 0 || (strcmp (snug_words[i - 1], snug_words[i]) < 0
                                && strncmp (snug_words[i - 1], snug_words[i], 4) != 0));
      g_assert_cmpuint (size, >=, 3);
      g_assert_cmpuint (size, <=, 8);
      g_assert_cmpuint (strspn (snug_words[i], "abcdefghijklmnopqrstuvwxyz"), ==, size);
    }
}

static void
test_generate (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 500; i++)
    {
      char *name = snug_room_name_generate ();
      g_auto (GStrv) words = g_strsplit (name, "-", -1);

      g_assert_cmpuint (g_strv_length (words), ==, 5);
      assert_becomes (snug_room_name_normalize, name, name);
      g_assert_cmpfloat (snug_room_name_estimate_bits (name), >=, SNUG_ROOM_NAME_STRONG_BITS - 11);
      g_assert_true (g_hash_table_add (seen, name));
    }
}

static void
test_strength (void)
{
  static const char *const weak[] = {
    "garden", "our-garden-7", "a", "12345678", "2026-12-24", "room101", "familie-müller", "家族", "---",
    "garden-garden-garden-garden-garden", "abandon-ability-able-about", "passwordpasswordpassword",
  };
  static const char *const strong[] = {
    "abandon-ability-able-about-above", "x7k2p9q4m1zz", "a0857e330336a067",
    "velvet-otter-maple-anchor-küche",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (weak); i++)
    g_assert_cmpfloat (snug_room_name_estimate_bits (weak[i]), <, SNUG_ROOM_NAME_STRONG_BITS);
  for (gsize i = 0; i < G_N_ELEMENTS (strong); i++)
    g_assert_cmpfloat (snug_room_name_estimate_bits (strong[i]), >=, SNUG_ROOM_NAME_STRONG_BITS);
}

/* The same that JavaScript is held against. */
static void
test_vectors (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *vectors;
  JsonArray *array;

  json_parser_load_from_file (parser, SNUG_FIXTURES_DIR "/seal-vectors.json", &error);
  g_assert_no_error (error);
  vectors = json_node_get_object (json_parser_get_root (parser));
  array = json_object_get_array_member (vectors, "names");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonArray *pair = json_array_get_array_element (array, i);

      assert_becomes (snug_room_name_normalize, json_array_get_string_element (pair, 0),
                      json_array_get_string_element (pair, 1));
    }
  array = json_object_get_array_member (vectors, "noNames");
  for (guint i = 0; i < json_array_get_length (array); i++)
    assert_refused (snug_room_name_normalize, json_array_get_string_element (array, i),
                    SNUG_PROTOCOL_ERROR_ROOM_NAME);
}

static void
test_display_normalize (void)
{
  assert_becomes (snug_display_name_normalize, " Alice ", "Alice");
  assert_becomes (snug_display_name_normalize, "Alice  B. \"C\" <d>", "Alice  B. \"C\" <d>");
  assert_becomes (snug_display_name_normalize, "Zoe\xcc\x88", "Zo\xc3\xab");
  assert_becomes (snug_display_name_normalize, "\xe3\x80\x80\xe8\x8a\xb1\xe3\x80\x80",
                  "\xe8\x8a\xb1");
  /* A family: emoji joined by ZWJ. */
  assert_becomes (snug_display_name_normalize, "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
                  "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7");
}

static void
test_display_refused (void)
{
  static const char *const texts[] = {
    "", "  ", "\xcc\x81", "\xe2\x80\x8d", "a\nb", "a\tb", "a\x7f", "a\xc2\x85" "b", "a\xe2\x80\xae" "b",
    "a\xe2\x81\xa6" "b", "a\xe2\x80\x8f", "a\xe2\x80\xa8" "b", "\xef\xbb\xbf" "a", "a\xe2\x80\x8b" "b",
    "a\xc2\xad" "b", "\xd8\x9c" "a",
  };
  g_autofree char *long_name = g_strnfill (SNUG_DISPLAY_NAME_MAX_CHARS + 1, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (snug_display_name_normalize, texts[i], SNUG_PROTOCOL_ERROR_DISPLAY_NAME);
  assert_refused (snug_display_name_normalize, NULL, SNUG_PROTOCOL_ERROR_DISPLAY_NAME);
  assert_refused (snug_display_name_normalize, long_name, SNUG_PROTOCOL_ERROR_DISPLAY_NAME);
  assert_refused (snug_display_name_normalize, "\xed\xa0\x80", SNUG_PROTOCOL_ERROR_NOT_UTF8);
  long_name[SNUG_DISPLAY_NAME_MAX_CHARS] = '\0';
  assert_becomes (snug_display_name_normalize, long_name, long_name);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room-name/normalize", test_room_normalize);
  g_test_add_func ("/room-name/idempotent", test_room_idempotent);
  g_test_add_func ("/room-name/refused", test_room_refused);
  g_test_add_func ("/room-name/length-counts-result", test_room_length_counts_result);
  g_test_add_func ("/room-name/vectors", test_vectors);
  g_test_add_func ("/room-name/words", test_words);
  g_test_add_func ("/room-name/generate", test_generate);
  g_test_add_func ("/room-name/strength", test_strength);
  g_test_add_func ("/display-name/normalize", test_display_normalize);
  g_test_add_func ("/display-name/refused", test_display_refused);
  return g_test_run ();
}

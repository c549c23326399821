/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "snug-emoji.h"
#include "snug-file-chunk.h"
#include "snug-file-name.h"

static void
test_chunk (void)
{
  static const guint8 expected[] = { 1, 0, 0, 1, 2, 0x7f, 0xff, 0xff, 0xfd, 'a', 'b', 'c' };
  const SnugFileChunk chunk = {
    .stream = 258,
    .offset = 0x7ffffffd,
    .data = (const guint8 *) "abc",
    .size = 3,
  };
  g_autoptr (GBytes) bytes = snug_file_chunk_to_bytes (&chunk);
  g_autoptr (GError) error = NULL;
  SnugFileChunk parsed;

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, sizeof expected);
  g_assert_true (snug_file_chunk_parse (expected, sizeof expected, &parsed, &error));
  g_assert_cmpuint (parsed.stream, ==, 258);
  g_assert_cmpuint (parsed.offset, ==, 0x7ffffffd);
  g_assert_cmpmem (parsed.data, parsed.size, "abc", 3);
}

static void
test_bad_chunks (void)
{
  static const struct
  {
    const char *data;
    gsize size;
    SnugProtocolError error;
  } chunks[] = {
    { "", 0, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE },
    { "\2\0\0\0\1\0\0\0\0a", 10, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE },
    { "{\"type\":\"bye\"}", 14, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE },
    { "\1", 1, SNUG_PROTOCOL_ERROR_BAD_FIELD },
    { "\1\0\0\0\1\0\0\0\0", 9, SNUG_PROTOCOL_ERROR_BAD_FIELD },
    { "\1\0\0\0\0\0\0\0\0a", 10, SNUG_PROTOCOL_ERROR_BAD_FIELD },
    { "\1\x80\0\0\0\0\0\0\0a", 10, SNUG_PROTOCOL_ERROR_BAD_FIELD },
    { "\1\0\0\0\1\x80\0\0\0a", 10, SNUG_PROTOCOL_ERROR_BAD_FIELD },
    { "\1\0\0\0\1\xff\xff\xff\xff" "a", 10, SNUG_PROTOCOL_ERROR_BAD_FIELD },
  };
  g_autofree guint8 *large = g_malloc0 (SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;
  SnugFileChunk chunk;

  for (gsize i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      g_assert_false (snug_file_chunk_parse ((const guint8 *) chunks[i].data, chunks[i].size, &chunk, &error));
      g_assert_error (error, SNUG_PROTOCOL_ERROR, (int) chunks[i].error);
      g_clear_error (&error);
    }
  large[0] = 1;
  large[4] = 1;
  g_assert_true (snug_file_chunk_parse (large, SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES, &chunk, &error));
  g_assert_false (snug_file_chunk_parse (large, SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES + 1, &chunk, &error));
  g_assert_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_TOO_LARGE);
}

static void
test_names (void)
{
  static const struct
  {
    const char *from;
    const char *to;
  } names[] = {
    { "garden.jpg", "garden.jpg" },
    { "Urlaub 2026 \xe2\x80\x93 Fotos.tar.gz", "Urlaub 2026 \xe2\x80\x93 Fotos.tar.gz" },
    { "\xd8\xb5\xd9\x88\xd8\xb1\xd8\xa9.png", "\xd8\xb5\xd9\x88\xd8\xb1\xd8\xa9.png" },
    { "Cafe\xcc\x81.txt", "Caf\xc3\xa9.txt" },
    { "/etc/passwd", "passwd" },
    { "../../.ssh/authorized_keys", "authorized_keys" },
    { "a\\b\\..\\c.exe", "c.exe" },
    { "folder/", "file" },
    { "", "file" },
    { ".", "file" },
    { "...", "file" },
    { " . . ", "file" },
    { ".hidden", "hidden" },
    { "name. ", "name" },
    { "a\tb\r\nc", "abc" },
    { "\xe2\x80\xae" "fdp.exe", "fdp.exe" },
    { "\xe2\x81\xa6" "a\xe2\x81\xa9.b", "a.b" },
    { "a\xe2\x80\x8b" "b", "ab" },
    { "\xe3\x85\xa4", "file" },
    { "a<b>:\"c|d?*.txt", "a_b___c_d__.txt" },
    { "a\xff" "b", "a\xef\xbf\xbd" "b" },
    { "a\xc2\xa0" "b", "a b" },
  };
  g_autofree char *many = g_strnfill (5000, 'x');
  g_autofree char *long_one = g_strconcat (many, ".tar", NULL);
  g_autofree char *dots = g_strnfill (300, '.');
  g_autofree char *cut = snug_file_name_make_safe (long_one);
  g_autofree char *nothing = snug_file_name_make_safe (dots);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = snug_file_name_make_safe (names[i].from);
      g_autofree char *again = snug_file_name_make_safe (name);

      g_assert_cmpstr (name, ==, names[i].to);
      g_assert_cmpstr (again, ==, name);
    }
  g_assert_cmpuint (strlen (cut), ==, 120);
  g_assert_true (g_str_has_suffix (cut, "x.tar"));
  g_assert_cmpstr (nothing, ==, "file");
}

static void
test_emoji (void)
{
  static const char *const single[] = {
    "\xf0\x9f\x91\x8d",                 /* thumbs up */
    "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", /* with a skin tone */
    "\xe2\x9d\xa4\xef\xb8\x8f",         /* red heart */
    "\xe2\x9d\xa4",
    "\xe2\x98\x95",                     /* coffee */
    "\xe2\x9c\x8b",                     /* raised hand */
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xe2\x80\x8d\xf0\x9f\x91\xa6", /* family */
    "\xf0\x9f\x8f\xb3\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x8c\x88", /* rainbow flag */
    "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", /* flag of two letters */
    "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xb3\xf3\xa0\x81\xa3\xf3\xa0\x81\xb4\xf3\xa0\x81\xbf", /* Scotland */
    "1\xef\xb8\x8f\xe2\x83\xa3", /* keycap */
    "\xf0\x9f\xa5\xb9",          /* newer ones */
    "\xf0\x9f\xab\xa0",
  };
  static const char *const none[] = {
    NULL,
    "",
    "a",
    "1",
    "hello",
    "<b>",
    "\n",
    "\xff",
    "\xf0\x9f\x91\x8d\xf0\x9f\x91\x8d",                 /* two */
    "\xf0\x9f\x91\x8d ",                                /* and a space */
    "\xf0\x9f\x91\x8d\xe2\x80\x8d",                     /* joined to nothing */
    "\xe2\x80\x8d\xf0\x9f\x91\x8d",
    "\xf0\x9f\x8f\xbd",                                 /* a tone of nothing */
    "\xf0\x9f\x87\xa9",                                 /* half a flag */
    "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xa9", /* one and a half */
    "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7",                 /* tags that do not end */
    "\xe2\x80\xae\xf0\x9f\x91\x8d",                     /* turned round */
    "\xe2\x9d\xa4\xcc\x81",                             /* with a combining mark */
  };
  g_autoptr (GString) family = g_string_new ("\xf0\x9f\x91\xa9");

  for (gsize i = 0; i < G_N_ELEMENTS (single); i++)
    g_assert_true (snug_emoji_is_single (single[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_false (snug_emoji_is_single (none[i]));
  while (family->len <= SNUG_REACTION_MAX_BYTES)
    g_string_append (family, "\xe2\x80\x8d\xf0\x9f\x91\xa7");
  g_assert_false (snug_emoji_is_single (family->str));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file/chunk", test_chunk);
  g_test_add_func ("/file/bad-chunks", test_bad_chunks);
  g_test_add_func ("/file/names", test_names);
  g_test_add_func ("/file/emoji", test_emoji);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is said about files by others: pieces of them, their names, and reactions beside them.
 */
#include "fuzz.h"

#include <string.h>

#include "snug-emoji.h"
#include "snug-file-chunk.h"
#include "snug-file-name.h"

static void
run_chunk (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) again = NULL;
  SnugFileChunk chunk;

  if (!snug_file_chunk_parse (data, size, &chunk, &error))
    {
      g_assert_true (error->domain == SNUG_PROTOCOL_ERROR);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (chunk.offset + chunk.size, <=, SNUG_FILE_MAX_BYTES);
  again = snug_file_chunk_to_bytes (&chunk);
  g_assert_cmpmem (data, size, g_bytes_get_data (again, NULL), g_bytes_get_size (again));
}

static void
run_name (const char *text)
{
  g_autofree char *name = snug_file_name_make_safe (text);
  g_autofree char *again = snug_file_name_make_safe (name);

  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_cmpuint (strlen (name), >, 0);
  g_assert_cmpuint (strlen (name), <=, SNUG_FILE_NAME_MAX_BYTES - 35);
  g_assert_null (strpbrk (name, "/\\\n\r\t\x1b"));
  g_assert_cmpint (name[0], !=, '.');
  g_assert_cmpstr (again, ==, name);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);

  run_chunk (data, size);
  run_name (text);
  if (snug_emoji_is_single (text))
    g_assert_cmpuint (strlen (text), <=, SNUG_REACTION_MAX_BYTES);
  return 0;
}

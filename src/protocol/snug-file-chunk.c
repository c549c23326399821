/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-chunk.h"

#include <string.h>

#define TYPE_FILE_DATA 1

static void
write_uint32 (guint8 *to, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (to, &value, sizeof value);
}

static guint32
read_uint32 (const guint8 *from)
{
  guint32 value;

  memcpy (&value, from, sizeof value);
  return GUINT32_FROM_BE (value);
}

GBytes *
snug_file_chunk_to_bytes (const SnugFileChunk *chunk)
{
  guint8 *message;

  g_return_val_if_fail (chunk != NULL, NULL);
  g_return_val_if_fail (chunk->stream > 0 && chunk->stream <= G_MAXINT32, NULL);
  g_return_val_if_fail (chunk->size > 0 && chunk->size <= SNUG_FILE_CHUNK_MAX_BYTES, NULL);
  g_return_val_if_fail (chunk->offset <= SNUG_FILE_MAX_BYTES - chunk->size, NULL);

  message = g_malloc (SNUG_FILE_CHUNK_HEADER_BYTES + chunk->size);
  message[0] = TYPE_FILE_DATA;
  write_uint32 (message + 1, chunk->stream);
  write_uint32 (message + 5, chunk->offset);
  memcpy (message + SNUG_FILE_CHUNK_HEADER_BYTES, chunk->data, chunk->size);
  return g_bytes_new_take (message, SNUG_FILE_CHUNK_HEADER_BYTES + chunk->size);
}

static gboolean
fail (GError **error, SnugProtocolError code, const char *text)
{
  g_set_error_literal (error, SNUG_PROTOCOL_ERROR, code, text);
  return FALSE;
}

gboolean
snug_file_chunk_parse (const guint8 *data, gsize size, SnugFileChunk *chunk, GError **error)
{
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (chunk != NULL, FALSE);

  if (size == 0 || data[0] != TYPE_FILE_DATA)
    return fail (error, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE, "A binary message of no known type");
  if (size > SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES)
    return fail (error, SNUG_PROTOCOL_ERROR_TOO_LARGE, "A piece of a file is too large");
  if (size <= SNUG_FILE_CHUNK_HEADER_BYTES)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "A piece of a file without anything in it");

  chunk->stream = read_uint32 (data + 1);
  chunk->offset = read_uint32 (data + 5);
  chunk->data = data + SNUG_FILE_CHUNK_HEADER_BYTES;
  chunk->size = size - SNUG_FILE_CHUNK_HEADER_BYTES;
  if (chunk->stream == 0 || chunk->stream > G_MAXINT32)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "A piece of a file of no possible stream");
  if (chunk->offset > SNUG_FILE_MAX_BYTES - chunk->size)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "A piece of a file past all limits");
  return TRUE;
}

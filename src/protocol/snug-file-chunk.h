/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one binary message of the data channel: a piece of a file. A byte that says so (1), the stream and the offset as
 * unsigned numbers of 32 bits, big-endian, then 1 to SNUG_FILE_CHUNK_MAX_BYTES of the file. Pure. Any thread.
 */
#pragma once

#include <glib.h>

#include "snug-protocol.h"

G_BEGIN_DECLS

#define SNUG_FILE_CHUNK_HEADER_BYTES 9
#define SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES (SNUG_FILE_CHUNK_HEADER_BYTES + SNUG_FILE_CHUNK_MAX_BYTES)

/* A value; the data belongs to whoever made it. */
typedef struct
{
  guint stream;   /* from 1, as in FILE_ACCEPT */
  guint64 offset; /* of the first byte in the file */
  const guint8 *data;
  gsize size;
} SnugFileChunk;

/* Returns: (transfer full): the message. chunk: within the limits. */
GBytes *snug_file_chunk_to_bytes (const SnugFileChunk *chunk);
/* chunk: set when TRUE; its data is part of data. FALSE with a SNUG_PROTOCOL_ERROR. */
gboolean snug_file_chunk_parse (const guint8 *data, gsize size, SnugFileChunk *chunk, GError **error);

G_END_DECLS

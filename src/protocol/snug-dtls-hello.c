/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-dtls-hello.h"

#include <gnutls/gnutls.h>

#define RECORD_HEADER_BYTES 13
#define HANDSHAKE_HEADER_BYTES 12
#define RANDOM_BYTES 32
#define SESSION_ID_MAX_BYTES 32
#define CONTENT_HANDSHAKE 22
#define SERVER_HELLO 2
#define SUPPORTED_VERSIONS 43

static guint16
read_u16 (const guint8 *data)
{
  return (guint16) (data[0] << 8 | data[1]);
}

static guint32
read_u24 (const guint8 *data)
{
  return (guint32) data[0] << 16 | (guint32) data[1] << 8 | data[2];
}

/* DTLS 1.3 calls itself 1.2, and says what it is in an extension (RFC 8446, 4.2.1). */
static void
read_extensions (const guint8 *data, gsize size, SnugDtlsHello *hello)
{
  while (size >= 4)
    {
      gsize length = read_u16 (data + 2);

      if (length > size - 4)
        return;
      if (read_u16 (data) == SUPPORTED_VERSIONS && length == 2)
        hello->version = read_u16 (data + 4);
      data += 4 + length;
      size -= 4 + length;
    }
}

static gboolean
read_server_hello (const guint8 *data, gsize size, SnugDtlsHello *hello)
{
  gsize session_id;

  if (size < 2 + RANDOM_BYTES + 1)
    return FALSE;
  hello->version = read_u16 (data);
  session_id = data[2 + RANDOM_BYTES];
  data += 2 + RANDOM_BYTES + 1;
  size -= 2 + RANDOM_BYTES + 1;
  if (session_id > SESSION_ID_MAX_BYTES || size < session_id + 3)
    return FALSE;
  hello->cipher_suite = read_u16 (data + session_id);
  /* The suite, the compression, and perhaps the length of the extensions. */
  data += session_id + 3;
  size -= session_id + 3;
  if (size >= 2 && read_u16 (data) <= size - 2)
    read_extensions (data + 2, read_u16 (data), hello);
  return TRUE;
}

gboolean
snug_dtls_hello_find (const guint8 *data, gsize size, SnugDtlsHello *hello)
{
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (hello != NULL, FALSE);

  while (size >= RECORD_HEADER_BYTES)
    {
      gsize length = read_u16 (data + 11);
      const guint8 *handshake = data + RECORD_HEADER_BYTES;

      if (length > size - RECORD_HEADER_BYTES)
        return FALSE;
      /* Epoch 0 is the one that is not encrypted. A message in several pieces is not put together: the first piece
       * holds all that is read here. */
      if (data[0] == CONTENT_HANDSHAKE && read_u16 (data + 3) == 0 && length >= HANDSHAKE_HEADER_BYTES
          && handshake[0] == SERVER_HELLO && read_u24 (handshake + 6) == 0
          && read_u24 (handshake + 9) <= length - HANDSHAKE_HEADER_BYTES)
        return read_server_hello (handshake + HANDSHAKE_HEADER_BYTES, read_u24 (handshake + 9), hello);
      data += RECORD_HEADER_BYTES + length;
      size -= RECORD_HEADER_BYTES + length;
    }
  return FALSE;
}

const char *
snug_dtls_hello_get_version_name (guint16 version)
{
  switch (version)
    {
    case 0xFEFF:
      return "DTLS 1.0";
    case 0xFEFD:
      return "DTLS 1.2";
    case 0xFEFC:
      return "DTLS 1.3";
    default:
      return NULL;
    }
}

const char *
snug_dtls_hello_get_cipher_name (guint16 cipher_suite)
{
  const char *name;
  unsigned char id[2];

  for (gsize i = 0; (name = gnutls_cipher_suite_info (i, id, NULL, NULL, NULL, NULL)) != NULL; i++)
    if (read_u16 (id) == cipher_suite)
      return name;
  return NULL;
}

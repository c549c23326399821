/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-stun-message.h"

#include <gio/gio.h>
#include <string.h>

#include "snug-protocol.h"

#define COOKIE 0x2112a442u
#define ATTRIBUTE_HEADER_BYTES 4
#define INTEGRITY_BYTES 20
#define FAMILY_IPV4 1
#define FAMILY_IPV6 2

static guint
read_16 (const guint8 *data)
{
  return data[0] << 8 | data[1];
}

static guint32
read_32 (const guint8 *data)
{
  return (guint32) read_16 (data) << 16 | read_16 (data + 2);
}

static void
write_16 (guint8 *data, guint value)
{
  data[0] = value >> 8;
  data[1] = value & 0xff;
}

static gsize
pad (gsize size)
{
  return (size + 3) & ~(gsize) 3;
}

void
snug_stun_message_clear (SnugStunMessage *self)
{
  g_clear_pointer (&self->realm, g_free);
  g_clear_pointer (&self->nonce, g_free);
}

static gboolean
fail (GError **error, SnugProtocolError code, const char *what)
{
  g_set_error (error, SNUG_PROTOCOL_ERROR, code, "A STUN message %s", what);
  return FALSE;
}

gssize
snug_stun_message_get_size (const guint8 *data, gsize size)
{
  gsize length;

  g_return_val_if_fail (data != NULL || size == 0, -1);

  /* The two bits that tell it from everything else on the same port. */
  if (size > 0 && (data[0] & 0xc0) != 0)
    return -1;
  if (size < 8)
    return 0;
  length = read_16 (data + 2);
  if (read_32 (data + 4) != COOKIE || length % 4 != 0 || length + SNUG_STUN_HEADER_BYTES > SNUG_STUN_MESSAGE_MAX_BYTES)
    return -1;
  return length + SNUG_STUN_HEADER_BYTES;
}

/* What an address is XORed with. */
static void
fill_mask (guint8 mask[16], const guint8 *transaction)
{
  write_16 (mask, COOKIE >> 16);
  write_16 (mask + 2, COOKIE & 0xffff);
  memcpy (mask + 4, transaction, SNUG_STUN_TRANSACTION_BYTES);
}

static gboolean
read_address (const guint8 *value, gsize size, const guint8 *mask, SnugStunAddress *address, GError **error)
{
  gsize n;

  if (size < 4 || (value[1] != FAMILY_IPV4 && value[1] != FAMILY_IPV6))
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "has an address of no known kind");
  n = value[1] == FAMILY_IPV4 ? 4 : 16;
  if (size != 4 + n)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "has an address of a wrong size");

  address->family = value[1] == FAMILY_IPV4 ? 4 : 6;
  address->port = read_16 (value + 2) ^ (mask != NULL ? COOKIE >> 16 : 0);
  for (gsize i = 0; i < n; i++)
    address->bytes[i] = value[4 + i] ^ (mask != NULL ? mask[i] : 0);
  return TRUE;
}

static gboolean
read_text (const guint8 *value, gsize size, char **text, GError **error)
{
  if (size == 0 || size > SNUG_STUN_TEXT_MAX_BYTES || !g_utf8_validate ((const char *) value, size, NULL))
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "has a realm or nonce that is no text, or too long");
  g_free (*text);
  *text = g_strndup ((const char *) value, size);
  return TRUE;
}

static gboolean
read_error (const guint8 *value, gsize size, guint *code, GError **error)
{
  if (size < 4 || (value[2] & 7) < 3 || (value[2] & 7) > 6 || value[3] > 99)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "has an error of no possible code");
  *code = (value[2] & 7) * 100 + value[3];
  return TRUE;
}

/* What is not known is passed over: nothing here depends on it. */
static gboolean
read_attribute (SnugStunMessage *self, guint attribute, const guint8 *value, gsize size, const guint8 *mask, GError **error)
{
  switch (attribute)
    {
    case SNUG_STUN_XOR_MAPPED_ADDRESS:
      return read_address (value, size, mask, &self->mapped, error);
    case SNUG_STUN_MAPPED_ADDRESS:
      /* A router that rewrites addresses inside of packets spares the other form, which is the one to believe. */
      return self->mapped.family != 0 || read_address (value, size, NULL, &self->mapped, error);
    case SNUG_STUN_RELAYED_ADDRESS:
      return read_address (value, size, mask, &self->relayed, error);
    case SNUG_STUN_PEER_ADDRESS:
      return read_address (value, size, mask, &self->peer, error);
    case SNUG_STUN_OTHER_ADDRESS:
      return read_address (value, size, NULL, &self->other, error);
    case SNUG_STUN_ERROR_CODE:
      return read_error (value, size, &self->error, error);
    case SNUG_STUN_REALM:
      return read_text (value, size, &self->realm, error);
    case SNUG_STUN_NONCE:
      return read_text (value, size, &self->nonce, error);
    case SNUG_STUN_DATA:
      self->data = value;
      self->data_size = size;
      return TRUE;
    default:
      return TRUE;
    }
}

/**
 * snug_stun_message_parse:
 * @data: (array length=size): one whole message, as it came
 * @size: its bytes
 * @message: (out caller-allocates): what is in it; to be cleared
 * @error: return location for a #SNUG_PROTOCOL_ERROR
 *
 * Reads what a server answered. Its integrity is not checked: nothing that is done with the answer is secret.
 *
 * Returns: whether it is a STUN message whose attributes are well-formed
 */
gboolean
snug_stun_message_parse (const guint8 *data, gsize size, SnugStunMessage *message, GError **error)
{
  g_auto (SnugStunMessage) self = { 0 };
  guint8 mask[16];
  gsize at = SNUG_STUN_HEADER_BYTES;

  g_return_val_if_fail (message != NULL, FALSE);

  memset (message, 0, sizeof *message);
  if (size > SNUG_STUN_MESSAGE_MAX_BYTES)
    return fail (error, SNUG_PROTOCOL_ERROR_TOO_LARGE, "is too large");
  if (size < SNUG_STUN_HEADER_BYTES || snug_stun_message_get_size (data, size) != (gssize) size)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "is none");

  self.type = read_16 (data);
  memcpy (self.transaction, data + 8, SNUG_STUN_TRANSACTION_BYTES);
  fill_mask (mask, self.transaction);
  while (at < size)
    {
      gsize length;

      if (size - at < ATTRIBUTE_HEADER_BYTES)
        return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "ends within an attribute");
      length = read_16 (data + at + 2);
      if (pad (length) > size - at - ATTRIBUTE_HEADER_BYTES)
        return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "ends within an attribute");
      /* What stands behind the integrity is not covered by it, and ignored (RFC 8489, 14.5). */
      if (read_16 (data + at) == SNUG_STUN_INTEGRITY)
        break;
      if (!read_attribute (&self, read_16 (data + at), data + at + ATTRIBUTE_HEADER_BYTES, length, mask, error))
        return FALSE;
      at += ATTRIBUTE_HEADER_BYTES + pad (length);
    }

  *message = self;
  memset (&self, 0, sizeof self);
  return TRUE;
}

GByteArray *
snug_stun_message_new (SnugStunType type, const guint8 transaction[SNUG_STUN_TRANSACTION_BYTES])
{
  GByteArray *self = g_byte_array_sized_new (256);
  guint8 header[SNUG_STUN_HEADER_BYTES] = { 0 };

  write_16 (header, type);
  write_16 (header + 4, COOKIE >> 16);
  write_16 (header + 6, COOKIE & 0xffff);
  memcpy (header + 8, transaction, SNUG_STUN_TRANSACTION_BYTES);
  return g_byte_array_append (self, header, sizeof header);
}

void
snug_stun_message_add (GByteArray *self, SnugStunAttribute attribute, gconstpointer value, gsize size)
{
  static const guint8 zeros[4];
  guint8 header[ATTRIBUTE_HEADER_BYTES];

  g_return_if_fail (self->len + ATTRIBUTE_HEADER_BYTES + pad (size) <= SNUG_STUN_MESSAGE_MAX_BYTES);

  write_16 (header, attribute);
  write_16 (header + 2, size);
  g_byte_array_append (self, header, sizeof header);
  if (size > 0)
    g_byte_array_append (self, value, size);
  g_byte_array_append (self, zeros, pad (size) - size);
  write_16 (self->data + 2, self->len - SNUG_STUN_HEADER_BYTES);
}

void
snug_stun_message_add_text (GByteArray *self, SnugStunAttribute attribute, const char *text)
{
  snug_stun_message_add (self, attribute, text, strlen (text));
}

void
snug_stun_message_add_address (GByteArray *self, SnugStunAttribute attribute, const SnugStunAddress *address)
{
  guint8 value[20] = { 0 };
  guint8 mask[16];
  gsize n = address->family == 4 ? 4 : 16;

  g_return_if_fail (address->family == 4 || address->family == 6);

  fill_mask (mask, self->data + 8);
  value[1] = address->family == 4 ? FAMILY_IPV4 : FAMILY_IPV6;
  write_16 (value + 2, address->port ^ (COOKIE >> 16));
  for (gsize i = 0; i < n; i++)
    value[4 + i] = address->bytes[i] ^ mask[i];
  snug_stun_message_add (self, attribute, value, 4 + n);
}

void
snug_stun_message_add_credential (GByteArray *self,
                                  const char *user,
                                  const char *password,
                                  const char *realm,
                                  const char *nonce)
{
  g_autofree char *secret = g_strdup_printf ("%s:%s:%s", user, realm, password);
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  g_autoptr (GHmac) hmac = NULL;
  guint8 key[16], digest[INTEGRITY_BYTES];
  gsize key_size = sizeof key, digest_size = sizeof digest;

  snug_stun_message_add_text (self, SNUG_STUN_USERNAME, user);
  snug_stun_message_add_text (self, SNUG_STUN_NONCE, nonce);
  snug_stun_message_add_text (self, SNUG_STUN_REALM, realm);

  g_checksum_update (md5, (const guchar *) secret, strlen (secret));
  g_checksum_get_digest (md5, key, &key_size);
  /* It covers a length that counts it in (RFC 8489, 14.5). */
  write_16 (self->data + 2, self->len - SNUG_STUN_HEADER_BYTES + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES);
  hmac = g_hmac_new (G_CHECKSUM_SHA1, key, sizeof key);
  g_hmac_update (hmac, self->data, self->len);
  g_hmac_get_digest (hmac, digest, &digest_size);
  snug_stun_message_add (self, SNUG_STUN_INTEGRITY, digest, sizeof digest);
}

gboolean
snug_stun_address_equal (const SnugStunAddress *a, const SnugStunAddress *b)
{
  return a->family == b->family && a->port == b->port && memcmp (a->bytes, b->bytes, a->family == 4 ? 4 : 16) == 0;
}

char *
snug_stun_address_to_string (const SnugStunAddress *self)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (self->family != 0, NULL);

  address = g_inet_address_new_from_bytes (self->bytes, self->family == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  text = g_inet_address_to_string (address);
  return g_strdup_printf (self->family == 4 ? "%s:%u" : "[%s]:%u", text, self->port);
}

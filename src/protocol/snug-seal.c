/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-seal.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "snug-seal-private.h"

struct _SnugSealedPair
{
  SnugRoomKey *key;
  char *self_id;
  char *peer_id;
  gboolean greets;
  gboolean proven;
  gboolean peer_known; /* peer_session is the peer's */
  guint8 self_session[SNUG_SEAL_SESSION_BYTES];
  guint8 peer_session[SNUG_SEAL_SESSION_BYTES];
  guint32 sent;     /* the last sequence number that went out */
  guint32 received; /* the last that came in */
};

static const guint8 no_session[SNUG_SEAL_SESSION_BYTES];

G_DEFINE_QUARK (snug-seal-error-quark, snug_seal_error)

static gpointer
refuse (GError **error, SnugSealError code, const char *what)
{
  g_set_error (error, SNUG_SEAL_ERROR, (int) code, "A sealed message %s", what);

  return NULL;
}

/* What the box is bound to: the same bytes on both sides, or it does not open. Ids hold no line breaks. */
static char *
make_associated_data (SnugRoomKey *key, const char *from, const char *to)
{
  return g_strdup_printf ("%s\n%s\n%s\n%s", SNUG_PROTOCOL_NAME, snug_room_key_get_room_id (key), from, to);
}

static gnutls_aead_cipher_hd_t
open_cipher (SnugRoomKey *key)
{
  const gnutls_datum_t datum
      = { .data = (unsigned char *) snug_room_key_get_bytes (key), .size = SNUG_ROOM_KEY_BYTES };
  gnutls_aead_cipher_hd_t cipher;

  if (gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &datum) < 0)
    g_error ("GnuTLS can't do AES-256-GCM");
  return cipher;
}

char *
snug_seal_box (SnugRoomKey *key,
               const char *from,
               const char *to,
               const guint8 *nonce,
               const guint8 *plain,
               gsize size)
{
  g_autofree char *associated = make_associated_data (key, from, to);
  g_autofree guint8 *box = g_malloc (SNUG_SEAL_NONCE_BYTES + size + SNUG_SEAL_TAG_BYTES);
  gsize sealed_size = size + SNUG_SEAL_TAG_BYTES;
  gnutls_aead_cipher_hd_t cipher = open_cipher (key);

  memcpy (box, nonce, SNUG_SEAL_NONCE_BYTES);
  if (gnutls_aead_cipher_encrypt (cipher, nonce, SNUG_SEAL_NONCE_BYTES, associated, strlen (associated),
                                  SNUG_SEAL_TAG_BYTES, plain, size, box + SNUG_SEAL_NONCE_BYTES,
                                  &sealed_size) < 0)
    g_error ("GnuTLS can't seal");
  gnutls_aead_cipher_deinit (cipher);
  return g_base64_encode (box, SNUG_SEAL_NONCE_BYTES + sealed_size);
}

/* Strictly as it is written: one text for the same bytes. */
static guint8 *
decode_base64 (const char *text, gsize *size)
{
  gsize length = strnlen (text, SNUG_PAYLOAD_MAX_BYTES + 1);
  g_autofree guint8 *bytes = NULL;
  g_autofree char *again = NULL;

  if (length == 0 || length > SNUG_PAYLOAD_MAX_BYTES || length % 4 != 0)
    return NULL;
  bytes = g_base64_decode (text, size);
  again = g_base64_encode (bytes, *size);
  return strcmp (text, again) == 0 ? g_steal_pointer (&bytes) : NULL;
}

guint8 *
snug_seal_unbox (SnugRoomKey *key,
                 const char *from,
                 const char *to,
                 const char *payload,
                 gsize *size,
                 GError **error)
{
  gsize box_size, plain_size;
  g_autofree guint8 *box = decode_base64 (payload, &box_size);
  g_autofree guint8 *plain = NULL;
  g_autofree char *associated = NULL;
  gnutls_aead_cipher_hd_t cipher;
  int result;

  if (box == NULL)
    return refuse (error, SNUG_SEAL_ERROR_MALFORMED, "is too large, or not in base64");
  if (box_size < SNUG_SEAL_NONCE_BYTES + SNUG_SEAL_HEADER_BYTES + SNUG_SEAL_TAG_BYTES)
    return refuse (error, SNUG_SEAL_ERROR_MALFORMED, "is too short");

  associated = make_associated_data (key, from, to);
  plain_size = box_size - SNUG_SEAL_NONCE_BYTES - SNUG_SEAL_TAG_BYTES;
  plain = g_malloc (plain_size + 1);
  cipher = open_cipher (key);
  result = gnutls_aead_cipher_decrypt (cipher, box, SNUG_SEAL_NONCE_BYTES, associated, strlen (associated),
                                       SNUG_SEAL_TAG_BYTES, box + SNUG_SEAL_NONCE_BYTES,
                                       box_size - SNUG_SEAL_NONCE_BYTES, plain, &plain_size);
  gnutls_aead_cipher_deinit (cipher);
  if (result < 0)
    return refuse (error, SNUG_SEAL_ERROR_KEY,
                   "does not open: another key, another sender or receiver, or changed on the way");
  plain[plain_size] = '\0';
  *size = plain_size;
  return g_steal_pointer (&plain);
}

/**
 * snug_sealed_pair_new:
 * @key: the room's
 * @self_id: our id in the room
 * @peer_id: the other's
 * @greets: whether we speak first
 *
 * Returns: (transfer full): a new pair, with a session of its own
 */
SnugSealedPair *
snug_sealed_pair_new (SnugRoomKey *key, const char *self_id, const char *peer_id, gboolean greets)
{
  SnugSealedPair *self;

  g_return_val_if_fail (key != NULL && self_id != NULL && peer_id != NULL, NULL);

  self = g_new0 (SnugSealedPair, 1);
  self->key = snug_room_key_ref (key);
  self->self_id = g_strdup (self_id);
  self->peer_id = g_strdup (peer_id);
  self->greets = !!greets;
  snug_protocol_random (self->self_session, sizeof self->self_session);
  return self;
}

void
snug_sealed_pair_free (SnugSealedPair *self)
{
  g_return_if_fail (self != NULL);

  snug_room_key_unref (self->key);
  g_free (self->self_id);
  g_free (self->peer_id);
  g_free (self);
}

static gboolean
may_speak (SnugSealedPair *self)
{
  return self->peer_known || (self->greets && self->sent == 0);
}

/**
 * snug_sealed_pair_seal:
 * @self: a pair
 * @text: UTF-8, at most %SNUG_SEALED_TEXT_MAX_BYTES
 *
 * Returns: (transfer full) (nullable): base64, or %NULL when it is too large or too early
 */
char *
snug_sealed_pair_seal (SnugSealedPair *self, const char *text)
{
  guint8 nonce[SNUG_SEAL_NONCE_BYTES];
  g_autofree guint8 *plain = NULL;
  gsize length, size;

  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  length = strlen (text);
  if (length > SNUG_SEALED_TEXT_MAX_BYTES || self->sent == G_MAXUINT32 || !may_speak (self))
    return NULL;

  self->sent++;
  size = SNUG_SEAL_HEADER_BYTES + length;
  size += (SNUG_SEAL_BLOCK_BYTES - size % SNUG_SEAL_BLOCK_BYTES) % SNUG_SEAL_BLOCK_BYTES;
  plain = g_malloc (size);
  /* White space behind a JSON object means nothing, and hides how long a name is. */
  memset (plain, ' ', size);
  memcpy (plain, self->self_session, SNUG_SEAL_SESSION_BYTES);
  memcpy (plain + SNUG_SEAL_SESSION_BYTES, self->peer_known ? self->peer_session : no_session,
          SNUG_SEAL_SESSION_BYTES);
  for (guint i = 0; i < 4; i++)
    plain[2 * SNUG_SEAL_SESSION_BYTES + i] = (guint8) (self->sent >> (24 - 8 * i));
  memcpy (plain + SNUG_SEAL_HEADER_BYTES, text, length);
  snug_protocol_random (nonce, sizeof nonce);
  return snug_seal_box (self->key, self->self_id, self->peer_id, nonce, plain, size);
}

/* A greeting tells the sender's session; whatever comes after it proves that the sender knows ours. */
static gboolean
check_session (SnugSealedPair *self, const guint8 *sender, const guint8 *receiver, GError **error)
{
  if (memcmp (receiver, no_session, SNUG_SEAL_SESSION_BYTES) == 0)
    {
      if (self->greets || self->peer_known)
        return refuse (error, SNUG_SEAL_ERROR_GREETING, "greets where no greeting is awaited") != NULL;
      return TRUE;
    }
  if (memcmp (receiver, self->self_session, SNUG_SEAL_SESSION_BYTES) != 0
      || (self->peer_known && memcmp (sender, self->peer_session, SNUG_SEAL_SESSION_BYTES) != 0))
    return refuse (error, SNUG_SEAL_ERROR_SESSION, "is from another stay in this room") != NULL;
  if (!self->peer_known && !self->greets)
    return refuse (error, SNUG_SEAL_ERROR_GREETING, "comes before a greeting") != NULL;
  return TRUE;
}

/**
 * snug_sealed_pair_open:
 * @self: a pair
 * @payload: what came, as it came
 * @error: return location for a #SNUG_SEAL_ERROR
 *
 * Returns: (transfer full): the text, padding included; %NULL when it is refused
 */
char *
snug_sealed_pair_open (SnugSealedPair *self, const char *payload, GError **error)
{
  g_autofree guint8 *plain = NULL;
  const guint8 *receiver;
  guint32 sequence = 0;
  gsize size = 0, length;
  const char *text;

  g_return_val_if_fail (self != NULL && payload != NULL, NULL);

  plain = snug_seal_unbox (self->key, self->peer_id, self->self_id, payload, &size, error);
  if (plain == NULL)
    return NULL;
  receiver = plain + SNUG_SEAL_SESSION_BYTES;
  text = (const char *) plain + SNUG_SEAL_HEADER_BYTES;
  length = size - SNUG_SEAL_HEADER_BYTES;
  for (guint i = 0; i < 4; i++)
    sequence = sequence << 8 | plain[2 * SNUG_SEAL_SESSION_BYTES + i];
  if (!check_session (self, plain, receiver, error))
    return NULL;
  if (sequence <= self->received)
    return refuse (error, SNUG_SEAL_ERROR_ORDER, "was said before, or comes too late");
  if (!g_utf8_validate_len (text, length, NULL))
    return refuse (error, SNUG_SEAL_ERROR_MALFORMED, "holds no text");

  self->received = sequence;
  self->peer_known = TRUE;
  memcpy (self->peer_session, plain, SNUG_SEAL_SESSION_BYTES);
  self->proven = self->proven || memcmp (receiver, no_session, SNUG_SEAL_SESSION_BYTES) != 0;
  return g_strndup (text, length);
}

gboolean
snug_sealed_pair_get_proven (SnugSealedPair *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->proven;
}

gboolean
snug_sealed_pair_has_same_peer (SnugSealedPair *self, SnugSealedPair *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return self->peer_known && other->peer_known
         && memcmp (self->peer_session, other->peer_session, SNUG_SEAL_SESSION_BYTES) == 0;
}

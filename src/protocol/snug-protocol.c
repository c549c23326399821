/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-protocol.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

/* In the order of SnugProtocolError, which starts at 1. */
static const char *const codes[] = {
  NULL,
  "not-utf8",
  "not-json",
  "too-large",
  "unknown-type",
  "missing-field",
  "bad-field",
  "version",
  "room-name",
  "display-name",
  "room-full",
  "already-joined",
  "not-joined",
  "no-such-peer",
  "rate-limited",
  "join-timeout",
  "shutting-down",
  "not-allowed",
  "unreachable",
  "other",
};

G_STATIC_ASSERT (G_N_ELEMENTS (codes) == SNUG_PROTOCOL_ERROR_OTHER + 1);

G_DEFINE_QUARK (snug-protocol-error-quark, snug_protocol_error)

/**
 * snug_protocol_error_to_string:
 * @code: a code
 *
 * Returns: (transfer none): the code as it stands on the wire, never %NULL
 */
const char *
snug_protocol_error_to_string (SnugProtocolError code)
{
  if (code < SNUG_PROTOCOL_ERROR_NOT_UTF8 || code > SNUG_PROTOCOL_ERROR_OTHER)
    return codes[SNUG_PROTOCOL_ERROR_OTHER];
  return codes[code];
}

/**
 * snug_protocol_error_from_string:
 * @code: (nullable): what stands on the wire
 *
 * Returns: the code, %SNUG_PROTOCOL_ERROR_OTHER for one that this version does not know
 */
SnugProtocolError
snug_protocol_error_from_string (const char *code)
{
  for (guint i = SNUG_PROTOCOL_ERROR_NOT_UTF8; i < G_N_ELEMENTS (codes); i++)
    {
      if (g_strcmp0 (code, codes[i]) == 0)
        return i;
    }
  return SNUG_PROTOCOL_ERROR_OTHER;
}

/**
 * snug_protocol_random:
 * @bytes: (out caller-allocates) (array length=size): where to put them
 * @size: how many
 *
 * Fills @bytes with random that can't be guessed. A machine that has none can't keep a
 * secret: the process ends.
 */
void
snug_protocol_random (guint8 *bytes, gsize size)
{
  int result = gnutls_rnd (GNUTLS_RND_RANDOM, bytes, size);

  if (result < 0)
    g_error ("No random numbers: %s", gnutls_strerror (result));
}

/**
 * snug_protocol_random_id:
 *
 * A new id of 128 random bits: who a member is to the others in its room, or a chat message
 * to the person it is sent to.
 *
 * Returns: (transfer full): 32 hexadecimal digits
 */
char *
snug_protocol_random_id (void)
{
  guint8 bytes[16];
  char id[sizeof bytes * 2 + 1];

  snug_protocol_random (bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_snprintf (id + 2 * i, 3, "%02x", bytes[i]);
  return g_strdup (id);
}

/**
 * snug_protocol_id_of_token:
 * @token: a resume token
 *
 * The same token is the same id at every server and after its restart, with nothing to be remembered.
 *
 * Returns: (transfer full): 32 hexadecimal digits
 */
char *
snug_protocol_id_of_token (const char *token)
{
  g_autofree char *text = NULL;
  g_autofree char *digest = NULL;

  g_return_val_if_fail (token != NULL, NULL);

  text = g_strconcat ("snug.1 resume ", token, NULL);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  return g_strndup (digest, 32);
}

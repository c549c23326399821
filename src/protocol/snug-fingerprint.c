/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-fingerprint.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

static const struct
{
  const char *name;
  GChecksumType algorithm;
  gnutls_digest_algorithm_t digest;
} algorithms[] = {
  { "sha-256", G_CHECKSUM_SHA256, GNUTLS_DIG_SHA256 },
  { "sha-384", G_CHECKSUM_SHA384, GNUTLS_DIG_SHA384 },
  { "sha-512", G_CHECKSUM_SHA512, GNUTLS_DIG_SHA512 },
};

gboolean
snug_fingerprint_parse (const char *text, SnugFingerprint *fingerprint)
{
  const char *hex;
  gsize name_length;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (fingerprint != NULL, FALSE);

  memset (fingerprint, 0, sizeof *fingerprint);
  hex = strchr (text, ' ');
  if (hex == NULL)
    return FALSE;
  name_length = hex - text;
  hex++;

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (strlen (algorithms[i].name) == name_length
        && g_ascii_strncasecmp (text, algorithms[i].name, name_length) == 0)
      {
        fingerprint->algorithm = algorithms[i].algorithm;
        fingerprint->size = g_checksum_type_get_length (algorithms[i].algorithm);
      }
  if (fingerprint->size == 0 || strlen (hex) != fingerprint->size * 3 - 1)
    return FALSE;

  for (gsize i = 0; i < fingerprint->size; i++)
    {
      int high = g_ascii_xdigit_value (hex[3 * i]);
      int low = g_ascii_xdigit_value (hex[3 * i + 1]);

      if (high < 0 || low < 0 || (i + 1 < fingerprint->size && hex[3 * i + 2] != ':'))
        return FALSE;
      fingerprint->digest[i] = high << 4 | low;
    }

  return TRUE;
}

char *
snug_fingerprint_to_string (const SnugFingerprint *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (algorithms[i].algorithm == self->algorithm)
      g_string_append (text, algorithms[i].name);
  for (gsize i = 0; i < self->size; i++)
    g_string_append_printf (text, "%c%02X", i == 0 ? ' ' : ':', self->digest[i]);

  return g_string_free (text, FALSE);
}

char *
snug_fingerprint_dup_text (const char *sdp)
{
  const char *line;

  g_return_val_if_fail (sdp != NULL, NULL);

  line = strstr (sdp, "\na=fingerprint:");
  if (line == NULL)
    return NULL;
  line += strlen ("\na=fingerprint:");

  return g_strndup (line, strcspn (line, "\r\n"));
}

gboolean
snug_fingerprint_equal (const SnugFingerprint *a, const SnugFingerprint *b)
{
  return a->algorithm == b->algorithm && a->size == b->size
         && gnutls_memcmp (a->digest, b->digest, a->size) == 0;
}

gboolean
snug_fingerprint_matches_certificate (const SnugFingerprint *self, const char *pem)
{
  gnutls_x509_crt_t certificate;
  gnutls_datum_t input, der = { NULL, 0 };
  guint8 digest[SNUG_FINGERPRINT_MAX_BYTES];
  gboolean matches = FALSE;

  g_return_val_if_fail (self != NULL && self->size > 0, FALSE);

  if (pem == NULL || gnutls_x509_crt_init (&certificate) != GNUTLS_E_SUCCESS)
    return FALSE;

  input.data = (unsigned char *) pem;
  input.size = strlen (pem);
  if (gnutls_x509_crt_import (certificate, &input, GNUTLS_X509_FMT_PEM) == GNUTLS_E_SUCCESS
      && gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &der) == GNUTLS_E_SUCCESS)
    for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
      if (algorithms[i].algorithm == self->algorithm
          && gnutls_hash_fast (algorithms[i].digest, der.data, der.size, digest) == 0)
        matches = gnutls_memcmp (digest, self->digest, self->size) == 0;

  gnutls_free (der.data);
  gnutls_x509_crt_deinit (certificate);

  return matches;
}

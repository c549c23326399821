/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-certificate.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define DAY_SECONDS (24 * 60 * 60)
#define VALID_DAYS 30
#define SERIAL_BYTES 16
#define PEM_MAX_BYTES 8192

/* As X.509 version 3, signed with SHA-256. */
static gboolean
fill_in (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  time_t now = time (NULL);
  guint8 serial[SERIAL_BYTES];
  char name[2 * SERIAL_BYTES + 1];

  if (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial) < 0)
    return FALSE;
  serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and of full length */
  for (gsize i = 0; i < sizeof serial; i++)
    g_snprintf (name + 2 * i, 3, "%02x", serial[i]);

  return gnutls_x509_crt_set_version (certificate, 3) >= 0
         && gnutls_x509_crt_set_serial (certificate, serial, sizeof serial) >= 0
         && gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name)) >= 0
         /* Clocks differ. */
         && gnutls_x509_crt_set_activation_time (certificate, now - DAY_SECONDS) >= 0
         && gnutls_x509_crt_set_expiration_time (certificate, now + VALID_DAYS * DAY_SECONDS) >= 0
         && gnutls_x509_crt_set_key (certificate, key) >= 0
         && gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0) >= 0;
}

static SnugCertificate *
export (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  g_autoptr (SnugCertificate) self = g_new0 (SnugCertificate, 1);
  gsize size = PEM_MAX_BYTES, key_size, digest_size = SNUG_FINGERPRINT_MAX_BYTES;

  self->pem = g_malloc0 (PEM_MAX_BYTES);
  if (gnutls_x509_crt_export (certificate, GNUTLS_X509_FMT_PEM, self->pem, &size) < 0)
    return NULL;
  size = strlen (self->pem);
  key_size = PEM_MAX_BYTES - size;
  if (gnutls_x509_privkey_export_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, self->pem + size,
                                        &key_size) < 0)
    return NULL;

  if (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, self->fingerprint.digest, &digest_size) < 0)
    return NULL;
  self->fingerprint.algorithm = G_CHECKSUM_SHA256;
  self->fingerprint.size = digest_size;

  return g_steal_pointer (&self);
}

SnugCertificate *
snug_certificate_new (void)
{
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t certificate = NULL;
  SnugCertificate *self = NULL;

  if (gnutls_x509_privkey_init (&key) >= 0 && gnutls_x509_crt_init (&certificate) >= 0
      && gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0)
             >= 0
      && fill_in (certificate, key))
    self = export (certificate, key);

  if (certificate != NULL)
    gnutls_x509_crt_deinit (certificate);
  if (key != NULL)
    gnutls_x509_privkey_deinit (key);

  return self;
}

void
snug_certificate_free (SnugCertificate *self)
{
  if (self == NULL)
    return;

  if (self->pem != NULL)
    gnutls_memset (self->pem, 0, strlen (self->pem));
  g_free (self->pem);
  g_free (self);
}

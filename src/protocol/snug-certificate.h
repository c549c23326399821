/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The certificate by which a peer knows us, with its key. It vouches for nobody: the fingerprint in the session description
 * names it. ECDSA on P-256, which everybody must support (RFC 8827, 6.5); some no longer take RSA. Pure, any thread.
 */
#pragma once

#include "snug-fingerprint.h"

G_BEGIN_DECLS

typedef struct
{
  char *pem; /* the certificate, then its private key */
  SnugFingerprint fingerprint; /* SHA-256, of the certificate */
} SnugCertificate;

/* A fresh key and a certificate that it signed itself, valid for a month, with a name of random digits. Takes about a
 * millisecond. Returns: (transfer full) (nullable): NULL when GnuTLS can't. */
SnugCertificate *snug_certificate_new (void);
void snug_certificate_free (SnugCertificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCertificate, snug_certificate_free)

G_END_DECLS

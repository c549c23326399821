/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The certificate fingerprint of a session description (RFC 8122, 5) and whether a certificate is the one it
 * names. webrtcbin does not look; without this check anyone on the way could sit in the middle. Pure, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest digest, SHA-512, in bytes. */
#define SNUG_FINGERPRINT_MAX_BYTES 64

/* A digest and how it was made. A value; copy it freely. */
typedef struct
{
  GChecksumType algorithm; /* G_CHECKSUM_SHA256, _SHA384 or _SHA512 */
  guint8 digest[SNUG_FINGERPRINT_MAX_BYTES];
  gsize size; /* bytes of digest in use */
} SnugFingerprint;

/* Parses the value of an a=fingerprint line, "sha-256 AB:CD:...". FALSE when it is malformed or its hash is
 * weaker than SHA-256 or unknown. text: any bytes, NUL-terminated. */
gboolean snug_fingerprint_parse (const char *text, SnugFingerprint *fingerprint);

/* As in an a=fingerprint line: "sha-256 AB:CD:...". Returns: (transfer full). */
char *snug_fingerprint_to_string (const SnugFingerprint *self);

/* sdp: a whole description. Returns: (transfer full) (nullable): the value of its first a=fingerprint line, as it is written. */
char *snug_fingerprint_dup_text (const char *sdp);

/* Whether two name the same certificate by the same hash. */
gboolean snug_fingerprint_equal (const SnugFingerprint *a, const SnugFingerprint *b);

/* Whether pem holds exactly the certificate that was named; compared in constant time. pem: one X.509
 * certificate in PEM, nullable (FALSE). */
gboolean snug_fingerprint_matches_certificate (const SnugFingerprint *self, const char *pem);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sees the DTLS handshake of one webrtcbin go by, and keeps what it agreed on. Main context; the handshake is read on
 * streaming threads.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _SnugDtlsWatch SnugDtlsWatch;

/* Early: before webrtcbin has a transport. Returns: (transfer full). */
SnugDtlsWatch *snug_dtls_watch_new (GstElement *webrtcbin);
void snug_dtls_watch_free (SnugDtlsWatch *self);

/* "DTLS 1.2"; static; NULL before the handshake. */
const char *snug_dtls_watch_get_version (SnugDtlsWatch *self);
/* "TLS_ECDHE_RSA_AES_256_GCM_SHA384": protects messages; static; NULL before the handshake. */
const char *snug_dtls_watch_get_cipher (SnugDtlsWatch *self);
/* "AES_128_CM_HMAC_SHA1_80" (RFC 5764, 4.1.2): protects sound and picture; static; NULL before the handshake. */
const char *snug_dtls_watch_get_srtp_profile (SnugDtlsWatch *self);

G_END_DECLS

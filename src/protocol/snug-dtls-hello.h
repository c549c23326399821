/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a DTLS handshake agrees on, as its ServerHello says it in the clear (RFC 6347, 4.2; RFC 9147, 5). GStreamer does
 * not tell; both sides see the message go by. Pure, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint16 version;      /* 0xFEFD: DTLS 1.2 */
  guint16 cipher_suite; /* as registered for TLS */
} SnugDtlsHello;

/* Looks for a ServerHello among the records of one datagram. data: any bytes. FALSE when there is none that can be read. */
gboolean snug_dtls_hello_find (const guint8 *data, gsize size, SnugDtlsHello *hello);

/* "DTLS 1.2". Static; NULL for none that is known. */
const char *snug_dtls_hello_get_version_name (guint16 version);
/* "TLS_ECDHE_RSA_AES_256_GCM_SHA384". Static; NULL for none that this GnuTLS knows. */
const char *snug_dtls_hello_get_cipher_name (guint16 cipher_suite);

G_END_DECLS

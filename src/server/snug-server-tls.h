/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * TLS 1.2 and 1.3 (RFC 5246, 8446) for the connections of a server, by GnuTLS. Never blocks.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A certificate with its key. Shared by the sessions that were begun with it. */
typedef struct _SnugServerTls SnugServerTls;
/* One connection. */
typedef struct _SnugServerTlsSession SnugServerTlsSession;

/* The files are PEM: the certificate with those that vouch for it in order, and its key.
 * Returns: (transfer full): or NULL with G_IO_ERROR_INVALID_DATA or what reading them says. */
SnugServerTls *snug_server_tls_new (const char *certificate_file, const char *key_file, GError **error);
SnugServerTls *snug_server_tls_ref (SnugServerTls *self);
void snug_server_tls_unref (SnugServerTls *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugServerTls, snug_server_tls_unref)

/* fd: connected, non-blocking, the caller's. */
SnugServerTlsSession *snug_server_tls_session_new (SnugServerTls *tls, int fd);
void snug_server_tls_session_free (SnugServerTlsSession *self);

/* These return what their namesakes in snug-server-transport.h do. */
int snug_server_tls_session_handshake (SnugServerTlsSession *self);
gssize snug_server_tls_session_read (SnugServerTlsSession *self, guint8 *buffer, gsize size);
gboolean snug_server_tls_session_has_more (SnugServerTlsSession *self);
/* *unsent: in and out, whether bytes that were taken still wait in the session. */
gssize snug_server_tls_session_write (SnugServerTlsSession *self, const guint8 *data, gsize size, gboolean *unsent);
gboolean snug_server_tls_session_wants_write (const SnugServerTlsSession *self);
void snug_server_tls_session_say_goodbye (SnugServerTlsSession *self);

G_END_DECLS

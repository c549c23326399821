/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-tls.h"

#include "snug-server-transport.h"

#include <gio/gio.h>
#include <gnutls/gnutls.h>

/* RFC 9325: nothing below 1.2, and of 1.2 only what has forward secrecy and authenticated encryption. */
#define PRIORITY "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-AES-128-CBC:-AES-256-CBC:%SERVER_PRECEDENCE"

struct _SnugServerTls
{
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t priority;
};

struct _SnugServerTlsSession
{
  gnutls_session_t session;
  SnugServerTls *tls;
  gboolean shaking_hands;
};

static void
tls_clear (gpointer data)
{
  SnugServerTls *self = data;

  if (self->credentials != NULL)
    gnutls_certificate_free_credentials (self->credentials);
  if (self->priority != NULL)
    gnutls_priority_deinit (self->priority);
}

SnugServerTls *
snug_server_tls_ref (SnugServerTls *self)
{
  return g_rc_box_acquire (self);
}

void
snug_server_tls_unref (SnugServerTls *self)
{
  g_rc_box_release_full (self, tls_clear);
}

static gboolean
read_pem (const char *path, char **text, gnutls_datum_t *datum, GError **error)
{
  gsize size;

  if (!g_file_get_contents (path, text, &size, error))
    return FALSE;
  *datum = (gnutls_datum_t) { (unsigned char *) *text, (unsigned) size };
  return TRUE;
}

SnugServerTls *
snug_server_tls_new (const char *certificate_file, const char *key_file, GError **error)
{
  g_autoptr (SnugServerTls) self = g_rc_box_new0 (SnugServerTls);
  g_autofree char *certificate_text = NULL;
  g_autofree char *key_text = NULL;
  gnutls_datum_t certificate, key;
  int status;

  g_return_val_if_fail (certificate_file != NULL && key_file != NULL, NULL);

  if (!read_pem (certificate_file, &certificate_text, &certificate, error)
      || !read_pem (key_file, &key_text, &key, error))
    return NULL;
  status = gnutls_certificate_allocate_credentials (&self->credentials);
  if (status >= 0)
    status = gnutls_certificate_set_x509_key_mem (self->credentials, &certificate, &key, GNUTLS_X509_FMT_PEM);
  if (status >= 0)
    status = gnutls_priority_init (&self->priority, PRIORITY, NULL);
  explicit_bzero (key_text, key.size);
  if (status >= 0)
    return g_steal_pointer (&self);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s and %s are no certificate with its key: %s",
               certificate_file, key_file, gnutls_strerror (status));
  return NULL;
}

SnugServerTlsSession *
snug_server_tls_session_new (SnugServerTls *tls, int fd)
{
  SnugServerTlsSession *self = g_new0 (SnugServerTlsSession, 1);

  self->tls = snug_server_tls_ref (tls);
  self->shaking_hands = TRUE;
  gnutls_init (&self->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS);
  gnutls_priority_set (self->session, tls->priority);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
  gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_IGNORE);
  /* The time limit is the connection's. */
  gnutls_handshake_set_timeout (self->session, GNUTLS_INDEFINITE_TIMEOUT);
  gnutls_transport_set_int (self->session, fd);
  return self;
}

void
snug_server_tls_session_free (SnugServerTlsSession *self)
{
  gnutls_deinit (self->session);
  snug_server_tls_unref (self->tls);
  g_free (self);
}

static gssize
get_failure (gssize status)
{
  /* A renegotiation is not asked for, and is not granted. */
  return status == GNUTLS_E_AGAIN || status == GNUTLS_E_INTERRUPTED ? SNUG_TRANSPORT_AGAIN
                                                                    : SNUG_TRANSPORT_FAILED;
}

int
snug_server_tls_session_handshake (SnugServerTlsSession *self)
{
  int status = gnutls_handshake (self->session);

  /* A warning is no end (RFC 5246, 7.2.2): the next call goes on. */
  if (status < 0)
    return gnutls_error_is_fatal (status) ? SNUG_TRANSPORT_FAILED : SNUG_TRANSPORT_AGAIN;
  self->shaking_hands = FALSE;
  return 0;
}

gssize
snug_server_tls_session_read (SnugServerTlsSession *self, guint8 *buffer, gsize size)
{
  gssize n = gnutls_record_recv (self->session, buffer, size);

  /* Ended without saying so: nothing of ours depends on the difference, every message tells its length. */
  if (n == GNUTLS_E_PREMATURE_TERMINATION)
    return 0;
  return n >= 0 ? n : get_failure (n);
}

gboolean
snug_server_tls_session_has_more (SnugServerTlsSession *self)
{
  return gnutls_record_check_pending (self->session) > 0;
}

gssize
snug_server_tls_session_write (SnugServerTlsSession *self, const guint8 *data, gsize size, gboolean *unsent)
{
  gssize n;

  if (*unsent)
    {
      n = gnutls_record_send (self->session, NULL, 0);
      if (n < 0)
        return get_failure (n);
      *unsent = FALSE;
    }
  if (size == 0)
    return 0;
  n = gnutls_record_send (self->session, data, size);
  if (n >= 0)
    return n;
  if (get_failure (n) == SNUG_TRANSPORT_FAILED)
    return SNUG_TRANSPORT_FAILED;
  /* The record is made already, and is sent by the next call. */
  *unsent = TRUE;
  return (gssize) MIN (size, gnutls_record_get_max_size (self->session));
}

gboolean
snug_server_tls_session_wants_write (const SnugServerTlsSession *self)
{
  return self->shaking_hands && gnutls_record_get_direction (self->session) == 1;
}

void
snug_server_tls_session_say_goodbye (SnugServerTlsSession *self)
{
  if (!self->shaking_hands)
    gnutls_bye (self->session, GNUTLS_SHUT_WR);
}

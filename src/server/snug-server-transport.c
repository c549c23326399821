/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-transport.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

void
snug_server_transport_init (SnugServerTransport *self, int fd)
{
  *self = (SnugServerTransport) { .fd = fd };
}

static gssize
get_failure (void)
{
  return errno == EAGAIN || errno == EINTR ? SNUG_TRANSPORT_AGAIN
                                                                   : SNUG_TRANSPORT_FAILED;
}

int
snug_server_transport_handshake (SnugServerTransport *self)
{
  return self->tls != NULL ? snug_server_tls_session_handshake (self->tls) : 0;
}

gssize
snug_server_transport_read (SnugServerTransport *self, guint8 *buffer, gsize size)
{
  gssize n;

  if (self->tls != NULL)
    return snug_server_tls_session_read (self->tls, buffer, size);
  n = recv (self->fd, buffer, size, 0);
  return n >= 0 ? n : get_failure ();
}

gboolean
snug_server_transport_has_more (SnugServerTransport *self)
{
  return self->tls != NULL && snug_server_tls_session_has_more (self->tls);
}

gssize
snug_server_transport_write (SnugServerTransport *self, const guint8 *data, gsize size)
{
  gssize n;

  if (self->tls != NULL)
    return snug_server_tls_session_write (self->tls, data, size, &self->unsent);
  if (size == 0)
    return 0;
  n = send (self->fd, data, size, MSG_NOSIGNAL);
  return n >= 0 ? n : get_failure ();
}

guint
snug_server_transport_get_events (const SnugServerTransport *self, gboolean writing)
{
  gboolean out = writing || self->unsent
                 || (self->tls != NULL && snug_server_tls_session_wants_write (self->tls));

  return EPOLLIN | (out ? EPOLLOUT : 0);
}

void
snug_server_transport_shut_down (SnugServerTransport *self)
{
  if (self->tls != NULL)
    snug_server_tls_session_say_goodbye (self->tls);
  shutdown (self->fd, SHUT_WR);
}

void
snug_server_transport_close (SnugServerTransport *self)
{
  g_clear_pointer (&self->tls, snug_server_tls_session_free);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

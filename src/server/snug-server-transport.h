/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes of one accepted connection, plain or over TLS; never blocks. Main context only.
 */
#pragma once

#include <glib.h>

#include "snug-server-tls.h"

G_BEGIN_DECLS

/* A value, and movable. */
typedef struct
{
  int fd; /* -1: closed */
  SnugServerTlsSession *tls; /* NULL: plain */
  gboolean unsent; /* bytes that were taken are still in the session */
} SnugServerTransport;

/* What reading and writing return when nothing can be done now, and when the connection is over. */
#define SNUG_TRANSPORT_AGAIN (-1)
#define SNUG_TRANSPORT_FAILED (-2)

void snug_server_transport_init (SnugServerTransport *self, int fd);
/* Shakes hands, before anything is read. Returns: 0 when it is done, AGAIN or FAILED. */
int snug_server_transport_handshake (SnugServerTransport *self);
/* Returns: bytes read, 0 at the end, AGAIN or FAILED. */
gssize snug_server_transport_read (SnugServerTransport *self, guint8 *buffer, gsize size);
/* Whether there is more to read that the descriptor does not tell of. */
gboolean snug_server_transport_has_more (SnugServerTransport *self);
/* Returns: bytes taken, AGAIN or FAILED. size: 0 only sends what was taken before. */
gssize snug_server_transport_write (SnugServerTransport *self, const guint8 *data, gsize size);
/* What it waits for during a handshake, and with something to write: events of epoll(7). */
guint snug_server_transport_get_events (const SnugServerTransport *self, gboolean writing);
/* Nothing more will be written. */
void snug_server_transport_shut_down (SnugServerTransport *self);
void snug_server_transport_close (SnugServerTransport *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One WebSocket of the server: limits on what comes in and what waits to go out, and whether the other side
 * is still there. It knows messages, not rooms; the transport stays behind it. Main context only.
 */
#pragma once

#include "snug-message.h"
#include "snug-server-limits.h"
#include "snug-server-loop.h"
#include "snug-server-metrics.h"
#include "snug-server-transport.h"
#include "snug-visitors.h"

G_BEGIN_DECLS

typedef struct _SnugServerClient SnugServerClient;

/* What a client tells its owner. */
typedef struct
{
  /* One from the client, parsed and checked. */
  void (*message) (SnugServerClient *client, SnugMessage *message, gpointer data);
  /* Nothing more will come in or go out; once. reason: a word for the log. Its connection may still be closing. */
  void (*gone) (SnugServerClient *client, const char *reason, gpointer data);
  /* Its connection is closed too; once, after "gone", and the last thing it tells. */
  void (*closed) (SnugServerClient *client, gpointer data);
} SnugServerClientFuncs;

/* What all clients of a server have in common; it must stay as long as they do. */
typedef struct
{
  SnugServerLoop *loop;
  SnugServerMetrics *metrics;
  const SnugServerClientFuncs *funcs;
  gpointer data;
} SnugServerClientOwner;

/* transport: taken over; it has just become a WebSocket. early: (nullable): what was read from it already. limits: kept.
 * visitor: where it comes from. room: (transfer full) (nullable): the only one it may join.
 * Returns: (transfer full): one reference. Nothing is told before the main context runs. */
SnugServerClient *snug_server_client_new (const SnugServerClientOwner *owner,
                                          const SnugServerTransport *transport,
                                          GBytes *early,
                                          SnugServerLimits *limits,
                                          SnugVisitor *visitor,
                                          char *room);
SnugServerClient *snug_server_client_ref (SnugServerClient *self);
/* The last one cuts the connection, and tells nothing. */
void snug_server_client_unref (SnugServerClient *self);

/* The peer id, made here. */
const char *snug_server_client_get_id (SnugServerClient *self);
SnugVisitor *snug_server_client_get_visitor (SnugServerClient *self);
gboolean snug_server_client_may_join (SnugServerClient *self, const char *room);
/* It is in a room: the join time-out is off, or on again. */
void snug_server_client_set_joined (SnugServerClient *self, gboolean joined);
/* Dropped when it is gone. One who does not read what it is sent is dropped instead. */
void snug_server_client_send (SnugServerClient *self, SnugMessage *message);
/* Sends what waits, tells the code (RFC 6455, 7.4.1), waits a second at most. reason: static, for the log. */
void snug_server_client_close (SnugServerClient *self, guint16 code, const char *reason);
/* At once. */
void snug_server_client_drop (SnugServerClient *self, const char *reason);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection from accept until it is a WebSocket, or has had its answer. Main context only.
 */
#pragma once

#include "snug-server-gate.h"
#include "snug-server-loop.h"
#include "snug-server-transport.h"

G_BEGIN_DECLS

typedef struct _SnugServerHandshake SnugServerHandshake;

typedef struct
{
  /* One more from that address. Returns: (transfer full) (nullable): NULL when there are too many. */
  SnugVisitor *(*enter) (const SnugServerAddress *address, gpointer data);
  void (*leave) (SnugVisitor *visitor, gpointer data);
  /* The answer to the request. Returns: (transfer full): all of it, but request->body. */
  char *(*respond) (SnugServerRequest *request, gpointer data);
  /* The end, once; the handshake is freed after it. transport: a WebSocket now, the owner's; NULL: it had its answer,
   * or failed, and is closed. */
  void (*done) (SnugServerHandshake *handshake, const SnugServerTransport *transport, gpointer data);
} SnugServerHandshakeFuncs;

/* Reads one request, sends what respond says. transport: taken over. address: whose it is; what a trusted proxy
 * says holds instead. config: with the certificate. timeout: seconds for all of it.
 * Returns: (nullable): NULL when there are too many from that address; the transport is the caller's then. */
SnugServerHandshake *snug_server_handshake_new (SnugServerLoop *loop,
                                                const SnugServerTransport *transport,
                                                const SnugServerAddress *address,
                                                SnugServerConfig *config,
                                                guint timeout,
                                                const SnugServerHandshakeFuncs *funcs,
                                                gpointer data);
/* Cuts it; only leave is called any more. */
void snug_server_handshake_free (SnugServerHandshake *self);

/* These three hand over what belongs to a new WebSocket, in done. */
SnugVisitor *snug_server_handshake_take_visitor (SnugServerHandshake *self);
/* (nullable): what was read after the request. */
GBytes *snug_server_handshake_take_early (SnugServerHandshake *self);
/* (nullable): the only room that may be joined. */
char *snug_server_handshake_take_room (SnugServerHandshake *self);

G_END_DECLS

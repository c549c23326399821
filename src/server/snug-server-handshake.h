/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection from accept until it is a WebSocket, or has had its answer. Main context only.
 */
#pragma once

#include "snug-http-head.h"
#include "snug-server-loop.h"
#include "snug-server-transport.h"

G_BEGIN_DECLS

typedef struct _SnugServerHandshake SnugServerHandshake;

typedef struct
{
  /* The answer to the request. Returns: (transfer full): all of it; *upgraded: whether the connection is a
   * WebSocket after it. */
  char *(*respond) (const SnugHttpHead *request, gboolean *upgraded, gpointer data);
  /* The end, once; the handshake is freed after it. transport: a WebSocket now, the owner's; NULL: it had its answer,
   * or failed, and is closed. early: (nullable): what was read after the request. */
  void (*done) (SnugServerHandshake *handshake, const SnugServerTransport *transport, GBytes *early, gpointer data);
} SnugServerHandshakeFuncs;

/* Reads one request, sends what respond says. transport: taken over. timeout: seconds for all of it. */
SnugServerHandshake *snug_server_handshake_new (SnugServerLoop *loop,
                                                const SnugServerTransport *transport,
                                                guint timeout,
                                                const SnugServerHandshakeFuncs *funcs,
                                                gpointer data);
/* Cuts it; nothing is called any more. */
void snug_server_handshake_free (SnugServerHandshake *self);

G_END_DECLS

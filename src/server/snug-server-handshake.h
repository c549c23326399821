/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection from accept until it is a WebSocket, or has had its answer. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "snug-http-head.h"

G_BEGIN_DECLS

/* The answer to one request. Returns: (transfer full): all of it; *upgraded: whether the connection is a WebSocket
 * after it. */
typedef char *(*SnugServerRespond) (const SnugHttpHead *request, gboolean *upgraded, gpointer data);

/* Reads one request, sends what respond says; data is its data. timeout: milliseconds for all of it. */
void snug_server_handshake_async (GSocketConnection *connection,
                                  guint timeout,
                                  SnugServerRespond respond,
                                  gpointer data,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* Returns: whether the connection is a WebSocket now. FALSE without an error: it had its answer, and is closed.
 * early: (out) (transfer full) (nullable): what was read after the request. */
gboolean snug_server_handshake_finish (GSocketConnection *connection,
                                       GAsyncResult *result,
                                       GBytes **early,
                                       GError **error);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From an address to an open WebSocket: name, TCP, TLS, HTTP upgrade. Main context only.
 */
#pragma once

#include <libsoup/soup.h>

#include "snug-frame-stream.h"
#include "snug-signaling.h"

G_BEGIN_DECLS

/* uri: ws:// or wss://. address: nullable: where that is, so that neither a name is looked up nor a proxy asked. Fails with a
 * SNUG_SIGNALING_ERROR, or G_IO_ERROR_CANCELLED; a time limit is the cancellable's business. */
void snug_websocket_connect_async (GUri *uri,
                                   GSocketAddress *address,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* stream: (out) (transfer full): what the WebSocket reads from and writes to. Returns: (transfer full). */
SoupWebsocketConnection *snug_websocket_connect_finish (GAsyncResult *result,
                                                        SnugFrameStream **stream,
                                                        GError **error);

G_END_DECLS

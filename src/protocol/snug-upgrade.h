/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP upgrade that opens a WebSocket with subprotocol snug.1 (RFC 6455, 4), both sides. Pure, but for the
 * time that a response bears.
 */
#pragma once

#include "snug-http-head.h"

G_BEGIN_DECLS

/* Returns: (transfer full): a new Sec-WebSocket-Key. */
char *snug_upgrade_new_key (void);
/* Returns: (transfer full): the Sec-WebSocket-Accept that belongs to a key. */
char *snug_upgrade_get_accept (const char *key);

/* Client. Returns: (transfer full): the whole request. uri: ws:// or wss://. */
char *snug_upgrade_make_request (GUri *uri, const char *key);
/* Client. Whether the server agreed. FALSE with a GIOError. */
gboolean snug_upgrade_check_response (const SnugHttpHead *head, const char *key, GError **error);

/* Server. Returns: (transfer full): the whole response to a request for SNUG_WEBSOCKET_PATH. *accepted: whether
 * it is the one that opens a WebSocket. */
char *snug_upgrade_make_response (const SnugHttpHead *request, gboolean *accepted);

/* Returns: (transfer full): a whole response that closes the connection. headers: more lines, each with
 * its CRLF, nullable. body: nullable. */
char *snug_http_make_response (guint status, const char *headers, const char *body);
/* The same with another type than JSON. */
char *snug_http_make_response_of_type (guint status, const char *type, const char *headers, const char *body);

G_END_DECLS

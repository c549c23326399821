/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The head of one HTTP/1.1 request or response (RFC 9112, 2 to 5), read with bounds and parsed strictly. It is
 * all of HTTP that a WebSocket needs; SoupServer reads heads and bodies without bound or time-out.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A head, in bytes, and its header lines. */
#define SNUG_HTTP_HEAD_MAX_BYTES 8192
#define SNUG_HTTP_HEADERS_MAX 64

typedef enum
{
  SNUG_HTTP_REQUEST,
  SNUG_HTTP_RESPONSE
} SnugHttpKind;

typedef struct
{
  char *method; /* of a request */
  char *target; /* of a request, as it was sent: "/path?query" */
  guint status; /* of a response */
  GHashTable *headers; /* lower-case name -> value; of the same name joined by ", " */
} SnugHttpHead;

void snug_http_head_free (SnugHttpHead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugHttpHead, snug_http_head_free)

/* Where the head ends that data begins with, 0 when it does not end yet. */
gsize snug_http_head_find_end (const char *data, gsize size);
/* data: one head with its empty line. Returns: (transfer full): or NULL with G_IO_ERROR_INVALID_DATA. */
SnugHttpHead *snug_http_head_parse (const char *data, gsize size, SnugHttpKind kind, GError **error);

/* NULL when there is none. */
const char *snug_http_head_get (const SnugHttpHead *self, const char *lower_case_name);
/* Whether one of the comma-separated values of the header is token, in any case. */
gboolean snug_http_head_has_token (const SnugHttpHead *self, const char *lower_case_name, const char *token);

/* Reads from a stream until the head is there. Fails with G_IO_ERROR_INVALID_DATA (malformed),
 * _MESSAGE_TOO_LARGE, _CONNECTION_CLOSED (ended before), or what the stream says; a time limit is the
 * cancellable's business. */
void snug_http_head_read_async (GInputStream *stream,
                                SnugHttpKind kind,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/* early: (out) (transfer full) (nullable): what was read after the head. */
SnugHttpHead *snug_http_head_read_finish (GInputStream *stream,
                                          GAsyncResult *result,
                                          GBytes **early,
                                          GError **error);

G_END_DECLS

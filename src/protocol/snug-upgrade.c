/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-upgrade.h"

#include "snug-protocol.h"

#include <string.h>

/* RFC 6455, 1.3. */
#define WEBSOCKET_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_BYTES 16

char *
snug_upgrade_new_key (void)
{
  guint8 bytes[KEY_BYTES];

  snug_protocol_random (bytes, sizeof bytes);
  return g_base64_encode (bytes, sizeof bytes);
}

char *
snug_upgrade_get_accept (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) key, -1);
  g_checksum_update (checksum, (const guchar *) WEBSOCKET_GUID, -1);
  g_checksum_get_digest (checksum, digest, &size);
  return g_base64_encode (digest, size);
}

/**
 * snug_upgrade_make_request:
 * @uri: an absolute ws:// or wss:// address
 * @key: from snug_upgrade_new_key()
 *
 * Returns: (transfer full): the request, head only
 */
char *
snug_upgrade_make_request (GUri *uri, const char *key)
{
  const char *host = g_uri_get_host (uri);
  const char *query = g_uri_get_query (uri);
  g_autofree char *port = NULL;
  gboolean bracket = strchr (host, ':') != NULL;

  if (g_uri_get_port (uri) > 0)
    port = g_strdup_printf (":%d", g_uri_get_port (uri));
  return g_strdup_printf ("GET %s%s%s HTTP/1.1\r\n"
                          "Host: %s%s%s%s\r\n"
                          "Upgrade: websocket\r\n"
                          "Connection: Upgrade\r\n"
                          "Sec-WebSocket-Key: %s\r\n"
                          "Sec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Protocol: " SNUG_PROTOCOL_NAME "\r\n"
                          "\r\n",
                          g_uri_get_path (uri),
                          query != NULL ? "?" : "",
                          query != NULL ? query : "",
                          bracket ? "[" : "",
                          host,
                          bracket ? "]" : "",
                          port != NULL ? port : "",
                          key);
}

static gboolean
refused (GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "No Snug server: %s", what);
  return FALSE;
}

gboolean
snug_upgrade_check_response (const SnugHttpHead *head, const char *key, GError **error)
{
  g_autofree char *accept = snug_upgrade_get_accept (key);

  if (head->status != 101)
    {
      g_set_error (error,
                   G_IO_ERROR,
                   G_IO_ERROR_INVALID_DATA,
                   "No Snug server: it answered with HTTP status %u",
                   head->status);
      return FALSE;
    }
  if (!snug_http_head_has_token (head, "upgrade", "websocket")
      || !snug_http_head_has_token (head, "connection", "upgrade")
      || g_strcmp0 (snug_http_head_get (head, "sec-websocket-accept"), accept) != 0
      || snug_http_head_get (head, "sec-websocket-extensions") != NULL)
    return refused (error, "it does not answer as a WebSocket");
  if (g_strcmp0 (snug_http_head_get (head, "sec-websocket-protocol"), SNUG_PROTOCOL_NAME) != 0)
    return refused (error, "it does not speak " SNUG_PROTOCOL_NAME);
  return TRUE;
}

/* RFC 9110, 6.6.1: what a client may compare its own clock with. In English, whatever the locale. */
static char *
make_date (void)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *of_day = g_date_time_format (now, "%H:%M:%S");

  return g_strdup_printf ("%s, %02d %s %04d %s GMT",
                          days[g_date_time_get_day_of_week (now) - 1],
                          g_date_time_get_day_of_month (now),
                          months[g_date_time_get_month (now) - 1],
                          g_date_time_get_year (now),
                          of_day);
}

static const char *
get_reason (guint status)
{
  switch (status)
    {
    case 200:
      return "OK";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Bad Request";
    }
}

char *
snug_http_make_response (guint status, const char *headers, const char *body)
{
  return snug_http_make_response_of_type (status, "application/json", headers, body);
}

char *
snug_http_make_response_of_type (guint status, const char *type, const char *headers, const char *body)
{
  g_autofree char *date = make_date ();

  return g_strdup_printf ("HTTP/1.1 %u %s\r\n"
                          "Date: %s\r\n"
                          "Content-Type: %s\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n"
                          "Cache-Control: no-store\r\n"
                          "Connection: close\r\n"
                          "%s\r\n%s",
                          status,
                          get_reason (status),
                          date,
                          type,
                          body != NULL ? strlen (body) : 0,
                          headers != NULL ? headers : "",
                          body != NULL ? body : "");
}

static gboolean
is_key (const char *key)
{
  g_autofree guchar *bytes = NULL;
  gsize size = 0;

  if (key == NULL || strlen (key) != 24)
    return FALSE;
  bytes = g_base64_decode (key, &size);
  return size == KEY_BYTES;
}

char *
snug_upgrade_make_response (const SnugHttpHead *request, gboolean *accepted)
{
  const char *key = snug_http_head_get (request, "sec-websocket-key");
  g_autofree char *accept = NULL;
  g_autofree char *date = NULL;

  *accepted = FALSE;
  if (strcmp (request->method, "GET") != 0)
    return snug_http_make_response (405, "Allow: GET\r\n", NULL);
  if (!snug_http_head_has_token (request, "upgrade", "websocket")
      || !snug_http_head_has_token (request, "connection", "upgrade")
      || g_strcmp0 (snug_http_head_get (request, "sec-websocket-version"), "13") != 0)
    return snug_http_make_response (426,
                                    "Upgrade: websocket\r\n"
                                    "Sec-WebSocket-Version: 13\r\n",
                                    "{\"error\":\"This is a WebSocket\"}\n");
  if (!is_key (key) || snug_http_head_get (request, "host") == NULL)
    return snug_http_make_response (400, NULL, "{\"error\":\"No valid WebSocket key or host\"}\n");
  if (!snug_http_head_has_token (request, "sec-websocket-protocol", SNUG_PROTOCOL_NAME))
    return snug_http_make_response (400,
                                    NULL,
                                    "{\"error\":\"The subprotocol is " SNUG_PROTOCOL_NAME "\"}\n");

  *accepted = TRUE;
  accept = snug_upgrade_get_accept (key);
  date = make_date ();
  return g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\n"
                          "Date: %s\r\n"
                          "Upgrade: websocket\r\n"
                          "Connection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n"
                          "Sec-WebSocket-Protocol: " SNUG_PROTOCOL_NAME "\r\n"
                          "\r\n",
                          date,
                          accept);
}

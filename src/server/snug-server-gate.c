/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-server-gate.h"

#include <string.h>

#include "snug-access-token.h"
#include "snug-guest-page.h"
#include "snug-protocol.h"
#include "snug-upgrade.h"

/* What may stand behind SNUG_WEBSOCKET_PATH, for a proxy that chooses a server by the room. */
#define ROOM_SEGMENT_MAX_BYTES 256

static char *
refuse (SnugServerMetrics *metrics, const char *reason, guint status, const char *headers, const char *text)
{
  g_autofree char *body = g_strdup_printf ("{\"error\":\"%s\"}\n", text);

  snug_server_metrics_count_refusal (metrics, reason);
  g_debug ("event=request-refused reason=%s", reason);
  return snug_http_make_response (status, headers, body);
}

static gboolean
has_body (const SnugHttpHead *head)
{
  const char *length = snug_http_head_get (head, "content-length");

  return snug_http_head_get (head, "transfer-encoding") != NULL
         || (length != NULL && strcmp (length, "0") != 0);
}

static gboolean
is_websocket_path (const char *path)
{
  const gsize size = strlen (SNUG_WEBSOCKET_PATH);

  if (!g_str_has_prefix (path, SNUG_WEBSOCKET_PATH))
    return FALSE;
  path += size;
  return *path == '\0'
         || (path[0] == '/' && path[1] != '\0' && strchr (path + 1, '/') == NULL
             && strlen (path + 1) <= ROOM_SEGMENT_MAX_BYTES);
}

/* Whoever may read them knows how many people talk, and when. */
static gboolean
may_read_metrics (const SnugServerRequest *request, SnugServerConfig *config)
{
  /* What a proxy on this machine passes on does not come from this machine. */
  if (snug_server_address_is_loopback (&request->address) && !request->by_proxy
      && snug_http_head_get (request->head, "x-forwarded-for") == NULL
      && snug_http_head_get (request->head, "forwarded") == NULL)
    return TRUE;
  return config->metrics_from != NULL
         && snug_server_networks_contain ((const SnugServerNetwork *) (gpointer) config->metrics_from->data,
                                          config->metrics_from->len, &request->address);
}

static char *
make_health (const SnugServerGauges *gauges)
{
  const char *redis = gauges->cluster == NULL    ? ""
                      : gauges->cluster->online ? ",\"redis\":true"
                                                : ",\"redis\":false";
  g_autofree char *body = g_strdup_printf ("{\"status\":\"ok\",\"version\":\"%s\",\"protocol\":\"%s\","
                                           "\"clients\":%u,\"rooms\":%u%s}\n",
                                           SNUG_VERSION, SNUG_PROTOCOL_NAME, gauges->n_clients, gauges->n_rooms, redis);

  return snug_http_make_response (200, NULL, body);
}

static gboolean
is_allowed_origin (const SnugHttpHead *head, SnugServerConfig *config)
{
  const char *origin = snug_http_head_get (head, "origin");

  /* Programs send none, and could send any: this is about what pages make browsers do. */
  return origin == NULL || config->origins == NULL
         || g_strv_contains ((const char *const *) config->origins, origin);
}

/* Returns: (transfer full) (nullable): of "Authorization: Bearer TOKEN", or of "?token=TOKEN". */
static char *
find_token (const SnugHttpHead *head)
{
  const char *authorization = snug_http_head_get (head, "authorization");
  const char *query = strchr (head->target, '?');
  g_auto (GStrv) fields = NULL;

  if (authorization != NULL && g_ascii_strncasecmp (authorization, "bearer ", 7) == 0)
    return g_strstrip (g_strdup (authorization + 7));
  fields = g_strsplit (query != NULL ? query + 1 : "", "&", -1);
  for (guint i = 0; fields[i] != NULL; i++)
    {
      if (g_str_has_prefix (fields[i], "token="))
        return g_strdup (fields[i] + strlen ("token="));
    }
  return NULL;
}

static gboolean
is_admitted (SnugServerRequest *request, SnugServerConfig *config)
{
  g_autofree char *token = NULL;

  if (config->access_keys == NULL)
    return TRUE;
  token = find_token (request->head);
  return token != NULL
         && snug_access_token_check (token, (const char *const *) config->access_keys,
                                     g_get_real_time () / G_USEC_PER_SEC, &request->room);
}

static char *
answer_websocket (SnugServerRequest *request,
                  SnugServerConfig *config,
                  const SnugServerLimits *limits,
                  SnugServerMetrics *metrics,
                  const SnugServerGauges *gauges)
{
  char *response;

  if (config->tls == NULL && !config->plain_anywhere && !request->by_proxy
      && !snug_server_address_is_private (&request->address))
    return refuse (metrics, "plain", 403, NULL, "From the Internet only over TLS");
  if (!is_allowed_origin (request->head, config))
    return refuse (metrics, "origin", 403, NULL, "Not for this page");
  if (!is_admitted (request, config))
    return refuse (metrics, "token", 401, "WWW-Authenticate: Bearer\r\n", "No valid access token");
  if (gauges->n_clients >= limits->max_clients || metrics->held_bytes >= (gint64) limits->memory_limit * 1024 * 1024)
    return refuse (metrics, "full", 503, "Retry-After: 30\r\n", "The server is full");
  response = snug_upgrade_make_response (request->head, &request->upgraded);
  if (!request->upgraded)
    snug_server_metrics_count_refusal (metrics, "upgrade");
  return response;
}

char *
snug_server_gate_answer (SnugServerRequest *request,
                         SnugServerConfig *config,
                         const SnugServerLimits *limits,
                         SnugServerMetrics *metrics,
                         const SnugServerGauges *gauges)
{
  const SnugHttpHead *head = request->head;
  g_autofree char *path = g_strndup (head->target, strcspn (head->target, "?"));
  gboolean is_health = strcmp (path, "/healthz") == 0;
  gboolean is_page = !config->no_guest_page && snug_guest_page_has (path);
  g_autofree char *text = NULL;

  if (has_body (head))
    return refuse (metrics, "body", 413, NULL, "No bodies");
  if (is_websocket_path (path))
    return answer_websocket (request, config, limits, metrics, gauges);
  if (is_page && (strcmp (head->method, "GET") == 0 || strcmp (head->method, "HEAD") == 0))
    return snug_guest_page_answer (head, path, &request->body);
  if (is_page)
    return refuse (metrics, "method", 405, "Allow: GET, HEAD\r\n", "GET and HEAD only");
  if (!is_health && (strcmp (path, "/metrics") != 0 || !may_read_metrics (request, config)))
    return refuse (metrics, "path", 404, NULL, "Nothing here");
  if (strcmp (head->method, "GET") != 0)
    return refuse (metrics, "method", 405, "Allow: GET\r\n", "GET only");
  if (is_health)
    return make_health (gauges);
  text = snug_server_metrics_print (metrics, gauges);
  return snug_http_make_response_of_type (200, "text/plain; version=0.0.4; charset=utf-8", NULL, text);
}

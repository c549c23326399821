/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answers of a server to HTTP requests: who gets a WebSocket, and everything that is not one.
 */
#pragma once

#include "snug-http-head.h"
#include "snug-server-config.h"
#include "snug-server-limits.h"
#include "snug-server-metrics.h"
#include "snug-visitors.h"

G_BEGIN_DECLS

/* One request and who asks. */
typedef struct
{
  const SnugHttpHead *head;
  SnugServerAddress address;
  gboolean by_proxy; /* address is what a trusted proxy says */
  gboolean upgraded; /* (out): the connection is a WebSocket after the answer */
  char *room;        /* (out): the only one that may be joined; NULL: every one */
  GBytes *body;      /* (out): what comes behind the answer, shared; NULL: nothing */
} SnugServerRequest;

/* Returns: (transfer full): all of the answer, but request->body. */
char *snug_server_gate_answer (SnugServerRequest *request,
                               SnugServerConfig *config,
                               const SnugServerLimits *limits,
                               SnugServerMetrics *metrics,
                               const SnugServerGauges *gauges);

G_END_DECLS

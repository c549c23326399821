/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server counts, and how it tells: Prometheus' text format 0.0.4.
 */
#pragma once

#include "snug-cluster.h"

G_BEGIN_DECLS

#define SNUG_LATENCY_BUCKETS 12

/* A value; init and clear it. */
typedef struct
{
  guint64 n_connections; /* accepted */
  guint64 n_messages_in;
  guint64 n_messages_out;
  guint64 n_bytes_in;
  guint64 n_bytes_out;
  guint64 n_joins;
  gint64 held_bytes; /* what waits for clients, and messages that have begun */
  GHashTable *refusals;   /* reason (static) -> guint64 */
  GHashTable *departures; /* the same, of clients */
  guint64 latency[SNUG_LATENCY_BUCKETS + 1]; /* the last: above all of them */
  gint64 latency_sum; /* microseconds */
} SnugServerMetrics;

/* What is so now, and not counted. */
typedef struct
{
  guint n_clients;
  guint n_rooms;
  guint n_handshakes;
  guint n_addresses;
  const SnugClusterFigures *cluster; /* NULL: the rooms are not shared */
} SnugServerGauges;

void snug_server_metrics_init (SnugServerMetrics *self);
void snug_server_metrics_clear (SnugServerMetrics *self);
/* reason: static. */
void snug_server_metrics_count_refusal (SnugServerMetrics *self, const char *reason);
void snug_server_metrics_count_departure (SnugServerMetrics *self, const char *reason);
/* What was said has waited so long to go out, in microseconds. */
void snug_server_metrics_observe_latency (SnugServerMetrics *self, gint64 microseconds);
/* Returns: (transfer full). */
char *snug_server_metrics_print (const SnugServerMetrics *self, const SnugServerGauges *gauges);

G_END_DECLS

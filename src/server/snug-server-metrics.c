/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-server-metrics.h"

#include <stdio.h>
#include <unistd.h>

static const gint64 bounds[SNUG_LATENCY_BUCKETS]
  = { 50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 100000, 1000000, 10000000 };

void
snug_server_metrics_init (SnugServerMetrics *self)
{
  *self = (SnugServerMetrics) { 0 };
  self->refusals = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->departures = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
}

void
snug_server_metrics_clear (SnugServerMetrics *self)
{
  g_clear_pointer (&self->refusals, g_hash_table_unref);
  g_clear_pointer (&self->departures, g_hash_table_unref);
}

static void
count (GHashTable *table, const char *reason)
{
  guint64 *n = g_hash_table_lookup (table, reason);

  if (n == NULL)
    {
      n = g_new0 (guint64, 1);
      g_hash_table_insert (table, (char *) reason, n);
    }
  (*n)++;
}

void
snug_server_metrics_count_refusal (SnugServerMetrics *self, const char *reason)
{
  count (self->refusals, reason);
}

void
snug_server_metrics_count_departure (SnugServerMetrics *self, const char *reason)
{
  count (self->departures, reason);
}

void
snug_server_metrics_observe_latency (SnugServerMetrics *self, gint64 microseconds)
{
  guint i = 0;

  while (i < SNUG_LATENCY_BUCKETS && microseconds > bounds[i])
    i++;
  self->latency[i]++;
  self->latency_sum += microseconds;
}

static void
print_one (GString *out, const char *name, const char *type, const char *help, guint64 value)
{
  g_string_append_printf (out, "# HELP snug_%s %s\n# TYPE snug_%s %s\nsnug_%s %" G_GUINT64_FORMAT "\n", name, help,
                          name, type, name, value);
}

static void
print_reasons (GString *out, const char *name, const char *help, GHashTable *table)
{
  GHashTableIter iter;
  gpointer reason, n;

  g_string_append_printf (out, "# HELP snug_%s %s\n# TYPE snug_%s counter\n", name, help, name);
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &reason, &n))
    g_string_append_printf (out, "snug_%s{reason=\"%s\"} %" G_GUINT64_FORMAT "\n", name, (const char *) reason,
                            *(guint64 *) n);
}

static void
print_latency (GString *out, const SnugServerMetrics *self)
{
  guint64 sum = 0;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, "# HELP snug_send_seconds From what a server has to say until it is with the kernel\n"
                        "# TYPE snug_send_seconds histogram\n");
  for (guint i = 0; i <= SNUG_LATENCY_BUCKETS; i++)
    {
      sum += self->latency[i];
      if (i < SNUG_LATENCY_BUCKETS)
        g_ascii_formatd (number, sizeof number, "%g", (double) bounds[i] / G_USEC_PER_SEC);
      else
        g_strlcpy (number, "+Inf", sizeof number);
      g_string_append_printf (out, "snug_send_seconds_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n", number, sum);
    }
  g_ascii_formatd (number, sizeof number, "%.6f", (double) self->latency_sum / G_USEC_PER_SEC);
  g_string_append_printf (out, "snug_send_seconds_sum %s\nsnug_send_seconds_count %" G_GUINT64_FORMAT "\n", number,
                          sum);
}

static void
print_cluster (GString *out, const SnugClusterFigures *cluster)
{
  print_one (out, "redis_connected", "gauge", "Whether Redis is there", cluster->online);
  print_one (out, "redis_nodes", "gauge", "Other servers with people in the same rooms", cluster->n_nodes);
  print_one (out, "redis_messages_sent_total", "counter", "Messages to other servers", cluster->n_said);
  print_one (out, "redis_messages_received_total", "counter", "Messages from other servers", cluster->n_heard);
  print_one (out, "redis_messages_lost_total", "counter", "Messages that did not arrive, as far as is known",
             cluster->n_lost);
  print_one (out, "redis_refused_total", "counter", "What came from Redis and made no sense", cluster->n_refused);
}

/* Of the process, as proc(5) tells; 0 where it does not. */
static guint64
find_resident_bytes (void)
{
  g_autofree char *text = NULL;
  unsigned long size, resident = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%lu %lu", &size, &resident) != 2)
    return 0;
  return (guint64) resident * (guint64) sysconf (_SC_PAGESIZE);
}

char *
snug_server_metrics_print (const SnugServerMetrics *self, const SnugServerGauges *gauges)
{
  GString *out = g_string_new ("# HELP snug_info What runs here\n# TYPE snug_info gauge\nsnug_info{version=\"" SNUG_VERSION
                               "\"} 1\n");

  print_one (out, "clients", "gauge", "WebSockets that are open", gauges->n_clients);
  print_one (out, "rooms", "gauge", "Rooms with somebody in them", gauges->n_rooms);
  print_one (out, "handshakes", "gauge", "Connections that are no WebSocket yet", gauges->n_handshakes);
  print_one (out, "addresses", "gauge", "Addresses that are known", gauges->n_addresses);
  print_one (out, "connections_total", "counter", "Connections that were accepted", self->n_connections);
  print_one (out, "joins_total", "counter", "Joins that were granted", self->n_joins);
  print_one (out, "messages_received_total", "counter", "Messages from clients", self->n_messages_in);
  print_one (out, "messages_sent_total", "counter", "Messages to clients", self->n_messages_out);
  print_one (out, "received_bytes_total", "counter", "Bytes from WebSockets", self->n_bytes_in);
  print_one (out, "sent_bytes_total", "counter", "Bytes to WebSockets", self->n_bytes_out);
  print_one (out, "held_bytes", "gauge", "What waits for clients, and messages that have begun",
             (guint64) MAX (self->held_bytes, 0));
  print_one (out, "resident_bytes", "gauge", "Memory of the process", find_resident_bytes ());
  print_reasons (out, "refusals_total", "Connections and joins that were refused", self->refusals);
  print_reasons (out, "departures_total", "Clients that are gone", self->departures);
  print_latency (out, self);
  if (gauges->cluster != NULL)
    print_cluster (out, gauges->cluster);
  return g_string_free (out, FALSE);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-visitors.h"

#include <string.h>

/* Mistakes that cost nothing: a full room is asked again. */
#define FREE_REFUSALS 5
#define DELAY_SECONDS_MAX 60
/* How long an address without a connection is remembered, and how often that is looked at. */
#define MEMORY_MICROSECONDS (2 * 60 * (gint64) G_USEC_PER_SEC)
#define SWEEP_MICROSECONDS (30 * (gint64) G_USEC_PER_SEC)

struct _SnugVisitors
{
  GHashTable *visitors; /* SnugServerAddress (inside of its value) -> SnugVisitor */
  gint64 swept_at;
};

SnugVisitors *
snug_visitors_new (void)
{
  SnugVisitors *self = g_new0 (SnugVisitors, 1);

  self->visitors = g_hash_table_new_full (snug_server_address_hash, snug_server_address_equal, NULL, g_free);
  return self;
}

void
snug_visitors_free (SnugVisitors *self)
{
  g_hash_table_unref (self->visitors);
  g_free (self);
}

static gboolean
is_forgotten (gpointer key, gpointer value, gpointer data)
{
  SnugVisitor *visitor = value;
  gint64 now = *(gint64 *) data;

  return visitor->n_connections == 0 && visitor->joins.filled_at + MEMORY_MICROSECONDS <= now
         && visitor->not_before <= now;
}

static void
sweep (SnugVisitors *self, gint64 now)
{
  if (now < self->swept_at + SWEEP_MICROSECONDS)
    return;
  self->swept_at = now;
  g_hash_table_foreach_remove (self->visitors, is_forgotten, &now);
}

SnugVisitor *
snug_visitors_enter (SnugVisitors *self, const SnugServerAddress *address, guint max, guint join_rate, gint64 now)
{
  SnugServerAddress network = snug_server_address_get_network (address);
  SnugVisitor *visitor;

  sweep (self, now);
  visitor = g_hash_table_lookup (self->visitors, &network);
  if (visitor == NULL)
    {
      visitor = g_new0 (SnugVisitor, 1);
      visitor->address = network;
      /* In sixtieths of a join: the bucket counts by the second. */
      snug_token_bucket_init (&visitor->joins, join_rate, join_rate * 60, now);
      g_hash_table_insert (self->visitors, &visitor->address, visitor);
    }
  if (visitor->n_connections >= max && !snug_server_address_is_loopback (address))
    return NULL;
  visitor->n_connections++;
  return visitor;
}

void
snug_visitors_leave (SnugVisitors *self, SnugVisitor *visitor, gint64 now)
{
  g_return_if_fail (visitor->n_connections > 0);

  visitor->n_connections--;
  sweep (self, now);
}

guint
snug_visitors_get_n (SnugVisitors *self)
{
  return g_hash_table_size (self->visitors);
}

gboolean
snug_visitor_may_join (SnugVisitor *self, gint64 now)
{
  if (snug_server_address_is_loopback (&self->address))
    return TRUE;
  if (now < self->not_before)
    return FALSE;
  return snug_token_bucket_take_many (&self->joins, 60, now);
}

void
snug_visitor_tell_join (SnugVisitor *self, gboolean refused, gint64 now)
{
  guint over;

  if (!refused)
    {
      self->n_refusals = 0;
      self->not_before = 0;
      return;
    }
  self->n_refusals++;
  if (self->n_refusals < FREE_REFUSALS)
    return;
  over = MIN (self->n_refusals - FREE_REFUSALS, 6);
  self->not_before = now + MIN (1 << over, DELAY_SECONDS_MAX) * (gint64) G_USEC_PER_SEC;
}

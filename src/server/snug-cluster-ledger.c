/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cluster-ledger.h"

typedef struct
{
  guint64 number;
  gint64 sent_at;
  char *from;
  char *to;
} Pending;

typedef struct
{
  /* Of ours, to it. */
  guint64 last_sent;
  GQueue pending; /* Pending, in the order of their numbers */
  /* Of its, to us: those from run_first to last_heard, without a gap; 0: none yet. */
  guint64 run_first;
  guint64 last_heard;
  guint64 last_told;
  guint64 before_first; /* the run before the gap, if it was not told of; 0: none */
  guint64 before_last;
  gint64 due_since; /* when the first was heard that it was not told of; 0: none */
} Node;

struct _SnugClusterLedger
{
  GHashTable *nodes; /* id -> Node */
  SnugLedgerLostFunc lost;
  gpointer data;
  guint n_pending;
};

static void
pending_free (Pending *pending)
{
  g_free (pending->from);
  g_free (pending->to);
  g_free (pending);
}

static void
node_free (gpointer data)
{
  Node *node = data;

  g_queue_clear_full (&node->pending, (GDestroyNotify) pending_free);
  g_free (node);
}

SnugClusterLedger *
snug_cluster_ledger_new (SnugLedgerLostFunc lost, gpointer data)
{
  SnugClusterLedger *self = g_new0 (SnugClusterLedger, 1);

  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, node_free);
  self->lost = lost;
  self->data = data;
  return self;
}

void
snug_cluster_ledger_free (SnugClusterLedger *self)
{
  g_hash_table_unref (self->nodes);
  g_free (self);
}

static Node *
ensure_node (SnugClusterLedger *self, const char *id)
{
  Node *node = g_hash_table_lookup (self->nodes, id);

  if (node == NULL)
    {
      node = g_new0 (Node, 1);
      g_hash_table_insert (self->nodes, g_strdup (id), node);
    }
  return node;
}

/* link: of node's queue. */
static void
settle (SnugClusterLedger *self, Node *node, GList *link, gboolean arrived)
{
  Pending *pending = link->data;

  g_queue_delete_link (&node->pending, link);
  self->n_pending--;
  if (!arrived)
    self->lost (pending->from, pending->to, self->data);
  pending_free (pending);
}

guint64
snug_cluster_ledger_send (SnugClusterLedger *self, const char *id, const char *from, const char *to, gint64 now)
{
  Node *node = ensure_node (self, id);
  Pending *pending;

  if (g_queue_get_length (&node->pending) >= SNUG_LEDGER_MAX)
    return 0;
  pending = g_new0 (Pending, 1);
  pending->number = ++node->last_sent;
  pending->sent_at = now;
  pending->from = g_strdup (from);
  pending->to = g_strdup (to);
  g_queue_push_tail (&node->pending, pending);
  self->n_pending++;
  return pending->number;
}

void
snug_cluster_ledger_lose (SnugClusterLedger *self, const char *id, guint64 number)
{
  Node *node = g_hash_table_lookup (self->nodes, id);

  for (GList *link = node != NULL ? node->pending.head : NULL; link != NULL; link = link->next)
    {
      if (((Pending *) link->data)->number == number)
        {
          settle (self, node, link, FALSE);
          return;
        }
    }
}

void
snug_cluster_ledger_acknowledge (SnugClusterLedger *self, const char *id, guint64 first, guint64 last)
{
  Node *node = g_hash_table_lookup (self->nodes, id);

  while (node != NULL && node->pending.head != NULL)
    {
      guint64 number = ((Pending *) node->pending.head->data)->number;

      if (number > last)
        return;
      settle (self, node, node->pending.head, number >= first);
    }
}

void
snug_cluster_ledger_expire (SnugClusterLedger *self, gint64 now)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Node *node = value;

      while (node->pending.head != NULL
             && now - ((Pending *) node->pending.head->data)->sent_at >= SNUG_LEDGER_LOST_MICROSECONDS)
        settle (self, node, node->pending.head, FALSE);
    }
}

void
snug_cluster_ledger_forget (SnugClusterLedger *self, const char *id)
{
  Node *node = g_hash_table_lookup (self->nodes, id);

  if (node == NULL)
    return;
  while (node->pending.head != NULL)
    settle (self, node, node->pending.head, FALSE);
}

guint
snug_cluster_ledger_get_n_pending (SnugClusterLedger *self)
{
  return self->n_pending;
}

gboolean
snug_cluster_ledger_is_new (SnugClusterLedger *self, const char *id, guint64 number)
{
  Node *node = g_hash_table_lookup (self->nodes, id);

  return number > 0 && (node == NULL || number > node->last_heard);
}

void
snug_cluster_ledger_receive (SnugClusterLedger *self, const char *id, guint64 number, gint64 now)
{
  Node *node = ensure_node (self, id);

  if (number != node->last_heard + 1 || node->run_first == 0)
    {
      if (node->last_heard > node->last_told)
        {
          node->before_first = node->run_first;
          node->before_last = node->last_heard;
        }
      node->run_first = number;
    }
  node->last_heard = number;
  if (node->due_since == 0)
    node->due_since = now;
}

gboolean
snug_cluster_ledger_take_ack (SnugClusterLedger *self, gint64 now, const char **id, guint64 *first, guint64 *last)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      Node *node = value;

      if (node->due_since == 0
          || (node->before_first == 0 && now - node->due_since < SNUG_LEDGER_ACK_MICROSECONDS
              && node->last_heard - node->last_told < SNUG_LEDGER_ACK_MESSAGES))
        continue;
      *id = key;
      *first = node->before_first > 0 ? node->before_first : node->run_first;
      *last = node->before_first > 0 ? node->before_last : node->last_heard;
      node->last_told = *last;
      if (node->before_first == 0)
        node->due_since = 0;
      node->before_first = 0;
      return TRUE;
    }
  return FALSE;
}

void
snug_cluster_ledger_repeat (SnugClusterLedger *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Node *node = value;

      if (node->last_heard > 0)
        node->due_since = 1;
    }
}

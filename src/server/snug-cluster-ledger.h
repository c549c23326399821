/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was said to other nodes, and has not been heard of yet; and what was heard from them. Messages to one node are
 * numbered, without a gap; it tells which it has got. So each is taken at most once, and one that was not, or that nobody
 * knows of, is known to who said it. Pure: the caller says what time it is, in microseconds of any clock that goes on.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Messages to one node that are on the way; more are not taken. */
#define SNUG_LEDGER_MAX 4096
/* What was not heard of for so long is lost. */
#define SNUG_LEDGER_LOST_MICROSECONDS (10 * (gint64) G_USEC_PER_SEC)
/* How long, and for how many, the answer waits for more. */
#define SNUG_LEDGER_ACK_MICROSECONDS (50 * (gint64) 1000)
#define SNUG_LEDGER_ACK_MESSAGES 32

typedef struct _SnugClusterLedger SnugClusterLedger;

/* A message from a member of ours to another one did not arrive, as far as is known. */
typedef void (*SnugLedgerLostFunc) (const char *from, const char *to, gpointer data);

SnugClusterLedger *snug_cluster_ledger_new (SnugLedgerLostFunc lost, gpointer data);
void snug_cluster_ledger_free (SnugClusterLedger *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugClusterLedger, snug_cluster_ledger_free)

/* One more is on its way. Returns: its number, 0 when too many are. */
guint64 snug_cluster_ledger_send (SnugClusterLedger *self, const char *node, const char *from, const char *to, gint64 now);
/* That one did not get there. */
void snug_cluster_ledger_lose (SnugClusterLedger *self, const char *node, guint64 number);
/* The node has got those from first to last, and, as messages do not overtake each other, none before that it did not tell of. */
void snug_cluster_ledger_acknowledge (SnugClusterLedger *self, const char *node, guint64 first, guint64 last);
/* To be asked about twice a second. */
void snug_cluster_ledger_expire (SnugClusterLedger *self, gint64 now);
/* The node is no more, as far as is known: all that was on its way to it is lost. Its numbers go on if it comes back. */
void snug_cluster_ledger_forget (SnugClusterLedger *self, const char *node);
guint snug_cluster_ledger_get_n_pending (SnugClusterLedger *self);

/* Whether a message with that number was not heard from the node yet. */
gboolean snug_cluster_ledger_is_new (SnugClusterLedger *self, const char *node, guint64 number);
/* It was taken. */
void snug_cluster_ledger_receive (SnugClusterLedger *self, const char *node, guint64 number, gint64 now);
/* An answer that is due, one at a time. node: borrowed. */
gboolean snug_cluster_ledger_take_ack (SnugClusterLedger *self,
                                       gint64 now,
                                       const char **node,
                                       guint64 *first,
                                       guint64 *last);
/* All answers are due again: whether they arrived is not known. */
void snug_cluster_ledger_repeat (SnugClusterLedger *self);

G_END_DECLS

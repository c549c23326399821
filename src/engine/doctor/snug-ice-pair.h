/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pair of candidates and what became of it (RFC 8445, 6.1.2.6), and how libnice tells of pairs: it shows them in its debug
 * output and nowhere else. What is not understood there is skipped, so that another version shows fewer pairs at worst. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SNUG_ICE_PAIR_FROZEN,
  SNUG_ICE_PAIR_WAITING,
  SNUG_ICE_PAIR_IN_PROGRESS,
  SNUG_ICE_PAIR_SUCCEEDED,
  SNUG_ICE_PAIR_FAILED,
  SNUG_ICE_PAIR_DROPPED /* not tried to the end: a better one was there */
} SnugIcePairState;

typedef struct
{
  char *local_address;
  guint local_port; /* 0: of a TCP connection that is to be made */
  char *remote_address;
  guint remote_port;
  char *protocol; /* "udp" or "tcp"; nullable */
  SnugIcePairState state;
  gboolean nominated;
} SnugIcePair;

SnugIcePair *snug_ice_pair_copy (const SnugIcePair *self);
void snug_ice_pair_free (SnugIcePair *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugIcePair, snug_ice_pair_free)
/* "frozen", "waiting", "in-progress", "succeeded", "failed", "dropped". */
const char *snug_ice_pair_state_to_string (SnugIcePairState state);

/* The pairs of one or all agents of a process. */
typedef struct _SnugIcePairs SnugIcePairs;

/* agent: the address of the agent to listen to; NULL: any. */
SnugIcePairs *snug_ice_pairs_new (gconstpointer agent);
void snug_ice_pairs_free (SnugIcePairs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugIcePairs, snug_ice_pairs_free)

/* line: one line of libnice's debug output, any bytes. Returns: (transfer none) (nullable): the pair that it changed. */
const SnugIcePair *snug_ice_pairs_read (SnugIcePairs *self, const char *line);
guint snug_ice_pairs_get_n (SnugIcePairs *self);
/* In the order in which they came about. */
const SnugIcePair *snug_ice_pairs_get (SnugIcePairs *self, guint index);

G_END_DECLS

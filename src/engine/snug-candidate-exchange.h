/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The candidates of one connection, both ways, each held back until it can be used (RFC 8838): ours until our description is
 * out, the peer's until its description is set. What the peer sends is checked and bounded here. Main context.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  void (*to_peer) (const char *candidate, gpointer user_data);
  void (*gathered) (gpointer user_data); /* and no more will come */
  void (*to_agent) (const char *candidate, gpointer user_data);
} SnugCandidateExchangeFuncs;

typedef struct _SnugCandidateExchange SnugCandidateExchange;

SnugCandidateExchange *snug_candidate_exchange_new (const SnugCandidateExchangeFuncs *funcs, gpointer user_data);
void snug_candidate_exchange_free (SnugCandidateExchange *self);

/* One of our own. */
void snug_candidate_exchange_add_local (SnugCandidateExchange *self, const char *candidate);
/* Whether one of them is on a relay. */
gboolean snug_candidate_exchange_has_relayed (SnugCandidateExchange *self);
/* That were all of our own. Returns: whether there was any. */
gboolean snug_candidate_exchange_set_gathered (SnugCandidateExchange *self);
/* Our description is out. */
void snug_candidate_exchange_open_local (SnugCandidateExchange *self);

/* One of the peer's. FALSE: dropped, with a debug line: malformed, an mDNS name, or one of more than SNUG_CANDIDATES_MAX. */
gboolean snug_candidate_exchange_add_remote (SnugCandidateExchange *self, const char *candidate);
/* The peer's description is set. */
void snug_candidate_exchange_open_remote (SnugCandidateExchange *self);

G_END_DECLS

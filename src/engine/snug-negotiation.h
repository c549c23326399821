/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How two peers come to a connection, and to the next one (RFC 8829): who offers, which generation, offer, answer,
 * candidates, refusals. Holds the connection in use and, beside it, the one that is to take its place. When to look for
 * another one is not decided here: see snug-path-keeper.h. Main context.
 *
 * Property, with notify: "connection" (SnugPeerConnection, nullable): the first, then always the last one that was verified;
 * it may be over.
 * Signals: "outgoing" (SnugPeerMessage): for the peer, by way of signaling; "candidate" (gboolean local, char *candidate);
 * "stage" (SnugConnectionStage, as guint): of the connection, or the next one;
 * "verified": the connection, or the next one, is up; "lost": the connection that was up is over; "attempt-failed": the next
 * one can't be made; "reconnect-asked": the peer, who may not offer, wants another one; "failed" (GError): final, the peer
 * has been told; "left": the peer said goodbye; "closed": after snug_negotiation_close(), every connection is down.
 */
#pragma once

#include "snug-peer-connection.h"

G_BEGIN_DECLS

#define SNUG_TYPE_NEGOTIATION (snug_negotiation_get_type ())
G_DECLARE_FINAL_TYPE (SnugNegotiation, snug_negotiation, SNUG, NEGOTIATION, GObject)

/* config: copied; what it points to must live until snug_negotiation_close(). Returns: (transfer full). */
SnugNegotiation *snug_negotiation_new (const SnugPeerConnectionConfig *config);

/* We came later: we offer. Otherwise an offer is awaited. Once. */
void snug_negotiation_offer (SnugNegotiation *self);
/* A DESCRIPTION, CANDIDATE, END_OF_CANDIDATES, RECONNECT or BYE from the peer, however it came. Those out of turn are ignored. */
void snug_negotiation_receive (SnugNegotiation *self, SnugPeerMessage *message);
/* Another connection beside the one in use: offers one, or asks the peer to. Ends in "verified" or "attempt-failed", or in
 * nothing. relay_only: of use to the one who offers. Nothing before the first one was verified. */
void snug_negotiation_reconnect (SnugNegotiation *self, gboolean relay_only);
/* No further with the next connection; the one in use stays. */
void snug_negotiation_abandon (SnugNegotiation *self);
/* Pictures that build on nothing before them, as soon as may be: the peer may have lost what came before. */
void snug_negotiation_request_key_frames (SnugNegotiation *self);
/* There is no more hope for any: "failed". */
void snug_negotiation_give_up (SnugNegotiation *self);
/* Nothing goes out any more, not even a goodbye. */
void snug_negotiation_be_silent (SnugNegotiation *self);
/* Says goodbye and takes the connection down; "closed" follows in any case, later. */
void snug_negotiation_close (SnugNegotiation *self);

/* Returns: (transfer none) (nullable). */
SnugPeerConnection *snug_negotiation_get_connection (SnugNegotiation *self);

G_END_DECLS

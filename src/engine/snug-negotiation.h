/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How two peers come to a connection (RFC 8829): who offers, which generation, offer, answer, candidates, refusals. Holds
 * the connection of the moment. Main context.
 *
 * Property, with notify: "connection" (SnugPeerConnection, nullable): the newest one.
 * Signals: "outgoing" (SnugPeerMessage): for the peer, by way of signaling; "candidate" (gboolean local, char *candidate);
 * "verified": the connection is up; "failed" (GError): it can't be made or is lost, the peer has been told; "left": the
 * peer said goodbye; "closed": after snug_negotiation_close(), every connection is down.
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
/* A DESCRIPTION, CANDIDATE, END_OF_CANDIDATES or BYE from the peer, however it came. Those out of turn are ignored. */
void snug_negotiation_receive (SnugNegotiation *self, SnugPeerMessage *message);
/* Says goodbye and takes the connection down; "closed" follows in any case, later. */
void snug_negotiation_close (SnugNegotiation *self);

/* Returns: (transfer none) (nullable). */
SnugPeerConnection *snug_negotiation_get_connection (SnugNegotiation *self);

G_END_DECLS

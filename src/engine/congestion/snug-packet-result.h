/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What became of one packet, as transport-wide feedback tells it (draft-holmer-rmcat-transport-wide-cc-extensions).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SNUG_PACKET_LOST G_MININT64

typedef struct
{
  gint64 sent;     /* us of the sender's clock, when it left the pacer */
  gint64 received; /* us of the receiver's clock, unwrapped; SNUG_PACKET_LOST */
  guint size;      /* bytes on the wire: payload, RTP, SRTP, UDP and IP */
  guint probe;     /* the probe that it belonged to, 0: none */
} SnugPacketResult;

/* How many packets one feedback may tell of; what is more is not looked at. */
#define SNUG_PACKET_RESULTS_MAX 4096

/* Whether it can be: sent in the last minute, a size that fits a packet, times that can be reckoned with. */
static inline gboolean
snug_packet_result_is_sane (const SnugPacketResult *result, gint64 now)
{
  return result->sent <= now && result->sent > now - 60 * G_USEC_PER_SEC && result->size > 0 && result->size <= 65535
         && (result->received == SNUG_PACKET_LOST || (result->received > -(1LL << 52) && result->received < 1LL << 52));
}

G_END_DECLS

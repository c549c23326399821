/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One way to STUN and TURN servers, for checks that run on a thread of their own and wait: a UDP socket, or a TCP or TLS
 * connection. Unlike libnice it says why nothing comes back. Every wait ends, at its time or with the cancellable.
 */
#pragma once

#include <gio/gio.h>

#include "snug-stun-message.h"

G_BEGIN_DECLS

/**
 * SnugStunOutcome:
 * @SNUG_STUN_ANSWERED: a success or an error of the server
 * @SNUG_STUN_SILENT: nothing came
 * @SNUG_STUN_REFUSED: the machine itself says that nothing listens there
 * @SNUG_STUN_BLOCKED: this machine, or something on the way, did not let it through
 * @SNUG_STUN_GARBAGE: what came is no answer, or the connection was ended
 * @SNUG_STUN_BAD_CERTIFICATE: TLS: not accepted
 * @SNUG_STUN_CANCELLED: the cancellable
 */
typedef enum
{
  SNUG_STUN_ANSWERED,
  SNUG_STUN_SILENT,
  SNUG_STUN_REFUSED,
  SNUG_STUN_BLOCKED,
  SNUG_STUN_GARBAGE,
  SNUG_STUN_BAD_CERTIFICATE,
  SNUG_STUN_CANCELLED
} SnugStunOutcome;

/* "answered", "no answer", ...: English. */
const char *snug_stun_outcome_to_string (SnugStunOutcome outcome);

typedef struct _SnugStunLink SnugStunLink;

/* A UDP socket on a free port of that family, 4 or 6. Returns: (transfer full) (nullable): NULL where there is no such family. */
SnugStunLink *snug_stun_link_new_udp (guint family, GCancellable *cancellable);
/* Connects in at most milliseconds. tls_name: the name that the certificate must have; NULL: no TLS. outcome: (out).
 * Returns: (transfer full) (nullable): NULL unless ANSWERED. */
SnugStunLink *snug_stun_link_new_tcp (const SnugStunAddress *server,
                                      const char *tls_name,
                                      guint milliseconds,
                                      GCancellable *cancellable,
                                      SnugStunOutcome *outcome);
void snug_stun_link_free (SnugStunLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugStunLink, snug_stun_link_free)

/* A request and its answer, sent again over UDP as long as there is none. server: with UDP. reply: cleared by the caller when ANSWERED; its
 * data is valid until the next call. round_trip: (out) (nullable): microseconds. */
SnugStunOutcome snug_stun_link_ask (SnugStunLink *self,
                                    const SnugStunAddress *server,
                                    GByteArray *request,
                                    guint milliseconds,
                                    SnugStunMessage *reply,
                                    gint64 *round_trip);
/* Any bytes. FALSE: they can't be sent. */
gboolean snug_stun_link_send (SnugStunLink *self, const SnugStunAddress *server, gconstpointer data, gsize size);
/* The next message that is no answer to a request: ANSWERED, SILENT or another. message: as above. */
SnugStunOutcome snug_stun_link_receive (SnugStunLink *self, guint milliseconds, SnugStunMessage *message);
/* The port it has here; 0 for a stream. */
guint snug_stun_link_get_port (SnugStunLink *self);

/* The addresses of a host, in the resolver's order, with the port put in; at most 8. Returns: (transfer full): an array of
 * SnugStunAddress, empty and with error set when there is none. */
GArray *snug_stun_resolve (const char *host, guint16 port, GCancellable *cancellable, GError **error);
gboolean snug_stun_address_is_loopback (const SnugStunAddress *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How two members of a room say something to each other that the server between them can neither read, change, hand
 * to somebody else nor say again: AES-256-GCM (NIST SP 800-38D) under the room's key. See "Sealed messages" in
 * protocol.md. Pure, but for random numbers. One thread at a time.
 */
#pragma once

#include "snug-protocol.h"
#include "snug-room-key.h"

G_BEGIN_DECLS

/** What can be sealed in one piece, in bytes: sealed and in base64 it fits SNUG_PAYLOAD_MAX_BYTES. */
#define SNUG_SEALED_TEXT_MAX_BYTES (35 * 1024)

/**
 * SnugSealError:
 * @SNUG_SEAL_ERROR_MALFORMED: too short, too long, not base64, not text
 * @SNUG_SEAL_ERROR_KEY: another key, another sender or receiver, another nonce, or changed on the way
 * @SNUG_SEAL_ERROR_SESSION: from another stay of this sender or of ours
 * @SNUG_SEAL_ERROR_ORDER: said before, or overtaken by what came before it
 * @SNUG_SEAL_ERROR_GREETING: a greeting that is not awaited, or something else before one
 * @SNUG_SEAL_ERROR_SILENT: nothing that could be opened came in time
 */
typedef enum
{
  SNUG_SEAL_ERROR_MALFORMED = 1,
  SNUG_SEAL_ERROR_KEY,
  SNUG_SEAL_ERROR_SESSION,
  SNUG_SEAL_ERROR_ORDER,
  SNUG_SEAL_ERROR_GREETING,
  SNUG_SEAL_ERROR_SILENT
} SnugSealError;

#define SNUG_SEAL_ERROR (snug_seal_error_quark ())
GQuark snug_seal_error_quark (void);

/* One member and another, for as long as both stay. */
typedef struct _SnugSealedPair SnugSealedPair;

/* self_id, peer_id: as the server named them. greets: whether we are the newcomer, who speaks first; the other one
 * waits. Returns: (transfer full). */
SnugSealedPair *snug_sealed_pair_new (SnugRoomKey *key,
                                      const char *self_id,
                                      const char *peer_id,
                                      gboolean greets);
void snug_sealed_pair_free (SnugSealedPair *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugSealedPair, snug_sealed_pair_free)

/* text: UTF-8. Returns: (transfer full) (nullable): the payload of a SIGNAL; NULL: too large, or too early (who does not
 * greet has to be greeted first, who greets says nothing more until it is answered). */
char *snug_sealed_pair_seal (SnugSealedPair *self, const char *text);
/* payload: any bytes, NUL-terminated. Returns: (transfer full): the text, or NULL with a SNUG_SEAL_ERROR; then nothing has
 * changed. */
char *snug_sealed_pair_open (SnugSealedPair *self, const char *payload, GError **error);
/* Whether both are with the same stay of the peer, which both know. */
gboolean snug_sealed_pair_has_same_peer (SnugSealedPair *self, SnugSealedPair *other);
/* Whether the peer has opened something of ours: it is there now, and knows the key. */
gboolean snug_sealed_pair_get_proven (SnugSealedPair *self);

G_END_DECLS

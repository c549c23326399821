/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The box without the rules of what is in it, for the pair and its tests.
 */
#pragma once

#include "snug-seal.h"

G_BEGIN_DECLS

#define SNUG_SEAL_NONCE_BYTES 12
#define SNUG_SEAL_SESSION_BYTES 16
/* Both sessions and the sequence number. */
#define SNUG_SEAL_HEADER_BYTES (2 * SNUG_SEAL_SESSION_BYTES + 4)
#define SNUG_SEAL_TAG_BYTES 16
/* What is inside is padded to a multiple of this. */
#define SNUG_SEAL_BLOCK_BYTES 256

/* nonce: SNUG_SEAL_NONCE_BYTES. Returns: (transfer full): base64. */
char *snug_seal_box (SnugRoomKey *key,
                     const char *from,
                     const char *to,
                     const guint8 *nonce,
                     const guint8 *plain,
                     gsize size);
/* Returns: (transfer full): what is inside, with a NUL behind it, or NULL with MALFORMED or KEY. */
guint8 *snug_seal_unbox (SnugRoomKey *key,
                         const char *from,
                         const char *to,
                         const char *payload,
                         gsize *size,
                         GError **error);

G_END_DECLS

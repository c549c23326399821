/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The short code that two people compare, to find out whether somebody sits between them: what both sides commit to, and what
 * the certificates and the revealed nonces make. See "Comparing codes" in protocol.md. Pure, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Hexadecimal digits of a nonce and of a commitment: 256 bits, SHA-256. */
#define SNUG_SHORT_CODE_DIGITS 64
/* Symbols of one code, out of SNUG_SHORT_CODE_N_SYMBOLS: 36 bits. */
#define SNUG_SHORT_CODE_LENGTH 6
#define SNUG_SHORT_CODE_N_SYMBOLS 64

/* One and the same thing to see and to say. */
typedef struct
{
  const char *emoji; /* one, UTF-8 */
  const char *word;  /* what it is called, in English: it is to be the same on both screens */
} SnugShortCodeSymbol;

/* A value; copy it freely. Symbols: from 0 to SNUG_SHORT_CODE_N_SYMBOLS - 1. */
typedef struct
{
  guint8 symbols[SNUG_SHORT_CODE_LENGTH];
} SnugShortCode;

/* Whether text is a nonce or a commitment: SNUG_SHORT_CODE_DIGITS hexadecimal digits, lower case. */
gboolean snug_short_code_is_digits (const char *text);
/* Returns: (transfer full): a new nonce. */
char *snug_short_code_new_nonce (void);

/* own, peer: fingerprints as snug_fingerprint_to_string() writes them; own: of the side that commits. Returns: (transfer
 * full): the commitment. */
char *snug_short_code_commit (const char *own, const char *peer, const char *nonce);
/* Whether that is what the side whose fingerprint is own committed to. */
gboolean snug_short_code_opens (const char *commitment, const char *own, const char *peer, const char *nonce);

/* Whatever side asks, the code is the same. */
void snug_short_code_make (const char *own,
                           const char *own_nonce,
                           const char *peer,
                           const char *peer_nonce,
                           SnugShortCode *code);

/* index: below SNUG_SHORT_CODE_N_SYMBOLS. Static. */
const SnugShortCodeSymbol *snug_short_code_get_symbol (guint index);
/* The words with a space between them. Returns: (transfer full). */
char *snug_short_code_to_words (const SnugShortCode *self);
/* The emoji with a space between them. Returns: (transfer full). */
char *snug_short_code_to_emoji (const SnugShortCode *self);

G_END_DECLS

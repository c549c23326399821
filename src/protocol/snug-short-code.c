/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-short-code.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "snug-protocol.h"

/* They are part of the protocol. */
#define COMMITMENT_LABEL "snug.1 code commitment"
#define CODE_LABEL "snug.1 code"

#define BITS_PER_SYMBOL 6

G_STATIC_ASSERT (1 << BITS_PER_SYMBOL == SNUG_SHORT_CODE_N_SYMBOLS);

/* Told apart at a glance and over a bad line. Their order is part of the protocol. */
static const SnugShortCodeSymbol symbols[] = {
  { "🐶", "dog" },       { "🐱", "cat" },     { "🦁", "lion" },    { "🐴", "horse" },
  { "🐷", "pig" },       { "🐰", "rabbit" },  { "🐼", "panda" },   { "🐘", "elephant" },
  { "🐧", "penguin" },   { "🐓", "rooster" }, { "🐢", "turtle" },  { "🐟", "fish" },
  { "🐙", "octopus" },   { "🦋", "butterfly" }, { "🐝", "bee" },   { "🐌", "snail" },
  { "🌻", "sunflower" }, { "🌳", "tree" },    { "🌵", "cactus" },  { "🍄", "mushroom" },
  { "🌙", "moon" },      { "⭐", "star" },    { "🌈", "rainbow" }, { "🔥", "fire" },
  { "⛄", "snowman" },   { "🍌", "banana" },  { "🍎", "apple" },   { "🍓", "strawberry" },
  { "🍒", "cherry" },    { "🌽", "corn" },    { "🥕", "carrot" },  { "🍞", "bread" },
  { "🧀", "cheese" },    { "🍕", "pizza" },   { "🎂", "cake" },    { "🥚", "egg" },
  { "🎩", "hat" },       { "👓", "glasses" }, { "👑", "crown" },   { "👢", "boot" },
  { "☔", "umbrella" },  { "🤖", "robot" },   { "👻", "ghost" },   { "⏰", "clock" },
  { "💡", "bulb" },      { "📖", "book" },    { "🔑", "key" },     { "🔨", "hammer" },
  { "📞", "phone" },     { "🎁", "gift" },    { "🎈", "balloon" }, { "⚽", "ball" },
  { "🏆", "trophy" },    { "🎸", "guitar" },  { "🎺", "trumpet" }, { "🥁", "drum" },
  { "🔔", "bell" },      { "⚓", "anchor" },  { "🚀", "rocket" },  { "🚂", "train" },
  { "🚲", "bicycle" },   { "🚌", "bus" },     { "⛵", "boat" },    { "⛺", "tent" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (symbols) == SNUG_SHORT_CODE_N_SYMBOLS);

gboolean
snug_short_code_is_digits (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return strlen (text) == SNUG_SHORT_CODE_DIGITS
         && strspn (text, "0123456789abcdef") == SNUG_SHORT_CODE_DIGITS;
}

char *
snug_short_code_new_nonce (void)
{
  guint8 bytes[SNUG_SHORT_CODE_DIGITS / 2];
  GString *text = g_string_sized_new (SNUG_SHORT_CODE_DIGITS);

  snug_protocol_random (bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

/**
 * snug_short_code_commit:
 * @own: the fingerprint of the side that commits
 * @peer: the fingerprint of the other
 * @nonce: of the side that commits, see snug_short_code_new_nonce()
 *
 * Both fingerprints are in it, so that no side can pass on what another one committed to.
 *
 * Returns: (transfer full): the commitment
 */
char *
snug_short_code_commit (const char *own, const char *peer, const char *nonce)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (own != NULL && peer != NULL && nonce != NULL, NULL);

  text = g_strjoin ("\n", COMMITMENT_LABEL, own, peer, nonce, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

gboolean
snug_short_code_opens (const char *commitment, const char *own, const char *peer, const char *nonce)
{
  g_autofree char *opened = NULL;

  g_return_val_if_fail (commitment != NULL, FALSE);

  opened = snug_short_code_commit (own, peer, nonce);
  return strlen (commitment) == SNUG_SHORT_CODE_DIGITS
         && gnutls_memcmp (commitment, opened, SNUG_SHORT_CODE_DIGITS) == 0;
}

/**
 * snug_short_code_make:
 * @own: our fingerprint
 * @own_nonce: our nonce
 * @peer: the other side's fingerprint
 * @peer_nonce: its nonce
 * @code: (out caller-allocates): the code
 *
 * The side whose fingerprint is the lesser one, byte by byte, comes first: so the code is the same on both.
 */
void
snug_short_code_make (const char *own,
                      const char *own_nonce,
                      const char *peer,
                      const char *peer_nonce,
                      SnugShortCode *code)
{
  gboolean first = strcmp (own, peer) < 0;
  g_autofree char *text = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_return_if_fail (own_nonce != NULL && peer_nonce != NULL && code != NULL);

  text = g_strjoin ("\n", CODE_LABEL, first ? own : peer, first ? own_nonce : peer_nonce,
                    first ? peer : own, first ? peer_nonce : own_nonce, NULL);
  g_checksum_update (checksum, (const guchar *) text, -1);
  g_checksum_get_digest (checksum, digest, &size);
  for (guint i = 0; i < SNUG_SHORT_CODE_LENGTH; i++)
    {
      guint bit = i * BITS_PER_SYMBOL;
      guint bytes = digest[bit / 8] << 8 | digest[bit / 8 + 1];

      code->symbols[i] = bytes >> (16 - BITS_PER_SYMBOL - bit % 8) & (SNUG_SHORT_CODE_N_SYMBOLS - 1);
    }
}

const SnugShortCodeSymbol *
snug_short_code_get_symbol (guint index)
{
  g_return_val_if_fail (index < SNUG_SHORT_CODE_N_SYMBOLS, NULL);

  return &symbols[index];
}

static char *
join (const SnugShortCode *self, gboolean words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < SNUG_SHORT_CODE_LENGTH; i++)
    {
      const SnugShortCodeSymbol *symbol = snug_short_code_get_symbol (self->symbols[i]);

      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, words ? symbol->word : symbol->emoji);
    }
  return g_string_free (text, FALSE);
}

char *
snug_short_code_to_words (const SnugShortCode *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return join (self, TRUE);
}

char *
snug_short_code_to_emoji (const SnugShortCode *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return join (self, FALSE);
}

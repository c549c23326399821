/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-emoji.h"

#include <string.h>

#include "snug-protocol.h"

#define JOINER 0x200d
#define EMOJI_PRESENTATION 0xfe0f
#define KEYCAP 0x20e3
#define BLACK_FLAG 0x1f3f4
#define CANCEL_TAG 0xe007f

static gboolean
is_within (gunichar c, gunichar first, gunichar last)
{
  return c >= first && c <= last;
}

static gboolean
is_regional_indicator (gunichar c)
{
  return is_within (c, 0x1f1e6, 0x1f1ff);
}

static gboolean
is_skin_tone (gunichar c)
{
  return is_within (c, 0x1f3fb, 0x1f3ff);
}

/* The blocks that emoji come from, and of these what is a symbol: newer ones than GLib's tables know, too. */
static gboolean
is_base (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  if (is_skin_tone (c) || is_regional_indicator (c))
    return FALSE;
  if (is_within (c, 0x1f000, 0x1faff))
    return type == G_UNICODE_OTHER_SYMBOL || type == G_UNICODE_UNASSIGNED;
  if (c == 0xa9 || c == 0xae || c == 0x203c || c == 0x2049 || c == 0x2122 || c == 0x2139 || c == 0x3030
      || c == 0x303d || c == 0x3297 || c == 0x3299)
    return TRUE;

  return (is_within (c, 0x2194, 0x21aa) || is_within (c, 0x231a, 0x23fa) || is_within (c, 0x25aa, 0x27bf)
          || is_within (c, 0x2934, 0x2935) || is_within (c, 0x2b05, 0x2b55))
         && (type == G_UNICODE_OTHER_SYMBOL || type == G_UNICODE_MATH_SYMBOL);
}

static gunichar
peek (const char *text)
{
  return g_utf8_get_char (text);
}

/* A base with its presentation, tone and, for the flags of regions, tags. Returns: what follows, NULL: none here. */
static const char *
skip_element (const char *text)
{
  gunichar base = peek (text);

  if (!is_base (base))
    return NULL;
  text = g_utf8_next_char (text);
  if (is_skin_tone (peek (text)))
    text = g_utf8_next_char (text);
  if (peek (text) == EMOJI_PRESENTATION)
    text = g_utf8_next_char (text);
  if (base != BLACK_FLAG || !is_within (peek (text), 0xe0020, 0xe007e))
    return text;

  while (is_within (peek (text), 0xe0020, 0xe007e))
    text = g_utf8_next_char (text);
  return peek (text) == CANCEL_TAG ? g_utf8_next_char (text) : NULL;
}

static gboolean
is_keycap (const char *text)
{
  if (*text == '\0' || strchr ("0123456789#*", *text) == NULL)
    return FALSE;
  text++;
  if (peek (text) == EMOJI_PRESENTATION)
    text = g_utf8_next_char (text);

  return peek (text) == KEYCAP && *g_utf8_next_char (text) == '\0';
}

static gboolean
is_flag (const char *text)
{
  if (!is_regional_indicator (peek (text)))
    return FALSE;
  text = g_utf8_next_char (text);

  return is_regional_indicator (peek (text)) && *g_utf8_next_char (text) == '\0';
}

gboolean
snug_emoji_is_single (const char *text)
{
  if (text == NULL || *text == '\0' || strnlen (text, SNUG_REACTION_MAX_BYTES + 1) > SNUG_REACTION_MAX_BYTES
      || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  if (is_keycap (text) || is_flag (text))
    return TRUE;

  while ((text = skip_element (text)) != NULL)
    {
      if (*text == '\0')
        return TRUE;
      if (peek (text) != JOINER)
        return FALSE;
      text = g_utf8_next_char (text);
    }

  return FALSE;
}

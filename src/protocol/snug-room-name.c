/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room-name.h"

#include "snug-protocol.h"
#include "snug-words.h"

#include <string.h>

/* No name that a person typed is longer; what is longer is not worked on. */
#define TEXT_MAX_BYTES 4096
/* Case folding and composing change a text again only where one uncovers the other, and then once or
 * twice. */
#define FOLD_ROUNDS_MAX 4
#define GENERATED_WORDS 5

/* Strips Unicode white space, which g_strstrip() does not know. */
static char *
trim (const char *text)
{
  const char *end = text + strlen (text);

  while (*text != '\0' && g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  while (end > text)
    {
      const char *last = g_utf8_prev_char (end);

      if (!g_unichar_isspace (g_utf8_get_char (last)))
        break;
      end = last;
    }
  return g_strndup (text, end - text);
}

static gboolean
check_text (const char *text, SnugProtocolError code, const char *what, GError **error)
{
  if (strlen (text) > TEXT_MAX_BYTES)
    {
      g_set_error (error, SNUG_PROTOCOL_ERROR, code, "The %s is too long", what);
      return FALSE;
    }
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error,
                   SNUG_PROTOCOL_ERROR,
                   SNUG_PROTOCOL_ERROR_NOT_UTF8,
                   "The %s is not UTF-8 text",
                   what);
      return FALSE;
    }
  return TRUE;
}

/* NFC and case folding until neither changes anything, so that what comes out goes in unchanged. */
static char *
fold (const char *text)
{
  g_autofree char *current = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);

  for (guint i = 0; current != NULL && i < FOLD_ROUNDS_MAX; i++)
    {
      g_autofree char *folded = g_utf8_casefold (current, -1);
      g_autofree char *composed = g_utf8_normalize (folded, -1, G_NORMALIZE_NFC);

      if (g_strcmp0 (composed, current) == 0)
        return g_steal_pointer (&current);
      g_free (current);
      current = g_steal_pointer (&composed);
    }
  return NULL;
}

static char *
join_with_hyphens (const char *text)
{
  GString *joined = g_string_sized_new (strlen (text));
  gboolean in_space = FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      gboolean space = g_unichar_isspace (c);

      if (!space)
        g_string_append_unichar (joined, c);
      else if (!in_space)
        g_string_append_c (joined, '-');
      in_space = space;
    }
  return g_string_free (joined, FALSE);
}

static gboolean
bad_room_name (GError **error, const char *what)
{
  g_set_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_ROOM_NAME, "The room name %s", what);
  return FALSE;
}

static gboolean
check_room_name (const char *name, GError **error)
{
  gboolean mark_may_follow = FALSE;
  glong length = g_utf8_strlen (name, -1);

  if (length == 0)
    return bad_room_name (error, "is empty");
  if (length > SNUG_ROOM_NAME_MAX_CHARS)
    return bad_room_name (error, "is too long");
  for (; *name != '\0'; name = g_utf8_next_char (name))
    {
      gunichar c = g_utf8_get_char (name);

      if (g_unichar_ismark (c) && !mark_may_follow)
        return bad_room_name (error, "has a mark that belongs to no letter");
      if (c != '-' && !g_unichar_isalpha (c) && !g_unichar_isdigit (c) && !g_unichar_ismark (c))
        return bad_room_name (error, "may only have letters, digits and hyphens");
      mark_may_follow = c != '-';
    }
  return TRUE;
}

/**
 * snug_room_name_normalize:
 * @text: (nullable): what a person typed
 * @error: return location for a #SNUG_PROTOCOL_ERROR
 *
 * Two people who type the same name in their own way come into the same room. The result goes in
 * again unchanged.
 *
 * Returns: (transfer full): the name, or %NULL
 */
char *
snug_room_name_normalize (const char *text, GError **error)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *folded = NULL;

  if (text == NULL)
    text = "";
  if (!check_text (text, SNUG_PROTOCOL_ERROR_ROOM_NAME, "room name", error))
    return NULL;
  trimmed = trim (text);
  joined = join_with_hyphens (trimmed);
  folded = fold (joined);
  if (folded == NULL)
    {
      bad_room_name (error, "can't be brought into one form");
      return NULL;
    }
  return check_room_name (folded, error) ? g_steal_pointer (&folded) : NULL;
}

/* Without the bias that a remainder has. */
static guint
random_below (guint limit)
{
  guint32 value;
  guint32 usable = G_MAXUINT32 - G_MAXUINT32 % limit;

  do
    snug_protocol_random ((guint8 *) &value, sizeof value);
  while (value >= usable);
  return value % limit;
}

/**
 * snug_room_name_generate:
 *
 * A name is all that keeps strangers out of a room: five words that can't be guessed.
 *
 * Returns: (transfer full): a new normalised name
 */
char *
snug_room_name_generate (void)
{
  GString *name = g_string_new (NULL);

  for (guint i = 0; i < GENERATED_WORDS; i++)
    {
      if (i > 0)
        g_string_append_c (name, '-');
      g_string_append (name, snug_words[random_below (snug_n_words)]);
    }
  return g_string_free (name, FALSE);
}

/* One of 2048. */
#define WORD_BITS 11.0
/* A word that is not in our list is in somebody's. */
#define OTHER_WORD_BITS 13.0
#define DIGIT_BITS 3.3
/* Letters and digits in one, as a machine makes them. */
#define MIXED_BITS 5.0

static int
compare_words (const void *a, const void *b)
{
  return strcmp (a, *(const char *const *) b);
}

static double
estimate_part (const char *part)
{
  glong n_digits = 0, n = 0, n_changes = 0;
  gboolean was_digit = FALSE;

  if (bsearch (part, snug_words, snug_n_words, sizeof *snug_words, compare_words) != NULL)
    return WORD_BITS;
  for (; *part != '\0'; part = g_utf8_next_char (part), n++)
    {
      gboolean digit = g_unichar_isdigit (g_utf8_get_char (part));

      n_digits += digit;
      n_changes += n > 0 && digit != was_digit;
      was_digit = digit;
    }
  if (n_digits == n)
    return DIGIT_BITS * n;
  /* "room101" is a word and a number. */
  if (n_changes >= 3)
    return MIXED_BITS * n;
  return OTHER_WORD_BITS + DIGIT_BITS * n_digits;
}

double
snug_room_name_estimate_bits (const char *name)
{
  g_auto (GStrv) parts = NULL;
  double bits = 0;

  g_return_val_if_fail (name != NULL, 0);

  parts = g_strsplit (name, "-", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      /* What is said twice is guessed at once. */
      gboolean again = FALSE;

      for (guint j = 0; j < i; j++)
        again |= g_str_equal (parts[j], parts[i]);
      if (*parts[i] != '\0' && !again)
        bits += estimate_part (parts[i]);
    }
  return bits;
}

/* What would let one name look like another, or turn round the text beside it. */
static gboolean
is_forbidden_in_display_name (gunichar c)
{
  static const struct
  {
    gunichar first;
    gunichar last;
  } ranges[] = {
    { 0x00ad, 0x00ad }, /* soft hyphen */
    { 0x061c, 0x061c }, /* Arabic letter mark */
    { 0x180e, 0x180e }, /* Mongolian vowel separator */
    { 0x200b, 0x200b }, /* zero width space */
    { 0x200e, 0x200f }, /* direction marks */
    { 0x2028, 0x202e }, /* line and paragraph separators, embeddings and overrides */
    { 0x2060, 0x206f }, /* invisible operators, isolates, deprecated format characters */
    { 0xfeff, 0xfeff }, /* byte order mark */
    { 0xfff9, 0xfffb }, /* annotations */
  };

  if (g_unichar_iscntrl (c) || !g_unichar_validate (c))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      if (c >= ranges[i].first && c <= ranges[i].last)
        return TRUE;
    }
  return FALSE;
}

static gboolean
bad_display_name (GError **error, const char *what)
{
  g_set_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_DISPLAY_NAME, "The name %s", what);
  return FALSE;
}

static gboolean
check_display_name (const char *name, GError **error)
{
  gboolean visible = FALSE;
  glong length = g_utf8_strlen (name, -1);

  if (length > SNUG_DISPLAY_NAME_MAX_CHARS)
    return bad_display_name (error, "is too long");
  for (; *name != '\0'; name = g_utf8_next_char (name))
    {
      gunichar c = g_utf8_get_char (name);

      if (is_forbidden_in_display_name (c))
        return bad_display_name (error, "has characters that can't be shown");
      visible |= g_unichar_isgraph (c) && !g_unichar_ismark (c);
    }
  return visible || bad_display_name (error, "is empty");
}

/**
 * snug_display_name_normalize:
 * @text: (nullable): what a person typed
 * @error: return location for a #SNUG_PROTOCOL_ERROR
 *
 * Returns: (transfer full): the name to show to others, or %NULL
 */
char *
snug_display_name_normalize (const char *text, GError **error)
{
  g_autofree char *composed = NULL;
  g_autofree char *name = NULL;

  if (text == NULL)
    text = "";
  if (!check_text (text, SNUG_PROTOCOL_ERROR_DISPLAY_NAME, "name", error))
    return NULL;
  composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  name = trim (composed);
  return check_display_name (name, error) ? g_steal_pointer (&name) : NULL;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-name.h"

#include <string.h>

#include "snug-protocol.h"

#define MAX_CHARS 120
/* Others append to it: " (2)", ".part". */
#define MAX_BYTES (SNUG_FILE_NAME_MAX_BYTES - 35)
#define MAX_EXTENSION_BYTES 16

static const char *
skip_folders (const char *name)
{
  const char *start = name;

  for (; *name != '\0'; name++)
    {
      if (*name == '/' || *name == '\\')
        start = name + 1;
    }
  return start;
}

/* Controls, unassigned, private and what is only there to change how the rest looks. */
static gboolean
is_unseen (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR
      || type == G_UNICODE_PARAGRAPH_SEPARATOR || type == G_UNICODE_PRIVATE_USE
      || type == G_UNICODE_SURROGATE || type == G_UNICODE_UNASSIGNED)
    return TRUE;

  /* The fillers of Hangul are letters that nobody sees. */
  return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0;
}

static void
cut (GString *name)
{
  const char *dot = strrchr (name->str, '.');
  g_autofree char *extension = NULL;
  gsize spare;

  if (name->len <= MAX_BYTES && g_utf8_strlen (name->str, -1) <= MAX_CHARS)
    return;
  if (dot != NULL && dot != name->str && strlen (dot) <= MAX_EXTENSION_BYTES)
    {
      extension = g_strdup (dot);
      g_string_truncate (name, dot - name->str);
    }
  spare = extension != NULL ? strlen (extension) : 0;
  while (name->len + spare > MAX_BYTES || g_utf8_strlen (name->str, -1) + spare > MAX_CHARS)
    g_string_truncate (name, g_utf8_prev_char (name->str + name->len) - name->str);
  if (extension != NULL)
    g_string_append (name, extension);
}

static void
trim (GString *name)
{
  gsize n = strspn (name->str, ". ");

  g_string_erase (name, 0, n);
  while (name->len > 0 && strchr (". ", name->str[name->len - 1]) != NULL)
    g_string_truncate (name, name->len - 1);
}

char *
snug_file_name_make_safe (const char *name)
{
  g_autofree char *text = NULL;
  g_autofree char *normal = NULL;
  GString *safe;

  g_return_val_if_fail (name != NULL, NULL);

  text = g_utf8_make_valid (skip_folders (name), -1);
  normal = g_utf8_normalize (text, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  safe = g_string_new (NULL);
  for (const char *c = normal; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (is_unseen (character))
        continue;
      if (g_unichar_isspace (character))
        g_string_append_c (safe, ' ');
      else if (character < 0x80 && strchr ("<>:\"|?*", (int) character) != NULL)
        g_string_append_c (safe, '_');
      else
        g_string_append_unichar (safe, character);
    }
  trim (safe);
  cut (safe);
  trim (safe);
  if (safe->len == 0)
    g_string_assign (safe, "file");
  return g_string_free (safe, FALSE);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-y4m.h"

#include "snug-engine.h"

#define HEADER_WORD "YUV4MPEG2"
#define FRAME_WORD "FRAME"
#define DEFAULT_RATE 30
#define RATE_PART_MAX 1000000

static gboolean
starts_with_word (const char *line, gsize length, const char *word)
{
  gsize word_length = strlen (word);

  return length >= word_length && memcmp (line, word, word_length) == 0
         && (length == word_length || line[word_length] == ' ');
}

gboolean
snug_y4m_is_header (const char *line, gsize length)
{
  return starts_with_word (line, length, HEADER_WORD);
}

gboolean
snug_y4m_is_frame (const char *line, gsize length)
{
  return starts_with_word (line, length, FRAME_WORD);
}

static gboolean
parse_number (const char *text, guint min, guint max, guint *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, min, max, &value, NULL))
    return FALSE;

  *number = value;
  return TRUE;
}

/* "30000:1001"; "0:0" means that it is not known. */
static gboolean
parse_rate (const char *text, SnugY4mFormat *format)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  guint rate_n, rate_d;

  if (g_strv_length (parts) != 2 || !parse_number (parts[0], 0, RATE_PART_MAX, &rate_n)
      || !parse_number (parts[1], 0, RATE_PART_MAX, &rate_d))
    return FALSE;
  if (rate_n == 0 && rate_d == 0)
    return TRUE;
  if (rate_n == 0 || rate_d == 0 || rate_n / rate_d > SNUG_Y4M_RATE_MAX)
    return FALSE;

  format->rate_n = rate_n;
  format->rate_d = rate_d;
  return TRUE;
}

static gboolean
parse_parameter (const char *parameter, SnugY4mFormat *format)
{
  static const char *const chroma[] = { "420", "420jpeg", "420mpeg2", "420paldv", NULL };
  const char *value = parameter + 1;

  switch (parameter[0])
    {
    case 'W':
      return parse_number (value, 1, SNUG_Y4M_SIZE_MAX, &format->width);
    case 'H':
      return parse_number (value, 1, SNUG_Y4M_SIZE_MAX, &format->height);
    case 'F':
      return parse_rate (value, format);
    case 'C':
      return g_strv_contains (chroma, value);
    case 'I':
      return g_str_equal (value, "p") || g_str_equal (value, "?");
    default:
      /* Aspect ratio, comments. */
      return TRUE;
    }
}

gboolean
snug_y4m_parse_header (const char *line, gsize length, SnugY4mFormat *format, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (line != NULL || length == 0, FALSE);
  g_return_val_if_fail (format != NULL, FALSE);

  if (length > SNUG_Y4M_LINE_MAX || !snug_y4m_is_header (line, length))
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "No YUV4MPEG2 header");
      return FALSE;
    }

  memset (format, 0, sizeof *format);
  format->rate_n = DEFAULT_RATE;
  format->rate_d = 1;

  text = g_strndup (line, length);
  words = g_strsplit (text, " ", -1);
  for (gsize i = 1; words[i] != NULL; i++)
    {
      g_autofree char *shown = NULL;

      if (words[i][0] == '\0' || parse_parameter (words[i], format))
        continue;

      shown = g_strescape (words[i], NULL);
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE,
                   "YUV4MPEG2 header: “%s” is not supported", shown);
      return FALSE;
    }

  if (format->width == 0 || format->height == 0)
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE,
                   "YUV4MPEG2 header without a size");
      return FALSE;
    }

  format->chroma_width = (format->width + 1) / 2;
  format->chroma_height = (format->height + 1) / 2;
  format->frame_bytes = (gsize) format->width * format->height
                        + 2 * (gsize) format->chroma_width * format->chroma_height;

  return TRUE;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-chat-text.h"

#include <gio/gio.h>
#include <string.h>

/* U+FFFD */
#define REPLACEMENT "\357\277\275"
/* Marks on one letter. Vietnamese takes two, Hebrew and Arabic four, Tibetan some more. */
#define MAX_MARKS 6

typedef enum
{
  SHOW,
  DROP,
  REPLACE,
  BREAK
} Fate;

static Fate
judge (gunichar c)
{
  if (c == '\n' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 || c == 0x2029)
    return BREAK;
  if (c == '\t')
    return SHOW;
  if (g_unichar_iscntrl (c))
    return REPLACE;
  /* Embeddings, overrides, isolates. */
  if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x206F))
    return DROP;
  /* Annotations, object replacement, byte order mark, invisible operators, fillers as wide as nothing. */
  if ((c >= 0xFFF9 && c <= 0xFFFC) || c == 0xFEFF || (c >= 0x2060 && c <= 0x2064) || c == 0x200B || c == 0x180E
      || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0)
    return DROP;
  if (g_unichar_type (c) == G_UNICODE_SURROGATE || g_unichar_type (c) == G_UNICODE_PRIVATE_USE)
    return REPLACE;
  /* What can never be a character. The unassigned others may be the emoji of tomorrow. */
  if ((c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF))
    return REPLACE;
  return SHOW;
}

char *
snug_chat_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_sized_new (strlen (valid));
  guint marks = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r')
        {
          /* "\r\n" is one break. */
          if (p[1] != '\n')
            g_string_append_c (clean, '\n');
          marks = 0;
          continue;
        }
      switch (judge (c))
        {
        case BREAK:
          g_string_append_c (clean, '\n');
          marks = 0;
          break;
        case REPLACE:
          g_string_append (clean, REPLACEMENT);
          marks = 0;
          break;
        case SHOW:
          marks = g_unichar_ismark (c) ? marks + 1 : 0;
          if (marks <= MAX_MARKS)
            g_string_append_unichar (clean, c);
          break;
        case DROP:
        default:
          break;
        }
    }
  return g_string_free (clean, FALSE);
}

char *
snug_chat_text_clean_line (const char *text, guint max_chars)
{
  g_autofree char *clean = snug_chat_text_clean (text);

  for (char *p = clean; *p != '\0'; p++)
    if (*p == '\n' || *p == '\t')
      *p = ' ';
  g_strstrip (clean);
  if (max_chars > 0 && g_utf8_strlen (clean, -1) > (glong) max_chars)
    {
      g_autofree char *head = g_utf8_substring (clean, 0, (glong) max_chars - 1);
      return g_strconcat (g_strchomp (head), "…", NULL);
    }
  return g_steal_pointer (&clean);
}

char *
snug_chat_text_shorten (const char *text)
{
  guint lines = 1, chars = 0;
  const char *p;

  for (p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (*p == '\n' && ++lines > SNUG_CHAT_TEXT_SHORT_LINES)
        break;
      if (++chars > SNUG_CHAT_TEXT_SHORT_CHARS)
        break;
    }
  if (*p == '\0')
    return NULL;
  {
    g_autofree char *head = g_strndup (text, (gsize) (p - text));
    return g_strconcat (g_strchomp (head), "…", NULL);
  }
}

static void
snug_chat_link_free (gpointer data)
{
  SnugChatLink *link = data;

  g_free (link->uri);
  g_free (link);
}

/* Where a candidate for an address ends: white space, quotation marks, angle brackets, or what can't be seen. */
static const char *
find_end (const char *start)
{
  const char *p;

  for (p = start; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (strchr ("<>\"`{}|\\^", (int) MIN (c, 127)) != NULL && c < 127)
        break;
      if (g_unichar_isspace (c) || !g_unichar_isgraph (c) || g_unichar_type (c) == G_UNICODE_FORMAT
          || g_unichar_type (c) == G_UNICODE_UNASSIGNED || c == 0xFFFD || c == 0x201C || c == 0x201D || c == 0x201E
          || c == 0x00AB || c == 0x00BB || (c >= 0x3008 && c <= 0x3011) || c == 0x3001 || c == 0x3002)
        break;
    }
  return p;
}

static gsize
count_char (const char *start, const char *end, char c)
{
  gsize n = 0;

  for (const char *p = start; p < end; p++)
    n += *p == c;
  return n;
}

/* The sentence's own punctuation is not part of the address; a closing bracket is, when it was opened in it. */
static const char *
trim_end (const char *start, const char *end)
{
  while (end > start)
    {
      const char *last = g_utf8_find_prev_char (start, end);

      if (last == NULL)
        break;
      if (*last == ')' && count_char (start, end, ')') <= count_char (start, end, '('))
        break;
      if (*last == ']' && count_char (start, end, ']') <= count_char (start, end, '['))
        break;
      /* The last one: an ellipsis. */
      if (strchr (".,;:!?'*_~)]", *last) == NULL && g_utf8_get_char (last) != 0x2026
          && g_utf8_get_char (last) != 0x2019)
        break;
      end = last;
    }
  return end;
}

/* Returns: (transfer full) (nullable): the address as a URI. */
static char *
make_web_uri (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) ascii = NULL;
  g_autofree char *ascii_host = NULL;
  g_autofree char *whole = NULL;
  const char *host;

  if (uri == NULL || g_uri_get_userinfo (uri) != NULL)
    return NULL;
  host = g_uri_get_host (uri);
  if (host == NULL || *host == '\0' || *host == '.' || strchr (host, '%') != NULL)
    return NULL;
  ascii_host = g_hostname_is_ip_address (host) ? g_strdup (host) : g_hostname_to_ascii (host);
  if (ascii_host == NULL || *ascii_host == '\0')
    return NULL;
  ascii = g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), NULL, ascii_host, g_uri_get_port (uri),
                       g_uri_get_path (uri), g_uri_get_query (uri), g_uri_get_fragment (uri));
  whole = g_uri_to_string (ascii);
  /* What is escaped stays as it is; letters beyond ASCII are escaped. */
  return g_uri_escape_string (whole, "!#$%&'()*+,/:;=?@[]", FALSE);
}

/* One recipient and nothing else: a link must not fill in somebody's letter. */
static char *
make_mail_uri (const char *text)
{
  const char *address = text + strlen ("mailto:");
  const char *at = strchr (address, '@');

  if (at == NULL || at == address || at[1] == '\0' || at[1] == '.' || strchr (at + 1, '@') != NULL)
    return NULL;
  for (const char *p = address; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (".+-_@", *p) == NULL)
      return NULL;
  return g_strconcat ("mailto:", address, NULL);
}

static gsize
match_scheme (const char *p)
{
  static const char *const schemes[] = { "https://", "http://", "mailto:" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (p, schemes[i], strlen (schemes[i])) == 0)
      return strlen (schemes[i]);
  return 0;
}

GPtrArray *
snug_chat_text_find_links (const char *text)
{
  GPtrArray *links = g_ptr_array_new_with_free_func (snug_chat_link_free);
  gunichar before = 0;
  const char *p = text;

  while (*p != '\0')
    {
      gsize scheme = before != 0 && (g_unichar_isalnum (before) || g_unichar_ismark (before)) ? 0 : match_scheme (p);
      const char *end = scheme > 0 ? find_end (p) : p;

      if (scheme > 0 && end - p <= SNUG_CHAT_LINK_MAX_BYTES)
        {
          const char *trimmed = trim_end (p, end);
          g_autofree char *written = g_strndup (p, (gsize) (trimmed - p));
          g_autofree char *uri = (gsize) (trimmed - p) <= scheme ? NULL
                                 : g_ascii_tolower (*p) == 'm'   ? make_mail_uri (written)
                                                                 : make_web_uri (written);

          if (uri != NULL)
            {
              SnugChatLink *link = g_new0 (SnugChatLink, 1);

              link->start = (gsize) (p - text);
              link->length = (gsize) (trimmed - p);
              link->uri = g_steal_pointer (&uri);
              g_ptr_array_add (links, link);
              end = trimmed;
            }
        }
      /* An address within one that is none is not looked for: "https://a@https://b" is nothing. */
      if (end > p)
        {
          before = g_utf8_get_char (g_utf8_find_prev_char (p, end) != NULL ? g_utf8_find_prev_char (p, end) : p);
          p = end;
        }
      else
        {
          before = g_utf8_get_char (p);
          p = g_utf8_next_char (p);
        }
    }
  return links;
}

static void
append_escaped (GString *markup, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  g_string_append (markup, escaped);
}

char *
snug_chat_text_to_markup (const char *text)
{
  g_autoptr (GPtrArray) links = snug_chat_text_find_links (text);
  GString *markup = g_string_sized_new (strlen (text) + 64);
  gsize done = 0;

  for (guint i = 0; i < links->len; i++)
    {
      const SnugChatLink *link = g_ptr_array_index (links, i);

      append_escaped (markup, text + done, link->start - done);
      g_string_append (markup, "<a href=\"");
      append_escaped (markup, link->uri, strlen (link->uri));
      /* The tooltip says where it leads, also when the name only looks like another. */
      g_string_append (markup, "\" title=\"");
      append_escaped (markup, link->uri, strlen (link->uri));
      g_string_append (markup, "\">");
      append_escaped (markup, text + link->start, link->length);
      g_string_append (markup, "</a>");
      done = link->start + link->length;
    }
  append_escaped (markup, text + done, strlen (text + done));
  return g_string_free (markup, FALSE);
}

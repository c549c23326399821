/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"

#include "snug-chat-text.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *clean = snug_chat_text_clean (text);
  g_autofree char *again = snug_chat_text_clean (clean);
  g_autofree char *line = snug_chat_text_clean_line (text, 40);
  g_autofree char *shorter = snug_chat_text_shorten (clean);
  g_autofree char *markup = snug_chat_text_to_markup (clean);
  g_autofree char *document = g_strconcat ("<markup>", markup, "</markup>", NULL);
  g_autoptr (GPtrArray) links = snug_chat_text_find_links (clean);
  static const GMarkupParser parser = { 0 };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;
  gsize end = 0;

  g_assert_true (g_utf8_validate (clean, -1, NULL));
  g_assert_cmpstr (again, ==, clean);
  g_assert_null (strpbrk (clean, "\r\033\177"));
  g_assert_null (strpbrk (line, "\r\n\t"));
  g_assert_cmpint (g_utf8_strlen (line, -1), <=, 40);
  g_assert_true (shorter == NULL || g_utf8_strlen (shorter, -1) <= SNUG_CHAT_TEXT_SHORT_CHARS + 1);
  for (guint i = 0; i < links->len; i++)
    {
      const SnugChatLink *link = g_ptr_array_index (links, i);

      g_assert_cmpuint (link->start, >=, end);
      end = link->start + link->length;
      g_assert_cmpuint (end, <=, strlen (clean));
      g_assert_true (g_str_is_ascii (link->uri));
      g_assert_true (g_str_has_prefix (link->uri, "http://") || g_str_has_prefix (link->uri, "https://")
                     || g_str_has_prefix (link->uri, "mailto:"));
    }
  g_assert_true (g_markup_parse_context_parse (context, document, -1, &error));
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
  g_markup_parse_context_free (context);
  return 0;
}

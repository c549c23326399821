/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What others write: every character there is, and addresses good and bad.
 */
#include "snug-chat-text.h"

#include <pango/pango.h>
#include <string.h>

static void
expect_clean (const char *text, const char *expected)
{
  g_autofree char *clean = snug_chat_text_clean (text);

  g_assert_cmpstr (clean, ==, expected);
}

static void
test_clean (void)
{
  expect_clean ("", "");
  expect_clean ("Morning!\n\tTabs stay.", "Morning!\n\tTabs stay.");
  expect_clean ("a\r\nb\rc\vd\fe\302\205f\342\200\250g\342\200\251h", "a\nb\nc\nd\ne\nf\ng\nh");
  /* A terminal's sequences, an invalid byte, an overlong NUL, half a surrogate pair. */
  expect_clean ("\033[31mred\007", "\357\277\275[31mred\357\277\275");
  expect_clean ("a\377b", "a\357\277\275b");
  expect_clean ("\300\200", "\357\277\275\357\277\275");
  expect_clean ("\355\240\200", "\357\277\275\357\277\275\357\277\275");
  /* "cod\u202Egpj.exe" and isolates. */
  expect_clean ("cod\342\200\256gpj.exe", "codgpj.exe");
  expect_clean ("\342\201\246\342\201\247\342\201\250Maya\342\201\251", "Maya");
  /* Right-to-left mark, zero-width joiner of an emoji, variation selector: needed. */
  expect_clean ("\342\200\217\327\251\342\200\217", "\342\200\217\327\251\342\200\217");
  expect_clean ("\360\237\221\251\342\200\215\360\237\222\273\357\270\217", "\360\237\221\251\342\200\215\360\237\222\273\357\270\217");
  /* Twenty marks on one letter. */
  {
    GString *tower = g_string_new ("a");
    GString *six = g_string_new ("a");

    for (int i = 0; i < 20; i++)
      g_string_append (tower, "\314\201");
    for (int i = 0; i < 6; i++)
      g_string_append (six, "\314\201");
    g_string_append_c (tower, 'b');
    g_string_append_c (six, 'b');
    expect_clean (tower->str, six->str);
    g_string_free (tower, TRUE);
    g_string_free (six, TRUE);
  }
}

/* The planes in which characters are assigned are tried whole, the others here and there. */
static gunichar
next_character (gunichar c)
{
  return c < 0x20000 || (c >= 0xE0000 && c < 0xE1000) || c % 0x1000 == 0xFFF ? c + 1 : MIN (c + 61, c | 0xFFF);
}

/* Every kind of character, in the middle of a word and of an address. */
static void
test_every_character (void)
{
  for (gunichar c = 1; c < 0x110000; c = next_character (c))
    {
      char text[32] = "a";
      int length = 1;
      g_autofree char *clean = NULL;
      g_autofree char *again = NULL;
      g_autofree char *line = NULL;

      if (c >= 0xD800 && c < 0xE000)
        continue;
      length += g_unichar_to_utf8 (c, text + length);
      memcpy (text + length, "b", 2);
      clean = snug_chat_text_clean (text);
      g_assert_true (g_utf8_validate (clean, -1, NULL));
      again = snug_chat_text_clean (clean);
      g_assert_cmpstr (again, ==, clean);
      for (const char *p = clean; *p != '\0'; p = g_utf8_next_char (p))
        {
          gunichar shown = g_utf8_get_char (p);
          g_assert_true (!g_unichar_iscntrl (shown) || shown == '\n' || shown == '\t');
          g_assert_false (shown >= 0x202A && shown <= 0x202E);
          g_assert_false (shown >= 0x2066 && shown <= 0x2069);
        }
      line = snug_chat_text_clean_line (text, 10);
      g_assert_null (strpbrk (line, "\n\t"));
      /* Letters and digits of every script are shown as they are. */
      if (g_unichar_isalnum (c) && c != 0x115F && c != 0x1160 && c != 0x3164 && c != 0xFFA0)
        g_assert_cmpstr (clean, ==, text);
      /* The markup of a sample, and of all that markup minds. */
      if (c != '%' && (c < 0x3100 || c % 97 == 0))
        {
          g_autofree char *address = g_strdup_printf ("https://a.example/%s <x>", clean);
          g_autofree char *markup = snug_chat_text_to_markup (address);
          g_autoptr (GPtrArray) links = snug_chat_text_find_links (address);

          g_assert_cmpuint (links->len, ==, 1);
          g_assert_true (g_str_is_ascii (((SnugChatLink *) g_ptr_array_index (links, 0))->uri));
          g_assert_nonnull (strstr (markup, "&lt;x&gt;"));
        }
    }
}

static void
test_clean_line (void)
{
  g_autofree char *one = snug_chat_text_clean_line ("  a\nb\tc  ", 0);
  g_autofree char *cut = snug_chat_text_clean_line ("\303\244\303\244\303\244\303\244\303\244", 3);
  g_autofree char *whole = snug_chat_text_clean_line ("abc", 3);

  g_assert_cmpstr (one, ==, "a b c");
  g_assert_cmpstr (cut, ==, "\303\244\303\244…");
  g_assert_cmpstr (whole, ==, "abc");
}

static void
test_shorten (void)
{
  g_autofree char *lines = g_strnfill (8192, '\n');
  g_autofree char *chars = g_strnfill (8192, 'x');
  g_autofree char *just = g_strnfill (SNUG_CHAT_TEXT_SHORT_CHARS, 'x');
  g_autofree char *few = g_strnfill (SNUG_CHAT_TEXT_SHORT_LINES - 1, '\n');
  g_autofree char *short_lines = snug_chat_text_shorten (lines);
  g_autofree char *short_chars = snug_chat_text_shorten (chars);

  g_assert_cmpstr (short_lines, ==, "…");
  g_assert_cmpint (g_utf8_strlen (short_chars, -1), ==, SNUG_CHAT_TEXT_SHORT_CHARS + 1);
  g_assert_null (snug_chat_text_shorten (""));
  g_assert_null (snug_chat_text_shorten (just));
  g_assert_null (snug_chat_text_shorten (few));
}

static const struct
{
  const char *text;
  const char *written; /* NULL: none */
  const char *uri;     /* NULL: as written */
} links[] = {
  { "https://snug.example", "https://snug.example", NULL },
  { "See http://snug.example/a?b=c&d=e#f.", "http://snug.example/a?b=c&d=e#f", NULL },
  { "HTTPS://SNUG.example/A", "HTTPS://SNUG.example/A", "https://snug.example/A" },
  { "(https://en.example/wiki/Snug_(app))", "https://en.example/wiki/Snug_(app)", NULL },
  { "(see https://snug.example)", "https://snug.example", NULL },
  { "\"https://snug.example\"", "https://snug.example", NULL },
  { "<https://snug.example/x>", "https://snug.example/x", NULL },
  { "Is it https://snug.example/?", "https://snug.example/", NULL },
  { "https://snug.example…", "https://snug.example", NULL },
  { "**https://snug.example**", "https://snug.example", NULL },
  { "https://127.0.0.1:8080/x", "https://127.0.0.1:8080/x", NULL },
  { "http://[2001:db8::1]:80/x", "http://[2001:db8::1]:80/x", NULL },
  { "https://snug.example/%C3%A4", "https://snug.example/%C3%A4", NULL },
  { "https://snug.example/\303\244", "https://snug.example/\303\244", "https://snug.example/%C3%A4" },
  { "https://b\303\274cher.example/", "https://b\303\274cher.example/", "https://xn--bcher-kva.example/" },
  { "mailto:maya@snug.example", "mailto:maya@snug.example", NULL },
  { "Write to MAILTO:maya@snug.example!", "MAILTO:maya@snug.example", "mailto:maya@snug.example" },
  { "https://a.example/\nhttps", "https://a.example/", NULL },
  { "\344\270\255\346\226\207\357\274\232https://a.example/\343\200\202", "https://a.example/", NULL },
  /* None of these. */
  { "", NULL, NULL },
  { "snug.example", NULL, NULL },
  { "javascript:alert(1)", NULL, NULL },
  { "file:///etc/passwd", NULL, NULL },
  { "data:text/html,x", NULL, NULL },
  { "snug://call/garden#key", NULL, NULL },
  { "ftp://snug.example", NULL, NULL },
  { "https://", NULL, NULL },
  { "https:///path", NULL, NULL },
  { "https://.", NULL, NULL },
  { "https://bank.example@evil.example/", NULL, NULL },
  { "https://user:password@evil.example/", NULL, NULL },
  { "https://a b", "https://a", NULL },
  { "https://snug.example:99999/", NULL, NULL },
  { "https://[::1", NULL, NULL },
  { "https://%00.example/", NULL, NULL },
  { "https://a.example/%zz", NULL, NULL },
  { "xhttps://snug.example", NULL, NULL },
  { "9http://snug.example", NULL, NULL },
  { "mailto:", NULL, NULL },
  { "mailto:@", NULL, NULL },
  { "mailto:a@", NULL, NULL },
  { "mailto:a@b@c", NULL, NULL },
  { "mailto:a@b.example?cc=evil@b.example", NULL, NULL },
  { "mailto:a@b.example,c@d.example", NULL, NULL },
};

static void
test_links (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr (GPtrArray) found = snug_chat_text_find_links (links[i].text);
      const SnugChatLink *link;
      g_autofree char *written = NULL;

      g_test_message ("%s", links[i].text);
      if (links[i].written == NULL)
        {
          g_assert_cmpuint (found->len, ==, 0);
          continue;
        }
      g_assert_cmpuint (found->len, ==, 1);
      link = g_ptr_array_index (found, 0);
      written = g_strndup (links[i].text + link->start, link->length);
      g_assert_cmpstr (written, ==, links[i].written);
      g_assert_cmpstr (link->uri, ==, links[i].uri != NULL ? links[i].uri : links[i].written);
    }
}

static void
test_link_lengths (void)
{
  g_autofree char *path = g_strnfill (SNUG_CHAT_LINK_MAX_BYTES, 'x');
  g_autofree char *longest = g_strdup_printf ("https://a/%s", path + strlen ("https://a/"));
  g_autofree char *longer = g_strdup_printf ("https://a/%s", path);
  g_autoptr (GPtrArray) one = snug_chat_text_find_links (longest);
  g_autoptr (GPtrArray) none = snug_chat_text_find_links (longer);

  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_many_links (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) found = NULL;

  for (int i = 0; i < 800; i++)
    g_string_append (text, "http://a/ ");
  found = snug_chat_text_find_links (text->str);
  g_assert_cmpuint (found->len, ==, 800);
}

static void
expect_markup (const char *text, const char *expected)
{
  g_autofree char *markup = snug_chat_text_to_markup (text);

  g_assert_cmpstr (markup, ==, expected);
}

static void
test_markup (void)
{
  expect_markup ("<b>a</b> & 'b' \"c\"", "&lt;b&gt;a&lt;/b&gt; &amp; &apos;b&apos; &quot;c&quot;");
  expect_markup ("https://a.example/?x=1&y='2",
                 "<a href=\"https://a.example/?x=1&amp;y=&apos;2\" title=\"https://a.example/?x=1&amp;y=&apos;2\">"
                 "https://a.example/?x=1&amp;y=&apos;2</a>");
  /* The tooltip tells a name that only looks like another. */
  expect_markup ("https://\320\260pple.example/",
                 "<a href=\"https://xn--pple-43d.example/\" title=\"https://xn--pple-43d.example/\">"
                 "https://\320\260pple.example/</a>");
  expect_markup ("http://a\" onclick=\"x", "<a href=\"http://a\" title=\"http://a\">http://a</a>&quot; onclick=&quot;x");
}

/* Markup that GtkLabel would refuse would leave the row empty. */
static void
test_markup_is_markup (void)
{
  g_autoptr (GString) hostile = g_string_new (NULL);

  for (guint i = 0; i < 4000; i++)
    {
      static const char *const pieces[] = { "https://", "http://", "mailto:", "a", ".", "@", "<", ">", "&", "\"", "'", "(", ")",
                                            "[", "]", "%", "\303\244", "\342\200\256", "\001", " ", "\n", "#", "?", "/", ":", "\377" };
      g_autofree char *clean = NULL;
      g_autofree char *markup = NULL;
      g_autofree char *plain = NULL;
      g_autofree char *stripped = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GRegex) anchors = g_regex_new ("</?a[^>]*>", 0, 0, NULL);

      g_string_truncate (hostile, 0);
      for (int n = g_test_rand_int_range (1, 30); n > 0; n--)
        g_string_append (hostile, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      clean = snug_chat_text_clean (hostile->str);
      markup = snug_chat_text_to_markup (clean);
      /* GtkLabel takes its own <a>, Pango does not. */
      stripped = g_regex_replace_literal (anchors, markup, -1, 0, "", 0, NULL);
      g_assert_true (pango_parse_markup (stripped, -1, 0, NULL, &plain, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (plain, ==, clean);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/chat-text/clean", test_clean);
  g_test_add_func ("/app/chat-text/every-character", test_every_character);
  g_test_add_func ("/app/chat-text/clean-line", test_clean_line);
  g_test_add_func ("/app/chat-text/shorten", test_shorten);
  g_test_add_func ("/app/chat-text/links", test_links);
  g_test_add_func ("/app/chat-text/link-lengths", test_link_lengths);
  g_test_add_func ("/app/chat-text/many-links", test_many_links);
  g_test_add_func ("/app/chat-text/markup", test_markup);
  g_test_add_func ("/app/chat-text/markup-is-markup", test_markup_is_markup);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-description-text.h"

#include <gio/gio.h>
#include <string.h>

#define SDP                                                                                                  \
  "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"                                    \
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sctp-port:5000\r\n" \
  "a=candidate:1 1 UDP 2015363327 192.0.2.1 40000 typ host\r\n"                                              \
  "a=candidate:2 1 UDP 2015363326 192.0.2.2 40000 typ host\r\na=end-of-candidates\r\n"

static void
assert_error (const char *text, gssize length, SnugDescriptionTextError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugDescriptionText) read = snug_description_text_read (text, length, &error);

  g_assert_null (read);
  g_assert_error (error, SNUG_DESCRIPTION_TEXT_ERROR, (int) code);
}

static void
assert_good (const char *text, SnugDescriptionFormat format, SnugSdpType type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugDescriptionText) read = snug_description_text_read (text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpint (read->format, ==, format);
  g_assert_cmpint (read->type, ==, type);
  g_assert_cmpstr (read->sdp, ==, SDP);
  g_assert_cmpstr (read->name, ==, format == SNUG_DESCRIPTION_FORMAT_SNUG ? "Ada" : NULL);
  g_assert_cmpstr (read->id, ==, format == SNUG_DESCRIPTION_FORMAT_SNUG ? "one" : NULL);
}

static void
test_round_trip (void)
{
  for (SnugDescriptionFormat format = SNUG_DESCRIPTION_FORMAT_SNUG;
       format <= SNUG_DESCRIPTION_FORMAT_BASE64; format++)
    for (SnugSdpType type = SNUG_SDP_OFFER; type <= SNUG_SDP_ANSWER; type++)
      {
        g_autofree char *text = snug_description_text_write (format, type, SDP, "Ada", "one");
        g_autofree char *framed = g_strdup_printf ("\n  '%s'\n", text);

        g_assert_null (strchr (text, '\n'));
        g_assert_true (g_str_is_ascii (text));
        assert_good (text, format, type);
        if (format != SNUG_DESCRIPTION_FORMAT_BASE64)
          assert_good (framed, format, type);
      }
}

/* As mail leaves it: wrapped, quoted, with words before and after. */
static void
test_wrapped (void)
{
  g_autofree char *text
      = snug_description_text_write (SNUG_DESCRIPTION_FORMAT_SNUG, SNUG_SDP_OFFER, SDP, "Ada", "one");
  GString *mail = g_string_new ("Hello, call me with Snug:\r\n> ");
  g_autofree char *whole = NULL;

  for (gsize i = 0; text[i] != '\0'; i++)
    {
      g_string_append_c (mail, text[i]);
      if (i % 60 == 59)
        g_string_append (mail, "\r\n> ");
    }
  g_string_append (mail, "\r\n> until then!");
  whole = g_string_free (mail, FALSE);
  assert_good (whole, SNUG_DESCRIPTION_FORMAT_SNUG, SNUG_SDP_OFFER);
}

/* As a browser's console shows it. */
static void
test_console (void)
{
  g_autofree char *text
      = snug_description_text_write (SNUG_DESCRIPTION_FORMAT_JSON, SNUG_SDP_OFFER, SDP, NULL, NULL);
  g_auto (GStrv) parts = g_strsplit (text, "\\r\\n", -1);
  g_autofree char *escaped = g_strjoinv ("\\\\r\\\\n", parts);
  g_autofree char *shown = g_strdup_printf ("'%s'", escaped);

  assert_good (shown, SNUG_DESCRIPTION_FORMAT_JSON, SNUG_SDP_OFFER);
}

/* Whatever is cut off is noticed to be cut off, or to be nothing of ours. */
static void
test_truncated (void)
{
  for (SnugDescriptionFormat format = SNUG_DESCRIPTION_FORMAT_SNUG;
       format <= SNUG_DESCRIPTION_FORMAT_BASE64; format++)
    {
      g_autofree char *text
          = snug_description_text_write (format, SNUG_SDP_OFFER, SDP, "Ada", "one");
      gsize length = strlen (text);

      for (gsize n = format == SNUG_DESCRIPTION_FORMAT_JSON ? 1 : 8;
           n < length - (format == SNUG_DESCRIPTION_FORMAT_BASE64 ? 4 : 0); n++)
        assert_error (text, n, SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED);
    }
}

/* One character that is another: never taken for good. */
static void
test_mistyped (void)
{
  g_autofree char *text
      = snug_description_text_write (SNUG_DESCRIPTION_FORMAT_SNUG, SNUG_SDP_OFFER, SDP, "Ada", "one");
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  g_autofree char *shorter = NULL;

  for (gsize i = strlen (parts[0]) + 1; text[i] != '\0'; i++)
    {
      g_autofree char *wrong = g_strdup (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (SnugDescriptionText) read = NULL;

      wrong[i] = wrong[i] == '7' ? '8' : '7';
      g_test_message ("%" G_GSIZE_FORMAT ": %s", i, wrong);
      read = snug_description_text_read (wrong, -1, &error);
      g_assert_null (read);
      g_assert_true (
          g_error_matches (error, SNUG_DESCRIPTION_TEXT_ERROR, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED)
          || g_error_matches (error, SNUG_DESCRIPTION_TEXT_ERROR, SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED));
    }

  /* One is missing in the middle. */
  shorter = g_strdup_printf ("%s:%s:%s:%s", parts[0], parts[1], parts[2] + 1, parts[3]);
  assert_error (shorter, -1, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED);
}

/* Packs any content as Snug would. */
static char *
pack (const guint8 *content, gsize size)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
  g_autofree guint8 *packed = g_malloc (size + 1024);
  g_autofree char *body = NULL;
  g_autofree char *digits = NULL;
  gsize n_read, n_written;

  g_assert_cmpint (g_converter_convert (G_CONVERTER (compressor), content, size, packed, size + 1024,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL),
                   ==, G_CONVERTER_FINISHED);
  body = g_base64_encode (packed, n_written);
  *strchrnul (body, '=') = '\0';
  digits = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);
  digits[8] = '\0';

  return g_strdup_printf ("snug1:%" G_GSIZE_FORMAT ":%s:%s", strlen (body), body, digits);
}

static void
test_bomb (void)
{
  const gsize size = 32 * 1024 * 1024;
  g_autofree guint8 *zeros = g_malloc0 (size);
  g_autofree char *text = pack (zeros, size);

  /* A thousand times smaller than what is in it. */
  g_assert_cmpuint (strlen (text), <, SNUG_DESCRIPTION_TEXT_MAX_BYTES);
  assert_error (text, -1, SNUG_DESCRIPTION_TEXT_ERROR_BOMB);
}

static void
test_huge (void)
{
  g_autofree char *text = g_strnfill (SNUG_DESCRIPTION_TEXT_MAX_BYTES + 1, 'a');

  assert_error (text, -1, SNUG_DESCRIPTION_TEXT_ERROR_TOO_LARGE);
  assert_error (text, SNUG_DESCRIPTION_TEXT_MAX_BYTES + 1, SNUG_DESCRIPTION_TEXT_ERROR_TOO_LARGE);
  text[SNUG_DESCRIPTION_TEXT_MAX_BYTES] = '\0';
  assert_error (text, -1, SNUG_DESCRIPTION_TEXT_ERROR_FOREIGN);
}

static void
test_malformed (void)
{
  static const char *const contents[] = {
    "{}",
    "{\"type\":\"offer\"}",
    "{\"type\":\"offer\",\"sdp\":7}",
    "{\"type\":\"bye\"}",
    "{\"type\":\"pranswer\",\"sdp\":\"v=0\\r\\n\"}",
    "{\"type\":\"offer\",\"sdp\":\"\"}",
    "{\"type\":\"offer\",\"sdp\":\"hello\"}",
    "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\ns=caf\xc3\xa9\\r\\n\"}",
    "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\",}",
    "{not json}",
  };
  static const char *const names[] = {
    "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\",\"name\":\"a\\nb\"}",
    "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\",\"name\":\"\"}",
    "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\",\"name\":[]}",
    "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\",\"id\":\"a b\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *packed = pack ((const guint8 *) contents[i], strlen (contents[i]));
      g_autofree char *base64 = g_base64_encode ((const guint8 *) contents[i], strlen (contents[i]));

      assert_error (contents[i], -1, SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED);
      assert_error (packed, -1, SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED);
      assert_error (base64, -1, SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *packed = pack ((const guint8 *) names[i], strlen (names[i]));

      assert_error (packed, -1, SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED);
    }
}

static void
test_other_texts (void)
{
  static const char *const foreign[] = { "hello", "https://example.org/", "snug", "snug1", "asnug1:5:", "\xff\xfe",
                                         "AAAA", "v=0\r\n", "[]", "snug1 :" };
  static const char *const empty[] = { "", " ", "\n\t", "''" };

  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
    assert_error (foreign[i], -1, SNUG_DESCRIPTION_TEXT_ERROR_FOREIGN);
  for (gsize i = 0; i < G_N_ELEMENTS (empty); i++)
    assert_error (empty[i], -1, SNUG_DESCRIPTION_TEXT_ERROR_EMPTY);
  assert_error ("snug://garden", -1, SNUG_DESCRIPTION_TEXT_ERROR_LINK);
  assert_error ("https://meet.example.org/r#garden", -1, SNUG_DESCRIPTION_TEXT_ERROR_LINK);
  assert_error ("snug2:7:abcdefg:00000000", -1, SNUG_DESCRIPTION_TEXT_ERROR_VERSION);
  assert_error ("snug99999:7", -1, SNUG_DESCRIPTION_TEXT_ERROR_VERSION);
  assert_error ("snug1:1000000:", -1, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED);
  assert_error ("snug1:0::", -1, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED);
  assert_error ("snug1:x", -1, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/description-text/round-trip", test_round_trip);
  g_test_add_func ("/description-text/wrapped", test_wrapped);
  g_test_add_func ("/description-text/console", test_console);
  g_test_add_func ("/description-text/truncated", test_truncated);
  g_test_add_func ("/description-text/mistyped", test_mistyped);
  g_test_add_func ("/description-text/bomb", test_bomb);
  g_test_add_func ("/description-text/huge", test_huge);
  g_test_add_func ("/description-text/malformed", test_malformed);
  g_test_add_func ("/description-text/other-texts", test_other_texts);

  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-link.h"

#include "snug-protocol.h"

#include <string.h>

static void
assert_link (const char *text, const char *room, const char *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugLink) link = snug_link_parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (link->room, ==, room);
  g_assert_cmpstr (link->server, ==, server);
  g_assert_true (snug_link_is_link (text));
}

static void
assert_room (const char *text, const char *room)
{
  assert_link (text, room, NULL);
}

static void
test_good (void)
{
  assert_room ("snug://garden-shed", "garden-shed");
  assert_room ("snug://garden-shed/", "garden-shed");
  assert_room ("SNUG://Garden-Shed", "garden-shed");
  assert_room (" snug://garden \n", "garden");
  assert_room ("snug://Garden%20Shed", "garden-shed");
  assert_room ("snug://caf%C3%A9", "caf\xc3\xa9");
  assert_room ("snug://caf\xc3\xa9", "caf\xc3\xa9");
  assert_room ("snug://%E5%AE%B6%E6%97%8F", "\xe5\xae\xb6\xe6\x97\x8f");
}

static void
test_web (void)
{
  assert_link ("https://meet.example.org/r#garden", "garden", "wss://meet.example.org/snug");
  assert_link ("https://meet.example.org/r/#garden", "garden", "wss://meet.example.org/snug");
  assert_link (" HTTPS://Meet.Example.ORG:443/r#Garden%20Shed\n", "garden-shed", "wss://meet.example.org/snug");
  assert_link ("https://meet.example.org:8443/r#caf%C3%A9", "caf\xc3\xa9", "wss://meet.example.org:8443/snug");
  assert_link ("https://caf\xc3\xa9.example/r#garden", "garden", "wss://xn--caf-dma.example/snug");
  assert_link ("https://[2001:db8::1]/r#garden", "garden", "wss://[2001:db8::1]/snug");
  assert_link ("http://192.168.0.7:8765/r#garden", "garden", "ws://192.168.0.7:8765/snug");
  assert_link ("http://[fe80::1]:8765/r#garden", "garden", "ws://[fe80::1]:8765/snug");
  assert_link ("http://kitchen.local/r#garden", "garden", "ws://kitchen.local/snug");
  assert_link ("https://192.168.0.7/r#garden", "garden", "wss://192.168.0.7/snug");
}

static void
assert_written (const char *room, const char *server, const char *expected)
{
  g_autofree char *text = snug_link_write (room, server);
  g_autoptr (SnugLink) link = snug_link_parse (text, NULL);

  g_assert_cmpstr (text, ==, expected);
  g_assert_nonnull (link);
  g_assert_cmpstr (link->room, ==, room);
  if (link->server != NULL)
    g_assert_cmpstr (link->server, ==, server);
}

static void
test_write (void)
{
  assert_written ("garden", NULL, "snug://garden");
  assert_written ("caf\xc3\xa9-7", NULL, "snug://caf%C3%A9-7");
  assert_written ("garden", "wss://meet.example.org/snug", "https://meet.example.org/r#garden");
  assert_written ("caf\xc3\xa9", "wss://meet.example.org:8443/snug", "https://meet.example.org:8443/r#caf%C3%A9");
  assert_written ("garden", "wss://[2001:db8::1]/snug", "https://[2001:db8::1]/r#garden");
  assert_written ("garden", "ws://192.168.0.7:8765/snug", "http://192.168.0.7:8765/r#garden");
  /* Where no page is, or where the address is nobody else's. */
  assert_written ("garden", "ws://meet.example.org/snug", "snug://garden");
  assert_written ("garden", "wss://meet.example.org/snug/eu", "snug://garden");
  assert_written ("garden", "wss://meet.example.org/snug?token=secret", "snug://garden");
}

static void
test_longest (void)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) host = g_string_new (NULL);
  g_autoptr (SnugLink) link = NULL;
  g_autoptr (SnugLink) page = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *web = NULL;

  /* A letter of four bytes in UTF-8. */
  for (guint i = 0; i < SNUG_ROOM_NAME_MAX_CHARS; i++)
    g_string_append (name, "\xf0\xa0\x80\x80");
  for (guint i = 0; i < 125; i++)
    g_string_append (host, "a.");
  g_string_append (host, "org");
  text = snug_link_write (name->str, NULL);
  link = snug_link_parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (link->room, ==, name->str);
  web = g_strdup_printf ("wss://%s:65535/snug", host->str);
  g_free (text);
  text = snug_link_write (name->str, web);
  g_assert_cmpuint (strlen (text), <=, SNUG_LINK_MAX_BYTES);
  page = snug_link_parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (page->room, ==, name->str);
  g_assert_cmpstr (page->server, ==, web);
}

static void
test_bad (void)
{
  static const struct
  {
    const char *text;
    int code; /* 0: SNUG_PROTOCOL_ERROR, no name for a room */
  } links[] = {
    { "", SNUG_LINK_ERROR_SCHEME },
    { "garden", SNUG_LINK_ERROR_SCHEME },
    { "snug", SNUG_LINK_ERROR_SCHEME },
    { "ftp://meet.example.org/r#garden", SNUG_LINK_ERROR_SCHEME },
    { "javascript:alert(1)", SNUG_LINK_ERROR_SCHEME },
    { "file:///r#garden", SNUG_LINK_ERROR_SCHEME },
    { "https://garden", SNUG_LINK_ERROR_SCHEME },
    { "https://meet.example.org/", SNUG_LINK_ERROR_SCHEME },
    { "https://meet.example.org/#garden", SNUG_LINK_ERROR_SCHEME },
    { "https://meet.example.org/R#garden", SNUG_LINK_ERROR_SCHEME },
    { "https://meet.example.org/r/more#garden", SNUG_LINK_ERROR_SCHEME },
    { "https://meet.example.org/r/../x#garden", SNUG_LINK_ERROR_SCHEME },
    { "snug:", SNUG_LINK_ERROR_NO_ROOM },
    { "snug:garden", SNUG_LINK_ERROR_NO_ROOM },
    { "snug:/garden", SNUG_LINK_ERROR_NO_ROOM },
    { "snug://", SNUG_LINK_ERROR_NO_ROOM },
    { "snug:///", SNUG_LINK_ERROR_NO_ROOM },
    { "snug:///garden", SNUG_LINK_ERROR_NO_ROOM },
    { "https://meet.example.org/r", SNUG_LINK_ERROR_NO_ROOM },
    { "https://meet.example.org/r#", SNUG_LINK_ERROR_NO_ROOM },
    { "snug://garden:80", SNUG_LINK_ERROR_MORE },
    { "snug://garden/more", SNUG_LINK_ERROR_MORE },
    { "snug://garden?join=1", SNUG_LINK_ERROR_MORE },
    { "snug://garden#x", SNUG_LINK_ERROR_MORE },
    { "https://meet.example.org/r?room=garden#garden", SNUG_LINK_ERROR_MORE },
    { "https://meet.example.org/r?token=x#garden", SNUG_LINK_ERROR_MORE },
    { "snug://me@garden", SNUG_LINK_ERROR_USER },
    { "https://meet.example.org@evil.example/r#garden", SNUG_LINK_ERROR_USER },
    { "https://me:secret@meet.example.org/r#garden", SNUG_LINK_ERROR_USER },
    { "snug://<b>a</b>", SNUG_LINK_ERROR_CHARACTERS },
    { "https://meet.example.org/r#<script>alert(1)</script>", SNUG_LINK_ERROR_CHARACTERS },
    { "https://meet.example.org/r#\"onload=x", SNUG_LINK_ERROR_CHARACTERS },
    { "snug://\x01", SNUG_LINK_ERROR_CHARACTERS },
    { "snug://a\nb", SNUG_LINK_ERROR_CHARACTERS },
    { "snug://a b", SNUG_LINK_ERROR_CHARACTERS },
    { "https://meet.example.org/r#a\xe2\x80\xae" "b", SNUG_LINK_ERROR_CHARACTERS },
    { "https://meet.example.org\\@evil.example/r#garden", SNUG_LINK_ERROR_CHARACTERS },
    { "snug://a\xff", SNUG_LINK_ERROR_MALFORMED },
    { "snug://a%", SNUG_LINK_ERROR_MALFORMED },
    { "snug://a%zz", SNUG_LINK_ERROR_MALFORMED },
    { "snug://a%ff", SNUG_LINK_ERROR_MALFORMED },
    { "snug://a%00b", SNUG_LINK_ERROR_MALFORMED },
    { "snug://[garden", SNUG_LINK_ERROR_MALFORMED },
    { "https://meet.example.org/r#a%00b", SNUG_LINK_ERROR_MALFORMED },
    { "https://meet.example.org:99999/r#garden", SNUG_LINK_ERROR_MALFORMED },
    { "https://meet.example.org:0/r#garden", SNUG_LINK_ERROR_MALFORMED },
    { "https:///r#garden", SNUG_LINK_ERROR_MALFORMED },
    { "https://-/r#garden", SNUG_LINK_ERROR_MALFORMED },
    { "https://a%20b/r#garden", SNUG_LINK_ERROR_MALFORMED },
    { "http://meet.example.org/r#garden", SNUG_LINK_ERROR_PLAIN },
    { "http://8.8.8.8/r#garden", SNUG_LINK_ERROR_PLAIN },
    { "snug://a%2Fb", 0 },
    { "snug://a.b", 0 },
    { "snug://%E2%80%AE", 0 },
    { "snug://[::1]", 0 },
    { "https://meet.example.org/r#a%0Ab%01", 0 },
    { "https://meet.example.org/r#%3Cb%3Ea%3C/b%3E", 0 },
    { "https://meet.example.org/r#%E2%80%AE", 0 },
  };
  g_autofree char *huge = g_strnfill (10 * 1024 * 1024, 'a');
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr (GError) refusal = NULL;
      g_autofree char *escaped = g_strescape (links[i].text, NULL);
      SnugLink *link = snug_link_parse (links[i].text, &refusal);

      g_test_message ("%s: %s", escaped, refusal != NULL ? refusal->message : link->room);
      g_assert_null (link);
      if (links[i].code != 0)
        g_assert_error (refusal, SNUG_LINK_ERROR, links[i].code);
      else
        g_assert_error (refusal, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_ROOM_NAME);
    }

  memcpy (huge, "snug://", strlen ("snug://"));
  g_assert_null (snug_link_parse (huge, &error));
  g_assert_error (error, SNUG_LINK_ERROR, SNUG_LINK_ERROR_TOO_LONG);
  g_clear_error (&error);
  memcpy (huge, "https://a.org/r#", strlen ("https://a.org/r#"));
  g_assert_null (snug_link_parse (huge, &error));
  g_assert_error (error, SNUG_LINK_ERROR, SNUG_LINK_ERROR_TOO_LONG);
}

static void
test_is_link (void)
{
  g_assert_false (snug_link_is_link (""));
  g_assert_false (snug_link_is_link ("snug"));
  g_assert_false (snug_link_is_link ("snugly:garden"));
  g_assert_false (snug_link_is_link ("my snug://garden"));
  g_assert_true (snug_link_is_link ("snug:"));
  g_assert_true (snug_link_is_link ("Snug:whatever"));
  g_assert_true (snug_link_is_link (" https://whatever"));
  g_assert_true (snug_link_is_link ("HTTP://"));
  g_assert_false (snug_link_is_link ("https:garden"));
  g_assert_false (snug_link_is_link ("ftp://garden"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/link/good", test_good);
  g_test_add_func ("/link/web", test_web);
  g_test_add_func ("/link/write", test_write);
  g_test_add_func ("/link/longest", test_longest);
  g_test_add_func ("/link/bad", test_bad);
  g_test_add_func ("/link/is-link", test_is_link);

  return g_test_run ();
}

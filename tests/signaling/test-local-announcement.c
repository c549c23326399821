/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is believed of an announcement on the local network.
 */
#include "snug-local-announcement.h"

#include <string.h>

#define ROOM "0123456789abcdef0011223344556677"
#define OTHER_ROOM "0123456789abcdef0011223344556678"

static void
test_names (void)
{
  g_autofree char *a = snug_local_announcement_make_name (ROOM);
  g_autofree char *b = snug_local_announcement_make_name (ROOM);
  static const char *const bad[] = {
    "",
    "0123456789abcdef",
    "0123456789abcdef-",
    "0123456789abcdef-0123456789abcde",
    "0123456789abcdef-0123456789abcdef0",
    "0123456789abcdef-0123456789abcdeF",
    "0123456789abcdef-0123456789abcde\n",
    "0123456789abcdef 0123456789abcdef",
    "1123456789abcdef-0123456789abcdef",
    "0123456789abcdef-\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
  };

  g_assert_cmpstr (a, !=, b);
  g_assert_true (snug_local_announcement_check_name (a, ROOM));
  g_assert_true (snug_local_announcement_check_name ("0123456789abcdef-0123456789abcdef", ROOM));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (snug_local_announcement_check_name (bad[i], ROOM));
}

static gboolean
check_texts (const char *const *texts)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) txt = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; texts[i] != NULL; i++)
    g_variant_builder_add_value (&builder, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, texts[i], strlen (texts[i]), 1));
  txt = g_variant_ref_sink (g_variant_builder_end (&builder));
  return snug_local_announcement_check_txt (txt, ROOM);
}

#define CHECK_TEXTS(...) check_texts ((const char *const[]) { __VA_ARGS__, NULL })

static void
test_texts (void)
{
  g_autoptr (GVariant) own = g_variant_ref_sink (snug_local_announcement_make_txt (ROOM));
  g_autoptr (GVariant) number = g_variant_ref_sink (g_variant_new_uint32 (7));
  const char *many[SNUG_LOCAL_TXT_MAX + 2];

  /* The room's id and nothing else. */
  g_assert_cmpuint (g_variant_n_children (own), ==, 1);
  g_assert_true (snug_local_announcement_check_txt (own, ROOM));
  g_assert_false (snug_local_announcement_check_txt (own, OTHER_ROOM));
  g_assert_false (snug_local_announcement_check_txt (number, ROOM));

  g_assert_true (CHECK_TEXTS ("room=" ROOM));
  g_assert_true (CHECK_TEXTS ("ROOM=" ROOM, "newer=yes", "", "="));
  g_assert_false (CHECK_TEXTS (""));
  g_assert_false (CHECK_TEXTS ("newer=yes"));
  g_assert_false (CHECK_TEXTS ("room=" OTHER_ROOM));
  g_assert_false (CHECK_TEXTS ("room=" ROOM "0"));
  g_assert_false (CHECK_TEXTS ("room="));
  g_assert_false (CHECK_TEXTS ("room=" ROOM, "room=" ROOM));
  g_assert_false (CHECK_TEXTS ("room=" ROOM, "room=" OTHER_ROOM));
  g_assert_false (CHECK_TEXTS ("room =" ROOM));

  for (guint i = 0; i < SNUG_LOCAL_TXT_MAX + 1; i++)
    many[i] = i == 0 ? "room=" ROOM : "x";
  many[SNUG_LOCAL_TXT_MAX + 1] = NULL;
  g_assert_false (check_texts (many));
}

static void
check_address (const char *address, guint port, guint interface, gboolean own, const char *expected)
{
  g_autoptr (GInetSocketAddress) result = snug_local_announcement_make_address (address, port, interface, own);
  g_autofree char *text = result != NULL ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (result)) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
test_addresses (void)
{
  static const char *const bad[] = {
    "", "garden.local", "192.168.1", "192.168.1.300", "0.0.0.0", "::", "255.255.255.255", "224.0.0.251", "ff02::fb",
    "8.8.8.8", "2001:db8::1", "::ffff:8.8.8.8", "127.0.0.1", "::1", "fe80::1%eth0", "192.168.1.1 ", "10.0.0.1\n",
    "10.0.0.1/8", "\xff\xfe",
  };
  static const guint bad_ports[] = { 0, 1, 22, 80, 443, 1023, 65536, G_MAXUINT };

  check_address ("192.168.1.20", 40001, 2, FALSE, "192.168.1.20:40001");
  check_address ("10.1.2.3", 1024, 2, FALSE, "10.1.2.3:1024");
  check_address ("172.16.0.9", 65535, 2, FALSE, "172.16.0.9:65535");
  check_address ("169.254.7.7", 40001, 2, FALSE, "169.254.7.7:40001");
  check_address ("fd00::7", 40001, 2, FALSE, "[fd00::7]:40001");
  check_address ("fe80::7", 40001, 3, FALSE, "[fe80::7%3]:40001");
  check_address ("fe80::7", 40001, 0, FALSE, NULL);
  check_address ("127.0.0.1", 40001, 1, TRUE, "127.0.0.1:40001");
  check_address ("::1", 40001, 1, TRUE, "[::1]:40001");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    check_address (bad[i], 40001, 2, FALSE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bad_ports); i++)
    check_address ("192.168.1.20", bad_ports[i], 2, FALSE, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/local-announcement/names", test_names);
  g_test_add_func ("/local-announcement/texts", test_texts);
  g_test_add_func ("/local-announcement/addresses", test_addresses);
  return g_test_run ();
}

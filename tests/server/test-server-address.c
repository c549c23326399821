/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses, networks, what proxies say, and how often one may come.
 */
#include "snug-visitors.h"

#include <gio/gio.h>
#include <string.h>

static SnugServerAddress
parse (const char *text)
{
  SnugServerAddress address;

  g_assert_true (snug_server_address_from_string (&address, text));
  return address;
}

static void
test_strings (void)
{
  static const char *const same[][2] = {
    { "192.0.2.1", "192.0.2.1" }, { "192.0.2.1:443", "192.0.2.1" }, { "[2001:db8::1]:443", "2001:db8::1" },
    { "2001:DB8:0::1", "2001:db8::1" }, { "::ffff:192.0.2.1", "192.0.2.1" }, { "[::1]", "::1" },
  };
  static const char *const bad[] = {
    "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "example.org", "[::1", ":::", "1.2.3.4/8", "unknown", "_hidden",
    "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc",
  };
  SnugServerAddress address;

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *text = NULL;

      address = parse (same[i][0]);
      text = snug_server_address_to_string (&address);
      g_assert_cmpstr (text, ==, same[i][1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (snug_server_address_from_string (&address, bad[i]));
}

static void
test_private (void)
{
  static const char *const private[] = {
    "127.0.0.1", "127.9.9.9", "::1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.178.2", "169.254.1.1",
    "100.64.0.1", "100.127.255.255", "fe80::1", "febf::1", "fd00::1", "fc00::1",
  };
  static const char *const public[] = {
    "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.128.0.1", "11.0.0.1", "2001:db8::1", "fec0::1", "::2",
    "::",
  };

  for (guint i = 0; i < G_N_ELEMENTS (private); i++)
    {
      SnugServerAddress address = parse (private[i]);

      g_assert_true (snug_server_address_is_private (&address));
    }
  for (guint i = 0; i < G_N_ELEMENTS (public); i++)
    {
      SnugServerAddress address = parse (public[i]);

      g_assert_false (snug_server_address_is_private (&address));
    }
}

static void
test_networks (void)
{
  static const char *const bad[] = { "", "/8", "10.0.0.0/33", "::/129", "10.0.0.0/x", "10.0.0.0/", "x" };
  SnugServerNetwork network;
  SnugServerAddress inside = parse ("10.9.8.7"), outside = parse ("11.0.0.0");

  g_assert_true (snug_server_network_parse (&network, "10.0.0.0/8", NULL));
  g_assert_true (snug_server_networks_contain (&network, 1, &inside));
  g_assert_false (snug_server_networks_contain (&network, 1, &outside));
  g_assert_true (snug_server_network_parse (&network, "10.9.8.6/31", NULL));
  g_assert_true (snug_server_networks_contain (&network, 1, &inside));
  g_assert_true (snug_server_network_parse (&network, "10.9.8.7", NULL));
  g_assert_true (snug_server_networks_contain (&network, 1, &inside));
  g_assert_true (snug_server_network_parse (&network, "2001:db8::/33", NULL));
  inside = parse ("2001:db8:7fff::1");
  outside = parse ("2001:db8:8000::1");
  g_assert_true (snug_server_networks_contain (&network, 1, &inside));
  g_assert_false (snug_server_networks_contain (&network, 1, &outside));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (snug_server_network_parse (&network, bad[i], &error));
      g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
    }
}

#define HEADER(expected, literal) { literal, sizeof (literal) - 1, expected }
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

static void
test_proxy_header (void)
{
  static const struct
  {
    const char *bytes;
    gsize size;
    const char *expected; /* NULL: refused; "": the proxy itself */
  } headers[] = {
    HEADER ("192.0.2.1", "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n"),
    HEADER ("2001:db8::1", "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n"),
    HEADER ("", "PROXY UNKNOWN\r\n"),
    HEADER ("", "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"),
    HEADER (NULL, "PROXY TCP4 192.0.2.1 192.0.2.2 56324\r\n"),
    HEADER (NULL, "PROXY TCP4 example.org 192.0.2.2 56324 443\r\n"),
    HEADER (NULL, "PROXY UDP4 192.0.2.1 192.0.2.2 56324 443\r\n"),
    HEADER (NULL, "PROXY \r\n"),
    HEADER (NULL, "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443"),
    HEADER (NULL, "GET /snug HTTP/1.1\r\n"),
    HEADER (NULL, ""),
    HEADER ("192.0.2.1", SIGNATURE "\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x12\x34\x01\xbb"),
    HEADER ("192.0.2.1", SIGNATURE "\x21\x11\x00\x0f\xc0\x00\x02\x01\xc0\x00\x02\x02\x12\x34\x01\xbb\x04\x00\x00"),
    HEADER ("", SIGNATURE "\x20\x00\x00\x00"),
    HEADER ("", SIGNATURE "\x21\x31\x00\x00"),
    HEADER (NULL, SIGNATURE "\x31\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x12\x34\x01\xbb"),
    HEADER (NULL, SIGNATURE "\x22\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x12\x34\x01\xbb"),
    HEADER (NULL, SIGNATURE "\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02"),
    HEADER (NULL, SIGNATURE "\x21\x11\xff\xff\xc0\x00\x02\x01\xc0\x00\x02\x02\x12\x34\x01\xbb"),
    HEADER (NULL, SIGNATURE "\x21"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      SnugServerAddress address = parse ("127.0.0.1");
      gsize size;
      g_autofree char *bytes = g_malloc0 (headers[i].size + 4);
      g_autofree char *text = NULL;

      /* What follows is not part of it. */
      memcpy (bytes, headers[i].bytes, headers[i].size);
      size = snug_proxy_header_parse ((const guint8 *) bytes, headers[i].size, &address);
      g_assert_cmpuint (size, ==, headers[i].expected != NULL ? headers[i].size : 0);
      text = snug_server_address_to_string (&address);
      if (headers[i].expected != NULL && *headers[i].expected != '\0')
        g_assert_cmpstr (text, ==, headers[i].expected);
      else
        g_assert_cmpstr (text, ==, "127.0.0.1");
    }
}

static void
test_forwarded_for (void)
{
  static const struct
  {
    const char *header;
    const char *expected;
  } headers[] = {
    { "192.0.2.1", "192.0.2.1" },
    { "10.0.0.1, 192.0.2.1", "192.0.2.1" },
    /* What stands before the last one that is not trusted, that one has written. */
    { "203.0.113.9, 192.0.2.1, 10.0.0.2", "192.0.2.1" },
    { "192.0.2.1, unknown", NULL },
    { "10.0.0.1", NULL },
    { "", NULL },
    { ",,,", NULL },
  };
  SnugServerNetwork proxies;

  g_assert_true (snug_server_network_parse (&proxies, "10.0.0.0/8", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      SnugServerAddress address;
      gboolean found = snug_forwarded_for_parse (headers[i].header, &proxies, 1, &address);

      g_assert_cmpint (found, ==, headers[i].expected != NULL);
      if (found)
        {
          g_autofree char *text = snug_server_address_to_string (&address);

          g_assert_cmpstr (text, ==, headers[i].expected);
        }
    }
}

#define SECOND ((gint64) G_USEC_PER_SEC)

static void
test_visitors (void)
{
  g_autoptr (SnugVisitors) visitors = snug_visitors_new ();
  SnugServerAddress one = parse ("2001:db8:0:1::1"), neighbour = parse ("2001:db8:0:1:ffff::9");
  SnugServerAddress other = parse ("2001:db8:0:2::1"), self = parse ("127.0.0.1");
  gint64 now = 1000 * SECOND;
  SnugVisitor *a = snug_visitors_enter (visitors, &one, 2, 60, now);
  SnugVisitor *b = snug_visitors_enter (visitors, &neighbour, 2, 60, now);
  SnugVisitor *c = snug_visitors_enter (visitors, &other, 2, 60, now);

  g_assert_true (a != NULL && a == b && c != NULL && c != a);
  g_assert_null (snug_visitors_enter (visitors, &one, 2, 60, now));
  snug_visitors_leave (visitors, b, now);
  g_assert_true (snug_visitors_enter (visitors, &one, 2, 60, now) == a);
  for (guint i = 0; i < 5; i++)
    g_assert_nonnull (snug_visitors_enter (visitors, &self, 2, 60, now));
  g_assert_cmpuint (snug_visitors_get_n (visitors), ==, 3);

  /* They are forgotten, but not at once. */
  snug_visitors_leave (visitors, a, now);
  snug_visitors_leave (visitors, a, now + 60 * SECOND);
  g_assert_cmpuint (snug_visitors_get_n (visitors), ==, 3);
  snug_visitors_leave (visitors, c, now + 200 * SECOND);
  g_assert_cmpuint (snug_visitors_get_n (visitors), <=, 2);
}

static void
test_join_delays (void)
{
  g_autoptr (SnugVisitors) visitors = snug_visitors_new ();
  SnugServerAddress address = parse ("192.0.2.1");
  gint64 now = 1000 * SECOND, delay = 0;
  SnugVisitor *visitor = snug_visitors_enter (visitors, &address, 10, 60, now);

  /* Four mistakes are free; then a second, two, four ... a minute. */
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (snug_visitor_may_join (visitor, now));
      snug_visitor_tell_join (visitor, TRUE, now);
    }
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (snug_visitor_may_join (visitor, now));
      snug_visitor_tell_join (visitor, TRUE, now);
      delay = delay == 0 ? SECOND : MIN (2 * delay, 60 * SECOND);
      g_assert_false (snug_visitor_may_join (visitor, now + delay - 1));
      now += delay;
    }
  g_assert_true (snug_visitor_may_join (visitor, now));
  snug_visitor_tell_join (visitor, FALSE, now);
  g_assert_true (snug_visitor_may_join (visitor, now));
}

static void
test_join_rate (void)
{
  g_autoptr (SnugVisitors) visitors = snug_visitors_new ();
  SnugServerAddress address = parse ("192.0.2.1");
  gint64 now = 1000 * SECOND;
  SnugVisitor *visitor = snug_visitors_enter (visitors, &address, 10, 3, now);

  for (guint i = 0; i < 3; i++)
    g_assert_true (snug_visitor_may_join (visitor, now));
  g_assert_false (snug_visitor_may_join (visitor, now));
  g_assert_false (snug_visitor_may_join (visitor, now + 19 * SECOND));
  g_assert_true (snug_visitor_may_join (visitor, now + 20 * SECOND));
  g_assert_false (snug_visitor_may_join (visitor, now + 21 * SECOND));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/address/strings", test_strings);
  g_test_add_func ("/server/address/private", test_private);
  g_test_add_func ("/server/address/networks", test_networks);
  g_test_add_func ("/server/address/proxy-header", test_proxy_header);
  g_test_add_func ("/server/address/forwarded-for", test_forwarded_for);
  g_test_add_func ("/server/visitors/connections", test_visitors);
  g_test_add_func ("/server/visitors/join-delays", test_join_delays);
  g_test_add_func ("/server/visitors/join-rate", test_join_rate);
  return g_test_run ();
}

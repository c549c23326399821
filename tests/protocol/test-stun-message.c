/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * With the test vectors of RFC 5769.
 */
#include "snug-protocol.h"
#include "snug-stun-message.h"

#include <string.h>

static const guint8 transaction[] = { 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae };

static GBytes *
from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (const char *c = hex; *c != '\0'; c++)
    if (g_ascii_isxdigit (*c))
      {
        guint8 byte = g_ascii_xdigit_value (c[0]) << 4 | g_ascii_xdigit_value (c[1]);

        g_byte_array_append (bytes, &byte, 1);
        c++;
      }
  return g_byte_array_free_to_bytes (bytes);
}

static void
assert_mapped (const char *hex, const char *expected)
{
  g_autoptr (GBytes) bytes = from_hex (hex);
  g_autoptr (GError) error = NULL;
  g_auto (SnugStunMessage) message = { 0 };
  g_autofree char *mapped = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpint (snug_stun_message_get_size (data, size), ==, size);
  g_assert_true (snug_stun_message_parse (data, size, &message, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (message.type, ==, SNUG_STUN_BINDING_SUCCESS);
  g_assert_cmpmem (message.transaction, sizeof message.transaction, transaction, sizeof transaction);
  mapped = snug_stun_address_to_string (&message.mapped);
  g_assert_cmpstr (mapped, ==, expected);

  /* Cut anywhere, it is none. */
  for (gsize n = 0; n < size; n++)
    {
      g_autoptr (GError) cut_error = NULL;

      g_assert_false (snug_stun_message_parse (data, n, &message, &cut_error));
      g_assert_true (cut_error->domain == SNUG_PROTOCOL_ERROR);
    }
}

static void
test_responses (void)
{
  assert_mapped ("0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
                 "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96",
                 "192.0.2.1:32853");
  assert_mapped ("010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
                 "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed41"
                 "80280004c8fb0b4c",
                 "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
}

static void
test_credential (void)
{
  static const guint8 id[] = { 0x78, 0xad, 0x34, 0x33, 0xc6, 0xad, 0x72, 0xc0, 0x29, 0xda, 0x41, 0x2e };
  g_autoptr (GBytes) expected
      = from_hex ("000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b90000"
                  "0015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f726700"
                  "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666");
  g_autoptr (GByteArray) request = snug_stun_message_new (SNUG_STUN_BINDING, id);
  gsize size;
  gconstpointer data = g_bytes_get_data (expected, &size);

  snug_stun_message_add_credential (request, "\343\203\236\343\203\210\343\203\252\343\203\203\343\202\257\343\202\271",
                                    "TheMatrIX", "example.org", "f//499k954d6OL34oL9FSTvy64sA");
  g_assert_cmpmem (request->data, request->len, data, size);
}

static void
test_round_trip (void)
{
  g_autoptr (GByteArray) bytes = snug_stun_message_new (SNUG_STUN_DATA_INDICATION, transaction);
  const SnugStunAddress address = { .family = 6, .bytes = { 0x20, 0x01, 0x0d, 0xb8, 1 }, .port = 49152 };
  g_auto (SnugStunMessage) message = { 0 };

  snug_stun_message_add_address (bytes, SNUG_STUN_PEER_ADDRESS, &address);
  snug_stun_message_add (bytes, SNUG_STUN_DATA, "hello", 5);
  g_assert_true (snug_stun_message_parse (bytes->data, bytes->len, &message, NULL));
  g_assert_cmpuint (message.type, ==, SNUG_STUN_DATA_INDICATION);
  g_assert_true (snug_stun_address_equal (&message.peer, &address));
  g_assert_cmpmem (message.data, message.data_size, "hello", 5);
  g_assert_cmpuint (message.mapped.family, ==, 0);
}

/* attributes: hex, behind a header that fits. */
static gboolean
parses (const char *attributes, SnugStunMessage *message)
{
  g_autoptr (GBytes) body = from_hex (attributes);
  g_autoptr (GByteArray) bytes = snug_stun_message_new (SNUG_STUN_ALLOCATE_ERROR, transaction);
  gsize size;
  gconstpointer data = g_bytes_get_data (body, &size);
  g_autoptr (GError) error = NULL;
  gboolean good;

  g_byte_array_append (bytes, data, size);
  bytes->data[2] = size >> 8;
  bytes->data[3] = size & 0xff;
  good = snug_stun_message_parse (bytes->data, bytes->len, message, &error);
  g_assert_true (good == (error == NULL));
  message->data = NULL;
  return good;
}

static void
test_attributes (void)
{
  static const char *const bad[] = {
    "00090004 00000201",             /* an error that is none */
    "00090004 00000464",             /* 4xx, 100 */
    "00090002 0000 0000",            /* too short */
    "00200004 00010000",             /* an address without one */
    "00200008 0003a147 e112a643",    /* of no known family */
    "00200014 0001a147 e112a643 00000000 00000000 00000000", /* IPv4, of the size of IPv6 */
    "00150000",                      /* an empty nonce */
    "00140002 c328 0000",            /* a realm that is not UTF-8 */
    "00130010 00000000",             /* longer than the message */
  };
  g_auto (SnugStunMessage) message = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (SnugStunMessage) refused = { 0 };

      g_test_message ("%s", bad[i]);
      g_assert_false (parses (bad[i], &refused));
    }

  g_assert_true (parses ("00090005 00000426 41000000 0014 0001 61000000 0014 0001 62000000 0015 0001 63000000 7fff 0000",
                         &message));
  g_assert_cmpuint (message.error, ==, 438);
  g_assert_cmpstr (message.realm, ==, "b");
  g_assert_cmpstr (message.nonce, ==, "c");
}

static void
test_size (void)
{
  static const guint8 none[] = { 0x80, 0 }, http[] = "HTTP/1.1 200 OK\r\n",
                      odd[] = { 1, 1, 0, 2, 0x21, 0x12, 0xa4, 0x42 }, huge[] = { 1, 1, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42 },
                      good[] = { 1, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42 };

  g_assert_cmpint (snug_stun_message_get_size (none, sizeof none), ==, -1);
  g_assert_cmpint (snug_stun_message_get_size (http, sizeof http), ==, -1);
  g_assert_cmpint (snug_stun_message_get_size (odd, sizeof odd), ==, -1);
  g_assert_cmpint (snug_stun_message_get_size (huge, sizeof huge), ==, -1);
  g_assert_cmpint (snug_stun_message_get_size (good, 7), ==, 0);
  g_assert_cmpint (snug_stun_message_get_size (NULL, 0), ==, 0);
  g_assert_cmpint (snug_stun_message_get_size (good, sizeof good), ==, 28);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stun-message/responses", test_responses);
  g_test_add_func ("/stun-message/credential", test_credential);
  g_test_add_func ("/stun-message/round-trip", test_round_trip);
  g_test_add_func ("/stun-message/attributes", test_attributes);
  g_test_add_func ("/stun-message/size", test_size);

  return g_test_run ();
}

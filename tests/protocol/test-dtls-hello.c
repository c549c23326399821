/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-dtls-hello.h"

#include "snug-fingerprint.h"

#include <string.h>

/* A ServerHello as OpenSSL 3.0 sends it: DTLS 1.2, ECDHE-RSA, AES-256-GCM, with a session id and three extensions. */
static GByteArray *
make_hello (const guint8 *extensions, gsize n_extensions, gboolean with_extensions)
{
  GByteArray *hello = g_byte_array_new ();
  guint8 body[256] = { 0xFE, 0xFD };
  guint8 record[25] = { 22, 0xFE, 0xFD };
  gsize size = 2 + 32;

  memset (body + 2, 0xAB, 32);
  body[size++] = 32;
  memset (body + size, 0xCD, 32);
  size += 32;
  body[size++] = 0xC0;
  body[size++] = 0x30;
  body[size++] = 0;
  if (with_extensions)
    {
      body[size++] = 0;
      body[size++] = (guint8) n_extensions;
      if (n_extensions > 0)
        memcpy (body + size, extensions, n_extensions);
      size += n_extensions;
    }
  record[11] = (guint8) ((size + 12) >> 8);
  record[12] = (guint8) (size + 12);
  record[13] = 2; /* ServerHello */
  record[15] = record[23] = (guint8) (size >> 8);
  record[16] = record[24] = (guint8) size;
  g_byte_array_append (hello, record, sizeof record);
  g_byte_array_append (hello, body, (guint) size);
  return hello;
}

static void
test_find (void)
{
  static const guint8 some[] = { 0xFF, 0x01, 0, 1, 0, 0, 0x17, 0, 0 };
  static const guint8 newer[] = { 0, 0x17, 0, 0, 0, 43, 0, 2, 0xFE, 0xFC };
  g_autoptr (GByteArray) plain = make_hello (NULL, 0, FALSE);
  g_autoptr (GByteArray) with_some = make_hello (some, sizeof some, TRUE);
  g_autoptr (GByteArray) with_newer = make_hello (newer, sizeof newer, TRUE);
  SnugDtlsHello hello;

  g_assert_true (snug_dtls_hello_find (plain->data, plain->len, &hello));
  g_assert_cmphex (hello.version, ==, 0xFEFD);
  g_assert_cmphex (hello.cipher_suite, ==, 0xC030);
  g_assert_true (snug_dtls_hello_find (with_some->data, with_some->len, &hello));
  g_assert_cmphex (hello.version, ==, 0xFEFD);
  g_assert_true (snug_dtls_hello_find (with_newer->data, with_newer->len, &hello));
  g_assert_cmphex (hello.version, ==, 0xFEFC);
}

static void
test_among_others (void)
{
  static const guint8 alert[] = { 21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0 };
  g_autoptr (GByteArray) hello_bytes = make_hello (NULL, 0, FALSE);
  g_autoptr (GByteArray) datagram = g_byte_array_new ();
  SnugDtlsHello hello;

  g_byte_array_append (datagram, alert, sizeof alert);
  g_assert_false (snug_dtls_hello_find (datagram->data, datagram->len, &hello));
  g_byte_array_append (datagram, hello_bytes->data, hello_bytes->len);
  g_assert_true (snug_dtls_hello_find (datagram->data, datagram->len, &hello));

  /* A later epoch is encrypted; a client's hello is none of ours; the second piece starts elsewhere. */
  hello_bytes->data[4] = 1;
  g_assert_false (snug_dtls_hello_find (hello_bytes->data, hello_bytes->len, &hello));
  hello_bytes->data[4] = 0;
  hello_bytes->data[13] = 1;
  g_assert_false (snug_dtls_hello_find (hello_bytes->data, hello_bytes->len, &hello));
  hello_bytes->data[13] = 2;
  hello_bytes->data[21] = 9;
  g_assert_false (snug_dtls_hello_find (hello_bytes->data, hello_bytes->len, &hello));
}

/* Cut anywhere, and with any one byte changed: nothing is read beyond the end. */
static void
test_broken (void)
{
  static const guint8 newer[] = { 0, 43, 0, 2, 0xFE, 0xFC };
  g_autoptr (GByteArray) whole = make_hello (newer, sizeof newer, TRUE);
  SnugDtlsHello hello;

  for (gsize size = 0; size < whole->len; size++)
    {
      g_autofree guint8 *cut = g_memdup2 (whole->data, size);
      g_assert_false (snug_dtls_hello_find (cut, size, &hello));
    }
  for (gsize i = 0; i < whole->len; i++)
    for (guint value = 0; value < 256; value++)
      {
        g_autofree guint8 *changed = g_memdup2 (whole->data, whole->len);
        changed[i] = (guint8) value;
        snug_dtls_hello_find (changed, whole->len, &hello);
      }
}

static void
test_names (void)
{
  g_assert_cmpstr (snug_dtls_hello_get_version_name (0xFEFD), ==, "DTLS 1.2");
  g_assert_null (snug_dtls_hello_get_version_name (0x0303));
  g_assert_cmpstr (snug_dtls_hello_get_cipher_name (0xC030), ==, "TLS_ECDHE_RSA_AES_256_GCM_SHA384");
  g_assert_null (snug_dtls_hello_get_cipher_name (0xFFFF));
}

static void
test_fingerprint_text (void)
{
  const char *text = "sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:3E:4B:65:2E:7D:46:3F:54:42:CD:54:F1";
  SnugFingerprint fingerprint;
  g_autofree char *again = NULL;

  g_assert_true (snug_fingerprint_parse (text, &fingerprint));
  again = snug_fingerprint_to_string (&fingerprint);
  g_assert_cmpstr (again, ==, text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/dtls-hello/find", test_find);
  g_test_add_func ("/protocol/dtls-hello/among-others", test_among_others);
  g_test_add_func ("/protocol/dtls-hello/broken", test_broken);
  g_test_add_func ("/protocol/dtls-hello/names", test_names);
  g_test_add_func ("/protocol/fingerprint/text", test_fingerprint_text);
  return g_test_run ();
}

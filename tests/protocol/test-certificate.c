/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-certificate.h"

#include <gio/gio.h>

static void
test_fingerprint (void)
{
  g_autoptr (SnugCertificate) certificate = snug_certificate_new ();
  g_autoptr (SnugCertificate) other = snug_certificate_new ();

  g_assert_nonnull (certificate);
  g_assert_nonnull (other);
  g_assert_cmpint (certificate->fingerprint.algorithm, ==, G_CHECKSUM_SHA256);
  g_assert_cmpuint (certificate->fingerprint.size, ==, 32);
  g_assert_true (snug_fingerprint_matches_certificate (&certificate->fingerprint, certificate->pem));
  g_assert_false (snug_fingerprint_matches_certificate (&certificate->fingerprint, other->pem));
}

/* That the key is the certificate's own, and both are still good: what another library says. */
static void
test_usable (void)
{
  g_autoptr (SnugCertificate) made = snug_certificate_new ();
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) begin = NULL;
  g_autoptr (GDateTime) end = NULL;

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("glib-networking is not installed");
      return;
    }

  certificate = g_tls_certificate_new_from_pem (made->pem, -1, &error);
  g_assert_no_error (error);
  begin = g_tls_certificate_get_not_valid_before (certificate);
  end = g_tls_certificate_get_not_valid_after (certificate);
  g_assert_cmpint (g_date_time_compare (begin, now), <, 0);
  g_assert_cmpint (g_date_time_difference (end, now) / G_TIME_SPAN_DAY, >=, 29);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate/fingerprint", test_fingerprint);
  g_test_add_func ("/certificate/usable", test_usable);

  return g_test_run ();
}

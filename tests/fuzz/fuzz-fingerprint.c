/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"

#include "snug-fingerprint.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  SnugFingerprint fingerprint;

  if (snug_fingerprint_parse (text, &fingerprint))
    {
      g_assert_cmpuint (fingerprint.size, <=, SNUG_FINGERPRINT_MAX_BYTES);
      g_assert_cmpuint (fingerprint.size, >=, 32);
      g_assert_true (snug_fingerprint_equal (&fingerprint, &fingerprint));
      g_assert_false (snug_fingerprint_matches_certificate (&fingerprint, text));
    }
  return 0;
}

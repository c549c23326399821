/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"

#include "snug-probe-message.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) again = NULL;
  SnugProbeMessage message, same;
  gsize n;
  const guint8 *bytes;

  if (!snug_probe_message_parse (data, size, &message, &error))
    {
      g_assert_true (error->domain == SNUG_PROTOCOL_ERROR);
      return 0;
    }
  g_assert_no_error (error);
  g_assert_cmpuint (message.number, <, SNUG_PROBE_COUNT_MAX);
  again = snug_probe_message_to_bytes (&message);
  bytes = g_bytes_get_data (again, &n);
  g_assert_cmpuint (n, ==, size);
  g_assert_true (snug_probe_message_parse (bytes, n, &same, NULL));
  g_assert_cmpint (same.kind, ==, message.kind);
  g_assert_cmpuint (same.number, ==, message.number);
  return 0;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines as libnice could write them.
 */
#include "fuzz.h"

#include "snug-ice-pair.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (SnugIcePairs) pairs = snug_ice_pairs_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const SnugIcePair *pair = snug_ice_pairs_read (pairs, lines[i]);
      g_autoptr (SnugIcePair) copy = pair != NULL ? snug_ice_pair_copy (pair) : NULL;

      if (pair == NULL)
        continue;
      g_assert_nonnull (copy->local_address);
      g_assert_nonnull (copy->remote_address);
      g_assert_cmpuint (copy->local_port, <=, G_MAXUINT16);
      g_assert_nonnull (snug_ice_pair_state_to_string (copy->state));
    }
  for (guint i = 0; i < snug_ice_pairs_get_n (pairs); i++)
    g_assert_nonnull (snug_ice_pairs_get (pairs, i)->remote_address);
  return 0;
}

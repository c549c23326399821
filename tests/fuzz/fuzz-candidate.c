/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"

#include "snug-candidate.h"
#include "snug-protocol.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *line = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCandidate) candidate = snug_candidate_parse (line, &error);

  g_assert_true ((candidate == NULL) == (error != NULL));
  if (candidate == NULL)
    return 0;
  g_assert_nonnull (candidate->type);
  g_assert_nonnull (candidate->protocol);
  g_assert_nonnull (candidate->address);
  g_assert_cmpuint (candidate->port, <=, G_MAXUINT16);
  snug_candidate_is_mdns (candidate);
  return 0;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heads, as a server and as a client reads them, and what either makes of them.
 */
#include "fuzz.h"

#include "snug-http-head.h"
#include "snug-upgrade.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *text = (const char *) data;
  gsize end = snug_http_head_find_end (text, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugHttpHead) request = snug_http_head_parse (text, end > 0 ? end : size,
                                                           SNUG_HTTP_REQUEST, &error);
  g_autoptr (SnugHttpHead) response = snug_http_head_parse (text, end > 0 ? end : size,
                                                            SNUG_HTTP_RESPONSE, NULL);

  g_assert_true ((request == NULL) == (error != NULL));
  if (request != NULL)
    {
      gboolean accepted;
      g_autofree char *answer = snug_upgrade_make_response (request, &accepted);

      g_assert_cmpuint (snug_http_head_find_end (answer, strlen (answer)), >, 0);
      g_assert_true (accepted == g_str_has_prefix (answer, "HTTP/1.1 101 "));
    }
  if (response != NULL)
    snug_upgrade_check_response (response, "dGhlIHNhbXBsZSBub25jZQ==", NULL);
  return 0;
}

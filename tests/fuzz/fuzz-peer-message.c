/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is accepted from a peer can be written, and read again as the same.
 */
#include "fuzz.h"

#include "snug-peer-message.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugPeerMessage) message = snug_peer_message_parse ((const char *) data, size, &error);
  g_autoptr (SnugPeerMessage) again = NULL;
  g_autofree char *json = NULL, *json_again = NULL;

  g_assert_true ((message == NULL) == (error != NULL));
  if (message == NULL)
    {
      g_assert_true (error->domain == SNUG_PROTOCOL_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  json = snug_peer_message_to_json (message);
  /* Escaping never makes it too large: what could be said once can be said again. */
  again = snug_peer_message_parse (json, strlen (json), &error);
  g_assert_no_error (error);
  json_again = snug_peer_message_to_json (again);
  g_assert_cmpstr (json, ==, json_again);
  return 0;
}

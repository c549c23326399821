/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is accepted from either side can be written, and read again as the same.
 */
#include "fuzz.h"

#include "snug-message.h"

#include <string.h>

static void
run (const guint8 *data, gsize size, SnugMessageOrigin origin)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugMessage) message = snug_message_parse ((const char *) data, size, origin, &error);
  g_autoptr (SnugMessage) again = NULL;
  g_autofree char *json = NULL, *json_again = NULL;

  g_assert_true ((message == NULL) == (error != NULL));
  if (message == NULL)
    {
      g_assert_true (error->domain == SNUG_PROTOCOL_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  json = snug_message_to_json (message);
  again = snug_message_parse (json, strlen (json), origin, &error);
  g_assert_no_error (error);
  json_again = snug_message_to_json (again);
  g_assert_cmpstr (json, ==, json_again);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  run (data, size, SNUG_MESSAGE_FROM_CLIENT);
  run (data, size, SNUG_MESSAGE_FROM_SERVER);
  return 0;
}

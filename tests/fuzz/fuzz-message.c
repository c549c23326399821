/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is accepted from either side can be written, and read again as the same; a signal is the same however it is
 * read.
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

/* A space behind the text says nothing, and makes it be read the long way. */
static void
run_both_ways (const guint8 *data, gsize size, SnugMessageOrigin origin)
{
  g_autofree char *longer = g_malloc (size + 1);
  g_autoptr (SnugMessage) one = NULL, other = NULL;
  g_autofree char *json = NULL, *other_json = NULL;

  if (size == 0 || size >= SNUG_MESSAGE_MAX_BYTES)
    return;
  memcpy (longer, data, size);
  longer[size] = ' ';
  one = snug_message_parse ((const char *) data, size, origin, NULL);
  other = snug_message_parse (longer, size + 1, origin, NULL);
  g_assert_true ((one == NULL) == (other == NULL));
  if (one == NULL)
    return;
  json = snug_message_to_json (one);
  other_json = snug_message_to_json (other);
  g_assert_cmpstr (json, ==, other_json);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  run (data, size, SNUG_MESSAGE_FROM_CLIENT);
  run (data, size, SNUG_MESSAGE_FROM_SERVER);
  run_both_ways (data, size, SNUG_MESSAGE_FROM_CLIENT);
  run_both_ways (data, size, SNUG_MESSAGE_FROM_SERVER);
  return 0;
}

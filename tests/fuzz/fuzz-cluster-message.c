/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes to a server over its channel in Redis.
 */
#include "fuzz.h"

#include "snug-cluster-message.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (SnugClusterMessage) message = snug_cluster_message_parse ((const char *) data, size);

  if (message == NULL)
    return 0;
  g_assert_cmpuint (strlen (message->who.id), <=, SNUG_PEER_ID_MAX_BYTES);
  g_assert_true (*message->who.node == '\0' || snug_cluster_is_node (message->who.node));
  if (message->kind == SNUG_CLUSTER_SAY)
    {
      g_autofree char *line = snug_cluster_write_say (message->who.node, message->number, message->from, message->who.id,
                                                      message->payload);
      g_autoptr (SnugClusterMessage) again = snug_cluster_message_parse (line, strlen (line));

      g_assert_nonnull (again);
      g_assert_cmpstr (again->payload, ==, message->payload);
    }
  for (guint i = 0; message->entries != NULL && i < message->entries->len; i++)
    g_assert_true (snug_cluster_is_node (g_array_index (message->entries, SnugClusterEntry, i).node));
  return 0;
}

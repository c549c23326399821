/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room-host.h"

#include "snug-server.h"

/* One room of eight, and whoever only tries the door. */
#define MAX_CLIENTS 64
#define MEMORY_LIMIT_MIB 32

typedef struct
{
  GSourceOnceFunc closed;
  gpointer user_data;
} Closing;

gpointer
snug_room_host_open (const char *room_id, guint16 *port, GError **error)
{
  g_autoptr (SnugServer) server = snug_server_new ();
  g_autoptr (SnugServerConfig) config = snug_server_config_new ();

  g_return_val_if_fail (room_id != NULL && port != NULL, NULL);

  config->private_only = TRUE;
  config->only_room = g_strdup (room_id);
  snug_server_set_config (server, config);
  g_object_set (server, "max-clients", MAX_CLIENTS, "max-handshakes", MAX_CLIENTS, "max-rooms", 1, "memory-limit",
                MEMORY_LIMIT_MIB, "drain-time", 0, NULL);
  if (!snug_server_listen (server, NULL, 0, error))
    return NULL;
  *port = snug_server_get_port (server);
  return g_steal_pointer (&server);
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Closing *closing = user_data;

  snug_server_stop_finish (SNUG_SERVER (source), result, NULL);
  if (closing->closed != NULL)
    closing->closed (closing->user_data);
}

void
snug_room_host_close (gpointer host, GSourceOnceFunc closed, gpointer user_data)
{
  g_autoptr (SnugServer) server = host;
  Closing *closing;

  g_return_if_fail (SNUG_IS_SERVER (host));

  closing = g_new0 (Closing, 1);
  closing->closed = closed;
  closing->user_data = user_data;
  /* The operation keeps the server alive until everybody has been told. */
  snug_server_stop_async (server, on_stopped, closing);
}

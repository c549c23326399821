/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-server-drain.h"

#include "snug-server-frames.h"

#define INTERVAL_MILLISECONDS 50
#define GROUP_MIN 50

struct _SnugServerDrain
{
  GPtrArray *clients; /* SnugServerClient: who is still to be told */
  guint group;
  guint timer;
  SnugServerDrainFunc all_told;
  gpointer data;
};

static void
send_away (SnugServerClient *client)
{
  g_autoptr (SnugMessage) message
    = snug_message_new_error (SNUG_PROTOCOL_ERROR_SHUTTING_DOWN, "The server is shutting down");

  snug_server_client_send (client, message);
  snug_server_client_close (client, SNUG_CLOSE_GOING_AWAY, "shutting-down");
}

static void
send_group_away (SnugServerDrain *self)
{
  for (guint i = 0; i < self->group && self->clients->len > 0; i++)
    {
      SnugServerClient *client = g_ptr_array_steal_index_fast (self->clients, self->clients->len - 1);

      send_away (client);
      snug_server_client_unref (client);
    }
}

static gboolean
on_timer (gpointer data)
{
  SnugServerDrain *self = data;

  send_group_away (self);
  if (self->clients->len > 0)
    return G_SOURCE_CONTINUE;
  self->timer = 0;
  self->all_told (self->data);
  return G_SOURCE_REMOVE;
}

SnugServerDrain *
snug_server_drain_new (GPtrArray *clients, guint seconds, SnugServerDrainFunc all_told, gpointer data)
{
  SnugServerDrain *self = g_new0 (SnugServerDrain, 1);

  self->clients = clients;
  self->group = MAX (GROUP_MIN, clients->len / MAX (seconds * 1000 / INTERVAL_MILLISECONDS, 1) + 1);
  self->all_told = all_told;
  self->data = data;
  send_group_away (self);
  /* Who has nobody left to tell need not wait. */
  self->timer = g_timeout_add (self->clients->len > 0 ? INTERVAL_MILLISECONDS : 0, on_timer, self);
  return self;
}

void
snug_server_drain_free (SnugServerDrain *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_ptr_array_unref (self->clients);
  g_free (self);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-server-rooms.h"

#include <string.h>

#include "snug-server-frames.h"
#include "snug-server-shared.h"

struct _SnugServerRooms
{
  SnugRoomTable *table;
  SnugServerShared *shared; /* NULL: they are this server's alone */
  SnugServerLimits *limits;
  SnugServerConfig *config;
  guint expire_timer; /* while anybody is away */
  /* Borrowed. */
  GHashTable *clients;
  SnugServerMetrics *metrics;
};

/* deliveries: (transfer full). Sending tells nothing, so the rooms stand still meanwhile. */
static void
deliver (SnugServerRooms *self, GPtrArray *deliveries)
{
  for (guint i = 0; i < deliveries->len; i++)
    {
      SnugDelivery *delivery = g_ptr_array_index (deliveries, i);
      SnugServerClient *client = delivery->node == NULL ? g_hash_table_lookup (self->clients, delivery->to) : NULL;

      if (delivery->node != NULL && self->shared != NULL)
        snug_cluster_say (snug_server_shared_get_cluster (self->shared), delivery->node, delivery->to, delivery->message,
                          g_get_monotonic_time ());
      if (client != NULL)
        snug_server_client_send (client, delivery->message);
    }
  g_ptr_array_unref (deliveries);
}

/* The rooms have changed by what clients do. */
static void
tell_cluster (SnugServerRooms *self)
{
  if (self->shared != NULL)
    snug_cluster_update (snug_server_shared_get_cluster (self->shared));
}

static gboolean
on_expire_timer (gpointer data)
{
  SnugServerRooms *self = data;

  deliver (self, snug_room_table_expire (self->table, g_get_monotonic_time ()));
  tell_cluster (self);
  if (snug_room_table_get_n_away (self->table) > 0)
    return G_SOURCE_CONTINUE;
  self->expire_timer = 0;
  return G_SOURCE_REMOVE;
}

/* A member has come back over another connection before this one was known to be lost. */
static void
close_replaced (SnugServerRooms *self)
{
  g_autofree char *id = snug_room_table_take_replaced (self->table);
  SnugServerClient *client = id != NULL ? g_hash_table_lookup (self->clients, id) : NULL;

  if (client != NULL)
    snug_server_client_close (client, SNUG_CLOSE_NORMAL, "replaced");
}

/* Why the client may not join that room now; 0: it may. */
static SnugProtocolError
check_join (SnugServerRooms *self, SnugServerClient *client, const char *room)
{
  if (!snug_visitor_may_join (snug_server_client_get_visitor (client), g_get_monotonic_time ()))
    return SNUG_PROTOCOL_ERROR_RATE_LIMITED;
  if (!snug_server_client_may_join (client, room)
      || (self->config->only_room != NULL && strcmp (self->config->only_room, room) != 0))
    return SNUG_PROTOCOL_ERROR_NOT_ALLOWED;
  if (snug_room_table_get_n_rooms (self->table) >= self->limits->max_rooms
      && !snug_room_table_has_room (self->table, room))
    return SNUG_PROTOCOL_ERROR_RATE_LIMITED;
  return 0;
}

static void
refuse_join (SnugServerRooms *self, SnugServerClient *client, SnugProtocolError code)
{
  const char *text = code == SNUG_PROTOCOL_ERROR_NOT_ALLOWED ? "Not this room" : "Too many joins: try again later";
  g_autoptr (SnugMessage) error = snug_message_new_error (code, text);

  snug_server_client_send (client, error);
  if (code == SNUG_PROTOCOL_ERROR_RATE_LIMITED)
    snug_server_client_close (client, SNUG_CLOSE_POLICY, snug_protocol_error_to_string (code));
}

/* A password for the relay is for one stay. */
static void
renew_ice_servers (SnugServerRooms *self, const char *id)
{
  gsize n;
  SnugIceServer *servers
    = snug_server_config_make_ice_servers (self->config, id, g_get_real_time () / G_USEC_PER_SEC, &n);

  snug_room_table_set_ice_servers (self->table, servers, n);
  snug_ice_servers_free (servers, n);
}

static void
end_join (SnugServerRooms *self, SnugServerClient *client, SnugProtocolError code)
{
  if (code == 0 && snug_room_table_is_member (self->table, snug_server_client_get_id (client)))
    {
      self->metrics->n_joins++;
      snug_visitor_tell_join (snug_server_client_get_visitor (client), FALSE, 0);
      return;
    }
  snug_server_metrics_count_refusal (self->metrics, code != 0 ? snug_protocol_error_to_string (code) : "join");
  snug_visitor_tell_join (snug_server_client_get_visitor (client), TRUE, g_get_monotonic_time ());
  if (code != 0)
    refuse_join (self, client, code);
}

static void
enter_room (SnugServerRooms *self, SnugServerClient *client, SnugMessage *message)
{
  const char *id = snug_server_client_get_id (client);

  renew_ice_servers (self, id);
  deliver (self, snug_room_table_handle (self->table, id, message));
  end_join (self, client, 0);
}

static void
join (SnugServerRooms *self, SnugServerClient *client, SnugMessage *message)
{
  SnugProtocolError code = check_join (self, client, snug_message_get_room_id (message));

  if (code != 0)
    end_join (self, client, code);
  else if (self->shared == NULL
           || !snug_cluster_join (snug_server_shared_get_cluster (self->shared), snug_server_client_get_id (client), message))
    enter_room (self, client, message);
}

/* After what the client did, or what came of it. */
static void
note_membership (SnugServerRooms *self, SnugServerClient *client, gboolean was_member, SnugMessage *message)
{
  const char *id = snug_server_client_get_id (client);
  gboolean is_member = snug_room_table_is_member (self->table, id);

  tell_cluster (self);
  close_replaced (self);
  if (is_member != was_member)
    {
      g_info ("event=%s client=%.8s rooms=%u",
              is_member ? "joined" : "left", id, snug_room_table_get_n_rooms (self->table));
      if (is_member)
        g_debug ("event=room client=%.8s room=%s", id, snug_message_get_room_id (message));
      snug_server_client_set_joined (client, is_member);
    }
  /* A connection is for one stay. */
  if (was_member && !is_member)
    snug_server_client_close (client, SNUG_CLOSE_NORMAL, "left");
}

/* It has asked for a room, and Redis has not answered. FALSE: it is as with any other. */
static gboolean
handle_waiting (SnugServerRooms *self, SnugServerClient *client, SnugMessage *message)
{
  const char *id = snug_server_client_get_id (client);
  g_autoptr (SnugMessage) error = NULL;

  if (self->shared == NULL || !snug_cluster_is_joining (snug_server_shared_get_cluster (self->shared), id))
    return FALSE;
  if (snug_message_get_kind (message) == SNUG_MESSAGE_JOIN)
    {
      error = snug_message_new_error (SNUG_PROTOCOL_ERROR_ALREADY_JOINED, "Joining already");
      snug_server_client_send (client, error);
      return TRUE;
    }
  if (snug_message_get_kind (message) != SNUG_MESSAGE_LEAVE)
    return FALSE;
  snug_cluster_cancel (snug_server_shared_get_cluster (self->shared), id);
  snug_server_client_close (client, SNUG_CLOSE_NORMAL, "left");
  return TRUE;
}

void
snug_server_rooms_handle (SnugServerRooms *self, SnugServerClient *client, SnugMessage *message)
{
  const char *id = snug_server_client_get_id (client);
  gboolean was_member = snug_room_table_is_member (self->table, id);

  if (!was_member && handle_waiting (self, client, message))
    return;
  if (snug_message_get_kind (message) == SNUG_MESSAGE_JOIN && !was_member)
    join (self, client, message);
  else
    deliver (self, snug_room_table_handle (self->table, id, message));
  note_membership (self, client, was_member, message);
}

static void
on_deliver (GPtrArray *deliveries, gpointer data)
{
  deliver (data, deliveries);
}

static void
on_admit (const char *connection, SnugMessage *message, gpointer data)
{
  SnugServerRooms *self = data;
  SnugServerClient *client = g_hash_table_lookup (self->clients, connection);

  if (client == NULL)
    return;
  snug_server_client_ref (client);
  enter_room (self, client, message);
  note_membership (self, client, FALSE, message);
  snug_server_client_unref (client);
}

static void
on_refuse (const char *connection, gpointer data)
{
  SnugServerRooms *self = data;
  SnugServerClient *client = g_hash_table_lookup (self->clients, connection);
  g_autoptr (SnugMessage) error = snug_message_new_error (SNUG_PROTOCOL_ERROR_ROOM_FULL, "The room is full");

  if (client == NULL)
    return;
  snug_server_client_send (client, error);
  end_join (self, client, 0);
}

static void
on_replaced (const char *connection, gpointer data)
{
  SnugServerRooms *self = data;
  SnugServerClient *client = g_hash_table_lookup (self->clients, connection);

  if (client != NULL)
    snug_server_client_close (client, SNUG_CLOSE_NORMAL, "replaced");
}

SnugServerRooms *
snug_server_rooms_new (GHashTable *clients, SnugServerMetrics *metrics, SnugServerLimits *limits, SnugServerConfig *config)
{
  SnugServerRooms *self = g_new0 (SnugServerRooms, 1);

  self->table = snug_room_table_new ();
  self->limits = snug_server_limits_ref (limits);
  self->config = snug_server_config_ref (config);
  self->clients = clients;
  self->metrics = metrics;
  snug_room_table_set_room_size (self->table, limits->room_size);
  return self;
}

void
snug_server_rooms_free (SnugServerRooms *self)
{
  snug_server_rooms_leave_shared (self);
  snug_room_table_free (self->table);
  snug_server_config_unref (self->config);
  snug_server_limits_unref (self->limits);
  g_free (self);
}

void
snug_server_rooms_set_limits (SnugServerRooms *self, SnugServerLimits *limits)
{
  SnugServerLimits *before = self->limits;

  self->limits = snug_server_limits_ref (limits);
  snug_server_limits_unref (before);
  snug_room_table_set_room_size (self->table, limits->room_size);
}

void
snug_server_rooms_set_config (SnugServerRooms *self, SnugServerConfig *config)
{
  SnugServerConfig *before = self->config;

  self->config = snug_server_config_ref (config);
  snug_server_config_unref (before);
}

void
snug_server_rooms_share (SnugServerRooms *self, SnugServerLoop *loop, const SnugRedisAddress *address)
{
  static const SnugServerSharedFuncs funcs = { on_deliver, on_admit, on_refuse, on_replaced };

  g_return_if_fail (self->shared == NULL);

  self->shared = snug_server_shared_new (loop, self->table, address, &funcs, self);
}

/* What is kept for those who are away is kept no longer, either. */
void
snug_server_rooms_leave_shared (SnugServerRooms *self)
{
  g_clear_handle_id (&self->expire_timer, g_source_remove);
  g_clear_pointer (&self->shared, snug_server_shared_free);
}

void
snug_server_rooms_lose (SnugServerRooms *self, const char *id, gboolean has_left)
{
  if (self->shared != NULL)
    snug_cluster_cancel (snug_server_shared_get_cluster (self->shared), id);
  if (has_left)
    deliver (self, snug_room_table_lose (self->table, id, g_get_monotonic_time ()));
  else
    {
      GPtrArray *departures;

      g_ptr_array_unref (snug_room_table_remove (self->table, id));
      departures = snug_room_table_take_departures (self->table);
      g_clear_pointer (&departures, g_ptr_array_unref);
    }
  tell_cluster (self);
  if (self->expire_timer == 0 && snug_room_table_get_n_away (self->table) > 0)
    self->expire_timer = g_timeout_add_seconds (1, on_expire_timer, self);
}

guint
snug_server_rooms_get_n_rooms (SnugServerRooms *self)
{
  return snug_room_table_get_n_rooms (self->table);
}

guint
snug_server_rooms_get_n_away (SnugServerRooms *self)
{
  return snug_room_table_get_n_away (self->table);
}

gboolean
snug_server_rooms_get_cluster_figures (SnugServerRooms *self, SnugClusterFigures *figures)
{
  if (self->shared == NULL)
    return FALSE;
  snug_cluster_get_figures (snug_server_shared_get_cluster (self->shared), figures);
  return TRUE;
}

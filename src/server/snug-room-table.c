/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room-table.h"

#include "snug-ice-server.h"

struct _SnugRoomTable
{
  guint room_size;
  SnugIceServer *ice_servers;
  gsize n_ice_servers;
  GHashTable *rooms;   /* name (owned by the room) -> SnugRoom */
  GHashTable *members; /* client id -> SnugRoom (borrowed) */
};

SnugRoomTable *
snug_room_table_new (void)
{
  SnugRoomTable *self = g_new0 (SnugRoomTable, 1);

  self->room_size = SNUG_ROOM_SIZE_DEFAULT;
  self->rooms
    = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) snug_room_free);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
snug_room_table_free (SnugRoomTable *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->members);
  g_hash_table_unref (self->rooms);
  snug_ice_servers_free (self->ice_servers, self->n_ice_servers);
  g_free (self);
}

void
snug_room_table_set_room_size (SnugRoomTable *self, guint room_size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (room_size > 0 && room_size <= SNUG_ROOM_SIZE_MAX);

  self->room_size = room_size;
}

guint
snug_room_table_get_room_size (SnugRoomTable *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->room_size;
}

void
snug_room_table_set_ice_servers (SnugRoomTable *self, const SnugIceServer *servers, gsize n_servers)
{
  SnugIceServer *copy;

  g_return_if_fail (self != NULL);
  g_return_if_fail (n_servers <= SNUG_ICE_SERVERS_MAX);

  copy = snug_ice_servers_copy (servers, n_servers);
  snug_ice_servers_free (self->ice_servers, self->n_ice_servers);
  self->ice_servers = copy;
  self->n_ice_servers = n_servers;
}

guint
snug_room_table_get_n_rooms (SnugRoomTable *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return g_hash_table_size (self->rooms);
}

gboolean
snug_room_table_is_member (SnugRoomTable *self, const char *id)
{
  g_return_val_if_fail (self != NULL && id != NULL, FALSE);
  return g_hash_table_contains (self->members, id);
}

static GPtrArray *
answer_error (const char *id, SnugProtocolError code, const char *text)
{
  GPtrArray *deliveries = snug_delivery_list_new ();

  snug_delivery_add (deliveries, id, snug_message_new_error (code, text));
  return deliveries;
}

static GPtrArray *
join (SnugRoomTable *self, const char *id, SnugMessage *message)
{
  SnugRoom *room;
  GPtrArray *deliveries;
  gboolean joined = FALSE;

  if (g_hash_table_contains (self->members, id))
    return answer_error (id, SNUG_PROTOCOL_ERROR_ALREADY_JOINED, "Already in a room");

  room = g_hash_table_lookup (self->rooms, snug_message_get_room (message));
  if (room == NULL)
    {
      room = snug_room_new (snug_message_get_room (message), self->room_size);
      g_hash_table_insert (self->rooms, (char *) snug_room_get_name (room), room);
    }
  deliveries = snug_room_join (room,
                               id,
                               snug_message_get_name (message),
                               self->ice_servers,
                               self->n_ice_servers,
                               &joined);
  if (joined)
    g_hash_table_insert (self->members, g_strdup (id), room);
  return deliveries;
}

/**
 * snug_room_table_remove:
 * @self: the rooms
 * @id: a client that is gone, member or not
 *
 * A room is gone with its last member.
 *
 * Returns: (transfer full) (element-type SnugDelivery): what to send now, in order
 */
GPtrArray *
snug_room_table_remove (SnugRoomTable *self, const char *id)
{
  SnugRoom *room;
  GPtrArray *deliveries;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  room = g_hash_table_lookup (self->members, id);
  if (room == NULL)
    return snug_delivery_list_new ();
  deliveries = snug_room_leave (room, id);
  g_hash_table_remove (self->members, id);
  if (snug_room_get_n_members (room) == 0)
    g_hash_table_remove (self->rooms, snug_room_get_name (room));
  return deliveries;
}

/**
 * snug_room_table_handle:
 * @self: the rooms
 * @id: the client that speaks
 * @message: a message that a client may send
 *
 * Returns: (transfer full) (element-type SnugDelivery): what to send now, in order
 */
GPtrArray *
snug_room_table_handle (SnugRoomTable *self, const char *id, SnugMessage *message)
{
  SnugRoom *room;

  g_return_val_if_fail (self != NULL && id != NULL && message != NULL, NULL);

  room = g_hash_table_lookup (self->members, id);
  switch (snug_message_get_kind (message))
    {
    case SNUG_MESSAGE_JOIN:
      return join (self, id, message);

    case SNUG_MESSAGE_SIGNAL:
      if (room == NULL)
        break;
      return snug_room_relay (room,
                              id,
                              snug_message_get_peer_id (message),
                              snug_message_get_payload (message));

    case SNUG_MESSAGE_LEAVE:
      if (room == NULL)
        break;
      return snug_room_table_remove (self, id);

    case SNUG_MESSAGE_JOINED:
    case SNUG_MESSAGE_PEER_JOINED:
    case SNUG_MESSAGE_PEER_LEFT:
    case SNUG_MESSAGE_ERROR:
    default:
      g_return_val_if_reached (snug_delivery_list_new ());
    }
  return answer_error (id, SNUG_PROTOCOL_ERROR_NOT_JOINED, "Join a room first");
}

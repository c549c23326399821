/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room-table.h"

#include "snug-ice-server.h"

#include <string.h>

struct _SnugRoomTable
{
  guint room_size;
  SnugIceServer *ice_servers;
  gsize n_ice_servers;
  GHashTable *rooms;       /* id (owned by the room) -> SnugRoom */
  GHashTable *connections; /* id (owned by the member) -> Member, borrowed */
  GHashTable *members;     /* id (owned by the member) -> Member: here or away */
  GQueue away;             /* Member, borrowed; who went first is first */
  gsize missed_bytes;
  char *replaced; /* nullable */
  gboolean shared;
  gboolean apart;
  GPtrArray *departures; /* SnugDeparture; NULL: none */
};

typedef struct
{
  char *id;         /* to the others */
  char *connection; /* NULL: away */
  SnugRoom *room;   /* borrowed */
  gboolean returns; /* has a token */
  gint64 away_since;
} Member;

static void
member_free (gpointer data)
{
  Member *member = data;

  g_free (member->id);
  g_free (member->connection);
  g_free (member);
}

SnugRoomTable *
snug_room_table_new (void)
{
  SnugRoomTable *self = g_new0 (SnugRoomTable, 1);

  self->room_size = SNUG_ROOM_SIZE_DEFAULT;
  self->rooms
    = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) snug_room_free);
  self->connections = g_hash_table_new (g_str_hash, g_str_equal);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, member_free);
  g_queue_init (&self->away);
  return self;
}

void
snug_room_table_free (SnugRoomTable *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear (&self->away);
  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->members);
  g_hash_table_unref (self->rooms);
  g_free (self->replaced);
  g_clear_pointer (&self->departures, g_ptr_array_unref);
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
snug_room_table_has_room (SnugRoomTable *self, const char *room_id)
{
  g_return_val_if_fail (self != NULL && room_id != NULL, FALSE);
  return g_hash_table_contains (self->rooms, room_id);
}

gboolean
snug_room_table_is_member (SnugRoomTable *self, const char *id)
{
  g_return_val_if_fail (self != NULL && id != NULL, FALSE);
  return g_hash_table_contains (self->connections, id);
}

static GPtrArray *
answer_error (const char *id, SnugProtocolError code, const char *text)
{
  GPtrArray *deliveries = snug_delivery_list_new ();

  snug_delivery_add (deliveries, id, snug_message_new_error (code, text));
  return deliveries;
}

/* From ids of members to those of their connections: the rooms know nothing of connections, and speak to nobody who has none.
 * deliveries: (transfer full). */
static GPtrArray *
address (SnugRoomTable *self, GPtrArray *deliveries)
{
  for (guint i = 0; i < deliveries->len; i++)
    {
      SnugDelivery *delivery = g_ptr_array_index (deliveries, i);
      Member *member = delivery->node == NULL ? g_hash_table_lookup (self->members, delivery->to) : NULL;

      if (member != NULL && member->connection != NULL)
        {
          g_free (delivery->to);
          delivery->to = g_strdup (member->connection);
        }
    }
  return deliveries;
}

static void
set_connection (SnugRoomTable *self, Member *member, const char *connection)
{
  if (member->connection != NULL)
    g_hash_table_remove (self->connections, member->connection);
  else
    g_queue_remove (&self->away, member);
  g_free (member->connection);
  member->connection = g_strdup (connection);
  if (connection != NULL)
    g_hash_table_insert (self->connections, member->connection, member);
  else
    g_queue_push_tail (&self->away, member);
}

void
snug_departure_free (SnugDeparture *self)
{
  g_free (self->room);
  g_free (self->id);
  g_free (self);
}

static void
note_departure (SnugRoomTable *self, const Member *member, gboolean lost)
{
  SnugDeparture *departure;

  if (!self->shared)
    return;
  departure = g_new0 (SnugDeparture, 1);
  departure->room = g_strdup (snug_room_get_id (member->room));
  departure->id = g_strdup (member->id);
  departure->lost = lost;
  if (self->departures == NULL)
    self->departures = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_departure_free);
  g_ptr_array_add (self->departures, departure);
}

/* A room is gone with the last member that is here. */
static GPtrArray *
forget_member (SnugRoomTable *self, Member *member, gboolean lost)
{
  SnugRoom *room = member->room;
  GPtrArray *deliveries = address (self, snug_room_leave (room, member->id, lost));

  if (member->connection != NULL)
    g_hash_table_remove (self->connections, member->connection);
  else
    g_queue_remove (&self->away, member);
  g_hash_table_remove (self->members, member->id);
  if (snug_room_get_n_here (room) == 0)
    g_hash_table_remove (self->rooms, snug_room_get_id (room));
  return deliveries;
}

static GPtrArray *
remove_member (SnugRoomTable *self, Member *member, gboolean lost)
{
  note_departure (self, member, lost);
  return forget_member (self, member, lost);
}

static SnugRoom *
ensure_room (SnugRoomTable *self, const char *room_id)
{
  SnugRoom *room = g_hash_table_lookup (self->rooms, room_id);

  if (room == NULL)
    {
      room = snug_room_new (room_id, self->room_size, &self->missed_bytes);
      g_hash_table_insert (self->rooms, (char *) snug_room_get_id (room), room);
    }
  return room;
}

static GPtrArray *
join_anew (SnugRoomTable *self, const char *id, const char *connection, SnugMessage *message)
{
  SnugRoom *room = ensure_room (self, snug_message_get_room_id (message));
  gboolean joined = FALSE;
  GPtrArray *deliveries;
  Member *member;

  snug_room_set_apart (room, self->apart);
  deliveries = snug_room_join (room, id, self->ice_servers, self->n_ice_servers, &joined);

  if (!joined)
    {
      /* The one thing that is said to somebody who is no member. */
      for (guint i = 0; i < deliveries->len; i++)
        {
          SnugDelivery *delivery = g_ptr_array_index (deliveries, i);

          g_free (delivery->to);
          delivery->to = g_strdup (connection);
        }
      return deliveries;
    }

  member = g_new0 (Member, 1);
  member->id = g_strdup (id);
  member->connection = g_strdup (connection);
  member->room = room;
  member->returns = snug_message_get_resume_token (message) != NULL;
  g_hash_table_insert (self->members, member->id, member);
  g_hash_table_insert (self->connections, member->connection, member);
  return address (self, deliveries);
}

char *
snug_room_table_make_id (const char *connection, SnugMessage *message)
{
  const char *token = snug_message_get_resume_token (message);

  return token != NULL ? snug_protocol_id_of_token (token) : g_strdup (connection);
}

/* Whoever has the token is the member, wherever it speaks from. */
static GPtrArray *
join (SnugRoomTable *self, const char *connection, SnugMessage *message)
{
  g_autofree char *id = snug_room_table_make_id (connection, message);
  Member *member;
  GPtrArray *deliveries, *others;

  if (g_hash_table_contains (self->connections, connection))
    return answer_error (connection, SNUG_PROTOCOL_ERROR_ALREADY_JOINED, "Already in a room");

  member = g_hash_table_lookup (self->members, id);
  if (member == NULL)
    return join_anew (self, id, connection, message);

  g_free (self->replaced);
  self->replaced = g_strdup (member->connection);
  if (g_strcmp0 (snug_room_get_id (member->room), snug_message_get_room_id (message)) == 0)
    {
      set_connection (self, member, connection);
      return address (self, snug_room_resume (member->room, id, self->ice_servers, self->n_ice_servers));
    }

  /* It has gone to another room. */
  deliveries = remove_member (self, member, FALSE);
  others = join_anew (self, id, connection, message);
  g_ptr_array_extend_and_steal (deliveries, others);
  return deliveries;
}

GPtrArray *
snug_room_table_remove (SnugRoomTable *self, const char *id)
{
  Member *member;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  member = g_hash_table_lookup (self->connections, id);
  return member != NULL ? remove_member (self, member, FALSE) : snug_delivery_list_new ();
}

GPtrArray *
snug_room_table_lose (SnugRoomTable *self, const char *id, gint64 now)
{
  Member *member;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  member = g_hash_table_lookup (self->connections, id);
  if (member == NULL)
    return snug_delivery_list_new ();
  if (!member->returns)
    return remove_member (self, member, FALSE);

  set_connection (self, member, NULL);
  member->away_since = now;
  snug_room_set_away (member->room, member->id);
  return snug_delivery_list_new ();
}

GPtrArray *
snug_room_table_expire (SnugRoomTable *self, gint64 now)
{
  GPtrArray *deliveries = snug_delivery_list_new ();
  Member *member;

  g_return_val_if_fail (self != NULL, NULL);

  while ((member = g_queue_peek_head (&self->away)) != NULL
         && now - member->away_since >= SNUG_RESUME_SECONDS * G_USEC_PER_SEC)
    g_ptr_array_extend_and_steal (deliveries, remove_member (self, member, TRUE));
  return deliveries;
}

guint
snug_room_table_get_n_away (SnugRoomTable *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return g_queue_get_length (&self->away);
}

char *
snug_room_table_take_replaced (SnugRoomTable *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_steal_pointer (&self->replaced);
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
  Member *member;

  g_return_val_if_fail (self != NULL && id != NULL && message != NULL, NULL);

  member = g_hash_table_lookup (self->connections, id);
  switch (snug_message_get_kind (message))
    {
    case SNUG_MESSAGE_JOIN:
      return join (self, id, message);

    case SNUG_MESSAGE_SIGNAL:
      if (member == NULL)
        break;
      return address (self, snug_room_relay (member->room,
                                             member->id,
                                             snug_message_get_peer_id (message),
                                             snug_message_get_payload (message)));

    case SNUG_MESSAGE_LEAVE:
      if (member == NULL)
        break;
      return remove_member (self, member, FALSE);

    case SNUG_MESSAGE_JOINED:
    case SNUG_MESSAGE_PEER_JOINED:
    case SNUG_MESSAGE_PEER_LEFT:
    case SNUG_MESSAGE_ERROR:
    default:
      g_return_val_if_reached (snug_delivery_list_new ());
    }
  return answer_error (id, SNUG_PROTOCOL_ERROR_NOT_JOINED, "Join a room first");
}

void
snug_room_table_set_shared (SnugRoomTable *self, gboolean shared)
{
  g_return_if_fail (self != NULL);
  self->shared = shared;
}

GPtrArray *
snug_room_table_take_departures (SnugRoomTable *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_steal_pointer (&self->departures);
}

void
snug_room_table_set_apart (SnugRoomTable *self, gboolean apart)
{
  g_return_if_fail (self != NULL);
  self->apart = apart;
}

gboolean
snug_room_table_is_here (SnugRoomTable *self, const char *room, const char *id)
{
  Member *member = g_hash_table_lookup (self->members, id);

  return member != NULL && (room == NULL || strcmp (snug_room_get_id (member->room), room) == 0);
}

GStrv
snug_room_table_list_rooms (SnugRoomTable *self)
{
  GStrv ids = g_new0 (char *, g_hash_table_size (self->rooms) + 1);
  GHashTableIter iter;
  gpointer id;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    ids[n++] = g_strdup (id);
  return ids;
}

SnugRoom *
snug_room_table_get_room (SnugRoomTable *self, const char *room_id, gboolean make)
{
  return make ? ensure_room (self, room_id) : g_hash_table_lookup (self->rooms, room_id);
}

void
snug_room_table_drop_empty (SnugRoomTable *self, const char *room_id)
{
  SnugRoom *room = g_hash_table_lookup (self->rooms, room_id);

  if (room != NULL && snug_room_get_n_here (room) == 0)
    g_hash_table_remove (self->rooms, room_id);
}

GPtrArray *
snug_room_table_address (SnugRoomTable *self, GPtrArray *deliveries)
{
  return address (self, deliveries);
}

GPtrArray *
snug_room_table_relay_in (SnugRoomTable *self,
                          const char *node,
                          const char *from,
                          const char *to,
                          const char *payload,
                          gboolean *taken)
{
  Member *member = g_hash_table_lookup (self->members, to);

  *taken = FALSE;
  return member != NULL ? address (self, snug_room_relay_in (member->room, node, from, to, payload, taken))
                        : snug_delivery_list_new ();
}

GPtrArray *
snug_room_table_give_away (SnugRoomTable *self, const char *room_id, const char *id, char **connection)
{
  Member *member = g_hash_table_lookup (self->members, id);

  *connection = NULL;
  if (member == NULL || strcmp (snug_room_get_id (member->room), room_id) != 0)
    return snug_delivery_list_new ();
  *connection = g_strdup (member->connection);
  return forget_member (self, member, TRUE);
}

GPtrArray *
snug_room_table_tell (SnugRoomTable *self, const char *id, SnugMessage *message)
{
  GPtrArray *deliveries = snug_delivery_list_new ();

  snug_delivery_add (deliveries, id, message);
  return address (self, deliveries);
}

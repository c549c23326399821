/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room-private.h"

#include <string.h>

static void
forget_missed (SnugRoom *self, SnugRoomMember *member)
{
  g_queue_clear_full (&member->missed, (GDestroyNotify) snug_message_unref);
  if (self->missed_bytes != NULL)
    *self->missed_bytes -= member->missed_bytes;
  member->missed_bytes = 0;
}

/* message: (transfer full): a SIGNAL. */
void
snug_room_keep_missed (SnugRoom *self, SnugRoomMember *member, SnugMessage *message)
{
  gsize size = strlen (snug_message_get_payload (message));

  if (self->missed_bytes != NULL && *self->missed_bytes + size > SNUG_ROOMS_MISSED_MAX_BYTES)
    {
      snug_message_unref (message);
      return;
    }
  g_queue_push_tail (&member->missed, message);
  member->missed_bytes += size;
  if (self->missed_bytes != NULL)
    *self->missed_bytes += size;

  while (g_queue_get_length (&member->missed) > SNUG_MISSED_MAX || member->missed_bytes > SNUG_MISSED_MAX_BYTES)
    {
      g_autoptr (SnugMessage) oldest = g_queue_pop_head (&member->missed);

      size = strlen (snug_message_get_payload (oldest));
      member->missed_bytes -= size;
      if (self->missed_bytes != NULL)
        *self->missed_bytes -= size;
    }
}

static void
member_free (gpointer data)
{
  SnugRoomMember *member = data;

  g_assert (g_queue_is_empty (&member->missed));

  g_free (member->id);
  g_free (member->node);
  g_free (member);
}

void
snug_delivery_free (SnugDelivery *self)
{
  g_free (self->to);
  g_free (self->node);
  snug_message_unref (self->message);
  g_free (self);
}

/**
 * snug_delivery_add:
 * @deliveries: (element-type SnugDelivery): where to add one
 * @to: the member it goes to
 * @message: (transfer full): what it gets
 */
void
snug_delivery_add (GPtrArray *deliveries, const char *to, SnugMessage *message)
{
  SnugDelivery *delivery = g_new0 (SnugDelivery, 1);

  delivery->to = g_strdup (to);
  delivery->message = message;
  g_ptr_array_add (deliveries, delivery);
}

/**
 * snug_delivery_list_new:
 *
 * Returns: (transfer full) (element-type SnugDelivery): an empty list that frees what it holds
 */
GPtrArray *
snug_delivery_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) snug_delivery_free);
}

SnugRoomMember *
snug_room_find_member (SnugRoom *self, const char *id, guint *index)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      SnugRoomMember *member = g_ptr_array_index (self->members, i);

      if (strcmp (member->id, id) == 0)
        {
          if (index != NULL)
            *index = i;
          return member;
        }
    }
  return NULL;
}

/* Who else is there. late: who is not here does not count. Returns: (transfer container): ids, NULL-terminated. */
static const char **
list_others (SnugRoom *self, const char *except, gboolean late)
{
  const char **others = g_new0 (const char *, self->members->len + 1);
  guint n_others = 0;

  for (guint i = 0; i < self->members->len; i++)
    {
      SnugRoomMember *other = g_ptr_array_index (self->members, i);

      if (strcmp (other->id, except) != 0 && (other->node == NULL || !late))
        others[n_others++] = other->id;
    }
  return others;
}

/* To those who are there: whoever is away will be told who is there when it is back. message: (transfer full) */
static void
tell_others (SnugRoom *self, GPtrArray *deliveries, const char *except, SnugMessage *message)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      SnugRoomMember *member = g_ptr_array_index (self->members, i);

      if (strcmp (member->id, except) != 0 && !member->away && member->node == NULL)
        snug_delivery_add (deliveries, member->id, snug_message_ref (message));
    }
  snug_message_unref (message);
}

/**
 * snug_room_new:
 * @id: the room's id
 * @size: how many members it may have, 1 to %SNUG_ROOM_SIZE_MAX
 * @missed_bytes: (nullable): counts what all rooms keep, in bytes
 *
 * Returns: (transfer full): an empty room
 */
SnugRoom *
snug_room_new (const char *id, guint size, gsize *missed_bytes)
{
  SnugRoom *self;

  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (size > 0 && size <= SNUG_ROOM_SIZE_MAX, NULL);

  self = g_new0 (SnugRoom, 1);
  self->id = g_strdup (id);
  self->size = size;
  self->missed_bytes = missed_bytes;
  self->members = g_ptr_array_new_with_free_func (member_free);
  return self;
}

void
snug_room_free (SnugRoom *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->members->len; i++)
    forget_missed (self, g_ptr_array_index (self->members, i));
  g_ptr_array_unref (self->members);
  g_free (self->id);
  g_free (self);
}

const char *
snug_room_get_id (SnugRoom *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->id;
}

guint
snug_room_get_n_members (SnugRoom *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->members->len;
}

/**
 * snug_room_join:
 * @self: a room
 * @id: who comes, not yet a member
 * @ice_servers: (array length=n_ice_servers) (nullable): what JOINED tells it
 * @n_ice_servers: how many
 * @joined: (out): whether it is a member now
 *
 * Returns: (transfer full) (element-type SnugDelivery): what to send now, in order
 */
GPtrArray *
snug_room_join (SnugRoom *self,
                const char *id,
                const SnugIceServer *ice_servers,
                gsize n_ice_servers,
                gboolean *joined)
{
  g_autoptr (GPtrArray) deliveries = NULL;
  g_autofree const char **others = NULL;
  SnugRoomMember *member;

  g_return_val_if_fail (self != NULL && id != NULL && joined != NULL, NULL);
  member = snug_room_find_member (self, id, NULL);
  g_return_val_if_fail (member == NULL || member->node != NULL, NULL);

  /* It was at another server before. */
  deliveries = snug_room_part (self, id, NULL, TRUE);
  *joined = self->members->len < self->size;
  if (!*joined)
    {
      snug_delivery_add (deliveries,
                         id,
                         snug_message_new_error (SNUG_PROTOCOL_ERROR_ROOM_FULL,
                                                 "The room is full"));
      return g_steal_pointer (&deliveries);
    }

  others = list_others (self, id, self->apart);
  snug_delivery_add (deliveries,
                     id,
                     snug_message_new_joined (id,
                                              others,
                                              ice_servers,
                                              n_ice_servers));
  tell_others (self, deliveries, id, snug_message_new_peer_joined (id));

  member = g_new0 (SnugRoomMember, 1);
  member->id = g_strdup (id);
  member->late = self->apart;
  self->n_here++;
  g_ptr_array_add (self->members, member);
  return g_steal_pointer (&deliveries);
}

/**
 * snug_room_leave:
 * @self: a room
 * @id: who goes
 * @lost: whether it did not say so itself
 *
 * Returns: (transfer full) (element-type SnugDelivery): what to send now, in order
 */
GPtrArray *
snug_room_leave (SnugRoom *self, const char *id, gboolean lost)
{
  g_autoptr (GPtrArray) deliveries = snug_delivery_list_new ();
  SnugRoomMember *member;
  guint index;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  member = snug_room_find_member (self, id, &index);
  if (member != NULL && member->node == NULL)
    {
      self->n_here--;
      tell_others (self, deliveries, id, lost ? snug_message_new_peer_lost (id) : snug_message_new_peer_left (id));
      forget_missed (self, member);
      g_ptr_array_remove_index (self->members, index);
    }
  return g_steal_pointer (&deliveries);
}

/**
 * snug_room_set_away:
 * @self: a room
 * @id: whose connection is lost
 */
void
snug_room_set_away (SnugRoom *self, const char *id)
{
  SnugRoomMember *member;

  g_return_if_fail (self != NULL && id != NULL);

  member = snug_room_find_member (self, id, NULL);
  if (member != NULL)
    member->away = TRUE;
}

/**
 * snug_room_resume:
 * @self: a room
 * @id: a member, away or not
 * @ice_servers: (array length=n_ice_servers) (nullable): what JOINED tells it
 * @n_ice_servers: how many
 *
 * Returns: (transfer full) (element-type SnugDelivery): what to send now, in order
 */
GPtrArray *
snug_room_resume (SnugRoom *self, const char *id, const SnugIceServer *ice_servers, gsize n_ice_servers)
{
  g_autoptr (GPtrArray) deliveries = snug_delivery_list_new ();
  g_autofree const char **others = NULL;
  SnugRoomMember *member;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);
  member = snug_room_find_member (self, id, NULL);
  g_return_val_if_fail (member != NULL, NULL);

  others = list_others (self, id, member->late);
  snug_delivery_add (deliveries,
                     id,
                     snug_message_new_resumed (id, others, ice_servers, n_ice_servers));
  member->away = FALSE;
  for (GList *link = member->missed.head; link != NULL; link = link->next)
    snug_delivery_add (deliveries, id, snug_message_ref (link->data));
  forget_missed (self, member);
  return g_steal_pointer (&deliveries);
}

/**
 * snug_room_relay:
 * @self: a room
 * @from: the member that speaks
 * @to: whom it speaks to, as it says
 * @payload: what it says, not read here
 *
 * Returns: (transfer full) (element-type SnugDelivery): what to send now, in order
 */
GPtrArray *
snug_room_relay (SnugRoom *self, const char *from, const char *to, const char *payload)
{
  g_autoptr (GPtrArray) deliveries = snug_delivery_list_new ();
  SnugRoomMember *recipient;

  g_return_val_if_fail (self != NULL && from != NULL && to != NULL && payload != NULL, NULL);
  g_return_val_if_fail (snug_room_find_member (self, from, NULL) != NULL, NULL);

  recipient = snug_room_find_member (self, to, NULL);
  if (recipient == NULL || strcmp (from, to) == 0)
    snug_delivery_add (deliveries,
                       from,
                       snug_message_new_error (SNUG_PROTOCOL_ERROR_NO_SUCH_PEER,
                                               "Field \"to\" names nobody else in this room"));
  else if (recipient->node != NULL)
    {
      snug_delivery_add (deliveries, to, snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, from, payload));
      ((SnugDelivery *) g_ptr_array_index (deliveries, 0))->node = g_strdup (recipient->node);
    }
  else if (recipient->away)
    snug_room_keep_missed (self, recipient, snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, from, payload));
  else
    snug_delivery_add (deliveries,
                       to,
                       snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, from, payload));
  return g_steal_pointer (&deliveries);
}

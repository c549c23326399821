/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The members of a room that are at other servers.
 */
#include "snug-room-private.h"

#include <string.h>

guint
snug_room_get_n_here (SnugRoom *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_here;
}

GStrv
snug_room_list_here (SnugRoom *self)
{
  GStrv ids = g_new0 (char *, self->n_here + 1);
  guint n = 0;

  for (guint i = 0; i < self->members->len; i++)
    {
      SnugRoomMember *member = g_ptr_array_index (self->members, i);

      if (member->node == NULL)
        ids[n++] = g_strdup (member->id);
    }
  return ids;
}

void
snug_room_set_order (SnugRoom *self, const char *id, guint64 order)
{
  SnugRoomMember *member = snug_room_find_member (self, id, NULL);

  if (member != NULL)
    member->order = order;
}

void
snug_room_set_apart (SnugRoom *self, gboolean apart)
{
  self->apart = apart;
}

const char *
snug_room_get_node (SnugRoom *self, const char *id)
{
  SnugRoomMember *member = snug_room_find_member (self, id, NULL);

  return member != NULL ? member->node : NULL;
}

/* only_late: those who do not know of those who are known. */
static void
tell_here (SnugRoom *self, GPtrArray *deliveries, const SnugRoomMember *who, gboolean only_late)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      SnugRoomMember *member = g_ptr_array_index (self->members, i);

      if (member->node != NULL || member->away || (only_late && !member->late))
        continue;
      snug_delivery_add (deliveries, member->id,
                         member->order > who->order ? snug_message_new_peer_to_greet (who->id)
                                                    : snug_message_new_peer_joined (who->id));
    }
}

/* index: of one that is elsewhere. */
static void
part (SnugRoom *self, GPtrArray *deliveries, guint index, gboolean lost)
{
  SnugRoomMember *who = g_ptr_array_index (self->members, index);

  for (guint i = 0; i < self->members->len; i++)
    {
      SnugRoomMember *member = g_ptr_array_index (self->members, i);

      if (member->node == NULL && !member->away)
        snug_delivery_add (deliveries, member->id,
                           lost ? snug_message_new_peer_lost (who->id) : snug_message_new_peer_left (who->id));
    }
  g_ptr_array_remove_index (self->members, index);
}

GPtrArray *
snug_room_meet (SnugRoom *self, const SnugClusterEntry *who)
{
  g_autoptr (GPtrArray) deliveries = snug_delivery_list_new ();
  SnugRoomMember *member;
  guint index;

  g_return_val_if_fail (self != NULL && who != NULL, NULL);

  member = snug_room_find_member (self, who->id, &index);
  if (member != NULL && member->node == NULL)
    return g_steal_pointer (&deliveries);
  if (member != NULL && (strcmp (member->node, who->node) != 0 || member->stay != who->stay))
    {
      part (self, deliveries, index, TRUE);
      member = NULL;
    }
  if (member == NULL && self->members->len >= SNUG_ROOM_SIZE_MAX)
    return g_steal_pointer (&deliveries);
  if (member != NULL)
    {
      member->order = who->order;
      tell_here (self, deliveries, member, TRUE);
      return g_steal_pointer (&deliveries);
    }
  member = g_new0 (SnugRoomMember, 1);
  member->id = g_strdup (who->id);
  member->node = g_strdup (who->node);
  member->stay = who->stay;
  member->order = who->order;
  tell_here (self, deliveries, member, FALSE);
  g_ptr_array_add (self->members, member);
  return g_steal_pointer (&deliveries);
}

void
snug_room_end_apart (SnugRoom *self)
{
  for (guint i = 0; i < self->members->len; i++)
    ((SnugRoomMember *) g_ptr_array_index (self->members, i))->late = FALSE;
}

GPtrArray *
snug_room_part (SnugRoom *self, const char *id, const char *node, gboolean lost)
{
  g_autoptr (GPtrArray) deliveries = snug_delivery_list_new ();
  SnugRoomMember *member;
  guint index;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  member = snug_room_find_member (self, id, &index);
  if (member != NULL && member->node != NULL && (node == NULL || strcmp (member->node, node) == 0))
    part (self, deliveries, index, lost);
  return g_steal_pointer (&deliveries);
}

static gboolean
has_entry (GArray *entries, const SnugRoomMember *member)
{
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const SnugClusterEntry *entry = &g_array_index (entries, SnugClusterEntry, i);

      if (strcmp (entry->id, member->id) == 0)
        return TRUE;
    }
  return FALSE;
}

GPtrArray *
snug_room_part_all (SnugRoom *self, const char *node, GArray *except)
{
  g_autoptr (GPtrArray) deliveries = snug_delivery_list_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = self->members->len; i-- > 0;)
    {
      SnugRoomMember *member = g_ptr_array_index (self->members, i);

      if (member->node != NULL && (node == NULL || strcmp (member->node, node) == 0) && !has_entry (except, member))
        part (self, deliveries, i, TRUE);
    }
  return g_steal_pointer (&deliveries);
}

gboolean
snug_room_misses_any (SnugRoom *self, GArray *entries)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      SnugRoomMember *member = g_ptr_array_index (self->members, i);

      if (member->node != NULL && !has_entry (entries, member))
        return TRUE;
    }
  return FALSE;
}

GPtrArray *
snug_room_relay_in (SnugRoom *self,
                    const char *node,
                    const char *from,
                    const char *to,
                    const char *payload,
                    gboolean *taken)
{
  g_autoptr (GPtrArray) deliveries = snug_delivery_list_new ();
  SnugRoomMember *sender, *recipient;

  g_return_val_if_fail (self != NULL && taken != NULL, NULL);

  sender = snug_room_find_member (self, from, NULL);
  recipient = snug_room_find_member (self, to, NULL);
  *taken = sender != NULL && g_strcmp0 (sender->node, node) == 0 && recipient != NULL && recipient->node == NULL;
  if (*taken && recipient->away)
    snug_room_keep_missed (self, recipient, snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, from, payload));
  else if (*taken)
    snug_delivery_add (deliveries, to, snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, from, payload));
  return g_steal_pointer (&deliveries);
}

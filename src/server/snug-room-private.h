/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a room is made of, for snug-room.c (members that are here) and snug-room-remote.c (members at other servers).
 */
#pragma once

#include "snug-room.h"

G_BEGIN_DECLS

typedef struct
{
  char *id;
  guint64 order; /* as Redis counts; 0: not known */
  /* Of one that is here. */
  gboolean away;
  gboolean late; /* not told of who is elsewhere */
  GQueue missed; /* SnugMessage, while it is away */
  gsize missed_bytes;
  /* Of one that is not. */
  char *node; /* NULL: here */
  guint64 stay;
} SnugRoomMember;

struct _SnugRoom
{
  char *id;
  guint size;
  guint n_here;
  gboolean apart;
  GPtrArray *members; /* SnugRoomMember, in the order in which they came */
  gsize *missed_bytes; /* of all rooms */
};

/* index: (out) (nullable): where in the members. */
SnugRoomMember *snug_room_find_member (SnugRoom *self, const char *id, guint *index);
/* For one that is away. message: (transfer full): a SIGNAL. */
void snug_room_keep_missed (SnugRoom *self, SnugRoomMember *member, SnugMessage *message);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cluster.h"

#include <string.h>

#include "snug-cluster-ledger.h"

/* Rooms that Redis is asked about at once, when it is there again. */
#define SYNCS_MAX 64
/* Who left while Redis could not be told, for as long as it may think that we are there. */
#define DEPARTURES_MAX 10000

typedef struct
{
  char *connection;
  SnugMessage *join;
} Joining;

struct _SnugCluster
{
  SnugRoomTable *rooms;
  const SnugClusterFuncs *funcs;
  gpointer data;
  char *node;
  guint64 stay;

  gboolean online;
  gint64 online_since;
  guint64 n_beats;     /* the number of the last one */
  gint64 beat_sent_at; /* that one; 0: none since Redis is there */
  gboolean beat_heard;
  gint64 alive_at; /* when the last was sent that was heard of: the others knew of us then */
  gboolean alone;  /* everybody elsewhere was given up */

  GHashTable *joins;    /* id -> Joining */
  GHashTable *synced;   /* room id, a set: those that Redis has told all of, since it is there */
  GQueue to_sync;       /* room ids, owned */
  guint n_syncing;
  gint64 next_refresh;
  GHashTable *unsettled; /* room id, a set: not all members are known to Redis yet */
  GPtrArray *departures; /* SnugDeparture: Redis has not said that it knows */
  GHashTable *nodes;     /* id, a set: those with members in our rooms, as far as was heard */
  SnugClusterLedger *ledger;
  SnugClusterFigures figures;
};

static void
joining_free (gpointer data)
{
  Joining *joining = data;

  g_free (joining->connection);
  snug_message_unref (joining->join);
  g_free (joining);
}

static void
on_lost (const char *from, const char *to, gpointer data)
{
  SnugCluster *self = data;
  g_autofree char *text = g_strdup_printf ("Nothing is known of a message to %s", to);

  self->figures.n_lost++;
  self->funcs->deliver (snug_room_table_tell (self->rooms, from,
                                              snug_message_new_error (SNUG_PROTOCOL_ERROR_UNREACHABLE, text)),
                        self->data);
}

SnugCluster *
snug_cluster_new (SnugRoomTable *rooms, const SnugClusterFuncs *funcs, gpointer data)
{
  SnugCluster *self = g_new0 (SnugCluster, 1);

  self->rooms = rooms;
  self->funcs = funcs;
  self->data = data;
  self->node = snug_protocol_random_id ();
  self->stay = 1;
  self->joins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, joining_free);
  self->synced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->unsettled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->departures = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_departure_free);
  g_queue_init (&self->to_sync);
  self->ledger = snug_cluster_ledger_new (on_lost, self);
  snug_room_table_set_shared (rooms, TRUE);
  snug_room_table_set_apart (rooms, TRUE);
  return self;
}

void
snug_cluster_free (SnugCluster *self)
{
  g_return_if_fail (self != NULL);

  snug_room_table_set_shared (self->rooms, FALSE);
  snug_cluster_ledger_free (self->ledger);
  g_queue_clear_full (&self->to_sync, g_free);
  g_ptr_array_unref (self->departures);
  g_hash_table_unref (self->joins);
  g_hash_table_unref (self->synced);
  g_hash_table_unref (self->unsettled);
  g_hash_table_unref (self->nodes);
  g_free (self->node);
  g_free (self);
}

const char *
snug_cluster_get_node (SnugCluster *self)
{
  return self->node;
}

void
snug_cluster_get_figures (SnugCluster *self, SnugClusterFigures *figures)
{
  *figures = self->figures;
  figures->online = self->online;
  figures->n_nodes = g_hash_table_size (self->nodes);
}

/* Returns: (transfer full): how every call of the script begins; more is added, and a NULL. room: NULL: of no room. */
static GPtrArray *
begin (SnugCluster *self, const char *operation, const char *room)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (words, g_strconcat (SNUG_CLUSTER_PREFIX "room:", room, NULL));
  g_ptr_array_add (words, g_strdup (operation));
  g_ptr_array_add (words, g_strdup (SNUG_CLUSTER_PREFIX));
  g_ptr_array_add (words, g_strdup (self->node));
  g_ptr_array_add (words, g_strdup_printf ("%" G_GUINT64_FORMAT, self->stay));
  if (room != NULL)
    {
      g_ptr_array_add (words, g_strdup (room));
      g_ptr_array_add (words, g_strdup_printf ("%d", SNUG_CLUSTER_ROOM_SECONDS));
    }
  return words;
}

/* words: (transfer full) */
static void
run (SnugCluster *self, GPtrArray *words)
{
  g_ptr_array_add (words, NULL);
  self->funcs->run ((const char *const *) words->pdata, self->data);
  g_ptr_array_unref (words);
}

static void
beat (SnugCluster *self, gint64 now)
{
  GPtrArray *words = begin (self, "beat", NULL);
  GHashTableIter iter;
  gpointer node;

  g_ptr_array_add (words, g_strdup_printf ("%d", SNUG_CLUSTER_DEAD_MILLISECONDS));
  g_ptr_array_add (words, g_strdup_printf ("%" G_GUINT64_FORMAT, ++self->n_beats));
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    g_ptr_array_add (words, g_strdup (node));
  self->beat_sent_at = now;
  self->beat_heard = FALSE;
  run (self, words);
}

static void
tell_departure (SnugCluster *self, const SnugDeparture *departure)
{
  GPtrArray *words = begin (self, "leave", departure->room);

  g_ptr_array_add (words, g_strdup (departure->id));
  g_ptr_array_add (words, g_strdup (departure->lost ? "1" : "0"));
  run (self, words);
}

/* departure: (transfer full): one that Redis has to be told of, until it says that it knows. After a while without us it has
 * forgotten all of ours. */
static void
note_departure (SnugCluster *self, SnugDeparture *departure)
{
  if (self->online)
    tell_departure (self, departure);
  if (!self->alone && self->departures->len < DEPARTURES_MAX)
    g_ptr_array_add (self->departures, departure);
  else
    snug_departure_free (departure);
}

static void
depart (SnugCluster *self, const char *room, const char *id)
{
  SnugDeparture *departure = g_new0 (SnugDeparture, 1);

  departure->room = g_strdup (room);
  departure->id = g_strdup (id);
  note_departure (self, departure);
}

static void
forget_room_if_gone (SnugCluster *self, const char *room_id)
{
  snug_room_table_drop_empty (self->rooms, room_id);
  if (snug_room_table_get_room (self->rooms, room_id, FALSE) == NULL)
    {
      g_hash_table_remove (self->synced, room_id);
      g_hash_table_remove (self->unsettled, room_id);
    }
}

static void
sync_room (SnugCluster *self, const char *room_id)
{
  SnugRoom *room = snug_room_table_get_room (self->rooms, room_id, FALSE);
  g_auto (GStrv) ids = NULL;
  GPtrArray *words;

  if (room == NULL)
    return;
  ids = snug_room_list_here (room);
  words = begin (self, "sync", room_id);
  for (guint i = 0; ids[i] != NULL; i++)
    g_ptr_array_add (words, g_strdup (ids[i]));
  self->n_syncing++;
  run (self, words);
}

static void
sync_some (SnugCluster *self)
{
  while (self->online && self->n_syncing < SYNCS_MAX && !g_queue_is_empty (&self->to_sync))
    {
      g_autofree char *room = g_queue_pop_head (&self->to_sync);

      sync_room (self, room);
    }
}

static void
sync_all (SnugCluster *self)
{
  g_auto (GStrv) rooms = snug_room_table_list_rooms (self->rooms);

  g_queue_clear_full (&self->to_sync, g_free);
  for (guint i = 0; rooms[i] != NULL; i++)
    g_queue_push_tail (&self->to_sync, g_strdup (rooms[i]));
  sync_some (self);
}

/* node: NULL: all. Who is there is lost to our people. */
static void
part_all (SnugCluster *self, const char *node)
{
  g_auto (GStrv) rooms = snug_room_table_list_rooms (self->rooms);

  for (guint i = 0; rooms[i] != NULL; i++)
    self->funcs->deliver (snug_room_table_address (
                            self->rooms,
                            snug_room_part_all (snug_room_table_get_room (self->rooms, rooms[i], FALSE), node, NULL)),
                          self->data);
}

/* The others may take us for dead by now. */
static void
give_up (SnugCluster *self)
{
  GHashTableIter iter;
  gpointer node;

  self->alone = TRUE;
  self->stay++;
  g_ptr_array_set_size (self->departures, 0);
  part_all (self, NULL);
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    snug_cluster_ledger_forget (self->ledger, node);
  g_hash_table_remove_all (self->nodes);
  g_info ("event=cluster-alone");
}

/* Those that waited for Redis meet whoever is here. */
static void
admit_all (SnugCluster *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (joining_free);
  GHashTableIter iter;
  gpointer joining;

  g_hash_table_iter_init (&iter, self->joins);
  while (g_hash_table_iter_next (&iter, NULL, &joining))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (all, joining);
    }
  for (guint i = 0; i < all->len; i++)
    {
      Joining *one = g_ptr_array_index (all, i);

      self->funcs->admit (one->connection, one->join, self->data);
    }
}

void
snug_cluster_set_online (SnugCluster *self, gboolean online, gint64 now)
{
  g_return_if_fail (self != NULL);

  if (self->online == online)
    return;
  self->online = online;
  snug_room_table_set_apart (self->rooms, !online);
  g_hash_table_remove_all (self->synced);
  g_hash_table_remove_all (self->unsettled);
  g_queue_clear_full (&self->to_sync, g_free);
  self->n_syncing = 0;
  g_info ("event=cluster-%s node=%.8s", online ? "joined" : "left", self->node);
  if (!online)
    {
      self->beat_sent_at = 0;
      admit_all (self);
      return;
    }

  if (!self->alone && self->alive_at > 0 && now - self->alive_at > SNUG_CLUSTER_ALONE_MICROSECONDS)
    give_up (self);
  self->alone = FALSE;
  self->online_since = now;
  self->next_refresh = now + SNUG_CLUSTER_REFRESH_MICROSECONDS;
  beat (self, now);
  for (guint i = 0; i < self->departures->len; i++)
    tell_departure (self, g_ptr_array_index (self->departures, i));
  sync_all (self);
  snug_cluster_ledger_repeat (self->ledger);
}

/* Returns: whether one more node can be known. */
static gboolean
know_node (SnugCluster *self, const char *node)
{
  if (g_hash_table_contains (self->nodes, node))
    return TRUE;
  if (strcmp (node, self->node) == 0 || g_hash_table_size (self->nodes) >= SNUG_CLUSTER_NODES_MAX)
    return FALSE;
  g_hash_table_add (self->nodes, g_strdup (node));
  return TRUE;
}

static void
meet (SnugCluster *self, SnugRoom *room, const SnugClusterEntry *who)
{
  if (know_node (self, who->node))
    self->funcs->deliver (snug_room_table_address (self->rooms, snug_room_meet (room, who)), self->data);
}

static void
meet_all (SnugCluster *self, SnugRoom *room, GArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    meet (self, room, &g_array_index (entries, SnugClusterEntry, i));
}

static void
on_beat (SnugCluster *self, const SnugClusterMessage *message)
{
  if (message->number != self->n_beats || self->beat_sent_at == 0)
    return;
  self->beat_heard = TRUE;
  self->alive_at = self->beat_sent_at;
  for (guint i = 0; i < message->entries->len; i++)
    {
      const SnugClusterEntry *entry = &g_array_index (message->entries, SnugClusterEntry, i);

      /* After a restart of Redis the others have as long as if they had just been heard. */
      if (entry->stay > 0 || !g_hash_table_contains (self->nodes, entry->node)
          || self->beat_sent_at - self->online_since < SNUG_CLUSTER_DEAD_MILLISECONDS * (gint64) 1000)
        continue;
      g_info ("event=cluster-node-dead node=%.8s", entry->node);
      part_all (self, entry->node);
      snug_cluster_ledger_forget (self->ledger, entry->node);
      g_hash_table_remove (self->nodes, entry->node);
    }
}

static void
on_joined (SnugCluster *self, const SnugClusterMessage *message)
{
  Joining *joining = NULL;
  g_autofree char *id = NULL;
  SnugRoom *room;
  gboolean whole;

  if (!g_hash_table_steal_extended (self->joins, message->who.id, (gpointer *) &id, (gpointer *) &joining))
    {
      /* It did not wait for this. */
      if (!snug_room_table_is_here (self->rooms, message->room, message->who.id))
        depart (self, message->room, message->who.id);
      return;
    }
  room = snug_room_table_get_room (self->rooms, message->room, TRUE);
  whole = snug_room_get_n_here (room) == 0 || g_hash_table_contains (self->synced, message->room);
  if (whole)
    {
      meet_all (self, room, message->entries);
      g_hash_table_add (self->synced, g_strdup (message->room));
    }
  /* Otherwise those who are here have yet to be told to Redis, and all of them meet the others then. */
  snug_room_table_set_apart (self->rooms, !whole);
  self->funcs->admit (joining->connection, joining->join, self->data);
  snug_room_table_set_apart (self->rooms, FALSE);
  joining_free (joining);

  room = snug_room_table_get_room (self->rooms, message->room, FALSE);
  if (room != NULL && snug_room_table_is_here (self->rooms, message->room, message->who.id))
    snug_room_set_order (room, message->who.id, message->who.order);
  else
    depart (self, message->room, message->who.id);
  forget_room_if_gone (self, message->room);
}

static void
on_full (SnugCluster *self, const SnugClusterMessage *message)
{
  Joining *joining = NULL;
  g_autofree char *id = NULL;

  if (!g_hash_table_steal_extended (self->joins, message->who.id, (gpointer *) &id, (gpointer *) &joining))
    return;
  self->funcs->refuse (joining->connection, self->data);
  joining_free (joining);
}

static void
on_room (SnugCluster *self, const SnugClusterMessage *message, gint64 now)
{
  SnugRoom *room = snug_room_table_get_room (self->rooms, message->room, FALSE);

  if (self->n_syncing > 0)
    self->n_syncing--;
  sync_some (self);
  if (room == NULL)
    return;
  for (guint i = 0; i < message->entries->len; i++)
    {
      const SnugClusterEntry *entry = &g_array_index (message->entries, SnugClusterEntry, i);

      if (strcmp (entry->node, self->node) == 0)
        snug_room_set_order (room, entry->id, entry->order);
    }
  meet_all (self, room, message->entries);
  g_hash_table_add (self->synced, g_strdup (message->room));
  /* After a restart of Redis the others have yet to say who is theirs. */
  if (now - self->online_since < SNUG_CLUSTER_DEAD_MILLISECONDS * (gint64) 1000)
    {
      if (snug_room_misses_any (room, message->entries))
        g_hash_table_add (self->unsettled, g_strdup (message->room));
      else
        snug_room_end_apart (room);
      return;
    }
  snug_room_end_apart (room);
  self->funcs->deliver (snug_room_table_address (self->rooms, snug_room_part_all (room, NULL, message->entries)),
                        self->data);
}

static void
on_taken (SnugCluster *self, const SnugClusterMessage *message)
{
  g_autofree char *connection = NULL;

  self->funcs->deliver (snug_room_table_give_away (self->rooms, message->room, message->who.id, &connection), self->data);
  if (connection != NULL)
    self->funcs->replaced (connection, self->data);
  forget_room_if_gone (self, message->room);
}

static void
on_gone (SnugCluster *self, const SnugClusterMessage *message)
{
  for (guint i = 0; i < self->departures->len; i++)
    {
      SnugDeparture *departure = g_ptr_array_index (self->departures, i);

      if (strcmp (departure->id, message->who.id) == 0 && strcmp (departure->room, message->room) == 0)
        {
          g_ptr_array_remove_index (self->departures, i);
          return;
        }
    }
}

static void
acknowledge (SnugCluster *self, gint64 now)
{
  const char *node;
  guint64 first, last;

  while (self->online && snug_cluster_ledger_take_ack (self->ledger, now, &node, &first, &last))
    {
      g_autofree char *text = snug_cluster_write_ack (self->node, first, last);

      self->funcs->publish (node, text, 0, self->data);
    }
}

static void
on_say (SnugCluster *self, const SnugClusterMessage *message, gint64 now)
{
  g_autoptr (GPtrArray) deliveries = NULL;
  gboolean taken = FALSE;

  if (!snug_message_payload_fits (message->payload))
    {
      self->figures.n_refused++;
      return;
    }
  if (!snug_cluster_ledger_is_new (self->ledger, message->who.node, message->number))
    return;
  deliveries = snug_room_table_relay_in (self->rooms, message->who.node, message->from, message->who.id,
                                         message->payload, &taken);
  if (!taken)
    return;
  self->figures.n_heard++;
  snug_cluster_ledger_receive (self->ledger, message->who.node, message->number, now);
  self->funcs->deliver (g_steal_pointer (&deliveries), self->data);
  acknowledge (self, now);
}

static void
on_in_or_out (SnugCluster *self, const SnugClusterMessage *message)
{
  SnugRoom *room = snug_room_table_get_room (self->rooms, message->room, FALSE);

  /* What came before Redis has told all of the room is in what it tells. */
  if (room == NULL || !g_hash_table_contains (self->synced, message->room))
    return;
  if (message->kind == SNUG_CLUSTER_IN)
    meet (self, room, &message->who);
  else
    self->funcs->deliver (snug_room_table_address (self->rooms, snug_room_part (room, message->who.id, message->who.node,
                                                                                message->lost)),
                          self->data);
}

void
snug_cluster_receive (SnugCluster *self, const char *text, gsize size, gint64 now)
{
  g_autoptr (SnugClusterMessage) message = snug_cluster_message_parse (text, size);

  if (!self->online)
    return;
  if (message == NULL)
    {
      self->figures.n_refused++;
      g_debug ("event=cluster-refused");
      return;
    }
  switch (message->kind)
    {
    case SNUG_CLUSTER_BEAT:
      on_beat (self, message);
      break;
    case SNUG_CLUSTER_JOINED:
      on_joined (self, message);
      break;
    case SNUG_CLUSTER_FULL:
      on_full (self, message);
      break;
    case SNUG_CLUSTER_ROOM:
      on_room (self, message, now);
      break;
    case SNUG_CLUSTER_TAKEN:
      on_taken (self, message);
      break;
    case SNUG_CLUSTER_GONE:
      on_gone (self, message);
      break;
    case SNUG_CLUSTER_SAY:
      on_say (self, message, now);
      break;
    case SNUG_CLUSTER_ACK:
      snug_cluster_ledger_acknowledge (self->ledger, message->who.node, message->first, message->number);
      break;
    case SNUG_CLUSTER_IN:
    case SNUG_CLUSTER_OUT:
    default:
      on_in_or_out (self, message);
    }
}

void
snug_cluster_undelivered (SnugCluster *self, const char *node, guint64 number)
{
  snug_cluster_ledger_lose (self->ledger, node, number);
}

/* Those who were awaited after a restart of Redis, and did not come. */
static void
settle (SnugCluster *self)
{
  GHashTableIter iter;
  gpointer room;

  g_hash_table_iter_init (&iter, self->unsettled);
  while (g_hash_table_iter_next (&iter, &room, NULL))
    g_queue_push_tail (&self->to_sync, g_strdup (room));
  g_hash_table_remove_all (self->unsettled);
  sync_some (self);
}

void
snug_cluster_tick (SnugCluster *self, gint64 now)
{
  g_return_if_fail (self != NULL);

  snug_cluster_ledger_expire (self->ledger, now);
  if (!self->online)
    {
      if (!self->alone && self->alive_at > 0 && now - self->alive_at > SNUG_CLUSTER_ALONE_MICROSECONDS)
        give_up (self);
      return;
    }
  acknowledge (self, now);
  if (!self->beat_heard && now - self->beat_sent_at >= SNUG_CLUSTER_SILENCE_MICROSECONDS)
    {
      self->funcs->fail ("silent", self->data);
      return;
    }
  if (self->beat_heard && now - self->beat_sent_at >= SNUG_CLUSTER_BEAT_MICROSECONDS)
    {
      /* Slept, or stopped. */
      if (now - self->alive_at > SNUG_CLUSTER_ALONE_MICROSECONDS)
        {
          self->funcs->fail ("slept", self->data);
          return;
        }
      beat (self, now);
    }
  if (g_hash_table_size (self->unsettled) > 0
      && now - self->online_since >= SNUG_CLUSTER_DEAD_MILLISECONDS * (gint64) 1000)
    settle (self);
  if (now >= self->next_refresh)
    {
      self->next_refresh = now + SNUG_CLUSTER_REFRESH_MICROSECONDS;
      self->n_syncing = 0;
      sync_all (self);
    }
}

gboolean
snug_cluster_join (SnugCluster *self, const char *connection, SnugMessage *join)
{
  const char *room = snug_message_get_room_id (join);
  g_autofree char *id = snug_room_table_make_id (connection, join);
  Joining *joining, *before;
  GPtrArray *words;

  if (!self->online || snug_room_table_is_here (self->rooms, room, id))
    return FALSE;
  before = g_hash_table_lookup (self->joins, id);
  if (before != NULL && strcmp (before->connection, connection) != 0)
    self->funcs->replaced (before->connection, self->data);
  joining = g_new0 (Joining, 1);
  joining->connection = g_strdup (connection);
  joining->join = snug_message_ref (join);
  g_hash_table_insert (self->joins, g_strdup (id), joining);

  words = begin (self, "join", room);
  g_ptr_array_add (words, g_strdup (id));
  g_ptr_array_add (words, g_strdup_printf ("%u", snug_room_table_get_room_size (self->rooms)));
  run (self, words);
  return TRUE;
}

static gboolean
is_of_connection (gpointer key, gpointer value, gpointer connection)
{
  return strcmp (((Joining *) value)->connection, connection) == 0;
}

gboolean
snug_cluster_is_joining (SnugCluster *self, const char *connection)
{
  return g_hash_table_size (self->joins) > 0
         && g_hash_table_find (self->joins, is_of_connection, (gpointer) connection) != NULL;
}

void
snug_cluster_cancel (SnugCluster *self, const char *connection)
{
  g_hash_table_foreach_remove (self->joins, is_of_connection, (gpointer) connection);
}

void
snug_cluster_update (SnugCluster *self)
{
  g_autoptr (GPtrArray) departures = snug_room_table_take_departures (self->rooms);

  while (departures != NULL && departures->len > 0)
    {
      SnugDeparture *departure = g_ptr_array_steal_index (departures, 0);

      forget_room_if_gone (self, departure->room);
      note_departure (self, departure);
    }
}

void
snug_cluster_say (SnugCluster *self, const char *node, const char *to, SnugMessage *signal, gint64 now)
{
  const char *from = snug_message_get_peer_id (signal);
  guint64 number = self->online ? snug_cluster_ledger_send (self->ledger, node, from, to, now) : 0;
  g_autofree char *text = NULL;

  if (number == 0)
    {
      on_lost (from, to, self);
      return;
    }
  self->figures.n_said++;
  text = snug_cluster_write_say (self->node, number, from, to, snug_message_get_payload (signal));
  self->funcs->publish (node, text, number, self->data);
}

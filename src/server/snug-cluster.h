/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rooms that several servers ("nodes") share through Redis, without I/O: what to ask of Redis, and what its answers mean for
 * the rooms. Redis decides who is in a room, in one script (snug-cluster-script.c), and tells of it only over the channels of the
 * nodes: so each hears of everything in the order in which Redis did it.
 *
 * A node says every two seconds that it is there. One that could not for six seconds takes itself for dead: everybody
 * elsewhere is lost to its people, and it begins a new stay, with all its members as newcomers. After ten seconds the
 * others take it for dead, too; so both sides agree on who has lost whom.
 */
#pragma once

#include "snug-cluster-message.h"
#include "snug-room-table.h"

G_BEGIN_DECLS

typedef struct _SnugCluster SnugCluster;

/* All keys and channels begin with it. */
#define SNUG_CLUSTER_PREFIX "snug:"
#define SNUG_CLUSTER_BEAT_MICROSECONDS (2 * (gint64) G_USEC_PER_SEC)
/* A beat that Redis does not answer for so long: the connection is dead. */
#define SNUG_CLUSTER_SILENCE_MICROSECONDS (4 * (gint64) G_USEC_PER_SEC)
#define SNUG_CLUSTER_ALONE_MICROSECONDS (6 * (gint64) G_USEC_PER_SEC)
#define SNUG_CLUSTER_DEAD_MILLISECONDS 10000
/* How long Redis keeps a room that nobody speaks of, and how often each is spoken of. */
#define SNUG_CLUSTER_ROOM_SECONDS 300
#define SNUG_CLUSTER_REFRESH_MICROSECONDS (60 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  /* Runs the script with these: key, then arguments. NULL-terminated. */
  void (*run) (const char *const *words, gpointer data);
  /* Over that node's channel. number: of a SAY, for snug_cluster_undelivered(), or 0. */
  void (*publish) (const char *node, const char *text, guint64 number, gpointer data);
  /* Redis does not answer, or not sensibly: it is to be connected to anew. */
  void (*fail) (const char *why, gpointer data);
  /* deliveries: (transfer full): for connections of this server. */
  void (*deliver) (GPtrArray *deliveries, gpointer data);
  /* The join that was asked for can go on now: snug_room_table_handle(). */
  void (*admit) (const char *connection, SnugMessage *join, gpointer data);
  void (*refuse) (const char *connection, gpointer data);
  /* The member has gone on elsewhere. */
  void (*replaced) (const char *connection, gpointer data);
} SnugClusterFuncs;

typedef struct
{
  gboolean online;
  guint n_nodes; /* others with members in our rooms */
  guint64 n_said;
  guint64 n_heard;
  guint64 n_lost;   /* said, and not arrived as far as is known */
  guint64 n_refused; /* what came from Redis and made no sense */
} SnugClusterFigures;

/* rooms, funcs: must stay. Its node has a new id. now: in microseconds of any clock that goes on, here and below. */
SnugCluster *snug_cluster_new (SnugRoomTable *rooms, const SnugClusterFuncs *funcs, gpointer data);
void snug_cluster_free (SnugCluster *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCluster, snug_cluster_free)

/* For whose channel to listen to. */
const char *snug_cluster_get_node (SnugCluster *self);
void snug_cluster_get_figures (SnugCluster *self, SnugClusterFigures *figures);

/* Redis is there, and the channel is listened to; or not any more. */
void snug_cluster_set_online (SnugCluster *self, gboolean online, gint64 now);
/* A line came over our channel. */
void snug_cluster_receive (SnugCluster *self, const char *text, gsize size, gint64 now);
/* Nobody listens to that node's channel. */
void snug_cluster_undelivered (SnugCluster *self, const char *node, guint64 number);
/* To be called ten times a second. */
void snug_cluster_tick (SnugCluster *self, gint64 now);

/* A JOIN of a connection that is in no room. FALSE: it can be handled at once, without Redis; TRUE: admit or refuse follows. */
gboolean snug_cluster_join (SnugCluster *self, const char *connection, SnugMessage *join);
/* Whether a join of that connection waits for Redis. */
gboolean snug_cluster_is_joining (SnugCluster *self, const char *connection);
/* The connection is gone, or wants to join no more. */
void snug_cluster_cancel (SnugCluster *self, const char *connection);
/* After the rooms have changed by what clients do. */
void snug_cluster_update (SnugCluster *self);
/* A SIGNAL of a member here for one at that node. */
void snug_cluster_say (SnugCluster *self, const char *node, const char *to, SnugMessage *signal, gint64 now);

G_END_DECLS

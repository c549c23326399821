/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What servers that share their rooms tell each other: a line of words with one space between them, over a channel that
 * each of them has in Redis. Whoever may write there is trusted to be a server, but not to write sense.
 */
#pragma once

#include <glib.h>

#include "snug-protocol.h"

G_BEGIN_DECLS

/* One line, in bytes: a payload, or the members of a full room. */
#define SNUG_CLUSTER_MESSAGE_MAX_BYTES (64 * 1024)
/* A node's id: 128 random bits, new for each start, in hexadecimal. */
#define SNUG_CLUSTER_NODE_CHARS 32
/* Nodes that share their rooms. */
#define SNUG_CLUSTER_NODES_MAX 256

typedef enum
{
  SNUG_CLUSTER_BEAT = 1, /* number, entries (node, stay): who was alive when Redis heard that we are */
  SNUG_CLUSTER_JOINED,   /* room, id, order, entries: our member has its place; who else is there */
  SNUG_CLUSTER_FULL,     /* room, id: it has none */
  SNUG_CLUSTER_ROOM,     /* room, entries: who is there, ours with them */
  SNUG_CLUSTER_IN,       /* room, id, node, stay, order: somebody is there from now on */
  SNUG_CLUSTER_OUT,      /* room, id, node, lost: and not any more */
  SNUG_CLUSTER_TAKEN,    /* room, id: our member has gone on at another node */
  SNUG_CLUSTER_GONE,     /* room, id: Redis knows that our member has left */
  SNUG_CLUSTER_SAY,      /* node, number, from, id, payload: a SIGNAL for our member */
  SNUG_CLUSTER_ACK       /* node, first, number: what it has got of ours */
} SnugClusterKind;

/* A member of a room, or, in a BEAT, a node: its id is empty then. */
typedef struct
{
  char id[SNUG_PEER_ID_MAX_BYTES + 1];
  char node[SNUG_CLUSTER_NODE_CHARS + 1];
  guint64 stay;  /* changes whenever the node has had to begin anew; 0 in a BEAT: the node is gone */
  guint64 order; /* who came later has the greater one */
} SnugClusterEntry;

typedef struct
{
  SnugClusterKind kind;
  char room[32 + 1];
  SnugClusterEntry who; /* id, node, stay and order, where the kind has them */
  char from[SNUG_PEER_ID_MAX_BYTES + 1];
  guint64 first;
  guint64 number;
  gboolean lost;
  char *payload;
  GArray *entries; /* SnugClusterEntry; nullable */
} SnugClusterMessage;

/* Returns: (transfer full) (nullable): NULL for what makes no sense. text need not be NUL-terminated. */
SnugClusterMessage *snug_cluster_message_parse (const char *text, gsize size);
void snug_cluster_message_free (SnugClusterMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugClusterMessage, snug_cluster_message_free)

/* What a server writes itself; Redis writes the rest. Returns: (transfer full). */
char *snug_cluster_write_say (const char *node, guint64 number, const char *from, const char *to, const char *payload);
char *snug_cluster_write_ack (const char *node, guint64 first, guint64 number);

gboolean snug_cluster_is_node (const char *text);

G_END_DECLS

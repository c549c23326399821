/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who holds a room on a local network: the rules by themselves, and whole networks of them in simulated time.
 */
#include "snug-local-election.h"

#include <string.h>

#define MS G_TIME_SPAN_MILLISECOND

static void
expect (SnugLocalElection *election, gint64 now, SnugLocalStep step, const char *name, gint64 wake_at)
{
  const char *got;
  gint64 wake;

  g_assert_cmpint (snug_local_election_next (election, now, &got, &wake), ==, step);
  g_assert_cmpstr (got, ==, name);
  if (step == SNUG_LOCAL_WAIT)
    g_assert_cmpint (wake, ==, wake_at);
}

static void
test_alone (void)
{
  g_autoptr (SnugLocalElection) election = snug_local_election_new (0, 100 * MS);

  expect (election, 0, SNUG_LOCAL_WAIT, NULL, 100 * MS);
  snug_local_election_set_host_after (election, 50 * MS);
  expect (election, 0, SNUG_LOCAL_WAIT, NULL, 50 * MS);
  expect (election, 50 * MS, SNUG_LOCAL_HOST, NULL, 0);
  snug_local_election_hosting (election, "m");
  expect (election, 60 * MS, SNUG_LOCAL_WAIT, NULL, -1);
}

static void
test_first_in_order_first (void)
{
  g_autoptr (SnugLocalElection) election = snug_local_election_new (0, 0);

  snug_local_election_found (election, "c");
  snug_local_election_found (election, "a");
  snug_local_election_found (election, "b");
  snug_local_election_found (election, "a");
  expect (election, 0, SNUG_LOCAL_TRY, "a", 0);
  expect (election, 0, SNUG_LOCAL_WAIT, NULL, SNUG_LOCAL_STAGGER);
  /* A dead one holds nobody up. */
  expect (election, SNUG_LOCAL_STAGGER, SNUG_LOCAL_TRY, "b", 0);
  snug_local_election_joined (election, "b");
  expect (election, SNUG_LOCAL_STAGGER, SNUG_LOCAL_WAIT, NULL, -1);
  /* Whoever is in a room stays there, whatever is announced. */
  snug_local_election_found (election, "0");
  expect (election, 10 * SNUG_LOCAL_PATIENCE, SNUG_LOCAL_WAIT, NULL, -1);
}

static void
test_failed (void)
{
  g_autoptr (SnugLocalElection) election = snug_local_election_new (0, 0);
  gint64 now = 0, pause = SNUG_LOCAL_RETRY;

  snug_local_election_found (election, "a");
  snug_local_election_found (election, "b");
  expect (election, now, SNUG_LOCAL_TRY, "a", 0);
  snug_local_election_failed (election, "a", now);
  /* The next does not wait for its turn. */
  expect (election, now, SNUG_LOCAL_TRY, "b", 0);
  snug_local_election_refuse (election, "b");
  expect (election, now, SNUG_LOCAL_HOST, NULL, 0);
  snug_local_election_hosting (election, "m");
  /* As the one who holds the room it still tries the better one, ever less often; never what was refused. */
  for (guint i = 0; i < 12; i++)
    {
      expect (election, now, SNUG_LOCAL_WAIT, NULL, now + pause);
      now += pause;
      expect (election, now, SNUG_LOCAL_TRY, "a", 0);
      snug_local_election_failed (election, "a", now);
      pause = MIN (2 * pause, SNUG_LOCAL_RETRY_MAX);
    }
  /* Refused is forgotten with the announcement. */
  snug_local_election_found (election, "b");
  expect (election, now, SNUG_LOCAL_WAIT, NULL, now + pause);
  snug_local_election_gone (election, "b");
  snug_local_election_found (election, "b");
  expect (election, now, SNUG_LOCAL_TRY, "b", 0);
}

static void
test_host_yields_only_to_better (void)
{
  g_autoptr (SnugLocalElection) election = snug_local_election_new (0, 0);

  expect (election, 0, SNUG_LOCAL_HOST, NULL, 0);
  snug_local_election_hosting (election, "m");
  snug_local_election_found (election, "n");
  expect (election, 0, SNUG_LOCAL_WAIT, NULL, -1);
  snug_local_election_found (election, "l");
  expect (election, 0, SNUG_LOCAL_TRY, "l", 0);
  /* Not let in: it stays the host. */
  snug_local_election_refuse (election, "l");
  snug_local_election_hosting (election, "m");
  expect (election, 0, SNUG_LOCAL_WAIT, NULL, -1);
  snug_local_election_found (election, "k");
  expect (election, 1, SNUG_LOCAL_TRY, "k", 0);
  snug_local_election_joined (election, "k");
  expect (election, 1, SNUG_LOCAL_WAIT, NULL, -1);
  /* That one leaves and says so. */
  snug_local_election_refuse (election, "k");
  snug_local_election_look (election, 2, 2);
  expect (election, 2, SNUG_LOCAL_TRY, "n", 0);
}

/* An attempt that never ends is not waited for for ever. */
static void
test_patience (void)
{
  g_autoptr (SnugLocalElection) election = snug_local_election_new (0, 0);

  snug_local_election_found (election, "a");
  expect (election, 0, SNUG_LOCAL_TRY, "a", 0);
  expect (election, 1, SNUG_LOCAL_WAIT, NULL, SNUG_LOCAL_PATIENCE);
  expect (election, SNUG_LOCAL_PATIENCE, SNUG_LOCAL_HOST, NULL, 0);
  /* An announcement that goes while it is tried is forgotten after that. */
  snug_local_election_gone (election, "a");
  snug_local_election_failed (election, "a", 1);
  expect (election, SNUG_LOCAL_PATIENCE, SNUG_LOCAL_HOST, NULL, 0);
}

static void
test_flood (void)
{
  g_autoptr (SnugLocalElection) election = snug_local_election_new (0, 0);
  gint64 now = 0;
  guint n = 0;

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%05u", i);
      snug_local_election_found (election, name);
    }
  for (; now <= SNUG_LOCAL_PATIENCE; now += 10 * MS)
    {
      const char *name;
      gint64 wake;
      SnugLocalStep step = snug_local_election_next (election, now, &name, &wake);

      if (step == SNUG_LOCAL_HOST)
        break;
      n += step == SNUG_LOCAL_TRY;
    }
  g_assert_cmpuint (n, >, 1);
  g_assert_cmpuint (n, <=, SNUG_LOCAL_HOSTS_MAX);
  g_assert_cmpint (now, <=, SNUG_LOCAL_PATIENCE);
}

static void
test_rank (void)
{
  g_autoptr (GHashTable) members = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (snug_local_election_get_rank ("b", members), ==, 0);
  g_hash_table_add (members, (char *) "c");
  g_assert_cmpuint (snug_local_election_get_rank ("b", members), ==, 0);
  g_hash_table_add (members, (char *) "a");
  g_assert_cmpuint (snug_local_election_get_rank ("b", members), ==, 1);
}

/* ---- A whole network ---- */

#define NODES 6
#define TICK (10 * MS)
/* From the announcement until others know it, and from its end. */
#define ANNOUNCE_MIN (10 * MS)
#define ANNOUNCE_SPREAD (1200 * MS)
#define CONNECT_MAX (200 * MS)

typedef struct
{
  gboolean alive;
  SnugLocalElection *election;
  char name[16];  /* of the own room; empty: none */
  int at;         /* the node whose room it is in; -1: none */
  int going_to;   /* being reached; -1: nobody */
  gint64 there_at;
} Node;

typedef struct
{
  gint64 at;
  int node;
  gboolean gone;
  char name[16];
} Event;

typedef struct
{
  Node nodes[NODES];
  GArray *events;
  GRand *random;
  gint64 now;
  guint n_names;
} Net;

static void
tell (Net *net, const char *name, gboolean gone)
{
  for (int i = 0; i < NODES; i++)
    {
      Event event = { .at = net->now + ANNOUNCE_MIN + g_rand_int_range (net->random, 0, ANNOUNCE_SPREAD), .node = i, .gone = gone };

      /* Nobody hears of the end before the beginning. */
      if (gone)
        event.at += ANNOUNCE_SPREAD;
      g_strlcpy (event.name, name, sizeof event.name);
      g_array_append_val (net->events, event);
    }
}

static int
find_host (Net *net, const char *name)
{
  for (int i = 0; i < NODES; i++)
    if (net->nodes[i].alive && strcmp (net->nodes[i].name, name) == 0)
      return i;
  return -1;
}

static void
withdraw (Net *net, Node *node, gboolean goodbye)
{
  int self = (int) (node - net->nodes);

  if (*node->name == '\0')
    return;
  tell (net, node->name, TRUE);
  for (int i = 0; i < NODES; i++)
    {
      Node *other = &net->nodes[i];

      if (i == self || !other->alive || other->at != self)
        continue;
      other->at = -1;
      if (goodbye)
        snug_local_election_refuse (other->election, node->name);
      snug_local_election_look (other->election, net->now, net->now + (i % 3) * SNUG_LOCAL_TURN);
    }
  *node->name = '\0';
}

static void
arrive (Net *net, Node *node)
{
  int host = node->going_to;

  node->going_to = -1;
  if (!net->nodes[host].alive || *net->nodes[host].name == '\0')
    return;
  snug_local_election_joined (node->election, net->nodes[host].name);
  node->at = host;
  withdraw (net, node, TRUE);
}

static void
step (Net *net, Node *node)
{
  const char *name;
  gint64 wake;

  if (!node->alive || node->going_to >= 0)
    return;
  for (;;)
    switch (snug_local_election_next (node->election, net->now, &name, &wake))
      {
      case SNUG_LOCAL_TRY:
        {
          int host = find_host (net, name);

          if (host < 0)
            {
              snug_local_election_failed (node->election, name, net->now);
              break;
            }
          node->going_to = host;
          node->there_at = net->now + g_rand_int_range (net->random, 1, CONNECT_MAX);
          return;
        }
      case SNUG_LOCAL_HOST:
        g_snprintf (node->name, sizeof node->name, "%04x-%u", g_rand_int_range (net->random, 0, 0xffff), net->n_names++);
        snug_local_election_hosting (node->election, node->name);
        node->at = (int) (node - net->nodes);
        tell (net, node->name, FALSE);
        break;
      case SNUG_LOCAL_WAIT:
      default:
        return;
      }
}

static void
run (Net *net, gint64 time)
{
  for (gint64 end = net->now + time; net->now < end; net->now += TICK)
    {
      for (guint i = 0; i < net->events->len;)
        {
          Event event = g_array_index (net->events, Event, i);
          Node *node = &net->nodes[event.node];

          if (event.at > net->now)
            {
              i++;
              continue;
            }
          g_array_remove_index (net->events, i);
          if (!node->alive || strcmp (node->name, event.name) == 0)
            continue;
          if (event.gone)
            snug_local_election_gone (node->election, event.name);
          else
            snug_local_election_found (node->election, event.name);
        }
      for (guint i = 0; i < NODES; i++)
        {
          Node *node = &net->nodes[i];

          if (node->alive && node->going_to >= 0 && net->now >= node->there_at)
            {
              int host = node->going_to;
              g_autofree char *name = g_strdup (net->nodes[host].name);

              arrive (net, node);
              if (node->at != host && *name != '\0')
                snug_local_election_failed (node->election, name, net->now);
              else if (node->at != host)
                snug_local_election_drop_attempts (node->election);
            }
          step (net, node);
        }
    }
}

static void
start (Net *net, guint i)
{
  Node *node = &net->nodes[i];

  *node = (Node) { .alive = TRUE, .at = -1, .going_to = -1 };
  node->election = snug_local_election_new (net->now, net->now + 1000 * MS + g_rand_int_range (net->random, 0, 250 * MS));
  for (guint k = 0; k < NODES; k++)
    if (k != i && net->nodes[k].alive && *net->nodes[k].name != '\0')
      snug_local_election_found (node->election, net->nodes[k].name);
}

static void
stop (Net *net, guint i, gboolean goodbye)
{
  withdraw (net, &net->nodes[i], goodbye);
  net->nodes[i].alive = FALSE;
  g_clear_pointer (&net->nodes[i].election, snug_local_election_free);
}

/* Everybody who lives is in the room of the same one, who lives. */
static void
check_settled (Net *net, guint32 seed)
{
  int host = -1;

  for (guint i = 0; i < NODES; i++)
    {
      if (!net->nodes[i].alive)
        continue;
      if (host < 0)
        host = net->nodes[i].at;
      if (net->nodes[i].at != host || host < 0 || !net->nodes[host].alive)
        g_error ("seed %u: node %u is at %d, others at %d", seed, i, net->nodes[i].at, host);
    }
}

/* People come, go with and without a word, at any moment; whatever happens, some seconds later all are in one room. */
static void
test_network_settles (void)
{
  for (guint32 seed = 0; seed < 300; seed++)
    {
      Net net = { .events = g_array_new (FALSE, FALSE, sizeof (Event)), .random = g_rand_new_with_seed (seed) };

      for (guint round = 0; round < 4; round++)
        {
          for (guint i = 0; i < NODES; i++)
            {
              int dice = g_rand_int_range (net.random, 0, 4);

              if (net.nodes[i].alive && dice == 0)
                stop (&net, i, TRUE);
              else if (net.nodes[i].alive && dice == 1)
                stop (&net, i, FALSE);
              else if (!net.nodes[i].alive && dice > 0)
                start (&net, i);
              run (&net, g_rand_int_range (net.random, 0, 1500) * MS);
            }
          run (&net, 30 * G_TIME_SPAN_SECOND);
          check_settled (&net, seed);
        }
      for (guint i = 0; i < NODES; i++)
        g_clear_pointer (&net.nodes[i].election, snug_local_election_free);
      g_rand_free (net.random);
      g_array_unref (net.events);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/local-election/alone", test_alone);
  g_test_add_func ("/local-election/first-in-order-first", test_first_in_order_first);
  g_test_add_func ("/local-election/failed", test_failed);
  g_test_add_func ("/local-election/host-yields-only-to-better", test_host_yields_only_to_better);
  g_test_add_func ("/local-election/patience", test_patience);
  g_test_add_func ("/local-election/flood", test_flood);
  g_test_add_func ("/local-election/rank", test_rank);
  g_test_add_func ("/local-election/network-settles", test_network_settles);
  return g_test_run ();
}

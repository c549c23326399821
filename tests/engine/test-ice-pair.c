/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pairs of candidates, as libnice's debug output tells of them.
 */
#include "snug-ice-pair.h"

static const char *const story[] = {
  "Agent 0x55d0 : creating a new pair",
  "Agent 0x55d0 : pair 0x7f10 state FROZEN (priv_add_new_check_pair)",
  "Agent 0x55d0 : new pair 0x7f10 : [192.0.2.2]:54712 --> [192.0.2.3]:47651",
  "Agent 0x55d0 : added a new pair 0x7f10 with foundation '1:1' and transport udp:udp to stream 1 component 1",
  "Agent 0x55d0 : new pair 0x7f20 : [fd00::2]:0 --> [fd00::3]:37475",
  "Agent 0x55d0 : added a new pair 0x7f20 with foundation '2:3' and transport tcp-act:tcp-pass to stream 1 component 1",
  "Agent 0x55d0 : pair 0x7f10 state WAITING (priv_conn_check_unfreeze_next)",
  "Agent 0x55d0 : pair 0x7f10 state IN_PROGRESS (priv_conn_check_initiate)",
  "Agent 0x55d0 : pair 0x7f10 state SUCCEEDED (priv_process_response_check_for_reflexive)",
  "Agent 0x55d0 : marking pair 0x7f10 (1:1) as nominated",
  "Agent 0x55d0 : pair 0x7f20 removed.",
  "Agent 0x55d0 : pair 0x7f10 removed.",
};

static void
tell (SnugIcePairs *pairs, const char *const *lines, gsize n_lines)
{
  for (gsize i = 0; i < n_lines; i++)
    snug_ice_pairs_read (pairs, lines[i]);
}

static void
test_story (void)
{
  g_autoptr (SnugIcePairs) pairs = snug_ice_pairs_new (NULL);
  const SnugIcePair *pair;

  tell (pairs, story, G_N_ELEMENTS (story));
  g_assert_cmpuint (snug_ice_pairs_get_n (pairs), ==, 2);
  pair = snug_ice_pairs_get (pairs, 0);
  g_assert_cmpstr (pair->local_address, ==, "192.0.2.2");
  g_assert_cmpuint (pair->local_port, ==, 54712);
  g_assert_cmpstr (pair->remote_address, ==, "192.0.2.3");
  g_assert_cmpuint (pair->remote_port, ==, 47651);
  g_assert_cmpstr (pair->protocol, ==, "udp");
  g_assert_true (pair->nominated);
  /* What becomes of it at the end does not undo that it worked. */
  g_assert_cmpint (pair->state, ==, SNUG_ICE_PAIR_SUCCEEDED);

  pair = snug_ice_pairs_get (pairs, 1);
  g_assert_cmpstr (pair->remote_address, ==, "fd00::3");
  g_assert_cmpstr (pair->protocol, ==, "tcp");
  g_assert_false (pair->nominated);
  g_assert_cmpint (pair->state, ==, SNUG_ICE_PAIR_DROPPED);
}

static void
test_agents (void)
{
  g_autoptr (SnugIcePairs) mine = snug_ice_pairs_new (GSIZE_TO_POINTER (0x55d0));
  g_autoptr (SnugIcePairs) other = snug_ice_pairs_new (GSIZE_TO_POINTER (0x55d1));

  tell (mine, story, G_N_ELEMENTS (story));
  tell (other, story, G_N_ELEMENTS (story));
  g_assert_cmpuint (snug_ice_pairs_get_n (mine), ==, 2);
  g_assert_cmpuint (snug_ice_pairs_get_n (other), ==, 0);
}

/* Memory is used again: the same handle is another pair. */
static void
test_same_handle (void)
{
  g_autoptr (SnugIcePairs) pairs = snug_ice_pairs_new (NULL);

  tell (pairs, story, 5);
  g_assert_nonnull (snug_ice_pairs_read (pairs, "Agent 0x55d0 : new pair 0x7f10 : [192.0.2.2]:1 --> [192.0.2.3]:2"));
  g_assert_nonnull (snug_ice_pairs_read (pairs, "Agent 0x55d0 : pair 0x7f10 state FAILED (x)"));
  g_assert_cmpuint (snug_ice_pairs_get_n (pairs), ==, 3);
  g_assert_cmpint (snug_ice_pairs_get (pairs, 0)->state, ==, SNUG_ICE_PAIR_FROZEN);
  g_assert_cmpint (snug_ice_pairs_get (pairs, 2)->state, ==, SNUG_ICE_PAIR_FAILED);
}

/* A check that comes back from behind a router makes a pair of its own, whose state is told before it. */
static void
test_discovered (void)
{
  static const char *const lines[] = {
    "Agent 0x55d0 : new pair 0x7f10 : [10.0.0.2]:54712 --> [192.0.2.3]:47651",
    "Agent 0x55d0 : added a new pair 0x7f10 with foundation '1:7' and transport udp:udp to stream 1 component 1",
    "Agent 0x55d0 : pair 0x7f10 state SUCCEEDED (priv_map_reply_to_conn_check_request)",
    "Agent 0x55d0 : pair 0x7f30 state DISCOVERED (priv_add_peer_reflexive_pair)",
    "Agent 0x55d0 : new pair 0x7f30 : [192.0.2.2]:54712 --> [192.0.2.3]:47651",
    "Agent 0x55d0 : marking pair 0x7f30 (7:7) as nominated",
    "Agent 0x55d0 : new pair 0x7f40 : [10.0.0.2]:54712 --> [192.0.2.4]:1",
  };
  g_autoptr (SnugIcePairs) pairs = snug_ice_pairs_new (NULL);
  const SnugIcePair *pair;

  tell (pairs, lines, G_N_ELEMENTS (lines));
  g_assert_cmpuint (snug_ice_pairs_get_n (pairs), ==, 3);
  pair = snug_ice_pairs_get (pairs, 1);
  g_assert_cmpstr (pair->local_address, ==, "192.0.2.2");
  g_assert_cmpstr (pair->protocol, ==, "udp");
  g_assert_cmpint (pair->state, ==, SNUG_ICE_PAIR_SUCCEEDED);
  g_assert_true (pair->nominated);
  g_assert_cmpint (snug_ice_pairs_get (pairs, 2)->state, ==, SNUG_ICE_PAIR_FROZEN);
}

static void
test_nonsense (void)
{
  static const char *const lines[] = {
    "", "Agent", "Agent ", "Agent 0x", "Agent 0x0 : pair 0x1 removed.", "Agent 0x1 : new pair",
    "Agent 0x1 : new pair 0x2 : [a]:1 --> [b]:2", "Agent 0x1 : new pair 0x2 : [192.0.2.1]:70000 --> [192.0.2.1]:1",
    "Agent 0x1 : new pair 0x2 : [192.0.2.1]:1 -> [192.0.2.1]:1", "Agent 0x1 : new pair 0x2 : [192.0.2.1]: --> [192.0.2.1]:1",
    "Agent 0x1 : new pair 0x2 : [192.0.2.1", "Agent 0x1 : pair 0x9 state SUCCEEDED", "Agent 0x1 : pair 0x7f10 state HAPPY",
    "Agent 0x1 : marking pair 0x9 as nominated", "another library says something",
  };
  g_autoptr (SnugIcePairs) pairs = snug_ice_pairs_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_null (snug_ice_pairs_read (pairs, lines[i]));
  g_assert_cmpuint (snug_ice_pairs_get_n (pairs), ==, 0);
}

static void
test_bounds (void)
{
  g_autoptr (SnugIcePairs) pairs = snug_ice_pairs_new (NULL);
  g_autofree char *line = g_strnfill (5000, 'x');

  for (guint i = 1; i <= 2000; i++)
    {
      g_autofree char *pair = g_strdup_printf ("Agent 0x1 : new pair 0x%x : [192.0.2.1]:1 --> [192.0.2.1]:2", i);

      snug_ice_pairs_read (pairs, pair);
    }
  g_assert_cmpuint (snug_ice_pairs_get_n (pairs), ==, 512);
  g_assert_null (snug_ice_pairs_read (pairs, line));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/ice-pair/story", test_story);
  g_test_add_func ("/engine/ice-pair/agents", test_agents);
  g_test_add_func ("/engine/ice-pair/same-handle", test_same_handle);
  g_test_add_func ("/engine/ice-pair/discovered", test_discovered);
  g_test_add_func ("/engine/ice-pair/nonsense", test_nonsense);
  g_test_add_func ("/engine/ice-pair/bounds", test_bounds);

  return g_test_run ();
}

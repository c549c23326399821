/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Codes that two people compare: the exchange of two sides, message by message, in every order that two ordered channels allow; and
 * what becomes of it when connections are made anew, when one side forgets, and when one cheats.
 */
#include "snug-verification.h"

#include <string.h>

#define ALICE "sha-256 AA:AA"
#define BOB "sha-256 BB:BB"
#define MALLORY "sha-256 CC:CC"

typedef struct
{
  SnugVerification *self;
  GHashTable *confirmed; /* the call's */
  GQueue sent; /* SnugPeerMessage, not yet received by the other side */
  guint n_reveals;
} Side;

static void
on_outgoing (Side *side, SnugPeerMessage *message)
{
  if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_CODE_REVEAL)
    side->n_reveals++;
  g_queue_push_tail (&side->sent, snug_peer_message_ref (message));
}

static void
side_init (Side *side)
{
  *side = (Side){ .confirmed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), .sent = G_QUEUE_INIT };
  side->self = snug_verification_new (side->confirmed);
  g_signal_connect_swapped (side->self, "outgoing", G_CALLBACK (on_outgoing), side);
}

/* What is on the way is lost with its channel. */
static void
side_lose (Side *side)
{
  SnugPeerMessage *message;

  while ((message = g_queue_pop_head (&side->sent)) != NULL)
    snug_peer_message_unref (message);
}

static void
side_clear (Side *side)
{
  side_lose (side);
  g_object_unref (side->self);
  g_hash_table_unref (side->confirmed);
}

/* The person has left the room and is there again, in the same call. */
static void
side_forget (Side *side)
{
  side_lose (side);
  g_object_unref (side->self);
  side->self = snug_verification_new (side->confirmed);
  g_signal_connect_swapped (side->self, "outgoing", G_CALLBACK (on_outgoing), side);
}

static gboolean
deliver (Side *from, Side *to)
{
  SnugPeerMessage *message = g_queue_pop_head (&from->sent);

  if (message == NULL)
    return FALSE;
  snug_verification_receive (to->self, message);
  snug_peer_message_unref (message);

  return TRUE;
}

/* order: its bits tell whose turn it is. */
static void
exchange (Side *a, Side *b, guint order)
{
  while (!g_queue_is_empty (&a->sent) || !g_queue_is_empty (&b->sent))
    {
      gboolean done = order & 1 ? deliver (a, b) : deliver (b, a);

      order >>= 1;
      if (!done && !deliver (a, b))
        deliver (b, a);
    }
}

static void
assert_same (Side *a, Side *b, SnugShortCode *code)
{
  SnugShortCode other;

  g_assert_true (snug_verification_get_code (a->self, code));
  g_assert_true (snug_verification_get_code (b->self, &other));
  g_assert_cmpmem (code->symbols, sizeof code->symbols, other.symbols, sizeof other.symbols);
}

static void
open_both (Side *a, Side *b)
{
  side_lose (a);
  side_lose (b);
  snug_verification_open (a->self, ALICE, BOB);
  snug_verification_open (b->self, BOB, ALICE);
}

static void
test_orders (void)
{
  for (guint order = 0; order < 64; order++)
    {
      Side a, b;
      SnugShortCode code;

      side_init (&a);
      side_init (&b);
      /* One may be later: its channel tells nothing before. */
      snug_verification_open (a.self, ALICE, BOB);
      g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_NONE);
      g_assert_false (snug_verification_get_code (a.self, &code));
      snug_verification_open (b.self, BOB, ALICE);
      exchange (&a, &b, order);
      assert_same (&a, &b, &code);
      g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_READY);
      g_assert_cmpuint (a.n_reveals, ==, 1);
      g_assert_cmpuint (b.n_reveals, ==, 1);
      side_clear (&a);
      side_clear (&b);
    }
}

/* The channel is lost after any number of messages, in any order, twice, and opens again. */
static void
test_reconnect (void)
{
  for (guint order = 0; order < 16; order++)
    for (guint n = 0; n <= 4; n++)
      {
        Side a, b;
        SnugShortCode code, again;

        side_init (&a);
        side_init (&b);
        for (guint attempt = 0; attempt < 2; attempt++)
          {
            open_both (&a, &b);
            for (guint i = 0; i < n; i++)
              {
                if (!(order >> i & 1 ? deliver (&a, &b) : deliver (&b, &a)) && !deliver (&a, &b))
                  deliver (&b, &a);
              }
          }
        open_both (&a, &b);
        exchange (&a, &b, order);
        assert_same (&a, &b, &code);

        snug_verification_answer (a.self, TRUE);
        open_both (&a, &b);
        exchange (&a, &b, ~order);
        assert_same (&a, &b, &again);
        g_assert_cmpmem (code.symbols, sizeof code.symbols, again.symbols, sizeof again.symbols);
        g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_CONFIRMED);
        g_assert_cmpint (snug_verification_get_state (b.self), ==, SNUG_VERIFICATION_READY);
        side_clear (&a);
        side_clear (&b);
      }
}

/* One side has begun anew, at any point of the first exchange: both do, with other nonces. */
static void
test_forgotten (void)
{
  for (guint order = 0; order < 64; order++)
    for (guint n = 0; n <= 4; n++)
      for (guint who = 1; who <= 3; who++)
        {
          Side a, b;
          SnugShortCode code;

          side_init (&a);
          side_init (&b);
          open_both (&a, &b);
          for (guint i = 0; i < n; i++)
            {
              if (!(order >> i & 1 ? deliver (&a, &b) : deliver (&b, &a)) && !deliver (&a, &b))
                deliver (&b, &a);
            }
          if (n == 4)
            snug_verification_answer (b.self, TRUE);
          if (who & 1)
            side_forget (&a);
          if (who & 2)
            side_forget (&b);
          open_both (&a, &b);
          exchange (&a, &b, order);
          assert_same (&a, &b, &code);
          g_assert_cmpint (snug_verification_get_state (b.self), ==,
                           n == 4 ? SNUG_VERIFICATION_CONFIRMED : SNUG_VERIFICATION_READY);
          side_clear (&a);
          side_clear (&b);
        }
}

/* A nonce that has been told is never used with another commitment. */
static void
test_no_second_guess (void)
{
  Side a, b;
  SnugShortCode code, again;
  g_autofree char *nonce = snug_short_code_new_nonce ();
  g_autofree char *commitment = snug_short_code_commit (BOB, ALICE, nonce);
  g_autofree char *first = NULL;
  g_autoptr (SnugPeerMessage) commit = snug_peer_message_new_code_commit (commitment, NULL);
  SnugPeerMessage *last;

  side_init (&a);
  side_init (&b);
  open_both (&a, &b);
  exchange (&a, &b, 0);
  assert_same (&a, &b, &code);

  side_lose (&a);
  snug_verification_open (a.self, ALICE, BOB);
  first = g_strdup (snug_peer_message_get_commitment (g_queue_peek_tail (&a.sent)));
  snug_verification_receive (a.self, commit);
  /* Nothing but another commitment, before anything is revealed. */
  g_assert_cmpuint (a.n_reveals, ==, 1);
  last = g_queue_peek_tail (&a.sent);
  g_assert_cmpint (snug_peer_message_get_kind (last), ==, SNUG_PEER_MESSAGE_CODE_COMMIT);
  g_assert_cmpstr (snug_peer_message_get_commitment (last), !=, first);
  g_assert_null (snug_peer_message_get_known_commitment (last));
  g_assert_false (snug_verification_get_code (a.self, &again));
  snug_verification_receive (a.self, commit);
  g_assert_cmpuint (a.n_reveals, ==, 2);
  snug_verification_receive (a.self, commit);
  g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_BROKEN);
  side_clear (&a);
  side_clear (&b);
}

static void
test_other_certificate (void)
{
  Side a, b;
  SnugShortCode code;

  side_init (&a);
  side_init (&b);
  open_both (&a, &b);
  exchange (&a, &b, 0);
  snug_verification_answer (a.self, TRUE);
  snug_verification_answer (b.self, FALSE);
  g_assert_cmpint (snug_verification_get_state (b.self), ==, SNUG_VERIFICATION_DIFFERENT);
  snug_verification_answer (b.self, TRUE);
  g_assert_cmpint (snug_verification_get_state (b.self), ==, SNUG_VERIFICATION_CONFIRMED);

  snug_verification_open (a.self, ALICE, MALLORY);
  snug_verification_open (b.self, MALLORY, ALICE);
  g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_NONE);
  g_assert_cmpint (snug_verification_get_state (b.self), ==, SNUG_VERIFICATION_NONE);
  exchange (&a, &b, 0);
  assert_same (&a, &b, &code);
  g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_READY);
  side_clear (&a);
  side_clear (&b);
}

/* Somebody in the middle passes on what the two say: each sees another certificate, so nothing opens. */
static void
test_in_the_middle (void)
{
  Side a, b;
  SnugShortCode code;

  side_init (&a);
  side_init (&b);
  snug_verification_open (a.self, ALICE, MALLORY);
  snug_verification_open (b.self, BOB, MALLORY);
  exchange (&a, &b, 0);
  g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_BROKEN);
  g_assert_cmpint (snug_verification_get_state (b.self), ==, SNUG_VERIFICATION_BROKEN);
  g_assert_false (snug_verification_get_code (a.self, &code));
  side_clear (&a);
  side_clear (&b);
}

/* It keeps the rules with each, then: the two codes differ. */
static void
test_honest_middle (void)
{
  Side a, b, to_a, to_b;
  SnugShortCode left, right;

  side_init (&a);
  side_init (&b);
  side_init (&to_a);
  side_init (&to_b);
  snug_verification_open (a.self, ALICE, MALLORY);
  snug_verification_open (to_a.self, MALLORY, ALICE);
  snug_verification_open (b.self, BOB, MALLORY);
  snug_verification_open (to_b.self, MALLORY, BOB);
  exchange (&a, &to_a, 0);
  exchange (&b, &to_b, 0);
  assert_same (&a, &to_a, &left);
  assert_same (&b, &to_b, &right);
  g_assert_cmpint (memcmp (left.symbols, right.symbols, sizeof left.symbols), !=, 0);
  side_clear (&a);
  side_clear (&b);
  side_clear (&to_a);
  side_clear (&to_b);
}

static SnugPeerMessage *
other_reveal (void)
{
  g_autofree char *nonce = snug_short_code_new_nonce ();

  return snug_peer_message_new_code_reveal (nonce);
}

static void
test_cheats (void)
{
  g_autofree char *nonce = snug_short_code_new_nonce ();
  g_autofree char *commitment = snug_short_code_commit (BOB, ALICE, nonce);

  for (guint cheat = 0; cheat < 6; cheat++)
    {
      Side a;
      SnugShortCode code;
      SnugPeerMessage *messages[3] = { NULL };

      side_init (&a);
      snug_verification_open (a.self, ALICE, BOB);
      if (cheat == 0) /* something else than it committed to */
        {
          messages[0] = snug_peer_message_new_code_commit (commitment, NULL);
          messages[1] = other_reveal ();
        }
      else if (cheat == 1) /* before it commits */
        messages[0] = other_reveal ();
      else if (cheat == 2) /* twice */
        {
          messages[0] = snug_peer_message_new_code_commit (commitment, NULL);
          messages[1] = snug_peer_message_new_code_commit (commitment, NULL);
        }
      else if (cheat == 3) /* ours */
        messages[0] = snug_peer_message_ref (g_queue_peek_head (&a.sent));
      else if (cheat == 4) /* knows what nobody has said, again and again */
        {
          messages[0] = snug_peer_message_new_code_commit (commitment, nonce);
          messages[1] = snug_peer_message_new_code_commit (commitment, nonce);
        }
      else if (cheat == 5) /* after the code is there */
        {
          messages[0] = snug_peer_message_new_code_commit (commitment, NULL);
          messages[1] = snug_peer_message_new_code_reveal (nonce);
          messages[2] = other_reveal ();
        }

      for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
        {
          if (messages[i] != NULL)
            snug_verification_receive (a.self, messages[i]);
          g_clear_pointer (&messages[i], snug_peer_message_unref);
        }
      g_test_message ("cheat %u", cheat);
      g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_BROKEN);
      g_assert_false (snug_verification_get_code (a.self, &code));
      /* It stays so, on other channels with that certificate, too, and whatever is answered. */
      side_lose (&a);
      snug_verification_answer (a.self, TRUE);
      snug_verification_open (a.self, ALICE, BOB);
      g_assert_true (g_queue_is_empty (&a.sent));
      g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_BROKEN);
      side_clear (&a);
    }
}

/* Two calls of one process have one certificate. */
static void
test_oneself (void)
{
  Side a;
  g_autoptr (SnugPeerMessage) reveal = other_reveal ();

  side_init (&a);
  snug_verification_open (a.self, ALICE, ALICE);
  g_assert_true (g_queue_is_empty (&a.sent));
  snug_verification_receive (a.self, reveal);
  g_assert_cmpint (snug_verification_get_state (a.self), ==, SNUG_VERIFICATION_NONE);
  side_clear (&a);
}

/* Before anything is open, all is ignored. */
static void
test_early (void)
{
  g_autoptr (GHashTable) confirmed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (SnugVerification) self = snug_verification_new (confirmed);
  g_autoptr (SnugPeerMessage) reveal = other_reveal ();

  snug_verification_receive (self, reveal);
  snug_verification_answer (self, TRUE);
  g_assert_cmpint (snug_verification_get_state (self), ==, SNUG_VERIFICATION_NONE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/verification/orders", test_orders);
  g_test_add_func ("/verification/reconnect", test_reconnect);
  g_test_add_func ("/verification/forgotten", test_forgotten);
  g_test_add_func ("/verification/no-second-guess", test_no_second_guess);
  g_test_add_func ("/verification/other-certificate", test_other_certificate);
  g_test_add_func ("/verification/in-the-middle", test_in_the_middle);
  g_test_add_func ("/verification/honest-middle", test_honest_middle);
  g_test_add_func ("/verification/cheats", test_cheats);
  g_test_add_func ("/verification/oneself", test_oneself);
  g_test_add_func ("/verification/early", test_early);

  return g_test_run ();
}

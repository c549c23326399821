/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A channel that comes back.
 */
#include "snug-lasting-signaling.h"

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-mock-signaling.h"

typedef struct
{
  SnugMockRoom *room;
  SnugSignaling *inner; /* the newest; borrowed */
  guint n_made;
  SnugSignaling *lasting;
  guint n_messages;
} Fixture;

static SnugSignaling *
make (gpointer data)
{
  Fixture *fixture = data;

  fixture->n_made++;
  fixture->inner = snug_mock_room_add (fixture->room);
  return fixture->inner;
}

static void
on_message (Fixture *fixture)
{
  fixture->n_messages++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->room = snug_mock_room_new ();
  fixture->lasting = snug_lasting_signaling_new (make, fixture, NULL);
  g_signal_connect_swapped (fixture->lasting, "message", G_CALLBACK (on_message), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->lasting != NULL)
    {
      snug_signaling_close (fixture->lasting);
      snug_await (snug_signaling_get_state (fixture->lasting) == SNUG_SIGNALING_CLOSED);
      g_assert_null (snug_signaling_get_error (fixture->lasting));
      snug_await_finalized (fixture->lasting);
    }
  snug_mock_room_free (fixture->room);
}

static gboolean
is_open (Fixture *fixture)
{
  return snug_signaling_get_state (fixture->lasting) == SNUG_SIGNALING_OPEN;
}

static void
join (Fixture *fixture)
{
  g_autoptr (SnugMessage) message = snug_message_new_join (SNUG_TEST_ROOM);
  guint n = fixture->n_messages;

  snug_signaling_send (fixture->lasting, message);
  snug_await (fixture->n_messages == n + 1);
}

static void
open_and_join (Fixture *fixture)
{
  snug_signaling_open (fixture->lasting);
  snug_await (is_open (fixture));
  join (fixture);
}

static void
test_comes_back (Fixture *fixture, gconstpointer data)
{
  open_and_join (fixture);
  for (guint i = 2; i < 4; i++)
    {
      snug_mock_room_lose (fixture->room, fixture->inner);
      g_assert_cmpint (snug_signaling_get_state (fixture->lasting), ==, SNUG_SIGNALING_OPENING);
      g_assert_error (snug_signaling_get_error (fixture->lasting), SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_LOST);
      snug_await (is_open (fixture));
      g_assert_cmpuint (fixture->n_made, ==, i);
      join (fixture);
    }
}

static void
test_first_error_is_final (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE, "down");

  snug_mock_room_set_open_error (fixture->room, error);
  snug_signaling_open (fixture->lasting);
  snug_await (snug_signaling_get_state (fixture->lasting) == SNUG_SIGNALING_CLOSED);
  g_assert_error (snug_signaling_get_error (fixture->lasting), SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE);
  g_assert_cmpuint (fixture->n_made, ==, 1);
  snug_await_finalized (fixture->lasting);
}

static void
test_tries_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE, "down");

  open_and_join (fixture);
  snug_mock_room_set_open_error (fixture->room, error);
  snug_mock_room_lose (fixture->room, fixture->inner);
  snug_await (fixture->n_made == 3);
  g_assert_false (is_open (fixture));
  snug_mock_room_set_open_error (fixture->room, NULL);
  snug_await (is_open (fixture));
}

static void
test_flood_is_final (Fixture *fixture, gconstpointer data)
{
  open_and_join (fixture);
  snug_signaling_set_closed (fixture->inner, g_error_new_literal (SNUG_SIGNALING_ERROR,
                                                                 SNUG_SIGNALING_ERROR_FLOODED, "too much"));
  g_assert_cmpint (snug_signaling_get_state (fixture->lasting), ==, SNUG_SIGNALING_CLOSED);
  snug_await_finalized (fixture->lasting);
}

static void
test_renew (Fixture *fixture, gconstpointer data)
{
  /* Of no use before. */
  snug_signaling_renew (fixture->lasting);
  open_and_join (fixture);
  snug_signaling_renew (fixture->lasting);
  g_assert_cmpint (snug_signaling_get_state (fixture->lasting), ==, SNUG_SIGNALING_OPENING);
  g_assert_cmpuint (fixture->n_made, ==, 2);
  /* On the way, and again. */
  snug_signaling_renew (fixture->lasting);
  g_assert_cmpuint (fixture->n_made, ==, 3);
  snug_await (is_open (fixture));
  join (fixture);
}

static void
test_close_meanwhile (Fixture *fixture, gconstpointer data)
{
  open_and_join (fixture);
  snug_mock_room_lose (fixture->room, fixture->inner);
  snug_signaling_close (fixture->lasting);
  g_assert_cmpint (snug_signaling_get_state (fixture->lasting), ==, SNUG_SIGNALING_CLOSED);
  g_assert_cmpuint (fixture->n_made, ==, 1);
  snug_await_finalized (fixture->lasting);
}

static void
test_pauses (void)
{
  guint last = 0;

  for (guint n = 0; n < 100; n++)
    {
      guint pause = snug_lasting_signaling_get_pause (n, 0.5);

      g_assert_cmpuint (pause, >=, last);
      g_assert_cmpuint (snug_lasting_signaling_get_pause (n, 0.0), ==, (guint) (pause * 0.75));
      g_assert_cmpuint (snug_lasting_signaling_get_pause (n, 1.0), <=, SNUG_LASTING_SIGNALING_PAUSE_MAX_MS * 1.25);
      last = pause;
    }
  g_assert_cmpuint (snug_lasting_signaling_get_pause (0, 0.5), ==, SNUG_LASTING_SIGNALING_PAUSE_MS);
  g_assert_cmpuint (last, ==, SNUG_LASTING_SIGNALING_PAUSE_MAX_MS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/lasting-signaling/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("comes-back", test_comes_back);
  ADD ("first-error-is-final", test_first_error_is_final);
  ADD ("tries-again", test_tries_again);
  ADD ("flood-is-final", test_flood_is_final);
  ADD ("renew", test_renew);
  ADD ("close-meanwhile", test_close_meanwhile);
#undef ADD
  g_test_add_func ("/lasting-signaling/pauses", test_pauses);

  return g_test_run ();
}

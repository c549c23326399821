/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The abstract channel's promises, kept by the mock that other tests rely on.
 */
#include "snug-signaling.h"

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-mock-signaling.h"

typedef struct
{
  SnugMockRoom *room;
  SnugSignaling *a;
  SnugSignaling *b;
  GPtrArray *heard_a; /* SnugMessage */
  GPtrArray *heard_b;
} Fixture;

static void
on_message (SnugSignaling *signaling, SnugMessage *message, GPtrArray *heard)
{
  g_ptr_array_add (heard, snug_message_ref (message));
}

static SnugSignaling *
add (SnugMockRoom *room, GPtrArray **heard)
{
  SnugSignaling *signaling = snug_mock_room_add (room);

  *heard = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_message_unref);
  g_signal_connect (signaling, "message", G_CALLBACK (on_message), *heard);
  return signaling;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->room = snug_mock_room_new ();
  fixture->a = add (fixture->room, &fixture->heard_a);
  fixture->b = add (fixture->room, &fixture->heard_b);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->a != NULL)
    snug_await_finalized (fixture->a);
  if (fixture->b != NULL)
    snug_await_finalized (fixture->b);
  g_ptr_array_unref (fixture->heard_a);
  g_ptr_array_unref (fixture->heard_b);
  snug_mock_room_free (fixture->room);
}

static void
await_open (SnugSignaling *signaling)
{
  snug_signaling_open (signaling);
  g_assert_cmpint (snug_signaling_get_state (signaling), ==, SNUG_SIGNALING_OPENING);
  snug_await (snug_signaling_get_state (signaling) == SNUG_SIGNALING_OPEN);
}

/* message: (transfer full) */
static void
say (SnugSignaling *signaling, SnugMessage *message)
{
  snug_signaling_send (signaling, message);
  snug_message_unref (message);
}

static SnugMessageKind
get_kind (GPtrArray *heard, guint index)
{
  g_assert_cmpuint (index, <, heard->len);
  return snug_message_get_kind (g_ptr_array_index (heard, index));
}

static void
meet (Fixture *fixture)
{
  await_open (fixture->a);
  await_open (fixture->b);
  say (fixture->a, snug_message_new_join (SNUG_TEST_ROOM));
  say (fixture->b, snug_message_new_join (SNUG_TEST_ROOM));
  snug_await (fixture->heard_a->len == 2 && fixture->heard_b->len == 1);
}

static void
test_finalize (Fixture *fixture, gconstpointer data)
{
  SnugSignaling *signaling = snug_mock_room_add (fixture->room);

  g_assert_cmpint (snug_signaling_get_state (signaling), ==, SNUG_SIGNALING_IDLE);
  g_assert_null (snug_signaling_get_error (signaling));
  snug_await_finalized (signaling);
}

static void
test_meet (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  g_assert_cmpint (get_kind (fixture->heard_a, 0), ==, SNUG_MESSAGE_JOINED);
  g_assert_cmpint (get_kind (fixture->heard_a, 1), ==, SNUG_MESSAGE_PEER_JOINED);
  g_assert_cmpint (get_kind (fixture->heard_b, 0), ==, SNUG_MESSAGE_JOINED);

  say (fixture->a, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "peer-2", "hello"));
  /* Nothing arrives from inside a call. */
  g_assert_cmpuint (fixture->heard_b->len, ==, 1);
  snug_await (fixture->heard_b->len == 2);
  g_assert_cmpstr (snug_message_get_payload (g_ptr_array_index (fixture->heard_b, 1)), ==, "hello");
  g_assert_cmpstr (snug_message_get_peer_id (g_ptr_array_index (fixture->heard_b, 1)), ==,
                   "peer-1");
  g_assert_cmpuint (snug_mock_room_get_n_delivered (fixture->room, SNUG_MESSAGE_SIGNAL), ==, 1);

  say (fixture->b, snug_message_new_leave ());
  snug_await (fixture->heard_a->len == 3);
  g_assert_cmpint (get_kind (fixture->heard_a, 2), ==, SNUG_MESSAGE_PEER_LEFT);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *payload = g_strdup_printf ("%u", i);

      say (fixture->a, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "peer-2", payload));
    }
  snug_await (fixture->heard_b->len == 101);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *payload = g_strdup_printf ("%u", i);

      g_assert_cmpstr (snug_message_get_payload (g_ptr_array_index (fixture->heard_b, i + 1)), ==,
                       payload);
    }
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  /* What was sent before still goes out; what comes after does not. */
  say (fixture->b, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "peer-1", "last words"));
  snug_signaling_close (fixture->b);
  say (fixture->b, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "peer-1", "too late"));
  snug_signaling_close (fixture->b);
  snug_await (snug_signaling_get_state (fixture->b) == SNUG_SIGNALING_CLOSED);
  g_assert_null (snug_signaling_get_error (fixture->b));
  snug_signaling_close (fixture->b);

  snug_await (fixture->heard_a->len == 4);
  g_assert_cmpstr (snug_message_get_payload (g_ptr_array_index (fixture->heard_a, 2)), ==,
                   "last words");
  g_assert_cmpint (get_kind (fixture->heard_a, 3), ==, SNUG_MESSAGE_PEER_LEFT);
}

/* Who has closed hears nothing more, neither what was on its way nor what comes after. */
static void
test_close_silences (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  snug_mock_room_inject (fixture->room, fixture->b,
                         snug_message_new_error (SNUG_PROTOCOL_ERROR_OTHER, "on its way"));
  snug_signaling_close (fixture->b);
  snug_mock_room_inject (fixture->room, fixture->b,
                         snug_message_new_error (SNUG_PROTOCOL_ERROR_OTHER, "after"));
  snug_await (snug_signaling_get_state (fixture->b) == SNUG_SIGNALING_CLOSED);
  snug_await_idle ();
  g_assert_cmpuint (fixture->heard_b->len, ==, 1);
}

static void
test_close_idle (Fixture *fixture, gconstpointer data)
{
  snug_signaling_close (fixture->a);
  g_assert_cmpint (snug_signaling_get_state (fixture->a), ==, SNUG_SIGNALING_CLOSED);
  snug_signaling_open (fixture->b);
  snug_signaling_close (fixture->b);
  snug_await (snug_signaling_get_state (fixture->b) == SNUG_SIGNALING_CLOSED);
  g_assert_null (snug_signaling_get_error (fixture->b));
}

static void
test_open_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error
    = g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE, "no");

  snug_mock_room_set_open_error (fixture->room, error);
  snug_signaling_open (fixture->a);
  snug_await (snug_signaling_get_state (fixture->a) == SNUG_SIGNALING_CLOSED);
  g_assert_error (snug_signaling_get_error (fixture->a), SNUG_SIGNALING_ERROR,
                  SNUG_SIGNALING_ERROR_UNREACHABLE);
  say (fixture->a, snug_message_new_leave ());
  snug_mock_room_set_open_error (fixture->room, NULL);
  await_open (fixture->b);
}

static void
test_break (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  snug_mock_room_break (fixture->room, fixture->b);
  g_assert_cmpint (snug_signaling_get_state (fixture->b), ==, SNUG_SIGNALING_CLOSED);
  g_assert_error (snug_signaling_get_error (fixture->b), SNUG_SIGNALING_ERROR,
                  SNUG_SIGNALING_ERROR_LOST);
  snug_await (fixture->heard_a->len == 3);
  g_assert_cmpint (get_kind (fixture->heard_a, 2), ==, SNUG_MESSAGE_PEER_LEFT);
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  snug_await_finalized (fixture->b);
  snug_await (fixture->heard_a->len == 3);
  g_assert_cmpint (get_kind (fixture->heard_a, 2), ==, SNUG_MESSAGE_PEER_LEFT);
}

static SnugMessage *
alter (SnugMessage *message, SnugSignaling *recipient, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true (recipient == fixture->a || recipient == fixture->b);
  if (snug_message_get_kind (message) != SNUG_MESSAGE_SIGNAL)
    return snug_message_ref (message);
  if (g_str_equal (snug_message_get_payload (message), "drop"))
    return NULL;
  return snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, snug_message_get_peer_id (message),
                                  "altered");
}

static void
test_filter (Fixture *fixture, gconstpointer data)
{
  snug_mock_room_set_filter (fixture->room, alter, fixture);
  meet (fixture);
  say (fixture->a, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "peer-2", "drop"));
  say (fixture->a, snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "peer-2", "hello"));
  snug_await (fixture->heard_b->len == 2);
  g_assert_cmpstr (snug_message_get_payload (g_ptr_array_index (fixture->heard_b, 1)), ==,
                   "altered");
  snug_mock_room_set_filter (fixture->room, NULL, NULL);
}

static void
test_inject (Fixture *fixture, gconstpointer data)
{
  meet (fixture);
  snug_mock_room_inject (fixture->room, fixture->a,
                         snug_message_new_error (SNUG_PROTOCOL_ERROR_SHUTTING_DOWN, "x"));
  snug_await (fixture->heard_a->len == 3);
  g_assert_cmpint (get_kind (fixture->heard_a, 2), ==, SNUG_MESSAGE_ERROR);
}

/* A handler that lets go of the channel, or closes it, while the channel is emitting. */
static void
drop_on_state (SnugSignaling *signaling, GParamSpec *pspec, SnugSignaling **variable)
{
  if (snug_signaling_get_state (signaling) == SNUG_SIGNALING_OPEN)
    g_clear_object (variable);
}

static void
test_drop_in_handler (Fixture *fixture, gconstpointer data)
{
  g_signal_connect (fixture->a, "notify::state", G_CALLBACK (drop_on_state), &fixture->a);
  snug_signaling_open (fixture->a);
  snug_await (fixture->a == NULL);
  snug_await_idle ();
}

static void
close_on_opening (SnugSignaling *signaling)
{
  snug_signaling_close (signaling);
}

static void
test_close_in_handler (Fixture *fixture, gconstpointer data)
{
  g_signal_connect (fixture->a, "notify::state", G_CALLBACK (close_on_opening), NULL);
  snug_signaling_open (fixture->a);
  snug_await (snug_signaling_get_state (fixture->a) == SNUG_SIGNALING_CLOSED);
  g_assert_null (snug_signaling_get_error (fixture->a));
}

/* The error is there when the state is notified. */
static void
check_error (SnugSignaling *signaling, GParamSpec *pspec, gboolean *checked)
{
  SnugSignalingState state;
  g_autoptr (GError) error = NULL;

  g_object_get (signaling, "state", &state, "error", &error, NULL);
  if (state != SNUG_SIGNALING_CLOSED)
    return;
  g_assert_error (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_LOST);
  *checked = TRUE;
}

static void
test_error_before_state (Fixture *fixture, gconstpointer data)
{
  gboolean checked = FALSE;

  meet (fixture);
  g_signal_connect (fixture->b, "notify::state", G_CALLBACK (check_error), &checked);
  snug_mock_room_break (fixture->room, fixture->b);
  g_assert_true (checked);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/signaling/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("finalize", test_finalize);
  ADD ("meet", test_meet);
  ADD ("order", test_order);
  ADD ("close", test_close);
  ADD ("close-silences", test_close_silences);
  ADD ("close-idle", test_close_idle);
  ADD ("open-error", test_open_error);
  ADD ("break", test_break);
  ADD ("drop", test_drop);
  ADD ("filter", test_filter);
  ADD ("inject", test_inject);
  ADD ("drop-in-handler", test_drop_in_handler);
  ADD ("close-in-handler", test_close_in_handler);
  ADD ("error-before-state", test_error_before_state);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection takes the place of another in the middle of a call: real connections over loopback.
 */
#include <string.h>

#include "snug-await.h"
#include "snug-lasting-signaling.h"
#include "snug-peer-message.h"
#include "snug-peer-private.h"
#include "snug-test-call.h"

/* What went by way of the server, for saying it again. */
typedef struct
{
  GPtrArray *messages;   /* of SnugMessage */
  GPtrArray *recipients; /* of SnugSignaling, borrowed, as many */
  guint newest;          /* generation in an offer */
  gboolean mute;         /* nothing passes */
} SnugWire;

static SnugMessage *
record (SnugMessage *message, SnugSignaling *recipient, gpointer data)
{
  SnugWire *wire = data;
  g_autoptr (SnugPeerMessage) said = snug_test_open_payload (message, recipient, NULL);

  if (snug_message_get_kind (message) == SNUG_MESSAGE_SIGNAL)
    {
      if (wire->mute)
        return NULL;
      if (said != NULL && snug_peer_message_get_kind (said) == SNUG_PEER_MESSAGE_DESCRIPTION)
        wire->newest = MAX (wire->newest, snug_peer_message_get_generation (said));
      g_ptr_array_add (wire->messages, snug_message_ref (message));
      g_ptr_array_add (wire->recipients, recipient);
    }

  return snug_message_ref (message);
}

/* A person's way to the server, as often as it has to be opened. */
typedef struct
{
  SnugMockRoom *room;
  SnugSignaling *channel; /* the newest; borrowed */
} SnugWay;

static SnugSignaling *
open_way (gpointer data)
{
  SnugWay *way = data;

  way->channel = snug_mock_room_add (way->room);

  return way->channel;
}

typedef struct
{
  SnugMockRoom *room;
  SnugWay first_way;
  SnugWay second_way;
  SnugTestPerson *first;  /* answers */
  SnugTestPerson *second; /* offers */
  SnugWire wire;
  guint n_changes; /* of the first one's view of the second */
} SnugPair;

static void
on_state (SnugPair *pair)
{
  pair->n_changes++;
}

static SnugPair *
pair_new (void)
{
  SnugPair *pair = g_new0 (SnugPair, 1);

  pair->wire.messages = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_message_unref);
  pair->wire.recipients = g_ptr_array_new ();
  pair->room = snug_mock_room_new ();
  snug_mock_room_set_filter (pair->room, record, &pair->wire);
  pair->first_way.room = pair->second_way.room = pair->room;
  pair->first = snug_test_person_new_over (snug_lasting_signaling_new (open_way, &pair->first_way, NULL), "First");
  pair->second = snug_test_person_new_over (snug_lasting_signaling_new (open_way, &pair->second_way, NULL), "Second");
  snug_test_person_join (pair->first);
  snug_test_person_join (pair->second);
  snug_test_await_call (pair->first, pair->second);
  snug_await (pair->first->n_first_frames == 2 && pair->second->n_first_frames == 2);
  g_signal_connect_swapped (snug_test_person_get_peer (pair->first, 0), "notify::state", G_CALLBACK (on_state), pair);

  return pair;
}

static void
pair_free (SnugPair *pair)
{
  if (snug_test_person_get_peer (pair->first, 0) != NULL)
    g_signal_handlers_disconnect_by_data (snug_test_person_get_peer (pair->first, 0), pair);
  snug_mock_room_set_filter (pair->room, NULL, NULL);
  snug_test_person_free (pair->second);
  snug_test_person_free (pair->first);
  snug_mock_room_free (pair->room);
  g_ptr_array_unref (pair->wire.messages);
  g_ptr_array_unref (pair->wire.recipients);
  g_free (pair);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugPair, pair_free)

static gboolean
chat_is (SnugTestPerson *person, const char *expected)
{
  g_autofree char *chat = snug_test_person_dup_chat (person);

  return g_strcmp0 (chat, expected) == 0;
}

/* Whoever it is that wants another connection: pictures, sound and chat are there again, and nobody saw anything of it. */
static void
renew (SnugPair *pair, SnugTestPerson *who)
{
  guint generation = pair->wire.newest;
  guint first = pair->first->n_first_frames;
  guint second = pair->second->n_first_frames;

  snug_peer_renew_path (snug_test_person_get_peer (who, 0));
  snug_await (pair->first->n_first_frames == first + 2 && pair->second->n_first_frames == second + 2);
  snug_test_await_call (pair->first, pair->second);
  g_assert_cmpuint (pair->wire.newest, ==, generation + 1);
  g_assert_cmpuint (pair->n_changes, ==, 0);
  snug_await (snug_peer_get_audio_level (snug_test_person_get_peer (pair->first, 0)) > -60);
}

static void
test_renew (void)
{
  g_autoptr (SnugPair) pair = pair_new ();

  /* By the one who offers, by the one who can only ask, and in both orders. */
  renew (pair, pair->second);
  renew (pair, pair->first);
  renew (pair, pair->first);
  renew (pair, pair->second);
  g_assert_cmpuint (pair->first->n_failed + pair->second->n_failed, ==, 0);
}

static void
test_both_at_once (void)
{
  g_autoptr (SnugPair) pair = pair_new ();

  snug_peer_renew_path (snug_test_person_get_peer (pair->first, 0));
  snug_peer_renew_path (snug_test_person_get_peer (pair->second, 0));
  snug_await (pair->first->n_first_frames >= 4 && pair->second->n_first_frames >= 4);
  snug_test_await_call (pair->first, pair->second);
  g_assert_cmpuint (pair->n_changes, ==, 0);
}

static void
test_chat (void)
{
  g_autoptr (SnugPair) pair = pair_new ();
  SnugChat *first = snug_call_get_chat (pair->first->call);
  SnugChat *second = snug_call_get_chat (pair->second->call);

  /* Before, into the middle, after: once each, and in the order in which they were written. */
  snug_chat_send (first, "one");
  snug_peer_renew_path (snug_test_person_get_peer (pair->second, 0));
  snug_chat_send (first, "two");
  snug_await (pair->first->n_first_frames >= 3);
  snug_chat_send (first, "three");
  snug_await (pair->first->n_first_frames == 4 && pair->second->n_first_frames == 4);
  snug_chat_send (first, "four");
  snug_await (chat_is (pair->second, "one|two|three|four"));
  snug_chat_send (second, "five");
  snug_await (chat_is (pair->first, "one|two|three|four|five"));
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (G_LIST_MODEL (first), i);

      snug_await (snug_chat_message_get_state (message) == SNUG_CHAT_MESSAGE_DELIVERED);
    }

  /* What is muted stays so, and is said again. */
  snug_local_media_set_video_enabled (pair->second->media, FALSE);
  snug_peer_renew_path (snug_test_person_get_peer (pair->second, 0));
  snug_await (pair->wire.newest == 3);
  snug_await (!snug_peer_get_video_enabled (snug_test_person_get_peer (pair->first, 0)));
  snug_await (snug_peer_get_chat_open (snug_test_person_get_peer (pair->first, 0)));
}

static void
test_replay (void)
{
  g_autoptr (SnugPair) pair = pair_new ();
  guint n_messages;

  renew (pair, pair->second);
  n_messages = pair->wire.messages->len;
  for (guint i = 0; i < n_messages; i++)
    snug_mock_room_inject (pair->room, pair->wire.recipients->pdata[i],
                           snug_message_ref (pair->wire.messages->pdata[i]));
  /* They have all arrived when what comes after them has. */
  snug_chat_send (snug_call_get_chat (pair->first->call), "still here");
  snug_await (chat_is (pair->second, "still here"));
  snug_await (pair->wire.messages->len >= 2 * n_messages);
  g_assert_cmpuint (pair->wire.newest, ==, 2);
  g_assert_cmpuint (pair->n_changes, ==, 0);
  g_assert_cmpuint (pair->first->n_first_frames, ==, 4);
  renew (pair, pair->first);
}

static void
test_attempt_in_vain (void)
{
  g_autoptr (SnugPair) pair = pair_new ();
  SnugVideoFeed *feed = snug_peer_get_video_feed (snug_test_person_get_peer (pair->first, 0));
  guint64 frames;

  /* Nothing of it reaches the other: what there is goes on, and a later one succeeds. */
  pair->wire.mute = TRUE;
  snug_peer_renew_path (snug_test_person_get_peer (pair->second, 0));
  frames = snug_video_feed_get_n_frames (feed);
  snug_await (snug_video_feed_get_n_frames (feed) > frames + 10);
  pair->wire.mute = FALSE;
  g_assert_cmpuint (pair->wire.newest, ==, 1);
  snug_peer_renew_path (snug_test_person_get_peer (pair->second, 0));
  snug_await (pair->wire.newest == 3);
  snug_await (pair->first->n_first_frames == 4 && pair->second->n_first_frames == 4);
  g_assert_cmpuint (pair->n_changes, ==, 0);
}

static void
test_leave_meanwhile (void)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
      g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
      g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
      guint n_signals;

      snug_test_person_join (first);
      snug_test_person_join (second);
      snug_test_await_call (first, second);
      snug_peer_renew_path (snug_test_person_get_peer (second, 0));
      n_signals = snug_mock_room_get_n_delivered (room, SNUG_MESSAGE_SIGNAL);
      snug_await (snug_mock_room_get_n_delivered (room, SNUG_MESSAGE_SIGNAL) >= n_signals + 2 * i);
      snug_test_person_leave (i == 1 ? first : second);
      snug_await (snug_test_person_get_peer (i == 1 ? second : first, 0) == NULL);
    }
}

static gboolean
both_are_served (SnugPair *pair)
{
  return snug_call_get_server_connected (pair->first->call) && snug_call_get_server_connected (pair->second->call);
}

/* The server is away for a moment: the call goes on, and with it everything in it. */
static void
test_way_lost (void)
{
  g_autoptr (SnugPair) pair = pair_new ();
  g_autofree char *id = g_strdup (snug_call_get_self_id (pair->first->call));
  guint n_signals;

  snug_mock_room_lose (pair->room, pair->first_way.channel);
  g_assert_false (snug_call_get_server_connected (pair->first->call));
  g_assert_error (snug_call_get_server_error (pair->first->call), SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_LOST);
  g_assert_cmpint (snug_call_get_state (pair->first->call), ==, SNUG_CALL_JOINED);
  /* What is said meanwhile arrives later: the second asks for a new connection, or offers one. */
  n_signals = pair->wire.messages->len;
  snug_peer_renew_path (snug_test_person_get_peer (pair->second, 0));
  snug_await (both_are_served (pair));
  snug_await (pair->wire.messages->len > n_signals);
  snug_await (pair->first->n_first_frames == 4 && pair->second->n_first_frames == 4);
  g_assert_cmpstr (snug_call_get_self_id (pair->first->call), ==, id);
  g_assert_cmpuint (pair->n_changes, ==, 0);
  g_assert_cmpuint (pair->wire.newest, ==, 2);
}

/* It comes back and knows of nobody: everybody joins again, and no connection is made anew. */
static void
test_server_restarted (void)
{
  g_autoptr (SnugPair) pair = pair_new ();
  g_autoptr (SnugTestPerson) third = NULL;
  SnugPeer *peer = snug_test_person_get_peer (pair->first, 0);

  snug_mock_room_restart (pair->room);
  g_assert_false (snug_call_get_server_connected (pair->second->call));
  snug_await (both_are_served (pair));
  snug_await_idle ();
  g_assert_true (snug_test_person_get_peer (pair->first, 0) == peer);
  g_assert_cmpuint (g_list_model_get_n_items (snug_call_get_peers (pair->second->call)), ==, 1);
  g_assert_cmpuint (pair->wire.newest, ==, 1);
  g_assert_cmpuint (pair->n_changes, ==, 0);

  /* Somebody new finds both, and those two can still find a new way. */
  third = snug_test_person_new (pair->room, "Third", TRUE);
  snug_test_person_join (third);
  snug_await (third->n_first_frames == 4);
  snug_await (pair->first->n_first_frames == 4 && pair->second->n_first_frames == 4);
  snug_peer_renew_path (peer);
  snug_await (pair->first->n_first_frames == 6 && pair->second->n_first_frames == 6);
  snug_test_person_leave (third);
  snug_await (g_list_model_get_n_items (snug_call_get_peers (pair->first->call)) == 1);
}

/* The server gives somebody up whom the others can still see: they keep them, and the server is told again. */
static void
test_given_up_by_server (void)
{
  g_autoptr (SnugPair) pair = pair_new ();
  g_autoptr (GError) error = g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE, "down");

  snug_mock_room_set_open_error (pair->room, error);
  snug_mock_room_lose (pair->room, pair->first_way.channel);
  snug_mock_room_wait (pair->room, SNUG_RESUME_SECONDS);
  snug_await (snug_mock_room_get_n_delivered (pair->room, SNUG_MESSAGE_PEER_LEFT) == 1);
  g_assert_cmpuint (g_list_model_get_n_items (snug_call_get_peers (pair->second->call)), ==, 1);
  snug_chat_send (snug_call_get_chat (pair->second->call), "still there?");
  snug_await (chat_is (pair->first, "still there?"));

  snug_mock_room_set_open_error (pair->room, NULL);
  snug_await (both_are_served (pair));
  snug_await_idle ();
  g_assert_cmpuint (pair->wire.newest, ==, 1);
  g_assert_cmpuint (pair->n_changes, ==, 0);
  snug_peer_renew_path (snug_test_person_get_peer (pair->first, 0));
  snug_await (pair->first->n_first_frames == 4 && pair->second->n_first_frames == 4);
}

/* Somebody leaves while we are away, and another one comes. */
static void
test_changes_while_away (void)
{
  g_autoptr (SnugPair) pair = pair_new ();
  g_autoptr (SnugTestPerson) third = snug_test_person_new (pair->room, "Third", TRUE);
  g_autoptr (GError) error = g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE, "down");

  snug_mock_room_set_open_error (pair->room, error);
  snug_mock_room_lose (pair->room, pair->first_way.channel);
  snug_mock_room_set_open_error (pair->room, NULL);
  snug_test_person_join (third);
  snug_test_person_leave (pair->second);
  snug_await (snug_call_get_server_connected (pair->first->call));
  snug_await (third->n_first_frames >= 2);
  snug_await (g_list_model_get_n_items (snug_call_get_peers (pair->first->call)) == 1);
  g_assert_cmpstr (snug_peer_get_name (snug_test_person_get_peer (pair->first, 0)), ==, "Third");
  snug_test_person_leave (third);
  snug_await (snug_test_person_get_peer (pair->first, 0) == NULL);
}

static void
count (guint *n)
{
  (*n)++;
}

/* Neither picture nor sound in either direction: they hear of each other all the same. */
static void
test_nothing_to_say (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", FALSE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", FALSE);
  GListModel *samples;
  guint n_changes = 0;
  SnugPeer *peer;

  snug_test_person_join (first);
  snug_test_person_join (second);
  snug_test_await_call (first, second);
  peer = snug_test_person_get_peer (first, 0);
  g_signal_connect_swapped (peer, "notify::state", G_CALLBACK (count), &n_changes);
  /* Five a second: longer than silence is borne. */
  samples = G_LIST_MODEL (snug_peer_get_stats (peer));
  snug_await (g_list_model_get_n_items (samples) > 16);
  g_assert_cmpuint (n_changes, ==, 0);
  g_signal_handlers_disconnect_by_data (peer, &n_changes);
}

int
main (int argc, char *argv[])
{
  snug_test_init (&argc, &argv);

  g_test_add_func ("/reconnect/renew", test_renew);
  g_test_add_func ("/reconnect/both-at-once", test_both_at_once);
  g_test_add_func ("/reconnect/chat", test_chat);
  g_test_add_func ("/reconnect/replay", test_replay);
  g_test_add_func ("/reconnect/attempt-in-vain", test_attempt_in_vain);
  g_test_add_func ("/reconnect/way-lost", test_way_lost);
  g_test_add_func ("/reconnect/server-restarted", test_server_restarted);
  g_test_add_func ("/reconnect/given-up-by-server", test_given_up_by_server);
  g_test_add_func ("/reconnect/changes-while-away", test_changes_while_away);
  g_test_add_func ("/reconnect/nothing-to-say", test_nothing_to_say);
  g_test_add_func ("/reconnect/leave-meanwhile", test_leave_meanwhile);

  return snug_test_run ();
}

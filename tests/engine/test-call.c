/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Real calls over loopback: two engines in one process, everything but the server real.
 */
#include <math.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-peer-message.h"
#include "snug-test-call.h"

static gboolean
chat_is (SnugTestPerson *person, const char *expected)
{
  g_autofree char *chat = snug_test_person_dup_chat (person);

  return g_strcmp0 (chat, expected) == 0;
}

static SnugChatMessageState
get_chat_state (SnugTestPerson *person, guint n)
{
  g_autoptr (SnugChatMessage) message
      = g_list_model_get_item (G_LIST_MODEL (snug_call_get_chat (person->call)), n);

  return snug_chat_message_get_state (message);
}

/* The latest numbers; all zero until there are any. */
static const SnugStatsValues *
get_stats (SnugTestPerson *person)
{
  static const SnugStatsValues none = { .round_trip_seconds = NAN };
  SnugPeer *peer = snug_test_person_get_peer (person, 0);
  SnugStatsSample *sample = peer != NULL ? snug_stats_get_latest (snug_peer_get_stats (peer)) : NULL;

  return sample != NULL ? snug_stats_sample_get_values (sample) : &none;
}

static void
assert_stats (SnugTestPerson *person)
{
  const SnugStatsValues *stats;

  snug_await (!isnan (get_stats (person)->round_trip_seconds)
              && get_stats (person)->received_frames > 10
              && get_stats (person)->received_frames_per_second > 5
              && get_stats (person)->audio_received_bits_per_second > 1000);
  stats = get_stats (person);
  g_assert_cmpfloat (stats->round_trip_seconds, <, 1.0);
  g_assert_cmpfloat (stats->audio_sent_bits_per_second, >, 1000);
  g_assert_cmpfloat (stats->video_sent_bits_per_second, >, 1000);
  g_assert_cmpfloat (stats->video_received_bits_per_second, >, 1000);
  g_assert_cmpfloat (stats->received_bits_per_second, <, 5e6);
  g_assert_cmpfloat (stats->received_loss_fraction, <, 0.5);
  g_assert_cmpuint (stats->received_width, ==, 320);
  g_assert_cmpuint (stats->received_height, ==, 180);
  g_assert_cmpuint (stats->sent_width, ==, 320);
  g_assert_cmpfloat (stats->received_frames_per_second, <, 60);
  g_assert_cmpstr (stats->local_candidate_type, ==, "host");
  /* What OpenSSL and GStreamer agree on among themselves. */
  g_assert_cmpstr (stats->dtls_version, ==, "DTLS 1.2");
  g_assert_true (g_str_has_prefix (stats->dtls_cipher, "TLS_ECDHE_"));
  g_assert_cmpstr (stats->srtp_profile, ==, "AES_128_CM_HMAC_SHA1_80");
  g_assert_true (g_str_has_prefix (stats->local_fingerprint, "sha-256 "));
  /* Both are this process, which has one certificate. */
  g_assert_cmpstr (stats->remote_fingerprint, ==, stats->local_fingerprint);
  g_assert_nonnull (stats->remote_address);
  g_assert_cmpuint (stats->remote_port, >, 0);
}

static void
test_two_people (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);

  snug_test_person_join (first);
  g_assert_cmpuint (g_list_model_get_n_items (snug_call_get_peers (first->call)), ==, 0);
  snug_test_person_join (second);
  snug_test_await_call (first, second);
  g_assert_cmpstr (snug_peer_get_name (snug_test_person_get_peer (first, 0)), ==, "Second");

  /* Picture and sound, both ways. */
  snug_await (first->n_first_frames == 2 && second->n_first_frames == 2);
  snug_await (snug_peer_get_audio_level (snug_test_person_get_peer (first, 0)) > -60);
  snug_await (snug_peer_get_audio_level (snug_test_person_get_peer (second, 0)) > -60);
  snug_await (snug_video_feed_get_active (snug_peer_get_video_feed (snug_test_person_get_peer (first, 0))));

  /* Chat, both ways. */
  g_assert_true (snug_chat_send (snug_call_get_chat (first->call), " hello "));
  snug_await (chat_is (second, "hello"));
  g_assert_true (snug_chat_send (snug_call_get_chat (second->call), "grüß dich"));
  snug_await (chat_is (first, "hello|grüß dich"));
  snug_await (get_chat_state (first, 0) == SNUG_CHAT_MESSAGE_DELIVERED);
  snug_await (get_chat_state (second, 1) == SNUG_CHAT_MESSAGE_DELIVERED);
  g_assert_cmpint (get_chat_state (first, 1), ==, SNUG_CHAT_MESSAGE_RECEIVED);

  assert_stats (first);
  assert_stats (second);

  /* Leaving is seen, and the one who stays is alone and well. */
  snug_test_person_leave (second);
  snug_await (snug_test_person_get_peer (first, 0) == NULL);
  g_assert_cmpint (snug_call_get_state (first->call), ==, SNUG_CALL_JOINED);
  g_assert_cmpuint (first->n_failed + second->n_failed, ==, 0);
}

static void
test_mute (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
  SnugPeer *peer;
  guint64 frames;

  snug_test_person_join (first);
  snug_test_person_join (second);
  snug_test_await_call (first, second);
  peer = snug_test_person_get_peer (first, 0);
  snug_await (snug_peer_get_audio_level (peer) > -60);
  snug_await (snug_video_feed_get_active (snug_peer_get_video_feed (peer)));

  snug_local_media_set_audio_enabled (second->media, FALSE);
  snug_await (!snug_peer_get_audio_enabled (peer));
  snug_await (snug_peer_get_audio_level (peer) < -90);
  snug_local_media_set_audio_enabled (second->media, TRUE);
  snug_await (snug_peer_get_audio_enabled (peer) && snug_peer_get_audio_level (peer) > -60);

  snug_local_media_set_video_enabled (second->media, FALSE);
  snug_await (!snug_peer_get_video_enabled (peer));
  snug_await (!snug_video_feed_get_active (snug_peer_get_video_feed (peer)));
  frames = snug_video_feed_get_n_frames (snug_peer_get_video_feed (peer));
  snug_local_media_set_video_enabled (second->media, TRUE);
  snug_await (snug_peer_get_video_enabled (peer));
  snug_await (snug_video_feed_get_n_frames (snug_peer_get_video_feed (peer)) > frames + 5);
}

static void
test_no_devices (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", FALSE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", FALSE);

  snug_test_person_join (first);
  snug_test_person_join (second);
  snug_test_await_call (first, second);
  snug_await (!snug_peer_get_audio_enabled (snug_test_person_get_peer (first, 0)));
  snug_await (!snug_peer_get_video_enabled (snug_test_person_get_peer (second, 0)));
  snug_chat_send (snug_call_get_chat (first->call), "words still work");
  snug_await (chat_is (second, "words still work"));
  g_assert_cmpuint (first->n_first_frames + second->n_first_frames, ==, 0);
}

static void
test_three_people (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) a = snug_test_person_new (room, "A", TRUE);
  g_autoptr (SnugTestPerson) b = snug_test_person_new (room, "B", TRUE);
  g_autoptr (SnugTestPerson) c = snug_test_person_new (room, "C", TRUE);

  snug_test_person_join (a);
  snug_test_person_join (b);
  snug_test_person_join (c);
  snug_await (a->n_first_frames == 4 && b->n_first_frames == 4 && c->n_first_frames == 4);
  snug_chat_send (snug_call_get_chat (c->call), "to both");
  snug_await (chat_is (a, "to both") && chat_is (b, "to both"));
  snug_await (get_chat_state (c, 0) == SNUG_CHAT_MESSAGE_DELIVERED);

  snug_test_person_leave (b);
  snug_await (g_list_model_get_n_items (snug_call_get_peers (a->call)) == 1);
  snug_await (g_list_model_get_n_items (snug_call_get_peers (c->call)) == 1);
  snug_chat_send (snug_call_get_chat (a->call), "still here");
  snug_await (chat_is (c, "to both|still here"));
}

static void
test_server_lost (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
  SnugVideoFeed *feed;
  guint64 frames;

  snug_test_person_join (first);
  snug_test_person_join (second);
  snug_test_await_call (first, second);

  /* The mock tells the others that a broken one left; a dead server tells nobody. */
  snug_mock_room_set_filter (room, NULL, NULL);
  snug_mock_room_break (room, first->signaling);
  snug_await (!snug_call_get_server_connected (first->call));
  g_assert_error (snug_call_get_server_error (first->call), SNUG_SIGNALING_ERROR,
                  SNUG_SIGNALING_ERROR_LOST);
  g_assert_cmpint (snug_call_get_state (first->call), ==, SNUG_CALL_JOINED);
  feed = snug_peer_get_video_feed (snug_test_person_get_peer (first, 0));
  frames = snug_video_feed_get_n_frames (feed);
  if (snug_test_person_get_peer (second, 0) != NULL)
    snug_await (snug_video_feed_get_n_frames (feed) > frames || snug_test_person_get_peer (first, 0) == NULL);

  /* Deserted and without a server, the call is over. */
  snug_call_leave (second->call);
  snug_await (snug_call_get_state (first->call) == SNUG_CALL_FAILED);
  g_assert_error (snug_call_get_error (first->call), SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_LOST);
}

static void
test_server_down (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) person = snug_test_person_new (room, "First", FALSE);
  g_autoptr (GError) error = g_error_new_literal (SNUG_SIGNALING_ERROR,
                                                  SNUG_SIGNALING_ERROR_UNREACHABLE, "down");

  snug_mock_room_set_open_error (room, error);
  snug_call_join (person->call);
  snug_await (snug_call_get_state (person->call) == SNUG_CALL_FAILED);
  g_assert_error (snug_call_get_error (person->call), SNUG_SIGNALING_ERROR,
                  SNUG_SIGNALING_ERROR_UNREACHABLE);
}

static void
test_room_full (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = NULL;
  g_autoptr (SnugTestPerson) second = NULL;

  snug_mock_room_set_room_size (room, 1);
  first = snug_test_person_new (room, "First", FALSE);
  second = snug_test_person_new (room, "Second", FALSE);
  snug_test_person_join (first);
  snug_call_join (second->call);
  snug_await (snug_call_get_state (second->call) == SNUG_CALL_FAILED);
  g_assert_error (snug_call_get_error (second->call), SNUG_PROTOCOL_ERROR,
                  SNUG_PROTOCOL_ERROR_ROOM_FULL);
  g_assert_cmpint (snug_call_get_state (first->call), ==, SNUG_CALL_JOINED);
}

static void
test_relay_only_without_relay (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) person = snug_test_person_new (room, "First", FALSE);

  snug_call_set_relay_only (person->call, TRUE);
  snug_call_join (person->call);
  snug_await (snug_call_get_state (person->call) == SNUG_CALL_FAILED);
  g_assert_error (snug_call_get_error (person->call), SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ROUTE);
}

static void
test_leave_early (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);

  snug_test_person_join (first);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);

      /* In the middle of joining, of negotiating, of connecting. */
      snug_call_join (second->call);
      if (i > 0)
        snug_await (snug_call_get_state (second->call) == SNUG_CALL_JOINED);
      if (i > 1)
        snug_await (snug_mock_room_get_n_delivered (room, SNUG_MESSAGE_SIGNAL) > 3 * i);
      snug_test_person_leave (second);
    }
  snug_await (snug_test_person_get_peer (first, 0) == NULL);
}

int
main (int argc, char *argv[])
{
  snug_test_init (&argc, &argv);

  g_test_add_func ("/call/two-people", test_two_people);
  g_test_add_func ("/call/mute", test_mute);
  g_test_add_func ("/call/no-devices", test_no_devices);
  g_test_add_func ("/call/three-people", test_three_people);
  g_test_add_func ("/call/server-lost", test_server_lost);
  g_test_add_func ("/call/server-down", test_server_down);
  g_test_add_func ("/call/room-full", test_room_full);
  g_test_add_func ("/call/relay-only-without-relay", test_relay_only_without_relay);
  g_test_add_func ("/call/leave-early", test_leave_early);

  return snug_test_run ();
}

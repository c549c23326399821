/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Somebody on the way, and somebody in the room, who mean no good.
 */
#include <string.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-peer-message.h"
#include "snug-test-call.h"

typedef struct
{
  SnugSdpType type;         /* which description is changed */
  const char *replacement;  /* of the fingerprint line's value; NULL: the line goes; "flip": one digit */
} SnugTamper;

static char *
tamper_with_sdp (const char *sdp, const char *replacement)
{
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "a=fingerprint:"))
        {
          if (replacement == NULL)
            continue;
          if (strcmp (replacement, "flip") == 0)
            {
              char *last = lines[i] + strlen (lines[i]) - 1;

              *last = *last == '0' ? '1' : '0';
            }
          else
            {
              g_free (lines[i]);
              lines[i] = g_strconcat ("a=fingerprint:", replacement, NULL);
            }
        }
      g_ptr_array_add (kept, lines[i]);
    }
  g_ptr_array_add (kept, NULL);

  return g_strjoinv ("\r\n", (char **) kept->pdata);
}

static SnugMessage *
tamper (SnugMessage *message, SnugSignaling *recipient, gpointer data)
{
  SnugTamper *what = data;
  g_autoptr (SnugPeerMessage) peer_message = NULL;
  g_autoptr (SnugPeerMessage) altered = NULL;
  g_autofree char *sdp = NULL;
  g_autofree char *payload = NULL;

  if (snug_message_get_kind (message) != SNUG_MESSAGE_SIGNAL)
    return snug_message_ref (message);
  peer_message = snug_peer_message_parse (snug_message_get_payload (message),
                                          strlen (snug_message_get_payload (message)), NULL);
  if (peer_message == NULL
      || snug_peer_message_get_kind (peer_message) != SNUG_PEER_MESSAGE_DESCRIPTION
      || snug_peer_message_get_sdp_type (peer_message) != what->type)
    return snug_message_ref (message);

  sdp = tamper_with_sdp (snug_peer_message_get_sdp (peer_message), what->replacement);
  altered = snug_peer_message_new_description (snug_peer_message_get_generation (peer_message),
                                               what->type, sdp,
                                               snug_peer_message_get_video_codecs (peer_message));
  payload = snug_peer_message_to_json (altered);

  return snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, snug_message_get_peer_id (message), payload);
}

static void
run_tampered (SnugTamper *what, SnugCallError deceived_error)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
  /* The second one offers, so a changed offer deceives the first. */
  SnugTestPerson *deceived = what->type == SNUG_SDP_OFFER ? first : second;
  SnugTestPerson *other = deceived == first ? second : first;
  g_autofree char *chat = NULL;

  snug_mock_room_set_filter (room, tamper, what);
  snug_test_person_join (first);
  snug_test_person_join (second);
  snug_await (snug_test_person_peer_is (deceived, 0, SNUG_PEER_FAILED));
  g_assert_error (snug_peer_get_error (snug_test_person_get_peer (deceived, 0)), SNUG_CALL_ERROR,
                  (int) deceived_error);
  snug_await (snug_test_person_peer_is (other, 0, SNUG_PEER_FAILED));
  g_assert_error (snug_peer_get_error (snug_test_person_get_peer (other, 0)), SNUG_CALL_ERROR,
                  SNUG_CALL_ERROR_REFUSED_BY_PEER);

  /* Not one picture, sound or word, in either direction. */
  g_assert_cmpuint (first->n_first_frames + second->n_first_frames, ==, 0);
  g_assert_false (snug_peer_get_chat_open (snug_test_person_get_peer (deceived, 0)));
  snug_chat_send (snug_call_get_chat (other->call), "secret");
  snug_await_idle ();
  chat = snug_test_person_dup_chat (deceived);
  g_assert_cmpstr (chat, ==, "");
}

static void
test_offer_tampered (void)
{
  run_tampered (&(SnugTamper){ SNUG_SDP_OFFER, "flip" }, SNUG_CALL_ERROR_CERTIFICATE_MISMATCH);
}

static void
test_answer_tampered (void)
{
  run_tampered (&(SnugTamper){ SNUG_SDP_ANSWER, "flip" }, SNUG_CALL_ERROR_CERTIFICATE_MISMATCH);
}

static void
test_no_fingerprint (void)
{
  run_tampered (&(SnugTamper){ SNUG_SDP_OFFER, NULL }, SNUG_CALL_ERROR_BAD_DESCRIPTION);
  run_tampered (&(SnugTamper){ SNUG_SDP_ANSWER, NULL }, SNUG_CALL_ERROR_BAD_DESCRIPTION);
}

static void
test_weak_fingerprint (void)
{
  const char *sha1 = "sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33";

  run_tampered (&(SnugTamper){ SNUG_SDP_OFFER, sha1 }, SNUG_CALL_ERROR_BAD_DESCRIPTION);
}

/* Somebody who only speaks the protocol, badly. */
typedef struct
{
  SnugSignaling *signaling;
  char *victim; /* the id of whoever was in the room */
} SnugVandal;

static void
on_vandal_message (SnugVandal *self, SnugMessage *message)
{
  const SnugMember *members;
  gsize n_members;

  if (snug_message_get_kind (message) != SNUG_MESSAGE_JOINED)
    return;
  members = snug_message_get_members (message, &n_members);
  self->victim = g_strdup (n_members > 0 ? members[0].id : "");
}

static void
vandal_say (SnugVandal *self, const char *payload)
{
  g_autoptr (SnugMessage) message
      = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, self->victim, payload);

  snug_signaling_send (self->signaling, message);
}

static void
vandal_describe (SnugVandal *self, SnugSdpType type, guint generation, const char *sdp)
{
  g_autoptr (SnugPeerMessage) message
      = snug_peer_message_new_description (generation, type, sdp, NULL);
  g_autofree char *payload = snug_peer_message_to_json (message);

  vandal_say (self, payload);
}

static void
test_vandal (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
  g_autoptr (SnugMessage) join = snug_message_new_join ("garden", "Vandal");
  SnugVandal vandal = { snug_mock_room_add (room), NULL };
  SnugVideoFeed *feed;
  guint64 frames;

  snug_test_person_join (first);
  snug_test_person_join (second);
  snug_test_await_call (first, second);
  snug_await (first->n_first_frames == 2);

  g_signal_connect_swapped (vandal.signaling, "message", G_CALLBACK (on_vandal_message), &vandal);
  snug_signaling_open (vandal.signaling);
  snug_await (snug_signaling_get_state (vandal.signaling) == SNUG_SIGNALING_OPEN);
  snug_signaling_send (vandal.signaling, join);
  snug_await (vandal.victim != NULL);

  vandal_say (&vandal, "not json at all");
  vandal_say (&vandal, "[]");
  vandal_say (&vandal, "{\"type\":\"from the future\"}");
  vandal_describe (&vandal, SNUG_SDP_ANSWER, 1, "v=0\r\n"); /* to nothing */
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (SnugPeerMessage) message
          = snug_peer_message_new_candidate (1, i % 5, "0", "candidate:1 1 UDP 1 nonsense 1 typ host");
      g_autofree char *payload = snug_peer_message_to_json (message);

      vandal_say (&vandal, payload);
    }
  vandal_describe (&vandal, SNUG_SDP_OFFER, 1, "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=\r\n");
  snug_await (snug_test_person_peer_is (first, 1, SNUG_PEER_FAILED));
  g_assert_error (snug_peer_get_error (snug_test_person_get_peer (first, 1)), SNUG_CALL_ERROR,
                  SNUG_CALL_ERROR_BAD_DESCRIPTION);
  vandal_describe (&vandal, SNUG_SDP_OFFER, 2, "v=0\r\n");

  /* Nobody else notices. */
  feed = snug_peer_get_video_feed (snug_test_person_get_peer (first, 0));
  frames = snug_video_feed_get_n_frames (feed);
  snug_await (snug_video_feed_get_n_frames (feed) > frames + 5);
  g_assert_true (snug_test_person_peer_is (first, 0, SNUG_PEER_CONNECTED));

  snug_signaling_close (vandal.signaling);
  snug_await (g_list_model_get_n_items (snug_call_get_peers (first->call)) == 1);
  g_object_unref (vandal.signaling);
  g_free (vandal.victim);
}

int
main (int argc, char *argv[])
{
  snug_test_init (&argc, &argv);

  g_test_add_func ("/call-security/offer-tampered", test_offer_tampered);
  g_test_add_func ("/call-security/answer-tampered", test_answer_tampered);
  g_test_add_func ("/call-security/no-fingerprint", test_no_fingerprint);
  g_test_add_func ("/call-security/weak-fingerprint", test_weak_fingerprint);
  g_test_add_func ("/call-security/vandal", test_vandal);

  return snug_test_run ();
}

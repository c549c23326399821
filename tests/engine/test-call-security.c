/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Somebody on the way, and somebody in the room, who mean no good.
 */
#include <string.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-peer-message.h"
#include "snug-seal.h"
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

/* A server that has guessed the room's name. */
static SnugMessage *
tamper (SnugMessage *message, SnugSignaling *recipient, gpointer data)
{
  SnugTamper *what = data;
  g_autofree guint8 *header = NULL;
  g_autoptr (SnugPeerMessage) peer_message = snug_test_open_payload (message, recipient, &header);
  g_autoptr (SnugPeerMessage) altered = NULL;
  g_autofree char *sdp = NULL;

  if (peer_message == NULL
      || snug_peer_message_get_kind (peer_message) != SNUG_PEER_MESSAGE_DESCRIPTION
      || snug_peer_message_get_sdp_type (peer_message) != what->type)
    return snug_message_ref (message);

  sdp = tamper_with_sdp (snug_peer_message_get_sdp (peer_message), what->replacement);
  altered = snug_peer_message_new_description (snug_peer_message_get_generation (peer_message),
                                               what->type, sdp,
                                               snug_peer_message_get_video_codecs (peer_message));

  return snug_test_seal_payload (message, recipient, header, altered);
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

/* What came of what the call refused. */
typedef struct
{
  guint n;
  int code;      /* of SNUG_SEAL_ERROR; 0: of another domain */
  gboolean named; /* somebody who was present */
} SnugRefusals;

static void
on_refused (SnugRefusals *self, const char *id, const char *name, const GError *error)
{
  self->n++;
  self->code = error->domain == SNUG_SEAL_ERROR ? error->code : 0;
  self->named = name != NULL;
}

static void
watch_refusals (SnugTestPerson *person, SnugRefusals *refusals)
{
  g_signal_connect_swapped (person->call, "refused", G_CALLBACK (on_refused), refusals);
}

static guint
count_peers (SnugTestPerson *person)
{
  return g_list_model_get_n_items (snug_call_get_peers (person->call));
}

/* A server that does not know the name, and changes what it can't read. */
static SnugMessage *
scramble (SnugMessage *message, SnugSignaling *recipient, gpointer data)
{
  g_autofree char *payload = NULL;

  if (snug_message_get_kind (message) != SNUG_MESSAGE_SIGNAL || --*(int *) data >= 0)
    return snug_message_ref (message);
  payload = g_strdup (snug_message_get_payload (message));
  payload[strlen (payload) / 2] = payload[strlen (payload) / 2] == 'A' ? 'B' : 'A';
  return snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, snug_message_get_peer_id (message), payload);
}

static void
test_scrambled (void)
{
  /* From the first message on, and from the offer on, which is the third. */
  for (int n_good = 0; n_good <= 2; n_good += 2)
    {
      g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
      g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
      g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
      SnugRefusals refusals = { 0 };
      int left = n_good;

      watch_refusals (first, &refusals);
      snug_mock_room_set_filter (room, scramble, &left);
      snug_test_person_join (first);
      snug_test_person_join (second);
      snug_await (refusals.n > 0);
      g_assert_cmpint (refusals.code, ==, SNUG_SEAL_ERROR_KEY);
      g_assert_false (refusals.named);
      g_assert_cmpuint (count_peers (first), ==, 0);
      g_assert_cmpuint (count_peers (second), ==, n_good > 0 ? 1 : 0);
    }
}

/* A server that says again what it heard: to the same member, in the same call. */
typedef struct
{
  SnugMockRoom *room;
  GPtrArray *heard;      /* SnugMessage */
  SnugSignaling *victim;
} SnugParrot;

static SnugMessage *
listen (SnugMessage *message, SnugSignaling *recipient, gpointer data)
{
  SnugParrot *parrot = data;

  if (snug_message_get_kind (message) == SNUG_MESSAGE_SIGNAL && recipient == parrot->victim)
    g_ptr_array_add (parrot->heard, snug_message_ref (message));
  return snug_message_ref (message);
}

static void
test_replayed (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
  g_autoptr (GPtrArray) heard = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_message_unref);
  SnugParrot parrot = { room, heard, first->signaling };
  SnugRefusals refusals = { 0 };
  guint n_delivered, n;

  snug_mock_room_set_filter (room, listen, &parrot);
  snug_test_person_join (first);
  snug_test_person_join (second);
  snug_test_await_call (first, second);
  snug_mock_room_set_filter (room, NULL, NULL);

  /* The greeting, then all the rest. */
  n = heard->len;
  g_assert_cmpuint (n, >, 2);
  for (guint i = 0; i < n; i++)
    {
      if (i < 2)
        watch_refusals (first, &refusals);
      n_delivered = snug_mock_room_get_n_delivered (room, SNUG_MESSAGE_SIGNAL);
      snug_mock_room_inject (room, first->signaling, snug_message_ref (heard->pdata[i]));
      snug_await (snug_mock_room_get_n_delivered (room, SNUG_MESSAGE_SIGNAL) > n_delivered);
      g_signal_handlers_disconnect_by_data (first->call, &refusals);
    }
  g_assert_cmpuint (refusals.n, ==, 1);
  g_assert_cmpint (refusals.code, ==, SNUG_SEAL_ERROR_GREETING);
  g_assert_true (refusals.named);
  g_assert_true (snug_test_person_peer_is (first, 0, SNUG_PEER_CONNECTED));
  g_assert_cmpuint (count_peers (first), ==, 1);
}

/* Somebody who only speaks the protocol, badly. */
typedef struct
{
  SnugSignaling *signaling;
  SnugRoomKey *key;
  SnugSealedPair *pair; /* with whoever was in the room first */
  char *victim;
  gboolean answered;
} SnugVandal;

static void
on_vandal_message (SnugVandal *self, SnugMessage *message)
{
  if (snug_message_get_kind (message) == SNUG_MESSAGE_JOINED)
    {
      self->victim = g_strdup (snug_message_get_members (message)[0]);
      self->pair = snug_sealed_pair_new (self->key, snug_message_get_id (message), self->victim, TRUE);
    }
  else if (snug_message_get_kind (message) == SNUG_MESSAGE_SIGNAL
           && strcmp (snug_message_get_peer_id (message), self->victim) == 0)
    {
      g_autofree char *text = snug_sealed_pair_open (self->pair, snug_message_get_payload (message), NULL);

      self->answered |= text != NULL;
    }
}

static void
vandal_say_raw (SnugVandal *self, const char *payload)
{
  g_autoptr (SnugMessage) message
      = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, self->victim, payload);

  snug_signaling_send (self->signaling, message);
}

static void
vandal_say (SnugVandal *self, const char *text)
{
  g_autofree char *payload = snug_sealed_pair_seal (self->pair, text);

  vandal_say_raw (self, payload);
}

static void
vandal_describe (SnugVandal *self, SnugSdpType type, guint generation, const char *sdp)
{
  g_autoptr (SnugPeerMessage) message
      = snug_peer_message_new_description (generation, type, sdp, NULL);
  g_autofree char *json = snug_peer_message_to_json (message);

  vandal_say (self, json);
}

/* name: that the vandal takes for the room's. */
static void
vandal_join (SnugVandal *self, SnugMockRoom *room, const char *name)
{
  g_autoptr (SnugMessage) join = snug_message_new_join (snug_room_key_get_room_id (snug_test_get_key ()));

  self->signaling = snug_mock_room_add (room);
  self->key = snug_room_key_derive (name);
  g_signal_connect_swapped (self->signaling, "message", G_CALLBACK (on_vandal_message), self);
  snug_signaling_open (self->signaling);
  snug_await (snug_signaling_get_state (self->signaling) == SNUG_SIGNALING_OPEN);
  snug_signaling_send (self->signaling, join);
  snug_await (self->victim != NULL);
}

static void
vandal_clear (SnugVandal *self)
{
  snug_signaling_close (self->signaling);
  g_object_unref (self->signaling);
  snug_sealed_pair_free (self->pair);
  snug_room_key_unref (self->key);
  g_free (self->victim);
}

/* Who knows the id of a room, as every server does, but not its name. */
static void
test_stranger (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", FALSE);
  SnugRefusals refusals = { 0 };
  SnugVandal stranger = { 0 };

  watch_refusals (first, &refusals);
  snug_test_person_join (first);
  vandal_join (&stranger, room, "another name");
  vandal_say (&stranger, "{\"type\":\"introduction\",\"name\":\"Mallory\"}");
  snug_await (refusals.n == 1);
  g_assert_cmpint (refusals.code, ==, SNUG_SEAL_ERROR_KEY);
  g_assert_false (refusals.named);
  vandal_say_raw (&stranger, "{\"type\":\"introduction\",\"name\":\"Mallory\"}");
  snug_await (snug_mock_room_get_n_delivered (room, SNUG_MESSAGE_SIGNAL) == 2);
  /* Once is enough; nobody is there, and nobody was answered. */
  g_assert_cmpuint (refusals.n, ==, 1);
  g_assert_cmpuint (count_peers (first), ==, 0);
  g_assert_false (stranger.answered);
  vandal_clear (&stranger);
}

static void
test_vandal (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
  SnugVandal vandal = { 0 };
  SnugVideoFeed *feed;
  guint64 frames;

  snug_test_person_join (first);
  snug_test_person_join (second);
  snug_test_await_call (first, second);
  snug_await (first->n_first_frames == 2);

  vandal_join (&vandal, room, "garden");
  vandal_say (&vandal, "{\"type\":\"introduction\",\"name\":\"Vandal\"}");
  snug_await (vandal.answered);

  vandal_say_raw (&vandal, "not sealed at all");
  vandal_say (&vandal, "not json at all");
  vandal_say (&vandal, "[]");
  vandal_say (&vandal, "{\"type\":\"from the future\"}");
  vandal_describe (&vandal, SNUG_SDP_ANSWER, 1, "v=0\r\n"); /* to nothing */
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (SnugPeerMessage) message
          = snug_peer_message_new_candidate (1, i % 5, "0", "candidate:1 1 UDP 1 nonsense 1 typ host");
      g_autofree char *json = snug_peer_message_to_json (message);

      vandal_say (&vandal, json);
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
  snug_await (count_peers (first) == 1);
  vandal_clear (&vandal);
}

int
main (int argc, char *argv[])
{
  snug_test_init (&argc, &argv);

  g_test_add_func ("/call-security/offer-tampered", test_offer_tampered);
  g_test_add_func ("/call-security/answer-tampered", test_answer_tampered);
  g_test_add_func ("/call-security/no-fingerprint", test_no_fingerprint);
  g_test_add_func ("/call-security/weak-fingerprint", test_weak_fingerprint);
  g_test_add_func ("/call-security/scrambled", test_scrambled);
  g_test_add_func ("/call-security/replayed", test_replayed);
  g_test_add_func ("/call-security/stranger", test_stranger);
  g_test_add_func ("/call-security/vandal", test_vandal);

  return snug_test_run ();
}

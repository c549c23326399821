/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-peer-message.h"

#include "snug-fixtures.h"
#include "snug-short-code.h"

#include <json-glib/json-glib.h>
#include <string.h>

static SnugPeerMessage *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  SnugPeerMessage *message;

  g_test_message ("%s", json);
  message = snug_peer_message_parse (json, strlen (json), &error);
  g_assert_no_error (error);
  g_assert_nonnull (message);
  return message;
}

/* message: (transfer full) */
static SnugPeerMessage *
round_trip (SnugPeerMessage *message)
{
  g_autoptr (SnugPeerMessage) owned = message;
  g_autofree char *json = snug_peer_message_to_json (owned);
  SnugPeerMessage *parsed = parse (json);

  g_assert_cmpint (snug_peer_message_get_kind (parsed), ==, snug_peer_message_get_kind (owned));
  g_assert_null (strchr (json, '\n'));
  return parsed;
}

static void
test_examples (void)
{
  g_autoptr (GPtrArray) examples = snug_fixtures_load_examples ("peer");
  g_autoptr (GHashTable) kinds = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < examples->len; i++)
    {
      const char *example = g_ptr_array_index (examples, i);
      g_autoptr (SnugPeerMessage) message = parse (example);
      g_autofree char *json = snug_peer_message_to_json (message);
      g_autoptr (JsonNode) left = json_from_string (json, NULL);
      g_autoptr (JsonNode) right = json_from_string (example, NULL);

      g_hash_table_add (kinds, GINT_TO_POINTER (snug_peer_message_get_kind (message)));
      g_assert_true (json_node_equal (left, right));
    }
  g_assert_cmpuint (g_hash_table_size (kinds), ==, SNUG_PEER_MESSAGE_CODE_REVEAL);
}

static void
test_invalid (void)
{
  g_autoptr (GPtrArray) messages = snug_fixtures_load_invalid ("peer");

  for (guint i = 0; i < messages->len; i++)
    {
      SnugInvalidMessage *invalid = g_ptr_array_index (messages, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (SnugPeerMessage) message = NULL;

      g_test_message ("%s", invalid->name);
      message = snug_peer_message_parse (invalid->data, invalid->size, &error);
      g_assert_error (error, SNUG_PROTOCOL_ERROR, (int) invalid->error);
      g_assert_null (message);
      g_assert_nonnull (strstr (error->message, invalid->mentions));
      g_assert_null (snug_peer_message_parse (invalid->data, invalid->size, NULL));
    }
}

static void
test_description (void)
{
  const char *const codecs[] = { "VP8", "H264", "x-custom_1.2", NULL };
  const char *const none[] = { NULL };
  const char *sdp = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=\"quoted\\\"\r\n";
  g_autoptr (SnugPeerMessage) offer
    = round_trip (snug_peer_message_new_description (3, SNUG_SDP_OFFER, sdp, codecs));
  g_autoptr (SnugPeerMessage) answer
    = round_trip (snug_peer_message_new_description (G_MAXINT32, SNUG_SDP_ANSWER, sdp, NULL));
  g_autoptr (SnugPeerMessage) silent
    = parse ("{\"type\":\"description\",\"generation\":1,\"sdpType\":\"answer\",\"sdp\":\"v=0\"}");

  g_assert_cmpuint (snug_peer_message_get_generation (offer), ==, 3);
  g_assert_cmpint (snug_peer_message_get_sdp_type (offer), ==, SNUG_SDP_OFFER);
  g_assert_cmpstr (snug_peer_message_get_sdp (offer), ==, sdp);
  g_assert_cmpstrv (snug_peer_message_get_video_codecs (offer), codecs);
  g_assert_cmpint (snug_peer_message_get_sdp_type (answer), ==, SNUG_SDP_ANSWER);
  g_assert_cmpuint (snug_peer_message_get_generation (answer), ==, G_MAXINT32);
  g_assert_cmpstrv (snug_peer_message_get_video_codecs (answer), none);
  g_assert_cmpstrv (snug_peer_message_get_video_codecs (silent), none);
}

/* The largest that may be said fits a payload, and that a message. */
static void
test_description_limit (void)
{
  g_autoptr (GString) sdp = g_string_new (NULL);
  g_autoptr (SnugPeerMessage) message = NULL;
  g_autofree char *json = NULL;

  while (sdp->len + 40 <= SNUG_SDP_MAX_BYTES)
    g_string_append (sdp, "a=candidate:1 1 UDP 2015363327 1.2.3\r\n");
  message = snug_peer_message_new_description (1, SNUG_SDP_OFFER, sdp->str, NULL);
  json = snug_peer_message_to_json (message);
  g_assert_cmpuint (strlen (json), <=, SNUG_PAYLOAD_MAX_BYTES);
}

static void
test_candidate (void)
{
  g_autoptr (SnugPeerMessage) with
    = round_trip (snug_peer_message_new_candidate (1, 2, "video1",
                                                   "candidate:1 1 UDP 1 192.0.2.1 9 typ host"));
  g_autoptr (SnugPeerMessage) without
    = round_trip (snug_peer_message_new_candidate (1, 0, NULL, "candidate:1"));
  g_autoptr (SnugPeerMessage) browser
    = parse ("{\"type\":\"candidate\",\"generation\":1,\"candidate\":\"candidate:1\",\"sdpMid\":null,"
             "\"sdpMLineIndex\":1,\"usernameFragment\":\"abcd\"}");
  g_autoptr (SnugPeerMessage) end = round_trip (snug_peer_message_new_end_of_candidates (7));
  g_autoptr (SnugPeerMessage) again = round_trip (snug_peer_message_new_reconnect (G_MAXINT32));

  g_assert_cmpuint (snug_peer_message_get_mline (with), ==, 2);
  g_assert_cmpstr (snug_peer_message_get_mid (with), ==, "video1");
  g_assert_cmpstr (snug_peer_message_get_candidate (with), ==,
                   "candidate:1 1 UDP 1 192.0.2.1 9 typ host");
  g_assert_null (snug_peer_message_get_mid (without));
  g_assert_null (snug_peer_message_get_mid (browser));
  g_assert_cmpuint (snug_peer_message_get_mline (browser), ==, 1);
  g_assert_cmpuint (snug_peer_message_get_generation (end), ==, 7);
  g_assert_cmpint (snug_peer_message_get_kind (again), ==, SNUG_PEER_MESSAGE_RECONNECT);
  g_assert_cmpuint (snug_peer_message_get_generation (again), ==, G_MAXINT32);
}

static void
test_bye (void)
{
  g_autoptr (SnugPeerMessage) newer = parse ("{\"type\":\"bye\",\"generation\":1,\"reason\":\"bored\"}");

  for (guint reason = SNUG_BYE_LEFT; reason <= SNUG_BYE_BAD_DESCRIPTION; reason++)
    {
      g_autoptr (SnugPeerMessage) message = round_trip (snug_peer_message_new_bye (4, reason));

      g_assert_cmpint (snug_peer_message_get_bye_reason (message), ==, reason);
      g_assert_cmpuint (snug_peer_message_get_generation (message), ==, 4);
    }
  g_assert_cmpint (snug_peer_message_get_bye_reason (newer), ==, SNUG_BYE_LEFT);
}

static void
test_media_state (void)
{
  for (guint bits = 0; bits < 8; bits++)
    {
      g_autoptr (SnugPeerMessage) message
        = round_trip (snug_peer_message_new_media_state (bits & 1, bits & 2, bits & 4));

      g_assert_cmpint (snug_peer_message_get_audio (message), ==, !!(bits & 1));
      g_assert_cmpint (snug_peer_message_get_video (message), ==, !!(bits & 2));
      g_assert_cmpint (snug_peer_message_get_screen (message), ==, !!(bits & 4));
    }
}

static void
test_chat (void)
{
  const char *text = "Hi \"Bob\"\n\ttab \\ \xf0\x9f\x91\x8b \x01\x1f\x7f \xe2\x80\xae</b>";
  g_autofree char *longest = g_strnfill (SNUG_CHAT_TEXT_MAX_BYTES, '\\');
  g_autoptr (SnugPeerMessage) chat = round_trip (snug_peer_message_new_chat ("id-1", text));
  g_autoptr (SnugPeerMessage) long_one = round_trip (snug_peer_message_new_chat ("id-2", longest));
  g_autoptr (SnugPeerMessage) ack = round_trip (snug_peer_message_new_chat_ack ("id-1"));
  g_autoptr (SnugPeerMessage) escaped
    = parse ("{\"type\":\"chat\",\"id\":\"a\",\"text\":\"\\u0041\\ud83d\\ude00\\/\\b\"}");

  g_assert_cmpstr (snug_peer_message_get_chat_id (chat), ==, "id-1");
  g_assert_cmpstr (snug_peer_message_get_text (chat), ==, text);
  g_assert_cmpstr (snug_peer_message_get_text (long_one), ==, longest);
  g_assert_cmpstr (snug_peer_message_get_chat_id (ack), ==, "id-1");
  g_assert_cmpstr (snug_peer_message_get_text (escaped), ==, "A\xf0\x9f\x98\x80/\b");
}

static void
test_hello (void)
{
  g_autoptr (SnugPeerMessage) files = round_trip (snug_peer_message_new_hello (SNUG_PEER_FEATURE_FILES));
  g_autoptr (SnugPeerMessage) none = round_trip (snug_peer_message_new_hello (SNUG_PEER_FEATURE_NONE));
  g_autoptr (SnugPeerMessage) newer
      = parse ("{\"type\":\"hello\",\"features\":[\"telepathy\",\"files\",\"files\"]}");

  g_assert_cmpuint (snug_peer_message_get_features (files), ==, SNUG_PEER_FEATURE_FILES);
  g_assert_cmpuint (snug_peer_message_get_features (none), ==, SNUG_PEER_FEATURE_NONE);
  g_assert_cmpuint (snug_peer_message_get_features (newer), ==, SNUG_PEER_FEATURE_FILES);
}

static void
test_gestures (void)
{
  for (guint active = 0; active < 2; active++)
    {
      g_autoptr (SnugPeerMessage) typing = round_trip (snug_peer_message_new_typing (active));
      g_autoptr (SnugPeerMessage) hand = round_trip (snug_peer_message_new_hand (active));

      g_assert_cmpint (snug_peer_message_get_active (typing), ==, active);
      g_assert_cmpint (snug_peer_message_get_active (hand), ==, active);
    }
  {
    g_autoptr (SnugPeerMessage) reaction
        = round_trip (snug_peer_message_new_reaction ("\xf0\x9f\x91\x8d"));
    g_autoptr (SnugPeerMessage) read = round_trip (snug_peer_message_new_chat_read ("id-3"));

    g_assert_cmpstr (snug_peer_message_get_emoji (reaction), ==, "\xf0\x9f\x91\x8d");
    g_assert_cmpstr (snug_peer_message_get_chat_id (read), ==, "id-3");
  }
}

static void
test_codes (void)
{
  g_autofree char *nonce = snug_short_code_new_nonce ();
  g_autofree char *commitment = snug_short_code_commit ("a", "b", nonce);
  g_autoptr (SnugPeerMessage) first = round_trip (snug_peer_message_new_code_commit (commitment, NULL));
  g_autoptr (SnugPeerMessage) again = round_trip (snug_peer_message_new_code_commit (commitment, nonce));
  g_autoptr (SnugPeerMessage) reveal = round_trip (snug_peer_message_new_code_reveal (nonce));

  g_assert_cmpstr (snug_peer_message_get_commitment (first), ==, commitment);
  g_assert_null (snug_peer_message_get_known_commitment (first));
  g_assert_cmpstr (snug_peer_message_get_known_commitment (again), ==, nonce);
  g_assert_cmpstr (snug_peer_message_get_nonce (reveal), ==, nonce);
}

static void
test_files (void)
{
  static const char checksum[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  g_autoptr (SnugPeerMessage) offer
      = round_trip (snug_peer_message_new_file_offer ("a", "b c.\"d\"", SNUG_FILE_MAX_BYTES));
  g_autoptr (SnugPeerMessage) accept
      = round_trip (snug_peer_message_new_file_accept ("a", G_MAXINT32, SNUG_FILE_MAX_BYTES, checksum));
  g_autoptr (SnugPeerMessage) fresh = round_trip (snug_peer_message_new_file_accept ("a", 1, 0, NULL));
  g_autoptr (SnugPeerMessage) ack = round_trip (snug_peer_message_new_file_ack (7, 70000));
  g_autoptr (SnugPeerMessage) done = round_trip (snug_peer_message_new_file_done ("a", checksum));
  g_autoptr (SnugPeerMessage) newer
      = parse ("{\"type\":\"file-cancel\",\"id\":\"a\",\"reason\":\"bored\"}");

  g_assert_cmpstr (snug_peer_message_get_file_id (offer), ==, "a");
  g_assert_cmpstr (snug_peer_message_get_file_name (offer), ==, "b c.\"d\"");
  g_assert_cmpuint (snug_peer_message_get_file_size (offer), ==, SNUG_FILE_MAX_BYTES);
  g_assert_cmpuint (snug_peer_message_get_file_stream (accept), ==, G_MAXINT32);
  g_assert_cmpuint (snug_peer_message_get_file_offset (accept), ==, SNUG_FILE_MAX_BYTES);
  g_assert_cmpstr (snug_peer_message_get_file_checksum (accept), ==, checksum);
  g_assert_null (snug_peer_message_get_file_checksum (fresh));
  g_assert_cmpuint (snug_peer_message_get_file_stream (ack), ==, 7);
  g_assert_cmpuint (snug_peer_message_get_file_offset (ack), ==, 70000);
  g_assert_cmpstr (snug_peer_message_get_file_checksum (done), ==, checksum);
  for (guint reason = SNUG_FILE_CANCEL_CANCELLED; reason <= SNUG_FILE_CANCEL_UNKNOWN; reason++)
    {
      g_autoptr (SnugPeerMessage) cancel = round_trip (snug_peer_message_new_file_cancel ("a", reason));

      g_assert_cmpint (snug_peer_message_get_cancel_reason (cancel), ==, reason);
    }
  g_assert_cmpint (snug_peer_message_get_cancel_reason (newer), ==, SNUG_FILE_CANCEL_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peer-message/examples", test_examples);
  g_test_add_func ("/peer-message/invalid", test_invalid);
  g_test_add_func ("/peer-message/description", test_description);
  g_test_add_func ("/peer-message/description-limit", test_description_limit);
  g_test_add_func ("/peer-message/candidate", test_candidate);
  g_test_add_func ("/peer-message/bye", test_bye);
  g_test_add_func ("/peer-message/media-state", test_media_state);
  g_test_add_func ("/peer-message/chat", test_chat);
  g_test_add_func ("/peer-message/hello", test_hello);
  g_test_add_func ("/peer-message/gestures", test_gestures);
  g_test_add_func ("/peer-message/files", test_files);
  g_test_add_func ("/peer-message/codes", test_codes);
  return g_test_run ();
}

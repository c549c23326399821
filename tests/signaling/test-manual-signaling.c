/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What people carry, without anybody who carries it: the two sides of a call by hand.
 */
#include "snug-manual-signaling.h"

#include <string.h>

#include "snug-await.h"
#include "snug-peer-message.h"
#include "snug-room-key.h"

#define SDP                                                                                                 \
  "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"                                                       \
  "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n"
#define CANDIDATE "candidate:1 1 UDP 2015363327 192.0.2.1 40000 typ host"

static void
on_message (SnugSignaling *signaling, SnugMessage *message, GPtrArray *heard)
{
  g_ptr_array_add (heard, snug_message_ref (message));
}

static void
unref_heard (gpointer heard, GClosure *closure)
{
  g_ptr_array_unref (heard);
}

/* message: (transfer full) */
static void
say (SnugManualSignaling *signaling, SnugPeerMessage *message)
{
  g_autofree char *payload = snug_peer_message_to_json (message);
  g_autoptr (SnugMessage) signal = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "peer", payload);

  snug_signaling_send (SNUG_SIGNALING (signaling), signal);
  snug_peer_message_unref (message);
}

/* As a call would: opens and joins. Returns: (transfer full): what it hears, as it comes. */
static GPtrArray *
join (SnugManualSignaling *manual, const char *name)
{
  SnugSignaling *signaling = SNUG_SIGNALING (manual);
  GPtrArray *heard = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_message_unref);
  g_autoptr (SnugMessage) message = snug_message_new_join (SNUG_ROOM_ID_NONE);

  g_assert_true (snug_signaling_get_by_hand (signaling));
  g_signal_connect_data (signaling, "message", G_CALLBACK (on_message), g_ptr_array_ref (heard),
                         unref_heard, 0);
  snug_signaling_open (signaling);
  snug_await (snug_signaling_get_state (signaling) == SNUG_SIGNALING_OPEN);
  snug_signaling_send (signaling, message);
  say (manual, snug_peer_message_new_introduction (name));

  return heard;
}

/* Describes itself and gathers one candidate. */
static void
describe (SnugManualSignaling *signaling, SnugSdpType type)
{
  static const char *const codecs[] = { NULL };

  say (signaling, snug_peer_message_new_description (1, type, SDP, codecs));
  g_assert_null (snug_manual_signaling_get_text (signaling));
  say (signaling, snug_peer_message_new_candidate (1, 0, "0", CANDIDATE));
  g_assert_null (snug_manual_signaling_get_text (signaling));
  say (signaling, snug_peer_message_new_end_of_candidates (1));
  g_assert_nonnull (snug_manual_signaling_get_text (signaling));
}

/* The introduction in the index-th message. */
static void
assert_hears_name (GPtrArray *heard, guint index, const char *name)
{
  g_autoptr (SnugPeerMessage) message = NULL;
  const char *payload;

  g_assert_cmpint (snug_message_get_kind (heard->pdata[index]), ==, SNUG_MESSAGE_SIGNAL);
  payload = snug_message_get_payload (heard->pdata[index]);
  message = snug_peer_message_parse (payload, strlen (payload), NULL);
  g_assert_nonnull (message);
  g_assert_cmpstr (snug_peer_message_get_name (message), ==, name);
}

/* The description in the index-th message. */
static void
assert_hears_description (GPtrArray *heard, guint index, SnugSdpType type)
{
  g_autoptr (SnugPeerMessage) message = NULL;
  const char *payload, *sdp, *candidate;

  g_assert_cmpuint (heard->len, ==, index + 1);
  g_assert_cmpint (snug_message_get_kind (heard->pdata[index]), ==, SNUG_MESSAGE_SIGNAL);
  payload = snug_message_get_payload (heard->pdata[index]);
  message = snug_peer_message_parse (payload, strlen (payload), NULL);
  g_assert_nonnull (message);
  g_assert_cmpint (snug_peer_message_get_sdp_type (message), ==, type);

  /* All candidates, and their end, in the first of the two. */
  sdp = snug_peer_message_get_sdp (message);
  candidate = strstr (sdp, "a=" CANDIDATE "\r\na=end-of-candidates\r\n");
  g_assert_nonnull (candidate);
  g_assert_true (candidate > strstr (sdp, "m=audio") && candidate < strstr (sdp, "m=application"));
}

static void
assert_refused (SnugManualSignaling *signaling, const char *text, SnugDescriptionTextError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (snug_manual_signaling_accept (signaling, text, &error));
  g_assert_error (error, SNUG_DESCRIPTION_TEXT_ERROR, (int) code);
  g_assert_true (snug_manual_signaling_get_awaiting (signaling));
}

static void
close_it (SnugManualSignaling *signaling)
{
  snug_signaling_close (SNUG_SIGNALING (signaling));
  g_assert_cmpint (snug_signaling_get_state (SNUG_SIGNALING (signaling)), ==, SNUG_SIGNALING_CLOSED);
  g_assert_null (snug_signaling_get_error (SNUG_SIGNALING (signaling)));
}

static void
test_exchange (gconstpointer data)
{
  SnugDescriptionFormat format = GPOINTER_TO_INT (data);
  g_autoptr (SnugManualSignaling) a = snug_manual_signaling_new_offer (format, "Somebody");
  g_autoptr (SnugManualSignaling) b = NULL;
  g_autoptr (GPtrArray) heard_a = join (a, "Ada");
  g_autoptr (GPtrArray) heard_b = NULL;
  g_autoptr (GError) error = NULL;
  const char *const *members;

  /* Who invites comes into a room where the other is already: it offers. */
  g_assert_cmpuint (heard_a->len, ==, 2);
  members = snug_message_get_members (heard_a->pdata[0]);
  g_assert_cmpuint (g_strv_length ((GStrv) members), ==, 1);
  assert_hears_name (heard_a, 1, "Somebody");
  describe (a, SNUG_SDP_OFFER);
  g_assert_true (snug_manual_signaling_get_awaiting (a));

  b = snug_manual_signaling_new_answer (snug_manual_signaling_get_text (a), "Somebody", &error);
  g_assert_no_error (error);
  heard_b = join (b, "Bob");
  g_assert_cmpint (snug_message_get_kind (heard_b->pdata[1]), ==, SNUG_MESSAGE_PEER_JOINED);
  assert_hears_name (heard_b, 2, format == SNUG_DESCRIPTION_FORMAT_SNUG ? "Ada" : "Somebody");
  assert_hears_description (heard_b, 3, SNUG_SDP_OFFER);
  describe (b, SNUG_SDP_ANSWER);
  g_assert_false (snug_manual_signaling_get_awaiting (b));

  g_assert_true (snug_manual_signaling_accept (a, snug_manual_signaling_get_text (b), &error));
  g_assert_no_error (error);
  assert_hears_description (heard_a, 2, SNUG_SDP_ANSWER);
  g_assert_false (snug_manual_signaling_get_awaiting (a));
  close_it (a);
  close_it (b);
}

static void
test_refused (void)
{
  g_autoptr (SnugManualSignaling) a
      = snug_manual_signaling_new_offer (SNUG_DESCRIPTION_FORMAT_SNUG, "Somebody");
  g_autoptr (SnugManualSignaling) other
      = snug_manual_signaling_new_offer (SNUG_DESCRIPTION_FORMAT_SNUG, "Somebody");
  g_autoptr (SnugManualSignaling) b = NULL;
  g_autoptr (GPtrArray) heard_a = join (a, "Ada");
  g_autoptr (GPtrArray) heard_other G_GNUC_UNUSED = join (other, "Ann");
  g_autoptr (GPtrArray) heard_b = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *plain
      = snug_description_text_write (SNUG_DESCRIPTION_FORMAT_JSON, SNUG_SDP_OFFER, "v=0\r\n", NULL, NULL);

  describe (a, SNUG_SDP_OFFER);
  describe (other, SNUG_SDP_OFFER);
  b = snug_manual_signaling_new_answer (snug_manual_signaling_get_text (other), "Somebody", NULL);
  heard_b = join (b, "Bob");
  describe (b, SNUG_SDP_ANSWER);

  assert_refused (a, "", SNUG_DESCRIPTION_TEXT_ERROR_EMPTY);
  assert_refused (a, "hello", SNUG_DESCRIPTION_TEXT_ERROR_FOREIGN);
  assert_refused (a, snug_manual_signaling_get_text (a), SNUG_DESCRIPTION_TEXT_ERROR_OWN);
  assert_refused (a, plain, SNUG_DESCRIPTION_TEXT_ERROR_NOT_ANSWER);
  assert_refused (a, snug_manual_signaling_get_text (b), SNUG_DESCRIPTION_TEXT_ERROR_OTHER);
  g_assert_cmpuint (heard_a->len, ==, 2);

  g_assert_null (snug_manual_signaling_new_answer (snug_manual_signaling_get_text (b), "x", &error));
  g_assert_error (error, SNUG_DESCRIPTION_TEXT_ERROR, SNUG_DESCRIPTION_TEXT_ERROR_NOT_OFFER);
  /* Closed in the middle: nothing is left behind. */
  snug_await_finalized (a);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/manual-signaling/exchange/snug", GINT_TO_POINTER (SNUG_DESCRIPTION_FORMAT_SNUG),
                        test_exchange);
  g_test_add_data_func ("/manual-signaling/exchange/json", GINT_TO_POINTER (SNUG_DESCRIPTION_FORMAT_JSON),
                        test_exchange);
  g_test_add_data_func ("/manual-signaling/exchange/base64",
                        GINT_TO_POINTER (SNUG_DESCRIPTION_FORMAT_BASE64), test_exchange);
  g_test_add_func ("/manual-signaling/refused", test_refused);

  return g_test_run ();
}

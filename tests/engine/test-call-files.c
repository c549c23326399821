/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files, hands, reactions and typing in real calls over loopback: everything but the server real.
 */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "snug-await.h"
#include "snug-test-call.h"

/* Sanitizers make the same work many times longer. */
#define SLOW_SECONDS 120
#define MEGABYTE 1000000

typedef struct
{
  SnugMockRoom *room;
  SnugTestPerson *first;
  SnugTestPerson *second;
  char *folder;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->room = snug_mock_room_new ();
  f->first = snug_test_person_new (f->room, "First", g_strcmp0 (data, "media") == 0);
  f->second = snug_test_person_new (f->room, "Second", g_strcmp0 (data, "media") == 0);
  f->folder = g_dir_make_tmp ("snug-files-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  snug_test_person_join (f->first);
  snug_test_person_join (f->second);
  snug_test_await_call (f->first, f->second);
}

/* Nothing but what the test names may be there: what was not finished leaves nothing behind. */
static void
assert_only (Fixture *f, const char *const *names)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_strv_contains (names, name))
      g_error ("%s was left behind", name);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  snug_test_person_free (f->second);
  snug_test_person_free (f->first);
  g_clear_pointer (&f->room, snug_mock_room_free);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

static GFile *
child (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  return g_file_new_for_path (path);
}

static GFile *
make_file (Fixture *f, const char *name, gsize size)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autofree guint32 *data = g_malloc (size + 4);
  guint32 value = 1;

  for (gsize i = 0; i < size / 4 + 1; i++)
    data[i] = value = value * 1664525u + 1013904223u;
  g_assert_true (g_file_set_contents (path, (const char *) data, size, NULL));

  return g_file_new_for_path (path);
}

static char *
get_checksum (GFile *file)
{
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, NULL);

  g_assert_nonnull (bytes);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static void
assert_same (GFile *a, GFile *b)
{
  g_autofree char *left = get_checksum (a);
  g_autofree char *right = get_checksum (b);

  g_assert_cmpstr (left, ==, right);
}

/* The last file of the chat; NULL: none. Borrowed. */
static SnugFileTransfer *
last_transfer (SnugTestPerson *person, gboolean outgoing)
{
  GListModel *chat = G_LIST_MODEL (snug_call_get_chat (person->call));

  for (guint i = g_list_model_get_n_items (chat); i > 0; i--)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (chat, i - 1);
      SnugFileTransfer *transfer = snug_chat_message_get_transfer (message);

      if (transfer != NULL && snug_file_transfer_get_outgoing (transfer) == outgoing)
        return transfer;
    }

  return NULL;
}

static gboolean
is_in (SnugFileTransfer *transfer, SnugFileTransferState state)
{
  return transfer != NULL && snug_file_transfer_get_state (transfer) == state;
}

static void
offer (SnugTestPerson *person, GFile *file)
{
  g_autoptr (GError) error = NULL;

  snug_chat_offer_file (snug_call_get_chat (person->call), file, &error);
  g_assert_no_error (error);
}

static const SnugStatsValues *
get_stats (SnugTestPerson *person)
{
  static const SnugStatsValues none = { .round_trip_seconds = NAN };
  SnugStatsSample *sample = snug_stats_get_latest (snug_peer_get_stats (snug_test_person_get_peer (person, 0)));

  return sample != NULL ? snug_stats_sample_get_values (sample) : &none;
}

/* How long a line of chat takes to be there, in ms. A figure for the report, no more. */
static double
measure_chat (SnugTestPerson *from)
{
  GListModel *chat = G_LIST_MODEL (snug_call_get_chat (from->call));
  gint64 start = g_get_monotonic_time ();
  g_autoptr (SnugChatMessage) line = NULL;

  g_assert_true (snug_chat_send (SNUG_CHAT (chat), "hello"));
  line = g_list_model_get_item (chat, g_list_model_get_n_items (chat) - 1);
  snug_await (snug_chat_message_get_state (line) == SNUG_CHAT_MESSAGE_DELIVERED);

  return (g_get_monotonic_time () - start) / 1e3;
}

static void
report (Fixture *f, const char *when)
{
  double chat = measure_chat (f->first);
  const SnugStatsValues *stats = get_stats (f->second);

  g_test_message ("%s: chat %.1f ms there and back, %.0f pictures a second, round trip %.1f ms, loss %.1f %%", when,
                  chat, stats->received_frames_per_second, 1000 * stats->round_trip_seconds,
                  100 * stats->received_loss_fraction);
}

/* 20 MB both ways at once, beside sound and picture. */
static void
test_both_ways (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "a.bin", "b.bin", "a.copy", "b.copy", NULL };
  g_autoptr (GFile) a = make_file (f, "a.bin", 20 * MEGABYTE);
  g_autoptr (GFile) b = make_file (f, "b.bin", 20 * MEGABYTE + 1);
  g_autoptr (GFile) a_copy = child (f, "a.copy");
  g_autoptr (GFile) b_copy = child (f, "b.copy");
  SnugFileTransfer *to_second, *to_first;
  gint64 start;

  offer (f->first, a);
  offer (f->second, b);
  snug_await (last_transfer (f->second, FALSE) != NULL && last_transfer (f->first, FALSE) != NULL);
  to_second = last_transfer (f->second, FALSE);
  to_first = last_transfer (f->first, FALSE);
  g_assert_cmpstr (snug_file_transfer_get_name (to_second), ==, "a.bin");
  g_assert_cmpstr (snug_file_transfer_get_peer_name (to_second), ==, "First");
  g_assert_cmpuint (snug_file_transfer_get_size (to_second), ==, 20 * MEGABYTE);
  g_assert_true (is_in (to_second, SNUG_FILE_TRANSFER_OFFERED));

  snug_await (f->first->n_first_frames == 2 && f->second->n_first_frames == 2);
  snug_await (!isnan (get_stats (f->second)->round_trip_seconds)
              && get_stats (f->second)->received_frames_per_second > 5);
  report (f, "Before");
  start = g_get_monotonic_time ();
  snug_file_transfer_accept (to_second, a_copy);
  snug_file_transfer_accept (to_first, b_copy);
  snug_await_for (snug_file_transfer_get_transferred (to_second) > 10 * MEGABYTE, SLOW_SECONDS);
  report (f, "In the middle");
  snug_await_for (is_in (to_second, SNUG_FILE_TRANSFER_DONE) && is_in (to_first, SNUG_FILE_TRANSFER_DONE), SLOW_SECONDS);
  g_test_message ("40 MB in %.1f s", (g_get_monotonic_time () - start) / 1e6);
  snug_await (is_in (last_transfer (f->first, TRUE), SNUG_FILE_TRANSFER_DONE));
  snug_await (is_in (last_transfer (f->second, TRUE), SNUG_FILE_TRANSFER_DONE));
  g_assert_cmpuint (snug_file_transfer_get_transferred (to_first), ==, 20 * MEGABYTE + 1);
  g_assert_true (g_file_equal (snug_file_transfer_get_file (to_second), a_copy));
  assert_same (a, a_copy);
  assert_same (b, b_copy);
  assert_only (f, names);
  g_assert_cmpuint (f->first->n_failed + f->second->n_failed, ==, 0);
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "a.bin", NULL };
  g_autoptr (GFile) a = make_file (f, "a.bin", 20 * MEGABYTE);
  g_autoptr (GFile) copy = child (f, "a.copy");
  SnugFileTransfer *transfer;

  offer (f->first, a);
  snug_await (last_transfer (f->second, FALSE) != NULL);
  snug_file_transfer_decline (last_transfer (f->second, FALSE));
  snug_await (is_in (last_transfer (f->first, TRUE), SNUG_FILE_TRANSFER_DECLINED));

  for (guint by_sender = 0; by_sender < 2; by_sender++)
    {
      guint n = g_list_model_get_n_items (G_LIST_MODEL (snug_call_get_chat (f->second->call)));

      offer (f->first, a);
      snug_await (g_list_model_get_n_items (G_LIST_MODEL (snug_call_get_chat (f->second->call))) > n);
      transfer = last_transfer (f->second, FALSE);
      snug_file_transfer_accept (transfer, copy);
      snug_await (snug_file_transfer_get_transferred (transfer) > MEGABYTE);
      snug_file_transfer_cancel (by_sender ? last_transfer (f->first, TRUE) : transfer);
      snug_await (is_in (transfer, SNUG_FILE_TRANSFER_CANCELLED));
      snug_await (is_in (last_transfer (f->first, TRUE), SNUG_FILE_TRANSFER_CANCELLED));
      g_assert_cmpuint (snug_file_transfer_get_transferred (transfer), <, 20 * MEGABYTE);
    }
  snug_await (!g_file_query_exists (copy, NULL));
  snug_await_idle ();
  {
    g_autoptr (GFile) part = child (f, "a.copy.part");

    snug_await (!g_file_query_exists (part, NULL));
  }
  assert_only (f, names);
}

/* One of the two is gone in the middle of it, and comes back in another call. */
static void
test_resume (Fixture *f, gconstpointer data)
{
  gboolean recipient_left = strcmp (data, "recipient") == 0;
  SnugTestPerson **person = recipient_left ? &f->second : &f->first;
  SnugTestPerson *other = recipient_left ? f->first : f->second;
  g_autoptr (GFile) a = make_file (f, "a.bin", 20 * MEGABYTE);
  g_autoptr (GFile) copy = child (f, "a.copy");
  g_autoptr (SnugFileTransfer) outgoing = NULL;
  g_autoptr (SnugFileTransfer) incoming = NULL;
  g_autoptr (SnugChat) before = NULL;
  guint64 had;

  offer (f->first, a);
  snug_await (last_transfer (f->second, FALSE) != NULL);
  outgoing = g_object_ref (last_transfer (f->first, TRUE));
  incoming = g_object_ref (last_transfer (f->second, FALSE));
  snug_file_transfer_accept (incoming, copy);
  snug_await (snug_file_transfer_get_transferred (incoming) > 5 * MEGABYTE);

  before = g_object_ref (snug_call_get_chat ((*person)->call));
  snug_test_person_free (*person);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_PAUSED) && is_in (outgoing, SNUG_FILE_TRANSFER_PAUSED));
  had = snug_file_transfer_get_transferred (incoming);
  g_assert_cmpuint (had, <, 20 * MEGABYTE);

  *person = snug_test_person_new (f->room, recipient_left ? "Second" : "First", FALSE);
  snug_chat_adopt_files (snug_call_get_chat ((*person)->call), before);
  snug_test_person_join (*person);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_DONE));
  snug_await (is_in (outgoing, SNUG_FILE_TRANSFER_DONE));
  assert_same (a, copy);
  g_assert_true (last_transfer (*person, !recipient_left)
                 == (recipient_left ? incoming : outgoing));
  g_assert_cmpuint (other->n_failed, ==, 0);
}

static void
on_reaction (SnugPeer *peer, const char *emoji, char **last)
{
  g_free (*last);
  *last = g_strdup (emoji);
}

static void
test_gestures (Fixture *f, gconstpointer data)
{
  SnugPeer *peer = snug_test_person_get_peer (f->second, 0);
  SnugChat *chat = snug_call_get_chat (f->first->call);
  g_autoptr (SnugTestPerson) third = NULL;
  g_autoptr (SnugChatMessage) line = NULL;
  g_autofree char *emoji = NULL;
  guint n_sent = 0;

  snug_call_set_hand_raised (f->first->call, TRUE);
  snug_await (snug_peer_get_hand_raised (peer));
  snug_chat_set_typing (chat, TRUE);
  snug_await (snug_peer_get_typing (peer));
  g_assert_true (snug_chat_send (chat, "hello"));
  snug_await (!snug_peer_get_typing (peer));

  line = g_list_model_get_item (G_LIST_MODEL (chat), 0);
  snug_await (snug_chat_message_get_state (line) == SNUG_CHAT_MESSAGE_DELIVERED);
  snug_chat_mark_read (snug_call_get_chat (f->second->call));
  snug_await (snug_chat_message_get_read_count (line) == 1);

  g_signal_connect (peer, "reaction", G_CALLBACK (on_reaction), &emoji);
  g_assert_false (snug_call_send_reaction (f->first->call, "hello"));
  g_assert_true (snug_call_send_reaction (f->first->call, "\xe2\x9d\xa4\xef\xb8\x8f"));
  snug_await (g_strcmp0 (emoji, "\xe2\x9d\xa4\xef\xb8\x8f") == 0);
  for (guint i = 0; i < 100; i++)
    n_sent += snug_call_send_reaction (f->first->call, "\xf0\x9f\x91\x8d");
  g_assert_cmpuint (n_sent, <, SNUG_GESTURE_BURST);

  /* Who comes later sees the hand. */
  third = snug_test_person_new (f->room, "Third", FALSE);
  snug_test_person_join (third);
  snug_await (snug_test_person_get_peer (third, 0) != NULL
              && snug_peer_get_hand_raised (snug_test_person_get_peer (third, 0)));
  snug_call_set_hand_raised (f->first->call, FALSE);
  snug_await (!snug_peer_get_hand_raised (peer));
}

/* One line for two recipients: one takes it, one does not. */
static void
test_three_people (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugTestPerson) third = snug_test_person_new (f->room, "Third", FALSE);
  g_autoptr (GFile) a = make_file (f, "a.bin", 2 * MEGABYTE);
  g_autoptr (GFile) copy = child (f, "a.copy");
  SnugFileTransfer *outgoing;
  GListModel *recipients;
  guint states = 0;

  snug_test_person_join (third);
  snug_await (snug_test_person_peer_is (third, 0, SNUG_PEER_CONNECTED)
              && snug_test_person_peer_is (third, 1, SNUG_PEER_CONNECTED));
  snug_await (snug_peer_get_chat_open (snug_test_person_get_peer (f->first, 1)));
  offer (f->first, a);
  outgoing = last_transfer (f->first, TRUE);
  recipients = snug_file_transfer_get_recipients (outgoing);
  g_assert_cmpuint (g_list_model_get_n_items (recipients), ==, 2);
  snug_await (last_transfer (f->second, FALSE) != NULL && last_transfer (third, FALSE) != NULL);
  snug_file_transfer_decline (last_transfer (third, FALSE));
  snug_file_transfer_accept (last_transfer (f->second, FALSE), copy);
  snug_await (is_in (last_transfer (f->second, FALSE), SNUG_FILE_TRANSFER_DONE));
  snug_await (is_in (outgoing, SNUG_FILE_TRANSFER_DONE));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (SnugFileRecipient) recipient = g_list_model_get_item (recipients, i);

      states |= 1u << snug_file_recipient_get_state (recipient);
    }
  g_assert_cmpuint (states, ==, 1u << SNUG_FILE_TRANSFER_DONE | 1u << SNUG_FILE_TRANSFER_DECLINED);
  assert_same (a, copy);
}

int
main (int argc, char **argv)
{
  snug_test_init (&argc, &argv);
  g_test_add ("/call-files/both-ways", Fixture, "media", set_up, test_both_ways, tear_down);
  g_test_add ("/call-files/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/call-files/resume-recipient", Fixture, "recipient", set_up, test_resume, tear_down);
  g_test_add ("/call-files/resume-sender", Fixture, "sender", set_up, test_resume, tear_down);
  g_test_add ("/call-files/gestures", Fixture, NULL, set_up, test_gestures, tear_down);
  g_test_add ("/call-files/three-people", Fixture, NULL, set_up, test_three_people, tear_down);

  return snug_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything the app puts into words: errors, failures, numbers, times, the verdict on a connection.
 */
#include "snug-description-text.h"
#include "snug-engine.h"
#include "snug-error-text.h"
#include "snug-failure.h"
#include "snug-file-text.h"
#include "snug-format.h"
#include "snug-preferences-window.h"
#include "snug-protocol.h"
#include "snug-recent-rooms.h"
#include "snug-signaling.h"
#include "snug-stats-graph.h"
#include "snug-stats-verdict.h"

#include <locale.h>
#include <math.h>

typedef struct
{
  GQuark domain;
  int last; /* the highest code; they start at 1 and have no gaps */
} Domain;

static void
get_domains (Domain domains[5])
{
  domains[0] = (Domain) { SNUG_CALL_ERROR, SNUG_CALL_ERROR_ICE_SERVER };
  domains[1] = (Domain) { SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_HOST_LEFT };
  domains[2] = (Domain) { SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_OTHER };
  domains[3] = (Domain) { SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_SPEC };
  domains[4] = (Domain) { SNUG_DESCRIPTION_TEXT_ERROR, SNUG_DESCRIPTION_TEXT_ERROR_OTHER };
}

static void
test_every_error (void)
{
  Domain domains[5];

  get_domains (domains);
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    for (int code = 1; code <= domains[i].last; code++)
      for (guint subject = SNUG_ERROR_TEXT_CALL; subject <= SNUG_ERROR_TEXT_SPEAKER; subject++)
        {
          g_autoptr (GError) error = g_error_new_literal (domains[i].domain, code, "for a log");
          gboolean known = FALSE;
          SnugErrorText text = snug_error_text_lookup (error, (SnugErrorSubject) subject, &known);
          g_autofree char *title = snug_error_text_title (&text, "Ada");

          g_test_message ("%s %d: %s / %s", g_quark_to_string (error->domain), code, title, text.sentence);
          g_assert_true (known);
          g_assert_true (g_str_has_suffix (text.sentence, "."));
          g_assert_false (g_str_has_suffix (title, "."));
          g_assert_null (strstr (title, "%s"));
          /* What was meant for a log is not shown to a person. */
          g_assert_null (strstr (text.sentence, "for a log"));
        }
}

static void
test_unknown_error (void)
{
  g_autoptr (GError) strange = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");
  g_autoptr (GError) newer = g_error_new_literal (SNUG_CALL_ERROR, 1000, "x");
  gboolean known = TRUE;

  g_assert_nonnull (snug_error_text_lookup (strange, SNUG_ERROR_TEXT_CALL, &known).sentence);
  g_assert_false (known);
  g_assert_nonnull (snug_error_text_lookup (newer, SNUG_ERROR_TEXT_CALL, &known).sentence);
  g_assert_false (known);
  g_assert_nonnull (snug_error_text_lookup (NULL, SNUG_ERROR_TEXT_CALL, NULL).title);
}

/* The sentences that the design gives word for word. */
static void
test_given_words (void)
{
  const struct
  {
    GQuark domain;
    int code;
    const char *sentence;
  } given[] = {
    { SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE, "No camera was found. You can join with sound only." },
    { SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_DENIED, "Snug may not use the camera. Allow it in Settings." },
    { SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_BUSY, "Another program is using the camera." },
    { SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_ROOM_FULL, "This room is full. Eight people are already in." },
    { SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_ROOM_NAME, "Use letters, digits and hyphens." },
    { SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE,
      "The meeting point cannot be reached. Check your connection." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (given[i].domain, given[i].code, "x");

      g_assert_cmpstr (snug_error_text_lookup (error, SNUG_ERROR_TEXT_CAMERA, NULL).sentence, ==, given[i].sentence);
    }
}

static void
test_hostile_name (void)
{
  SnugErrorText text = { "You and %s could not be connected", "x.", SNUG_REMEDY_NONE };
  g_autofree char *title = snug_error_text_title (&text, "%s%n");
  g_autofree char *nobody = snug_error_text_title (&text, NULL);

  g_assert_cmpstr (title, ==, "You and %s%n could not be connected");
  g_assert_cmpstr (nobody, ==, "You and the other side could not be connected");
}

static void
test_failures (void)
{
  Domain domains[5];

  get_domains (domains);
  /* Not the last domain: media errors never end a call. */
  for (gsize i = 0; i < 3; i++)
    for (int code = 1; code <= domains[i].last; code++)
      for (int relay = 0; relay <= 1; relay++)
        {
          g_autoptr (GError) error = g_error_new_literal (domains[i].domain, code, "missing: vp8enc");
          g_autoptr (SnugFailure) failure = snug_failure_new (error, "Ada Lovelace", "meet.example.org", relay);
          gboolean failed = FALSE;

          g_assert_cmpuint (failure->steps->len, >=, 1);
          for (guint s = 0; s < failure->steps->len; s++)
            {
              const SnugFailureStep *step = g_ptr_array_index (failure->steps, s);
              failed |= step->state == SNUG_STEP_FAILED;
            }
          g_assert_true (failed);
          g_assert_nonnull (failure->sentence);
          g_assert_cmpstr (failure->sentence, !=, "");
          /* "No names" is promised on the page. */
          g_assert_null (strstr (failure->report, "Ada"));
          g_assert_nonnull (strstr (failure->report, g_quark_to_string (error->domain)));
        }
}

static void
test_failure_without_route (void)
{
  g_autoptr (GError) error = g_error_new_literal (SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ROUTE, "x");
  g_autoptr (SnugFailure) without = snug_failure_new (error, "Maya Okafor", NULL, FALSE);
  g_autoptr (SnugFailure) with = snug_failure_new (error, "Maya Okafor", NULL, TRUE);
  const SnugFailureStep *step;

  g_assert_cmpstr (without->title, ==, "You and Maya could not be connected");
  g_assert_cmpuint (without->steps->len, ==, 3);
  step = g_ptr_array_index (without->steps, 0);
  g_assert_cmpstr (step->detail, ==, "Maya is waiting there.");
  step = g_ptr_array_index (without->steps, 2);
  g_assert_cmpstr (step->title, ==, "Relay: not set up");
  g_assert_cmpint (step->remedy, ==, SNUG_REMEDY_NETWORK);
  step = g_ptr_array_index (with->steps, 2);
  g_assert_cmpstr (step->title, ==, "Relay: no answer");
}

/* The page shows title and sentence: neither repeats the other. */
static void
test_failure_says_it_once (void)
{
  g_autoptr (GError) error = g_error_new_literal (SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_ROOM_FULL, "x");
  g_autoptr (SnugFailure) failure = snug_failure_new (error, NULL, NULL, FALSE);

  g_assert_cmpstr (failure->title, ==, "This room is full");
  g_assert_cmpstr (failure->sentence, ==, "Eight people are already in.");
}

static void
check (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_numbers (void)
{
  check (snug_format_duration (0), "0:00");
  check (snug_format_duration (12 * 60 + 48), "12:48");
  check (snug_format_duration (3600 + 3 * 60 + 22), "1:03:22");
  check (snug_format_duration (100 * 3600), "100:00:00");
  check (snug_format_bit_rate (2.3e6), "2.3 Mbit/s");
  check (snug_format_bit_rate (840e3), "840 kbit/s");
  check (snug_format_bit_rate (999.9e3), "1.0 Mbit/s");
  check (snug_format_bit_rate (NAN), "—");
  check (snug_format_milliseconds (0.038), "38 ms");
  check (snug_format_milliseconds (NAN), "—");
  check (snug_format_percent (0.001), "0.1 %");
  check (snug_format_percent (NAN), "—");
  check (snug_format_frame_rate (29.97), "30 / s");
  check (snug_format_frame_rate (NAN), "—");
  check (snug_format_picture_size (1280, 720), "720p");
  check (snug_format_picture_size (720, 1280), "720p");
}

static void
test_people (void)
{
  const char *const nobody[] = { NULL };
  const char *const one[] = { "Maya Okafor", NULL };
  const char *const two[] = { "Maya Okafor", "Lena", NULL };
  const char *const four[] = { "Maya", "Lena", "Omar", "Walter", NULL };

  check (snug_format_people (NULL), NULL);
  check (snug_format_people (nobody), NULL);
  check (snug_format_people (one), "Maya");
  check (snug_format_people (two), "Maya and Lena");
  check (snug_format_people (four), "Maya and 3 others");
  check (snug_format_first_name (" odd"), " odd");
}

static void
test_typing (void)
{
  const char *const nobody[] = { NULL };
  const char *const one[] = { "Maya Okafor", NULL };
  const char *const two[] = { "Maya Okafor", "Lena Fischer", NULL };
  const char *const three[] = { "Maya", "Lena", "Omar", NULL };

  g_assert_null (snug_format_typing (NULL));
  g_assert_null (snug_format_typing (nobody));
  check (snug_format_typing (one), "Maya is typing…");
  check (snug_format_typing (two), "Maya and Lena are typing…");
  check (snug_format_typing (three), "3 people are typing…");
}

static void
test_file_progress (void)
{
  check (snug_file_text_progress (4100000, 9600000), "4.1 of 9.6 MB");
  check (snug_file_text_progress (0, 9600000), "0.0 of 9.6 MB");
  check (snug_file_text_progress (99999999, 9600000), "9.6 of 9.6 MB");
  check (snug_file_text_progress (500000000, 2147483648), "0.5 of 2.1 GB");
  check (snug_file_text_progress (1500, 2100), "1 of 3 kB");
  check (snug_file_text_progress (1, 999), "1 of 999 bytes");
  check (snug_file_text_progress (0, 0), "0 of 0 bytes");
  check (snug_file_text_progress (0, 1), "0 of 1 byte");

  check (snug_file_text_time_left (4100000, 9600000, 680000), "9 seconds left");
  check (snug_file_text_time_left (0, 1, 1000), "1 second left");
  check (snug_file_text_time_left (10, 10, 1000), "1 second left");
  check (snug_file_text_time_left (0, 60, 1), "1 minute left");
  check (snug_file_text_time_left (0, 150, 1), "3 minutes left");
  check (snug_file_text_time_left (0, 7200, 1), "2 hours left");
  g_assert_null (snug_file_text_time_left (0, 100, 0));
  g_assert_null (snug_file_text_time_left (0, 100, NAN));
  g_assert_null (snug_file_text_time_left (0, 100, INFINITY));
  g_assert_null (snug_file_text_time_left (101, 100, 10));
  g_assert_null (snug_file_text_time_left (0, G_MAXUINT64, 1));

  check (snug_file_text_speed (680000), "680.0\302\240kB/s");
  g_assert_null (snug_file_text_speed (0));
  g_assert_null (snug_file_text_speed (NAN));
  g_assert_null (snug_file_text_speed (-5));
}

static void
test_file_status (void)
{
  SnugFileStatus status = { .state = SNUG_FILE_TRANSFER_OFFERED, .size = 9600000, .n_recipients = 1 };
  g_autoptr (GError) error = g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_NO_SPACE, "x");

  check (snug_file_text_status (&status), "9.6\302\240MB");
  status.outgoing = TRUE;
  check (snug_file_text_status (&status), "9.6\302\240MB, waiting for an answer");
  status.state = SNUG_FILE_TRANSFER_ACTIVE;
  status.transferred = 4100000;
  check (snug_file_text_status (&status), "4.1 of 9.6 MB");
  status.bytes_per_second = 687500;
  check (snug_file_text_status (&status), "4.1 of 9.6 MB, 8 seconds left");
  status.state = SNUG_FILE_TRANSFER_PAUSED;
  check (snug_file_text_status (&status), "4.1 of 9.6 MB, waiting for the connection");
  status.state = SNUG_FILE_TRANSFER_DONE;
  check (snug_file_text_status (&status), "Sent");
  status.n_recipients = 3;
  status.n_done = 3;
  check (snug_file_text_status (&status), "Received by all 3");
  status.n_done = 2;
  check (snug_file_text_status (&status), "Received by 2 of 3");
  status.outgoing = FALSE;
  check (snug_file_text_status (&status), "Saved");
  status.folder = "Downloads";
  check (snug_file_text_status (&status), "Saved to Downloads");
  status.state = SNUG_FILE_TRANSFER_DECLINED;
  check (snug_file_text_status (&status), "Declined");
  status.state = SNUG_FILE_TRANSFER_CANCELLED;
  check (snug_file_text_status (&status), "Stopped");
  status.state = SNUG_FILE_TRANSFER_FAILED;
  status.error = error;
  check (snug_file_text_status (&status), "There is not enough space on the disk.");
}

/* Every code, both ways, has a sentence of its own or the general one. */
static void
test_file_errors (void)
{
  for (int code = SNUG_FILE_ERROR_FAILED; code <= SNUG_FILE_ERROR_PEER_LEFT; code++)
    for (int outgoing = 0; outgoing <= 1; outgoing++)
      {
        g_autoptr (GError) error = g_error_new_literal (SNUG_FILE_ERROR, code, "x");
        g_autofree char *sentence = snug_file_text_error (error, outgoing);
        g_autofree char *general = snug_file_text_error (NULL, outgoing);

        g_assert_true (g_str_has_suffix (sentence, "."));
        g_assert_true ((g_strcmp0 (sentence, general) == 0) == (code == SNUG_FILE_ERROR_FAILED));
      }
}

static void
test_days (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_local (2026, 11, 20, 0, 30, 0);
  const struct
  {
    int year, month, day, hour;
    const char *expected;
  } days[] = {
    { 2026, 11, 20, 0, "Today" },      { 2026, 11, 19, 23, "Yesterday" },    { 2026, 11, 18, 12, "Wednesday" },
    { 2026, 11, 14, 12, "Saturday" },  { 2026, 11, 13, 12, "13 November" },  { 2025, 11, 20, 12, "20 November 2025" },
    { 2026, 11, 21, 12, "21 November" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autoptr (GDateTime) time
        = g_date_time_new_local (days[i].year, days[i].month, days[i].day, days[i].hour, 0, 0);

      check (snug_format_day (time, now), days[i].expected);
    }
  check (snug_format_time (now), "00:30");
}

static SnugStatsValues
good_values (void)
{
  SnugStatsValues values = {
    .round_trip_seconds = 0.038, .sent_loss_fraction = 0.001, .received_loss_fraction = NAN,
    .audio_jitter_seconds = 0.002, .video_jitter_seconds = NAN, .sent_width = 1280, .sent_height = 720,
    .sent_frames_per_second = 30,
  };
  return values;
}

static void
test_verdict (void)
{
  SnugStatsValues values = good_values ();
  SnugStatsValues unknown = { .round_trip_seconds = NAN, .sent_loss_fraction = NAN, .received_loss_fraction = NAN,
                              .audio_jitter_seconds = NAN, .video_jitter_seconds = NAN };

  g_assert_cmpint (snug_stats_verdict_judge (NULL), ==, SNUG_VERDICT_UNKNOWN);
  g_assert_cmpint (snug_stats_verdict_judge (&unknown), ==, SNUG_VERDICT_UNKNOWN);
  g_assert_cmpint (snug_stats_verdict_judge (&values), ==, SNUG_VERDICT_GOOD);
  check (snug_stats_verdict_describe (SNUG_VERDICT_GOOD, &values, "Maya"),
         "Maya sees you at 720p and 30 frames a second.");

  values.received_loss_fraction = 0.04;
  g_assert_cmpint (snug_stats_verdict_judge (&values), ==, SNUG_VERDICT_UNSTEADY);
  check (snug_stats_verdict_describe (SNUG_VERDICT_UNSTEADY, &values, "Maya"),
         "4 % of packets are lost on the way to you. Maya sees you at 720p and 30 frames a second.");
  values.sent_loss_fraction = 0.08;
  values.local_candidate_type = (char *) "host";
  check (snug_stats_verdict_describe (SNUG_VERDICT_UNSTEADY, &values, "Maya"),
         "8 % of packets are lost on the way to Maya. Direct connection, 38 ms. Maya sees you at 720p and 30 frames a second.");
  values.remote_candidate_type = (char *) "relay";
  values.round_trip_seconds = NAN;
  check (snug_stats_verdict_describe (SNUG_VERDICT_UNSTEADY, &values, NULL),
         "8 % of packets are lost on the way to the other side. Through a relay. "
         "The other side sees you at 720p and 30 frames a second.");
  values.received_loss_fraction = 0.2;
  g_assert_cmpint (snug_stats_verdict_judge (&values), ==, SNUG_VERDICT_POOR);

  values = good_values ();
  values.round_trip_seconds = 0.35;
  g_assert_cmpint (snug_stats_verdict_judge (&values), ==, SNUG_VERDICT_UNSTEADY);
  values.round_trip_seconds = 1;
  g_assert_cmpint (snug_stats_verdict_judge (&values), ==, SNUG_VERDICT_POOR);

  values = good_values ();
  values.video_jitter_seconds = 0.05;
  values.sent_width = 0;
  g_assert_cmpint (snug_stats_verdict_judge (&values), ==, SNUG_VERDICT_UNSTEADY);
  check (snug_stats_verdict_describe (SNUG_VERDICT_UNSTEADY, &values, "Maya"),
         "Packets arrive unevenly, so sound and picture may stutter. Maya hears you.");
  for (guint v = SNUG_VERDICT_UNKNOWN; v <= SNUG_VERDICT_POOR; v++)
    g_assert_true (g_str_has_suffix (snug_stats_verdict_get_title ((SnugVerdict) v), "."));
}

static void
test_path (void)
{
  SnugStatsValues values = good_values ();
  g_autofree char *detail = NULL;

  g_assert_null (snug_stats_verdict_describe_path (NULL, &detail));
  g_assert_null (snug_stats_verdict_describe_path (&values, &detail));
  values.local_candidate_type = (char *) "host";
  values.remote_candidate_type = (char *) "host";
  values.protocol = (char *) "udp";
  values.remote_address = (char *) "2001:db8::1";
  check (snug_stats_verdict_describe_path (&values, &detail), "Direct, over IPv6");
  g_assert_cmpstr (detail, ==, "UDP, no relay in between");
  g_clear_pointer (&detail, g_free);
  values.remote_address = (char *) "192.0.2.1";
  values.remote_candidate_type = (char *) "srflx";
  check (snug_stats_verdict_describe_path (&values, &detail), "Direct, over IPv4");
  g_clear_pointer (&detail, g_free);
  values.remote_candidate_type = (char *) "relay";
  values.protocol = (char *) "tcp";
  check (snug_stats_verdict_describe_path (&values, &detail), "Through a relay");
  g_assert_true (g_str_has_prefix (detail, "TCP"));
}

static void
test_scale (void)
{
  g_assert_cmpfloat (snug_stats_graph_choose_scale (0, 5), ==, 5);
  g_assert_cmpfloat (snug_stats_graph_choose_scale (NAN, 5), ==, 5);
  g_assert_cmpfloat (snug_stats_graph_choose_scale (2.3e6, 1), ==, 5e6);
  g_assert_cmpfloat (snug_stats_graph_choose_scale (1.9e6, 1), ==, 2e6);
  for (double value = 0.001; value < 1e9; value *= 1.07)
    {
      double scale = snug_stats_graph_choose_scale (value, 1e-6);

      g_assert_cmpfloat (scale, >, value);
      g_assert_cmpfloat (scale, <=, value * 2.6);
    }
}

static void
test_ice_servers (void)
{
  const char *sentence;

  g_assert_true (snug_preferences_check_ice_server ("stun:stun.example.org", "", "", &sentence));
  g_assert_null (sentence);
  g_assert_true (snug_preferences_check_ice_server ("turn:192.0.2.1:3478?transport=tcp", "ada", "pw", &sentence));
  g_assert_false (snug_preferences_check_ice_server ("turn:relay.example.org", "", "", &sentence));
  g_assert_true (g_str_has_suffix (sentence, "."));
  g_assert_true (snug_preferences_check_ice_server ("turns:relay.example.org", "ada", "pw", &sentence));
  g_assert_false (snug_preferences_check_ice_server ("turns:relay.example.org", "ada", "", &sentence));
  g_assert_false (snug_preferences_check_ice_server ("stuns:relay.example.org", "ada", "pw", &sentence));
  g_assert_nonnull (strstr (sentence, "stuns:"));
  g_assert_false (snug_preferences_check_ice_server ("", "", "", &sentence));
  g_assert_false (snug_preferences_check_ice_server ("http://example.org", "", "", &sentence));
}

/* Kept by a version that knew no meeting point; and the same name at two of them. */
static void
test_recent_places (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.snugcalls.Snug");
  g_autoptr (GListModel) rooms = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_local (2026, 11, 20, 12, 0, 0);
  gint64 yesterday = g_date_time_to_unix (now) - 86400;
  g_autoptr (SnugRecentRoom) old = NULL;
  g_autoptr (SnugRecentRoom) other = NULL;

  g_settings_set_value (settings, "recent-rooms",
                        g_variant_new_parsed ("[('garden', %x, 'Maya Okafor'), ('kitchen', %x, '')]", yesterday, yesterday));
  rooms = snug_recent_rooms_new (settings);
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, 2);

  snug_recent_rooms_remember (settings, "garden", "wss://meet.example.org/snug", NULL, yesterday);
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, 3);
  other = g_list_model_get_item (rooms, 0);
  g_assert_cmpstr (snug_recent_room_get_server (other), ==, "wss://meet.example.org/snug");
  check (snug_recent_room_format_subtitle (other, now), "Yesterday, alone, at “meet.example.org”");
  old = g_list_model_get_item (rooms, 1);
  g_assert_cmpstr (snug_recent_room_get_name (old), ==, "garden");
  g_assert_null (snug_recent_room_get_server (old));
  check (snug_recent_room_format_subtitle (old, now), "Yesterday, with Maya");

  /* Only the one that is meant goes, and what was kept before does not come back. */
  snug_recent_rooms_forget (settings, "garden", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, 2);
  snug_recent_rooms_forget (settings, "garden", "wss://meet.example.org/snug");
  snug_recent_rooms_forget (settings, "kitchen", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, 0);
  snug_recent_rooms_forget_all (settings);
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, 0);
}

static void
test_recent_rooms (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.snugcalls.Snug");
  g_autoptr (GListModel) rooms = snug_recent_rooms_new (settings);
  const char *const people[] = { "Maya Okafor", "Lena Fischer", NULL };
  g_autoptr (GDateTime) now = g_date_time_new_local (2026, 11, 20, 12, 0, 0);
  gint64 yesterday = g_date_time_to_unix (now) - 86400;
  g_autoptr (SnugRecentRoom) room = NULL;

  for (guint i = 0; i < SNUG_RECENT_ROOMS_MAX + 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("room-%u", i);
      snug_recent_rooms_remember (settings, name, NULL, NULL, yesterday);
    }
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, SNUG_RECENT_ROOMS_MAX);
  snug_recent_rooms_remember (settings, "room-5", NULL, people, yesterday);
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, SNUG_RECENT_ROOMS_MAX);

  room = g_list_model_get_item (rooms, 0);
  g_assert_cmpstr (snug_recent_room_get_name (room), ==, "room-5");
  check (snug_recent_room_format_subtitle (room, now), "Yesterday, with Maya and Lena");
  g_clear_object (&room);
  room = g_list_model_get_item (rooms, 1);
  check (snug_recent_room_format_subtitle (room, now), "Yesterday, alone");
  snug_recent_rooms_forget (settings, "room-5", NULL);
  snug_recent_rooms_forget (settings, "nowhere", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, SNUG_RECENT_ROOMS_MAX - 1);
  g_clear_object (&room);
  room = g_list_model_get_item (rooms, 0);
  g_assert_cmpstr (snug_recent_room_get_name (room), !=, "room-5");
  snug_recent_rooms_forget_all (settings);
  g_assert_cmpuint (g_list_model_get_n_items (rooms), ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  /* What is missing is asked of GStreamer. */
  g_assert_true (snug_engine_init (NULL));
  g_test_add_func ("/app/error-text/every-code", test_every_error);
  g_test_add_func ("/app/error-text/unknown", test_unknown_error);
  g_test_add_func ("/app/error-text/given-words", test_given_words);
  g_test_add_func ("/app/error-text/hostile-name", test_hostile_name);
  g_test_add_func ("/app/failure/every-code", test_failures);
  g_test_add_func ("/app/failure/no-route", test_failure_without_route);
  g_test_add_func ("/app/failure/says-it-once", test_failure_says_it_once);
  g_test_add_func ("/app/format/numbers", test_numbers);
  g_test_add_func ("/app/format/people", test_people);
  g_test_add_func ("/app/format/days", test_days);
  g_test_add_func ("/app/format/typing", test_typing);
  g_test_add_func ("/app/file-text/progress", test_file_progress);
  g_test_add_func ("/app/file-text/status", test_file_status);
  g_test_add_func ("/app/file-text/errors", test_file_errors);
  g_test_add_func ("/app/stats/verdict", test_verdict);
  g_test_add_func ("/app/stats/path", test_path);
  g_test_add_func ("/app/stats/scale", test_scale);
  g_test_add_func ("/app/preferences/ice-servers", test_ice_servers);
  g_test_add_func ("/app/recent-rooms", test_recent_rooms);
  g_test_add_func ("/app/recent-places", test_recent_places);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connection panel, made, filled, drawn and dropped, and its report. With SNUG_SCREENSHOTS=FOLDER the pictures are kept.
 */
#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-stats-graph.h"
#include "snug-stats-panel.h"
#include "snug-stats-report.h"

#include <json-glib/json-glib.h>
#include <math.h>

#define FINGERPRINT \
  "sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:3E:4B:65:2E:7D:46:3F:54:42:CD:54:F1"

static SnugStats *
make_stats (void)
{
  SnugStats *stats = snug_stats_new ();

  for (int i = 0; i < SNUG_STATS_LENGTH; i++)
    {
      SnugStatsValues values = { 0 };

      values.time_seconds = i;
      values.round_trip_seconds = i < 5 ? NAN : 0.035 + 0.004 * sin (i / 3.0);
      values.sent_bits_per_second = 2.3e6 - 1.2e6 * exp (-i / 6.0);
      values.received_bits_per_second = 2.1e6 + 0.05e6 * sin (i);
      values.available_bits_per_second = i < 10 ? NAN : 2.7e6 - 1.2e6 * exp (-i / 10.0);
      values.sent_loss_fraction = 0.001;
      values.received_loss_fraction = i == 70 ? 0.03 : 0.001;
      values.audio_jitter_seconds = 0.002;
      values.video_jitter_seconds = 0.004;
      values.sent_width = values.received_width = 1280;
      values.sent_height = values.received_height = 720;
      values.sent_frames_per_second = values.received_frames_per_second = 30;
      values.video_codec = g_strdup ("VP8");
      values.audio_codec = g_strdup ("opus");
      values.local_candidate_type = g_strdup ("host");
      values.remote_candidate_type = g_strdup ("host");
      values.protocol = g_strdup ("udp");
      values.local_address = g_strdup ("2001:db8::7");
      values.remote_address = g_strdup ("2001:db8::9");
      values.local_port = 40321;
      values.remote_port = 51002;
      values.dtls_version = g_strdup ("DTLS 1.2");
      values.dtls_cipher = g_strdup ("TLS_ECDHE_RSA_AES_256_GCM_SHA384");
      values.srtp_profile = g_strdup ("AES_128_CM_HMAC_SHA1_80");
      values.local_fingerprint = g_strdup (FINGERPRINT);
      values.remote_fingerprint = g_strdup (FINGERPRINT);
      snug_stats_append (stats, snug_stats_sample_new (&values));
    }
  return stats;
}

static GtkWidget *
make_stats_panel (void)
{
  GtkWidget *panel = g_object_new (SNUG_TYPE_STATS_PANEL, NULL);
  g_autoptr (SnugStats) stats = make_stats ();

  snug_stats_panel_set_stats (SNUG_STATS_PANEL (panel), stats, "Maya Okafor");
  return panel;
}

/* With everything unfolded, on a path that loses a lot. */
static void
unfold (GtkWidget *widget)
{
  if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    unfold (child);
}

static GtkWidget *
make_unfolded_panel (void)
{
  GtkWidget *panel = make_stats_panel ();
  SnugStats *stats = snug_stats_new ();
  SnugStatsValues values = { .round_trip_seconds = 0.124, .sent_loss_fraction = 0.01, .received_loss_fraction = 0.13,
                             .audio_jitter_seconds = 0.01, .video_jitter_seconds = 0.01, .sent_frames_per_second = NAN,
                             .sent_bits_per_second = 0.8e6, .received_bits_per_second = 0.3e6 };

  values.local_candidate_type = g_strdup ("relay");
  values.remote_candidate_type = g_strdup ("srflx");
  values.protocol = g_strdup ("tcp");
  values.local_address = g_strdup ("192.0.2.7");
  values.remote_address = g_strdup ("198.51.100.23");
  values.dtls_version = g_strdup ("DTLS 1.2");
  values.dtls_cipher = g_strdup ("TLS_ECDHE_RSA_AES_256_GCM_SHA384");
  values.srtp_profile = g_strdup ("AES_128_CM_HMAC_SHA1_80");
  values.local_fingerprint = g_strdup (FINGERPRINT);
  values.remote_fingerprint = g_strdup (FINGERPRINT);
  snug_stats_append (stats, snug_stats_sample_new (&values));
  snug_stats_panel_set_stats (SNUG_STATS_PANEL (panel), stats, "Omar <b>Haddad</b>");
  g_object_unref (stats);
  unfold (panel);
  return panel;
}

static void
test_stats_draws (void)
{
  snug_app_fixture_draw_everywhere ("connection", make_stats_panel);
  snug_app_fixture_draw_everywhere ("connection-unfolded", make_unfolded_panel);
}

static void
test_stats_panel (void)
{
  GtkWidget *panel = make_stats_panel ();
  GtkWidget *window = snug_app_fixture_show (panel, 360, 720);
  g_autoptr (SnugStats) empty = snug_stats_new ();

  g_assert_true (snug_app_fixture_sees (panel, "The connection is good."));
  g_assert_true (snug_app_fixture_sees (
    panel, "Direct connection, 39 ms. Maya sees you at 720p and 30 frames a second."));
  g_assert_nonnull (snug_app_fixture_find (panel, ADW_TYPE_ACTION_ROW, "720p VP8, Opus 48 kHz"));
  g_assert_nonnull (snug_app_fixture_find (panel, ADW_TYPE_EXPANDER_ROW, "Direct, over IPv6"));
  g_assert_nonnull (snug_app_fixture_find (panel, ADW_TYPE_ACTION_ROW, "Certificate of Maya"));
  g_assert_true (snug_app_fixture_sees (panel, "2.3 Mbit/s"));
  g_assert_true (snug_app_fixture_sees (panel, "Available 2.7 Mbit/s"));
  g_assert_true (snug_app_fixture_sees (panel, "DTLS 1.2, certificate checked"));

  snug_stats_panel_set_stats (SNUG_STATS_PANEL (panel), empty, "Maya Okafor");
  g_assert_true (snug_app_fixture_sees (panel, "Not measured yet."));
  snug_stats_panel_set_stats (SNUG_STATS_PANEL (panel), NULL, NULL);
  snug_app_fixture_close (window);
}

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
on_notice (SnugStatsPanel *panel, const char *sentence, guint *n)
{
  (*n)++;
}

static void
test_stats_copy (void)
{
  GtkWidget *panel = make_stats_panel ();
  GtkWidget *window = snug_app_fixture_show (panel, 360, 720);
  GtkWidget *check = snug_app_fixture_find (panel, GTK_TYPE_CHECK_BUTTON, NULL);
  guint notices = 0;

  g_signal_connect (panel, "notice", G_CALLBACK (on_notice), &notices);
  for (int with_addresses = 0; with_addresses <= 1; with_addresses++)
    {
      g_autofree char *text = NULL;

      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), with_addresses);
      gtk_widget_activate_action (panel, "stats.copy-report", NULL);
      gdk_clipboard_read_text_async (gtk_widget_get_clipboard (panel), NULL, on_text, &text);
      snug_await (text != NULL);
      g_assert_true ((strstr (text, "2001:db8") != NULL) == with_addresses);
      g_assert_null (strstr (text, "Maya"));
    }
  g_assert_cmpuint (notices, ==, 2);
  snug_app_fixture_close (window);
}

static void
test_report (void)
{
  g_autoptr (SnugStats) stats = make_stats ();
  g_autoptr (SnugStats) none = snug_stats_new ();
  g_autofree char *hidden = snug_stats_report_make (G_LIST_MODEL (stats), FALSE);
  g_autofree char *open = snug_stats_report_make (G_LIST_MODEL (stats), TRUE);
  g_autofree char *empty = snug_stats_report_make (G_LIST_MODEL (none), FALSE);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *samples;
  JsonObject *first;

  /* Everything is there, as it was measured. */
  json_parser_load_from_data (parser, open, -1, &error);
  g_assert_no_error (error);
  samples = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "samples");
  g_assert_cmpuint (json_array_get_length (samples), ==, SNUG_STATS_LENGTH);
  first = json_array_get_object_element (samples, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "remote_address"), ==, "2001:db8::9");
  g_assert_cmpint (json_object_get_int_member (first, "remote_port"), ==, 51002);
  g_assert_true (json_object_get_null_member (first, "round_trip_seconds"));
  g_assert_cmpfloat (json_object_get_double_member (first, "received_bits_per_second"), ==, 2.1e6);
  g_assert_cmpstr (json_object_get_string_member (first, "video_codec"), ==, "VP8");

  /* No address and no port of the two is left in it. */
  json_parser_load_from_data (parser, hidden, -1, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (hidden, "2001:db8"));
  g_assert_null (strstr (hidden, "40321"));
  g_assert_null (strstr (hidden, "51002"));
  samples = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "samples");
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (samples, 0), "remote_address"), ==,
                   "IPv6, public");
  json_parser_load_from_data (parser, empty, -1, &error);
  g_assert_no_error (error);
}

static void
test_redact (void)
{
  static const char *const known[][2] = {
    { "127.0.0.1", "IPv4, loopback" },  { "::1", "IPv6, loopback" },       { "192.168.1.7", "IPv4, private" },
    { "10.0.0.1", "IPv4, private" },    { "172.16.3.4", "IPv4, private" }, { "169.254.1.1", "IPv4, link-local" },
    { "fe80::1", "IPv6, link-local" },  { "fd00::1", "IPv6, private" },    { "fc00::1", "IPv6, private" },
    { "192.0.2.7", "IPv4, public" },    { "2001:db8::1", "IPv6, public" }, { "::ffff:192.0.2.7", "IPv6, public" },
    { "3f2c4b1e.local", "name" },       { "", "name" },                    { "999.1.1.1", "name" },
    { "fe80::1%eth0", "name" },         { "Maya\"s host", "name" },
  };

  g_assert_null (snug_stats_report_redact (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmpstr (snug_stats_report_redact (known[i][0]), ==, known[i][1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();
  g_test_add_func ("/app/stats/draws", test_stats_draws);
  g_test_add_func ("/app/stats/panel", test_stats_panel);
  g_test_add_func ("/app/stats/copy", test_stats_copy);
  g_test_add_func ("/app/stats/report", test_report);
  g_test_add_func ("/app/stats/redact", test_redact);
  return g_test_run ();
}

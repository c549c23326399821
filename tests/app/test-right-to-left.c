/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pages in Arabic, drawn from right to left: what stands on which side, and which way each text runs. With
 * SNUG_SCREENSHOTS=FOLDER the pictures are kept.
 */
#include "config.h"

#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-call-page.h"
#include "snug-chat-panel.h"
#include "snug-engine.h"
#include "snug-failed-page.h"
#include "snug-lobby-page.h"
#include "snug-mock-signaling.h"
#include "snug-preferences-window.h"
#include "snug-recent-rooms.h"
#include "snug-self-view.h"
#include "snug-stats-panel.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <math.h>

/* --- which way texts run --- */

static gboolean
has_arabic (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_get_script (g_utf8_get_char (p)) == G_UNICODE_SCRIPT_ARABIC && g_unichar_isalpha (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* Every sentence with a word of Arabic in it begins at the right, also when it begins with somebody's name. Returns how
 * many there are. */
static guint
check_texts (GtkWidget *widget)
{
  guint n = 0;

  if (GTK_IS_LABEL (widget) && has_arabic (gtk_label_get_text (GTK_LABEL (widget))))
    {
      PangoLayoutLine *line = pango_layout_get_line_readonly (gtk_label_get_layout (GTK_LABEL (widget)), 0);

      if (pango_layout_line_get_resolved_direction (line) != PANGO_DIRECTION_RTL)
        g_error ("Runs from left to right: %s", gtk_label_get_text (GTK_LABEL (widget)));
      n++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += check_texts (child);
  return n;
}

static graphene_rect_t
get_place (GtkWidget *widget, GtkWidget *in)
{
  graphene_rect_t place;

  g_assert_nonnull (widget);
  g_assert_true (gtk_widget_compute_bounds (widget, in, &place));
  return place;
}

static float
get_right (const graphene_rect_t *place)
{
  return place->origin.x + place->size.width;
}

/* The left of a is right of all of b. */
#define assert_right_of(a, b, in) \
  G_STMT_START \
  { \
    graphene_rect_t place_a = get_place (a, in), place_b = get_place (b, in); \
    g_assert_cmpfloat (place_a.origin.x, >=, get_right (&place_b)); \
  } \
  G_STMT_END

/* --- lobby --- */

static void
test_lobby (void)
{
  const char *const people[] = { "Maya Okafor", "Lena Fischer", NULL };
  SnugDevices *devices = snug_app_fixture_get_devices ();
  GSettings *settings = snug_devices_get_settings (devices);
  GtkWidget *page = g_object_new (SNUG_TYPE_LOBBY_PAGE, NULL);
  GtkWidget *window;

  g_settings_set_string (settings, "display-name", "Robin Vale");
  snug_recent_rooms_remember (settings, "garden-shed", NULL, people, g_get_real_time () / G_USEC_PER_SEC - 86400);
  snug_lobby_page_set_devices (SNUG_LOBBY_PAGE (page), devices);
  snug_lobby_page_set_meeting_point (SNUG_LOBBY_PAGE (page), "meet.example.org", FALSE);
  window = snug_app_fixture_show (page, 1080, 700);
  g_assert_true (snug_app_fixture_sees (page, "كل شيء جاهز متى شئت"));
  /* Your picture comes first, what to fill in second. */
  assert_right_of (snug_app_fixture_find (page, GTK_TYPE_LEVEL_BAR, NULL),
                   snug_app_fixture_find (page, GTK_TYPE_BUTTON, "انضم"), page);
  g_assert_cmpuint (check_texts (page), >, 8);
  g_assert_cmpuint (snug_app_fixture_draw (window, "rtl-lobby"), >, 10);
  snug_app_fixture_close (window);
}

/* --- call --- */

static void
test_call (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugLocalMedia) silent = snug_local_media_new ();
  g_autoptr (SnugSignaling) signaling = snug_mock_room_add (room);
  g_autoptr (SnugSignaling) other_signaling = snug_mock_room_add (room);
  SnugLocalMedia *media = snug_devices_get_local_media (snug_app_fixture_get_devices ());
  g_autoptr (SnugCall) call = snug_call_new (signaling, media, NULL, "garden-shed", "Robin Vale");
  g_autoptr (SnugCall) maya = snug_call_new (other_signaling, silent, NULL, "garden-shed", "Maya Okafor");
  GtkWidget *page = g_object_new (SNUG_TYPE_CALL_PAGE, NULL);
  GtkWidget *window, *self_view, *send, *text, *panel;
  graphene_rect_t place;

  snug_call_page_set_call (SNUG_CALL_PAGE (page), call, "ws://192.0.2.7:8765", TRUE);
  window = snug_app_fixture_show (page, 1200, 750);
  snug_call_join (call);
  snug_await (snug_app_fixture_sees (page, "أنت أول الحاضرين هنا"));
  snug_await_idle ();
  g_assert_cmpuint (check_texts (page), >, 3);
  snug_app_fixture_draw (window, "rtl-call-alone");

  snug_call_join (maya);
  snug_await (snug_app_fixture_sees (page, "Maya Okafor"));
  snug_await_idle ();
  /* Your own picture floats where lines end. */
  self_view = snug_app_fixture_find (page, SNUG_TYPE_SELF_VIEW, NULL);
  place = get_place (self_view, page);
  g_assert_cmpfloat (get_right (&place), <, gtk_widget_get_width (page) / 2.0);
  snug_app_fixture_draw (window, "rtl-call");

  gtk_widget_activate_action (page, "call.toggle-chat", NULL);
  snug_await (snug_app_fixture_sees (page, "لا يقرؤها سوى من هم هنا."));
  snug_await_idle ();
  panel = snug_app_fixture_find (page, SNUG_TYPE_CHAT_PANEL, NULL);
  place = get_place (panel, page);
  g_assert_cmpfloat (place.origin.x, <, 2);
  assert_right_of (self_view, panel, page);
  send = snug_app_fixture_find (panel, GTK_TYPE_BUTTON, "snug-send-symbolic");
  text = snug_app_fixture_find (panel, GTK_TYPE_TEXT_VIEW, NULL);
  assert_right_of (text, send, page);
  check_texts (page);
  snug_app_fixture_draw (window, "rtl-call-chat");

  snug_call_leave (call);
  snug_call_leave (maya);
  snug_await (snug_call_get_state (call) == SNUG_CALL_LEFT && snug_call_get_state (maya) == SNUG_CALL_LEFT);
  snug_app_fixture_close (window);
}

/* --- chat --- */

static gboolean
send_nothing (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  return TRUE;
}

/* Whether a point three pixels from the bottom and from one side of a bubble is painted: only where its tail is. */
static gboolean
is_corner_filled (GtkWidget *bubble, gboolean left)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (bubble);
  int width = gdk_paintable_get_intrinsic_width (paintable), height = gdk_paintable_get_intrinsic_height (paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint32 *pixels = NULL;
  const int inset = 3;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (bubble)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  pixels = g_new (guint32, (gsize) width * height);
  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * 4);
  return pixels[(height - 1 - inset) * width + (left ? inset : width - 1 - inset)] >> 24 > 128;
}

static GtkWidget *
find_bubble (GtkWidget *panel, const char *text)
{
  GtkWidget *widget = snug_app_fixture_find (panel, GTK_TYPE_LABEL, text);

  while (widget != NULL && !gtk_widget_has_css_class (widget, "bubble"))
    widget = gtk_widget_get_parent (widget);
  return widget;
}

static void
test_chat (void)
{
  g_autoptr (SnugChat) chat = snug_chat_new (send_nothing, NULL);
  g_autoptr (SnugPeerMessage) message = snug_peer_message_new_chat ("m1", "Did everyone get the dates?");
  g_autoptr (SnugPeerMessage) arabic = snug_peer_message_new_chat ("m2", "نعم، السبت يناسبني.");
  GtkWidget *panel = g_object_new (SNUG_TYPE_CHAT_PANEL, NULL);
  GtkWidget *window, *theirs, *own;
  graphene_rect_t place;

  snug_chat_peer_opened (chat, "p1");
  snug_chat_receive (chat, "p1", "Lena", message);
  snug_chat_send (chat, "Saturday works for me.");
  snug_chat_receive (chat, "p1", "Lena", arabic);
  snug_chat_panel_set_chat (SNUG_CHAT_PANEL (panel), chat, G_OBJECT (chat));
  snug_chat_panel_set_open (SNUG_CHAT_PANEL (panel), TRUE);
  window = snug_app_fixture_show (panel, 360, 600);

  snug_app_fixture_draw (window, "rtl-chat");
  /* Theirs at the right with the tail there, one's own at the left. */
  theirs = find_bubble (panel, "Did everyone get the dates?");
  own = find_bubble (panel, "Saturday works for me.");
  place = get_place (theirs, panel);
  g_assert_cmpfloat (get_right (&place), >, 280);
  place = get_place (own, panel);
  g_assert_cmpfloat (place.origin.x, <, 60);
  g_assert_true (is_corner_filled (theirs, FALSE));
  g_assert_false (is_corner_filled (theirs, TRUE));
  g_assert_true (is_corner_filled (own, TRUE));
  g_assert_false (is_corner_filled (own, FALSE));
  check_texts (panel);
  snug_app_fixture_close (window);
}

/* --- connection --- */

static void
unfold (GtkWidget *widget)
{
  if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    unfold (child);
}

static void
test_connection (void)
{
  g_autoptr (SnugStats) stats = snug_stats_new ();
  GtkWidget *panel = g_object_new (SNUG_TYPE_STATS_PANEL, NULL);
  GtkWidget *window;

  for (int i = 0; i < SNUG_STATS_LENGTH; i++)
    {
      SnugStatsValues values = { .time_seconds = i, .round_trip_seconds = 0.035 + 0.004 * sin (i / 3.0) };

      values.sent_bits_per_second = 2.3e6 - 1.2e6 * exp (-i / 6.0);
      values.received_bits_per_second = 2.1e6;
      values.available_bits_per_second = 2.7e6;
      values.sent_width = values.received_width = 1280;
      values.sent_height = values.received_height = 720;
      values.sent_frames_per_second = values.received_frames_per_second = 30;
      values.video_codec = g_strdup ("VP8");
      values.audio_codec = g_strdup ("opus");
      values.local_candidate_type = g_strdup ("host");
      values.remote_candidate_type = g_strdup ("relay");
      values.protocol = g_strdup ("udp");
      values.local_address = g_strdup ("2001:db8::7");
      values.remote_address = g_strdup ("192.0.2.9");
      values.local_port = 40321;
      values.remote_port = 51002;
      values.dtls_version = g_strdup ("DTLS 1.2");
      snug_stats_append (stats, snug_stats_sample_new (&values));
    }
  snug_stats_panel_set_stats (SNUG_STATS_PANEL (panel), stats, "Maya Okafor");
  unfold (panel);
  window = snug_app_fixture_show (panel, 360, 1000);
  /* Time runs from left to right all the same. */
  assert_right_of (snug_app_fixture_find (panel, GTK_TYPE_LABEL, "الآن"),
                   snug_app_fixture_find (panel, GTK_TYPE_LABEL, "قبل دقيقتين"), panel);
  g_assert_cmpuint (check_texts (panel), >, 15);
  snug_app_fixture_draw (window, "rtl-connection");
  snug_app_fixture_close (window);
}

/* --- failure, preferences --- */

static void
test_failed (void)
{
  GtkWidget *page = g_object_new (SNUG_TYPE_FAILED_PAGE, NULL);
  g_autoptr (GError) error = g_error_new_literal (SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ROUTE, "x");
  g_autoptr (SnugFailure) failure = snug_failure_new (error, "Maya Okafor", "meet.example.org", FALSE);
  GtkWidget *window;

  snug_failed_page_show (SNUG_FAILED_PAGE (page), "garden-shed", failure);
  unfold (page);
  window = snug_app_fixture_show (page, 640, 720);
  g_assert_cmpuint (check_texts (page), >, 8);
  snug_app_fixture_draw (window, "rtl-failed");
  snug_app_fixture_close (window);
}

static void
test_preferences (void)
{
  static const char *const pages[] = { "general", "devices", "network", "privacy" };
  SnugPreferencesWindow *window = snug_preferences_window_new (snug_app_fixture_get_devices ());

  gtk_window_present (GTK_WINDOW (window));
  snug_await (gtk_widget_get_width (GTK_WIDGET (window)) > 0);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strdup_printf ("rtl-preferences-%s", pages[i]);

      snug_preferences_window_show_page (window, pages[i]);
      snug_await_idle ();
      snug_app_fixture_draw (GTK_WIDGET (window), name);
    }
  g_assert_cmpuint (check_texts (GTK_WIDGET (window)), >, 30);
  snug_app_fixture_close (GTK_WIDGET (window));
}

int
main (int argc, char **argv)
{
  g_autofree char *translations = NULL;

  /* Before anything asks which language it is; with-display has a locale of that name. */
  g_setenv ("LC_ALL", "ar.UTF-8", TRUE);
  g_assert_nonnull (setlocale (LC_ALL, ""));
  g_test_init (&argc, &argv, NULL);
  translations = g_test_build_filename (G_TEST_BUILT, "..", "po", NULL);
  bindtextdomain (SNUG_GETTEXT_DOMAIN, translations);
  bind_textdomain_codeset (SNUG_GETTEXT_DOMAIN, "UTF-8");
  textdomain (SNUG_GETTEXT_DOMAIN);
  snug_app_fixture_start ();
  /* GTK's own translations, which it learns the direction from, may not be installed. */
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);

  g_test_add_func ("/app/right-to-left/lobby", test_lobby);
  g_test_add_func ("/app/right-to-left/call", test_call);
  g_test_add_func ("/app/right-to-left/chat", test_chat);
  g_test_add_func ("/app/right-to-left/connection", test_connection);
  g_test_add_func ("/app/right-to-left/failed", test_failed);
  g_test_add_func ("/app/right-to-left/preferences", test_preferences);
  return g_test_run ();
}

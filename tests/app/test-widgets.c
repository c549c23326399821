/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every page and panel, made, filled, drawn and dropped. With SNUG_SCREENSHOTS=FOLDER the pictures are kept.
 */
#include "snug-room-key.h"
#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-call-page.h"
#include "snug-engine.h"
#include "snug-by-hand-page.h"
#include "snug-failed-page.h"
#include "snug-lobby-page.h"
#include "snug-mock-signaling.h"
#include "snug-preferences-window.h"
#include "snug-recent-rooms.h"
#include "snug-room-name.h"
#include "snug-self-view.h"
#include "snug-split-layout.h"
#include "snug-video-tile.h"
#include "snug-window.h"

#include <math.h>

/* --- lobby --- */

static GtkWidget *
make_lobby (void)
{
  GtkWidget *lobby = g_object_new (SNUG_TYPE_LOBBY_PAGE, NULL);
  SnugDevices *devices = snug_app_fixture_get_devices ();

  g_settings_set_string (snug_devices_get_settings (devices), "display-name", "Robin Vale");
  snug_lobby_page_set_devices (SNUG_LOBBY_PAGE (lobby), devices);
  return lobby;
}

static GtkWidget *
make_lobby_with_rooms (void)
{
  const char *const people[] = { "Maya Okafor", "Lena Fischer", "Omar Haddad", NULL };
  GSettings *settings = snug_devices_get_settings (snug_app_fixture_get_devices ());
  GtkWidget *lobby;

  snug_recent_rooms_forget_all (settings);
  snug_recent_rooms_remember (settings, "book-club", NULL, NULL, g_get_real_time () / G_USEC_PER_SEC - 3 * 86400);
  snug_recent_rooms_remember (settings, "garden-shed", NULL, people, g_get_real_time () / G_USEC_PER_SEC - 86400);
  lobby = make_lobby ();
  snug_lobby_page_set_meeting_point (SNUG_LOBBY_PAGE (lobby), "meet.example.org", FALSE);
  return lobby;
}

static void
test_lobby_draws (void)
{
  snug_app_fixture_draw_everywhere ("lobby-first", make_lobby);
  snug_app_fixture_draw_everywhere ("lobby", make_lobby_with_rooms);
}

typedef struct
{
  guint n;
  char *room;
  char *name;
} Joined;

static void
on_join (SnugLobbyPage *lobby, const char *room, const char *name, Joined *joined)
{
  joined->n++;
  g_free (joined->room);
  g_free (joined->name);
  joined->room = g_strdup (room);
  joined->name = g_strdup (name);
}

static void
set_row (GtkWidget *page, const char *title, const char *text)
{
  GtkWidget *row = snug_app_fixture_find (page, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
test_lobby_join (void)
{
  GtkWidget *lobby = make_lobby ();
  GtkWidget *window = snug_app_fixture_show (lobby, 1080, 700);
  static const struct
  {
    const char *text;
    const char *sentence;
  } bad[] = {
    { "", "Write the name of a room." },
    { "   ", "Write the name of a room." },
    { "snug://call/garden#k7Qp", "This link asks for more than a room. Snug does not follow it." },
    { "snug:garden", "This link does not name a room that Snug can go to." },
    { "https://meet.example.org@evil.example/r#garden",
      "This link has a user name in it, as links have that pretend to lead elsewhere. Snug does not follow it." },
    { "https://meet.example.org/r#<b>garden</b>",
      "This link has characters that no link has. Perhaps somebody has tampered with it." },
    { "http://meet.example.org/r#garden",
      "Anybody on the way could have changed where this link leads. Ask for one that begins with https://." },
    { "https://meet.example.org/r#%zz", "This link is damaged. Ask for it once more." },
    { "https://meet.example.org/join/garden",
      "This is no link into a room. Those begin with snug:// or with https:// and have /r# before the room." },
    { "a/b", "Use letters, digits and hyphens." },
    { "ha!", "Use letters, digits and hyphens." },
  };
  Joined joined = { 0 };

  g_signal_connect (lobby, "join", G_CALLBACK (on_join), &joined);

  /* Without a meeting point it is this network, which needs none. */
  set_row (lobby, "Room name or invitation link", "garden-shed");
  gtk_widget_activate_action (lobby, "lobby.join", NULL);
  g_assert_cmpuint (joined.n, ==, 1);
  g_assert_true (snug_app_fixture_sees (lobby, "This network"));
  g_assert_true (snug_app_fixture_sees (lobby, "Finds the others by itself, without a server"));
  joined.n = 0;

  snug_lobby_page_set_meeting_point (SNUG_LOBBY_PAGE (lobby), "meet.example.org", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      set_row (lobby, "Room name or invitation link", bad[i].text);
      gtk_widget_activate_action (lobby, "lobby.join", NULL);
      g_assert_cmpuint (joined.n, ==, 0);
      g_assert_true (snug_app_fixture_sees (lobby, bad[i].sentence));
    }
  set_row (lobby, "Room name or invitation link", "x");
  g_assert_false (snug_app_fixture_sees (lobby, "Use letters, digits and hyphens."));

  set_row (lobby, "Your name", "");
  gtk_widget_activate_action (lobby, "lobby.join", NULL);
  g_assert_cmpuint (joined.n, ==, 0);

  set_row (lobby, "Your name", "  Ada ");
  set_row (lobby, "Room name or invitation link", "  Garden Shed ");
  gtk_widget_activate_action (lobby, "lobby.join", NULL);
  g_assert_cmpuint (joined.n, ==, 1);
  g_assert_cmpstr (joined.room, ==, "garden-shed");
  g_assert_cmpstr (joined.name, ==, "Ada");

  g_free (joined.room);
  g_free (joined.name);
  snug_app_fixture_close (window);
}

/* The first of that name, pressed. */
static void
activate_recent (GtkWidget *lobby, const char *name)
{
  GtkWidget *row = snug_app_fixture_find (lobby, ADW_TYPE_ACTION_ROW, name);

  g_assert_nonnull (row);
  g_signal_emit_by_name (gtk_widget_get_ancestor (row, GTK_TYPE_LIST_BOX), "row-activated", row);
}

#define ROOM "Room name or invitation link"
#define ELSEWHERE \
  "The invitation leads to the meeting point “meet.example.org”. Join goes there; your own meeting point stays as it is."

/* A link to another meeting point is shown before anything is joined there, whichever way it came. */
static void
test_lobby_link (void)
{
  GtkWidget *lobby = make_lobby ();
  GtkWidget *window = snug_app_fixture_show (lobby, 1080, 700);
  SnugLobbyPage *page = SNUG_LOBBY_PAGE (lobby);
  GSettings *settings = snug_devices_get_settings (snug_app_fixture_get_devices ());
  Joined joined = { 0 };
  g_autoptr (SnugLink) link = snug_link_parse ("https://meet.example.org/r#garden", NULL);

  g_signal_connect (lobby, "join", G_CALLBACK (on_join), &joined);
  set_row (lobby, "Your name", "Ada");
  snug_lobby_page_set_meeting_point (page, "home.example.org", FALSE);
  snug_lobby_page_set_usual_server (page, "wss://home.example.org/snug");

  /* Pasted, and pressed at once. */
  set_row (lobby, ROOM, "https://meet.example.org/r#velvet-otter-maple-anchor-noble");
  gtk_widget_activate_action (lobby, "lobby.join", NULL);
  g_assert_cmpuint (joined.n, ==, 0);
  g_assert_true (snug_app_fixture_sees (lobby, ELSEWHERE));
  g_assert_cmpstr (snug_lobby_page_get_link_server (page), ==, "wss://meet.example.org/snug");
  gtk_widget_activate_action (lobby, "lobby.join", NULL);
  g_assert_cmpuint (joined.n, ==, 1);
  g_assert_cmpstr (joined.room, ==, "velvet-otter-maple-anchor-noble");

  /* Another room is at the usual place. */
  set_row (lobby, ROOM, "kitchen");
  g_assert_false (snug_app_fixture_sees (lobby, ELSEWHERE));
  g_assert_null (snug_lobby_page_get_link_server (page));

  /* From the desktop; and not wanted. */
  snug_lobby_page_open_link (page, link);
  g_assert_true (snug_app_fixture_sees (lobby, ELSEWHERE));
  gtk_widget_activate_action (lobby, "lobby.usual-server", NULL);
  g_assert_false (snug_app_fixture_sees (lobby, ELSEWHERE));
  g_assert_null (snug_lobby_page_get_link_server (page));

  /* Pasted, and looked at. */
  set_row (lobby, ROOM, "");
  set_row (lobby, ROOM, "https://meet.example.org/r#garden");
  snug_await (snug_app_fixture_sees (lobby, ELSEWHERE));
  g_assert_cmpuint (joined.n, ==, 1);

  /* A room of before is where it was. */
  snug_recent_rooms_remember (settings, "garden", "wss://meet.example.org/snug", NULL, 0);
  set_row (lobby, ROOM, "kitchen");
  g_assert_null (snug_lobby_page_get_link_server (page));
  activate_recent (lobby, "garden");
  g_assert_cmpuint (joined.n, ==, 2);
  g_assert_cmpstr (joined.room, ==, "garden");
  g_assert_cmpstr (snug_lobby_page_get_link_server (page), ==, "wss://meet.example.org/snug");
  snug_recent_rooms_remember (settings, "garden", NULL, NULL, 0);
  activate_recent (lobby, "garden");
  g_assert_cmpuint (joined.n, ==, 3);
  g_assert_null (snug_lobby_page_get_link_server (page));

  /* To the usual one there is nothing to say. */
  set_row (lobby, ROOM, "https://home.example.org/r#kitchen");
  gtk_widget_activate_action (lobby, "lobby.join", NULL);
  g_assert_cmpuint (joined.n, ==, 4);
  g_assert_null (snug_lobby_page_get_link_server (page));
  snug_recent_rooms_forget (settings, "garden", "wss://meet.example.org/snug");
  snug_recent_rooms_forget (settings, "garden", NULL);

  g_free (joined.room);
  g_free (joined.name);
  snug_app_fixture_close (window);
}

static GtkWidget *
make_linked_lobby (void)
{
  GtkWidget *lobby = make_lobby ();
  g_autoptr (SnugLink) link = snug_link_parse ("https://meet.example.org/r#garden", NULL);

  snug_lobby_page_set_meeting_point (SNUG_LOBBY_PAGE (lobby), "home.example.org", FALSE);
  snug_lobby_page_open_link (SNUG_LOBBY_PAGE (lobby), link);
  return lobby;
}

/* What a name is worth is said, and a better one is a press away. */
static void
test_lobby_strength (void)
{
  GtkWidget *lobby = make_lobby ();
  GtkWidget *window = snug_app_fixture_show (lobby, 1080, 700);
  const char *text;

  set_row (lobby, ROOM, "Garden");
  g_assert_true (snug_app_fixture_sees (lobby, "Anyone who guesses “garden” can join."));
  gtk_widget_activate_action (lobby, "lobby.new-room", NULL);
  g_assert_false (snug_app_fixture_sees (lobby, "Anyone who guesses “garden” can join."));
  text = gtk_editable_get_text (GTK_EDITABLE (snug_app_fixture_find (lobby, ADW_TYPE_ENTRY_ROW, ROOM)));
  g_assert_cmpfloat (snug_room_name_estimate_bits (text), >=, 39);
  snug_app_fixture_close (window);
  snug_app_fixture_draw_everywhere ("lobby-link", make_linked_lobby);
}

static void
test_lobby_host (void)
{
  GtkWidget *lobby = make_lobby ();
  GtkWidget *window = snug_app_fixture_show (lobby, 1080, 700);
  Joined joined = { 0 };

  g_signal_connect (lobby, "host", G_CALLBACK (on_join), &joined);
  set_row (lobby, "Room name or invitation link", "");
  gtk_widget_activate_action (lobby, "lobby.host", NULL);
  g_assert_cmpuint (joined.n, ==, 1);
  g_assert_cmpstr (joined.room, !=, "");
  g_free (joined.room);
  g_free (joined.name);
  snug_app_fixture_close (window);
}

/* --- failure, preferences --- */

static GtkWidget *
make_failed_page (void)
{
  GtkWidget *page = g_object_new (SNUG_TYPE_FAILED_PAGE, NULL);
  g_autoptr (GError) error = g_error_new_literal (SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ROUTE, "x");
  g_autoptr (SnugFailure) failure = snug_failure_new (error, "Maya Okafor", "meet.example.org", FALSE);

  snug_failed_page_show (SNUG_FAILED_PAGE (page), "garden-shed", failure);
  /* A second failure replaces the first one's steps. */
  snug_failed_page_show (SNUG_FAILED_PAGE (page), "garden-shed", failure);
  adw_expander_row_set_expanded (
    ADW_EXPANDER_ROW (snug_app_fixture_find (page, ADW_TYPE_EXPANDER_ROW, NULL)), TRUE);
  return page;
}

static void
test_failed_draws (void)
{
  snug_app_fixture_draw_everywhere ("failed", make_failed_page);
}

static void
count (guint *n)
{
  (*n)++;
}

static GtkWidget *
make_by_hand_choice (void)
{
  return g_object_new (SNUG_TYPE_BY_HAND_PAGE, NULL);
}

/* As far as it goes without a call: the other side's text is no invitation. */
static GtkWidget *
make_by_hand_problem (void)
{
  GtkWidget *page = make_by_hand_choice ();
  GtkWidget *view;

  gtk_widget_activate_action (page, "by-hand.answer", NULL);
  view = snug_app_fixture_find (page, GTK_TYPE_TEXT_VIEW, NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "hello", -1);
  gtk_widget_activate_action (page, "by-hand.go", NULL);
  return page;
}

/* An invitation that is ready, as a call would make it. */
static void
give_invitation (GtkWidget *page, SnugManualSignaling *signaling)
{
  static const char sdp[] = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                            "a=mid:0\r\na=ice-ufrag:b1dK5oZ0vQwXtS3r\r\na=ice-pwd:Zr5bXq0yA8pTnC4eJ7uHwK2m\r\na=sctp-port:5000\r\n";
  static const char *const codecs[] = { NULL };
  g_autoptr (SnugMessage) join = snug_message_new_join (SNUG_ROOM_ID_NONE);
  g_autoptr (SnugPeerMessage) offer = snug_peer_message_new_description (1, SNUG_SDP_OFFER, sdp, codecs);
  g_autoptr (SnugPeerMessage) end = snug_peer_message_new_end_of_candidates (1);
  g_autoptr (SnugPeerMessage) introduction = snug_peer_message_new_introduction ("Ada");
  SnugPeerMessage *messages[] = { introduction, offer, end };

  snug_signaling_open (SNUG_SIGNALING (signaling));
  while (snug_signaling_get_state (SNUG_SIGNALING (signaling)) != SNUG_SIGNALING_OPEN)
    g_main_context_iteration (NULL, TRUE);
  snug_signaling_send (SNUG_SIGNALING (signaling), join);
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autofree char *payload = snug_peer_message_to_json (messages[i]);
      g_autoptr (SnugMessage) message = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, "peer", payload);

      snug_signaling_send (SNUG_SIGNALING (signaling), message);
    }
}

static GtkWidget *
make_by_hand_invitation (void)
{
  GtkWidget *page = make_by_hand_choice ();

  g_signal_connect (page, "start", G_CALLBACK (give_invitation), NULL);
  gtk_widget_activate_action (page, "by-hand.invite", NULL);
  return page;
}

static GtkWidget *
make_by_hand_qr_code (void)
{
  GtkWidget *page = make_by_hand_invitation ();

  gtk_expander_set_expanded (GTK_EXPANDER (snug_app_fixture_find (page, GTK_TYPE_EXPANDER, NULL)), TRUE);
  return page;
}

static void
test_by_hand (void)
{
  GtkWidget *page = make_by_hand_problem ();
  GtkWidget *window = snug_app_fixture_show (page, 640, 720);
  const char *problem = "This is neither an invitation nor an answer. Copy the whole text that you were sent, and nothing else.";
  guint back = 0;

  g_signal_connect_swapped (page, "back", G_CALLBACK (count), &back);
  g_assert_true (snug_app_fixture_sees (page, problem));
  gtk_widget_activate_action (page, "by-hand.back", NULL);
  g_assert_cmpuint (back, ==, 1);
  g_assert_false (snug_app_fixture_sees (page, problem));
  snug_app_fixture_close (window);

  page = make_by_hand_invitation ();
  window = snug_app_fixture_show (page, 640, 720);
  g_assert_true (snug_app_fixture_sees (page, "1. Send this invitation to the other person"));
  g_assert_true (snug_app_fixture_sees (page, "2. Paste the answer that comes back"));
  snug_app_fixture_close (window);

  snug_app_fixture_draw_everywhere ("by-hand", make_by_hand_choice);
  snug_app_fixture_draw_everywhere ("by-hand-problem", make_by_hand_problem);
  snug_app_fixture_draw_everywhere ("by-hand-invitation", make_by_hand_invitation);
  snug_app_fixture_draw_everywhere ("by-hand-qr-code", make_by_hand_qr_code);
}

static void
test_failed_page (void)
{
  GtkWidget *page = make_failed_page ();
  GtkWidget *window = snug_app_fixture_show (page, 640, 720);
  guint retry = 0, back = 0;

  g_signal_connect_swapped (page, "retry", G_CALLBACK (count), &retry);
  g_signal_connect_swapped (page, "back", G_CALLBACK (count), &back);
  g_assert_true (snug_app_fixture_sees (page, "You and Maya could not be connected"));
  g_assert_true (snug_app_fixture_sees (page, "Set up"));
  gtk_widget_activate_action (page, "failed.retry", NULL);
  gtk_widget_activate_action (page, "failed.back", NULL);
  g_assert_cmpuint (retry, ==, 1);
  g_assert_cmpuint (back, ==, 1);
  snug_app_fixture_close (window);
}

static void
test_preferences (void)
{
  SnugDevices *devices = snug_app_fixture_get_devices ();
  GSettings *settings = snug_devices_get_settings (devices);
  static const char *const pages[] = { "general", "devices", "network", "privacy" };
  SnugPreferencesWindow *window;
  GtkWidget *add;

  g_settings_reset (settings, "ice-servers");
  window = snug_preferences_window_new (devices);
  gtk_window_present (GTK_WINDOW (window));
  snug_await (gtk_widget_get_width (GTK_WIDGET (window)) > 0);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strdup_printf ("preferences-%s", pages[i]);

      snug_preferences_window_show_page (window, pages[i]);
      snug_await_idle ();
      g_assert_cmpuint (snug_app_fixture_draw (GTK_WIDGET (window), name), >, 2);
    }

  add = snug_app_fixture_find (GTK_WIDGET (window), ADW_TYPE_ENTRY_ROW, "Address, such as stun:host or turn:host:3478");
  gtk_editable_set_text (GTK_EDITABLE (add), "stuns:relay.example.org");
  gtk_widget_activate_action (GTK_WIDGET (window), "preferences.add-ice-server", NULL);
  {
    g_autoptr (GVariant) servers = g_settings_get_value (settings, "ice-servers");
    g_assert_cmpuint (g_variant_n_children (servers), ==, 0);
  }
  gtk_editable_set_text (GTK_EDITABLE (add), "stun:stun.example.org");
  gtk_widget_activate_action (GTK_WIDGET (window), "preferences.add-ice-server", NULL);
  {
    g_autoptr (GVariant) servers = g_settings_get_value (settings, "ice-servers");
    g_assert_cmpuint (g_variant_n_children (servers), ==, 1);
  }
  g_assert_nonnull (snug_app_fixture_find (GTK_WIDGET (window), ADW_TYPE_ACTION_ROW, "stun:stun.example.org"));
  g_signal_emit_by_name (snug_app_fixture_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "user-trash-symbolic"),
                         "clicked");
  {
    g_autoptr (GVariant) servers = g_settings_get_value (settings, "ice-servers");
    g_assert_cmpuint (g_variant_n_children (servers), ==, 0);
  }

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  snug_await (window == NULL);
}

/* --- tiles --- */

static void
test_tile (void)
{
  GtkWidget *tile = g_object_new (SNUG_TYPE_VIDEO_TILE, "display-name", "Amina Yusuf", NULL);
  g_autoptr (SnugVideoFeed) feed = snug_video_feed_new ();
  GtkWidget *window;

  snug_video_tile_set_feed (SNUG_VIDEO_TILE (tile), feed);
  window = snug_app_fixture_show (tile, 386, 290);
  g_assert_true (snug_app_fixture_sees (tile, "Amina Yusuf"));
  g_assert_false (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (tile)));
  g_object_set (snug_video_tile_get_chips (SNUG_VIDEO_TILE (tile)), "status", "Connecting…", NULL);
  g_assert_true (snug_app_fixture_sees (tile, "Connecting…"));

  g_assert_false (gtk_widget_has_css_class (tile, "speaking"));
  snug_video_tile_set_level (SNUG_VIDEO_TILE (tile), -20);
  g_assert_true (gtk_widget_has_css_class (tile, "speaking"));
  snug_app_fixture_draw (tile, "tile-speaking");
  /* One report of silence, and no other after it. */
  snug_video_tile_set_level (SNUG_VIDEO_TILE (tile), -100);
  snug_await (!gtk_widget_has_css_class (tile, "speaking"));
  snug_video_tile_set_level (SNUG_VIDEO_TILE (tile), -20);
  g_assert_true (gtk_widget_has_css_class (tile, "speaking"));
  /* Somebody who is muted does not speak, whatever is heard. */
  g_object_set (tile, "audio-enabled", FALSE, NULL);
  g_assert_false (gtk_widget_has_css_class (tile, "speaking"));
  g_object_set (tile, "own", TRUE, NULL);
  g_assert_true (snug_app_fixture_sees (tile, "You"));
  snug_app_fixture_close (window);
}

/* Nothing comes any more: the last picture stays, and says how old it is, until something comes or it is known that nobody will. */
static void
test_tile_away (void)
{
  GtkWidget *tile = g_object_new (SNUG_TYPE_VIDEO_TILE, "display-name", "Maya Okafor", NULL);
  SnugLocalMedia *media = snug_devices_get_local_media (snug_app_fixture_get_devices ());
  GtkWidget *window;

  snug_local_media_set_video_enabled (media, TRUE);
  snug_video_tile_set_feed (SNUG_VIDEO_TILE (tile), snug_local_media_get_preview (media));
  window = snug_app_fixture_show (tile, 640, 360);
  snug_await (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (tile)));
  /* Its feed is active before the first picture has been drawn, and only what has been drawn can stay. */
  snug_await (snug_app_fixture_draw (tile, "tile-here") > 8);
  snug_video_tile_set_level (SNUG_VIDEO_TILE (tile), -20);

  g_object_set (tile, "seconds-away", 4, NULL);
  snug_local_media_set_video_enabled (media, FALSE);
  snug_await (!snug_video_feed_get_active (snug_local_media_get_preview (media)));
  g_assert_true (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (tile)));
  g_assert_true (gtk_widget_has_css_class (tile, "away"));
  g_assert_false (gtk_widget_has_css_class (tile, "speaking"));
  g_assert_true (snug_app_fixture_sees (tile, "Maya Okafor, last seen 4 seconds ago"));
  g_assert_cmpuint (snug_app_fixture_draw (tile, "tile-away"), >, 8);
  g_object_set (tile, "seconds-away", 61, NULL);
  g_assert_true (snug_app_fixture_sees (tile, "Maya Okafor, last seen 1 minute ago"));

  g_object_set (tile, "seconds-away", 0, NULL);
  g_assert_false (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (tile)));
  g_assert_false (gtk_widget_has_css_class (tile, "away"));
  g_assert_true (snug_app_fixture_sees (tile, "Maya Okafor"));
  snug_local_media_set_video_enabled (media, TRUE);
  snug_app_fixture_close (window);
}

static void
test_tile_with_picture (void)
{
  GtkWidget *tile = g_object_new (SNUG_TYPE_VIDEO_TILE, "display-name", "x", "mirrored", TRUE, NULL);
  SnugLocalMedia *media = snug_devices_get_local_media (snug_app_fixture_get_devices ());
  GtkWidget *window;

  snug_local_media_set_video_enabled (media, TRUE);
  snug_video_tile_set_feed (SNUG_VIDEO_TILE (tile), snug_local_media_get_preview (media));
  window = snug_app_fixture_show (tile, 640, 360);
  snug_await (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (tile)));
  g_object_set (tile, "video-enabled", FALSE, NULL);
  g_assert_false (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (tile)));
  snug_app_fixture_close (window);
}

static void
test_self_view (void)
{
  GtkWidget *view = g_object_new (SNUG_TYPE_SELF_VIEW, NULL);
  GtkAllocation place;

  g_object_ref_sink (view);
  snug_self_view_get_place (SNUG_SELF_VIEW (view), 1200, 750, 400, 64, &place);
  g_assert_cmpint (place.x, ==, 1200 - 20 - 224);
  g_assert_cmpint (place.y, ==, 750 - 20 - 126);
  /* Under the bar there is no room: above it. */
  snug_self_view_get_place (SNUG_SELF_VIEW (view), 840, 750, 520, 64, &place);
  g_assert_cmpint (place.y + place.height, <=, 750 - 20 - 64);

  snug_self_view_move (SNUG_SELF_VIEW (view), GTK_DIR_LEFT);
  snug_self_view_move (SNUG_SELF_VIEW (view), GTK_DIR_UP);
  snug_self_view_get_place (SNUG_SELF_VIEW (view), 1200, 750, 400, 64, &place);
  g_assert_cmpint (place.x, ==, 20);
  g_assert_cmpint (place.y, ==, 72);
  snug_self_view_move (SNUG_SELF_VIEW (view), GTK_DIR_RIGHT);
  snug_self_view_move (SNUG_SELF_VIEW (view), GTK_DIR_DOWN);
  g_assert_cmpint (snug_self_view_get_corner (SNUG_SELF_VIEW (view)), ==, 0);
  snug_self_view_set_size (SNUG_SELF_VIEW (view), SNUG_SELF_VIEW_SMALL);
  snug_self_view_get_place (SNUG_SELF_VIEW (view), 360, 720, 340, 64, &place);
  g_assert_cmpint (place.width, ==, 96);
  g_assert_cmpint (place.y + place.height, <=, 720 - 20 - 64);
  snug_await_finalized (view);
}

/* --- call --- */

static SnugCall *
make_call (SnugMockRoom *room, SnugLocalMedia *media, const char *name)
{
  g_autoptr (SnugSignaling) signaling = snug_mock_room_add (room);

  return snug_call_new (signaling, media, NULL, "garden-shed", name);
}

static void
leave (SnugCall *call)
{
  snug_call_leave (call);
  snug_await (snug_call_get_state (call) == SNUG_CALL_LEFT);
}

static void
test_call_page (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugLocalMedia) silent = snug_local_media_new ();
  SnugLocalMedia *media = snug_devices_get_local_media (snug_app_fixture_get_devices ());
  g_autoptr (SnugCall) call = make_call (room, media, "Robin Vale");
  g_autoptr (SnugCall) maya = make_call (room, silent, "Maya Okafor");
  g_autoptr (SnugCall) lena = make_call (room, silent, "Lena Fischer");
  GtkWidget *page = g_object_new (SNUG_TYPE_CALL_PAGE, NULL);
  GtkWidget *window;
  g_auto (GStrv) people = NULL;

  snug_call_page_set_call (SNUG_CALL_PAGE (page), call, "ws://192.0.2.7:8765", TRUE);
  window = snug_app_fixture_show (page, 1200, 750);
  g_assert_true (snug_app_fixture_sees (page, "Joining garden-shed…"));
  g_assert_cmpuint (snug_app_fixture_draw (window, "call-joining"), >, 2);

  snug_call_join (call);
  snug_await (snug_app_fixture_sees (page, "You are the first one here"));
  g_assert_true (snug_app_fixture_sees (page, "Waiting for others"));
  g_assert_true (snug_app_fixture_sees (page, "ws://192.0.2.7:8765"));
  snug_await_idle ();
  snug_app_fixture_draw (window, "call-alone");

  snug_call_join (maya);
  snug_await (snug_app_fixture_sees (page, "Maya Okafor"));
  g_assert_false (snug_app_fixture_sees (page, "You are the first one here"));
  g_assert_true (snug_app_fixture_sees (page, "You"));
  snug_await_idle ();
  snug_app_fixture_draw (window, "call-two");

  snug_call_join (lena);
  snug_await (snug_app_fixture_sees (page, "Lena Fischer"));
  snug_await_idle ();
  snug_app_fixture_draw (window, "call-three");

  /* Every toggle, twice. */
  g_assert_nonnull (snug_app_fixture_find (page, GTK_TYPE_BUTTON, "audio-input-microphone-symbolic"));
  gtk_widget_activate_action (page, "call.toggle-microphone", NULL);
  g_assert_false (snug_local_media_get_audio_enabled (media));
  gtk_widget_activate_action (page, "call.toggle-microphone", NULL);
  g_assert_true (snug_local_media_get_audio_enabled (media));
  gtk_widget_activate_action (page, "call.toggle-camera", NULL);
  g_assert_false (snug_local_media_get_video_enabled (media));
  gtk_widget_activate_action (page, "call.toggle-camera", NULL);

  gtk_widget_activate_action (page, "call.toggle-chat", NULL);
  snug_await (snug_app_fixture_sees (page, "Only the people here can read them."));
  snug_app_fixture_draw (window, "call-chat");
  gtk_widget_activate_action (page, "call.toggle-connection", NULL);
  snug_await (snug_app_fixture_sees (page, "Not measured yet.") || snug_app_fixture_sees (page, "The connection is good."));
  snug_app_fixture_draw (window, "call-connection");
  for (guint i = 0; i < 6; i++)
    gtk_widget_activate_action (page, "call.next-region", NULL);
  gtk_widget_activate_action (page, "call.close-panel", NULL);

  snug_call_leave (lena);
  snug_await (!snug_app_fixture_sees (page, "Lena Fischer"));
  snug_call_leave (maya);
  snug_await (snug_app_fixture_sees (page, "Everybody else has left"));
  people = snug_call_page_list_people (SNUG_CALL_PAGE (page));
  g_assert_cmpuint (g_strv_length (people), ==, 2);

  gtk_widget_activate_action (page, "call.leave", NULL);
  snug_await (snug_call_get_state (call) == SNUG_CALL_LEFT);
  leave (maya);
  leave (lena);
  snug_call_page_set_call (SNUG_CALL_PAGE (page), NULL, NULL, FALSE);
  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
  snug_app_fixture_close (window);
  snug_await (page == NULL);
  snug_await_finalized (call);
}

/* A narrow window: the panel instead of the stage, and fewer buttons. */
static void
test_call_page_narrow (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  SnugLocalMedia *media = snug_devices_get_local_media (snug_app_fixture_get_devices ());
  g_autoptr (SnugCall) call = make_call (room, media, "Robin Vale");
  GtkWidget *page = g_object_new (SNUG_TYPE_CALL_PAGE, NULL);
  GtkWidget *window;

  snug_call_page_set_call (SNUG_CALL_PAGE (page), call, NULL, FALSE);
  window = snug_app_fixture_show (page, 360, 720);
  g_assert_cmpint (gtk_widget_get_width (page), ==, 360);
  snug_call_join (call);
  snug_await (snug_app_fixture_sees (page, "You are the first one here"));
  snug_await_idle ();
  snug_app_fixture_draw (window, "call-alone-narrow");
  gtk_widget_activate_action (page, "call.toggle-chat", NULL);
  snug_await (!snug_app_fixture_sees (page, "You are the first one here"));
  snug_app_fixture_draw (window, "call-chat-narrow");
  gtk_widget_activate_action (page, "call.close-panel", NULL);
  snug_await (snug_app_fixture_sees (page, "You are the first one here"));

  leave (call);
  snug_app_fixture_close (window);
}

/* --- window --- */

static gboolean
is_shown (GtkWidget *window, GType page)
{
  GtkWidget *found = snug_app_fixture_find (window, page, NULL);

  return found != NULL && gtk_widget_get_mapped (found);
}

static guint
count_questions (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  guint n = 0;

  for (GList *l = windows; l != NULL; l = l->next)
    n += ADW_IS_MESSAGE_DIALOG (l->data);
  return n;
}

/* From the lobby to a failure and back, then into a room that is hosted here, and out again. */
static void
test_window (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.snugcalls.Snug");
  GtkWidget *window = GTK_WIDGET (snug_window_new (snug_app_fixture_start (), settings, TRUE));
  GtkWidget *lobby = snug_app_fixture_find (window, SNUG_TYPE_LOBBY_PAGE, NULL);
  GtkWidget *failed = snug_app_fixture_find (window, SNUG_TYPE_FAILED_PAGE, NULL);
  GtkWidget *call = snug_app_fixture_find (window, SNUG_TYPE_CALL_PAGE, NULL);
  g_autofree char *last_room = NULL;

  gtk_window_present (GTK_WINDOW (window));
  snug_await (is_shown (window, SNUG_TYPE_LOBBY_PAGE));
  set_row (lobby, "Your name", "Robin Vale");

  /* Nobody listens on port 1. */
  snug_window_set_server (SNUG_WINDOW (window), "ws://127.0.0.1:1");
  snug_window_set_room (SNUG_WINDOW (window), "Garden shed");
  gtk_widget_activate_action (lobby, "lobby.join", NULL);
  snug_await (is_shown (window, SNUG_TYPE_FAILED_PAGE));
  g_assert_true (snug_app_fixture_sees (failed, "The meeting point cannot be reached"));
  gtk_widget_activate_action (failed, "failed.retry", NULL);
  snug_await (is_shown (window, SNUG_TYPE_CALL_PAGE));
  snug_await (is_shown (window, SNUG_TYPE_FAILED_PAGE));
  gtk_widget_activate_action (failed, "failed.back", NULL);
  snug_await (is_shown (window, SNUG_TYPE_LOBBY_PAGE));

  snug_window_set_server (SNUG_WINDOW (window), "not an address");
  gtk_widget_activate_action (lobby, "lobby.join", NULL);
  snug_await (is_shown (window, SNUG_TYPE_FAILED_PAGE));
  g_assert_true (snug_app_fixture_sees (failed, "The meeting point’s address is not right"));
  gtk_widget_activate_action (failed, "failed.back", NULL);

  gtk_widget_activate_action (lobby, "lobby.host", NULL);
  snug_await (snug_app_fixture_sees (call, "You are the first one here"));
  last_room = g_settings_get_string (settings, "last-room");
  g_assert_cmpstr (last_room, ==, "garden-shed");
  /* In a call the window does not just go. */
  for (guint i = 0; i < 2; i++)
    {
      /* It asks, and asks once. */
      gtk_window_close (GTK_WINDOW (window));
      snug_await (count_questions () == 1);
    }
  g_assert_true (is_shown (window, SNUG_TYPE_CALL_PAGE));
  gtk_widget_activate_action (call, "call.leave", NULL);
  snug_await (is_shown (window, SNUG_TYPE_LOBBY_PAGE));

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_close (GTK_WINDOW (window));
  snug_await (window == NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();
  g_test_add_func ("/app/lobby/draws", test_lobby_draws);
  g_test_add_func ("/app/lobby/join", test_lobby_join);
  g_test_add_func ("/app/lobby/host", test_lobby_host);
  g_test_add_func ("/app/lobby/link", test_lobby_link);
  g_test_add_func ("/app/lobby/strength", test_lobby_strength);
  g_test_add_func ("/app/failed/draws", test_failed_draws);
  g_test_add_func ("/app/failed/page", test_failed_page);
  g_test_add_func ("/app/by-hand", test_by_hand);
  g_test_add_func ("/app/preferences", test_preferences);
  g_test_add_func ("/app/tile", test_tile);
  g_test_add_func ("/app/tile/away", test_tile_away);
  g_test_add_func ("/app/tile/picture", test_tile_with_picture);
  g_test_add_func ("/app/self-view", test_self_view);
  g_test_add_func ("/app/call-page", test_call_page);
  g_test_add_func ("/app/call-page/narrow", test_call_page_narrow);
  g_test_add_func ("/app/window", test_window);
  return g_test_run ();
}

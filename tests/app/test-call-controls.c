/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a person does in a call: the menus of the bar, a shared screen, the raised hand, talking while a key is held, the
 * small window, the end. With SNUG_SCREENSHOTS=FOLDER the pictures are kept.
 */
#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-call-page.h"
#include "snug-call-tally.h"
#include "snug-code-dialog.h"
#include "snug-device-menu.h"
#include "snug-ended-page.h"
#include "snug-invitation.h"
#include "snug-menu-item.h"
#include "snug-mock-signaling.h"
#include "snug-more-menu.h"
#include "snug-push-to-talk.h"
#include "snug-reaction-float.h"
#include "snug-reaction-menu.h"
#include "snug-share-menu.h"
#include "snug-small-window.h"
#include "snug-video-tile.h"

typedef struct
{
  SnugMockRoom *room;
  SnugLocalMedia *media;
  SnugLocalMedia *other_media;
  SnugCall *call;
  SnugCall *other;
  GtkWidget *page;
  GtkWidget *window;
} Fixture;

static SnugCall *
make_call (SnugMockRoom *room, SnugLocalMedia *media, const char *name)
{
  g_autoptr (SnugSignaling) signaling = snug_mock_room_add (room);

  return snug_call_new (signaling, media, NULL, "garden-shed", name);
}

static void
set_up (Fixture *fixture, gconstpointer width)
{
  fixture->room = snug_mock_room_new ();
  fixture->media = g_object_ref (snug_devices_get_local_media (snug_app_fixture_get_devices ()));
  fixture->other_media = snug_local_media_new ();
  fixture->call = make_call (fixture->room, fixture->media, "Robin Vale");
  fixture->other = make_call (fixture->room, fixture->other_media, "Maya Okafor");
  fixture->page = g_object_new (SNUG_TYPE_CALL_PAGE, NULL);
  snug_local_media_set_audio_enabled (fixture->media, TRUE);
  snug_call_page_set_devices (SNUG_CALL_PAGE (fixture->page), snug_app_fixture_get_devices ());
  snug_call_page_set_call (SNUG_CALL_PAGE (fixture->page), fixture->call, "wss://meet.example.org/snug", FALSE);
  fixture->window = snug_app_fixture_show (fixture->page, GPOINTER_TO_INT (width), 750);
  snug_call_join (fixture->call);
  snug_await (snug_call_get_state (fixture->call) == SNUG_CALL_JOINED);
}

static void
tear_down (Fixture *fixture, gconstpointer width)
{
  SnugCall *calls[] = { fixture->call, fixture->other };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      snug_call_leave (calls[i]);
      snug_await (snug_call_get_state (calls[i]) == SNUG_CALL_LEFT);
    }
  snug_call_page_set_call (SNUG_CALL_PAGE (fixture->page), NULL, NULL, FALSE);
  g_object_add_weak_pointer (G_OBJECT (fixture->page), (gpointer *) &fixture->page);
  snug_app_fixture_close (fixture->window);
  snug_await (fixture->page == NULL);
  snug_await_finalized (fixture->call);
  snug_await_finalized (fixture->other);
  g_object_unref (fixture->media);
  g_object_unref (fixture->other_media);
  snug_mock_room_free (fixture->room);
}

static void
let_other_join (Fixture *fixture)
{
  snug_call_join (fixture->other);
  snug_await (g_list_model_get_n_items (snug_call_get_peers (fixture->other)) == 1);
  snug_await (g_list_model_get_n_items (snug_call_get_peers (fixture->call)) == 1);
  {
    g_autoptr (SnugPeer) here = g_list_model_get_item (snug_call_get_peers (fixture->call), 0);
    g_autoptr (SnugPeer) there = g_list_model_get_item (snug_call_get_peers (fixture->other), 0);

    snug_await (snug_peer_get_chat_open (here) && snug_peer_get_chat_open (there));
  }
}

/* Draws what has changed by now. Twice: what the first layout changes is laid out, too. (A main loop with moving pictures
 * is never idle.) */
static void
draw (GtkWidget *widget, const char *picture)
{
  snug_app_fixture_draw (widget, picture);
  g_assert_cmpuint (snug_app_fixture_draw (widget, picture), >, 2);
}

/* Opens the menu of that button, draws it and leaves it open. Returns: the popover. */
static GtkWidget *
open_menu (Fixture *fixture, GType type, const char *picture)
{
  GtkWidget *content = snug_app_fixture_find (fixture->page, type, NULL);
  GtkWidget *popover = GTK_IS_POPOVER (content) ? content : gtk_widget_get_ancestor (content, GTK_TYPE_POPOVER);

  gtk_popover_popup (GTK_POPOVER (popover));
  snug_await (gtk_widget_get_mapped (popover) && gtk_widget_get_width (popover) > 0);
  draw (popover, picture);
  return popover;
}

/* The line with those words. */
static GtkWidget *
find_item (GtkWidget *root, const char *text)
{
  GtkWidget *label = snug_app_fixture_find (root, GTK_TYPE_LABEL, text);

  return label != NULL ? gtk_widget_get_ancestor (label, SNUG_TYPE_MENU_ITEM) : NULL;
}

static void
press (GtkWidget *root, const char *text)
{
  GtkWidget *item = find_item (root, text);

  g_assert_nonnull (item);
  g_assert_true (gtk_widget_get_visible (item));
  g_signal_emit_by_name (item, "clicked");
}

static void
test_more (Fixture *fixture, gconstpointer width)
{
  gboolean narrow = GPOINTER_TO_INT (width) < 720;
  GtkWidget *menu;

  menu = open_menu (fixture, SNUG_TYPE_MORE_MENU, narrow ? "more-narrow" : "more-wide");
  g_assert_true (snug_app_fixture_sees (menu, "Test picture"));
  g_assert_true (snug_app_fixture_sees (menu, "Test tone"));
  g_assert_cmpint (gtk_widget_is_visible (snug_app_fixture_find (menu, SNUG_TYPE_REACTION_MENU, NULL)), ==, narrow);
  press (menu, "Microphone");
  draw (menu, narrow ? "more-microphone-narrow" : "more-microphone-wide");
  {
    /* Switches of the sound work at once. */
    GtkWidget *echo = find_item (menu, "Cancel echoes");
    gboolean before, after;

    if (echo != NULL)
      {
        g_object_get (fixture->media, "echo-cancellation", &before, NULL);
        g_signal_emit_by_name (echo, "clicked");
        g_object_get (fixture->media, "echo-cancellation", &after, NULL);
        g_assert_cmpint (before, !=, after);
        g_object_set (fixture->media, "echo-cancellation", before, NULL);
      }
    else
      g_test_message ("no sound processing is installed: its switches are not tested");
  }
  gtk_popover_popdown (GTK_POPOVER (menu));
  snug_await (!gtk_widget_get_visible (menu));
  /* Opened again, it begins at the beginning. */
  gtk_popover_popup (GTK_POPOVER (menu));
  snug_await (snug_app_fixture_sees (menu, "Preferences"));
  press (menu, "Hide my own picture");
  snug_await (!gtk_widget_get_visible (menu));
  gtk_widget_activate_action (fixture->page, "call.toggle-own-picture", NULL);
}

static void
test_hand (Fixture *fixture, gconstpointer width)
{
  GtkWidget *menu;
  g_autoptr (SnugPeer) peer = NULL;

  let_other_join (fixture);
  menu = open_menu (fixture, SNUG_TYPE_REACTION_MENU, "reactions");
  press (menu, "Raise my hand");
  g_assert_true (snug_call_get_hand_raised (fixture->call));
  g_assert_true (snug_app_fixture_sees (fixture->page, "You"));
  peer = g_list_model_get_item (snug_call_get_peers (fixture->other), 0);
  snug_await (snug_peer_get_hand_raised (peer));
  gtk_widget_activate_action (fixture->page, "call.toggle-hand", NULL);
  snug_await (!snug_peer_get_hand_raised (peer));

  snug_call_set_hand_raised (fixture->other, TRUE);
  snug_await (snug_app_fixture_sees (fixture->page, "Hand raised"));
  g_assert_true (snug_call_send_reaction (fixture->other, "🎉"));
  {
    GtkWidget *floats = snug_app_fixture_find (fixture->page, SNUG_TYPE_REACTION_FLOAT, NULL);
    snug_await (snug_reaction_float_get_n (SNUG_REACTION_FLOAT (floats)) > 0);
  }
  gtk_widget_activate_action (fixture->page, "call.react", "s", "👍");
  draw (fixture->window, "call-hand");
}

static void
test_share (Fixture *fixture, gconstpointer width)
{
  SnugScreenShare *share = snug_call_get_screen_share (fixture->call);
  SnugScreenShare *other_share = snug_call_get_screen_share (fixture->other);
  GtkWidget *menu;

  let_other_join (fixture);
  snug_screen_share_set_way (share, SNUG_SCREEN_SHARE_TEST);
  menu = open_menu (fixture, SNUG_TYPE_SHARE_MENU, "share-off");
  gtk_popover_popdown (GTK_POPOVER (menu));
  snug_screen_share_start (share, NULL);
  snug_await (snug_screen_share_get_state (share) == SNUG_SCREEN_SHARE_SHARING);
  g_assert_true (snug_app_fixture_sees (fixture->page, "You are sharing your screen."));
  menu = open_menu (fixture, SNUG_TYPE_SHARE_MENU, "share-on");
  press (menu, "Video and motion");
  g_assert_cmpint (snug_screen_share_get_mode (share), ==, SNUG_SCREEN_MOTION);
  press (menu, "Pause sharing");
  g_assert_cmpint (snug_screen_share_get_state (share), ==, SNUG_SCREEN_SHARE_PAUSED);
  g_assert_true (snug_app_fixture_sees (fixture->page, "Your shared screen stands still."));
  draw (fixture->window, "call-share-paused");
  gtk_widget_activate_action (fixture->page, "call.continue-sharing", NULL);
  g_assert_cmpint (snug_screen_share_get_state (share), ==, SNUG_SCREEN_SHARE_SHARING);
  draw (fixture->window, "call-sharing");
  gtk_widget_activate_action (fixture->page, "call.stop-sharing", NULL);
  g_assert_cmpint (snug_screen_share_get_state (share), ==, SNUG_SCREEN_SHARE_OFF);
  snug_await (!snug_app_fixture_sees (fixture->page, "You are sharing your screen."));

  /* The other's screen leads. */
  snug_screen_share_set_way (other_share, SNUG_SCREEN_SHARE_TEST);
  snug_screen_share_start (other_share, NULL);
  snug_await (snug_app_fixture_sees (fixture->page, "Maya Okafor is sharing the screen"));
  g_assert_true (snug_app_fixture_sees (fixture->page, "You"));
  draw (fixture->window, "call-other-shares");
  gtk_widget_activate_action (fixture->page, "call.toggle-layout", NULL);
  draw (fixture->window, "call-other-shares-equal");
  snug_screen_share_stop (other_share);
  snug_await (!snug_app_fixture_sees (fixture->page, "Maya Okafor is sharing the screen"));
}

static void
test_talk (Fixture *fixture, gconstpointer width)
{
  SnugCallPage *page = SNUG_CALL_PAGE (fixture->page);
  GtkWidget *button;

  /* On already: the key is nobody's. */
  g_assert_false (snug_call_page_press_space (page));
  snug_local_media_set_audio_enabled (fixture->media, FALSE);
  gtk_window_set_focus (GTK_WINDOW (fixture->window), NULL);
  g_assert_true (snug_call_page_press_space (page));
  g_assert_true (snug_local_media_get_audio_enabled (fixture->media));
  g_assert_true (snug_call_page_press_space (page));
  g_assert_true (snug_app_fixture_sees (fixture->page, "You can be heard until you let go of the key."));
  draw (fixture->window, "call-talking");
  g_assert_true (snug_call_page_release_space (page));
  g_assert_false (snug_local_media_get_audio_enabled (fixture->media));
  g_assert_false (snug_call_page_release_space (page));

  /* Turned off while it is held: off it stays. */
  g_assert_true (snug_call_page_press_space (page));
  gtk_widget_activate_action (fixture->page, "call.toggle-microphone", NULL);
  g_assert_false (snug_call_page_release_space (page));
  g_assert_false (snug_local_media_get_audio_enabled (fixture->media));

  /* A control that the keyboard is at is pressed; the microphone's own button talks, and a tap leaves it on. */
  button = snug_app_fixture_find (fixture->page, GTK_TYPE_BUTTON, "snug-camera-symbolic");
  gtk_widget_grab_focus (button);
  gtk_window_set_focus_visible (GTK_WINDOW (fixture->window), TRUE);
  g_assert_false (snug_call_page_press_space (page));
  snug_call_page_focus_start (page);
  g_assert_true (snug_call_page_press_space (page));
  g_assert_true (snug_call_page_release_space (page));
  g_assert_true (snug_local_media_get_audio_enabled (fixture->media));

  /* In a text it is a space. */
  snug_local_media_set_audio_enabled (fixture->media, FALSE);
  gtk_widget_activate_action (fixture->page, "call.toggle-chat", NULL);
  snug_await (GTK_IS_TEXT_VIEW (gtk_window_get_focus (GTK_WINDOW (fixture->window))));
  g_assert_false (snug_call_page_press_space (page));
  gtk_widget_activate_action (fixture->page, "call.close-panel", NULL);
  snug_local_media_set_audio_enabled (fixture->media, TRUE);
}

static void
on_return (gboolean *returned)
{
  *returned = TRUE;
}

static void
test_small_window (Fixture *fixture, gconstpointer width)
{
  GtkWindow *small = snug_small_window_new (snug_app_fixture_start (), fixture->call,
                                            snug_call_page_get_spotlight (SNUG_CALL_PAGE (fixture->page)));
  gboolean returned = FALSE;

  g_signal_connect_swapped (small, "return", G_CALLBACK (on_return), &returned);
  gtk_window_present (small);
  snug_await (gtk_widget_get_mapped (GTK_WIDGET (small)) && gtk_widget_get_width (GTK_WIDGET (small)) > 0);
  draw (GTK_WIDGET (small), "small-window-alone");
  let_other_join (fixture);
  snug_await (snug_app_fixture_sees (GTK_WIDGET (small), "Maya Okafor") || snug_app_fixture_sees (GTK_WIDGET (small), "Maya"));
  draw (GTK_WIDGET (small), "small-window");
  gtk_widget_activate_action (GTK_WIDGET (small), "small.toggle-microphone", NULL);
  g_assert_false (snug_local_media_get_audio_enabled (fixture->media));
  gtk_widget_activate_action (GTK_WIDGET (small), "small.toggle-microphone", NULL);
  gtk_window_close (small);
  g_assert_true (returned);
  snug_call_leave (fixture->other);
  snug_await (snug_app_fixture_sees (GTK_WIDGET (small), "You"));
  g_object_add_weak_pointer (G_OBJECT (small), (gpointer *) &small);
  gtk_window_destroy (small);
  snug_await (small == NULL);
}

static GtkWindow *
find_message_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }
  return NULL;
}

static GtkWindow *
find_window (const char *title)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_strcmp0 (gtk_window_get_title (window), title) == 0)
        return window;
    }
  return NULL;
}

/* The other side of an exchange, which sends what it is given back at once. */
static void
give_code (SnugVerification *verification)
{
  static const char own[] = "sha-256 AA", peer[] = "sha-256 BB";
  g_autofree char *nonce = g_strnfill (SNUG_SHORT_CODE_DIGITS, '7');
  g_autofree char *commitment = snug_short_code_commit (peer, own, nonce);
  g_autoptr (SnugPeerMessage) commit = snug_peer_message_new_code_commit (commitment, NULL);
  g_autoptr (SnugPeerMessage) reveal = snug_peer_message_new_code_reveal (nonce);

  snug_verification_open (verification, own, peer);
  snug_verification_receive (verification, commit);
  snug_verification_receive (verification, reveal);
}

static void
respond (GtkWindow *dialog, const char *response)
{
  g_signal_emit_by_name (dialog, "response", response);
  gtk_window_destroy (dialog);
}

/* Compared in a dialog; what comes of it stands in the panel and on the tile. */
static void
test_code (Fixture *fixture, gconstpointer width)
{
  g_autoptr (SnugPeer) peer = NULL;
  SnugVerification *verification;
  g_autofree char *words = NULL;
  SnugShortCode code;
  GtkWindow *dialog;

  let_other_join (fixture);
  snug_await (g_list_model_get_n_items (snug_call_get_peers (fixture->call)) == 1);
  peer = g_list_model_get_item (snug_call_get_peers (fixture->call), 0);
  snug_await (snug_peer_get_state (peer) == SNUG_PEER_CONNECTED && snug_peer_get_chat_open (peer));
  /* What comes first on the channel has come then. */
  snug_chat_send (snug_call_get_chat (fixture->other), "hello");
  snug_await (g_list_model_get_n_items (G_LIST_MODEL (snug_call_get_chat (fixture->call))) == 1);
  verification = snug_peer_get_verification (peer);
  gtk_widget_activate_action (fixture->page, "call.toggle-connection", NULL);
  g_assert_null (snug_code_dialog_open (fixture->page, peer));
  g_assert_false (snug_app_fixture_sees (fixture->page, "Compare the code…"));

  give_code (verification);
  g_assert_true (snug_verification_get_code (verification, &code));
  words = snug_short_code_to_words (&code);
  snug_await (snug_app_fixture_sees (fixture->page, words));
  draw (fixture->window, "call-code-panel");

  dialog = snug_code_dialog_open (fixture->page, peer);
  snug_await (gtk_widget_get_mapped (GTK_WIDGET (dialog)));
  for (guint i = 0; i < SNUG_SHORT_CODE_LENGTH; i++)
    {
      g_assert_true (snug_app_fixture_sees (GTK_WIDGET (dialog), snug_short_code_get_symbol (code.symbols[i])->word));
      g_assert_true (snug_app_fixture_sees (GTK_WIDGET (dialog), snug_short_code_get_symbol (code.symbols[i])->emoji));
    }
  draw (GTK_WIDGET (dialog), "code-dialog");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  draw (GTK_WIDGET (dialog), "code-dialog-dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_LIGHT);
  respond (dialog, "same");
  g_assert_cmpint (snug_verification_get_state (verification), ==, SNUG_VERIFICATION_CONFIRMED);
  snug_await (snug_app_fixture_sees (fixture->page, "Confirmed: nobody sits between you"));
  draw (fixture->window, "call-confirmed");

  dialog = snug_code_dialog_open (fixture->page, peer);
  respond (dialog, "different");
  g_assert_cmpint (snug_verification_get_state (verification), ==, SNUG_VERIFICATION_DIFFERENT);
  snug_await (snug_app_fixture_sees (fixture->page, "You said that the codes differ"));
  /* Nothing is left without being asked. */
  g_assert_cmpint (snug_call_get_state (fixture->call), ==, SNUG_CALL_JOINED);
  dialog = find_message_dialog ();
  g_assert_nonnull (dialog);
  draw (GTK_WIDGET (dialog), "code-warning");
  respond (dialog, "leave");
  snug_await (snug_call_get_state (fixture->call) == SNUG_CALL_LEFT);
}

static void
test_invitation (Fixture *fixture, gconstpointer width)
{
  g_autofree char *hosted = snug_invitation_write ("garden-shed", "wss://meet.example.org/snug", FALSE);
  g_autofree char *bare = snug_invitation_write ("garden-shed", NULL, FALSE);
  g_autofree char *nearby = snug_invitation_write ("garden-shed", NULL, TRUE);

  GtkWindow *window = NULL;
  GtkWidget *found;

  g_assert_true (snug_app_fixture_sees (fixture->page, "https://meet.example.org/r#garden-shed"));
  g_assert_cmpstr (hosted, ==,
                   "Come into a call with Snug.\nhttps://meet.example.org/r#garden-shed\nRoom: garden-shed\n"
                   "Meeting point: wss://meet.example.org/snug");
  g_assert_cmpstr (bare, ==, "Come into a call with Snug.\nsnug://garden-shed\nRoom: garden-shed");
  g_assert_cmpstr (nearby, ==, "Come into a call with Snug.\nsnug://garden-shed\nRoom: garden-shed\nMeeting point: this network");
  draw (fixture->window, "call-invitation");
  gtk_widget_activate_action (fixture->page, "call.invite", NULL);
  snug_await ((window = find_window ("Invite people")) != NULL && gtk_widget_get_width (GTK_WIDGET (window)) > 0);
  draw (GTK_WIDGET (window), "call-invite-window");
  found = snug_app_fixture_find (GTK_WIDGET (window), GTK_TYPE_MENU_BUTTON, NULL);
  gtk_menu_button_popup (GTK_MENU_BUTTON (found));
  snug_await (snug_app_fixture_sees (GTK_WIDGET (window), "Write a mail…"));
  g_assert_true (snug_app_fixture_sees (GTK_WIDGET (window), "Copy the link"));
  draw (GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (found))), "call-invite-share");
  found = snug_app_fixture_find (GTK_WIDGET (window), GTK_TYPE_LABEL, "Copy the text");
  g_signal_emit_by_name (gtk_widget_get_ancestor (found, SNUG_TYPE_MENU_ITEM), "clicked");
  snug_await (snug_app_fixture_sees (fixture->page, "Invitation copied. Send it to the people you want to talk to."));
  draw (fixture->window, "call-invited");
}

static void
test_tally (void)
{
  static const struct
  {
    SnugCallTally tally;
    SnugVerdict verdict;
    const char *sentence;
  } cases[] = {
    { { 0, 0, 0 }, SNUG_VERDICT_UNKNOWN, NULL },
    { { 600, 20, 5 }, SNUG_VERDICT_GOOD, "The connection was good." },
    { { 600, 100, 30 }, SNUG_VERDICT_UNSTEADY, "The connection was good most of the time, and unsteady for 2:10." },
    { { 60, 0, 60 }, SNUG_VERDICT_POOR, "The connection was poor or unsteady for 1:00." },
    { { 3, 7, 0 }, SNUG_VERDICT_UNSTEADY, "The connection was unsteady." },
  };
  SnugCallTally counted = { 0 };
  const char *const people[] = { "Maya Okafor", "Lena Fischer", NULL };
  g_autofree char *length = snug_call_tally_describe_length (768, people);
  g_autofree char *alone = snug_call_tally_describe_length (3802, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = snug_call_tally_describe (&cases[i].tally);

      g_assert_cmpint (snug_call_tally_judge (&cases[i].tally), ==, cases[i].verdict);
      g_assert_cmpstr (sentence, ==, cases[i].sentence);
    }
  snug_call_tally_note (&counted, SNUG_VERDICT_UNKNOWN);
  snug_call_tally_note (&counted, SNUG_VERDICT_GOOD);
  snug_call_tally_note (&counted, SNUG_VERDICT_UNSTEADY);
  snug_call_tally_note (&counted, SNUG_VERDICT_POOR);
  g_assert_cmpuint (counted.good + counted.unsteady + counted.poor, ==, 3);
  g_assert_cmpstr (length, ==, "12:48 with Maya and Lena");
  g_assert_cmpstr (alone, ==, "1:03:22");
}

static void
test_ended (void)
{
  static const SnugCallTally tallies[] = { { 700, 3, 0 }, { 600, 80, 20 }, { 30, 60, 90 }, { 0, 0, 0 } };
  const char *const people[] = { "Maya Okafor", "Lena Fischer", "Omar Haddad", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (tallies); i++)
    for (int width = 360; width <= 1080; width += 720)
      {
        GtkWidget *page = g_object_new (SNUG_TYPE_ENDED_PAGE, NULL);
        g_autofree char *name = g_strdup_printf ("ended-%u-%d", i, width);
        GtkWidget *window;

        adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                            i % 2 == 0 ? ADW_COLOR_SCHEME_FORCE_LIGHT : ADW_COLOR_SCHEME_FORCE_DARK);
        snug_ended_page_show (SNUG_ENDED_PAGE (page), "garden-shed", 768, people, &tallies[i]);
        window = snug_app_fixture_show (page, width, 700);
        g_assert_true (snug_app_fixture_sees (page, "12:48 with Maya and 2 others"));
        draw (window, name);
        g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
        snug_app_fixture_close (window);
        snug_await (page == NULL);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();
#define ADD(name, test, width) g_test_add (name, Fixture, GINT_TO_POINTER (width), set_up, test, tear_down)
  ADD ("/app/call-controls/more", test_more, 1200);
  ADD ("/app/call-controls/more-narrow", test_more, 360);
  ADD ("/app/call-controls/hand", test_hand, 1200);
  ADD ("/app/call-controls/share", test_share, 1200);
  ADD ("/app/call-controls/talk", test_talk, 1200);
  ADD ("/app/call-controls/small-window", test_small_window, 1200);
  ADD ("/app/call-controls/invitation", test_invitation, 1200);
  ADD ("/app/call-controls/code", test_code, 1200);
  g_test_add_func ("/app/call-controls/tally", test_tally);
  g_test_add_func ("/app/call-controls/ended", test_ended);
  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chat panel, made, filled, drawn and dropped. With SNUG_SCREENSHOTS=FOLDER the pictures are kept.
 */
#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-chat-panel.h"
#include "snug-chat-row.h"

static gboolean
send_nothing (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  return TRUE;
}

static void
receive (SnugChat *chat, const char *peer, const char *name, const char *id, const char *text)
{
  g_autoptr (SnugPeerMessage) message = snug_peer_message_new_chat (id, text);

  snug_chat_receive (chat, peer, name, message);
}

static SnugChat *
make_chat (void)
{
  SnugChat *chat = snug_chat_new (send_nothing, NULL);

  snug_chat_peer_opened (chat, "p1");
  receive (chat, "p1", "Lena", "m1", "Morning! Did everyone get the dates?");
  receive (chat, "p1", "Lena", "m2", "I can still move mine if Saturday is better.");
  snug_chat_send (chat, "Saturday works for me. I will bring the soup.");
  receive (chat, "p2", "Omar", "m3", "<b>Here</b> is the route from last year: &amp;");
  return chat;
}

static GtkWidget *
make_chat_panel (void)
{
  GtkWidget *panel = g_object_new (SNUG_TYPE_CHAT_PANEL, NULL);
  g_autoptr (SnugChat) chat = make_chat ();

  snug_chat_panel_set_chat (SNUG_CHAT_PANEL (panel), chat, G_OBJECT (chat));
  snug_chat_panel_set_open (SNUG_CHAT_PANEL (panel), TRUE);
  return panel;
}

static GtkWidget *
make_empty_chat_panel (void)
{
  GtkWidget *panel = g_object_new (SNUG_TYPE_CHAT_PANEL, NULL);
  g_autoptr (SnugChat) chat = snug_chat_new (send_nothing, NULL);

  snug_chat_panel_set_chat (SNUG_CHAT_PANEL (panel), chat, G_OBJECT (chat));
  return panel;
}

static void
test_chat_draws (void)
{
  snug_app_fixture_draw_everywhere ("chat", make_chat_panel);
  snug_app_fixture_draw_everywhere ("chat-empty", make_empty_chat_panel);
}

static void
test_chat_panel (void)
{
  GtkWidget *panel = make_chat_panel ();
  g_autoptr (SnugChat) chat = make_chat ();
  GtkWidget *window;
  GtkTextBuffer *buffer;

  snug_chat_panel_set_chat (SNUG_CHAT_PANEL (panel), chat, G_OBJECT (chat));
  snug_chat_panel_set_open (SNUG_CHAT_PANEL (panel), FALSE);
  window = snug_app_fixture_show (panel, 360, 600);
  /* As it was written, not as markup. */
  g_assert_true (snug_app_fixture_sees (panel, "<b>Here</b> is the route from last year: &amp;"));
  g_assert_true (snug_app_fixture_sees (panel, "Sending…"));

  receive (chat, "p1", "Lena", "m4", "One more");
  receive (chat, "p1", "Lena", "m5", "And another");
  g_assert_cmpuint (snug_chat_panel_get_unread (SNUG_CHAT_PANEL (panel)), ==, 2);
  snug_chat_panel_set_open (SNUG_CHAT_PANEL (panel), TRUE);
  g_assert_cmpuint (snug_chat_panel_get_unread (SNUG_CHAT_PANEL (panel)), ==, 0);
  snug_await (snug_app_fixture_sees (panel, "And another"));
  g_assert_true (snug_app_fixture_sees (panel, "New"));

  /* What is nothing is not sent. */
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (snug_app_fixture_find (panel, GTK_TYPE_TEXT_VIEW, NULL)));
  gtk_text_buffer_set_text (buffer, "  \n", -1);
  gtk_widget_activate_action (panel, "chat.send", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (chat)), ==, 6);
  gtk_text_buffer_set_text (buffer, "See you all at eight?", -1);
  gtk_widget_activate_action (panel, "chat.send", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (chat)), ==, 7);
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, 0);
  snug_await (snug_app_fixture_sees (panel, "See you all at eight?"));

  /* Nobody is there any more: it says so, with a way to try again. */
  snug_chat_peer_removed (chat, "p1");
  snug_chat_send (chat, "Hello?");
  snug_await (snug_app_fixture_sees (panel, "Not sent."));
  g_assert_true (snug_app_fixture_sees (panel, "Try again"));
  snug_app_fixture_close (window);
}

static SnugChatMessage *
make_message (const char *id, const char *sender, SnugChatMessageState state, int minute)
{
  g_autoptr (GDateTime) time = g_date_time_new_local (2026, 11, 20, 10, minute, 0);

  return g_object_new (SNUG_TYPE_CHAT_MESSAGE, "id", id, "sender-id", sender, "sender-name", sender, "text", "x",
                       "time", time, "state", state, NULL);
}

static void
test_chat_runs (void)
{
  g_autoptr (SnugChatMessage) a = make_message ("a", "p1", SNUG_CHAT_MESSAGE_RECEIVED, 2);
  g_autoptr (SnugChatMessage) b = make_message ("b", "p1", SNUG_CHAT_MESSAGE_RECEIVED, 3);
  g_autoptr (SnugChatMessage) later = make_message ("c", "p1", SNUG_CHAT_MESSAGE_RECEIVED, 30);
  g_autoptr (SnugChatMessage) other = make_message ("d", "p2", SNUG_CHAT_MESSAGE_RECEIVED, 3);
  g_autoptr (SnugChatMessage) own = make_message ("e", NULL, SNUG_CHAT_MESSAGE_DELIVERED, 3);
  g_autoptr (SnugChatMessage) failed = make_message ("f", NULL, SNUG_CHAT_MESSAGE_NOT_SENT, 3);
  g_autofree char *meta = NULL;

  g_assert_true (snug_chat_row_same_run (a, b));
  g_assert_false (snug_chat_row_same_run (a, later));
  g_assert_false (snug_chat_row_same_run (a, other));
  g_assert_false (snug_chat_row_same_run (b, own));
  g_assert_false (snug_chat_row_same_run (own, failed));
  g_assert_false (snug_chat_row_same_run (NULL, a));
  g_assert_false (snug_chat_row_same_run (a, NULL));
  meta = snug_chat_row_format_meta (own);
  g_assert_cmpstr (meta, ==, "10:03, delivered");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();
  g_test_add_func ("/app/chat/draws", test_chat_draws);
  g_test_add_func ("/app/chat/panel", test_chat_panel);
  g_test_add_func ("/app/chat/runs", test_chat_runs);
  return g_test_run ();
}

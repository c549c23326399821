/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chat panel, made, filled, drawn and dropped. With SNUG_SCREENSHOTS=FOLDER the pictures are kept.
 */
#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-chat-composer.h"
#include "snug-chat-panel.h"
#include "snug-chat-row.h"
#include "snug-file-row.h"
#include "snug-file-transfer-private.h"

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
  GtkWidget *window, *view;
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
  view = snug_app_fixture_find (panel, GTK_TYPE_TEXT_VIEW, NULL);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_buffer_set_text (buffer, "  \n", -1);
  gtk_widget_activate_action (view, "chat.send", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (chat)), ==, 6);
  gtk_text_buffer_set_text (buffer, "See you all at eight?", -1);
  gtk_widget_activate_action (view, "chat.send", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (chat)), ==, 7);
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, 0);
  snug_await (snug_app_fixture_sees (panel, "See you all at eight?"));

  /* What is far too much is cut where it already is too much to send. */
  {
    g_autofree char *much = g_strnfill (1000000, 'x');

    gtk_text_buffer_set_text (buffer, much, -1);
    g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), >, 8192);
    g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), <, 16384);
    snug_await (snug_app_fixture_sees (panel, "This message is too long to send."));
    gtk_text_buffer_set_text (buffer, "", -1);
  }

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

  g_assert_true (snug_chat_row_same_run (a, b));
  g_assert_false (snug_chat_row_same_run (a, later));
  g_assert_false (snug_chat_row_same_run (a, other));
  g_assert_false (snug_chat_row_same_run (b, own));
  g_assert_false (snug_chat_row_same_run (own, failed));
  g_assert_false (snug_chat_row_same_run (NULL, a));
  g_assert_false (snug_chat_row_same_run (a, NULL));
}

static void
expect_meta (SnugChatMessage *message, guint n_others, const char *expected)
{
  g_autofree char *meta = snug_chat_row_format_meta (message, n_others);

  g_assert_cmpstr (meta, ==, expected);
}

static void
test_chat_meta (void)
{
  g_autoptr (SnugChatMessage) received = make_message ("a", "p1", SNUG_CHAT_MESSAGE_RECEIVED, 2);
  g_autoptr (SnugChatMessage) own = make_message ("e", NULL, SNUG_CHAT_MESSAGE_SENDING, 3);

  expect_meta (received, 3, "10:02");
  expect_meta (own, 3, "Sending…");
  snug_chat_message_set_state (own, SNUG_CHAT_MESSAGE_DELIVERED);
  expect_meta (own, 3, "10:03, delivered");
  snug_chat_message_add_reader (own);
  expect_meta (own, 1, "10:03, read");
  expect_meta (own, 3, "10:03, read by 1");
  snug_chat_message_add_reader (own);
  expect_meta (own, 3, "10:03, read by 2");
  snug_chat_message_set_state (own, SNUG_CHAT_MESSAGE_NOT_SENT);
  expect_meta (own, 3, "Not sent.");
}

/* --- rows that stand alone: every state of a file, and what is hostile --- */

static void
append_row (GtkWidget *box, SnugChatMessage *message)
{
  GtkWidget *row = snug_chat_row_new ();
  SnugChatRowContext context = { .last_of_run = TRUE, .tone = 2, .n_others = 3 };

  snug_chat_row_set_message (SNUG_CHAT_ROW (row), message);
  snug_chat_row_set_context (SNUG_CHAT_ROW (row), &context);
  gtk_box_append (GTK_BOX (box), row);
  g_object_unref (message);
}

static SnugFileTransfer *
make_file (SnugFileTransferState state, guint64 transferred)
{
  SnugFileTransfer *transfer = snug_file_transfer_new_incoming ("Omar Haddad", "Trail map.pdf", 9600000);
  g_autoptr (GFile) file = g_file_new_for_path ("/home/maya/Downloads/Trail map.pdf");

  snug_file_transfer_set_state (transfer, SNUG_FILE_TRANSFER_ACTIVE);
  snug_file_transfer_set_transferred (transfer, transferred);
  if (state == SNUG_FILE_TRANSFER_DONE)
    snug_file_transfer_finish (transfer, file);
  else if (state == SNUG_FILE_TRANSFER_FAILED)
    snug_file_transfer_fail (transfer, g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_CHECKSUM, "x"));
  else
    snug_file_transfer_set_state (transfer, state);
  return transfer;
}

static void
append_file (GtkWidget *box, SnugFileTransfer *transfer)
{
  const char *sender = snug_file_transfer_get_outgoing (transfer) ? NULL : "p2";

  append_row (box, snug_chat_message_new_transfer ("f", sender, sender != NULL ? "Omar Haddad" : "You", transfer));
  g_object_unref (transfer);
}

static SnugFileTransfer *
make_outgoing (guint n, guint n_done, SnugFileTransferState rest)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/tmp/Seedlings of the spring, all of them, in one very large picture.jpeg");
  SnugFileTransfer *transfer = snug_file_transfer_new_outgoing (file, "Seedlings of the spring, all of them, in one very large picture.jpeg", 4100000);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SnugFileRecipient) recipient = snug_file_recipient_new ("Maya");

      snug_file_transfer_add_recipient (transfer, recipient);
      snug_file_recipient_set_state (recipient, i < n_done ? SNUG_FILE_TRANSFER_DONE : rest);
    }
  return transfer;
}

static GtkWidget *
make_file_rows (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  append_file (box, snug_file_transfer_new_incoming ("Omar Haddad", "Trail map.pdf", 9600000));
  append_file (box, make_file (SNUG_FILE_TRANSFER_ACTIVE, 4100000));
  append_file (box, make_file (SNUG_FILE_TRANSFER_PAUSED, 4100000));
  append_file (box, make_file (SNUG_FILE_TRANSFER_DONE, 9600000));
  append_file (box, make_file (SNUG_FILE_TRANSFER_CANCELLED, 4100000));
  append_file (box, make_file (SNUG_FILE_TRANSFER_FAILED, 9600000));
  append_file (box, make_outgoing (3, 0, SNUG_FILE_TRANSFER_OFFERED));
  append_file (box, make_outgoing (3, 2, SNUG_FILE_TRANSFER_DECLINED));
  return box;
}

static void
test_file_rows (void)
{
  GtkWidget *box = make_file_rows ();
  GtkWidget *window = snug_app_fixture_show (box, 360, 900);

  g_assert_true (snug_app_fixture_sees (box, "Trail map.pdf"));
  g_assert_true (snug_app_fixture_sees (box, "9.6\302\240MB"));
  g_assert_true (snug_app_fixture_sees (box, "Accept"));
  g_assert_true (snug_app_fixture_sees (box, "4.1 of 9.6 MB, waiting for the connection"));
  g_assert_true (snug_app_fixture_sees (box, "Saved to Downloads"));
  g_assert_true (snug_app_fixture_sees (box, "Stopped"));
  g_assert_true (snug_app_fixture_sees (box, "The file arrived damaged and was thrown away. Ask for it again."));
  g_assert_true (snug_app_fixture_sees (box, "4.1\302\240MB, waiting for an answer"));
  snug_app_fixture_close (window);
  snug_app_fixture_draw_everywhere ("files", make_file_rows);
}

static void
on_cancel (SnugFileTransfer *transfer, gboolean *cancelled)
{
  *cancelled = TRUE;
}

static void
on_wanted (SnugFileTransfer *transfer, const char **wanted)
{
  *wanted = "decline";
}

/* What the buttons do. */
static void
test_file_buttons (void)
{
  g_autoptr (SnugFileTransfer) offered = snug_file_transfer_new_incoming ("Omar", "a.txt", 5);
  g_autoptr (SnugFileTransfer) sent = make_outgoing (1, 0, SNUG_FILE_TRANSFER_OFFERED);
  GtkWidget *row = g_object_new (SNUG_TYPE_FILE_ROW, NULL);
  const char *wanted = NULL;
  gboolean cancelled = FALSE;
  GtkWidget *window = snug_app_fixture_show (row, 360, 200);

  snug_file_row_set_transfer (SNUG_FILE_ROW (row), offered);
  g_assert_true (snug_app_fixture_sees (row, "Decline"));
  g_signal_connect (offered, "decline", G_CALLBACK (on_wanted), &wanted);
  gtk_widget_activate_action (row, "file.decline", NULL);
  g_assert_cmpstr (wanted, ==, "decline");
  snug_file_transfer_set_state (offered, SNUG_FILE_TRANSFER_DECLINED);
  g_assert_true (snug_app_fixture_sees (row, "Declined"));
  g_assert_false (snug_app_fixture_sees (row, "Decline"));

  snug_file_row_set_transfer (SNUG_FILE_ROW (row), sent);
  g_signal_connect (sent, "cancel", G_CALLBACK (on_cancel), &cancelled);
  gtk_widget_activate_action (row, "file.cancel", NULL);
  g_assert_true (cancelled);
  snug_file_row_set_transfer (SNUG_FILE_ROW (row), NULL);
  gtk_widget_activate_action (row, "file.cancel", NULL);
  snug_app_fixture_close (window);
}

static SnugChatMessage *
write_line (const char *name, const char *text)
{
  return snug_chat_message_new ("m", "p1", name, text, SNUG_CHAT_MESSAGE_RECEIVED);
}

static GtkWidget *
make_hostile_rows (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *lines = g_strnfill (8000, '\n');
  g_autofree char *word = g_strnfill (8000, 'W');
  g_autoptr (GString) marks = g_string_new ("Za");

  for (int i = 0; i < 2000; i++)
    g_string_append (marks, "\314\201");
  append_row (box, write_line ("<b>Bold</b> & <span", "<b>not bold</b> &amp; <a href=\"file:///etc/passwd\">x</a>"));
  append_row (box, write_line ("Mallory", "\033[31mred\033[0m \a and cod\342\200\256gpj.exe"));
  append_row (box, write_line ("Mallory", "a\377b\300\200c"));
  append_row (box, write_line ("Mallory", lines));
  append_row (box, write_line ("Mallory", word));
  append_row (box, write_line ("Mallory", marks->str));
  append_row (box, write_line ("Maya", "See https://snug.example/a?b=c or mailto:maya@snug.example."));
  append_row (box, write_line ("Maya", "\360\237\214\261"));
  return box;
}

static void
test_hostile (void)
{
  GtkWidget *box = make_hostile_rows ();
  GtkWidget *window = snug_app_fixture_show (box, 360, 900);

  g_assert_true (snug_app_fixture_sees (box, "<b>not bold</b> &amp; <a href=\"file:///etc/passwd\">x</a>"));
  g_assert_true (snug_app_fixture_sees (box, "\357\277\275[31mred\357\277\275[0m \357\277\275 and codgpj.exe"));
  g_assert_true (snug_app_fixture_sees (box, "a\357\277\275b\357\277\275\357\277\275c"));
  /* Nothing makes the panel wide, or one message endless. */
  g_assert_cmpint (gtk_widget_get_width (box), <=, 360);
  g_assert_cmpint (gtk_widget_get_height (box), <, 3000);
  snug_app_fixture_close (window);
  snug_app_fixture_draw_everywhere ("hostile", make_hostile_rows);
}

static void
test_show_all (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autoptr (GString) text = g_string_new ("First line");
  GtkWidget *window, *row;

  for (int i = 2; i <= 60; i++)
    g_string_append_printf (text, "\nLine %d", i);
  append_row (box, write_line ("Maya", text->str));
  window = snug_app_fixture_show (box, 360, 900);
  row = snug_app_fixture_find (box, SNUG_TYPE_CHAT_ROW, NULL);
  g_assert_false (snug_app_fixture_sees (box, text->str));
  g_assert_true (snug_app_fixture_sees (box, "Show all"));
  gtk_widget_activate_action (row, "message.more", NULL);
  g_assert_true (snug_app_fixture_sees (box, text->str));
  gtk_widget_activate_action (row, "message.more", NULL);
  g_assert_true (snug_app_fixture_sees (box, "Show all"));
  snug_app_fixture_close (window);
}

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_copy (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *window;
  g_autofree char *text = NULL;

  append_row (box, write_line ("Maya", "rm -rf\033[0m <b>"));
  window = snug_app_fixture_show (box, 360, 300);
  gtk_widget_activate_action (snug_app_fixture_find (box, SNUG_TYPE_CHAT_ROW, NULL), "message.copy", NULL);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (box), NULL, on_text, &text);
  snug_await (text != NULL);
  g_assert_cmpstr (text, ==, "rm -rf\357\277\275[0m <b>");
  snug_app_fixture_close (window);
}

static void
expect_summary (SnugChatMessage *message, const char *expected)
{
  g_autofree char *summary = snug_chat_row_summarize (message);

  g_assert_cmpstr (summary, ==, expected);
  g_object_unref (message);
}

static void
test_summary (void)
{
  g_autoptr (SnugFileTransfer) file = snug_file_transfer_new_incoming ("Omar", "a.txt", 5000);
  g_autofree char *word = g_strnfill (8000, 'W');

  expect_summary (write_line ("Maya", " Two\nlines "), "Two lines");
  expect_summary (snug_chat_message_new_transfer ("f", "p2", "Omar", file), "a.txt (5.0\302\240kB)");
  {
    g_autoptr (SnugChatMessage) message = write_line ("Mallory", word);
    g_autofree char *summary = snug_chat_row_summarize (message);
    g_assert_cmpint (g_utf8_strlen (summary, -1), <=, 160);
  }
}

static void
on_notice (SnugChatPanel *panel, const char *sentence, char **last)
{
  g_free (*last);
  *last = g_strdup (sentence);
}

/* A folder, a file that is not there, and nobody to send it to. */
static void
test_offer_fails (void)
{
  GtkWidget *panel = make_chat_panel ();
  GtkWidget *window = snug_app_fixture_show (panel, 360, 600);
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr (GFile) folder = g_file_new_for_path ("/");
  g_autofree char *sentence = NULL;

  g_signal_connect (panel, "notice", G_CALLBACK (on_notice), &sentence);
  g_list_store_append (files, folder);
  snug_chat_composer_offer (SNUG_CHAT_COMPOSER (snug_app_fixture_find (panel, SNUG_TYPE_CHAT_COMPOSER, NULL)),
                            G_LIST_MODEL (files));
  g_assert_nonnull (sentence);
  g_assert_true (g_str_has_suffix (sentence, "."));
  snug_app_fixture_close (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();
  g_test_add_func ("/app/chat/draws", test_chat_draws);
  g_test_add_func ("/app/chat/panel", test_chat_panel);
  g_test_add_func ("/app/chat/runs", test_chat_runs);
  g_test_add_func ("/app/chat/meta", test_chat_meta);
  g_test_add_func ("/app/chat/file-rows", test_file_rows);
  g_test_add_func ("/app/chat/file-buttons", test_file_buttons);
  g_test_add_func ("/app/chat/hostile", test_hostile);
  g_test_add_func ("/app/chat/show-all", test_show_all);
  g_test_add_func ("/app/chat/copy", test_copy);
  g_test_add_func ("/app/chat/summary", test_summary);
  g_test_add_func ("/app/chat/offer-fails", test_offer_fails);
  return g_test_run ();
}

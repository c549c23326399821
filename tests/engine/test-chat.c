/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-chat.h"

#include <string.h>

/* One thing that the chat put on a channel. */
typedef struct
{
  char *peer_id;
  SnugPeerMessage *message;
} Sent;

typedef struct
{
  SnugChat *chat;
  GPtrArray *sent; /* Sent */
  GHashTable *refusing; /* ids whose channel takes nothing now */

  /* The other end of a loop, when there is one: what is sent arrives there at once. */
  SnugChat *other;
} Fixture;

static void
sent_free (gpointer data)
{
  Sent *sent = data;

  g_free (sent->peer_id);
  snug_peer_message_unref (sent->message);
  g_free (sent);
}

static gboolean
send_cb (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  Fixture *f = user_data;
  Sent *sent;

  if (g_hash_table_contains (f->refusing, peer_id))
    return FALSE;

  sent = g_new0 (Sent, 1);
  sent->peer_id = g_strdup (peer_id);
  sent->message = snug_peer_message_ref (message);
  g_ptr_array_add (f->sent, sent);

  if (f->other != NULL)
    snug_chat_receive (f->other, "me", "Me", message);

  return TRUE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->chat = snug_chat_new (send_cb, f);
  f->sent = g_ptr_array_new_with_free_func (sent_free);
  f->refusing = g_hash_table_new (g_str_hash, g_str_equal);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->chat);
  g_ptr_array_unref (f->sent);
  g_hash_table_unref (f->refusing);
}

static guint
n_messages (SnugChat *chat)
{
  return g_list_model_get_n_items (G_LIST_MODEL (chat));
}

/* Borrowed: the chat keeps it. */
static SnugChatMessage *
message_at (SnugChat *chat, guint position)
{
  g_autoptr (SnugChatMessage) message = g_list_model_get_item (G_LIST_MODEL (chat), position);

  g_assert_nonnull (message);

  return message;
}

static SnugChatMessageState
state_at (SnugChat *chat, guint position)
{
  return snug_chat_message_get_state (message_at (chat, position));
}

static const char *
id_at (SnugChat *chat, guint position)
{
  return snug_chat_message_get_id (message_at (chat, position));
}

static void
acknowledge (Fixture *f, const char *peer_id, const char *id)
{
  g_autoptr (SnugPeerMessage) ack = snug_peer_message_new_chat_ack (id);

  snug_chat_receive (f->chat, peer_id, peer_id, ack);
}

static void
receive (Fixture *f, const char *peer_id, const char *id, const char *text)
{
  g_autoptr (SnugPeerMessage) chat = snug_peer_message_new_chat (id, text);

  snug_chat_receive (f->chat, peer_id, "Somebody", chat);
}

static void
assert_sent (Fixture *f, guint index, const char *peer_id, SnugPeerMessageKind kind, const char *id)
{
  const Sent *sent;

  g_assert_cmpuint (index, <, f->sent->len);
  sent = g_ptr_array_index (f->sent, index);
  g_assert_cmpstr (sent->peer_id, ==, peer_id);
  g_assert_cmpint (snug_peer_message_get_kind (sent->message), ==, kind);
  g_assert_cmpstr (snug_peer_message_get_chat_id (sent->message), ==, id);
}

static void
test_finalize (void)
{
  Fixture f = { 0 };

  set_up (&f, NULL);
  g_assert_cmpuint (n_messages (f.chat), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (f.chat), 0));
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (f.chat)) == SNUG_TYPE_CHAT_MESSAGE);
  tear_down (&f, NULL);
}

static void
test_message (void)
{
  g_autoptr (SnugChatMessage) message
      = snug_chat_message_new ("7", "p", "Pia", "hello", SNUG_CHAT_MESSAGE_RECEIVED);
  g_autoptr (SnugChatMessage) own
      = snug_chat_message_new ("8", NULL, NULL, "hi", SNUG_CHAT_MESSAGE_SENDING);
  g_autofree char *id = NULL, *sender_id = NULL, *sender_name = NULL, *text = NULL;
  g_autoptr (GDateTime) time = NULL;
  gboolean outgoing = TRUE;
  SnugChatMessageState state = SNUG_CHAT_MESSAGE_SENDING;

  g_object_get (message, "id", &id, "sender-id", &sender_id, "sender-name", &sender_name, "text",
                &text, "time", &time, "outgoing", &outgoing, "state", &state, NULL);
  g_assert_cmpstr (id, ==, "7");
  g_assert_cmpstr (sender_id, ==, "p");
  g_assert_cmpstr (sender_name, ==, "Pia");
  g_assert_cmpstr (text, ==, "hello");
  g_assert_nonnull (time);
  g_assert_true (time == snug_chat_message_get_time (message));
  g_assert_false (outgoing);
  g_assert_cmpint (state, ==, SNUG_CHAT_MESSAGE_RECEIVED);

  g_assert_true (snug_chat_message_get_outgoing (own));
  g_assert_null (snug_chat_message_get_sender_id (own));
  g_assert_cmpstr (snug_chat_message_get_sender_name (own), ==, "");
}

static void
test_nobody_there (Fixture *f, gconstpointer data)
{
  g_assert_true (snug_chat_send (f->chat, "hello"));
  g_assert_cmpuint (n_messages (f->chat), ==, 1);
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_NOT_SENT);
  g_assert_cmpuint (f->sent->len, ==, 0);
}

static void
test_text (Fixture *f, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (SNUG_CHAT_TEXT_MAX_BYTES, 'x');
  g_autofree char *padded = g_strconcat (" ", longest, "\n", NULL);
  g_autofree char *too_long = g_strconcat (longest, "x", NULL);

  g_assert_false (snug_chat_send (f->chat, ""));
  g_assert_false (snug_chat_send (f->chat, " \t\n"));
  g_assert_false (snug_chat_send (f->chat, "\xe2\x80\x83\xc2\xa0"));
  g_assert_false (snug_chat_send (f->chat, "\xff"));
  g_assert_false (snug_chat_send (f->chat, too_long));
  g_assert_cmpuint (n_messages (f->chat), ==, 0);

  g_assert_true (snug_chat_send (f->chat, padded));
  g_assert_cmpstr (snug_chat_message_get_text (message_at (f->chat, 0)), ==, longest);
  g_assert_true (snug_chat_send (f->chat, "  two\nlines \xe2\x80\x83"));
  g_assert_cmpstr (snug_chat_message_get_text (message_at (f->chat, 1)), ==, "two\nlines");
  g_assert_cmpstr (id_at (f->chat, 0), !=, id_at (f->chat, 1));
  g_assert_cmpuint (strlen (id_at (f->chat, 0)), <=, SNUG_CHAT_ID_MAX_BYTES);
}

static void
test_delivered (Fixture *f, gconstpointer data)
{
  snug_chat_peer_opened (f->chat, "a");
  g_assert_true (snug_chat_send (f->chat, "hello"));
  g_assert_cmpuint (f->sent->len, ==, 1);
  assert_sent (f, 0, "a", SNUG_PEER_MESSAGE_CHAT, id_at (f->chat, 0));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_SENDING);

  acknowledge (f, "a", "something else");
  acknowledge (f, "b", id_at (f->chat, 0));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_SENDING);

  acknowledge (f, "a", id_at (f->chat, 0));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_DELIVERED);
  acknowledge (f, "a", id_at (f->chat, 0));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_DELIVERED);
}

static void
test_delivered_to_all (Fixture *f, gconstpointer data)
{
  snug_chat_peer_opened (f->chat, "a");
  snug_chat_peer_opened (f->chat, "b");
  snug_chat_peer_opened (f->chat, "c");
  g_assert_true (snug_chat_send (f->chat, "hello"));
  g_assert_cmpuint (f->sent->len, ==, 3);

  /* Who comes later is no recipient. */
  snug_chat_peer_opened (f->chat, "d");
  g_assert_cmpuint (f->sent->len, ==, 3);

  acknowledge (f, "a", id_at (f->chat, 0));
  acknowledge (f, "c", id_at (f->chat, 0));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_SENDING);

  /* Nobody waits for somebody who has gone. */
  snug_chat_peer_removed (f->chat, "b");
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_DELIVERED);
}

static void
test_nobody_got_it (Fixture *f, gconstpointer data)
{
  snug_chat_peer_opened (f->chat, "a");
  snug_chat_peer_opened (f->chat, "b");
  g_assert_true (snug_chat_send (f->chat, "hello"));

  snug_chat_peer_removed (f->chat, "a");
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_SENDING);
  snug_chat_peer_removed (f->chat, "b");
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_NOT_SENT);
  snug_chat_peer_removed (f->chat, "b");
}

static void
test_retry (Fixture *f, gconstpointer data)
{
  SnugChatMessage *message;

  g_assert_true (snug_chat_send (f->chat, "hello"));
  message = message_at (f->chat, 0);
  snug_chat_retry (f->chat, message);
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_NOT_SENT);

  snug_chat_peer_opened (f->chat, "a");
  g_assert_cmpuint (f->sent->len, ==, 0);
  snug_chat_retry (f->chat, message);
  g_assert_cmpuint (f->sent->len, ==, 1);
  assert_sent (f, 0, "a", SNUG_PEER_MESSAGE_CHAT, snug_chat_message_get_id (message));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_SENDING);

  /* Only what was not sent is sent again. */
  snug_chat_retry (f->chat, message);
  g_assert_cmpuint (f->sent->len, ==, 1);

  acknowledge (f, "a", snug_chat_message_get_id (message));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_DELIVERED);
  snug_chat_retry (f->chat, message);
  g_assert_cmpuint (f->sent->len, ==, 1);
  g_assert_cmpuint (n_messages (f->chat), ==, 1);
}

static void
test_reopened (Fixture *f, gconstpointer data)
{
  snug_chat_peer_opened (f->chat, "a");
  g_assert_true (snug_chat_send (f->chat, "one"));
  g_assert_true (snug_chat_send (f->chat, "two"));
  acknowledge (f, "a", id_at (f->chat, 0));

  snug_chat_peer_closed (f->chat, "a");
  g_assert_true (snug_chat_send (f->chat, "three"));
  g_assert_cmpuint (f->sent->len, ==, 2);
  g_assert_cmpint (state_at (f->chat, 2), ==, SNUG_CHAT_MESSAGE_SENDING);

  /* What was not acknowledged goes out again, in order. */
  snug_chat_peer_opened (f->chat, "a");
  g_assert_cmpuint (f->sent->len, ==, 4);
  assert_sent (f, 2, "a", SNUG_PEER_MESSAGE_CHAT, id_at (f->chat, 1));
  assert_sent (f, 3, "a", SNUG_PEER_MESSAGE_CHAT, id_at (f->chat, 2));

  acknowledge (f, "a", id_at (f->chat, 2));
  acknowledge (f, "a", id_at (f->chat, 1));
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (state_at (f->chat, i), ==, SNUG_CHAT_MESSAGE_DELIVERED);

  /* Closing somebody who never opened is nothing. */
  snug_chat_peer_closed (f->chat, "nobody");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  snug_chat_peer_opened (f->chat, "a");
  g_hash_table_add (f->refusing, (gpointer) "a");
  g_assert_true (snug_chat_send (f->chat, "one"));
  g_assert_true (snug_chat_send (f->chat, "two"));
  receive (f, "a", "x", "theirs");
  g_assert_cmpuint (f->sent->len, ==, 0);
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_SENDING);

  /* Nobody acknowledges what never went out. */
  acknowledge (f, "a", id_at (f->chat, 0));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_SENDING);

  g_hash_table_remove (f->refusing, "a");
  g_assert_true (snug_chat_send (f->chat, "three"));
  g_assert_cmpuint (f->sent->len, ==, 4);
  assert_sent (f, 0, "a", SNUG_PEER_MESSAGE_CHAT_ACK, "x");
  assert_sent (f, 1, "a", SNUG_PEER_MESSAGE_CHAT, id_at (f->chat, 0));
  assert_sent (f, 2, "a", SNUG_PEER_MESSAGE_CHAT, id_at (f->chat, 1));
  assert_sent (f, 3, "a", SNUG_PEER_MESSAGE_CHAT, id_at (f->chat, 3));
}

static void
test_received (Fixture *f, gconstpointer data)
{
  SnugChatMessage *message;

  snug_chat_peer_opened (f->chat, "a");
  snug_chat_peer_opened (f->chat, "b");
  receive (f, "a", "1", "hello");
  g_assert_cmpuint (n_messages (f->chat), ==, 1);
  message = message_at (f->chat, 0);
  g_assert_cmpstr (snug_chat_message_get_id (message), ==, "1");
  g_assert_cmpstr (snug_chat_message_get_text (message), ==, "hello");
  g_assert_cmpstr (snug_chat_message_get_sender_id (message), ==, "a");
  g_assert_cmpstr (snug_chat_message_get_sender_name (message), ==, "Somebody");
  g_assert_cmpint (snug_chat_message_get_state (message), ==, SNUG_CHAT_MESSAGE_RECEIVED);
  g_assert_cmpuint (f->sent->len, ==, 1);
  assert_sent (f, 0, "a", SNUG_PEER_MESSAGE_CHAT_ACK, "1");

  /* Again: acknowledged again, shown once. */
  receive (f, "a", "1", "hello");
  g_assert_cmpuint (n_messages (f->chat), ==, 1);
  g_assert_cmpuint (f->sent->len, ==, 2);

  /* The same id from somebody else is another message. */
  receive (f, "b", "1", "hello");
  g_assert_cmpuint (n_messages (f->chat), ==, 2);

  /* Nobody can acknowledge a received message into another state. */
  acknowledge (f, "a", "1");
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_RECEIVED);
  snug_chat_retry (f->chat, message);
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_RECEIVED);
}

static void
test_received_before_open (Fixture *f, gconstpointer data)
{
  receive (f, "a", "1", "hello");
  g_assert_cmpuint (n_messages (f->chat), ==, 1);
  g_assert_cmpuint (f->sent->len, ==, 0);

  snug_chat_peer_opened (f->chat, "a");
  g_assert_cmpuint (f->sent->len, ==, 1);
  assert_sent (f, 0, "a", SNUG_PEER_MESSAGE_CHAT_ACK, "1");
}

static void
test_other_kinds (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugPeerMessage) bye = snug_peer_message_new_bye (1, SNUG_BYE_LEFT);
  g_autoptr (SnugPeerMessage) state = snug_peer_message_new_media_state (TRUE, TRUE, FALSE);

  snug_chat_peer_opened (f->chat, "a");
  snug_chat_receive (f->chat, "a", "A", bye);
  snug_chat_receive (f->chat, "a", "A", state);
  g_assert_cmpuint (n_messages (f->chat), ==, 0);
  g_assert_cmpuint (f->sent->len, ==, 0);
}

static void
test_echo (Fixture *f, gconstpointer data)
{
  g_autofree char *echo_id = NULL;

  snug_chat_peer_opened (f->chat, "a");
  receive (f, "a", "1", "hello");
  g_assert_true (snug_chat_echo (f->chat, message_at (f->chat, 0)));
  g_assert_cmpuint (n_messages (f->chat), ==, 2);
  g_assert_cmpstr (snug_chat_message_get_text (message_at (f->chat, 1)), ==, "hello");
  g_assert_true (snug_chat_message_get_outgoing (message_at (f->chat, 1)));

  echo_id = g_strdup (id_at (f->chat, 1));
  g_assert_cmpuint (strlen (echo_id), <=, SNUG_CHAT_ID_MAX_BYTES);
  receive (f, "a", echo_id, "hello");
  g_assert_cmpuint (n_messages (f->chat), ==, 3);
  g_assert_false (snug_chat_echo (f->chat, message_at (f->chat, 2)));
}

/* A peer that says more than anybody reads. */
static void
test_flood (Fixture *f, gconstpointer data)
{
  guint n_removed = 0;

  snug_chat_peer_opened (f->chat, "a");
  g_hash_table_add (f->refusing, (gpointer) "a");
  for (guint i = 0; i < SNUG_CHAT_MAX_MESSAGES + 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      receive (f, "a", id, "spam");
      if (n_messages (f->chat) < i + 1)
        n_removed = i + 1 - n_messages (f->chat);
    }
  g_assert_cmpuint (n_messages (f->chat), ==, SNUG_CHAT_MAX_MESSAGES);
  g_assert_cmpuint (n_removed, ==, 500);
  g_assert_cmpstr (id_at (f->chat, 0), ==, "500");

  /* The debt of acknowledgements is bounded too. */
  g_hash_table_remove (f->refusing, "a");
  snug_chat_peer_opened (f->chat, "a");
  g_assert_cmpuint (f->sent->len, ==, SNUG_CHAT_MAX_PENDING);
}

/* A peer that never acknowledges, next to one that does. */
static void
test_never_acknowledged (Fixture *f, gconstpointer data)
{
  snug_chat_peer_opened (f->chat, "dead");
  snug_chat_peer_opened (f->chat, "alive");
  for (guint i = 0; i < SNUG_CHAT_MAX_PENDING + 10; i++)
    {
      g_assert_true (snug_chat_send (f->chat, "hello"));
      acknowledge (f, "alive", id_at (f->chat, i));
    }

  /* Given up for one: it can be sent again, and who has it drops the copy. */
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_NOT_SENT);
  g_assert_cmpint (state_at (f->chat, 9), ==, SNUG_CHAT_MESSAGE_NOT_SENT);
  g_assert_cmpint (state_at (f->chat, 10), ==, SNUG_CHAT_MESSAGE_SENDING);

  g_ptr_array_set_size (f->sent, 0);
  snug_chat_peer_closed (f->chat, "dead");
  snug_chat_peer_opened (f->chat, "dead");
  g_assert_cmpuint (f->sent->len, ==, SNUG_CHAT_MAX_PENDING);

  snug_chat_peer_removed (f->chat, "dead");
  g_assert_cmpint (state_at (f->chat, 10), ==, SNUG_CHAT_MESSAGE_DELIVERED);
  g_assert_cmpint (state_at (f->chat, SNUG_CHAT_MAX_PENDING + 9), ==, SNUG_CHAT_MESSAGE_DELIVERED);
}

/* A message that waits falls out of the list. */
static void
test_oldest_goes (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugChatMessage) first = NULL;
  g_autofree char *id = NULL;

  snug_chat_peer_opened (f->chat, "a");
  g_assert_true (snug_chat_send (f->chat, "first"));
  first = g_object_ref (message_at (f->chat, 0));
  id = g_strdup (snug_chat_message_get_id (first));
  for (guint i = 0; i < SNUG_CHAT_MAX_MESSAGES; i++)
    {
      g_autofree char *other_id = g_strdup_printf ("%u", i);

      receive (f, "a", other_id, "spam");
    }
  g_assert_cmpstr (id_at (f->chat, 0), ==, "0");

  g_ptr_array_set_size (f->sent, 0);
  snug_chat_peer_opened (f->chat, "a");
  g_assert_cmpuint (f->sent->len, ==, 0);
  acknowledge (f, "a", id);
}

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  guint *n = user_data;

  *n = *n - removed + added;
  g_assert_cmpuint (*n, ==, g_list_model_get_n_items (model));
}

static void
test_items_changed (Fixture *f, gconstpointer data)
{
  guint n = 0;

  g_signal_connect (f->chat, "items-changed", G_CALLBACK (on_items_changed), &n);
  snug_chat_peer_opened (f->chat, "a");
  for (guint i = 0; i < SNUG_CHAT_MAX_MESSAGES + 5; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      if (i % 2 == 0)
        snug_chat_send (f->chat, "mine");
      else
        receive (f, "a", id, "theirs");
    }
  g_assert_cmpuint (n, ==, SNUG_CHAT_MAX_MESSAGES);
}

/* Two chats whose channels deliver before send() returns. */
static void
test_loop (void)
{
  Fixture a = { 0 }, b = { 0 };

  set_up (&a, NULL);
  set_up (&b, NULL);
  a.other = b.chat;
  b.other = a.chat;

  /* Both call the other "me". */
  snug_chat_peer_opened (a.chat, "me");
  for (guint i = 0; i < 50; i++)
    g_assert_true (snug_chat_send (a.chat, "hello"));
  g_assert_cmpuint (n_messages (b.chat), ==, 50);

  /* b's channel was not yet said to be open: its acknowledgements waited. */
  g_assert_cmpint (state_at (a.chat, 0), ==, SNUG_CHAT_MESSAGE_SENDING);
  snug_chat_peer_opened (b.chat, "me");
  for (guint i = 0; i < 50; i++)
    g_assert_cmpint (state_at (a.chat, i), ==, SNUG_CHAT_MESSAGE_DELIVERED);

  g_assert_true (snug_chat_send (b.chat, "and back"));
  g_assert_cmpint (state_at (b.chat, 50), ==, SNUG_CHAT_MESSAGE_DELIVERED);
  g_assert_cmpuint (n_messages (a.chat), ==, 51);

  snug_chat_close (a.chat);
  snug_chat_close (b.chat);
  tear_down (&a, NULL);
  tear_down (&b, NULL);
}

static gboolean
remove_on_send_cb (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  SnugChat **chat = user_data;

  snug_chat_peer_removed (*chat, peer_id);

  return FALSE;
}

static void
test_removed_while_sending (void)
{
  SnugChat *chat = NULL;

  chat = snug_chat_new (remove_on_send_cb, &chat);
  snug_chat_peer_opened (chat, "a");
  snug_chat_peer_opened (chat, "b");
  g_assert_true (snug_chat_send (chat, "hello"));
  g_assert_cmpint (state_at (chat, 0), ==, SNUG_CHAT_MESSAGE_NOT_SENT);
  g_assert_finalize_object (chat);
}

static gboolean
close_on_send_cb (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  SnugChat **chat = user_data;

  snug_chat_close (*chat);

  return TRUE;
}

static void
test_closed_while_sending (void)
{
  SnugChat *chat = NULL;

  chat = snug_chat_new (close_on_send_cb, &chat);
  snug_chat_peer_opened (chat, "a");
  snug_chat_peer_opened (chat, "b");
  g_assert_true (snug_chat_send (chat, "hello"));
  g_assert_cmpint (state_at (chat, 0), ==, SNUG_CHAT_MESSAGE_NOT_SENT);
  g_assert_finalize_object (chat);
}

static void
test_closed (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugPeerMessage) chat = snug_peer_message_new_chat ("1", "late");

  snug_chat_peer_opened (f->chat, "a");
  g_assert_true (snug_chat_send (f->chat, "hello"));
  snug_chat_close (f->chat);
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_NOT_SENT);

  /* The call is over, but its chat can still be read. */
  snug_chat_peer_opened (f->chat, "a");
  snug_chat_receive (f->chat, "a", "A", chat);
  snug_chat_retry (f->chat, message_at (f->chat, 0));
  g_assert_true (snug_chat_send (f->chat, "anybody?"));
  g_assert_cmpint (state_at (f->chat, 0), ==, SNUG_CHAT_MESSAGE_NOT_SENT);
  g_assert_cmpint (state_at (f->chat, 1), ==, SNUG_CHAT_MESSAGE_NOT_SENT);
  g_assert_cmpuint (n_messages (f->chat), ==, 2);
  g_assert_cmpuint (f->sent->len, ==, 1);
}

#define ADD(name) g_test_add ("/chat/" #name, Fixture, NULL, set_up, test_##name, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/chat/finalize", test_finalize);
  g_test_add_func ("/chat/message", test_message);
  ADD (nobody_there);
  ADD (text);
  ADD (delivered);
  ADD (delivered_to_all);
  ADD (nobody_got_it);
  ADD (retry);
  ADD (reopened);
  ADD (refused);
  ADD (received);
  ADD (received_before_open);
  ADD (other_kinds);
  ADD (echo);
  ADD (flood);
  ADD (never_acknowledged);
  ADD (oldest_goes);
  ADD (items_changed);
  ADD (closed);
  g_test_add_func ("/chat/loop", test_loop);
  g_test_add_func ("/chat/removed-while-sending", test_removed_while_sending);
  g_test_add_func ("/chat/closed-while-sending", test_closed_while_sending);

  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-gestures.h"

#include <string.h>

#include "snug-await.h"
#include "snug-chat.h"

static void
count (guint *n)
{
  (*n)++;
}

static void
receive (SnugGestures *gestures, SnugPeerMessage *message, gint64 now)
{
  snug_gestures_receive (gestures, message, now);
  snug_peer_message_unref (message);
}

static void
test_hand (void)
{
  g_autoptr (SnugGestures) gestures = snug_gestures_new ();
  guint n = 0;

  g_signal_connect_swapped (gestures, "notify::hand-raised", G_CALLBACK (count), &n);
  receive (gestures, snug_peer_message_new_hand (TRUE), 1);
  receive (gestures, snug_peer_message_new_hand (TRUE), 2);
  g_assert_true (snug_gestures_get_hand_raised (gestures));
  g_assert_cmpuint (n, ==, 1);
  receive (gestures, snug_peer_message_new_hand (FALSE), 3);
  g_assert_false (snug_gestures_get_hand_raised (gestures));
  g_assert_cmpuint (n, ==, 2);
}

static void
test_typing (void)
{
  g_autoptr (SnugGestures) gestures = snug_gestures_new ();
  const gint64 second = G_USEC_PER_SEC;
  guint n = 0;

  g_signal_connect_swapped (gestures, "notify::typing", G_CALLBACK (count), &n);
  receive (gestures, snug_peer_message_new_typing (TRUE), 1 * second);
  receive (gestures, snug_peer_message_new_typing (TRUE), 4 * second);
  g_assert_true (snug_gestures_get_typing (gestures));
  g_assert_cmpuint (n, ==, 1);
  snug_gestures_expire (gestures, 9 * second);
  g_assert_true (snug_gestures_get_typing (gestures));
  snug_gestures_expire (gestures, 10 * second);
  g_assert_false (snug_gestures_get_typing (gestures));
  g_assert_cmpuint (n, ==, 2);
  receive (gestures, snug_peer_message_new_typing (TRUE), 11 * second);
  receive (gestures, snug_peer_message_new_typing (FALSE), 12 * second);
  g_assert_false (snug_gestures_get_typing (gestures));
  g_assert_cmpuint (n, ==, 4);
  snug_gestures_end_typing (gestures);
  g_assert_cmpuint (n, ==, 4);
}

/* By itself, with the clock that everybody has. */
static void
test_typing_ends (void)
{
  g_autoptr (SnugGestures) gestures = snug_gestures_new ();

  receive (gestures, snug_peer_message_new_typing (TRUE), g_get_monotonic_time ());
  g_assert_true (snug_gestures_get_typing (gestures));
  snug_await (!snug_gestures_get_typing (gestures));
}

static void
test_flood (void)
{
  g_autoptr (SnugGestures) gestures = snug_gestures_new ();
  guint n = 0;

  g_signal_connect_swapped (gestures, "reaction", G_CALLBACK (count), &n);
  for (guint i = 0; i < 10000; i++)
    receive (gestures, snug_peer_message_new_reaction ("\xf0\x9f\x91\x8d"), G_USEC_PER_SEC + i);
  g_assert_cmpuint (n, ==, SNUG_GESTURE_BURST);
  /* A second later there is room for some. */
  for (guint i = 0; i < 10000; i++)
    receive (gestures, snug_peer_message_new_reaction ("\xf0\x9f\x91\x8d"), 2 * G_USEC_PER_SEC + i);
  g_assert_cmpuint (n, ==, SNUG_GESTURE_BURST + SNUG_GESTURE_RATE);
}

/* What one's own chat says of typing and reading. */
typedef struct
{
  SnugChat *chat;
  guint n_typing;
  guint n_not_typing;
  GPtrArray *read; /* ids */
  gboolean refuses;
} Said;

static gboolean
on_send (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  Said *said = user_data;

  if (said->refuses)
    return FALSE;
  if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_TYPING)
    {
      if (snug_peer_message_get_active (message))
        said->n_typing++;
      else
        said->n_not_typing++;
    }
  else if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_CHAT_READ)
    g_ptr_array_add (said->read, g_strdup (snug_peer_message_get_chat_id (message)));

  return TRUE;
}

static void
said_init (Said *said)
{
  *said = (Said){ .read = g_ptr_array_new_with_free_func (g_free) };
  said->chat = snug_chat_new (on_send, said);
  snug_chat_peer_opened (said->chat, "p");
}

static void
said_clear (Said *said)
{
  g_assert_finalize_object (said->chat);
  g_ptr_array_unref (said->read);
}

static void
test_say_typing (void)
{
  Said said;

  said_init (&said);
  snug_chat_set_typing (said.chat, FALSE);
  for (guint i = 0; i < 100; i++)
    snug_chat_set_typing (said.chat, TRUE);
  g_assert_cmpuint (said.n_typing, ==, 1);
  for (guint i = 0; i < 100; i++)
    snug_chat_set_typing (said.chat, FALSE);
  g_assert_cmpuint (said.n_not_typing, ==, 1);
  /* The line itself ends it: nothing is said. */
  snug_chat_set_typing (said.chat, TRUE);
  snug_chat_send (said.chat, "hello");
  snug_chat_set_typing (said.chat, FALSE);
  g_assert_cmpuint (said.n_not_typing, ==, 1);
  said_clear (&said);
}

static void
hear (Said *said, SnugPeerMessage *message)
{
  snug_chat_receive (said->chat, "p", "Pia", message);
  snug_peer_message_unref (message);
}

static void
test_say_read (void)
{
  Said said;

  said_init (&said);
  snug_chat_mark_read (said.chat);
  g_assert_cmpuint (said.read->len, ==, 0);
  hear (&said, snug_peer_message_new_chat ("1", "one"));
  hear (&said, snug_peer_message_new_chat ("2", "two"));
  snug_chat_mark_read (said.chat);
  snug_chat_mark_read (said.chat);
  g_assert_cmpuint (said.read->len, ==, 1);
  g_assert_cmpstr (said.read->pdata[0], ==, "2");
  /* What can't be said now is said when the channel is there again. */
  hear (&said, snug_peer_message_new_chat ("3", "three"));
  said.refuses = TRUE;
  snug_chat_mark_read (said.chat);
  said.refuses = FALSE;
  snug_chat_peer_closed (said.chat, "p");
  snug_chat_peer_opened (said.chat, "p");
  g_assert_cmpuint (said.read->len, ==, 2);
  g_assert_cmpstr (said.read->pdata[1], ==, "3");
  said_clear (&said);
}

static SnugChatMessage *
get_message (Said *said, guint n)
{
  g_autoptr (SnugChatMessage) message = g_list_model_get_item (G_LIST_MODEL (said->chat), n);

  return message; /* the chat holds it */
}

static void
test_hear_read (void)
{
  Said said;

  said_init (&said);
  for (guint i = 0; i < 3; i++)
    {
      snug_chat_send (said.chat, "line");
      hear (&said, snug_peer_message_new_chat_ack (snug_chat_message_get_id (get_message (&said, i))));
    }
  hear (&said, snug_peer_message_new_chat_read ("no-such-line"));
  g_assert_cmpuint (snug_chat_message_get_read_count (get_message (&said, 0)), ==, 0);
  hear (&said, snug_peer_message_new_chat_read (snug_chat_message_get_id (get_message (&said, 1))));
  hear (&said, snug_peer_message_new_chat_read (snug_chat_message_get_id (get_message (&said, 1))));
  hear (&said, snug_peer_message_new_chat_read (snug_chat_message_get_id (get_message (&said, 0))));
  g_assert_cmpuint (snug_chat_message_get_read_count (get_message (&said, 0)), ==, 1);
  g_assert_cmpuint (snug_chat_message_get_read_count (get_message (&said, 1)), ==, 1);
  g_assert_cmpuint (snug_chat_message_get_read_count (get_message (&said, 2)), ==, 0);

  /* Somebody who came later has not seen what was said before. */
  snug_chat_peer_opened (said.chat, "q");
  snug_chat_send (said.chat, "last");
  {
    const char *id = snug_chat_message_get_id (get_message (&said, 3));
    g_autoptr (SnugPeerMessage) ack = snug_peer_message_new_chat_ack (id);
    g_autoptr (SnugPeerMessage) read = snug_peer_message_new_chat_read (id);

    snug_chat_receive (said.chat, "q", "Quinn", ack);
    snug_chat_receive (said.chat, "q", "Quinn", read);
    /* Nor has somebody who did not get it. */
    snug_chat_receive (said.chat, "p", "Pia", read);
  }
  g_assert_cmpuint (snug_chat_message_get_read_count (get_message (&said, 2)), ==, 1);
  g_assert_cmpuint (snug_chat_message_get_read_count (get_message (&said, 3)), ==, 1);
  said_clear (&said);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gestures/hand", test_hand);
  g_test_add_func ("/gestures/typing", test_typing);
  g_test_add_func ("/gestures/typing-ends", test_typing_ends);
  g_test_add_func ("/gestures/flood", test_flood);
  g_test_add_func ("/gestures/say-typing", test_say_typing);
  g_test_add_func ("/gestures/say-read", test_say_read);
  g_test_add_func ("/gestures/hear-read", test_hear_read);

  return g_test_run ();
}

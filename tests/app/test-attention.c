/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is said when somebody joins, writes, raises a hand, reacts and leaves.
 */
#include "snug-app-fixture.h"

#include "snug-attention.h"
#include "snug-await.h"
#include "snug-mock-signaling.h"

static SnugCall *
make_call (SnugMockRoom *room, const char *name)
{
  g_autoptr (SnugSignaling) signaling = snug_mock_room_add (room);
  g_autoptr (SnugLocalMedia) media = snug_local_media_new ();

  return snug_call_new (signaling, media, NULL, "garden-shed", name);
}

static void
leave (SnugCall *call)
{
  snug_call_leave (call);
  snug_await (snug_call_get_state (call) == SNUG_CALL_LEFT);
}

static gboolean
is_connected (SnugCall *call)
{
  g_autoptr (SnugPeer) peer = g_list_model_get_item (snug_call_get_peers (call), 0);

  return peer != NULL && snug_peer_get_chat_open (peer);
}

#if !GTK_CHECK_VERSION(4, 14, 0)
/* Later ones hand it to assistive technology only. */
#define WAIT_FOR_SENTENCE(announcer, sentence) snug_await (snug_app_fixture_sees (announcer, sentence))
#else
#define WAIT_FOR_SENTENCE(announcer, sentence)
#endif

static void
test_announcer (void)
{
  GtkWidget *announcer = g_object_new (SNUG_TYPE_ANNOUNCER, NULL);
  GtkWidget *window = snug_app_fixture_show (announcer, 300, 200);

  snug_announcer_say (SNUG_ANNOUNCER (announcer), "Maya joined.");
  /* A flood: the newest are said. */
  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("Message %d", i);
      snug_announcer_say (SNUG_ANNOUNCER (announcer), text);
    }
  WAIT_FOR_SENTENCE (announcer, "Maya joined.");
  WAIT_FOR_SENTENCE (announcer, "Message 999");
  g_object_add_weak_pointer (G_OBJECT (announcer), (gpointer *) &announcer);
  snug_app_fixture_close (window);
  g_assert_null (announcer);
}

static void
test_attention (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugCall) call = make_call (room, "Robin");
  g_autoptr (SnugCall) maya = make_call (room, "Maya Okafor");
  g_autoptr (SnugSounds) sounds
    = snug_sounds_new (snug_devices_get_audio_output (snug_app_fixture_get_devices ()));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *announcer = g_object_new (SNUG_TYPE_ANNOUNCER, NULL);
  GtkWidget *panel = g_object_new (SNUG_TYPE_CHAT_PANEL, NULL);
  GtkWidget *window;
  SnugAttention *attention;

  gtk_box_append (GTK_BOX (box), panel);
  gtk_box_append (GTK_BOX (box), announcer);
  window = snug_app_fixture_show (box, 360, 600);
  attention = snug_attention_new (call, GTK_WINDOW (window), SNUG_CHAT_PANEL (panel), SNUG_ANNOUNCER (announcer), sounds);
  snug_call_join (call);
  snug_await (snug_call_get_state (call) == SNUG_CALL_JOINED);
  snug_call_join (maya);
  WAIT_FOR_SENTENCE (announcer, "Maya Okafor joined.");
  snug_await (is_connected (maya) && is_connected (call));
  snug_chat_send (snug_call_get_chat (maya), "<b>Two</b>\nlines");
  WAIT_FOR_SENTENCE (announcer, "Maya Okafor: <b>Two</b> lines");
  snug_call_set_hand_raised (maya, TRUE);
  WAIT_FOR_SENTENCE (announcer, "Maya Okafor raised a hand.");
  snug_call_send_reaction (maya, "👍");
  WAIT_FOR_SENTENCE (announcer, "Maya Okafor reacts: Thumbs up");
  leave (maya);
  WAIT_FOR_SENTENCE (announcer, "Maya Okafor left.");
  g_object_add_weak_pointer (G_OBJECT (attention), (gpointer *) &attention);
  g_object_unref (attention);
  g_assert_null (attention);
  leave (call);
  snug_app_fixture_close (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();
  g_test_add_func ("/app/attention/announcer", test_announcer);
  g_test_add_func ("/app/attention/call", test_attention);
  return g_test_run ();
}

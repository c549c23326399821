/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-test-call.h"

#include <string.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-pipeline.h"
#include "snug-seal-private.h"

static GThread *main_thread;

static gboolean
on_emission (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
  GObject *object = g_value_get_object (&values[0]);

  if (g_str_has_prefix (G_OBJECT_TYPE_NAME (object), "Snug"))
    g_assert_true (g_thread_self () == main_thread);

  return TRUE;
}

static void
watch_type (GType type)
{
  g_autofree guint *ids = NULL;
  guint n_ids;

  /* Signals can only be looked up once the class is there. */
  g_type_class_unref (g_type_class_ref (type));
  ids = g_signal_list_ids (type, &n_ids);
  for (guint i = 0; i < n_ids; i++)
    g_signal_add_emission_hook (ids[i], 0, on_emission, NULL, NULL);
}

static void
on_notify (GObject *object)
{
  g_assert_true (g_thread_self () == main_thread);
}

static void
watch_object (gpointer object)
{
  g_signal_connect (object, "notify", G_CALLBACK (on_notify), NULL);
}

void
snug_test_init (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (argc, argv, NULL);
  main_thread = g_thread_self ();
  snug_engine_init (&error);
  g_assert_no_error (error);
  watch_type (SNUG_TYPE_CALL);
  watch_type (SNUG_TYPE_PEER);
  watch_type (SNUG_TYPE_VIDEO_FEED);
  watch_type (g_type_from_name ("SnugSignaling"));
}

int
snug_test_run (void)
{
  int result = g_test_run ();

  gst_deinit ();

  return result;
}

static void
on_first_frame (SnugTestPerson *self)
{
  self->n_first_frames++;
}

static void
on_peer_state (SnugTestPerson *self, GParamSpec *pspec, SnugPeer *peer)
{
  if (snug_peer_get_state (peer) == SNUG_PEER_FAILED)
    self->n_failed++;
}

static void
on_peers_changed (SnugTestPerson *self, guint position, guint removed, guint added, GListModel *peers)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugPeer) peer = g_list_model_get_item (peers, i);

      watch_object (peer);
      watch_object (snug_peer_get_video_feed (peer));
      watch_object (snug_peer_get_stats (peer));
      g_signal_connect_swapped (peer, "first-frame", G_CALLBACK (on_first_frame), self);
      g_signal_connect_swapped (peer, "notify::state", G_CALLBACK (on_peer_state), self);
    }
}

/* signaling: (transfer full). */
static SnugTestPerson *
person_new (SnugSignaling *signaling, const char *name, gboolean with_media)
{
  SnugTestPerson *self = g_new0 (SnugTestPerson, 1);

  self->signaling = signaling;
  self->media = snug_local_media_new ();
  if (with_media)
    {
      g_autoptr (SnugMediaSource) source = snug_media_source_new (SNUG_MEDIA_SOURCE_TEST, NULL);

      snug_local_media_set_video_format (self->media, 320, 180, 20);
      snug_local_media_set_video_source (self->media, source);
      snug_local_media_set_audio_source (self->media, source);
    }
  self->call = snug_call_new (self->signaling, self->media, NULL, "garden", name);
  snug_call_set_stats_interval (self->call, 0.2);
  watch_object (self->call);
  watch_object (self->media);
  watch_object (self->signaling);
  watch_object (snug_local_media_get_preview (self->media));
  watch_object (snug_call_get_audio_output (self->call));
  g_signal_connect_swapped (snug_call_get_peers (self->call), "items-changed",
                            G_CALLBACK (on_peers_changed), self);

  return self;
}

SnugTestPerson *
snug_test_person_new (SnugMockRoom *room, const char *name, gboolean with_media)
{
  return person_new (snug_mock_room_add (room), name, with_media);
}

SnugTestPerson *
snug_test_person_new_over (SnugSignaling *signaling, const char *name)
{
  return person_new (signaling, name, TRUE);
}

void
snug_test_person_free (SnugTestPerson *self)
{
  if (self == NULL)
    return;

  if (snug_call_get_state (self->call) != SNUG_CALL_IDLE
      && snug_call_get_state (self->call) != SNUG_CALL_FAILED)
    snug_test_person_leave (self);
  snug_await_finalized (self->call);
  g_clear_object (&self->signaling);
  snug_await_finalized (self->media);
  snug_await (snug_pipeline_get_n_closing () == 0);
  g_free (self);
}

void
snug_test_person_join (SnugTestPerson *self)
{
  snug_call_join (self->call);
  snug_await (snug_call_get_state (self->call) == SNUG_CALL_JOINED);
}

void
snug_test_person_leave (SnugTestPerson *self)
{
  snug_call_leave (self->call);
  snug_await (snug_call_get_state (self->call) == SNUG_CALL_LEFT);
}

SnugPeer *
snug_test_person_get_peer (SnugTestPerson *self, guint n)
{
  g_autoptr (SnugPeer) peer = g_list_model_get_item (snug_call_get_peers (self->call), n);

  return peer; /* the list holds it */
}

gboolean
snug_test_person_peer_is (SnugTestPerson *self, guint n, SnugPeerState state)
{
  SnugPeer *peer = snug_test_person_get_peer (self, n);

  return peer != NULL && snug_peer_get_state (peer) == state;
}

char *
snug_test_person_dup_chat (SnugTestPerson *self)
{
  GListModel *chat = G_LIST_MODEL (snug_call_get_chat (self->call));
  g_autoptr (GString) texts = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (chat); i++)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (chat, i);

      g_string_append_printf (texts, "%s%s", i > 0 ? "|" : "", snug_chat_message_get_text (message));
    }

  return g_string_free (g_steal_pointer (&texts), FALSE);
}

void
snug_test_await_call (SnugTestPerson *a, SnugTestPerson *b)
{
  snug_await (snug_test_person_peer_is (a, 0, SNUG_PEER_CONNECTED));
  snug_await (snug_test_person_peer_is (b, 0, SNUG_PEER_CONNECTED));
  snug_await (snug_peer_get_chat_open (snug_test_person_get_peer (a, 0)));
  snug_await (snug_peer_get_chat_open (snug_test_person_get_peer (b, 0)));
}

SnugRoomKey *
snug_test_get_key (void)
{
  static SnugRoomKey *key;

  if (key == NULL)
    key = snug_room_key_derive ("garden");

  return key;
}

/* Who a channel is to the server: it says so in JOINED. */
#define RECIPIENT_ID "snug-test-id"

SnugPeerMessage *
snug_test_open_payload (SnugMessage *message, SnugSignaling *recipient, guint8 **header)
{
  g_autofree guint8 *opened = NULL;
  const char *text;
  gsize size;

  if (snug_message_get_kind (message) == SNUG_MESSAGE_JOINED)
    g_object_set_data_full (G_OBJECT (recipient), RECIPIENT_ID, g_strdup (snug_message_get_id (message)), g_free);
  if (snug_message_get_kind (message) != SNUG_MESSAGE_SIGNAL)
    return NULL;
  opened = snug_seal_unbox (snug_test_get_key (), snug_message_get_peer_id (message),
                            g_object_get_data (G_OBJECT (recipient), RECIPIENT_ID),
                            snug_message_get_payload (message), &size, NULL);
  g_assert_nonnull (opened);
  text = (const char *) opened + SNUG_SEAL_HEADER_BYTES;
  if (header != NULL)
    *header = g_memdup2 (opened, SNUG_SEAL_HEADER_BYTES);

  return snug_peer_message_parse (text, strlen (text), NULL);
}

SnugMessage *
snug_test_seal_payload (SnugMessage *message,
                        SnugSignaling *recipient,
                        const guint8 *header,
                        SnugPeerMessage *content)
{
  const guint8 nonce[SNUG_SEAL_NONCE_BYTES] = { 1 };
  const char *from = snug_message_get_peer_id (message);
  g_autofree char *json = snug_peer_message_to_json (content);
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autofree char *payload = NULL;

  g_byte_array_append (plain, header, SNUG_SEAL_HEADER_BYTES);
  g_byte_array_append (plain, (const guint8 *) json, strlen (json));
  payload = snug_seal_box (snug_test_get_key (), from, g_object_get_data (G_OBJECT (recipient), RECIPIENT_ID), nonce,
                           plain->data, plain->len);

  return snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, from, payload);
}

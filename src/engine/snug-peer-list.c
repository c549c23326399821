/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-peer-list.h"

#include <string.h>

#include "snug-relay.h"

struct _SnugPeerList
{
  GObject parent_instance;

  /* The call's. */
  SnugIceConfig *ice;
  SnugLocalMedia *local_media;
  SnugAudioOutput *audio_output;

  GListStore *peers;
  GPtrArray *closing; /* peers on their way out */
  SnugChat *chat;
  GHashTable *confirmed; /* see snug_verification_new() */
  gboolean hand_raised;
  gboolean closed;
};

enum
{
  SIGNAL_OUTGOING,
  SIGNAL_DESERTED,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
snug_peer_list_get_item_type (GListModel *model)
{
  return SNUG_TYPE_PEER;
}

static guint
snug_peer_list_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (SNUG_PEER_LIST (model)->peers));
}

static gpointer
snug_peer_list_get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (SNUG_PEER_LIST (model)->peers), position);
}

static void
snug_peer_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = snug_peer_list_get_item_type;
  iface->get_n_items = snug_peer_list_get_n_items;
  iface->get_item = snug_peer_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugPeerList, snug_peer_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, snug_peer_list_model_init))

static SnugPeer *
find (SnugPeerList *self, const char *id, guint *position)
{
  for (guint i = 0; i < snug_peer_list_get_n_items (G_LIST_MODEL (self)); i++)
    {
      /* The list holds its own reference. */
      g_autoptr (SnugPeer) peer = snug_peer_list_get_item (G_LIST_MODEL (self), i);

      if (strcmp (snug_peer_get_id (peer), id) == 0)
        {
          if (position != NULL)
            *position = i;
          return peer;
        }
    }

  return NULL;
}

static gboolean
send_chat (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  SnugPeer *peer = find (user_data, peer_id, NULL);

  return peer != NULL && snug_peer_send (peer, message);
}

static gboolean
send_chunk (const char *peer_id, GBytes *chunk, gpointer user_data)
{
  SnugPeer *peer = find (user_data, peer_id, NULL);

  return peer != NULL && snug_peer_send_chunk (peer, chunk);
}

static gboolean
get_load (const char *peer_id, SnugPathLoad *load, gpointer user_data)
{
  SnugPeer *peer = find (user_data, peer_id, NULL);

  return peer != NULL && snug_peer_get_load (peer, load);
}

static const char *
get_name (const char *peer_id, gpointer user_data)
{
  SnugPeer *peer = find (user_data, peer_id, NULL);

  return peer != NULL ? snug_peer_get_name (peer) : NULL;
}

static void
on_outgoing (SnugPeerList *self, SnugPeerMessage *message, SnugPeer *peer)
{
  g_signal_emit (self, signals[SIGNAL_OUTGOING], 0, peer, message);
}

static void
on_incoming (SnugPeerList *self, SnugPeerMessage *message, SnugPeer *peer)
{
  snug_chat_receive (self->chat, snug_peer_get_id (peer), snug_peer_get_name (peer), message);
}

static void
on_chunk (SnugPeerList *self, GBytes *chunk, SnugPeer *peer)
{
  snug_chat_receive_chunk (self->chat, snug_peer_get_id (peer), chunk);
}

static void
on_chat_open (SnugPeerList *self, GParamSpec *pspec, SnugPeer *peer)
{
  if (snug_peer_get_chat_open (peer))
    {
      if (self->hand_raised)
        {
          g_autoptr (SnugPeerMessage) message = snug_peer_message_new_hand (TRUE);

          snug_peer_send (peer, message);
        }
      snug_chat_peer_opened (self->chat, snug_peer_get_id (peer));
    }
  else
    snug_chat_peer_closed (self->chat, snug_peer_get_id (peer));
}

static void
on_closed (SnugPeerList *self, SnugPeer *peer)
{
  g_autoptr (SnugPeerList) keep G_GNUC_UNUSED = g_object_ref (self);

  g_signal_handlers_disconnect_by_data (peer, self);
  g_ptr_array_remove (self->closing, peer);
  if (self->closing->len == 0)
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/* Nobody will ever say that these left. */
static gboolean
remove_failed (gpointer user_data)
{
  SnugPeerList *self = user_data;

  for (guint i = snug_peer_list_get_n_items (G_LIST_MODEL (self)); i > 0; i--)
    {
      g_autoptr (SnugPeer) peer = snug_peer_list_get_item (G_LIST_MODEL (self), i - 1);

      if (peer != NULL && snug_peer_get_state (peer) == SNUG_PEER_FAILED && !snug_peer_get_signaling (peer))
        snug_peer_list_remove (self, peer);
    }

  return G_SOURCE_REMOVE;
}

/* Later, so that everybody who watches sees the failure first. */
static void
schedule_remove_failed (SnugPeerList *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, remove_failed, g_object_ref (self), g_object_unref);
}

static void
on_state (SnugPeerList *self, GParamSpec *pspec, SnugPeer *peer)
{
  g_autoptr (SnugPeerList) keep G_GNUC_UNUSED = g_object_ref (self);
  g_autoptr (SnugPeer) kept = g_object_ref (peer);

  if (snug_peer_get_state (peer) == SNUG_PEER_FAILED)
    {
      snug_chat_peer_removed (self->chat, snug_peer_get_id (peer));
      if (!snug_peer_get_signaling (peer))
        schedule_remove_failed (self);
    }
  else if (snug_peer_get_state (peer) == SNUG_PEER_LEFT)
    {
      /* The person said goodbye before the server did. */
      snug_peer_list_remove (self, kept);
    }
}

SnugPeer *
snug_peer_list_add (SnugPeerList *self, const char *id, const char *name)
{
  g_autoptr (SnugPeer) peer = NULL;
  g_autoptr (SnugVerification) verification = NULL;

  g_return_val_if_fail (SNUG_IS_PEER_LIST (self), NULL);

  if (self->closed || find (self, id, NULL) != NULL
      || snug_peer_list_get_n_items (G_LIST_MODEL (self)) >= SNUG_ROOM_SIZE_MAX)
    return NULL;

  verification = snug_verification_new (self->confirmed);
  peer = snug_peer_new (id, name, self->ice, self->local_media, self->audio_output, verification);
  /* Nobody carries a second description. */
  if (snug_ice_config_get_by_hand (self->ice))
    snug_peer_set_signaling (peer, FALSE);
  g_signal_connect_swapped (peer, "outgoing", G_CALLBACK (on_outgoing), self);
  g_signal_connect_swapped (peer, "incoming", G_CALLBACK (on_incoming), self);
  g_signal_connect_swapped (peer, "chunk", G_CALLBACK (on_chunk), self);
  g_signal_connect_swapped (peer, "notify::chat-open", G_CALLBACK (on_chat_open), self);
  g_signal_connect_swapped (peer, "notify::state", G_CALLBACK (on_state), self);
  g_signal_connect_swapped (peer, "closed", G_CALLBACK (on_closed), self);
  g_list_store_append (self->peers, peer);

  return peer;
}

SnugPeer *
snug_peer_list_find (SnugPeerList *self, const char *id)
{
  g_return_val_if_fail (SNUG_IS_PEER_LIST (self), NULL);

  return find (self, id, NULL);
}

static void
take_out (SnugPeerList *self, SnugPeer *peer, guint position)
{
  g_signal_handlers_disconnect_by_func (peer, on_state, self);
  g_ptr_array_add (self->closing, g_object_ref (peer));
  snug_peer_close (peer);
  g_list_store_remove (self->peers, position);
}

void
snug_peer_list_remove (SnugPeerList *self, SnugPeer *peer)
{
  g_autoptr (SnugPeerList) keep G_GNUC_UNUSED = NULL;
  guint position;

  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  g_return_if_fail (SNUG_IS_PEER (peer));

  if (find (self, snug_peer_get_id (peer), &position) != peer)
    return;

  keep = g_object_ref (self);
  snug_chat_peer_removed (self->chat, snug_peer_get_id (peer));
  take_out (self, peer, position);
  if (!self->closed && snug_peer_list_get_n_items (G_LIST_MODEL (self)) == 0)
    g_signal_emit (self, signals[SIGNAL_DESERTED], 0);
}

void
snug_peer_list_forget (SnugPeerList *self, SnugPeer *peer)
{
  guint position;

  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  g_return_if_fail (SNUG_IS_PEER (peer));

  if (find (self, snug_peer_get_id (peer), &position) != peer)
    return;

  g_signal_handlers_disconnect_by_func (peer, on_chat_open, self);
  snug_chat_peer_closed (self->chat, snug_peer_get_id (peer));
  snug_peer_be_silent (peer);
  take_out (self, peer, position);
}

void
snug_peer_list_remove_all (SnugPeerList *self)
{
  g_autoptr (SnugPeer) peer = NULL;

  g_return_if_fail (SNUG_IS_PEER_LIST (self));

  while ((peer = snug_peer_list_get_item (G_LIST_MODEL (self), 0)) != NULL)
    {
      snug_peer_list_remove (self, peer);
      g_clear_object (&peer);
    }
}

void
snug_peer_list_set_signaling (SnugPeerList *self, SnugPeer *peer, gboolean signaling)
{
  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  g_return_if_fail (SNUG_IS_PEER (peer));

  snug_peer_set_signaling (peer, signaling);
  if (!signaling)
    schedule_remove_failed (self);
}

void
snug_peer_list_set_signaling_all (SnugPeerList *self, gboolean signaling)
{
  g_return_if_fail (SNUG_IS_PEER_LIST (self));

  for (guint i = 0; i < snug_peer_list_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (SnugPeer) peer = snug_peer_list_get_item (G_LIST_MODEL (self), i);

      snug_peer_list_set_signaling (self, peer, signaling);
    }
}

void
snug_peer_list_renew_paths (SnugPeerList *self)
{
  g_return_if_fail (SNUG_IS_PEER_LIST (self));

  for (guint i = 0; i < snug_peer_list_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (SnugPeer) peer = snug_peer_list_get_item (G_LIST_MODEL (self), i);

      snug_peer_renew_path (peer);
    }
}

void
snug_peer_list_hurry (SnugPeerList *self)
{
  g_return_if_fail (SNUG_IS_PEER_LIST (self));

  for (guint i = 0; i < snug_peer_list_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (SnugPeer) peer = snug_peer_list_get_item (G_LIST_MODEL (self), i);

      snug_peer_hurry (peer);
    }
}

gboolean
snug_peer_list_is_closed (SnugPeerList *self)
{
  g_return_val_if_fail (SNUG_IS_PEER_LIST (self), TRUE);

  return self->closing->len == 0;
}

/* Whoever is reached keeps the connection that there is. */
static gboolean
is_reached (SnugPeer *peer)
{
  return snug_peer_get_state (peer) == SNUG_PEER_CONNECTED;
}

static SnugPeer *
add_member (SnugPeerList *self, const char *id, const char *name)
{
  SnugPeer *peer = snug_peer_list_add (self, id, name);

  if (peer == NULL)
    g_debug ("The server named somebody twice, or too many");

  return peer;
}

static gboolean
is_named (SnugMessage *message, SnugPeer *peer)
{
  return g_strv_contains (snug_message_get_members (message), snug_peer_get_id (peer));
}

void
snug_peer_list_meet (SnugPeerList *self, const char *id, const char *name, gboolean offer)
{
  SnugPeer *peer;

  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  g_return_if_fail (id != NULL && name != NULL);

  peer = find (self, id, NULL);
  if (peer != NULL && offer && !is_reached (peer))
    {
      /* The server has forgotten us; perhaps the other has, too. */
      g_autoptr (SnugPeer) old = g_object_ref (peer);

      snug_peer_list_forget (self, old);
      peer = NULL;
    }
  if (peer != NULL)
    {
      snug_peer_list_set_signaling (self, peer, TRUE); /* with the connection that there is or with an offer */
      return;
    }
  peer = add_member (self, id, name);
  if (peer != NULL && offer)
    snug_peer_offer (peer);
}

void
snug_peer_list_receive_joined (SnugPeerList *self, SnugMessage *message)
{
  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  g_return_if_fail (message != NULL);

  if (!snug_message_get_resumed (message))
    return;
  for (guint i = snug_peer_list_get_n_items (G_LIST_MODEL (self)); i > 0; i--)
    {
      g_autoptr (SnugPeer) peer = snug_peer_list_get_item (G_LIST_MODEL (self), i - 1);

      if (peer != NULL && is_named (message, peer))
        snug_peer_list_set_signaling (self, peer, TRUE);
      else if (peer != NULL && !is_reached (peer))
        snug_peer_list_remove (self, peer);
    }
}

/* Somebody who lost us begins anew, as if we had never met. */
static gboolean
is_fresh_start (SnugPeer *peer, SnugPeerMessage *message)
{
  SnugPeerState state = snug_peer_get_state (peer);

  return (state == SNUG_PEER_INTERRUPTED || state == SNUG_PEER_FAILED)
         && snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_DESCRIPTION
         && snug_peer_message_get_sdp_type (message) == SNUG_SDP_OFFER
         && snug_peer_message_get_generation (message) == 1;
}

void
snug_peer_list_receive (SnugPeerList *self, const char *id, SnugPeerMessage *message)
{
  g_autoptr (SnugPeer) peer = NULL;

  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  g_return_if_fail (id != NULL && message != NULL);

  if (!g_set_object (&peer, find (self, id, NULL)))
    {
      g_debug ("A message came from somebody who has left");
      return;
    }
  if (is_fresh_start (peer, message))
    {
      SnugPeer *fresh;

      snug_peer_list_forget (self, peer);
      fresh = add_member (self, snug_peer_get_id (peer), snug_peer_get_name (peer));
      if (fresh != NULL)
        g_set_object (&peer, fresh);
    }
  snug_peer_receive (peer, message);
}

void
snug_peer_list_receive_left (SnugPeerList *self, SnugMessage *message)
{
  g_autoptr (SnugPeer) peer = NULL;

  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  g_return_if_fail (message != NULL);

  if (!g_set_object (&peer, find (self, snug_message_get_peer_id (message), NULL)))
    g_debug ("Somebody left who was not there");
  else if (snug_message_get_lost (message) && is_reached (peer))
    snug_peer_list_set_signaling (self, peer, FALSE); /* the server has lost somebody whom we have not */
  else
    snug_peer_list_remove (self, peer);
}

void
snug_peer_list_broadcast (SnugPeerList *self, SnugPeerMessage *message)
{
  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  g_return_if_fail (message != NULL);

  for (guint i = 0; i < snug_peer_list_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (SnugPeer) peer = snug_peer_list_get_item (G_LIST_MODEL (self), i);

      snug_peer_send (peer, message);
    }
}

void
snug_peer_list_set_hand_raised (SnugPeerList *self, gboolean raised)
{
  g_autoptr (SnugPeerMessage) message = snug_peer_message_new_hand (raised);

  g_return_if_fail (SNUG_IS_PEER_LIST (self));

  self->hand_raised = raised;
  snug_peer_list_broadcast (self, message);
}

void
snug_peer_list_sample_stats (SnugPeerList *self)
{
  g_return_if_fail (SNUG_IS_PEER_LIST (self));

  for (guint i = 0; i < snug_peer_list_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (SnugPeer) peer = snug_peer_list_get_item (G_LIST_MODEL (self), i);

      snug_peer_sample_stats (peer);
    }
}

SnugChat *
snug_peer_list_get_chat (SnugPeerList *self)
{
  g_return_val_if_fail (SNUG_IS_PEER_LIST (self), NULL);

  return self->chat;
}

void
snug_peer_list_close (SnugPeerList *self)
{
  g_return_if_fail (SNUG_IS_PEER_LIST (self));
  SNUG_ASSERT_MAIN_THREAD ();

  if (self->closed)
    return;
  self->closed = TRUE;
  snug_peer_list_remove_all (self);
  for (guint i = 0; i < self->closing->len; i++)
    g_signal_handlers_disconnect_by_data (self->closing->pdata[i], self);
  g_ptr_array_set_size (self->closing, 0);
  snug_chat_close (self->chat);
}

static void
on_items_changed (SnugPeerList *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
snug_peer_list_dispose (GObject *object)
{
  SnugPeerList *self = SNUG_PEER_LIST (object);

  snug_peer_list_close (self);
  g_signal_handlers_disconnect_by_data (self->peers, self);
  g_clear_object (&self->local_media);
  g_clear_object (&self->audio_output);

  G_OBJECT_CLASS (snug_peer_list_parent_class)->dispose (object);
}

static void
snug_peer_list_finalize (GObject *object)
{
  SnugPeerList *self = SNUG_PEER_LIST (object);

  g_clear_object (&self->peers);
  g_hash_table_unref (self->confirmed);
  g_clear_object (&self->chat);
  g_clear_pointer (&self->closing, g_ptr_array_unref);

  G_OBJECT_CLASS (snug_peer_list_parent_class)->finalize (object);
}

static void
snug_peer_list_class_init (SnugPeerListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_peer_list_dispose;
  object_class->finalize = snug_peer_list_finalize;

  signals[SIGNAL_OUTGOING]
      = g_signal_new ("outgoing", SNUG_TYPE_PEER_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, SNUG_TYPE_PEER, SNUG_TYPE_PEER_MESSAGE);
  signals[SIGNAL_DESERTED] = g_signal_new ("deserted", SNUG_TYPE_PEER_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", SNUG_TYPE_PEER_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
}

static void
snug_peer_list_init (SnugPeerList *self)
{
  self->peers = g_list_store_new (SNUG_TYPE_PEER);
  self->confirmed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->closing = g_ptr_array_new_with_free_func (g_object_unref);
  self->chat = snug_chat_new (send_chat, self);
  snug_chat_enable_files (self->chat, send_chunk, get_name);
  snug_chat_set_load_func (self->chat, get_load);
  g_signal_connect_swapped (self->peers, "items-changed", G_CALLBACK (on_items_changed), self);
}

SnugPeerList *
snug_peer_list_new (SnugIceConfig *ice, SnugLocalMedia *local_media, SnugAudioOutput *audio_output)
{
  SnugPeerList *self = g_object_new (SNUG_TYPE_PEER_LIST, NULL);

  g_return_val_if_fail (ice != NULL, NULL);

  self->ice = ice;
  self->local_media = g_object_ref (local_media);
  self->audio_output = g_object_ref (audio_output);

  return self;
}

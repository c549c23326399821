/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-attention.h"

#include "snug-awake.h"
#include "snug-chat-row.h"
#include "snug-chat-text.h"
#include "snug-notifier.h"
#include "snug-reaction-menu.h"

#include <glib/gi18n.h>

/* One notification of each kind: the newest. */
#define JOINED_ID "joined"
#define MESSAGE_ID "message"

struct _SnugAttention
{
  GObject parent_instance;

  /* Borrowed */
  GtkWindow *window;
  SnugChatPanel *chat_panel;

  /* Owned */
  SnugCall *call;
  SnugAnnouncer *announcer;
  SnugSounds *sounds; /* nullable */
  GPtrArray *known;   /* (element-type SnugPeer): as in the list, to tell who left */
  SnugAwake *awake;   /* in a call */
  SnugNotifier *notifier; /* nullable: a window without an application */
};

G_DEFINE_FINAL_TYPE (SnugAttention, snug_attention, G_TYPE_OBJECT)

static void
play (SnugAttention *self, SnugSound sound)
{
  if (self->sounds != NULL)
    snug_sounds_play (self->sounds, sound);
}

/* format: a sentence with one %s; not as a format: name comes from somebody else. */
static char *
fill_in (const char *format, const char *name)
{
  g_autofree char *clean = snug_chat_text_clean_line (name, 0);
  GString *text = g_string_new (format);

  g_string_replace (text, "%s", clean, 1);
  return g_string_free (text, FALSE);
}

static void
notify_person (SnugAttention *self, const char *id, const char *title, const char *body, const char *action,
               const char *button)
{
  g_autoptr (GNotification) notification = NULL;

  if (gtk_window_is_active (self->window) || self->notifier == NULL)
    return;
  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_notification_set_default_action (notification, action);
  g_notification_add_button (notification, button, action);
  g_notification_set_category (notification, g_str_equal (id, MESSAGE_ID) ? "im.received" : "presence.online");
  snug_notifier_send (self->notifier, id, notification);
}

static void
withdraw (SnugAttention *self)
{
  if (self->notifier == NULL)
    return;
  snug_notifier_withdraw (self->notifier, JOINED_ID);
  snug_notifier_withdraw (self->notifier, MESSAGE_ID);
}

static void
on_active (SnugAttention *self)
{
  if (gtk_window_is_active (self->window))
    withdraw (self);
}

static void
on_hand_raised (SnugAttention *self, GParamSpec *pspec, SnugPeer *peer)
{
  g_autofree char *sentence = fill_in (_ ("%s raised a hand."), snug_peer_get_name (peer));

  if (snug_peer_get_hand_raised (peer))
    snug_announcer_say (self->announcer, sentence);
}

static void
on_reaction (SnugAttention *self, const char *emoji, SnugPeer *peer)
{
  g_autofree char *sender = fill_in ("%s", snug_peer_get_name (peer));
  /* Translators: somebody's name, and a reaction: "Thumbs up" */
  g_autofree char *sentence = g_strdup_printf (_ ("%s reacts: %s"), sender, snug_reaction_menu_get_name (emoji));

  snug_announcer_mention (self->announcer, sentence);
}

static void
on_peers_changed (SnugAttention *self, guint position, guint removed, guint added, GListModel *peers)
{
  /* Those who were there before us come with the room, and when we go, everybody goes. */
  gboolean tell = snug_call_get_state (self->call) == SNUG_CALL_JOINED;

  for (guint i = 0; i < removed && position < self->known->len; i++)
    {
      SnugPeer *peer = g_ptr_array_index (self->known, position);

      if (tell)
        {
          g_autofree char *sentence = fill_in (_ ("%s left."), snug_peer_get_name (peer));

          play (self, SNUG_SOUND_LEAVE);
          snug_announcer_say (self->announcer, sentence);
        }
      g_signal_handlers_disconnect_by_data (peer, self);
      g_ptr_array_remove_index (self->known, position);
    }
  for (guint i = 0; i < added; i++)
    {
      SnugPeer *peer = g_list_model_get_item (peers, position + i);

      g_ptr_array_insert (self->known, (int) (position + i), peer);
      g_signal_connect_object (peer, "notify::hand-raised", G_CALLBACK (on_hand_raised), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (peer, "reaction", G_CALLBACK (on_reaction), self, G_CONNECT_SWAPPED);
      if (tell)
        {
          g_autofree char *sentence = fill_in (_ ("%s joined."), snug_peer_get_name (peer));
          /* Translators: the title of a notification; a name */
          g_autofree char *title = fill_in (_ ("%s joined the call"), snug_peer_get_name (peer));

          play (self, SNUG_SOUND_JOIN);
          snug_announcer_say (self->announcer, sentence);
          notify_person (self, JOINED_ID, title, snug_call_get_room (self->call), "app.show-call", _ ("Show the call"));
        }
    }
}

static void
on_chat_changed (SnugAttention *self, guint position, guint removed, guint added, GListModel *chat)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (chat, i);
      gboolean file = snug_chat_message_get_transfer (message) != NULL;
      g_autofree char *summary = NULL;
      g_autofree char *title = NULL;
      g_autofree char *sentence = NULL;

      if (snug_chat_message_get_outgoing (message))
        continue;
      summary = snug_chat_row_summarize (message);
      /* Translators: the title of a notification, whose text is the file's name; a name */
      title = fill_in (file ? _ ("%s offers a file") : "%s", snug_chat_message_get_sender_name (message));
      sentence = g_strdup_printf ("%s: %s", title, summary);
      if (!snug_chat_panel_is_seen (self->chat_panel))
        play (self, SNUG_SOUND_MESSAGE);
      snug_announcer_say (self->announcer, sentence);
      notify_person (self, MESSAGE_ID, title, summary, "app.show-chat", file ? _ ("Open the chat") : _ ("Reply"));
    }
}

static void
on_state (SnugAttention *self)
{
  if (snug_call_get_state (self->call) != SNUG_CALL_JOINED)
    g_clear_object (&self->awake);
  else if (self->awake == NULL)
    self->awake = snug_awake_new (self->window);
}

static void
snug_attention_dispose (GObject *object)
{
  SnugAttention *self = SNUG_ATTENTION (object);

  if (self->call != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->call, self);
      g_signal_handlers_disconnect_by_data (snug_call_get_peers (self->call), self);
      g_signal_handlers_disconnect_by_data (snug_call_get_chat (self->call), self);
      g_signal_handlers_disconnect_by_data (self->window, self);
      withdraw (self);
    }
  g_clear_object (&self->awake);
  g_clear_object (&self->notifier);
  g_clear_object (&self->call);
  g_clear_object (&self->announcer);
  g_clear_object (&self->sounds);
  g_ptr_array_set_size (self->known, 0);
  G_OBJECT_CLASS (snug_attention_parent_class)->dispose (object);
}

static void
snug_attention_finalize (GObject *object)
{
  g_ptr_array_unref (SNUG_ATTENTION (object)->known);
  G_OBJECT_CLASS (snug_attention_parent_class)->finalize (object);
}

static void
snug_attention_class_init (SnugAttentionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_attention_dispose;
  object_class->finalize = snug_attention_finalize;
}

static void
snug_attention_init (SnugAttention *self)
{
  self->known = g_ptr_array_new_with_free_func (g_object_unref);
}

SnugAttention *
snug_attention_new (SnugCall *call,
                    GtkWindow *window,
                    SnugChatPanel *chat_panel,
                    SnugAnnouncer *announcer,
                    SnugSounds *sounds)
{
  SnugAttention *self;
  GListModel *peers;

  g_return_val_if_fail (SNUG_IS_CALL (call), NULL);
  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);
  g_return_val_if_fail (SNUG_IS_CHAT_PANEL (chat_panel), NULL);
  g_return_val_if_fail (SNUG_IS_ANNOUNCER (announcer), NULL);

  self = g_object_new (SNUG_TYPE_ATTENTION, NULL);
  self->call = g_object_ref (call);
  self->window = window;
  self->chat_panel = chat_panel;
  self->announcer = g_object_ref (announcer);
  g_set_object (&self->sounds, sounds);
  if (gtk_window_get_application (window) != NULL)
    self->notifier = snug_notifier_new (G_APPLICATION (gtk_window_get_application (window)));

  peers = snug_call_get_peers (call);
  g_signal_connect_object (call, "notify::state", G_CALLBACK (on_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (peers, "items-changed", G_CALLBACK (on_peers_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (snug_call_get_chat (call), "items-changed", G_CALLBACK (on_chat_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "notify::is-active", G_CALLBACK (on_active), self, G_CONNECT_SWAPPED);
  on_peers_changed (self, 0, 0, g_list_model_get_n_items (peers), peers);
  on_state (self);
  return self;
}

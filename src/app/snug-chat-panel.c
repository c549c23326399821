/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-chat-panel.h"

#include "snug-chat-composer.h"
#include "snug-chat-list.h"
#include "snug-format.h"
#include "snug-peer.h"
#include "snug-stack.h"

enum
{
  PROP_UNREAD = 1,
  N_PROPS
};

enum
{
  MESSAGE,
  NOTICE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

struct _SnugChatPanel
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;
  SnugChatList *list;
  GtkLabel *typing_label;
  SnugChatComposer *composer;

  /* Owned */
  SnugChat *chat;
  GSignalGroup *chat_signals;
  GSignalGroup *peers_signals;
  GPtrArray *known; /* (element-type SnugPeer): as in the list */

  guint unread;
  gboolean open;
  gboolean any_unseen; /* since the list's first unread one was set */
};

G_DEFINE_FINAL_TYPE (SnugChatPanel, snug_chat_panel, GTK_TYPE_WIDGET)

gboolean
snug_chat_panel_is_seen (SnugChatPanel *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_return_val_if_fail (SNUG_IS_CHAT_PANEL (self), FALSE);
  return self->open && snug_chat_list_get_at_end (self->list) && GTK_IS_WINDOW (root) && gtk_window_is_active (GTK_WINDOW (root));
}

static void
mark_read (SnugChatPanel *self)
{
  if (self->chat == NULL || !snug_chat_panel_is_seen (self))
    return;
  self->any_unseen = FALSE;
  snug_chat_mark_read (self->chat);
}

static void
set_unread (SnugChatPanel *self, guint unread)
{
  if (self->unread == unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

static void
pill_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugChatPanel *self = SNUG_CHAT_PANEL (widget);

  snug_chat_list_go_to_end (self->list);
  snug_chat_panel_focus_composer (self);
}

static void
on_chat_changed (SnugChatPanel *self, guint position, guint removed, guint added, GListModel *model)
{
  gboolean seen = snug_chat_panel_is_seen (self);

  snug_stack_show_name (self->stack, g_list_model_get_n_items (model) > 0 ? "messages" : "empty");
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (model, i);

      if (snug_chat_message_get_outgoing (message))
        {
          snug_chat_list_go_to_end (self->list);
          continue;
        }
      if (!seen && !self->any_unseen)
        {
          snug_chat_list_set_first_unread (self->list, snug_chat_message_get_id (message));
          self->any_unseen = TRUE;
        }
      if (!self->open)
        {
          set_unread (self, self->unread + 1);
          g_signal_emit (self, signals[MESSAGE], 0, message);
        }
      else if (!snug_chat_list_get_at_end (self->list))
        snug_chat_list_count_below (self->list);
    }
  if (seen)
    mark_read (self);
  snug_chat_list_update (self->list);
}

static void
on_notice (SnugChatPanel *self, const char *sentence, SnugChatComposer *composer)
{
  g_signal_emit (self, signals[NOTICE], 0, sentence);
}

static void
update_typing (SnugChatPanel *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->known->len; i++)
    {
      SnugPeer *peer = g_ptr_array_index (self->known, i);

      if (snug_peer_get_typing (peer))
        g_strv_builder_add (builder, snug_peer_get_name (peer));
    }
  names = g_strv_builder_end (builder);
  text = snug_format_typing ((const char *const *) names);
  gtk_label_set_label (self->typing_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->typing_label), text != NULL);
}

static void
on_peers_changed (SnugChatPanel *self, guint position, guint removed, guint added, GListModel *peers)
{
  for (guint i = 0; i < removed && position < self->known->len; i++)
    {
      g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->known, position), update_typing, self);
      g_ptr_array_remove_index (self->known, position);
    }
  for (guint i = 0; i < added; i++)
    {
      SnugPeer *peer = g_list_model_get_item (peers, position + i);

      g_ptr_array_insert (self->known, (int) (position + i), peer);
      g_signal_connect_object (peer, "notify::typing", G_CALLBACK (update_typing), self, G_CONNECT_SWAPPED);
    }
  update_typing (self);
  snug_chat_list_set_n_others (self->list, self->known->len);
}

static void
snug_chat_panel_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_UNREAD:
      g_value_set_uint (value, SNUG_CHAT_PANEL (object)->unread);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* What came while the window was behind others is read when it comes to the front. */
static void
snug_chat_panel_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (snug_chat_panel_parent_class)->root (widget);
  if (GTK_IS_WINDOW (gtk_widget_get_root (widget)))
    g_signal_connect_object (gtk_widget_get_root (widget), "notify::is-active", G_CALLBACK (mark_read), widget,
                             G_CONNECT_SWAPPED);
}

static void
snug_chat_panel_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), mark_read, widget);
  GTK_WIDGET_CLASS (snug_chat_panel_parent_class)->unroot (widget);
}

static void
snug_chat_panel_dispose (GObject *object)
{
  SnugChatPanel *self = SNUG_CHAT_PANEL (object);

  snug_chat_panel_set_chat (self, NULL, NULL);
  g_clear_object (&self->chat_signals);
  if (self->peers_signals != NULL)
    snug_chat_panel_set_peers (self, NULL);
  g_clear_object (&self->peers_signals);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (snug_chat_panel_parent_class)->dispose (object);
}

static void
snug_chat_panel_finalize (GObject *object)
{
  SnugChatPanel *self = SNUG_CHAT_PANEL (object);

  g_ptr_array_unref (self->known);
  G_OBJECT_CLASS (snug_chat_panel_parent_class)->finalize (object);
}

static void
snug_chat_panel_class_init (SnugChatPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = snug_chat_panel_get_property;
  object_class->dispose = snug_chat_panel_dispose;
  object_class->finalize = snug_chat_panel_finalize;
  widget_class->root = snug_chat_panel_root;
  widget_class->unroot = snug_chat_panel_unroot;

  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[MESSAGE] = g_signal_new ("message", SNUG_TYPE_CHAT_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, SNUG_TYPE_CHAT_MESSAGE);
  signals[NOTICE] = g_signal_new ("notice", SNUG_TYPE_CHAT_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (SNUG_TYPE_CHAT_COMPOSER);
  g_type_ensure (SNUG_TYPE_CHAT_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-chat-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, list);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, typing_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, composer);
  gtk_widget_class_bind_template_callback (widget_class, on_notice);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "chatpanel");
  gtk_widget_class_install_action (widget_class, "chat.to-end", NULL, pill_action);
}

static void
snug_chat_panel_init (SnugChatPanel *self)
{
  self->known = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  self->chat_signals = g_signal_group_new (SNUG_TYPE_CHAT);
  g_signal_group_connect_swapped (self->chat_signals, "items-changed", G_CALLBACK (on_chat_changed), self);

  self->peers_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->peers_signals, "items-changed", G_CALLBACK (on_peers_changed), self);
  snug_chat_composer_add_drop_area (self->composer, GTK_WIDGET (self));
  g_signal_connect_object (self->list, "notify::at-end", G_CALLBACK (mark_read), self, G_CONNECT_SWAPPED);
}

void
snug_chat_panel_set_chat (SnugChatPanel *self, SnugChat *chat, GObject *tone_scope)
{
  g_return_if_fail (SNUG_IS_CHAT_PANEL (self));
  g_return_if_fail (chat == NULL || SNUG_IS_CHAT (chat));

  if (self->chat == chat)
    return;
  if (self->chat_signals != NULL)
    g_signal_group_set_target (self->chat_signals, NULL);
  if (self->list != NULL)
    snug_chat_list_set_chat (self->list, chat, tone_scope);
  if (self->composer != NULL)
    snug_chat_composer_set_chat (self->composer, chat);
  g_set_object (&self->chat, chat);
  self->any_unseen = FALSE;
  set_unread (self, 0);
  if (chat == NULL)
    return;

  g_signal_group_set_target (self->chat_signals, chat);
  snug_stack_show_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (chat)) > 0 ? "messages" : "empty");
}

void
snug_chat_panel_set_peers (SnugChatPanel *self, GListModel *peers)
{
  g_return_if_fail (SNUG_IS_CHAT_PANEL (self));
  g_return_if_fail (peers == NULL || G_IS_LIST_MODEL (peers));

  g_signal_group_set_target (self->peers_signals, peers);
  for (guint i = 0; i < self->known->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->known, i), update_typing, self);
  g_ptr_array_set_size (self->known, 0);
  if (peers != NULL)
    on_peers_changed (self, 0, 0, g_list_model_get_n_items (peers), peers);
  else if (self->typing_label != NULL)
    update_typing (self);
}

void
snug_chat_panel_add_drop_area (SnugChatPanel *self, GtkWidget *area)
{
  g_return_if_fail (SNUG_IS_CHAT_PANEL (self));
  snug_chat_composer_add_drop_area (self->composer, area);
}

void
snug_chat_panel_set_open (SnugChatPanel *self, gboolean open)
{
  g_return_if_fail (SNUG_IS_CHAT_PANEL (self));

  if (self->open == open)
    return;
  self->open = open;
  if (open)
    {
      set_unread (self, 0);
      snug_chat_list_go_to_end (self->list);
      mark_read (self);
    }
  else
    /* The line above what was new has been seen. */
    snug_chat_list_set_first_unread (self->list, NULL);
  snug_chat_list_update (self->list);
}

guint
snug_chat_panel_get_unread (SnugChatPanel *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_PANEL (self), 0);
  return self->unread;
}

void
snug_chat_panel_focus_composer (SnugChatPanel *self)
{
  g_return_if_fail (SNUG_IS_CHAT_PANEL (self));
  snug_chat_composer_focus (self->composer);
}

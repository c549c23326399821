/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-chat-list.h"

#include "snug-chat-row.h"
#include "snug-tone.h"

#include <glib/gi18n.h>

/* So close to the end, in pixels, counts as at the end. */
#define AT_END 24

enum
{
  PROP_AT_END = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugChatList
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *overlay;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkWidget *pill;
  GtkLabel *pill_label;

  /* Owned */
  SnugChat *chat;
  GObject *tone_scope;
  GPtrArray *bound; /* (element-type GtkListItem), borrowed: those with a message */
  char *first_unread_id;

  guint scroll_id;
  guint n_others;
  guint below; /* new messages under the visible part */
  gboolean at_end;
};

G_DEFINE_FINAL_TYPE (SnugChatList, snug_chat_list, GTK_TYPE_WIDGET)

static SnugChatMessage *
get_message (SnugChatList *self, guint position)
{
  return self->chat == NULL ? NULL : g_list_model_get_item (G_LIST_MODEL (self->chat), position);
}

static void
update_row (SnugChatList *self, SnugChatRow *row, guint position)
{
  g_autoptr (SnugChatMessage) before = position > 0 ? get_message (self, position - 1) : NULL;
  g_autoptr (SnugChatMessage) after = get_message (self, position + 1);
  SnugChatMessage *message = snug_chat_row_get_message (row);
  const char *sender = snug_chat_message_get_sender_id (message);
  SnugChatRowContext context = { 0 };

  context.first_of_day = !snug_chat_row_same_day (before, message);
  context.first_unread = g_strcmp0 (snug_chat_message_get_id (message), self->first_unread_id) == 0;
  context.first_of_run = context.first_unread || !snug_chat_row_same_run (before, message);
  context.last_of_run = !snug_chat_row_same_run (message, after)
                        || g_strcmp0 (snug_chat_message_get_id (after), self->first_unread_id) == 0;
  context.tone = sender != NULL && self->tone_scope != NULL ? snug_tone_for_peer (self->tone_scope, sender)
                                                            : SNUG_TONE_OWN;
  context.n_others = self->n_others;
  snug_chat_row_set_context (row, &context);
}

void
snug_chat_list_update (SnugChatList *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *item = g_ptr_array_index (self->bound, i);
      update_row (self, SNUG_CHAT_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_position (item));
    }
}

static void
on_retry (SnugChatList *self, SnugChatRow *row)
{
  SnugChatMessage *message = snug_chat_row_get_message (row);

  if (self->chat != NULL && message != NULL)
    snug_chat_retry (self->chat, message);
}

static void
on_setup (SnugChatList *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *row = snug_chat_row_new ();

  g_signal_connect_object (row, "retry", G_CALLBACK (on_retry), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
on_bind (SnugChatList *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  SnugChatRow *row = SNUG_CHAT_ROW (gtk_list_item_get_child (item));

  snug_chat_row_set_message (row, gtk_list_item_get_item (item));
  g_ptr_array_add (self->bound, item);
  /* One that arrives or fails may join or leave its neighbours. */
  g_signal_connect_object (gtk_list_item_get_item (item), "notify::state", G_CALLBACK (snug_chat_list_update), self,
                           G_CONNECT_SWAPPED);
  update_row (self, row, gtk_list_item_get_position (item));
}

static void
on_unbind (SnugChatList *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  g_ptr_array_remove_fast (self->bound, item);
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), snug_chat_list_update, self);
  if (gtk_list_item_get_child (item) != NULL)
    snug_chat_row_set_message (SNUG_CHAT_ROW (gtk_list_item_get_child (item)), NULL);
}

/* The row of the list that has the keyboard focus itself, not a part of it. */
static SnugChatRow *
get_focused_row (SnugChatList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  for (guint i = 0; focus != NULL && i < self->bound->len; i++)
    {
      GtkWidget *row = gtk_list_item_get_child (g_ptr_array_index (self->bound, i));

      if (gtk_widget_is_ancestor (row, focus))
        return SNUG_CHAT_ROW (row);
    }
  return NULL;
}

static void
focused_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugChatRow *row = get_focused_row (SNUG_CHAT_LIST (widget));

  if (row == NULL)
    return;
  if (g_str_equal (action, "chat.copy-focused"))
    gtk_widget_activate_action (GTK_WIDGET (row), "message.copy", NULL);
  else
    snug_chat_row_popup_menu (row);
}

static void
update_pill (SnugChatList *self)
{
  g_autofree char *text = g_strdup_printf (g_dngettext (NULL, "%u new message", "%u new messages", self->below),
                                           self->below);

  gtk_label_set_label (self->pill_label, text);
  gtk_widget_set_visible (self->pill, self->below > 0);
}

static void
set_at_end (SnugChatList *self, gboolean at_end)
{
  if (at_end && self->below > 0)
    {
      self->below = 0;
      update_pill (self);
    }
  if (self->at_end == at_end)
    return;
  self->at_end = at_end;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AT_END]);
}

static gboolean
scroll_to_end (gpointer user_data)
{
  SnugChatList *self = SNUG_CHAT_LIST (user_data);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  self->scroll_id = 0;
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  return G_SOURCE_REMOVE;
}

static void
queue_scroll (SnugChatList *self)
{
  if (self->scroll_id == 0)
    self->scroll_id = g_idle_add (scroll_to_end, self);
}

static void
on_scrolled (SnugChatList *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  set_at_end (self, gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) + AT_END
                      >= gtk_adjustment_get_upper (adjustment));
}

/* The list grew or the window shrank: who was at the end stays there. */
static void
on_extent (SnugChatList *self)
{
  if (self->at_end)
    queue_scroll (self);
}

static void
snug_chat_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_AT_END:
      g_value_set_boolean (value, SNUG_CHAT_LIST (object)->at_end);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_chat_list_dispose (GObject *object)
{
  SnugChatList *self = SNUG_CHAT_LIST (object);

  snug_chat_list_set_chat (self, NULL, NULL);
  g_clear_handle_id (&self->scroll_id, g_source_remove);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  G_OBJECT_CLASS (snug_chat_list_parent_class)->dispose (object);
}

static void
snug_chat_list_finalize (GObject *object)
{
  SnugChatList *self = SNUG_CHAT_LIST (object);

  g_ptr_array_unref (self->bound);
  g_free (self->first_unread_id);
  G_OBJECT_CLASS (snug_chat_list_parent_class)->finalize (object);
}

static void
snug_chat_list_class_init (SnugChatListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = snug_chat_list_get_property;
  object_class->dispose = snug_chat_list_dispose;
  object_class->finalize = snug_chat_list_finalize;
  properties[PROP_AT_END] = g_param_spec_boolean ("at-end", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-chat-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugChatList, overlay);
  gtk_widget_class_bind_template_child (widget_class, SnugChatList, scroller);
  gtk_widget_class_bind_template_child (widget_class, SnugChatList, list);
  gtk_widget_class_bind_template_child (widget_class, SnugChatList, pill);
  gtk_widget_class_bind_template_child (widget_class, SnugChatList, pill_label);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "chat.copy-focused", NULL, focused_action);
  gtk_widget_class_install_action (widget_class, "chat.menu-focused", NULL, focused_action);
}

static void
snug_chat_list_init (SnugChatList *self)
{
  GtkAdjustment *adjustment;

  self->bound = g_ptr_array_new ();
  self->at_end = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_extent), self, G_CONNECT_SWAPPED);
}

void
snug_chat_list_set_chat (SnugChatList *self, SnugChat *chat, GObject *tone_scope)
{
  g_return_if_fail (SNUG_IS_CHAT_LIST (self));
  g_return_if_fail (chat == NULL || SNUG_IS_CHAT (chat));

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_set_object (&self->tone_scope, tone_scope);
  g_set_object (&self->chat, chat);
  g_clear_pointer (&self->first_unread_id, g_free);
  self->below = 0;
  self->at_end = TRUE;
  if (chat == NULL)
    return;

  {
    g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (chat)));
    gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  }
  update_pill (self);
}

void
snug_chat_list_set_n_others (SnugChatList *self, guint n_others)
{
  g_return_if_fail (SNUG_IS_CHAT_LIST (self));

  if (self->n_others == n_others)
    return;
  self->n_others = n_others;
  snug_chat_list_update (self);
}

void
snug_chat_list_set_first_unread (SnugChatList *self, const char *message_id)
{
  g_return_if_fail (SNUG_IS_CHAT_LIST (self));

  g_free (self->first_unread_id);
  self->first_unread_id = g_strdup (message_id);
}

gboolean
snug_chat_list_get_at_end (SnugChatList *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_LIST (self), FALSE);
  return self->at_end;
}

void
snug_chat_list_count_below (SnugChatList *self)
{
  g_return_if_fail (SNUG_IS_CHAT_LIST (self));

  self->below++;
  update_pill (self);
}

void
snug_chat_list_go_to_end (SnugChatList *self)
{
  g_return_if_fail (SNUG_IS_CHAT_LIST (self));

  set_at_end (self, TRUE);
  queue_scroll (self);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-chat-panel.h"

#include "snug-chat-row.h"
#include "snug-protocol.h"
#include "snug-stack.h"
#include "snug-tone.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* So close to the end, in pixels, counts as at the end. */
#define AT_END 24

enum
{
  PROP_UNREAD = 1,
  N_PROPS
};

enum
{
  MESSAGE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

struct _SnugChatPanel
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkWidget *pill;
  GtkLabel *pill_label;
  GtkTextView *composer;
  GtkWidget *placeholder;
  GtkWidget *send_button;
  GtkLabel *limit_label;

  /* Owned */
  SnugChat *chat;
  GObject *tone_scope;
  GSignalGroup *chat_signals;
  GPtrArray *bound; /* (element-type GtkListItem), borrowed: those with a message */
  char *first_unread_id;

  guint scroll_id;
  guint unread;
  guint below; /* new messages under the visible part */
  gboolean open;
  gboolean at_end;
};

G_DEFINE_FINAL_TYPE (SnugChatPanel, snug_chat_panel, GTK_TYPE_WIDGET)

static SnugChatMessage *
get_message (SnugChatPanel *self, guint position)
{
  return self->chat == NULL ? NULL : g_list_model_get_item (G_LIST_MODEL (self->chat), position);
}

static void
update_row (SnugChatPanel *self, SnugChatRow *row, guint position)
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
  snug_chat_row_set_context (row, &context);
}

static void
update_rows (SnugChatPanel *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *item = g_ptr_array_index (self->bound, i);
      update_row (self, SNUG_CHAT_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_position (item));
    }
}

static void
on_retry (SnugChatPanel *self, SnugChatRow *row)
{
  SnugChatMessage *message = snug_chat_row_get_message (row);

  if (self->chat != NULL && message != NULL)
    snug_chat_retry (self->chat, message);
}

static void
on_setup (SnugChatPanel *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *row = snug_chat_row_new ();

  g_signal_connect_object (row, "retry", G_CALLBACK (on_retry), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
on_bind (SnugChatPanel *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  SnugChatRow *row = SNUG_CHAT_ROW (gtk_list_item_get_child (item));

  snug_chat_row_set_message (row, gtk_list_item_get_item (item));
  g_ptr_array_add (self->bound, item);
  /* One that arrives or fails may join or leave its neighbours. */
  g_signal_connect_object (gtk_list_item_get_item (item), "notify::state", G_CALLBACK (update_rows), self,
                           G_CONNECT_SWAPPED);
  update_row (self, row, gtk_list_item_get_position (item));
}

static void
on_unbind (SnugChatPanel *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  g_ptr_array_remove_fast (self->bound, item);
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), update_rows, self);
  if (gtk_list_item_get_child (item) != NULL)
    snug_chat_row_set_message (SNUG_CHAT_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
update_pill (SnugChatPanel *self)
{
  g_autofree char *text = g_strdup_printf (g_dngettext (NULL, "%u new message", "%u new messages", self->below),
                                           self->below);

  gtk_label_set_label (self->pill_label, text);
  gtk_widget_set_visible (self->pill, self->below > 0);
}

static void
set_unread (SnugChatPanel *self, guint unread)
{
  if (self->unread == unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

static gboolean
scroll_to_end (gpointer user_data)
{
  SnugChatPanel *self = SNUG_CHAT_PANEL (user_data);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  self->scroll_id = 0;
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  return G_SOURCE_REMOVE;
}

static void
queue_scroll (SnugChatPanel *self)
{
  if (self->scroll_id == 0)
    self->scroll_id = g_idle_add (scroll_to_end, self);
}

static void
on_scrolled (SnugChatPanel *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  self->at_end = gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) + AT_END
                 >= gtk_adjustment_get_upper (adjustment);
  if (self->at_end && self->below > 0)
    {
      self->below = 0;
      update_pill (self);
    }
}

/* The list grew or the window shrank: who was at the end stays there. */
static void
on_extent (SnugChatPanel *self)
{
  if (self->at_end)
    queue_scroll (self);
}

static void
pill_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugChatPanel *self = SNUG_CHAT_PANEL (widget);

  self->at_end = TRUE;
  scroll_to_end (self);
  snug_chat_panel_focus_composer (self);
}

static void
on_chat_changed (SnugChatPanel *self, guint position, guint removed, guint added, GListModel *model)
{
  snug_stack_show_name (self->stack, g_list_model_get_n_items (model) > 0 ? "messages" : "empty");

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (model, i);

      if (snug_chat_message_get_outgoing (message))
        {
          self->at_end = TRUE;
          queue_scroll (self);
          continue;
        }
      if (!self->open)
        {
          if (self->unread == 0)
            {
              g_free (self->first_unread_id);
              self->first_unread_id = g_strdup (snug_chat_message_get_id (message));
            }
          set_unread (self, self->unread + 1);
          g_signal_emit (self, signals[MESSAGE], 0, message);
        }
      else if (!self->at_end)
        {
          self->below++;
          update_pill (self);
        }
    }
  update_rows (self);
}

static char *
get_text (SnugChatPanel *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->composer);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
on_text_changed (SnugChatPanel *self)
{
  g_autofree char *text = get_text (self);
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  gboolean too_long = strlen (trimmed) > SNUG_CHAT_TEXT_MAX_BYTES;

  gtk_widget_set_visible (self->placeholder, *text == '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->limit_label), too_long);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.send", *trimmed != '\0' && !too_long);
}

static void
send_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugChatPanel *self = SNUG_CHAT_PANEL (widget);
  g_autofree char *text = get_text (self);

  if (self->chat == NULL || !snug_chat_send (self->chat, text))
    return;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->composer), "", 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

static gboolean
on_key (SnugChatPanel *self, guint keyval, guint keycode, GdkModifierType state, GtkEventControllerKey *controller)
{
  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter)
    return GDK_EVENT_PROPAGATE;
  if (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  /* An input method that is composing needs its Enter. */
  if (gtk_text_view_im_context_filter_keypress (
        self->composer, gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller))))
    return GDK_EVENT_STOP;
  gtk_widget_activate_action (GTK_WIDGET (self), "chat.send", NULL);
  return GDK_EVENT_STOP;
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

static void
snug_chat_panel_dispose (GObject *object)
{
  SnugChatPanel *self = SNUG_CHAT_PANEL (object);

  snug_chat_panel_set_chat (self, NULL, NULL);
  g_clear_handle_id (&self->scroll_id, g_source_remove);
  g_clear_object (&self->chat_signals);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (snug_chat_panel_parent_class)->dispose (object);
}

static void
snug_chat_panel_finalize (GObject *object)
{
  SnugChatPanel *self = SNUG_CHAT_PANEL (object);

  g_ptr_array_unref (self->bound);
  g_free (self->first_unread_id);
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

  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[MESSAGE] = g_signal_new ("message", SNUG_TYPE_CHAT_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, SNUG_TYPE_CHAT_MESSAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-chat-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, scroller);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, list);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, pill);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, pill_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, composer);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, placeholder);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, send_button);
  gtk_widget_class_bind_template_child (widget_class, SnugChatPanel, limit_label);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "chatpanel");
  gtk_widget_class_install_action (widget_class, "chat.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "chat.to-end", NULL, pill_action);
}

static void
snug_chat_panel_init (SnugChatPanel *self)
{
  GtkAdjustment *adjustment;

  self->bound = g_ptr_array_new ();
  self->at_end = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->composer),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Message everyone"), -1);

  self->chat_signals = g_signal_group_new (SNUG_TYPE_CHAT);
  g_signal_group_connect_swapped (self->chat_signals, "items-changed", G_CALLBACK (on_chat_changed), self);

  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_extent), self, G_CONNECT_SWAPPED);
  on_text_changed (self);
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
    gtk_list_view_set_model (self->list, NULL);
  g_set_object (&self->tone_scope, tone_scope);
  g_set_object (&self->chat, chat);
  g_clear_pointer (&self->first_unread_id, g_free);
  self->below = 0;
  self->at_end = TRUE;
  set_unread (self, 0);
  if (chat == NULL)
    return;

  {
    g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (chat)));
    gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  }
  g_signal_group_set_target (self->chat_signals, chat);
  snug_stack_show_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (chat)) > 0 ? "messages" : "empty");
  update_pill (self);
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
      self->at_end = TRUE;
      queue_scroll (self);
    }
  else
    /* The line above what was new has been seen. */
    g_clear_pointer (&self->first_unread_id, g_free);
  update_rows (self);
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
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

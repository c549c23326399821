/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-chat-row.h"

#include "snug-format.h"
#include "snug-tone.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define RUN_MINUTES 5

enum
{
  RETRY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugChatRow
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *box;
  GtkLabel *day_label;
  GtkWidget *new_line;
  GtkLabel *sender_label;
  GtkWidget *line;
  AdwAvatar *avatar;
  GtkLabel *text_label;
  GtkWidget *meta;
  GtkLabel *meta_label;
  GtkWidget *delivered_icon;
  GtkWidget *retry_button;

  /* Owned */
  SnugChatMessage *message;
  GSignalGroup *message_signals;

  SnugChatRowContext context;
};

G_DEFINE_FINAL_TYPE (SnugChatRow, snug_chat_row, GTK_TYPE_WIDGET)

gboolean
snug_chat_row_same_day (SnugChatMessage *before, SnugChatMessage *after)
{
  GDateTime *a, *b;

  if (before == NULL || after == NULL)
    return FALSE;
  a = snug_chat_message_get_time (before);
  b = snug_chat_message_get_time (after);
  return g_date_time_get_year (a) == g_date_time_get_year (b)
         && g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

gboolean
snug_chat_row_same_run (SnugChatMessage *before, SnugChatMessage *after)
{
  GTimeSpan apart;

  if (!snug_chat_row_same_day (before, after))
    return FALSE;
  if (snug_chat_message_get_outgoing (before) != snug_chat_message_get_outgoing (after)
      || g_strcmp0 (snug_chat_message_get_sender_id (before), snug_chat_message_get_sender_id (after)) != 0)
    return FALSE;
  /* One that was not sent keeps its own line, with its own button. */
  if (snug_chat_message_get_state (before) != snug_chat_message_get_state (after))
    return FALSE;
  apart = g_date_time_difference (snug_chat_message_get_time (after), snug_chat_message_get_time (before));
  return apart < RUN_MINUTES * G_TIME_SPAN_MINUTE;
}

char *
snug_chat_row_format_meta (SnugChatMessage *message)
{
  g_autofree char *time = snug_format_time (snug_chat_message_get_time (message));

  switch (snug_chat_message_get_state (message))
    {
    case SNUG_CHAT_MESSAGE_SENDING:
      return g_strdup (_ ("Sending…"));
    case SNUG_CHAT_MESSAGE_DELIVERED:
      /* Translators: when a message was written; it has arrived */
      return g_strdup_printf (_ ("%s, delivered"), time);
    case SNUG_CHAT_MESSAGE_NOT_SENT:
      return g_strdup (_ ("Not sent."));
    case SNUG_CHAT_MESSAGE_RECEIVED:
    default:
      return g_steal_pointer (&time);
    }
}

static void
update (SnugChatRow *self)
{
  const SnugChatRowContext *context = &self->context;
  g_autofree char *meta = NULL;
  gboolean outgoing, not_sent;
  const char *name;

  if (self->message == NULL)
    return;

  outgoing = snug_chat_message_get_outgoing (self->message);
  not_sent = snug_chat_message_get_state (self->message) == SNUG_CHAT_MESSAGE_NOT_SENT;
  name = snug_chat_message_get_sender_name (self->message);

  gtk_label_set_label (self->text_label, snug_chat_message_get_text (self->message));
  gtk_widget_set_halign (GTK_WIDGET (self->text_label), outgoing ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_halign (self->meta, outgoing ? GTK_ALIGN_END : GTK_ALIGN_START);

  gtk_widget_set_visible (GTK_WIDGET (self->day_label), context->first_of_day);
  if (context->first_of_day)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();
      g_autofree char *day = snug_format_day (snug_chat_message_get_time (self->message), now);
      gtk_label_set_label (self->day_label, day);
    }
  gtk_widget_set_visible (self->new_line, context->first_unread);

  gtk_widget_set_visible (GTK_WIDGET (self->sender_label), !outgoing && context->first_of_run);
  gtk_label_set_label (self->sender_label, name != NULL ? name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), !outgoing);
  gtk_widget_set_opacity (GTK_WIDGET (self->avatar), context->last_of_run ? 1 : 0);
  adw_avatar_set_text (self->avatar, name);
  snug_tone_apply (GTK_WIDGET (self->avatar), context->tone);

  meta = snug_chat_row_format_meta (self->message);
  gtk_label_set_label (self->meta_label, meta);
  gtk_widget_set_visible (self->meta, context->last_of_run || not_sent);
  gtk_widget_set_visible (self->retry_button, not_sent);
  gtk_widget_set_visible (self->delivered_icon,
                          snug_chat_message_get_state (self->message) == SNUG_CHAT_MESSAGE_DELIVERED);

  for (guint i = 0; i < 4; i++)
    {
      static const char *const names[] = { "outgoing", "not-sent", "first", "last" };
      const gboolean on[] = { outgoing, not_sent, context->first_of_run, context->last_of_run };

      if (on[i])
        gtk_widget_add_css_class (GTK_WIDGET (self), names[i]);
      else
        gtk_widget_remove_css_class (GTK_WIDGET (self), names[i]);
    }
}

static void
retry_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[RETRY], 0);
}

static void
snug_chat_row_dispose (GObject *object)
{
  SnugChatRow *self = SNUG_CHAT_ROW (object);

  if (self->message_signals != NULL)
    g_signal_group_set_target (self->message_signals, NULL);
  g_clear_object (&self->message_signals);
  g_clear_object (&self->message);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (snug_chat_row_parent_class)->dispose (object);
}

static void
snug_chat_row_class_init (SnugChatRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_chat_row_dispose;
  signals[RETRY] = g_signal_new ("retry", SNUG_TYPE_CHAT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-chat-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, box);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, day_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, new_line);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, sender_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, line);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, text_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, meta);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, meta_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, delivered_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, retry_button);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "chatrow");
  gtk_widget_class_install_action (widget_class, "message.retry", NULL, retry_action);
}

static void
snug_chat_row_init (SnugChatRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->message_signals = g_signal_group_new (SNUG_TYPE_CHAT_MESSAGE);
  g_signal_group_connect_swapped (self->message_signals, "notify::state", G_CALLBACK (update), self);
}

GtkWidget *
snug_chat_row_new (void)
{
  return g_object_new (SNUG_TYPE_CHAT_ROW, NULL);
}

void
snug_chat_row_set_message (SnugChatRow *self, SnugChatMessage *message)
{
  g_return_if_fail (SNUG_IS_CHAT_ROW (self));
  g_return_if_fail (message == NULL || SNUG_IS_CHAT_MESSAGE (message));

  if (!g_set_object (&self->message, message))
    return;
  g_signal_group_set_target (self->message_signals, message);
  update (self);
}

SnugChatMessage *
snug_chat_row_get_message (SnugChatRow *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_ROW (self), NULL);
  return self->message;
}

void
snug_chat_row_set_context (SnugChatRow *self, const SnugChatRowContext *context)
{
  g_return_if_fail (SNUG_IS_CHAT_ROW (self));

  self->context = *context;
  update (self);
}

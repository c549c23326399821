/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-chat-row.h"

#include "snug-chat-text.h"
#include "snug-emoji.h"
#include "snug-file-row.h"
#include "snug-format.h"
#include "snug-tone.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define RUN_MINUTES 5
/* Of a message on one line. */
#define SUMMARY_CHARS 160

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
  GtkWidget *bubble;
  GtkLabel *text_label;
  GtkButton *more_button;
  SnugFileRow *file_row;
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
snug_chat_row_summarize (SnugChatMessage *message)
{
  SnugFileTransfer *transfer = snug_chat_message_get_transfer (message);
  g_autofree char *text = snug_chat_text_clean_line (snug_chat_message_get_text (message), SUMMARY_CHARS);
  g_autofree char *size = NULL;

  if (transfer == NULL)
    return g_steal_pointer (&text);
  size = g_format_size (snug_file_transfer_get_size (transfer));
  /* Translators: the name and the size of a file */
  return g_strdup_printf (_ ("%s (%s)"), snug_file_transfer_get_name (transfer), size);
}

char *
snug_chat_row_format_meta (SnugChatMessage *message, guint n_others)
{
  g_autofree char *time = snug_format_time (snug_chat_message_get_time (message));
  guint readers = snug_chat_message_get_read_count (message);

  /* A file says itself how far it got. */
  if (snug_chat_message_get_transfer (message) != NULL)
    return g_steal_pointer (&time);
  switch (snug_chat_message_get_state (message))
    {
    case SNUG_CHAT_MESSAGE_SENDING:
      return g_strdup (_ ("Sending…"));
    case SNUG_CHAT_MESSAGE_DELIVERED:
      if (readers > 0 && n_others <= 1)
        /* Translators: when a message was written; the only other person has read it */
        return g_strdup_printf (_ ("%s, read"), time);
      if (readers > 0)
        /* Translators: when a message was written; how many people have read it */
        return g_strdup_printf (g_dngettext (NULL, "%s, read by %u", "%s, read by %u", readers), time, readers);
      /* Translators: when a message was written; it has arrived */
      return g_strdup_printf (_ ("%s, delivered"), time);
    case SNUG_CHAT_MESSAGE_NOT_SENT:
      return g_strdup (_ ("Not sent."));
    case SNUG_CHAT_MESSAGE_RECEIVED:
    default:
      return g_steal_pointer (&time);
    }
}

static gboolean
is_expanded (SnugChatMessage *message)
{
  return g_object_get_data (G_OBJECT (message), "snug-expanded") != NULL;
}

static void
show_text (SnugChatRow *self)
{
  g_autofree char *clean = snug_chat_text_clean (snug_chat_message_get_text (self->message));
  g_autofree char *shorter = snug_chat_text_shorten (clean);
  gboolean expanded = is_expanded (self->message);
  g_autofree char *markup = snug_chat_text_to_markup (shorter != NULL && !expanded ? shorter : clean);

  gtk_label_set_markup (self->text_label, markup);
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), shorter != NULL);
  gtk_button_set_label (self->more_button, expanded ? _ ("Show less") : _ ("Show all"));
  if (snug_emoji_is_single (clean))
    gtk_widget_add_css_class (GTK_WIDGET (self), "emoji");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "emoji");
}

static void
show_content (SnugChatRow *self)
{
  SnugFileTransfer *transfer = self->message != NULL ? snug_chat_message_get_transfer (self->message) : NULL;

  snug_file_row_set_transfer (self->file_row, transfer);
  gtk_widget_set_visible (GTK_WIDGET (self->file_row), transfer != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->text_label), transfer == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), FALSE);
  if (self->message != NULL && transfer == NULL)
    show_text (self);
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

  gtk_widget_set_halign (self->bubble, outgoing ? GTK_ALIGN_END : GTK_ALIGN_START);
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
  gtk_label_set_label (self->sender_label, name);
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), !outgoing);
  gtk_widget_set_opacity (GTK_WIDGET (self->avatar), context->last_of_run ? 1 : 0);
  adw_avatar_set_text (self->avatar, name);
  snug_tone_apply (GTK_WIDGET (self->avatar), context->tone);

  meta = snug_chat_row_format_meta (self->message, context->n_others);
  gtk_label_set_label (self->meta_label, meta);
  gtk_widget_set_visible (self->meta, context->last_of_run || not_sent);
  gtk_widget_set_visible (self->retry_button, not_sent);
  gtk_widget_set_visible (self->delivered_icon,
                          snug_chat_message_get_state (self->message) == SNUG_CHAT_MESSAGE_DELIVERED
                            && snug_chat_message_get_transfer (self->message) == NULL);

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
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugChatRow *self = SNUG_CHAT_ROW (widget);
  g_autofree char *text = NULL;

  if (self->message == NULL)
    return;
  /* As it is shown: what a terminal would take for a command is not in it. */
  text = snug_chat_text_clean (snug_chat_message_get_text (self->message));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
more_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugChatRow *self = SNUG_CHAT_ROW (widget);

  if (self->message == NULL)
    return;
  /* Kept with the message: the row will show others. */
  g_object_set_data (G_OBJECT (self->message), "snug-expanded",
                     is_expanded (self->message) ? NULL : GINT_TO_POINTER (TRUE));
  show_content (self);
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

  g_type_ensure (SNUG_TYPE_FILE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-chat-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, box);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, day_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, new_line);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, sender_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, line);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, bubble);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, text_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, more_button);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, file_row);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, meta);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, meta_label);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, delivered_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugChatRow, retry_button);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "chatrow");
  gtk_widget_class_install_action (widget_class, "message.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "message.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "message.more", NULL, more_action);
}

static void
snug_chat_row_init (SnugChatRow *self)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  /* An address that is broken in two has no hyphen in it. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (self->text_label, attributes);
  self->message_signals = g_signal_group_new (SNUG_TYPE_CHAT_MESSAGE);
  g_signal_group_connect_swapped (self->message_signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::read-count", G_CALLBACK (update), self);
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
  show_content (self);
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

void
snug_chat_row_popup_menu (SnugChatRow *self)
{
  g_return_if_fail (SNUG_IS_CHAT_ROW (self));
  gtk_widget_activate_action (GTK_WIDGET (self->text_label), "menu.popup", NULL);
}

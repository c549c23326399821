/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-chat-composer.h"

#include "snug-file-dialog.h"
#include "snug-file-text.h"
#include "snug-protocol.h"

#include <glib/gi18n.h>

/* So many characters may stand there: too long to send, and some to shorten it by. GTK takes the square of a word's
 * length to find where it breaks: minutes for a megabyte that somebody pastes, in which the call would end. */
#define MAX_CHARACTERS (SNUG_CHAT_TEXT_MAX_BYTES + 1024)

enum
{
  NOTICE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugChatComposer
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkTextView *text_view;
  GtkWidget *placeholder;
  GtkMenuButton *emoji_button;
  GtkLabel *limit_label;

  /* Owned */
  SnugChat *chat;
};

G_DEFINE_FINAL_TYPE (SnugChatComposer, snug_chat_composer, GTK_TYPE_WIDGET)

static char *
get_text (SnugChatComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
on_text_changed (SnugChatComposer *self)
{
  g_autofree char *text = get_text (self);
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  gboolean too_long = strlen (trimmed) > SNUG_CHAT_TEXT_MAX_BYTES;

  gtk_widget_set_visible (self->placeholder, *text == '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->limit_label), too_long);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.send", *trimmed != '\0' && !too_long);
  if (self->chat != NULL)
    snug_chat_set_typing (self->chat, *trimmed != '\0');
}

/* What does not fit is left out, and the rest is too long to send, which is said. */
static void
on_insert_text (SnugChatComposer *self, GtkTextIter *location, const char *text, int length, GtkTextBuffer *buffer)
{
  glong room = MAX_CHARACTERS - gtk_text_buffer_get_char_count (buffer);

  if (g_utf8_strlen (text, length) <= room)
    return;
  g_signal_stop_emission_by_name (buffer, "insert-text");
  if (room > 0)
    gtk_text_buffer_insert (buffer, location, text, (int) (g_utf8_offset_to_pointer (text, room) - text));
}

static void
send_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugChatComposer *self = SNUG_CHAT_COMPOSER (widget);
  g_autofree char *text = get_text (self);

  if (self->chat == NULL || !snug_chat_send (self->chat, text))
    return;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), "", 0);
  snug_chat_composer_focus (self);
}

static gboolean
on_key (SnugChatComposer *self, guint keyval, guint keycode, GdkModifierType state, GtkEventControllerKey *controller)
{
  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter)
    return GDK_EVENT_PROPAGATE;
  if (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  /* An input method that is composing needs its Enter. */
  if (gtk_text_view_im_context_filter_keypress (
        self->text_view, gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller))))
    return GDK_EVENT_STOP;
  gtk_widget_activate_action (GTK_WIDGET (self), "chat.send", NULL);
  return GDK_EVENT_STOP;
}

static void
on_emoji_picked (SnugChatComposer *self, const char *emoji, GtkEmojiChooser *chooser)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);

  gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (buffer, emoji, -1);
}

/* Made when it is first wanted: it reads a table of all emoji. */
static void
make_emoji_chooser (GtkMenuButton *button, gpointer user_data)
{
  SnugChatComposer *self = SNUG_CHAT_COMPOSER (user_data);
  GtkWidget *chooser;

  if (gtk_menu_button_get_popover (button) != NULL)
    return;
  chooser = gtk_emoji_chooser_new ();
  g_signal_connect_object (chooser, "emoji-picked", G_CALLBACK (on_emoji_picked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (chooser, "closed", G_CALLBACK (snug_chat_composer_focus), self, G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (button, chooser);
}

void
snug_chat_composer_offer (SnugChatComposer *self, GListModel *files)
{
  g_return_if_fail (SNUG_IS_CHAT_COMPOSER (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  for (guint i = 0; self->chat != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      g_autoptr (GError) error = NULL;
      g_autofree char *sentence = NULL;

      if (snug_chat_offer_file (self->chat, file, &error))
        continue;
      g_message ("A file is not offered: %s", error->message);
      sentence = snug_file_text_error (error, TRUE);
      g_signal_emit (self, signals[NOTICE], 0, sentence);
      /* Whatever it is, the next would most likely have it too. */
      return;
    }
}

static void
on_attach_chosen (gpointer owner, GListModel *files, gpointer user_data)
{
  snug_chat_composer_offer (SNUG_CHAT_COMPOSER (owner), files);
}

static void
attach_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_file_dialog_open (widget, _ ("Send files"), on_attach_chosen, NULL);
}

static gboolean
offer_value (SnugChatComposer *self, const GValue *value)
{
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr (GSList) list = NULL;

  if (self->chat == NULL || !G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;
  list = gdk_file_list_get_files (g_value_get_boxed (value));
  for (GSList *l = list; l != NULL; l = l->next)
    g_list_store_append (files, l->data);
  snug_chat_composer_offer (self, G_LIST_MODEL (files));
  return g_list_model_get_n_items (G_LIST_MODEL (files)) > 0;
}

static gboolean
on_drop (SnugChatComposer *self, const GValue *value, double x, double y, GtkDropTarget *target)
{
  return offer_value (self, value);
}

void
snug_chat_composer_add_drop_area (SnugChatComposer *self, GtkWidget *area)
{
  GtkDropTarget *target;

  g_return_if_fail (SNUG_IS_CHAT_COMPOSER (self));
  g_return_if_fail (GTK_IS_WIDGET (area));

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  /* Before the text, which would take the files' names. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (area, GTK_EVENT_CONTROLLER (target));
  gtk_widget_add_css_class (area, "drop-area");
}

static void
on_pasted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugChatComposer) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL)
    offer_value (self, value);
}

/* Files that were copied elsewhere are offered, not written down. */
static void
on_paste (SnugChatComposer *self, GtkTextView *view)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));

  if (!gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_FILE_LIST)
      && !gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (clipboard), "text/uri-list"))
    return;
  g_signal_stop_emission_by_name (view, "paste-clipboard");
  gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL, on_pasted,
                                  g_object_ref (self));
}

static void
snug_chat_composer_dispose (GObject *object)
{
  SnugChatComposer *self = SNUG_CHAT_COMPOSER (object);

  g_clear_object (&self->chat);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (snug_chat_composer_parent_class)->dispose (object);
}

static void
snug_chat_composer_class_init (SnugChatComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_chat_composer_dispose;

  signals[NOTICE] = g_signal_new ("notice", SNUG_TYPE_CHAT_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-chat-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugChatComposer, text_view);
  gtk_widget_class_bind_template_child (widget_class, SnugChatComposer, placeholder);
  gtk_widget_class_bind_template_child (widget_class, SnugChatComposer, emoji_button);
  gtk_widget_class_bind_template_child (widget_class, SnugChatComposer, limit_label);
  gtk_widget_class_bind_template_callback (widget_class, on_insert_text);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, on_paste);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "chatcomposer");
  gtk_widget_class_install_action (widget_class, "chat.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "chat.attach", NULL, attach_action);
}

static void
snug_chat_composer_init (SnugChatComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text_view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Message everyone"), -1);
  gtk_menu_button_set_create_popup_func (self->emoji_button, make_emoji_chooser, self, NULL);
  on_text_changed (self);
}

void
snug_chat_composer_set_chat (SnugChatComposer *self, SnugChat *chat)
{
  g_return_if_fail (SNUG_IS_CHAT_COMPOSER (self));
  g_return_if_fail (chat == NULL || SNUG_IS_CHAT (chat));

  if (self->chat == chat)
    return;
  g_clear_object (&self->chat);
  if (self->text_view != NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), "", 0);
  g_set_object (&self->chat, chat);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.attach", chat != NULL);
}

void
snug_chat_composer_focus (SnugChatComposer *self)
{
  g_return_if_fail (SNUG_IS_CHAT_COMPOSER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

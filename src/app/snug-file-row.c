/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-file-row.h"

#include "snug-file-dialog.h"
#include "snug-file-open.h"
#include "snug-file-text.h"

#include <glib/gi18n.h>

struct _SnugFileRow
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *box;
  GtkImage *icon;
  GtkLabel *name_label;
  GtkLabel *status_label;
  GtkWidget *cancel_button;
  GtkWidget *progress_box;
  GtkProgressBar *progress_bar;
  GtkLabel *speed_label;
  GtkWidget *offer_box;
  GtkWidget *done_box;

  /* Owned */
  SnugFileTransfer *transfer;
  GSignalGroup *transfer_signals;
};

G_DEFINE_FINAL_TYPE (SnugFileRow, snug_file_row, GTK_TYPE_WIDGET)

/* The folder as a person knows it: not that of a document portal. */
static char *
dup_folder_name (GFile *file)
{
  g_autoptr (GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;
  const char *path = folder != NULL ? g_file_peek_path (folder) : NULL;
  g_autofree char *portal = g_build_filename (g_get_user_runtime_dir (), "doc", NULL);

  if (path == NULL || g_str_has_prefix (path, portal))
    return NULL;
  if (g_strcmp0 (path, g_get_home_dir ()) == 0)
    return g_strdup (_ ("your home folder"));
  return g_filename_display_basename (path);
}

static void
set_icon (SnugFileRow *self)
{
  g_autofree char *type = g_content_type_guess (snug_file_transfer_get_name (self->transfer), NULL, 0, NULL);
  g_autoptr (GIcon) icon = g_content_type_get_symbolic_icon (type);

  gtk_image_set_from_gicon (self->icon, icon);
}

static void
set_visible (GtkWidget *widget, gboolean visible)
{
  if (gtk_widget_get_visible (widget) != visible)
    gtk_widget_set_visible (widget, visible);
}

static void
update (SnugFileRow *self)
{
  SnugFileStatus status = { 0 };
  GListModel *recipients;
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;
  g_autofree char *speed = NULL;
  gboolean moving;

  if (self->transfer == NULL)
    return;
  folder = dup_folder_name (snug_file_transfer_get_file (self->transfer));
  recipients = snug_file_transfer_get_recipients (self->transfer);
  status.state = snug_file_transfer_get_state (self->transfer);
  status.outgoing = snug_file_transfer_get_outgoing (self->transfer);
  status.size = snug_file_transfer_get_size (self->transfer);
  status.transferred = snug_file_transfer_get_transferred (self->transfer);
  status.bytes_per_second = snug_file_transfer_get_bytes_per_second (self->transfer);
  status.error = snug_file_transfer_get_error (self->transfer);
  status.folder = folder;
  status.n_recipients = recipients != NULL ? g_list_model_get_n_items (recipients) : 0;
  for (guint i = 0; i < status.n_recipients; i++)
    {
      g_autoptr (SnugFileRecipient) recipient = g_list_model_get_item (recipients, i);
      status.n_done += snug_file_recipient_get_state (recipient) == SNUG_FILE_TRANSFER_DONE;
    }

  text = snug_file_text_status (&status);
  gtk_label_set_label (self->status_label, text);
  speed = snug_file_text_speed (status.bytes_per_second);
  gtk_label_set_label (self->speed_label, speed != NULL ? speed : "");
  set_visible (GTK_WIDGET (self->speed_label), speed != NULL);
  gtk_progress_bar_set_fraction (self->progress_bar,
                                 status.size > 0 ? CLAMP ((double) status.transferred / (double) status.size, 0, 1) : 0);

  moving = status.state == SNUG_FILE_TRANSFER_ACTIVE || status.state == SNUG_FILE_TRANSFER_PAUSED;
  set_visible (self->progress_box, moving);
  set_visible (self->cancel_button, moving || (status.outgoing && status.state == SNUG_FILE_TRANSFER_OFFERED));
  set_visible (self->offer_box, !status.outgoing && status.state == SNUG_FILE_TRANSFER_OFFERED);
  set_visible (self->done_box, !status.outgoing && status.state == SNUG_FILE_TRANSFER_DONE);
  if (status.state == SNUG_FILE_TRANSFER_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (self), "not-done");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "not-done");
}

static void
on_destination (gpointer owner, GListModel *files, gpointer user_data)
{
  SnugFileTransfer *transfer = SNUG_FILE_TRANSFER (user_data);
  g_autoptr (GFile) file = g_list_model_get_item (files, 0);

  /* The other side may have thought better of it meanwhile. */
  if (snug_file_transfer_get_state (transfer) == SNUG_FILE_TRANSFER_OFFERED)
    snug_file_transfer_accept (transfer, file);
}

static void
accept_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugFileRow *self = SNUG_FILE_ROW (widget);

  /* The window asks: this row may be needed for another line before there is an answer. */
  if (self->transfer != NULL && gtk_widget_get_root (widget) != NULL)
    snug_file_dialog_save (GTK_WIDGET (gtk_widget_get_root (widget)), _ ("Save the file"),
                           snug_file_transfer_get_name (self->transfer), on_destination, G_OBJECT (self->transfer));
}

static void
decline_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugFileRow *self = SNUG_FILE_ROW (widget);

  if (self->transfer != NULL && snug_file_transfer_get_state (self->transfer) == SNUG_FILE_TRANSFER_OFFERED)
    snug_file_transfer_decline (self->transfer);
}

static void
cancel_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugFileRow *self = SNUG_FILE_ROW (widget);

  if (self->transfer != NULL
      && !snug_file_transfer_state_is_final (snug_file_transfer_get_state (self->transfer)))
    snug_file_transfer_cancel (self->transfer);
}

static void
open_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugFileRow *self = SNUG_FILE_ROW (widget);
  GFile *file = self->transfer != NULL ? snug_file_transfer_get_file (self->transfer) : NULL;

  if (file == NULL)
    return;
  if (g_str_equal (action, "file.open"))
    snug_file_open (widget, file);
  else
    snug_file_show_in_folder (widget, file);
}

static void
snug_file_row_dispose (GObject *object)
{
  SnugFileRow *self = SNUG_FILE_ROW (object);

  if (self->transfer_signals != NULL)
    g_signal_group_set_target (self->transfer_signals, NULL);
  g_clear_object (&self->transfer_signals);
  g_clear_object (&self->transfer);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (snug_file_row_parent_class)->dispose (object);
}

static void
snug_file_row_class_init (SnugFileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_file_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-file-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, box);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, icon);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, status_label);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, progress_box);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, speed_label);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, offer_box);
  gtk_widget_class_bind_template_child (widget_class, SnugFileRow, done_box);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "filerow");
  gtk_widget_class_install_action (widget_class, "file.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "file.decline", NULL, decline_action);
  gtk_widget_class_install_action (widget_class, "file.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "file.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "file.show", NULL, open_action);
}

static void
snug_file_row_init (SnugFileRow *self)
{
  static const char *const watched[] = { "notify::state", "notify::transferred", "notify::bytes-per-second",
                                         "notify::error", "notify::file" };

  gtk_widget_init_template (GTK_WIDGET (self));
  self->transfer_signals = g_signal_group_new (SNUG_TYPE_FILE_TRANSFER);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_group_connect_swapped (self->transfer_signals, watched[i], G_CALLBACK (update), self);
}

void
snug_file_row_set_transfer (SnugFileRow *self, SnugFileTransfer *transfer)
{
  g_return_if_fail (SNUG_IS_FILE_ROW (self));
  g_return_if_fail (transfer == NULL || SNUG_IS_FILE_TRANSFER (transfer));

  if (!g_set_object (&self->transfer, transfer))
    return;
  g_signal_group_set_target (self->transfer_signals, transfer);
  if (transfer == NULL)
    return;
  gtk_label_set_label (self->name_label, snug_file_transfer_get_name (transfer));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), snug_file_transfer_get_name (transfer));
  set_icon (self);
  update (self);
}

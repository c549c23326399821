/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-file-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  SnugFileDialogFunc chosen;
  gpointer user_data;
  GObject *held; /* nullable */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->held);
  g_free (request);
}

static void
on_response (GtkWidget *owner, int response, GtkNativeDialog *dialog)
{
  Request *request = g_object_get_data (G_OBJECT (dialog), "snug-request");
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  if (files != NULL && g_list_model_get_n_items (files) > 0)
    request->chosen (owner, files, request->user_data);
  g_object_set_data (G_OBJECT (owner), "snug-file-dialog", NULL);
}

static void
drop_dialog (gpointer data)
{
  gtk_native_dialog_destroy (data);
  g_object_unref (data);
}

static GtkFileChooser *
make_dialog (GtkWidget *owner, const char *title, GtkFileChooserAction action, const char *accept, Request *request)
{
  GtkRoot *root = gtk_widget_get_root (owner);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                              action, accept, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_object_set_data_full (G_OBJECT (dialog), "snug-request", request, request_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), owner, G_CONNECT_SWAPPED);
  /* One at a time; gone with the widget that asked. */
  g_object_set_data_full (G_OBJECT (owner), "snug-file-dialog", dialog, drop_dialog);
  return GTK_FILE_CHOOSER (dialog);
}

void
snug_file_dialog_open (GtkWidget *owner, const char *title, SnugFileDialogFunc chosen, gpointer user_data)
{
  Request *request = g_new0 (Request, 1);
  GtkFileChooser *dialog;

  g_return_if_fail (GTK_IS_WIDGET (owner));

  request->chosen = chosen;
  request->user_data = user_data;
  dialog = make_dialog (owner, title, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Send"), request);
  gtk_file_chooser_set_select_multiple (dialog, TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
snug_file_dialog_save (GtkWidget *owner, const char *title, const char *name, SnugFileDialogFunc chosen,
                       GObject *user_data)
{
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);
  Request *request = g_new0 (Request, 1);
  GtkFileChooser *dialog;

  g_return_if_fail (GTK_IS_WIDGET (owner));

  request->chosen = chosen;
  request->user_data = user_data;
  request->held = user_data != NULL ? g_object_ref (user_data) : NULL;
  dialog = make_dialog (owner, title, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), request);
  if (downloads != NULL && g_file_test (downloads, G_FILE_TEST_IS_DIR))
    {
      g_autoptr (GFile) folder = g_file_new_for_path (downloads);
      gtk_file_chooser_set_current_folder (dialog, folder, NULL);
    }
  gtk_file_chooser_set_current_name (dialog, name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

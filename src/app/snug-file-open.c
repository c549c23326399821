/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-file-open.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <unistd.h>

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

void
snug_file_open (GtkWidget *widget, GFile *file)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (G_IS_FILE (file));

  uri = g_file_get_uri (file);
  gtk_show_uri (get_window (widget), uri, GDK_CURRENT_TIME);
}

typedef struct
{
  GWeakRef widget;
  GFile *file;
} Shown;

static void
on_shown (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Shown *shown = user_data;
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&shown->widget);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), NULL, result,
                                                                                &error);

  if (reply == NULL)
    {
      g_autoptr (GFile) folder = g_file_get_parent (shown->file);

      g_message ("No file manager shows the file: %s", error->message);
      /* The folder at least. */
      if (widget != NULL && folder != NULL)
        snug_file_open (widget, folder);
    }
  g_weak_ref_clear (&shown->widget);
  g_object_unref (shown->file);
  g_free (shown);
}

void
snug_file_show_in_folder (GtkWidget *widget, GFile *file)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  Shown *shown;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (G_IS_FILE (file));

  if (bus == NULL)
    return;
  shown = g_new0 (Shown, 1);
  g_weak_ref_init (&shown->widget, widget);
  shown->file = g_object_ref (file);

  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    {
      g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
      int fd = open (g_file_peek_path (file) != NULL ? g_file_peek_path (file) : "", O_PATH | O_CLOEXEC);
      GVariantBuilder options;

      if (fd >= 0)
        {
          g_unix_fd_list_append (fds, fd, NULL);
          close (fd);
        }
      g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
      g_dbus_connection_call_with_unix_fd_list (bus, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
                                                "org.freedesktop.portal.OpenURI", "OpenDirectory",
                                                g_variant_new ("(sha{sv})", "", 0, &options), NULL,
                                                G_DBUS_CALL_FLAGS_NONE, -1, fds, NULL, on_shown, shown);
    }
  else
    {
      g_autofree char *uri = g_file_get_uri (file);
      const char *const uris[] = { uri, NULL };

      g_dbus_connection_call_with_unix_fd_list (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                                                "org.freedesktop.FileManager1", "ShowItems",
                                                g_variant_new ("(^ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                                                NULL, NULL, on_shown, shown);
    }
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-awake.h"

#include <glib/gi18n.h>

struct _SnugAwake
{
  GObject parent_instance;

  /* Borrowed */
  GtkWindow *window;

  /* Owned */
  GCancellable *cancellable;

  guint cookie;
};

G_DEFINE_FINAL_TYPE (SnugAwake, snug_awake, G_TYPE_OBJECT)

static void
inhibit (SnugAwake *self)
{
  GtkApplication *application = gtk_window_get_application (self->window);

  if (application != NULL)
    self->cookie = gtk_application_inhibit (application, self->window,
                                            GTK_APPLICATION_INHIBIT_IDLE | GTK_APPLICATION_INHIBIT_SUSPEND,
                                            _ ("In a call"));
}

static void
on_portal (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) version = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (version != NULL)
    inhibit (SNUG_AWAKE (user_data));
  else
    g_message ("Nothing here keeps the machine awake in a call: %s", error->message);
}

static void
on_manager (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusConnection *bus = G_DBUS_CONNECTION (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (bus, result, &error);
  gboolean owned = FALSE;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply != NULL)
    g_variant_get (reply, "(b)", &owned);
  if (owned)
    {
      inhibit (SNUG_AWAKE (user_data));
      return;
    }
  /* GTK asks a portal also where there is one that has no such interface, and warns. */
  g_dbus_connection_call (bus, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
                          "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", "org.freedesktop.portal.Inhibit", "version"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, SNUG_AWAKE (user_data)->cancellable, on_portal, user_data);
}

static void
snug_awake_dispose (GObject *object)
{
  SnugAwake *self = SNUG_AWAKE (object);

  g_cancellable_cancel (self->cancellable);
  if (self->cookie != 0 && gtk_window_get_application (self->window) != NULL)
    gtk_application_uninhibit (gtk_window_get_application (self->window), self->cookie);
  self->cookie = 0;
  G_OBJECT_CLASS (snug_awake_parent_class)->dispose (object);
}

static void
snug_awake_finalize (GObject *object)
{
  g_object_unref (SNUG_AWAKE (object)->cancellable);
  G_OBJECT_CLASS (snug_awake_parent_class)->finalize (object);
}

static void
snug_awake_class_init (SnugAwakeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = snug_awake_dispose;
  G_OBJECT_CLASS (klass)->finalize = snug_awake_finalize;
}

static void
snug_awake_init (SnugAwake *self)
{
  self->cancellable = g_cancellable_new ();
}

SnugAwake *
snug_awake_new (GtkWindow *window)
{
  SnugAwake *self;
  GtkApplication *application;
  GDBusConnection *bus;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);

  self = g_object_new (SNUG_TYPE_AWAKE, NULL);
  self->window = window;
  application = gtk_window_get_application (window);
  bus = application != NULL ? g_application_get_dbus_connection (G_APPLICATION (application)) : NULL;
  if (bus != NULL)
    g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                            g_variant_new ("(s)", "org.gnome.SessionManager"), G_VARIANT_TYPE ("(b)"),
                            G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_manager, self);
  return self;
}

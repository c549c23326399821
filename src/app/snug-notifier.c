/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-notifier.h"

#include "snug-portal.h"

#define SERVICE "org.freedesktop.Notifications"
#define SERVICE_PATH "/org/freedesktop/Notifications"

struct _SnugNotifier
{
  GObject parent_instance;

  /* Borrowed: it outlives every window */
  GApplication *application;

  /* Owned */
  GHashTable *waiting; /* id -> GNotification: until the desktop has said whether it shows any */
  GCancellable *cancellable;
  gboolean asking;
};

G_DEFINE_FINAL_TYPE (SnugNotifier, snug_notifier, G_TYPE_OBJECT)

static void
on_service (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  SnugNotifier *self;
  GHashTableIter iter;
  gpointer id, notification;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  self->asking = FALSE;
  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, &id, &notification))
    {
      if (reply != NULL)
        g_application_send_notification (self->application, id, notification);
      g_hash_table_iter_remove (&iter);
    }
  if (reply == NULL)
    g_message ("Nothing here shows notifications: %s", error->message);
}

static void
snug_notifier_dispose (GObject *object)
{
  SnugNotifier *self = SNUG_NOTIFIER (object);

  g_cancellable_cancel (self->cancellable);
  g_hash_table_remove_all (self->waiting);
  G_OBJECT_CLASS (snug_notifier_parent_class)->dispose (object);
}

static void
snug_notifier_finalize (GObject *object)
{
  SnugNotifier *self = SNUG_NOTIFIER (object);

  g_object_unref (self->cancellable);
  g_hash_table_unref (self->waiting);
  G_OBJECT_CLASS (snug_notifier_parent_class)->finalize (object);
}

static void
snug_notifier_class_init (SnugNotifierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_notifier_dispose;
  object_class->finalize = snug_notifier_finalize;
}

static void
snug_notifier_init (SnugNotifier *self)
{
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->cancellable = g_cancellable_new ();
}

/* application: borrowed; it has to outlive the notifier. */
SnugNotifier *
snug_notifier_new (GApplication *application)
{
  SnugNotifier *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);

  self = g_object_new (SNUG_TYPE_NOTIFIER, NULL);
  self->application = application;
  return self;
}

/**
 * snug_notifier_send:
 * @self: the notifier
 * @id: what replaces an earlier notification and takes this one back
 * @notification: what to show
 *
 * Shows it, or says in the log that nothing here does. Outside a sandbox the service is asked for first, because GLib
 * warns of one that is not there.
 */
void
snug_notifier_send (SnugNotifier *self, const char *id, GNotification *notification)
{
  GDBusConnection *bus;

  g_return_if_fail (SNUG_IS_NOTIFIER (self));
  g_return_if_fail (id != NULL);

  bus = g_application_get_dbus_connection (self->application);
  if (bus == NULL)
    return;
  if (snug_portal_is_sandboxed ())
    {
      g_application_send_notification (self->application, id, notification);
      return;
    }

  g_hash_table_replace (self->waiting, g_strdup (id), g_object_ref (notification));
  if (self->asking)
    return;
  self->asking = TRUE;
  /* Itself, not the bus, which knows nothing of one that was started by the session: most are. */
  g_dbus_connection_call (bus, SERVICE, SERVICE_PATH, SERVICE, "GetServerInformation", NULL, G_VARIANT_TYPE ("(ssss)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_service, self);
}

void
snug_notifier_withdraw (SnugNotifier *self, const char *id)
{
  g_return_if_fail (SNUG_IS_NOTIFIER (self));
  g_return_if_fail (id != NULL);

  g_hash_table_remove (self->waiting, id);
  g_application_withdraw_notification (self->application, id);
}

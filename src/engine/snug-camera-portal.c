/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-camera-portal.h"

#include "snug-engine.h"
#include "snug-portal-reply.h"
#include "snug-portal.h"
#include "snug-relay.h"

#define INTERFACE "org.freedesktop.portal.Camera"

static gboolean wanted_by_somebody;

gboolean
snug_camera_portal_is_wanted (void)
{
  return wanted_by_somebody || snug_portal_is_sandboxed ();
}

void
snug_camera_portal_set_wanted (gboolean wanted)
{
  SNUG_ASSERT_MAIN_THREAD ();

  wanted_by_somebody = wanted;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  int fd = snug_portal_open_pipewire_finish (result, &error);

  if (fd >= 0)
    g_task_return_int (task, fd);
  else
    g_task_return_new_error (task, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FAILED, "The cameras can't be opened: %s",
                             error->message);
}

static void
on_access (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  SnugPortalResponse response;
  g_autoptr (GVariant) results = snug_portal_request_finish (result, &response, &error);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GDBusConnection *connection = g_task_get_task_data (task);

  /* A desktop in which cameras are turned off answers with "ended" or with an error of D-Bus. */
  if ((results != NULL && response != SNUG_PORTAL_GRANTED)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
    g_task_return_new_error (task, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_DENIED, "The cameras may not be used");
  else if (results == NULL)
    g_task_return_new_error (task, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FAILED, "The cameras can't be asked for: %s",
                             error->message);
  else
    snug_portal_open_pipewire_async (connection, INTERFACE, NULL, cancellable, on_opened, g_steal_pointer (&task));
}

static void
on_properties (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) properties = snug_portal_get_properties_finish (result, NULL);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GDBusConnection *connection = g_task_get_task_data (task);

  if (properties == NULL || g_variant_n_children (properties) == 0)
    g_task_return_new_error (task, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE, "There is no Camera portal");
  else if (!snug_portal_reply_get_boolean (properties, "IsCameraPresent", TRUE))
    g_task_return_new_error (task, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE, "There is no camera");
  else
    snug_portal_request_async (connection, INTERFACE, "AccessCamera", NULL, 0, NULL, 0, cancellable, on_access,
                               g_steal_pointer (&task));
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GDBusConnection *connection = snug_portal_connect_finish (result, NULL);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (connection == NULL)
    {
      g_task_return_new_error (task, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE, "There is no session bus");
      return;
    }

  g_task_set_task_data (task, connection, g_object_unref);
  snug_portal_get_properties_async (connection, INTERFACE, cancellable, on_properties, g_steal_pointer (&task));
}

void
snug_camera_portal_open_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  SNUG_ASSERT_MAIN_THREAD ();
  g_task_set_source_tag (task, snug_camera_portal_open_async);
  g_task_set_check_cancellable (task, FALSE);
  snug_portal_connect_async (cancellable, on_connected, task);
}

int
snug_camera_portal_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

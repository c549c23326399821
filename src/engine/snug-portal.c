/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-portal.h"

#include <gio/gunixfdlist.h>

#include "snug-portal-reply.h"
#include "snug-relay.h"

#define REQUEST_INTERFACE "org.freedesktop.portal.Request"
#define SESSION_INTERFACE "org.freedesktop.portal.Session"
/* Until a method answers. The portal may have to be started for it. */
#define CALL_TIMEOUT_MS 15000

typedef struct
{
  GDBusConnection *connection;
  char *path; /* of the Request */
  guint response_id;
  guint name_watch_id;
  guint timeout_id;
  gulong cancelled_id;

  SnugPortalResponse response;
} SnugPortalRequest;

gboolean
snug_portal_is_sandboxed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

char *
snug_portal_create_token (void)
{
  return g_strdup_printf ("snug%08x%08x", g_random_int (), g_random_int ());
}

/* GIO would start a bus of its own in an X11 session that has none. */
static gboolean
has_session_bus (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *socket = NULL;

  if (address != NULL && *address != '\0')
    return TRUE;
  socket = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  return g_file_test (socket, G_FILE_TEST_EXISTS);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, &error);

  if (connection == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&connection), g_object_unref);
}

void
snug_portal_connect_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  SNUG_ASSERT_MAIN_THREAD ();
  g_task_set_source_tag (task, snug_portal_connect_async);
  if (has_session_bus ())
    {
      g_bus_get (G_BUS_TYPE_SESSION, cancellable, on_bus, task);
      return;
    }

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no session bus");
  g_object_unref (task);
}

GDBusConnection *
snug_portal_connect_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_properties (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_variant_get_child_value (reply, 0), (GDestroyNotify) g_variant_unref);
}

void
snug_portal_get_properties_async (GDBusConnection *connection,
                                  const char *interface,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  SNUG_ASSERT_MAIN_THREAD ();
  g_task_set_source_tag (task, snug_portal_get_properties_async);
  g_dbus_connection_call (connection, SNUG_PORTAL_NAME, SNUG_PORTAL_PATH,
                          "org.freedesktop.DBus.Properties", "GetAll",
                          g_variant_new ("(s)", interface), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, cancellable, on_properties, task);
}

GVariant *
snug_portal_get_properties_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
request_free (gpointer data)
{
  SnugPortalRequest *request = data;

  g_clear_object (&request->connection);
  g_free (request->path);
  g_free (request);
}

/* Nothing of the request is heard any more. */
static void
stop_listening (GTask *task)
{
  SnugPortalRequest *request = g_task_get_task_data (task);

  if (request->response_id != 0)
    g_dbus_connection_signal_unsubscribe (request->connection, request->response_id);
  request->response_id = 0;
  g_clear_handle_id (&request->name_watch_id, g_bus_unwatch_name);
  g_clear_handle_id (&request->timeout_id, g_source_remove);
  if (request->cancelled_id != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), request->cancelled_id);
  request->cancelled_id = 0;
}

static gboolean
is_over (GTask *task)
{
  SnugPortalRequest *request = g_task_get_task_data (task);

  return request->response_id == 0;
}

/* Takes the dialog away; no answer is awaited. */
static void
close_request (GTask *task)
{
  SnugPortalRequest *request = g_task_get_task_data (task);

  g_dbus_connection_call (request->connection, SNUG_PORTAL_NAME, request->path, REQUEST_INTERFACE, "Close",
                          NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, NULL, NULL, NULL);
}

/* error: (transfer full) */
static void
fail_request (GTask *task, GError *error)
{
  stop_listening (task);
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
on_response (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer user_data)
{
  GTask *task = user_data;
  SnugPortalRequest *request = g_task_get_task_data (task);
  g_autoptr (GVariant) results = NULL;
  guint32 response;

  if (is_over (task))
    return;
  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    {
      fail_request (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                               "The portal answered with something else"));
      return;
    }

  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  request->response = MIN (response, SNUG_PORTAL_ENDED);
  stop_listening (task);
  g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) g_variant_unref);
  g_object_unref (task);
}

static gboolean
on_request_timeout (gpointer user_data)
{
  GTask *task = user_data;
  SnugPortalRequest *request = g_task_get_task_data (task);

  request->timeout_id = 0;
  close_request (task);
  fail_request (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The portal does not answer"));

  return G_SOURCE_REMOVE;
}

static gboolean
on_request_cancelled_idle (gpointer user_data)
{
  GTask *task = user_data;

  if (!is_over (task))
    {
      close_request (task);
      fail_request (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
    }

  return G_SOURCE_REMOVE;
}

/* A handler can't be disconnected while it runs. */
static void
on_request_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_request_cancelled_idle, g_object_ref (user_data), g_object_unref);
}

static void
on_portal_vanished (GDBusConnection *connection, const char *name, gpointer user_data)
{
  GTask *task = user_data;

  if (!is_over (task))
    fail_request (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The portal went away"));
}

static void
on_request_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SnugPortalRequest *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *path;

  if (is_over (task))
    return;
  if (reply == NULL)
    {
      fail_request (task, g_steal_pointer (&error));
      return;
    }

  /* Portals older than 0.9 choose the path themselves. None of those has what is asked for here. */
  g_variant_get (reply, "(&o)", &path);
  if (!g_str_equal (path, request->path))
    {
      fail_request (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "The portal is too old"));
      return;
    }
  request->name_watch_id
      = g_bus_watch_name_on_connection (request->connection, SNUG_PORTAL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                        NULL, on_portal_vanished, task, NULL);
}

static char *
create_request_path (GDBusConnection *connection, const char *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (connection) + 1);

  return g_strdup_printf (SNUG_PORTAL_PATH "/request/%s/%s", g_strdelimit (sender, ".", '_'), token);
}

void
snug_portal_request_async (GDBusConnection *connection,
                           const char *interface,
                           const char *method,
                           GVariant *const *arguments,
                           gsize n_arguments,
                           GVariant *options,
                           guint seconds,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autofree char *token = snug_portal_create_token ();
  g_autoptr (GVariant) sunk = options != NULL ? g_variant_ref_sink (options) : NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (sunk);
  GVariantBuilder tuple = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);
  SnugPortalRequest *request = g_new0 (SnugPortalRequest, 1);
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  SNUG_ASSERT_MAIN_THREAD ();
  g_task_set_source_tag (task, snug_portal_request_async);
  /* What ends it is one of the ends below. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, request, request_free);
  request->connection = g_object_ref (connection);
  request->path = create_request_path (connection, token);

  /* The answer may come before the method returns. */
  request->response_id = g_dbus_connection_signal_subscribe (
      connection, SNUG_PORTAL_NAME, REQUEST_INTERFACE, "Response", request->path, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_response, task, NULL);
  if (seconds > 0)
    request->timeout_id = g_timeout_add_seconds (seconds, on_request_timeout, task);
  if (cancellable != NULL)
    request->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_request_cancelled), task);

  for (gsize i = 0; i < n_arguments; i++)
    g_variant_builder_add_value (&tuple, arguments[i]);
  g_variant_dict_insert (&dict, "handle_token", "s", token);
  g_variant_builder_add_value (&tuple, g_variant_dict_end (&dict));
  g_dbus_connection_call (connection, SNUG_PORTAL_NAME, SNUG_PORTAL_PATH, interface, method,
                          g_variant_builder_end (&tuple), G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE,
                          CALL_TIMEOUT_MS, NULL, on_request_called, g_object_ref (task));
  if (g_cancellable_is_cancelled (cancellable))
    on_request_cancelled (cancellable, task);
}

GVariant *
snug_portal_request_finish (GAsyncResult *result, SnugPortalResponse *response, GError **error)
{
  SnugPortalRequest *request = g_task_get_task_data (G_TASK (result));

  *response = request->response;

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_pipewire (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &fds,
                                                                               result, &error);
  gint32 index;
  int fd = -1;

  if (reply != NULL)
    {
      g_variant_get (reply, "(h)", &index);
      if (fds == NULL || index < 0 || index >= g_unix_fd_list_get_length (fds))
        g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The portal opened nothing");
      else
        fd = g_unix_fd_list_get (fds, index, &error);
    }

  if (fd < 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, fd);
}

void
snug_portal_open_pipewire_async (GDBusConnection *connection,
                                 const char *interface,
                                 const char *session,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  GVariant *options = g_variant_new ("a{sv}", NULL);
  GVariant *arguments
      = session != NULL ? g_variant_new ("(o@a{sv})", session, options) : g_variant_new ("(@a{sv})", options);

  SNUG_ASSERT_MAIN_THREAD ();
  g_task_set_source_tag (task, snug_portal_open_pipewire_async);
  /* A descriptor that comes too late would never be closed: whoever asked closes it. */
  g_task_set_check_cancellable (task, FALSE);
  g_dbus_connection_call_with_unix_fd_list (connection, SNUG_PORTAL_NAME, SNUG_PORTAL_PATH, interface,
                                            "OpenPipeWireRemote", arguments, G_VARIANT_TYPE ("(h)"),
                                            G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL, cancellable, on_pipewire,
                                            task);
}

int
snug_portal_open_pipewire_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

void
snug_portal_close_session (GDBusConnection *connection, const char *session)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_dbus_connection_call (connection, SNUG_PORTAL_NAME, session, SESSION_INTERFACE, "Close", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, NULL, NULL, NULL);
}

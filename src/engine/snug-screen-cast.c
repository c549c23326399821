/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-screen-cast.h"

#include <glib/gstdio.h>

#include "snug-portal-reply.h"
#include "snug-portal.h"
#include "snug-relay.h"

#define INTERFACE "org.freedesktop.portal.ScreenCast"
/* For the steps that ask nobody. */
#define STEP_SECONDS 15
/* The portal's numbers. */
#define SOURCE_MONITOR 1
#define SOURCE_WINDOW 2
#define CURSOR_EMBEDDED 2
#define PERSIST_UNTIL_REVOKED 2
/* From which on sessions can be restored. */
#define VERSION_PERSIST 4

struct _SnugScreenCast
{
  GObject parent_instance;

  GCancellable *cancellable;
  GTask *start; /* while it runs */
  char *parent_window;
  char *restore_token; /* the old one, then the new one */

  GDBusConnection *connection;
  guint32 sources;
  guint32 cursors;
  guint32 version;
  char *session;
  guint closed_id;
  guint32 node;
};

static guint closed_signal;

G_DEFINE_FINAL_TYPE (SnugScreenCast, snug_screen_cast, G_TYPE_OBJECT)

/* error: (transfer full) */
static void
fail (SnugScreenCast *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->start);

  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_error_free (error);
  snug_screen_cast_close (self);
}

/* The results of one step; NULL: it was the last one. */
static GVariant *
finish_step (SnugScreenCast *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  SnugPortalResponse response;
  g_autoptr (GVariant) results = snug_portal_request_finish (result, &response, &error);

  if (self->start == NULL)
    return NULL;
  if (results != NULL && response == SNUG_PORTAL_GRANTED)
    return g_steal_pointer (&results);

  if (results != NULL && response == SNUG_PORTAL_REFUSED)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "The person refused");
  else if (results != NULL)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_FAILED, "The portal gave up");
  fail (self, g_steal_pointer (&error));

  return NULL;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugScreenCast) self = user_data;
  g_autoptr (GError) error = NULL;
  int fd = snug_portal_open_pipewire_finish (result, &error);
  g_autoptr (GTask) task = NULL;

  if (self->start == NULL)
    {
      if (fd >= 0)
        g_close (fd, NULL);
      return;
    }
  if (fd < 0)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }

  task = g_steal_pointer (&self->start);
  g_task_return_pointer (task, snug_pipewire_node_new (fd, self->node),
                         (GDestroyNotify) snug_pipewire_node_unref);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugScreenCast) self = user_data;
  g_autoptr (GVariant) results = finish_step (self, result);
  g_autoptr (GError) error = NULL;

  if (results == NULL)
    return;
  if (!snug_portal_reply_get_stream (results, &self->node, &error))
    {
      fail (self, g_steal_pointer (&error));
      return;
    }

  /* Good for one time: the old one is worth nothing any more. */
  g_free (self->restore_token);
  self->restore_token = snug_portal_reply_dup_string (results, "restore_token");
  snug_portal_open_pipewire_async (self->connection, INTERFACE, self->session, self->cancellable, on_opened,
                                   g_object_ref (self));
}

static void
on_selected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugScreenCast) self = user_data;
  g_autoptr (GVariant) results = finish_step (self, result);
  GVariant *arguments[2];

  if (results == NULL)
    return;

  arguments[0] = g_variant_new_object_path (self->session);
  arguments[1] = g_variant_new_string (self->parent_window != NULL ? self->parent_window : "");
  snug_portal_request_async (self->connection, INTERFACE, "Start", arguments, G_N_ELEMENTS (arguments), NULL, 0,
                             self->cancellable, on_started, g_object_ref (self));
}

static GVariant *
describe_sources (SnugScreenCast *self)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&options, "types", "u", self->sources & (SOURCE_MONITOR | SOURCE_WINDOW));
  g_variant_dict_insert (&options, "multiple", "b", FALSE);
  if ((self->cursors & CURSOR_EMBEDDED) != 0)
    g_variant_dict_insert (&options, "cursor_mode", "u", CURSOR_EMBEDDED);
  if (self->version >= VERSION_PERSIST)
    {
      g_variant_dict_insert (&options, "persist_mode", "u", PERSIST_UNTIL_REVOKED);
      if (self->restore_token != NULL)
        g_variant_dict_insert (&options, "restore_token", "s", self->restore_token);
    }

  return g_variant_dict_end (&options);
}

static void
on_session_closed (GDBusConnection *connection,
                   const char *sender,
                   const char *path,
                   const char *interface,
                   const char *signal,
                   GVariant *parameters,
                   gpointer user_data)
{
  g_autoptr (SnugScreenCast) self = g_object_ref (SNUG_SCREEN_CAST (user_data));

  /* There is nothing left to close. */
  g_clear_pointer (&self->session, g_free);
  if (self->start != NULL)
    {
      fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The system ended the session"));
      return;
    }
  snug_screen_cast_close (self);
  g_signal_emit (self, closed_signal, 0);
}

static void
on_session_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugScreenCast) self = user_data;
  g_autoptr (GVariant) results = finish_step (self, result);
  g_autoptr (GError) error = NULL;
  GVariant *arguments[1];

  if (results == NULL)
    return;
  self->session = snug_portal_reply_dup_session (results, &error);
  if (self->session == NULL)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }

  self->closed_id = g_dbus_connection_signal_subscribe (
      self->connection, SNUG_PORTAL_NAME, "org.freedesktop.portal.Session", "Closed", self->session, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_session_closed, self, NULL);
  arguments[0] = g_variant_new_object_path (self->session);
  snug_portal_request_async (self->connection, INTERFACE, "SelectSources", arguments, G_N_ELEMENTS (arguments),
                             describe_sources (self), STEP_SECONDS, self->cancellable, on_selected,
                             g_object_ref (self));
}

static void
on_properties (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugScreenCast) self = user_data;
  g_autoptr (GVariant) properties = snug_portal_get_properties_finish (result, NULL);
  g_autofree char *token = snug_portal_create_token ();
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (self->start == NULL)
    return;
  if (properties != NULL)
    {
      self->sources = snug_portal_reply_get_uint (properties, "AvailableSourceTypes", 0);
      self->cursors = snug_portal_reply_get_uint (properties, "AvailableCursorModes", 0);
      self->version = snug_portal_reply_get_uint (properties, "version", 0);
    }
  if ((self->sources & (SOURCE_MONITOR | SOURCE_WINDOW)) == 0)
    {
      fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no ScreenCast portal"));
      return;
    }

  g_variant_dict_insert (&options, "session_handle_token", "s", token);
  snug_portal_request_async (self->connection, INTERFACE, "CreateSession", NULL, 0, g_variant_dict_end (&options),
                             STEP_SECONDS, self->cancellable, on_session_created, g_object_ref (self));
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugScreenCast) self = user_data;
  g_autoptr (GDBusConnection) connection = snug_portal_connect_finish (result, NULL);

  if (self->start == NULL)
    return;
  if (connection == NULL)
    {
      fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no session bus"));
      return;
    }

  self->connection = g_steal_pointer (&connection);
  snug_portal_get_properties_async (self->connection, INTERFACE, self->cancellable, on_properties,
                                    g_object_ref (self));
}

static void
snug_screen_cast_dispose (GObject *object)
{
  SnugScreenCast *self = SNUG_SCREEN_CAST (object);

  snug_screen_cast_close (self);
  g_clear_object (&self->connection);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (snug_screen_cast_parent_class)->dispose (object);
}

static void
snug_screen_cast_finalize (GObject *object)
{
  SnugScreenCast *self = SNUG_SCREEN_CAST (object);

  g_free (self->parent_window);
  g_free (self->restore_token);

  G_OBJECT_CLASS (snug_screen_cast_parent_class)->finalize (object);
}

static void
snug_screen_cast_class_init (SnugScreenCastClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_screen_cast_dispose;
  object_class->finalize = snug_screen_cast_finalize;

  closed_signal = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
snug_screen_cast_init (SnugScreenCast *self)
{
  self->cancellable = g_cancellable_new ();
}

SnugScreenCast *
snug_screen_cast_new (void)
{
  return g_object_new (SNUG_TYPE_SCREEN_CAST, NULL);
}

void
snug_screen_cast_start_async (SnugScreenCast *self,
                              const char *parent_window,
                              const char *restore_token,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_SCREEN_CAST (self));
  g_return_if_fail (self->start == NULL && self->connection == NULL);

  self->parent_window = g_strdup (parent_window);
  self->restore_token = g_strdup (restore_token);
  self->start = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->start, snug_screen_cast_start_async);
  snug_portal_connect_async (self->cancellable, on_connected, g_object_ref (self));
}

SnugPipewireNode *
snug_screen_cast_start_finish (SnugScreenCast *self, GAsyncResult *result, char **restore_token, GError **error)
{
  SnugPipewireNode *node;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  node = g_task_propagate_pointer (G_TASK (result), error);
  *restore_token = node != NULL ? g_strdup (self->restore_token) : NULL;

  return node;
}

void
snug_screen_cast_close (SnugScreenCast *self)
{
  g_autoptr (GTask) task = NULL;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_SCREEN_CAST (self));

  task = g_steal_pointer (&self->start);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->closed_id != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->closed_id);
  self->closed_id = 0;
  if (self->session != NULL)
    snug_portal_close_session (self->connection, self->session);
  g_clear_pointer (&self->session, g_free);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed");
}

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) properties = snug_portal_get_properties_finish (result, NULL);
  guint32 sources
      = properties != NULL ? snug_portal_reply_get_uint (properties, "AvailableSourceTypes", 0) : 0;

  g_task_return_boolean (task, (sources & (SOURCE_MONITOR | SOURCE_WINDOW)) != 0);
}

static void
on_probe_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GDBusConnection) connection = snug_portal_connect_finish (result, NULL);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (connection == NULL)
    g_task_return_boolean (task, FALSE);
  else
    snug_portal_get_properties_async (connection, INTERFACE, cancellable, on_probed, g_steal_pointer (&task));
}

void
snug_screen_cast_probe_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, snug_screen_cast_probe_async);
  snug_portal_connect_async (cancellable, on_probe_connected, task);
}

gboolean
snug_screen_cast_probe_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

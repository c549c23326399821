/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-global-shortcut.h"

#include "snug-portal-reply.h"
#include "snug-portal.h"
#include "snug-relay.h"

#define INTERFACE "org.freedesktop.portal.GlobalShortcuts"
#define SESSION_INTERFACE "org.freedesktop.portal.Session"
#define STEP_SECONDS 15

struct _SnugGlobalShortcut
{
  GObject parent_instance;

  char *id;
  char *description;
  char *preferred_trigger; /* nullable */

  gboolean available;
  GCancellable *probe; /* NULL: nobody has asked yet */

  GCancellable *binding; /* NULL: neither bound nor being bound */
  char *parent_window;
  GDBusConnection *connection;
  char *session;
  guint subscriptions[3];
  gboolean bound;
  gboolean pressed;
};

typedef enum
{
  PROP_AVAILABLE = 1,
  PROP_BOUND,
  N_PROPS
} SnugGlobalShortcutProperty;

static GParamSpec *properties[N_PROPS];
static guint pressed_signal, released_signal;

G_DEFINE_FINAL_TYPE (SnugGlobalShortcut, snug_global_shortcut, G_TYPE_OBJECT)

/* One answer, for the attempt that it was asked for. */
typedef struct
{
  SnugGlobalShortcut *self;
  GCancellable *binding;
} SnugBindStep;

static SnugBindStep *
step_new (SnugGlobalShortcut *self)
{
  SnugBindStep *step = g_new0 (SnugBindStep, 1);

  step->self = g_object_ref (self);
  step->binding = g_object_ref (self->binding);

  return step;
}

static void
step_free (SnugBindStep *step)
{
  g_object_unref (step->self);
  g_object_unref (step->binding);
  g_free (step);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugBindStep, step_free)

static gboolean
step_is_current (SnugBindStep *step)
{
  return step->self->binding == step->binding;
}

static void
set_pressed (SnugGlobalShortcut *self, gboolean pressed)
{
  if (self->pressed == pressed)
    return;
  self->pressed = pressed;
  g_signal_emit (self, pressed ? pressed_signal : released_signal, 0);
}

static void
set_bound (SnugGlobalShortcut *self, gboolean bound)
{
  if (self->bound == bound)
    return;
  self->bound = bound;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOUND]);
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
  g_autoptr (SnugGlobalShortcut) self = g_object_ref (SNUG_GLOBAL_SHORTCUT (user_data));

  /* There is nothing left to close. */
  g_clear_pointer (&self->session, g_free);
  snug_global_shortcut_unbind (self);
}

static void
on_key (GDBusConnection *connection,
        const char *sender,
        const char *path,
        const char *interface,
        const char *signal,
        GVariant *parameters,
        gpointer user_data)
{
  SnugGlobalShortcut *self = user_data;

  if (self->bound && snug_portal_reply_is_shortcut (parameters, self->session, self->id))
    set_pressed (self, g_str_equal (signal, "Activated"));
}

static GVariant *
finish_step (SnugBindStep *step, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  SnugPortalResponse response;
  g_autoptr (GVariant) results = snug_portal_request_finish (result, &response, &error);

  if (!step_is_current (step))
    return NULL;
  if (results != NULL && response == SNUG_PORTAL_GRANTED)
    return g_steal_pointer (&results);

  g_info ("There is no global shortcut: %s", error != NULL ? error->message : "refused");
  snug_global_shortcut_unbind (step->self);

  return NULL;
}

static void
on_bound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugBindStep) step = user_data;
  g_autoptr (GVariant) results = finish_step (step, result);

  if (results != NULL)
    set_bound (step->self, TRUE);
}

static GVariant *
describe_shortcuts (SnugGlobalShortcut *self)
{
  GVariantBuilder shortcuts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sa{sv})"));
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "description", "s", self->description);
  if (self->preferred_trigger != NULL)
    g_variant_dict_insert (&dict, "preferred_trigger", "s", self->preferred_trigger);
  g_variant_builder_add (&shortcuts, "(s@a{sv})", self->id, g_variant_dict_end (&dict));

  return g_variant_builder_end (&shortcuts);
}

static void
subscribe (SnugGlobalShortcut *self)
{
  self->subscriptions[0] = g_dbus_connection_signal_subscribe (
      self->connection, SNUG_PORTAL_NAME, SESSION_INTERFACE, "Closed", self->session, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      on_session_closed, self, NULL);
  self->subscriptions[1] = g_dbus_connection_signal_subscribe (
      self->connection, SNUG_PORTAL_NAME, INTERFACE, "Activated", SNUG_PORTAL_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      on_key, self, NULL);
  self->subscriptions[2] = g_dbus_connection_signal_subscribe (
      self->connection, SNUG_PORTAL_NAME, INTERFACE, "Deactivated", SNUG_PORTAL_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      on_key, self, NULL);
}

static void
on_session_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugBindStep) step = user_data;
  SnugGlobalShortcut *self = step->self;
  g_autoptr (GVariant) results = finish_step (step, result);
  g_autoptr (GError) error = NULL;
  GVariant *arguments[3];

  if (results == NULL)
    return;
  self->session = snug_portal_reply_dup_session (results, &error);
  if (self->session == NULL)
    {
      g_info ("There is no global shortcut: %s", error->message);
      snug_global_shortcut_unbind (self);
      return;
    }

  subscribe (self);
  arguments[0] = g_variant_new_object_path (self->session);
  arguments[1] = describe_shortcuts (self);
  arguments[2] = g_variant_new_string (self->parent_window != NULL ? self->parent_window : "");
  snug_portal_request_async (self->connection, INTERFACE, "BindShortcuts", arguments, G_N_ELEMENTS (arguments), NULL,
                             0, self->binding, on_bound, step_new (self));
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugBindStep) step = user_data;
  SnugGlobalShortcut *self = step->self;
  g_autoptr (GDBusConnection) connection = snug_portal_connect_finish (result, NULL);
  g_autofree char *token = snug_portal_create_token ();
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (!step_is_current (step))
    return;
  if (connection == NULL)
    {
      snug_global_shortcut_unbind (self);
      return;
    }

  self->connection = g_steal_pointer (&connection);
  g_variant_dict_insert (&options, "session_handle_token", "s", token);
  snug_portal_request_async (self->connection, INTERFACE, "CreateSession", NULL, 0, g_variant_dict_end (&options),
                             STEP_SECONDS, self->binding, on_session_created, step_new (self));
}

void
snug_global_shortcut_bind (SnugGlobalShortcut *self, const char *parent_window)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_GLOBAL_SHORTCUT (self));

  if (self->binding != NULL)
    return;

  g_free (self->parent_window);
  self->parent_window = g_strdup (parent_window);
  self->binding = g_cancellable_new ();
  snug_portal_connect_async (self->binding, on_connected, step_new (self));
}

void
snug_global_shortcut_unbind (SnugGlobalShortcut *self)
{
  g_autoptr (GCancellable) binding = NULL;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_GLOBAL_SHORTCUT (self));

  binding = g_steal_pointer (&self->binding);
  if (binding == NULL)
    return;

  g_cancellable_cancel (binding);
  for (gsize i = 0; i < G_N_ELEMENTS (self->subscriptions); i++)
    {
      if (self->subscriptions[i] != 0)
        g_dbus_connection_signal_unsubscribe (self->connection, self->subscriptions[i]);
      self->subscriptions[i] = 0;
    }
  if (self->session != NULL)
    snug_portal_close_session (self->connection, self->session);
  g_clear_pointer (&self->session, g_free);
  g_clear_object (&self->connection);
  set_pressed (self, FALSE);
  set_bound (self, FALSE);
}

static void
on_properties (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugGlobalShortcut) self = user_data;
  g_autoptr (GVariant) found = snug_portal_get_properties_finish (result, NULL);

  if (found == NULL || snug_portal_reply_get_uint (found, "version", 0) == 0 || self->available)
    return;
  self->available = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVAILABLE]);
}

static void
on_probe_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugGlobalShortcut) self = user_data;
  g_autoptr (GDBusConnection) connection = snug_portal_connect_finish (result, NULL);
  GCancellable *cancellable = self->probe;

  if (connection != NULL)
    snug_portal_get_properties_async (connection, INTERFACE, cancellable, on_properties, g_steal_pointer (&self));
}

gboolean
snug_global_shortcut_get_available (SnugGlobalShortcut *self)
{
  g_return_val_if_fail (SNUG_IS_GLOBAL_SHORTCUT (self), FALSE);

  if (self->probe == NULL)
    {
      self->probe = g_cancellable_new ();
      snug_portal_connect_async (self->probe, on_probe_connected, g_object_ref (self));
    }

  return self->available;
}

gboolean
snug_global_shortcut_get_bound (SnugGlobalShortcut *self)
{
  g_return_val_if_fail (SNUG_IS_GLOBAL_SHORTCUT (self), FALSE);

  return self->bound;
}

static void
snug_global_shortcut_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugGlobalShortcut *self = SNUG_GLOBAL_SHORTCUT (object);

  switch ((SnugGlobalShortcutProperty) prop_id)
    {
    case PROP_AVAILABLE:
      g_value_set_boolean (value, snug_global_shortcut_get_available (self));
      break;
    case PROP_BOUND:
      g_value_set_boolean (value, self->bound);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_global_shortcut_dispose (GObject *object)
{
  SnugGlobalShortcut *self = SNUG_GLOBAL_SHORTCUT (object);

  snug_global_shortcut_unbind (self);

  G_OBJECT_CLASS (snug_global_shortcut_parent_class)->dispose (object);
}

static void
snug_global_shortcut_finalize (GObject *object)
{
  SnugGlobalShortcut *self = SNUG_GLOBAL_SHORTCUT (object);

  g_clear_object (&self->probe);
  g_free (self->id);
  g_free (self->description);
  g_free (self->preferred_trigger);
  g_free (self->parent_window);

  G_OBJECT_CLASS (snug_global_shortcut_parent_class)->finalize (object);
}

static void
snug_global_shortcut_class_init (SnugGlobalShortcutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_global_shortcut_get_property;
  object_class->dispose = snug_global_shortcut_dispose;
  object_class->finalize = snug_global_shortcut_finalize;

  properties[PROP_AVAILABLE] = g_param_spec_boolean ("available", NULL, NULL, FALSE, read);
  properties[PROP_BOUND] = g_param_spec_boolean ("bound", NULL, NULL, FALSE, read);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  pressed_signal = g_signal_new ("pressed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  released_signal = g_signal_new ("released", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
snug_global_shortcut_init (SnugGlobalShortcut *self)
{
}

SnugGlobalShortcut *
snug_global_shortcut_new (const char *id, const char *description, const char *preferred_trigger)
{
  SnugGlobalShortcut *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);
  g_return_val_if_fail (description != NULL, NULL);

  self = g_object_new (SNUG_TYPE_GLOBAL_SHORTCUT, NULL);
  self->id = g_strdup (id);
  self->description = g_strdup (description);
  self->preferred_trigger = g_strdup (preferred_trigger);

  return self;
}

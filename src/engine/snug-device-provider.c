/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-device-provider.h"

#include "snug-camera-portal.h"
#include "snug-engine.h"
#include "snug-relay.h"

#define RETRY_SECONDS 5
/* Once started, PipeWire's (0.3.65) must not be stopped: it shares its connection with every
 * pipewiresrc, and a node that goes after the stop is reported to a device that is gone. */
#define NEVER_STOPPED "pipewiredeviceprovider"
/* What a sandbox may look at only through a door that is opened on request. */
#define BEHIND_PORTAL "pipewiredeviceprovider"

/* What the worker has. */
typedef struct
{
  gatomicrefcount ref_count;
  GstDeviceProvider *provider;
  SnugRelay *relay;
  int closed;  /* atomic */
  int started; /* atomic: counted by the provider, so that it must be stopped */
} SnugProviderStart;

struct _SnugDeviceProvider
{
  GObject parent_instance;

  char *factory;
  SnugRelay *relay;
  GstDeviceProvider *provider; /* NULL: not installed */
  SnugProviderStart *start;
  guint retry_id;
  gboolean ready;
  gboolean asking;  /* the portal */
  gboolean allowed; /* by the portal */
  GError *error;
  GPtrArray *devices;
};

static GHashTable *providers; /* by factory; not referenced */
static guint changed_signal;

G_DEFINE_FINAL_TYPE (SnugDeviceProvider, snug_device_provider, G_TYPE_OBJECT)

static void
start_unref (gpointer data)
{
  SnugProviderStart *start = data;

  if (!g_atomic_ref_count_dec (&start->ref_count))
    return;

  gst_object_unref (start->provider);
  snug_relay_unref (start->relay);
  g_free (start);
}

static SnugProviderStart *
start_ref (SnugProviderStart *start)
{
  g_atomic_ref_count_inc (&start->ref_count);

  return start;
}

/* Whoever sees both closed and started first stops it. Any thread but main. */
static void
start_stop_if_closed (SnugProviderStart *start)
{
  if (g_atomic_int_get (&start->closed)
      && g_atomic_int_compare_and_exchange (&start->started, TRUE, FALSE))
    gst_device_provider_stop (start->provider);
}

static gboolean
is_never_stopped (SnugDeviceProvider *self)
{
  return g_str_equal (self->factory, NEVER_STOPPED);
}

/* Tells the leaks tracer what stays as long as the process. */
static void
mark_kept (GstObject *object)
{
  GST_OBJECT_FLAG_SET (object, GST_OBJECT_FLAG_MAY_BE_LEAKED);
  if (GST_IS_DEVICE (object))
    {
      g_autoptr (GstCaps) caps = gst_device_get_caps (GST_DEVICE (object));

      if (caps != NULL)
        GST_MINI_OBJECT_FLAG_SET (caps, GST_MINI_OBJECT_FLAG_MAY_BE_LEAKED);
    }
}

static void
take_device (SnugDeviceProvider *self, GstDevice *device)
{
  if (g_ptr_array_find (self->devices, device, NULL))
    return;

  g_ptr_array_add (self->devices, gst_object_ref (device));
  if (is_never_stopped (self))
    mark_kept (GST_OBJECT (device));
}

static void
handle_message (SnugDeviceProvider *self, GstMessage *message)
{
  GstDevice *device = NULL, *old = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_ADDED)
    gst_message_parse_device_added (message, &device);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_REMOVED)
    gst_message_parse_device_removed (message, &old);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_CHANGED)
    gst_message_parse_device_changed (message, &device, &old);

  if (old != NULL)
    g_ptr_array_remove (self->devices, old);
  if (device != NULL)
    take_device (self, device);
  gst_clear_object (&device);
  gst_clear_object (&old);
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  SnugDeviceProvider *self = user_data;

  handle_message (self, message);
  if (self->ready)
    g_signal_emit (self, changed_signal, 0);

  return G_SOURCE_CONTINUE;
}

static void
first_look_is_over (SnugDeviceProvider *self)
{
  self->ready = TRUE;
  g_signal_emit (self, changed_signal, 0);
}

static void begin (SnugDeviceProvider *self);

static gboolean
on_retry (gpointer user_data)
{
  SnugDeviceProvider *self = user_data;

  self->retry_id = 0;
  begin (self);

  return G_SOURCE_REMOVE;
}

/* data: a GList of GstDevice */
static void
on_started (gpointer owner, gpointer data)
{
  SnugDeviceProvider *self = owner;
  g_autoptr (GstBus) bus = gst_device_provider_get_bus (self->provider);
  GstMessage *message;

  /* A provider that somebody else had started posts nothing about what was there before. */
  for (GList *l = data; l != NULL; l = l->next)
    take_device (self, l->data);

  while ((message = gst_bus_pop (bus)) != NULL)
    {
      handle_message (self, message);
      gst_message_unref (message);
    }
  first_look_is_over (self);
}

static void
on_start_failed (gpointer owner, gpointer data)
{
  SnugDeviceProvider *self = owner;

  g_clear_pointer (&self->start, start_unref);
  self->retry_id = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
  if (!self->ready)
    first_look_is_over (self);
}

static void
free_devices (gpointer devices)
{
  g_list_free_full (devices, gst_object_unref);
}

static gpointer
start_in_thread (gpointer user_data)
{
  SnugProviderStart *start = user_data;

  if (!g_atomic_int_get (&start->closed) && gst_device_provider_start (start->provider))
    {
      g_atomic_int_set (&start->started, TRUE);
      snug_relay_post (start->relay, on_started, gst_device_provider_get_devices (start->provider),
                       free_devices);
    }
  else
    {
      snug_relay_post (start->relay, on_start_failed, NULL, NULL);
    }
  start_stop_if_closed (start);
  start_unref (start);

  return NULL;
}

static gpointer
stop_in_thread (gpointer user_data)
{
  SnugProviderStart *start = user_data;

  start_stop_if_closed (start);
  start_unref (start);

  return NULL;
}

static void
set_error (SnugDeviceProvider *self, const GError *error)
{
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  if (self->ready)
    g_signal_emit (self, changed_signal, 0);
}

static void
on_door_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugDeviceProvider) self = user_data;
  g_autoptr (GError) error = NULL;
  int fd = snug_camera_portal_open_finish (result, &error);

  self->asking = FALSE;
  set_error (self, error);
  if (fd >= 0)
    {
      /* Everything that comes from this provider shares the one connection, so that it stays open as long as the
       * process. */
      self->allowed = TRUE;
      g_object_set (self->provider, "fd", fd, NULL);
      begin (self);
      return;
    }

  /* Who has refused is not asked again unless they want to. */
  if (error->code != SNUG_MEDIA_ERROR_DENIED)
    self->retry_id = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
  if (!self->ready)
    first_look_is_over (self);
}

static gboolean
needs_portal (SnugDeviceProvider *self)
{
  return !self->allowed && g_str_equal (self->factory, BEHIND_PORTAL) && snug_camera_portal_is_wanted ()
         && g_object_class_find_property (G_OBJECT_GET_CLASS (self->provider), "fd") != NULL;
}

static void
begin (SnugDeviceProvider *self)
{
  if (needs_portal (self))
    {
      self->asking = TRUE;
      snug_camera_portal_open_async (NULL, on_door_opened, g_object_ref (self));
      return;
    }

  self->start = g_new0 (SnugProviderStart, 1);
  g_atomic_ref_count_init (&self->start->ref_count);
  self->start->provider = gst_object_ref (self->provider);
  self->start->relay = snug_relay_ref (self->relay);
  g_thread_unref (g_thread_new ("snug-devices", start_in_thread, start_ref (self->start)));
}

static void
snug_device_provider_dispose (GObject *object)
{
  SnugDeviceProvider *self = SNUG_DEVICE_PROVIDER (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  if (self->factory != NULL)
    g_hash_table_remove (providers, self->factory);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->start != NULL)
    {
      g_atomic_int_set (&self->start->closed, TRUE);
      g_thread_unref (
          g_thread_new ("snug-devices", stop_in_thread, g_steal_pointer (&self->start)));
    }
  if (self->provider != NULL)
    {
      g_autoptr (GstBus) bus = gst_device_provider_get_bus (self->provider);

      gst_bus_remove_watch (bus);
    }
  gst_clear_object (&self->provider);
  g_ptr_array_set_size (self->devices, 0);
  g_clear_pointer (&self->relay, snug_relay_close);

  G_OBJECT_CLASS (snug_device_provider_parent_class)->dispose (object);
}

static void
snug_device_provider_finalize (GObject *object)
{
  SnugDeviceProvider *self = SNUG_DEVICE_PROVIDER (object);

  g_free (self->factory);
  g_ptr_array_unref (self->devices);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_device_provider_parent_class)->finalize (object);
}

static void
snug_device_provider_class_init (SnugDeviceProviderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_device_provider_dispose;
  object_class->finalize = snug_device_provider_finalize;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
snug_device_provider_init (SnugDeviceProvider *self)
{
  self->relay = snug_relay_new (self);
  self->devices = g_ptr_array_new_with_free_func (gst_object_unref);
}

static void
on_not_installed (gpointer owner, gpointer data)
{
  first_look_is_over (owner);
}

SnugDeviceProvider *
snug_device_provider_get (const char *factory)
{
  SnugDeviceProvider *self;

  g_return_val_if_fail (snug_engine_is_main_thread (), NULL);

  if (providers == NULL)
    providers = g_hash_table_new (g_str_hash, g_str_equal);
  self = g_hash_table_lookup (providers, factory);
  if (self != NULL)
    return g_object_ref (self);

  self = g_object_new (SNUG_TYPE_DEVICE_PROVIDER, NULL);
  self->factory = g_strdup (factory);
  g_hash_table_insert (providers, self->factory, self);
  if (is_never_stopped (self))
    g_object_ref (self);
  self->provider = gst_device_provider_factory_get_by_name (factory);
  if (self->provider != NULL)
    {
      g_autoptr (GstBus) bus = gst_device_provider_get_bus (self->provider);

      if (is_never_stopped (self))
        {
          mark_kept (GST_OBJECT (self->provider));
          mark_kept (GST_OBJECT (bus));
        }
      gst_bus_add_watch (bus, on_bus_message, self);
      begin (self);
    }
  else
    {
      snug_relay_post (self->relay, on_not_installed, NULL, NULL);
    }

  return self;
}

gboolean
snug_device_provider_get_ready (SnugDeviceProvider *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE_PROVIDER (self), FALSE);

  return self->ready;
}

const GError *
snug_device_provider_get_error (SnugDeviceProvider *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE_PROVIDER (self), NULL);

  return self->error;
}

void
snug_device_provider_retry (SnugDeviceProvider *self)
{
  g_return_if_fail (SNUG_IS_DEVICE_PROVIDER (self));

  if (!self->asking && g_error_matches (self->error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_DENIED))
    begin (self);
}

GPtrArray *
snug_device_provider_get_devices (SnugDeviceProvider *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE_PROVIDER (self), NULL);

  return self->devices;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-device-list.h"

#include "snug-camera-portal.h"
#include "snug-device-private.h"
#include "snug-device-provider.h"
#include "snug-engine.h"
#include "snug-sound-server.h"

struct _SnugDeviceList
{
  GObject parent_instance;

  SnugDeviceKind kind;
  GPtrArray *providers; /* the first that has anything counts */
  SnugSoundServer *server; /* nullable: for cameras there is none */
  GPtrArray *devices;
  SnugDevice *default_device; /* as last notified; nullable: the list was empty */
  GError *error;              /* as last notified */
  gboolean ready;
};

typedef enum
{
  PROP_READY = 1,
  PROP_DEFAULT,
  PROP_ERROR
} SnugDeviceListProperty;

static GParamSpec *properties[PROP_ERROR + 1];
static guint plugged_signal;
static guint unplugged_signal;

/* The generic device monitor hides some of a sound server's devices when PipeWire has them too. Of
 * cameras only PipeWire shares one among programs; without it they are opened themselves. */
static const char *const camera_providers[]
    = { "pipewiredeviceprovider", "v4l2deviceprovider", NULL };
/* What was refused is not opened behind the person's back. */
static const char *const portal_providers[] = { "pipewiredeviceprovider", NULL };
static const char *const sound_providers[] = { "pulsedeviceprovider", NULL };

/* What snug_device_list_new() hands out, while anybody holds it. */
static SnugDeviceList *shared[SNUG_DEVICE_SPEAKER + 1];

static void snug_device_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugDeviceList,
                               snug_device_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      snug_device_list_list_model_init))

static GType
snug_device_list_get_item_type (GListModel *model)
{
  return SNUG_TYPE_DEVICE;
}

static guint
snug_device_list_get_n_items (GListModel *model)
{
  return SNUG_DEVICE_LIST (model)->devices->len;
}

static gpointer
snug_device_list_get_item (GListModel *model, guint position)
{
  SnugDeviceList *self = SNUG_DEVICE_LIST (model);

  if (position >= self->devices->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->devices, position));
}

static void
snug_device_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = snug_device_list_get_item_type;
  iface->get_n_items = snug_device_list_get_n_items;
  iface->get_item = snug_device_list_get_item;
}

/* Returns: (transfer full): what should be in the list now. */
static GPtrArray *
look (SnugDeviceList *self)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->providers->len && found->len == 0; i++)
    {
      GPtrArray *devices
          = snug_device_provider_get_devices (g_ptr_array_index (self->providers, i));

      for (guint j = 0; j < devices->len; j++)
        {
          SnugDevice *device
              = snug_device_new_from_gst (self->kind, g_ptr_array_index (devices, j));

          if (device != NULL)
            g_ptr_array_add (found, device);
        }
    }

  return found;
}

/* The device in the array that is the same to a person. */
static SnugDevice *
find_same (GPtrArray *devices, SnugDevice *device)
{
  for (guint i = 0; i < devices->len; i++)
    {
      SnugDevice *other = g_ptr_array_index (devices, i);

      if (g_str_equal (snug_device_get_id (other), snug_device_get_id (device))
          && g_str_equal (snug_device_get_name (other), snug_device_get_name (device)))
        return other;
    }

  return NULL;
}

/* Those that stay keep their objects and their order. */
static void
update (SnugDeviceList *self)
{
  g_autoptr (GPtrArray) found = look (self);
  g_autoptr (GPtrArray) plugged = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_before;

  for (guint i = self->devices->len; i > 0; i--)
    {
      SnugDevice *device = g_ptr_array_index (self->devices, i - 1);
      SnugDevice *same = find_same (found, device);

      if (same != NULL)
        {
          /* A sound server makes a new one whenever the default changes. */
          snug_device_set_gst_device (device, snug_device_get_gst_device (same));
          continue;
        }
      g_object_ref (device);
      g_ptr_array_remove_index (self->devices, i - 1);
      g_list_model_items_changed (G_LIST_MODEL (self), i - 1, 1, 0);
      g_signal_emit (self, unplugged_signal, 0, device);
      g_object_unref (device);
    }

  n_before = self->devices->len;
  for (guint i = 0; i < found->len; i++)
    {
      SnugDevice *device = g_ptr_array_index (found, i);

      if (find_same (self->devices, device) == NULL)
        {
          g_ptr_array_add (self->devices, g_object_ref (device));
          g_ptr_array_add (plugged, g_object_ref (device));
        }
    }
  if (self->devices->len > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->devices->len - n_before);
  for (guint i = 0; i < plugged->len && self->ready; i++)
    g_signal_emit (self, plugged_signal, 0, g_ptr_array_index (plugged, i));
}

/* What GStreamer was told when it last asked. */
static SnugDevice *
find_marked (SnugDeviceList *self)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      SnugDevice *device = g_ptr_array_index (self->devices, i);
      g_autoptr (GstStructure) details = gst_device_get_properties (snug_device_get_gst_device (device));
      gboolean is_default;

      if (details != NULL && gst_structure_get_boolean (details, "is-default", &is_default) && is_default)
        return device;
    }

  return NULL;
}

/* As the list is now, whoever has been told of it. */
static SnugDevice *
find_default (SnugDeviceList *self)
{
  const char *id = self->server == NULL                     ? NULL
                   : self->kind == SNUG_DEVICE_MICROPHONE ? snug_sound_server_get_default_source (self->server)
                                                            : snug_sound_server_get_default_sink (self->server);
  SnugDevice *device = id != NULL ? snug_device_list_find (self, id) : NULL;

  /* Nobody moves a camera's picture to another camera, as a sound server does with sound: it stays. */
  if (self->kind == SNUG_DEVICE_CAMERA && g_ptr_array_find (self->devices, self->default_device, NULL))
    return self->default_device;
  if (device == NULL)
    device = find_marked (self);

  return device == NULL && self->devices->len > 0 ? g_ptr_array_index (self->devices, 0) : device;
}

static void
update_default (SnugDeviceList *self)
{
  SnugDevice *device = find_default (self);

  for (guint i = 0; i < self->devices->len; i++)
    snug_device_set_default (g_ptr_array_index (self->devices, i), g_ptr_array_index (self->devices, i) == device);
  if (g_set_object (&self->default_device, device))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEFAULT]);
}

/* Refused, after there was none at first: whoever waits for a device has to know. */
static void
update_error (SnugDeviceList *self)
{
  const GError *error = snug_device_list_get_error (self);

  if (error == NULL && self->error == NULL)
    return;
  if (error != NULL && g_error_matches (self->error, error->domain, error->code))
    return;

  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
on_provider_changed (SnugDeviceList *self)
{
  for (guint i = 0; i < self->providers->len; i++)
    if (!snug_device_provider_get_ready (g_ptr_array_index (self->providers, i)))
      return;

  g_object_ref (self);
  update (self);
  update_default (self);
  update_error (self);
  if (!self->ready)
    {
      self->ready = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
    }
  g_object_unref (self);
}

static void
snug_device_list_dispose (GObject *object)
{
  SnugDeviceList *self = SNUG_DEVICE_LIST (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  if (shared[self->kind] == self)
    shared[self->kind] = NULL;
  for (guint i = 0; i < self->providers->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->providers, i), self);
  g_ptr_array_set_size (self->providers, 0);
  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);
  g_clear_object (&self->server);
  g_clear_object (&self->default_device);

  G_OBJECT_CLASS (snug_device_list_parent_class)->dispose (object);
}

static void
snug_device_list_finalize (GObject *object)
{
  SnugDeviceList *self = SNUG_DEVICE_LIST (object);

  g_ptr_array_unref (self->providers);
  g_ptr_array_unref (self->devices);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_device_list_parent_class)->finalize (object);
}

static void
snug_device_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugDeviceList *self = SNUG_DEVICE_LIST (object);

  switch ((SnugDeviceListProperty) prop_id)
    {
    case PROP_READY:
      g_value_set_boolean (value, self->ready);
      break;
    case PROP_DEFAULT:
      g_value_set_object (value, find_default (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_device_list_class_init (SnugDeviceListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_device_list_dispose;
  object_class->finalize = snug_device_list_finalize;
  object_class->get_property = snug_device_list_get_property;

  properties[PROP_READY]
      = g_param_spec_boolean ("ready", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_DEFAULT]
      = g_param_spec_object ("default", NULL, NULL, SNUG_TYPE_DEVICE,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_ERROR]
      = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  plugged_signal = g_signal_new ("plugged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, SNUG_TYPE_DEVICE);
  unplugged_signal = g_signal_new ("unplugged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, SNUG_TYPE_DEVICE);
}

static void
snug_device_list_init (SnugDeviceList *self)
{
  self->providers = g_ptr_array_new_with_free_func (g_object_unref);
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
}

SnugDeviceList *
snug_device_list_new_for_providers (SnugDeviceKind kind, const char *const *providers)
{
  SnugDeviceList *self;

  g_return_val_if_fail (kind <= SNUG_DEVICE_SPEAKER, NULL);
  g_return_val_if_fail (snug_engine_is_main_thread (), NULL);

  self = g_object_new (SNUG_TYPE_DEVICE_LIST, NULL);
  self->kind = kind;
  for (gsize i = 0; providers[i] != NULL; i++)
    {
      SnugDeviceProvider *provider = snug_device_provider_get (providers[i]);

      g_ptr_array_add (self->providers, provider);
      g_signal_connect_swapped (provider, "changed", G_CALLBACK (on_provider_changed), self);
    }
  if (kind != SNUG_DEVICE_CAMERA)
    {
      self->server = snug_sound_server_get ();
      g_signal_connect_swapped (self->server,
                                kind == SNUG_DEVICE_MICROPHONE ? "notify::default-source" : "notify::default-sink",
                                G_CALLBACK (update_default), self);
    }
  /* Another list may have started them long ago. */
  on_provider_changed (self);

  return self;
}

/**
 * snug_device_list_new:
 * @kind: what to look for
 *
 * Everybody who asks for the same kind gets the same list, as long as somebody holds it.
 *
 * Returns: (transfer full): the list
 */
SnugDeviceList *
snug_device_list_new (SnugDeviceKind kind)
{
  g_return_val_if_fail (kind <= SNUG_DEVICE_SPEAKER, NULL);

  if (shared[kind] != NULL)
    return g_object_ref (shared[kind]);

  shared[kind] = snug_device_list_new_for_providers (
      kind, kind != SNUG_DEVICE_CAMERA         ? sound_providers
            : snug_camera_portal_is_wanted () ? portal_providers
                                              : camera_providers);

  return shared[kind];
}

gboolean
snug_device_list_get_ready (SnugDeviceList *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE_LIST (self), FALSE);

  return self->ready;
}

SnugDevice *
snug_device_list_get_default (SnugDeviceList *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE_LIST (self), NULL);

  return find_default (self);
}

const GError *
snug_device_list_get_error (SnugDeviceList *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE_LIST (self), NULL);

  for (guint i = 0; i < self->providers->len && self->devices->len == 0; i++)
    if (snug_device_provider_get_error (g_ptr_array_index (self->providers, i)) != NULL)
      return snug_device_provider_get_error (g_ptr_array_index (self->providers, i));

  return NULL;
}

void
snug_device_list_retry (SnugDeviceList *self)
{
  g_return_if_fail (SNUG_IS_DEVICE_LIST (self));

  for (guint i = 0; i < self->providers->len; i++)
    snug_device_provider_retry (g_ptr_array_index (self->providers, i));
}

SnugDevice *
snug_device_list_find (SnugDeviceList *self, const char *id)
{
  g_return_val_if_fail (SNUG_IS_DEVICE_LIST (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->devices->len; i++)
    {
      SnugDevice *device = g_ptr_array_index (self->devices, i);

      if (g_str_equal (snug_device_get_id (device), id))
        return device;
    }

  return NULL;
}

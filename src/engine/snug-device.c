/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-device-private.h"

struct _SnugDevice
{
  GObject parent_instance;

  SnugDeviceKind kind;
  char *id;
  char *name;
  GstDevice *device;
  gboolean is_default;
};

typedef enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_KIND,
  PROP_DEFAULT
} SnugDeviceProperty;

static GParamSpec *properties[PROP_DEFAULT + 1];

G_DEFINE_FINAL_TYPE (SnugDevice, snug_device, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SnugDeviceKind,
                    snug_device_kind,
                    G_DEFINE_ENUM_VALUE (SNUG_DEVICE_CAMERA, "camera"),
                    G_DEFINE_ENUM_VALUE (SNUG_DEVICE_MICROPHONE, "microphone"),
                    G_DEFINE_ENUM_VALUE (SNUG_DEVICE_SPEAKER, "speaker"))

static const char *const device_class[] = { "Video/Source", "Audio/Source", "Audio/Sink" };

/* What stays the same when the device is plugged in again or the machine restarts: the sound
 * server's name for it, PipeWire's node name, or the device file. */
static char *
dup_id (GstDevice *device, const GstStructure *device_properties)
{
  static const char *const fields[] = { "node.name", "device.path", "v4l2.device.path" };

  /* pulsesrc and pulsesink know a device by this name only; a monitor's node.name is that of its
   * sink. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (device), "internal-name") != NULL)
    {
      char *name;

      g_object_get (device, "internal-name", &name, NULL);
      return name;
    }

  for (gsize i = 0; device_properties != NULL && i < G_N_ELEMENTS (fields); i++)
    {
      const char *value = gst_structure_get_string (device_properties, fields[i]);

      if (value != NULL && *value != '\0')
        return g_strdup (value);
    }

  return NULL;
}

SnugDevice *
snug_device_new (SnugDeviceKind kind, const char *id, const char *name)
{
  SnugDevice *self = g_object_new (SNUG_TYPE_DEVICE, NULL);

  self->kind = kind;
  self->id = g_strdup (id);
  self->name = g_strdup (name);

  return self;
}

SnugDevice *
snug_device_new_from_gst (SnugDeviceKind kind, GstDevice *device)
{
  g_autoptr (GstStructure) device_properties = gst_device_get_properties (device);
  g_autofree char *class_name = gst_device_get_device_class (device);
  g_autofree char *id = dup_id (device, device_properties);
  g_autofree char *name = NULL;
  SnugDevice *self;

  if (!g_str_equal (class_name, device_class[kind]) || id == NULL || *id == '\0')
    return NULL;
  if (device_properties != NULL
      && g_strcmp0 (gst_structure_get_string (device_properties, "device.class"), "monitor") == 0)
    return NULL;

  name = gst_device_get_display_name (device);
  self = snug_device_new (kind, id, name);
  self->device = gst_object_ref (device);

  return self;
}

static void
snug_device_finalize (GObject *object)
{
  SnugDevice *self = SNUG_DEVICE (object);

  g_free (self->id);
  g_free (self->name);
  gst_clear_object (&self->device);

  G_OBJECT_CLASS (snug_device_parent_class)->finalize (object);
}

static void
snug_device_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugDevice *self = SNUG_DEVICE (object);

  switch ((SnugDeviceProperty) prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_DEFAULT:
      g_value_set_boolean (value, self->is_default);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_device_class_init (SnugDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = snug_device_finalize;
  object_class->get_property = snug_device_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_KIND]
      = g_param_spec_enum ("kind", NULL, NULL, SNUG_TYPE_DEVICE_KIND, SNUG_DEVICE_CAMERA, flags);
  properties[PROP_DEFAULT] = g_param_spec_boolean ("default", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_device_init (SnugDevice *self)
{
}

const char *
snug_device_get_id (SnugDevice *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE (self), NULL);

  return self->id;
}

const char *
snug_device_get_name (SnugDevice *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE (self), NULL);

  return self->name;
}

SnugDeviceKind
snug_device_get_kind (SnugDevice *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE (self), SNUG_DEVICE_CAMERA);

  return self->kind;
}

gboolean
snug_device_get_default (SnugDevice *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE (self), FALSE);

  return self->is_default;
}

GstDevice *
snug_device_get_gst_device (SnugDevice *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICE (self), NULL);

  return self->device;
}

void
snug_device_set_gst_device (SnugDevice *self, GstDevice *device)
{
  g_return_if_fail (SNUG_IS_DEVICE (self));

  g_set_object (&self->device, device);
}

void
snug_device_set_default (SnugDevice *self, gboolean is_default)
{
  g_return_if_fail (SNUG_IS_DEVICE (self));

  if (self->is_default == is_default)
    return;

  self->is_default = is_default;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEFAULT]);
}

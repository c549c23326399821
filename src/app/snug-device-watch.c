/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-device-watch.h"

/* A list changes piece by piece: a device that comes back at once, as when its profile changes, was never gone. */
#define SETTLE_MS 400

enum
{
  APPEARED,
  GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugDeviceWatch
{
  GObject parent_instance;

  GListModel *devices;
  GPtrArray *known; /* (element-type SnugDevice), nullable: before the first look */
  GPtrArray *defaults; /* (element-type SnugDevice): at the last look, and since */
  guint settle_id;
};

G_DEFINE_FINAL_TYPE (SnugDeviceWatch, snug_device_watch, G_TYPE_OBJECT)

static GPtrArray *
look (SnugDeviceWatch *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (self->devices); i++)
    g_ptr_array_add (all, g_list_model_get_item (self->devices, i));
  return all;
}

/* Returns: (transfer full) (nullable). */
static SnugDevice *
dup_default (SnugDeviceWatch *self)
{
  SnugDevice *device;

  if (!SNUG_IS_DEVICE_LIST (self->devices))
    return g_list_model_get_item (self->devices, 0);
  device = snug_device_list_get_default (SNUG_DEVICE_LIST (self->devices));
  return device != NULL ? g_object_ref (device) : NULL;
}

static void
add_default (SnugDeviceWatch *self)
{
  SnugDevice *device = dup_default (self);

  if (device != NULL)
    g_ptr_array_add (self->defaults, device);
}

static gboolean
contains (GPtrArray *devices, SnugDevice *device)
{
  for (guint i = 0; i < devices->len; i++)
    if (strcmp (snug_device_get_id (g_ptr_array_index (devices, i)), snug_device_get_id (device)) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_ready (SnugDeviceWatch *self)
{
  return !SNUG_IS_DEVICE_LIST (self->devices) || snug_device_list_get_ready (SNUG_DEVICE_LIST (self->devices));
}

static gboolean
on_settled (gpointer user_data)
{
  SnugDeviceWatch *self = SNUG_DEVICE_WATCH (user_data);
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->known);
  g_autoptr (GPtrArray) now = look (self);
  g_autoptr (GPtrArray) defaults_before = NULL;
  g_autoptr (SnugDevice) default_now = dup_default (self);

  self->settle_id = 0;
  if (!is_ready (self))
    return G_SOURCE_REMOVE;
  self->known = g_ptr_array_ref (now);
  defaults_before = g_steal_pointer (&self->defaults);
  self->defaults = g_ptr_array_new_with_free_func (g_object_unref);
  add_default (self);
  if (before == NULL)
    return G_SOURCE_REMOVE;
  g_object_ref (self);
  for (guint i = 0; i < before->len; i++)
    if (!contains (now, g_ptr_array_index (before, i)))
      g_signal_emit (self, signals[GONE], 0, g_ptr_array_index (before, i), default_now,
                     g_ptr_array_find (defaults_before, g_ptr_array_index (before, i), NULL));
  for (guint i = 0; i < now->len; i++)
    if (!contains (before, g_ptr_array_index (now, i)))
      g_signal_emit (self, signals[APPEARED], 0, g_ptr_array_index (now, i));
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static void
on_changed (SnugDeviceWatch *self)
{
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, on_settled, self);
}

static void
on_default_changed (SnugDeviceWatch *self)
{
  add_default (self);
  on_changed (self);
}

static void
snug_device_watch_dispose (GObject *object)
{
  SnugDeviceWatch *self = SNUG_DEVICE_WATCH (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_pointer (&self->known, g_ptr_array_unref);
  g_clear_pointer (&self->defaults, g_ptr_array_unref);
  g_clear_object (&self->devices);
  G_OBJECT_CLASS (snug_device_watch_parent_class)->dispose (object);
}

static void
snug_device_watch_class_init (SnugDeviceWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = snug_device_watch_dispose;

  signals[APPEARED] = g_signal_new ("appeared", SNUG_TYPE_DEVICE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, SNUG_TYPE_DEVICE);
  signals[GONE] = g_signal_new ("gone", SNUG_TYPE_DEVICE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 3, SNUG_TYPE_DEVICE, SNUG_TYPE_DEVICE, G_TYPE_BOOLEAN);
}

static void
snug_device_watch_init (SnugDeviceWatch *self)
{
  self->defaults = g_ptr_array_new_with_free_func (g_object_unref);
}

SnugDeviceWatch *
snug_device_watch_new (GListModel *devices)
{
  SnugDeviceWatch *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (devices), NULL);

  self = g_object_new (SNUG_TYPE_DEVICE_WATCH, NULL);
  self->devices = g_object_ref (devices);
  g_signal_connect_object (devices, "items-changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  if (SNUG_IS_DEVICE_LIST (devices))
    {
      g_signal_connect_object (devices, "notify::ready", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (devices, "notify::default", G_CALLBACK (on_default_changed), self, G_CONNECT_SWAPPED);
    }
  add_default (self);
  if (is_ready (self))
    self->known = look (self);
  return self;
}

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

  self->settle_id = 0;
  if (!is_ready (self))
    return G_SOURCE_REMOVE;
  self->known = g_ptr_array_ref (now);
  if (before == NULL)
    return G_SOURCE_REMOVE;
  g_object_ref (self);
  for (guint i = 0; i < before->len; i++)
    if (!contains (now, g_ptr_array_index (before, i)))
      g_signal_emit (self, signals[GONE], 0, g_ptr_array_index (before, i),
                     now->len > 0 ? g_ptr_array_index (now, 0) : NULL);
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
snug_device_watch_dispose (GObject *object)
{
  SnugDeviceWatch *self = SNUG_DEVICE_WATCH (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_pointer (&self->known, g_ptr_array_unref);
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
                                G_TYPE_NONE, 2, SNUG_TYPE_DEVICE, SNUG_TYPE_DEVICE);
}

static void
snug_device_watch_init (SnugDeviceWatch *self)
{
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
    g_signal_connect_object (devices, "notify::ready", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  if (is_ready (self))
    self->known = look (self);
  return self;
}

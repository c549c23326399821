/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The GStreamer side of a device; for what opens it.
 */
#pragma once

#include <gst/gst.h>

#include "snug-device-list.h"

G_BEGIN_DECLS

/* One with nothing behind it, for what only looks at lists. Returns: (transfer full). */
SnugDevice *snug_device_new (SnugDeviceKind kind, const char *id, const char *name);
/* NULL for what is no device of that kind: a monitor, another program's stream. Returns: (transfer full) (nullable). */
SnugDevice *snug_device_new_from_gst (SnugDeviceKind kind, GstDevice *device);

/* Returns: (transfer none). */
GstDevice *snug_device_get_gst_device (SnugDevice *self);
/* The same device, by another handle. */
void snug_device_set_gst_device (SnugDevice *self, GstDevice *device);
void snug_device_set_default (SnugDevice *self, gboolean is_default);

/* A list of its own, from the GStreamer device providers of those names (NULL-terminated): the first that has
 * anything counts. Returns: (transfer full). */
SnugDeviceList *snug_device_list_new_for_providers (SnugDeviceKind kind, const char *const *providers);

G_END_DECLS

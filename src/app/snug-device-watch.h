/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Notices what is plugged in and out while the app runs; what was there from the start is no news. Main context.
 *
 * Signals: "appeared" (SnugDevice): a device that was not there. "gone" (SnugDevice, SnugDevice nullable, gboolean): one that was;
 * the default one of those that are left; and whether the one that is gone was the default.
 */
#pragma once

#include "snug-device-list.h"

G_BEGIN_DECLS

#define SNUG_TYPE_DEVICE_WATCH (snug_device_watch_get_type ())
G_DECLARE_FINAL_TYPE (SnugDeviceWatch, snug_device_watch, SNUG, DEVICE_WATCH, GObject)

/* devices: a model of SnugDevice; with a "ready" property, what it shows before it is ready is what was there.
 * Returns: (transfer full). */
SnugDeviceWatch *snug_device_watch_new (GListModel *devices);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One of GStreamer's device providers, started and stopped on a worker because a sound or camera service may take
 * its time to answer. One that can't start (no service) is tried again every few seconds. Main context.
 *
 * Signal: "changed": devices came or went, or the first look is over.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define SNUG_TYPE_DEVICE_PROVIDER (snug_device_provider_get_type ())
G_DECLARE_FINAL_TYPE (SnugDeviceProvider, snug_device_provider, SNUG, DEVICE_PROVIDER, GObject)

/* The one of that name, which all share. Returns: (transfer full). */
SnugDeviceProvider *snug_device_provider_get (const char *factory);

/* Whether the first look is over, found or not. */
gboolean snug_device_provider_get_ready (SnugDeviceProvider *self);
/* Why nothing is there, when it is known: cameras that may not be used. Returns: (transfer none) (nullable): SNUG_MEDIA_ERROR. */
const GError *snug_device_provider_get_error (SnugDeviceProvider *self);
/* Asks again for what was refused; nothing happens unless it was. */
void snug_device_provider_retry (SnugDeviceProvider *self);
/* Returns: (transfer none) (element-type GstDevice): what is there now, in the order it came. */
GPtrArray *snug_device_provider_get_devices (SnugDeviceProvider *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cameras, microphones or speakers that are there now, as a GListModel of SnugDevice. Follows hot-plug.
 * Monitors and the streams of other programs are left out. Main context.
 *
 * Signals: "plugged", "unplugged" (SnugDevice): one came or went since the first look, after "items-changed".
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  SNUG_DEVICE_CAMERA,
  SNUG_DEVICE_MICROPHONE,
  SNUG_DEVICE_SPEAKER
} SnugDeviceKind;

#define SNUG_TYPE_DEVICE_KIND (snug_device_kind_get_type ())
GType snug_device_kind_get_type (void);

/* One device. Properties: "id" (string, stable across restarts), "name" (string, for people), "kind"; "default" (gboolean, with
 * notify): whether it is taken for those who name none, as PipeWire or the sound server says. Without a word about cameras it is the first
 * in the list, and one that is stays it as long as it is there. */
#define SNUG_TYPE_DEVICE (snug_device_get_type ())
G_DECLARE_FINAL_TYPE (SnugDevice, snug_device, SNUG, DEVICE, GObject)

const char *snug_device_get_id (SnugDevice *self);
const char *snug_device_get_name (SnugDevice *self);
SnugDeviceKind snug_device_get_kind (SnugDevice *self);
gboolean snug_device_get_default (SnugDevice *self);

#define SNUG_TYPE_DEVICE_LIST (snug_device_list_get_type ())
G_DECLARE_FINAL_TYPE (SnugDeviceList, snug_device_list, SNUG, DEVICE_LIST, GObject)

/* Starts looking at once, in the background. Properties, with notify: "ready" (gboolean) turns TRUE when the first look is over,
 * even when nothing was found; "default" (SnugDevice, nullable); "error" (GError, nullable). Returns: (transfer full). */
SnugDeviceList *snug_device_list_new (SnugDeviceKind kind);
gboolean snug_device_list_get_ready (SnugDeviceList *self);
/* What is used when nothing is chosen: what the sound server says, or the first one. Returns: (transfer none) (nullable). */
SnugDevice *snug_device_list_get_default (SnugDeviceList *self);
/* Why the list is empty, when it is known: cameras that may not be used (SNUG_MEDIA_ERROR_DENIED). Returns: (transfer none)
 * (nullable). */
const GError *snug_device_list_get_error (SnugDeviceList *self);
/* Asks again for what was refused, as when the person turns the camera on once more. */
void snug_device_list_retry (SnugDeviceList *self);
/* Returns: (transfer none) (nullable): the device with that id. */
SnugDevice *snug_device_list_find (SnugDeviceList *self, const char *id);

G_END_DECLS

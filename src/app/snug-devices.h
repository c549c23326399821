/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What this window sees, hears and speaks with: the local media, the sound output and the lists of devices, all
 * following the settings. Lives from the lobby through every call.
 */
#pragma once

#include "snug-audio-output.h"
#include "snug-device-list.h"
#include "snug-local-media.h"

G_BEGIN_DECLS

#define SNUG_TYPE_DEVICES (snug_devices_get_type ())
G_DECLARE_FINAL_TYPE (SnugDevices, snug_devices, SNUG, DEVICES, GObject)

/* test: a test picture and a test tone instead of devices, and no speaker. Returns: (transfer full). */
SnugDevices *snug_devices_new (GSettings *settings, gboolean test);
SnugLocalMedia *snug_devices_get_local_media (SnugDevices *self);
SnugAudioOutput *snug_devices_get_audio_output (SnugDevices *self);
/* Returns: (transfer none) (nullable): NULL in test mode. */
SnugDeviceList *snug_devices_get_list (SnugDevices *self, SnugDeviceKind kind);
GSettings *snug_devices_get_settings (SnugDevices *self);

/* The key that remembers the device of a kind. */
const char *snug_devices_get_key (SnugDeviceKind kind);

G_END_DECLS

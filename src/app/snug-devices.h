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

/* The values of the setting "picture-quality". */
typedef enum
{
  SNUG_PICTURE_AUTOMATIC, /* what the connection and the machine carry, up to 720p */
  SNUG_PICTURE_SHARP,     /* 1080p */
  SNUG_PICTURE_BALANCED,  /* 540p */
  SNUG_PICTURE_SPARING    /* 360p, for a slow or costly connection */
} SnugPictureQuality;

#define SNUG_TYPE_DEVICES (snug_devices_get_type ())
G_DECLARE_FINAL_TYPE (SnugDevices, snug_devices, SNUG, DEVICES, GObject)

/* test: a test picture and a test tone instead of devices, and no speaker. Returns: (transfer full). */
SnugDevices *snug_devices_new (GSettings *settings, gboolean test);
SnugLocalMedia *snug_devices_get_local_media (SnugDevices *self);
SnugAudioOutput *snug_devices_get_audio_output (SnugDevices *self);
/* Returns: (transfer none) (nullable): NULL in test mode. */
SnugDeviceList *snug_devices_get_list (SnugDevices *self, SnugDeviceKind kind);
/* What to say in the place of a device's name when there is none. */
const char *snug_devices_describe_none (SnugDevices *self, SnugDeviceKind kind);
GSettings *snug_devices_get_settings (SnugDevices *self);

/* The key that remembers the device of a kind. */
const char *snug_devices_get_key (SnugDeviceKind kind);

G_END_DECLS

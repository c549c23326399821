/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row to choose a camera, microphone or speakers with; the choice goes to the settings.
 *
 * Property: "kind" (SnugDeviceKind as guint, construct-only).
 */
#pragma once

#include "snug-devices.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SNUG_TYPE_DEVICE_ROW (snug_device_row_get_type ())
G_DECLARE_FINAL_TYPE (SnugDeviceRow, snug_device_row, SNUG, DEVICE_ROW, AdwComboRow)

/* devices: (nullable). */
void snug_device_row_set_devices (SnugDeviceRow *self, SnugDevices *devices);

G_END_DECLS

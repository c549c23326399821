/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The devices of one kind, to choose from in mid-call; for the microphone also what is done to its sound. A page of a menu.
 *
 * Property, with notify: "current-name" (string, nullable): the name of the device in use, as far as it is known.
 */
#pragma once

#include "snug-devices.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_DEVICE_MENU (snug_device_menu_get_type ())
G_DECLARE_FINAL_TYPE (SnugDeviceMenu, snug_device_menu, SNUG, DEVICE_MENU, GtkWidget)

/* devices: (nullable). */
void snug_device_menu_set_devices (SnugDeviceMenu *self, SnugDevices *devices);

G_END_DECLS

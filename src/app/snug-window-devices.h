/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a window says when a device comes or goes. Main context.
 */
#pragma once

#include "snug-devices.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* From now on: offers a device that was plugged in, and tells what took the place of one in use that is gone. Lives as
 * long as the overlay. */
void snug_window_devices_watch (AdwToastOverlay *toasts, SnugDevices *devices);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What does not stand on the bar of a call: devices, layout, windows, preferences; in a narrow window the rest of the bar, too.
 *
 * Property, writable: "narrow" (gboolean).
 */
#pragma once

#include "snug-call.h"
#include "snug-devices.h"
#include "snug-spotlight.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_MORE_MENU (snug_more_menu_get_type ())
G_DECLARE_FINAL_TYPE (SnugMoreMenu, snug_more_menu, SNUG, MORE_MENU, GtkPopover)

/* devices: (nullable). */
void snug_more_menu_set_devices (SnugMoreMenu *self, SnugDevices *devices);
/* call: (nullable). */
void snug_more_menu_set_call (SnugMoreMenu *self, SnugCall *call);
/* How everybody stands now, and whether one's own picture is hidden. */
void snug_more_menu_update (SnugMoreMenu *self, gboolean narrow, SnugSpotlightMode mode, gboolean own_hidden, gboolean fullscreen);

G_END_DECLS

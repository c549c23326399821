/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is set once: name, meeting point, devices, servers to find a path with, privacy.
 */
#pragma once

#include "snug-devices.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SNUG_TYPE_PREFERENCES_WINDOW (snug_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (SnugPreferencesWindow, snug_preferences_window, SNUG, PREFERENCES_WINDOW, AdwPreferencesWindow)

SnugPreferencesWindow *snug_preferences_window_new (SnugDevices *devices);
/* name: "general", "devices", "network" or "privacy". */
void snug_preferences_window_show_page (SnugPreferencesWindow *self, const char *name);

/* Whether something can be added to the key "ice-servers"; *sentence (out) (transfer none) says what is wrong with it. Pure. */
gboolean snug_preferences_check_ice_server (const char *uri,
                                            const char *username,
                                            const char *credential,
                                            const char **sentence);

G_END_DECLS

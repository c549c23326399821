/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "Test my sound": a button that records three seconds and plays them, and tells what it does. Main context.
 *
 * Property, with notify: "status" (string, nullable): a sentence while there is something to tell.
 */
#pragma once

#include "snug-devices.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_SOUND_TEST_BUTTON (snug_sound_test_button_get_type ())
G_DECLARE_FINAL_TYPE (SnugSoundTestButton, snug_sound_test_button, SNUG, SOUND_TEST_BUTTON, GtkWidget)

GtkWidget *snug_sound_test_button_new (SnugDevices *devices);
const char *snug_sound_test_button_get_status (SnugSoundTestButton *self);

G_END_DECLS

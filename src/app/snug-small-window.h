/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The call as a small window beside other work: who leads, the microphone, leaving, and the way back. Without a frame: it
 * is moved by its picture.
 *
 * Signal: "return": back to the large window, also when the person closes this one.
 */
#pragma once

#include "snug-active-speaker.h"
#include "snug-call.h"
#include "snug-spotlight.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_SMALL_WINDOW (snug_small_window_get_type ())
G_DECLARE_FINAL_TYPE (SnugSmallWindow, snug_small_window, SNUG, SMALL_WINDOW, GtkWindow)

/* Returns: (transfer none): owned by GTK until it is destroyed. */
GtkWindow *snug_small_window_new (GtkApplication *application, SnugCall *call, SnugSpotlight *spotlight);

G_END_DECLS

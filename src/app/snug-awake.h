/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps screen and machine awake as long as it lives: through the session manager, or the Inhibit portal. Where the desktop
 * has neither, the log says so, and that is all.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_AWAKE (snug_awake_get_type ())
G_DECLARE_FINAL_TYPE (SnugAwake, snug_awake, SNUG, AWAKE, GObject)

/* window: borrowed, outlives this; belongs to an application. Returns: (transfer full). */
SnugAwake *snug_awake_new (GtkWindow *window);

G_END_DECLS

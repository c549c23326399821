/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a window asks of the desktop that GTK has no words for, on X11 and on Wayland. Everything else of the app is the
 * same on both.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* handle: "x11:…" or "wayland:…", or NULL: there is none. */
typedef void (*SnugDesktopWindowFunc) (const char *handle, gpointer object);

/* The name by which a portal knows the window that its dialog belongs to; func is called once, at once or later, unless
 * the window is gone by then. object: a GObject for func, kept alive until then. */
void snug_desktop_window_export (GtkWindow *window, SnugDesktopWindowFunc func, gpointer object);

/* Asks that the window stays above the others. It has to be mapped. FALSE: this desktop can't be asked; on Wayland only
 * the person can, by the menu of the window. */
gboolean snug_desktop_window_keep_above (GtkWindow *window);

G_END_DECLS

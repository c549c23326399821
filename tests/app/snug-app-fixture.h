/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What tests of widgets share: the application with its style, a window, finding and drawing what is in it.
 */
#pragma once

#include "snug-devices.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Starts GTK, the engine and the application object, once per process. Returns: (transfer none). */
GtkApplication *snug_app_fixture_start (void);
/* Test sources. Returns: (transfer none): one for the process. */
SnugDevices *snug_app_fixture_get_devices (void);
/* A window of that size with a page in it, shown and laid out. page: (transfer none) (floating). */
GtkWidget *snug_app_fixture_show (GtkWidget *page, int width, int height);
/* Destroys it and waits until nothing is left to do. */
void snug_app_fixture_close (GtkWidget *window);

/* The first widget below root, in the order of drawing, that is of type and has the text (a label's or button's, an
 * icon name, a title; NULL for any), or NULL. */
GtkWidget *snug_app_fixture_find (GtkWidget *root, GType type, const char *text);
/* Whether a label with that text can be seen. */
gboolean snug_app_fixture_sees (GtkWidget *root, const char *text);

/* Draws the widget; the picture goes to $SNUG_SCREENSHOTS/name.png if that is set. Returns how many different colours
 * it has, of some thousand points. */
guint snug_app_fixture_draw (GtkWidget *widget, const char *name);

/* The look of the desktop. */
void snug_app_fixture_set_dark (gboolean dark);
/* Shows what make() makes wide and narrow, light and dark, draws it as name-WIDE-LIGHT and so on, and sees that it goes away
 * with its window. */
void snug_app_fixture_draw_everywhere (const char *name, GtkWidget *(*make) (void));

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window: lobby, call and failure as pages of one stack, and the one call there is.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SNUG_TYPE_WINDOW (snug_window_get_type ())
G_DECLARE_FINAL_TYPE (SnugWindow, snug_window, SNUG, WINDOW, AdwApplicationWindow)

/* settings: of the app's schema. test_media: test sources instead of devices. */
SnugWindow *snug_window_new (GtkApplication *application, GSettings *settings, gboolean test_media);
/* server: (nullable): a meeting point for this run, instead of that in the settings. */
void snug_window_set_server (SnugWindow *self, const char *server);
/* Fills in a room name; joins nothing. */
void snug_window_set_room (SnugWindow *self, const char *room);
/* Fills in the room that a link names, or says that the link is bad; joins nothing. link: any bytes, NUL-terminated. */
void snug_window_open_link (SnugWindow *self, const char *link);
/* Comes to the front, with the chat open if there is a call and chat is TRUE. */
void snug_window_show_call (SnugWindow *self, gboolean chat);
void snug_window_show_preferences (SnugWindow *self, const char *page);
void snug_window_toast (SnugWindow *self, const char *sentence);

G_END_DECLS

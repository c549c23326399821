/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Says something to those who can't see the window, through assistive technology; nobody sees it. One of them stands in each
 * window.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_ANNOUNCER (snug_announcer_get_type ())
G_DECLARE_FINAL_TYPE (SnugAnnouncer, snug_announcer, SNUG, ANNOUNCER, GtkWidget)

/* When what was said before has had its time; of a flood the newest few are said. */
void snug_announcer_say (SnugAnnouncer *self, const char *text);
/* As say, but not when something else waits already: for what may come often, and must not crowd out the rest. */
void snug_announcer_mention (SnugAnnouncer *self, const char *text);

G_END_DECLS

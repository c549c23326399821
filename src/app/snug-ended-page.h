/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * After a call: how long it was, with whom, how good.
 *
 * Signals: "again": back into the same room; "done": to the lobby.
 */
#pragma once

#include "snug-call-tally.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_ENDED_PAGE (snug_ended_page_get_type ())
G_DECLARE_FINAL_TYPE (SnugEndedPage, snug_ended_page, SNUG, ENDED_PAGE, GtkWidget)

/* people: (nullable): display names, NULL-terminated. */
void snug_ended_page_show (SnugEndedPage *self,
                           const char *room,
                           gint64 seconds,
                           const char *const *people,
                           const SnugCallTally *tally);
void snug_ended_page_focus_start (SnugEndedPage *self);

G_END_DECLS

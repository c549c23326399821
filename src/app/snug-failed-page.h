/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A call that did not work: what happened, try again or go back, and why.
 *
 * Signals: "retry", "back"; "remedy" (guint SnugRemedy): lead there; "copied": the report is in the clipboard.
 */
#pragma once

#include "snug-failure.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_FAILED_PAGE (snug_failed_page_get_type ())
G_DECLARE_FINAL_TYPE (SnugFailedPage, snug_failed_page, SNUG, FAILED_PAGE, GtkWidget)

/* failure: (transfer none). */
void snug_failed_page_show (SnugFailedPage *self, const char *room, const SnugFailure *failure);
void snug_failed_page_focus_start (SnugFailedPage *self);

G_END_DECLS

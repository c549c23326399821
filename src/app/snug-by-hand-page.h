/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connecting by hand, step by step: an invitation to copy and its answer to paste, or the other way round.
 *
 * Signals: "start" (SnugManualSignaling): make a call over it; it is shown how far it is; "back": no further, end that
 * call; "toast" (string).
 */
#pragma once

#include <adwaita.h>

#include "snug-manual-signaling.h"

G_BEGIN_DECLS

#define SNUG_TYPE_BY_HAND_PAGE (snug_by_hand_page_get_type ())
G_DECLARE_FINAL_TYPE (SnugByHandPage, snug_by_hand_page, SNUG, BY_HAND_PAGE, GtkWidget)

/* At the beginning again, with nothing of the last time. */
void snug_by_hand_page_reset (SnugByHandPage *self);
void snug_by_hand_page_focus_start (SnugByHandPage *self);

G_END_DECLS

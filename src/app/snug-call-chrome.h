/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hides header and control bar over a full-stage picture when nothing has moved for a while, and brings them back.
 */
#pragma once

#include "snug-notice.h"

G_BEGIN_DECLS

#define SNUG_TYPE_CALL_CHROME (snug_call_chrome_get_type ())
G_DECLARE_FINAL_TYPE (SnugCallChrome, snug_call_chrome, SNUG, CALL_CHROME, GObject)

/* Nothing is referenced: the owner of the widgets drops this first. While a menu is open nothing
 * hides. Returns: (transfer full). */
SnugCallChrome *snug_call_chrome_new (GtkWidget *stage,
                                      GtkWidget *header,
                                      GtkWidget *bar,
                                      SnugNotice *notice);
/* Whether hiding makes sense at all: over full-stage video, or in full screen. */
void snug_call_chrome_set_may_hide (SnugCallChrome *self, gboolean may_hide);
/* Shows both, and starts to wait again. */
void snug_call_chrome_wake (SnugCallChrome *self);
gboolean snug_call_chrome_get_hidden (SnugCallChrome *self);

G_END_DECLS

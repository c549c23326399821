/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be done about showing one's own screen: begin it in one of two ways, pause it, end it. Goes into a popover.
 *
 * Action of the widgets around it that it uses: "call.share-screen" (s: "text" or "motion").
 */
#pragma once

#include "snug-screen-share.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_SHARE_MENU (snug_share_menu_get_type ())
G_DECLARE_FINAL_TYPE (SnugShareMenu, snug_share_menu, SNUG, SHARE_MENU, GtkWidget)

/* share: (nullable). */
void snug_share_menu_set_share (SnugShareMenu *self, SnugScreenShare *share);

G_END_DECLS

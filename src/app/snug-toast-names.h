/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* From now on the buttons of each toast that shows up there say what they are to assistive technology: libadwaita 1.2 says the
 * one twice, and of the cross nothing. */
void snug_toast_names_follow (AdwToastOverlay *toasts);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* From now on the buttons of each toast that shows up there say what they are to assistive technology: libadwaita 1.2 says the
 * one twice, and of the cross nothing. */
void snug_toast_name_buttons (AdwToastOverlay *toasts);

/* sentence: plain text; a toast takes markup, and names of people and devices are whatever they like. seconds: how long it
 * stays. Returns: (transfer full): a toast that waits for the one before it. */
AdwToast *snug_toast_new (const char *sentence, guint seconds);

/* Shows the sentence instead of the one said there before. None is ever of ADW_TOAST_PRIORITY_HIGH: libadwaita 1.2 aborts when
 * a toast that pushed another aside is dismissed before that one has faded. */
void snug_toast_say (AdwToastOverlay *toasts, const char *sentence, guint seconds);

/* Takes back what was said last, if it still shows. */
void snug_toast_unsay (AdwToastOverlay *toasts);

G_END_DECLS

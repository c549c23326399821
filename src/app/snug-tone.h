/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Avatar colours: one for each person of a call, in the order they came, the same on tiles and in the chat.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_N_TONES 8
/* The tone of this side, the quietest one. */
#define SNUG_TONE_OWN (SNUG_N_TONES - 1)

/* The tone of a person. scope: any object that lives as long as the call, usually the call. */
guint snug_tone_for_peer (GObject *scope, const char *peer_id);

/* Replaces the style class that says the tone. */
void snug_tone_apply (GtkWidget *avatar, guint tone);

G_END_DECLS

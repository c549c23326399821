/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Draws a person's attention to what happens in a call: a short sound, a sentence for those who can't see, a notification
 * when the window is not in front. And keeps the machine awake as long as the call lasts.
 */
#pragma once

#include "snug-announcer.h"
#include "snug-call.h"
#include "snug-chat-panel.h"
#include "snug-sounds.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_ATTENTION (snug_attention_get_type ())
G_DECLARE_FINAL_TYPE (SnugAttention, snug_attention, SNUG, ATTENTION, GObject)

/* window: borrowed, outlives this; belongs to an application with the actions "show-call" and "show-chat". chat_panel:
 * where the messages are seen; borrowed likewise. sounds: (nullable). Returns: (transfer full): to be dropped with the
 * call. */
SnugAttention *snug_attention_new (SnugCall *call,
                                   GtkWindow *window,
                                   SnugChatPanel *chat_panel,
                                   SnugAnnouncer *announcer,
                                   SnugSounds *sounds);

G_END_DECLS

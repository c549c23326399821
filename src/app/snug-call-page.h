/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A call, seen: the stage with the people on it, the controls, and the panel beside it.
 *
 * Signals: "toast" (char *sentence): something happened that the stage can't show, because it is not seen. "peer-failed" (SnugPeer): the only other
 * person can't be connected. Actions, for whoever translates keys: "call.toggle-microphone", "call.toggle-camera",
 * "call.toggle-chat", "call.show-chat", "call.toggle-connection", "call.toggle-layout", "call.toggle-share",
 * "call.toggle-hand", "call.close-panel", "call.leave", "call.next-region", "call.previous-region",
 * "call.move-own-picture" (i: a GtkDirectionType).
 */
#pragma once

#include "snug-call-tally.h"
#include "snug-call.h"
#include "snug-chat-panel.h"
#include "snug-devices.h"
#include "snug-spotlight.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_CALL_PAGE (snug_call_page_get_type ())
G_DECLARE_FINAL_TYPE (SnugCallPage, snug_call_page, SNUG, CALL_PAGE, GtkWidget)

/* call: (nullable). address: (nullable): the meeting point that the others have to use; hosted: it is this computer. */
void snug_call_page_set_call (SnugCallPage *self, SnugCall *call, const char *address, gboolean hosted);
/* Whether that call is one without a meeting point, on the local network. */
void snug_call_page_set_on_network (SnugCallPage *self, gboolean on_network);
/* What the menu chooses from. devices: (nullable). */
void snug_call_page_set_devices (SnugCallPage *self, SnugDevices *devices);
SnugCall *snug_call_page_get_call (SnugCallPage *self);
/* Where the messages are seen. Returns: (transfer none). */
SnugChatPanel *snug_call_page_get_chat_panel (SnugCallPage *self);
void snug_call_page_set_fullscreen (SnugCallPage *self, gboolean fullscreen);
/* A key was pressed somewhere in the window. */
void snug_call_page_wake (SnugCallPage *self);
void snug_call_page_focus_start (SnugCallPage *self);
/* Names of everybody who was in this call. Returns: (transfer full): NULL-terminated. */
char **snug_call_page_list_people (SnugCallPage *self);
/* Seconds from when somebody else was there first to when somebody was last. */
gint64 snug_call_page_get_length (SnugCallPage *self);
/* How it has been. Returns: (transfer none). */
const SnugCallTally *snug_call_page_get_tally (SnugCallPage *self);
/* Returns: (transfer none): who leads the stage. */
SnugSpotlight *snug_call_page_get_spotlight (SnugCallPage *self);
/* The space bar goes down or up, before anything in the window hears of it: held, it turns the microphone on. Returns:
 * whether it did; if not, it is a key like any other. */
gboolean snug_call_page_press_space (SnugCallPage *self);
gboolean snug_call_page_release_space (SnugCallPage *self);

G_END_DECLS

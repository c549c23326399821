/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Before a call: who am I, which room, how do I look and sound.
 *
 * Signals: "join" (char *room, char *display_name): both normalised. "host" (the same): no meeting point is needed. "set-server":
 * the person wants to name a meeting point. "place-chosen" (gboolean this_network): where to meet from now on, on this network or
 * at the server that is set.
 */
#pragma once

#include "snug-devices.h"
#include "snug-link.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_LOBBY_PAGE (snug_lobby_page_get_type ())
G_DECLARE_FINAL_TYPE (SnugLobbyPage, snug_lobby_page, SNUG, LOBBY_PAGE, GtkWidget)

void snug_lobby_page_set_devices (SnugLobbyPage *self, SnugDevices *devices);
/* server: (nullable): the meeting point that is set, as a person reads it. this_network: without it. */
void snug_lobby_page_set_meeting_point (SnugLobbyPage *self, const char *server, gboolean this_network);
/* Which one, as snug_websocket_signaling_normalize_uri() makes it; nullable. A link to it says nothing new. */
void snug_lobby_page_set_usual_server (SnugLobbyPage *self, const char *server);
void snug_lobby_page_set_room (SnugLobbyPage *self, const char *room);
/* Fills in the room, and shows the meeting point when it is another one than the usual; joins nothing. */
void snug_lobby_page_open_link (SnugLobbyPage *self, const SnugLink *link);
/* Returns: (transfer none) (nullable): the meeting point of the link that the person has before them, for the next call only. */
const char *snug_lobby_page_get_link_server (SnugLobbyPage *self);
/* The sentence under the form; NULL takes it away. */
void snug_lobby_page_show_problem (SnugLobbyPage *self, const char *sentence);
/* Remembers name, room and what is switched on. FALSE: that could not be written. */
gboolean snug_lobby_page_remember (SnugLobbyPage *self);
/* Returns: (transfer full) (nullable): the name that the others will see; NULL: there is none yet, and the page says so. */
char *snug_lobby_page_read_name (SnugLobbyPage *self);
void snug_lobby_page_focus_start (SnugLobbyPage *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rooms that were joined lately, newest first, kept in the settings: a GListModel of SnugRecentRoom.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SNUG_RECENT_ROOMS_MAX 5

/* One room, immutable. */
#define SNUG_TYPE_RECENT_ROOM (snug_recent_room_get_type ())
G_DECLARE_FINAL_TYPE (SnugRecentRoom, snug_recent_room, SNUG, RECENT_ROOM, GObject)

const char *snug_recent_room_get_name (SnugRecentRoom *self);
/* The meeting point that an invitation named. Returns: (nullable): NULL: the usual one. */
const char *snug_recent_room_get_server (SnugRecentRoom *self);
/* "Yesterday, with Maya and 2 others", with the name of a server that is not the usual one. now: what "today" means. Returns: (transfer full). */
char *snug_recent_room_format_subtitle (SnugRecentRoom *self, GDateTime *now);

/* A GListStore filled from the settings, following them. settings: referenced. Returns: (transfer full). */
GListModel *snug_recent_rooms_new (GSettings *settings);

/* Puts a room on top. server: (nullable): the one that an invitation named; people: (nullable): names of those who were there,
 * NULL-terminated. */
void snug_recent_rooms_remember (
  GSettings *settings, const char *room, const char *server, const char *const *people, gint64 unix_time);
/* Forgets the one of that name at that server; nothing when it is not there. server: nullable. */
void snug_recent_rooms_forget (GSettings *settings, const char *room, const char *server);
void snug_recent_rooms_forget_all (GSettings *settings);

G_END_DECLS

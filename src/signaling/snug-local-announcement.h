/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a room is announced on the local network (DNS-SD, RFC 6763), and whether what somebody else announces can be
 * believed so far that it is worth a connection. Pure.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SNUG_LOCAL_SERVICE_TYPE "_snug._tcp"
/* Strings in one announcement, at most. */
#define SNUG_LOCAL_TXT_MAX 16

/* A name for one more announcement of the room: half of its id, so that other rooms are told apart without being asked
 * for more, and something random, by which two hosts settle on one. Returns: (transfer full). */
char *snug_local_announcement_make_name (const char *room_id);
/* Whether name, any bytes, is one that is made so for that room. */
gboolean snug_local_announcement_check_name (const char *name, const char *room_id);

/* What stands in it. Returns: (transfer full): a floating "aay". */
GVariant *snug_local_announcement_make_txt (const char *room_id);
/* txt: an "aay", whoever made it. Whether it names that room, once. */
gboolean snug_local_announcement_check_txt (GVariant *txt, const char *room_id);

/* address: numeric, any bytes. interface: index, where it was heard. own: this machine announces it. Returns: (transfer full):
 * what can be connected to; NULL when no host of a room can be there: not an address of a local network (loopback: of
 * another machine's), or not a port that a program of a person gets. */
GInetSocketAddress *snug_local_announcement_make_address (const char *address,
                                                          guint port,
                                                          guint interface,
                                                          gboolean own);

G_END_DECLS

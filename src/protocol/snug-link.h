/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Links that open Snug: "snug://ROOM", with the room's name percent-encoded as RFC 3986, section 2.1 says. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SNUG_LINK_SCHEME "snug"
/* The longest room name, each of its characters four bytes, percent-encoded, fits in this. */
#define SNUG_LINK_MAX_BYTES 1024

/* Whether text is meant as such a link, good or bad, rather than as a room name. text: any bytes, NUL-terminated. */
gboolean snug_link_is_link (const char *text);

/* text: any bytes, NUL-terminated. Returns: (transfer full): the name of the room as snug_room_name_normalize() makes
 * it, or NULL with an error of G_URI_ERROR (no link, or one that asks for more than a room) or SNUG_PROTOCOL_ERROR
 * (no name for a room). */
char *snug_link_parse_room (const char *text, GError **error);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Links that invite into a room. "snug://ROOM" opens Snug; "https://SERVER/r#ROOM" opens the page of a server in a browser, or that
 * server in Snug. The name is percent-encoded as RFC 3986, section 2.1 says; in a fragment, which no browser sends to the server.
 * Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SNUG_LINK_SCHEME "snug"
/* Of an https link. */
#define SNUG_LINK_PATH "/r"
/* The longest room name, each of its characters four bytes, percent-encoded, fits in this, with a server's address. */
#define SNUG_LINK_MAX_BYTES 1280

/**
 * SnugLinkError:
 *
 * What is wrong with a link. That its name is none of a room is a SNUG_PROTOCOL_ERROR.
 */
typedef enum
{
  SNUG_LINK_ERROR_SCHEME = 1, /* no link of Snug: another scheme, or https of another page */
  SNUG_LINK_ERROR_TOO_LONG,   /* more than SNUG_LINK_MAX_BYTES */
  SNUG_LINK_ERROR_CHARACTERS, /* control characters, white space, or what belongs in no link, such as markup */
  SNUG_LINK_ERROR_MALFORMED,  /* cut off, wrongly percent-encoded, no UTF-8, a server that is none */
  SNUG_LINK_ERROR_USER,       /* a user name or password in it: it pretends to be another one */
  SNUG_LINK_ERROR_NO_ROOM,    /* names no room */
  SNUG_LINK_ERROR_MORE,       /* asks for more than a room: a query, a path, a port where there is none */
  SNUG_LINK_ERROR_PLAIN       /* http, which anybody on the way can change, to another place than the local network */
} SnugLinkError;

#define SNUG_LINK_ERROR (snug_link_error_quark ())
GQuark snug_link_error_quark (void);

typedef struct
{
  char *room;   /* as snug_room_name_normalize() makes it */
  char *server; /* the meeting point, "wss://HOST[:PORT]/snug" or, on the local network, "ws://..."; NULL: names none */
} SnugLink;

/* Whether text is meant as such a link, good or bad, rather than as a room name. text: any bytes, NUL-terminated. */
gboolean snug_link_is_link (const char *text);

/* text: any bytes, NUL-terminated. Returns: (transfer full): or NULL with a SNUG_LINK_ERROR or SNUG_PROTOCOL_ERROR. */
SnugLink *snug_link_parse (const char *text, GError **error);
void snug_link_free (SnugLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugLink, snug_link_free)

/* room: normalised. server: as in SnugLink, or NULL. Returns: (transfer full): an https link when there is a server at whose
 * root a page can be, else a snug link. */
char *snug_link_write (const char *room, const char *server);

G_END_DECLS

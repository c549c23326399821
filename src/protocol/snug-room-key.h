/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a room's name makes: the id that a server or a network may see, and the key with which the members seal what
 * they say to each other. See "The room's name is the key" in protocol.md.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** Rounds of PBKDF2 (RFC 8018) with HMAC-SHA-256. */
#define SNUG_ROOM_KEY_ROUNDS 600000
/** The sealing key, for AES-256, in bytes. */
#define SNUG_ROOM_KEY_BYTES 32
/** A room id: so many lower-case hexadecimal digits, 128 bits. */
#define SNUG_ROOM_ID_DIGITS 32
/** Of a room that has no name, because no server is asked. */
#define SNUG_ROOM_ID_NONE "00000000000000000000000000000000"

#define SNUG_TYPE_ROOM_KEY (snug_room_key_get_type ())
/* Immutable. Any thread. What it holds is wiped when it goes. */
typedef struct _SnugRoomKey SnugRoomKey;
GType snug_room_key_get_type (void);
SnugRoomKey *snug_room_key_ref (SnugRoomKey *self);
void snug_room_key_unref (SnugRoomKey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugRoomKey, snug_room_key_unref)

/* room_name: as snug_room_name_normalize() makes it. Blocks for a good part of a second: any thread but the main one
 * of a program with a person before it. Returns: (transfer full): a new key. */
SnugRoomKey *snug_room_key_derive (const char *room_name);

/* The same on a thread of its own. The last few names of this process are remembered. Main context only. */
void snug_room_key_derive_async (const char *room_name,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* Returns: (transfer full): the key, or NULL with G_IO_ERROR_CANCELLED. */
SnugRoomKey *snug_room_key_derive_finish (GAsyncResult *result, GError **error);

/* SNUG_ROOM_ID_DIGITS digits; owned by the key. Says nothing about the name to who can't guess it. */
const char *snug_room_key_get_room_id (SnugRoomKey *self);
/* SNUG_ROOM_KEY_BYTES bytes; owned by the key. */
const guint8 *snug_room_key_get_bytes (SnugRoomKey *self);

/* Whether text, any bytes, has the form of a room id. */
gboolean snug_room_id_is_valid (const char *text);

G_END_DECLS

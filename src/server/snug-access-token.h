/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who may use a server that is not open to everybody: tokens that whoever runs it hands out, signed with a key
 * that only the server has (HMAC with SHA-256, RFC 2104), and TURN passwords that a relay can check by itself. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A token, in bytes; and a key. */
#define SNUG_ACCESS_TOKEN_MAX_BYTES 512
#define SNUG_ACCESS_KEY_MIN_BYTES 16

/* text: of a file: one key in each line; the first signs, all are good, so that one can take the place of another.
 * Returns: (transfer full): NULL with a GIOError. */
char **snug_access_keys_parse (const char *text, GError **error);
void snug_access_keys_free (char **keys);

/* expires: Unix time, seconds. room: the id that a join names, NULL for every one. Returns: (transfer full): letters, digits
 * and - _ . alone. */
char *snug_access_token_new (const char *key, gint64 expires, const char *room);
/* keys: one of them must have signed it. now: Unix time. *room: (out) (transfer full) (nullable): the only one it is
 * good for. */
gboolean snug_access_token_check (const char *token, const char *const *keys, gint64 now, char **room);

/* The TURN REST scheme, as coturn's use-auth-secret: both (out) (transfer full). */
void snug_turn_credentials_new (const char *secret, const char *id, gint64 expires, char **username, char **password);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a Redis is: redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE] or unix:///PATH[?db=DATABASE].
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *host; /* NULL: path */
  guint16 port;
  char *path;
  char *user;     /* nullable */
  char *password; /* nullable */
  guint database;
} SnugRedisAddress;

/* Returns: (transfer full): or NULL with a GOptionError that does not repeat the text. */
SnugRedisAddress *snug_redis_address_parse (const char *uri, GError **error);
SnugRedisAddress *snug_redis_address_copy (const SnugRedisAddress *self);
void snug_redis_address_free (SnugRedisAddress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugRedisAddress, snug_redis_address_free)

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two connections to a Redis, one that listens to a channel and one for everything else. They come and go together, and come
 * back by themselves. It knows nothing of rooms. Main context only.
 */
#pragma once

#include "snug-redis-address.h"
#include "snug-server-loop.h"

G_BEGIN_DECLS

typedef struct _SnugRedis SnugRedis;

typedef struct
{
  /* Both connections are there, and the channel is listened to; or not any more. */
  void (*online) (gboolean online, gpointer data);
  void (*line) (const char *text, gsize size, gpointer data);
  /* Nobody has got what was published with that number. channel: as it was given. */
  void (*unheard) (const char *channel, guint64 number, gpointer data);
} SnugRedisFuncs;

/* script: static, what snug_redis_run() runs. channel: what to listen to; copied, as address. Connects. */
SnugRedis *snug_redis_new (SnugServerLoop *loop,
                           const SnugRedisAddress *address,
                           const char *script,
                           const char *channel,
                           const SnugRedisFuncs *funcs,
                           gpointer data);
/* Tells nothing. */
void snug_redis_free (SnugRedis *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugRedis, snug_redis_free)

/* words: one key and the arguments; NULL-terminated. Nothing while it is not online. */
void snug_redis_run (SnugRedis *self, const char *const *words);
/* number: for unheard; 0: nobody minds. */
void snug_redis_publish (SnugRedis *self, const char *channel, const char *text, guint64 number);
/* Later, but before anything else comes in: the connections are cut and made again. why: static, for the log. */
void snug_redis_fail (SnugRedis *self, const char *why);

G_END_DECLS

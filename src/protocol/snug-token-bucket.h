/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many in a second, for long and at once. Pure: the caller says what time it is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value; no need to free it. */
typedef struct
{
  guint rate;  /* a second, for long */
  guint burst; /* at once */
  gint64 level; /* millionths of one */
  gint64 filled_at;
} SnugTokenBucket;

/* A full one. now: g_get_monotonic_time(). */
void snug_token_bucket_init (SnugTokenBucket *self, guint rate, guint burst, gint64 now);
/* Takes one, or returns FALSE when there is none. */
gboolean snug_token_bucket_take (SnugTokenBucket *self, gint64 now);
/* The same for n at once, or none of them. */
gboolean snug_token_bucket_take_many (SnugTokenBucket *self, guint n, gint64 now);
/* Microseconds until one can be taken, 0 when one is there. */
gint64 snug_token_bucket_get_wait (SnugTokenBucket *self, gint64 now);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-token-bucket.h"

#define ONE G_USEC_PER_SEC

static void
fill (SnugTokenBucket *self, gint64 now)
{
  gint64 full = (gint64) self->burst * ONE;
  gint64 elapsed = MAX (now - self->filled_at, 0);

  self->filled_at = now;
  /* Long after the last time it is simply full; and nothing overflows. */
  if (elapsed > full)
    self->level = full;
  else
    self->level = MIN (full, self->level + elapsed * self->rate);
}

void
snug_token_bucket_init (SnugTokenBucket *self, guint rate, guint burst, gint64 now)
{
  g_return_if_fail (rate > 0 && burst > 0);

  self->rate = rate;
  self->burst = burst;
  self->level = (gint64) burst * ONE;
  self->filled_at = now;
}

gboolean
snug_token_bucket_take (SnugTokenBucket *self, gint64 now)
{
  return snug_token_bucket_take_many (self, 1, now);
}

gboolean
snug_token_bucket_take_many (SnugTokenBucket *self, guint n, gint64 now)
{
  fill (self, now);
  if (self->level < n * (gint64) ONE)
    return FALSE;
  self->level -= n * (gint64) ONE;
  return TRUE;
}

gint64
snug_token_bucket_get_wait (SnugTokenBucket *self, gint64 now)
{
  fill (self, now);
  if (self->level >= ONE)
    return 0;
  return (ONE - self->level + self->rate - 1) / self->rate;
}

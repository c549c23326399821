/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-path-watch.h"

/* Between two looks, until they are as good as none. */
#define GAP_US (2 * G_USEC_PER_SEC)

void
snug_path_watch_init (SnugPathWatch *self, gint64 now)
{
  g_return_if_fail (self != NULL);

  *self = (SnugPathWatch){ .heard = now, .looked = now };
}

void
snug_path_watch_set_prompt (SnugPathWatch *self, gboolean prompt)
{
  g_return_if_fail (self != NULL);

  self->prompt = prompt;
}

void
snug_path_watch_hear (SnugPathWatch *self, gint64 when)
{
  g_return_if_fail (self != NULL);

  self->heard = MAX (self->heard, when);
}

SnugPathState
snug_path_watch_look (SnugPathWatch *self, gint64 now)
{
  gint64 silence;

  g_return_val_if_fail (self != NULL, SNUG_PATH_LIVE);

  if (now - self->looked > GAP_US)
    self->heard = now;
  self->looked = MAX (self->looked, now);
  self->heard = MIN (self->heard, now);

  silence = now - self->heard;
  if (!self->prompt)
    silence /= SNUG_PATH_PATIENCE;
  if (silence >= SNUG_PATH_LOST_US)
    return SNUG_PATH_LOST;

  return silence >= SNUG_PATH_INTERRUPTED_US ? SNUG_PATH_INTERRUPTED : SNUG_PATH_LIVE;
}

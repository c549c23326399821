/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-speed.h"

#include <math.h>

/* How much of the past counts. */
#define MEMORY_SECONDS 2.0
/* Less than that is no measurement. */
#define MIN_INTERVAL_US (G_USEC_PER_SEC / 5)

void
snug_file_speed_start (SnugFileSpeed *self, guint64 bytes, gint64 now)
{
  g_return_if_fail (self != NULL);

  *self = (SnugFileSpeed){ .measured_at = now, .measured = bytes };
}

double
snug_file_speed_update (SnugFileSpeed *self, guint64 bytes, gint64 now)
{
  double seconds, rate, keep;

  g_return_val_if_fail (self != NULL, 0.0);

  if (self->measured_at == 0 || bytes < self->measured)
    snug_file_speed_start (self, bytes, now);
  if (now - self->measured_at < MIN_INTERVAL_US)
    return self->rate;

  seconds = (now - self->measured_at) / (double) G_USEC_PER_SEC;
  rate = (bytes - self->measured) / seconds;
  keep = self->known ? exp (-seconds / MEMORY_SECONDS) : 0.0;
  self->rate = keep * self->rate + (1 - keep) * rate;
  self->known = TRUE;
  self->measured = bytes;
  self->measured_at = now;

  return self->rate;
}

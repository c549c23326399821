/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-picture-delay.h"

#include <stdlib.h>

/* Where a picture is looked at: in how many places of a row, which is this far down. */
#define COLUMNS 160
#define ROW(height) ((height) / 3)
/* As many as the wandering takes until it begins anew are too many to tell apart. */
#define KEPT 64
/* Off by more than that on average, of 255, it is another picture. */
#define DIFFERENCE_MAX 24

typedef struct
{
  gint64 time;
  guint8 row[COLUMNS];
} Picture;

struct _SnugPictureDelay
{
  Picture kept[KEPT]; /* the newest KEPT of n_taken, in a ring */
  guint n_taken;
  gint64 last; /* when the last one that arrived had been taken */
  GArray *delays; /* gint64 */
};

SnugPictureDelay *
snug_picture_delay_new (void)
{
  SnugPictureDelay *self = g_new0 (SnugPictureDelay, 1);

  self->delays = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->last = G_MININT64;
  return self;
}

void
snug_picture_delay_free (SnugPictureDelay *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->delays);
  g_free (self);
}

/* Green is most of the brightness. */
static void
read_row (const SnugVideoFrame *frame, guint8 row[COLUMNS])
{
  const guint8 *pixels = g_bytes_get_data (frame->bytes, NULL);
  const guint8 *line = pixels + ROW (frame->height) * frame->stride;

  for (guint i = 0; i < COLUMNS; i++)
    row[i] = line[(gsize) i * frame->width / COLUMNS * 4 + 1];
}

static guint
compare_rows (const guint8 one[COLUMNS], const guint8 other[COLUMNS])
{
  guint sum = 0;

  for (guint i = 0; i < COLUMNS; i++)
    sum += abs (one[i] - other[i]);
  return sum;
}

void
snug_picture_delay_take (SnugPictureDelay *self, const SnugVideoFrame *frame, gint64 now)
{
  Picture *picture;

  g_return_if_fail (self != NULL && frame != NULL);

  picture = &self->kept[self->n_taken++ % KEPT];
  picture->time = now;
  read_row (frame, picture->row);
}

gint64
snug_picture_delay_arrive (SnugPictureDelay *self, const SnugVideoFrame *frame, gint64 now)
{
  const Picture *best = NULL;
  guint least = DIFFERENCE_MAX * COLUMNS + 1;
  guint8 row[COLUMNS];
  gint64 delay;

  g_return_val_if_fail (self != NULL && frame != NULL, -1);

  read_row (frame, row);
  for (guint i = 0; i < MIN (self->n_taken, KEPT); i++)
    {
      guint difference = compare_rows (row, self->kept[i].row);

      /* They arrive in their order. */
      if (difference < least && self->kept[i].time >= self->last && self->kept[i].time <= now)
        {
          least = difference;
          best = &self->kept[i];
        }
    }
  if (best == NULL)
    return -1;
  self->last = best->time;
  delay = now - best->time;
  g_array_append_val (self->delays, delay);
  return delay;
}

guint
snug_picture_delay_get_n (SnugPictureDelay *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->delays->len;
}

static int
compare_delays (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

gint64
snug_picture_delay_get_median (SnugPictureDelay *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->delays->len == 0)
    return 0;
  g_array_sort (self->delays, compare_delays);
  return g_array_index (self->delays, gint64, self->delays->len / 2);
}

gint64
snug_picture_delay_get_max (SnugPictureDelay *self)
{
  gint64 max = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->delays->len; i++)
    max = MAX (max, g_array_index (self->delays, gint64, i));
  return max;
}

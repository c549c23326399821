/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-deadlines.h"

static void
put (SnugDeadlines *self, guint place, SnugDeadline *deadline)
{
  self->heap[place] = deadline;
  deadline->place = place;
}

/* Moves the one at place up or down to where it belongs. */
static void
sift (SnugDeadlines *self, guint place)
{
  SnugDeadline *deadline = self->heap[place];

  while (place > 0 && self->heap[(place - 1) / 2]->time > deadline->time)
    {
      put (self, place, self->heap[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
  for (;;)
    {
      guint child = 2 * place + 1;

      if (child + 1 < self->n && self->heap[child + 1]->time < self->heap[child]->time)
        child++;
      if (child >= self->n || self->heap[child]->time >= deadline->time)
        break;
      put (self, place, self->heap[child]);
      place = child;
    }
  put (self, place, deadline);
}

static void
take_out (SnugDeadlines *self, SnugDeadline *deadline)
{
  guint place = deadline->place;

  deadline->time = 0;
  self->n--;
  if (place == self->n)
    return;
  put (self, place, self->heap[self->n]);
  sift (self, place);
}

void
snug_deadlines_clear (SnugDeadlines *self)
{
  g_clear_pointer (&self->heap, g_free);
  self->n = self->allocated = 0;
}

void
snug_deadlines_set (SnugDeadlines *self, SnugDeadline *deadline, gint64 time)
{
  if (deadline->time == time)
    return;
  if (time == 0)
    {
      take_out (self, deadline);
      return;
    }
  if (deadline->time == 0)
    {
      if (self->n == self->allocated)
        {
          self->allocated = MAX (16, self->allocated * 2);
          self->heap = g_renew (SnugDeadline *, self->heap, self->allocated);
        }
      put (self, self->n++, deadline);
    }
  deadline->time = time;
  sift (self, deadline->place);
}

gint64
snug_deadlines_get_first (const SnugDeadlines *self)
{
  return self->n > 0 ? self->heap[0]->time : 0;
}

SnugDeadline *
snug_deadlines_take_due (SnugDeadlines *self, gint64 now)
{
  SnugDeadline *first = self->n > 0 ? self->heap[0] : NULL;

  if (first == NULL || first->time > now)
    return NULL;
  take_out (self, first);
  return first;
}

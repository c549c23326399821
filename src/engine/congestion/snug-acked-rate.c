/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-acked-rate.h"

#define WINDOW (500 * 1000)      /* us */
#define ENOUGH (150 * 1000)      /* us: a rate over less is noise */
#define RECENT (120 * 1000)      /* us */
#define PACKETS 2048             /* more than half a second of 20 Mbit/s in small packets */

/* Bytes by the time they were seen at; the newest is not part of the sum, as it opens the next interval. */
typedef struct
{
  struct
  {
    gint64 at;
    guint size;
  } packets[PACKETS];
  guint first;
  guint n;
  guint64 bytes;
} Window;

struct _SnugAckedRate
{
  Window sent;
  Window received;
};

static void
window_clear (Window *window)
{
  window->first = window->n = 0;
  window->bytes = 0;
}

static gint64
window_last (const Window *window)
{
  return window->packets[(window->first + window->n - 1) % PACKETS].at;
}

static void
window_drop (Window *window)
{
  window->bytes -= window->packets[window->first].size;
  window->first = (window->first + 1) % PACKETS;
  window->n--;
}

static void
window_add (Window *window, gint64 at, guint size)
{
  if (window->n > 0 && (at < window_last (window) - WINDOW || at > window_last (window) + 4 * WINDOW))
    window_clear (window);
  /* Packets that were overtaken count where the others are. */
  if (window->n > 0)
    at = MAX (at, window_last (window));
  if (window->n == PACKETS)
    window_drop (window);
  window->packets[(window->first + window->n) % PACKETS].at = at;
  window->packets[(window->first + window->n) % PACKETS].size = size;
  window->n++;
  window->bytes += size;
  while (at - window->packets[window->first].at > WINDOW)
    window_drop (window);
}

static guint64
window_rate (const Window *window)
{
  gint64 span;

  if (window->n < 2)
    return 0;
  span = window_last (window) - window->packets[window->first].at;
  if (span < ENOUGH)
    return 0;
  return (window->bytes - window->packets[window->first].size) * 8 * G_USEC_PER_SEC / (guint64) span;
}

/* Of the newest packets, as many as it takes to see RECENT. */
static guint64
window_recent_rate (const Window *window)
{
  guint64 bytes = 0;

  for (guint i = window->n; i-- > 0;)
    {
      guint at = (window->first + i) % PACKETS;
      gint64 span = window_last (window) - window->packets[at].at;

      if (span >= RECENT)
        return bytes * 8 * G_USEC_PER_SEC / (guint64) span;
      bytes += window->packets[at].size;
    }
  return 0;
}

SnugAckedRate *
snug_acked_rate_new (void)
{
  return g_new0 (SnugAckedRate, 1);
}

void
snug_acked_rate_free (SnugAckedRate *self)
{
  g_free (self);
}

void
snug_acked_rate_add (SnugAckedRate *self, const SnugPacketResult *result)
{
  window_add (&self->sent, result->sent, result->size);
  if (result->received != SNUG_PACKET_LOST)
    window_add (&self->received, result->received, result->size);
}

void
snug_acked_rate_reset (SnugAckedRate *self)
{
  window_clear (&self->sent);
  window_clear (&self->received);
}

guint64
snug_acked_rate_get (SnugAckedRate *self)
{
  return window_rate (&self->received);
}

guint64
snug_acked_rate_get_recent (SnugAckedRate *self)
{
  return window_recent_rate (&self->received);
}

guint64
snug_acked_rate_get_sent (SnugAckedRate *self)
{
  return window_rate (&self->sent);
}

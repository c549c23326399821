/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-pace.h"

#include "snug-protocol.h"

#define MIN_WINDOW (4 * 1024)
#define MIN_CHUNK 1024
/* Pieces that make up a window: few enough to be cheap, enough that one more is no burst. */
#define CHUNKS_IN_WINDOW 4
/* RFC 6817, 2.4.2: the last few measurements, of which the least counts. */
#define CURRENT_FILTER 4
/* And the minutes that the base is remembered: a route may change. */
#define BASE_HISTORY 10
#define BASE_INTERVAL_US (60 * G_USEC_PER_SEC)

/* A call that gets less than this of what it wants, and uses most of that, suffers. */
#define CONTENT 0.95
#define USES 0.6
/* Then the file goes down by half, and again each time so long, to this part of what the call gets, and at least so many bytes a
 * second. */
#define YIELD_STEP_US (500 * 1000)
#define YIELD_SHARE 8
#define YIELD_LEAST (4 * 1024.0)
/* Afterwards: how long nothing changes; how much it grows each second below what was too much the last time, and above
 * that, the longer all is well the more. */
#define YIELD_HOLD_US (2 * G_USEC_PER_SEC)
#define RETURN 0.3
#define RETURN_CAREFULLY 0.02
#define COURAGE_SECONDS 4.0
#define TOO_MUCH 0.8
/* More than any path, bytes a second: then there is no limit any more. */
#define LIMIT_MAX 1e9
/* What may be made up for after a pause. */
#define CREDIT_US (100 * 1000)

typedef struct
{
  guint64 end;
  gint64 sent_at;
} Mark;

struct _SnugFilePace
{
  guint64 sent;
  guint64 acknowledged;
  GQueue marks; /* Mark, oldest first */

  double window;
  gboolean growing; /* slow start */
  gint64 cut_at;

  gint64 current[CURRENT_FILTER];
  guint n_current;
  gint64 base[BASE_HISTORY];
  guint n_base; /* from 1 on, the last being filled */
  gint64 base_since;

  /* Beside a call */
  double limit;   /* bytes a second, 0: none */
  double ceiling; /* at which the call suffered, 0: never */
  double credit;  /* bytes */
  gint64 credit_at;
  gint64 suffered_at;
  gint64 yielded_at;
  gboolean suffering;
  double rate; /* bytes a second that arrive */
  gint64 load_at;
  guint64 load_acknowledged;
};

SnugFilePace *
snug_file_pace_new (guint64 offset)
{
  SnugFilePace *self = g_new0 (SnugFilePace, 1);

  self->sent = offset;
  self->acknowledged = offset;
  self->window = MIN_WINDOW;
  self->growing = TRUE;
  g_queue_init (&self->marks);

  return self;
}

void
snug_file_pace_free (SnugFilePace *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->marks, g_free);
  g_free (self);
}

static void
earn_credit (SnugFilePace *self, gint64 now)
{
  double most = MAX (self->limit * CREDIT_US / G_USEC_PER_SEC, MIN_CHUNK);

  self->credit = MIN (most, self->credit + self->limit * (double) MAX (0, now - self->credit_at) / G_USEC_PER_SEC);
  self->credit_at = now;
}

/* What the window lets out in one piece, 0: nothing. */
static gsize
get_chunk (SnugFilePace *self)
{
  gsize in_flight = self->sent - self->acknowledged;
  gsize chunk = CLAMP ((gsize) self->window / CHUNKS_IN_WINDOW, MIN_CHUNK, SNUG_FILE_CHUNK_MAX_BYTES);

  if (self->limit > 0)
    chunk = CLAMP ((gsize) (self->limit * CREDIT_US / G_USEC_PER_SEC), MIN_CHUNK, chunk);

  return in_flight + chunk <= (gsize) self->window ? chunk : 0;
}

gsize
snug_file_pace_get_allowance (SnugFilePace *self, gint64 now)
{
  gsize chunk;

  g_return_val_if_fail (self != NULL, 0);

  chunk = get_chunk (self);
  if (self->limit <= 0)
    return chunk;
  earn_credit (self, now);

  return self->credit >= (double) chunk ? chunk : 0;
}

gint64
snug_file_pace_get_wait (SnugFilePace *self, gint64 now)
{
  gsize chunk;

  g_return_val_if_fail (self != NULL, -1);

  chunk = get_chunk (self);
  if (chunk == 0)
    return -1;
  if (self->limit <= 0)
    return 0;
  earn_credit (self, now);

  return (gint64) (MAX (0, (double) chunk - self->credit) / self->limit * G_USEC_PER_SEC);
}

static gboolean
is_suffering (const SnugPathLoad *load)
{
  return load->target < load->most * CONTENT && load->sent > load->target * USES;
}

static void
measure_rate (SnugFilePace *self, double seconds)
{
  double rate = (double) (self->acknowledged - self->load_acknowledged) / seconds;

  self->rate += (rate - self->rate) * MIN (1, seconds * 2);
  self->load_acknowledged = self->acknowledged;
}

static void
yield (SnugFilePace *self, const SnugPathLoad *load, gint64 now)
{
  double least = MAX ((double) load->target / 8 / YIELD_SHARE, YIELD_LEAST);
  double now_sent = self->limit > 0 ? MIN (self->limit, self->rate) : self->rate;

  self->suffered_at = now;
  if (!self->suffering)
    self->ceiling = MAX (self->rate * TOO_MUCH, YIELD_LEAST);
  else if (now - self->yielded_at < YIELD_STEP_US)
    return;
  self->suffering = TRUE;
  self->yielded_at = now;
  self->limit = MAX (now_sent / 2, least);
}

void
snug_file_pace_set_load (SnugFilePace *self, const SnugPathLoad *load, gint64 now)
{
  double seconds, growth, well;

  g_return_if_fail (self != NULL);

  seconds = self->load_at > 0 ? (double) (now - self->load_at) / G_USEC_PER_SEC : 0;
  if (self->load_at > 0 && seconds <= 0)
    return;
  if (seconds > 0)
    measure_rate (self, seconds);
  else
    self->load_acknowledged = self->acknowledged;
  self->load_at = now;

  if (is_suffering (load))
    {
      yield (self, load, now);
      return;
    }
  self->suffering = FALSE;
  if (self->limit <= 0 || now - self->suffered_at < YIELD_HOLD_US)
    return;
  /* What is not used is not asked for either. */
  if (self->limit > MAX (2 * self->rate, 8 * YIELD_LEAST) && self->limit > self->ceiling)
    return;
  well = (double) (now - self->suffered_at) / G_USEC_PER_SEC;
  growth = self->limit < self->ceiling ? RETURN : MIN (RETURN_CAREFULLY * (1 + well / COURAGE_SECONDS), RETURN);
  self->limit *= 1 + growth * MIN (seconds, 1);
  if (self->limit > LIMIT_MAX)
    self->limit = 0;
}

void
snug_file_pace_sent (SnugFilePace *self, guint64 end, gint64 now)
{
  Mark *mark;

  g_return_if_fail (self != NULL);
  g_return_if_fail (end > self->sent);

  mark = g_new (Mark, 1);
  *mark = (Mark){ .end = end, .sent_at = now };
  g_queue_push_tail (&self->marks, mark);
  if (self->limit > 0)
    self->credit -= (double) (end - self->sent);
  self->sent = end;
}

static gint64
get_least (const gint64 *values, guint n)
{
  gint64 least = G_MAXINT64;

  for (guint i = 0; i < n; i++)
    least = MIN (least, values[i]);

  return least;
}

static void
measure (SnugFilePace *self, gint64 delay, gint64 now)
{
  self->current[self->n_current++ % CURRENT_FILTER] = delay;

  if (self->n_base == 0 || now - self->base_since >= BASE_INTERVAL_US)
    {
      self->base[self->n_base++ % BASE_HISTORY] = delay;
      self->base_since = now;
    }
  else
    {
      gint64 *last = &self->base[(self->n_base - 1) % BASE_HISTORY];

      *last = MIN (*last, delay);
    }
}

gint64
snug_file_pace_get_queueing (SnugFilePace *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->n_current == 0)
    return 0;

  return get_least (self->current, MIN (self->n_current, CURRENT_FILTER))
         - get_least (self->base, MIN (self->n_base, BASE_HISTORY));
}

static void
adapt (SnugFilePace *self, gsize bytes, gboolean limited, gint64 now)
{
  const double target = SNUG_FILE_PACE_TARGET_US;
  gint64 queueing = snug_file_pace_get_queueing (self);
  gint64 round_trip = get_least (self->current, MIN (self->n_current, CURRENT_FILTER));

  if (self->growing && queueing > target / 2)
    {
      /* It has grown by half since what is seen now was sent. */
      self->growing = FALSE;
      self->window *= 0.6;
      self->cut_at = now;
    }
  else if (queueing > 2 * target)
    {
      /* Somebody else has come: give way at once, but once for what is on the way. */
      if (now - self->cut_at > round_trip)
        {
          self->window *= MAX (0.5, target / queueing);
          self->cut_at = now;
        }
    }
  else if (queueing > target)
    self->window += (target - queueing) / target * bytes * SNUG_FILE_CHUNK_MAX_BYTES / self->window;
  else if (!limited)
    ; /* What was not used can't be known to be good. */
  else if (self->growing)
    self->window += bytes / 2;
  else
    self->window += (target - queueing) / target * bytes
                    * MIN (SNUG_FILE_CHUNK_MAX_BYTES, self->window / 8) / self->window;

  self->window = CLAMP (self->window, MIN_WINDOW, SNUG_FILE_WINDOW_MAX_BYTES);
}

gboolean
snug_file_pace_acknowledged (SnugFilePace *self, guint64 offset, gint64 now)
{
  gint64 sent_at = -1;
  gboolean limited;
  gsize bytes;
  Mark *mark;

  g_return_val_if_fail (self != NULL, FALSE);

  if (offset <= self->acknowledged || offset > self->sent)
    return FALSE;

  /* The last of what it speaks of has waited for nothing but the path. */
  while ((mark = g_queue_peek_head (&self->marks)) != NULL && mark->end <= offset)
    {
      sent_at = mark->sent_at;
      g_free (g_queue_pop_head (&self->marks));
    }
  limited = self->sent - self->acknowledged >= self->window / 2;
  bytes = offset - self->acknowledged;
  self->acknowledged = offset;
  if (sent_at >= 0)
    {
      measure (self, MAX (0, now - sent_at), now);
      adapt (self, bytes, limited, now);
    }

  return TRUE;
}

gsize
snug_file_pace_get_window (SnugFilePace *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->window;
}

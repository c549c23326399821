/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-pace-queue.h"

/* Somewhat faster than the path on average takes it: a picture leaves within two thirds of the time until the next. */
#define FACTOR 1.5
/* What was not used of the time before; timers are no more exact than that. */
#define BURST (5 * 1000)
/* Sound is never held back, but what it takes is not there for pictures. No longer than that. */
#define DEBT_MAX (200 * 1000)

#define SOUND_PACKETS 50
/* Nobody waits longer for a packet that is sent again. */
#define AGAIN_AGE (400 * 1000)
#define PICTURE_AGE (500 * 1000)
#define PICTURE_BYTES (512 * 1024)
#define KEY_FRAME_EVERY G_USEC_PER_SEC

#define PROBE_GATHER (10 * 1000)
#define PROBE_LONGEST (200 * 1000)

#define STREAMS 2 /* camera and screen */
#define FORGET_DROPPED (2 * G_USEC_PER_SEC)

typedef struct
{
  guint32 ssrc; /* 0: none yet */
  gboolean needs_key;
  gboolean has_key;
  guint32 key_frame; /* RTP time of the last that needs no other */
  gint64 dropped_at; /* us; 0: never */
  guint16 first, last; /* that were dropped then */
} Stream;

struct _SnugPaceQueue
{
  GDestroyNotify free_data;
  GQueue waiting[SNUG_N_PACE_CLASSES]; /* of SnugPacePacket */
  guint64 bytes[SNUG_N_PACE_CLASSES];
  double rate;
  gint64 may_send; /* us */

  gboolean started; /* the picture in front is being sent */
  guint32 started_stream, started_frame;
  Stream streams[STREAMS];
  gboolean dropped;
  gint64 told_at;

  SnugProbe probe;
  gint64 probe_since; /* us; 0: no probe */
  gboolean probing;
  guint probe_left;   /* bytes */
};

SnugPaceQueue *
snug_pace_queue_new (guint64 rate, GDestroyNotify free_data)
{
  SnugPaceQueue *self = g_new0 (SnugPaceQueue, 1);

  self->free_data = free_data;
  self->rate = (double) MAX (rate, 1);
  for (guint i = 0; i < SNUG_N_PACE_CLASSES; i++)
    g_queue_init (&self->waiting[i]);

  return self;
}

void
snug_pace_queue_free (SnugPaceQueue *self)
{
  snug_pace_queue_clear (self);
  g_free (self);
}

static SnugPacePacket *
take (SnugPaceQueue *self, SnugPaceClass kind)
{
  SnugPacePacket *packet = g_queue_pop_head (&self->waiting[kind]);

  self->bytes[kind] -= packet->size;
  return packet;
}

static void
drop_first (SnugPaceQueue *self, SnugPaceClass kind)
{
  SnugPacePacket *packet = take (self, kind);

  self->free_data (packet->data);
  g_free (packet);
}

void
snug_pace_queue_clear (SnugPaceQueue *self)
{
  for (guint i = 0; i < SNUG_N_PACE_CLASSES; i++)
    while (!g_queue_is_empty (&self->waiting[i]))
      drop_first (self, i);
  self->started = FALSE;
  self->probe_since = 0;
}

void
snug_pace_queue_set_rate (SnugPaceQueue *self, guint64 rate)
{
  self->rate = (double) MAX (rate, 1);
}

/* --- pictures that come too late ------------------------------------------------------------------------------ */

/* NULL: more streams than there can be. */
static Stream *
get_stream (SnugPaceQueue *self, guint32 ssrc)
{
  for (guint i = 0; i < STREAMS; i++)
    {
      if (self->streams[i].ssrc == 0)
        self->streams[i].ssrc = ssrc;
      if (self->streams[i].ssrc == ssrc)
        return &self->streams[i];
    }

  return NULL;
}

static void
note_dropped (SnugPaceQueue *self, gint64 now, const SnugPacePacket *packet)
{
  Stream *stream = get_stream (self, packet->stream);

  self->dropped = TRUE;
  if (stream == NULL)
    return;
  if (stream->dropped_at == 0 || now > stream->dropped_at + FORGET_DROPPED)
    stream->first = packet->sequence;
  stream->last = packet->sequence;
  stream->dropped_at = now;
  stream->needs_key = TRUE;
}

static gboolean
is_started (SnugPaceQueue *self, const SnugPacePacket *packet)
{
  return self->started && packet->stream == self->started_stream && packet->frame == self->started_frame;
}

/* All but the one that is being sent; and but those that need no other, unless keys is TRUE. */
static void
drop_pictures (SnugPaceQueue *self, gint64 now, gboolean keys)
{
  GQueue *queue = &self->waiting[SNUG_PACE_PICTURE];

  for (guint n = queue->length; n > 0; n--)
    {
      SnugPacePacket *packet = g_queue_pop_head (queue);

      if (is_started (self, packet) || (packet->key && !keys))
        {
          g_queue_push_tail (queue, packet);
          continue;
        }
      note_dropped (self, now, packet);
      self->bytes[SNUG_PACE_PICTURE] -= packet->size;
      self->free_data (packet->data);
      g_free (packet);
    }
}

/* The first of those that would be dropped. */
static const SnugPacePacket *
find_oldest (SnugPaceQueue *self)
{
  for (GList *link = self->waiting[SNUG_PACE_PICTURE].head; link != NULL; link = link->next)
    {
      const SnugPacePacket *packet = link->data;

      if (!packet->key && !is_started (self, packet))
        return packet;
    }

  return NULL;
}

static void
drop_late (SnugPaceQueue *self, gint64 now)
{
  GQueue *again = &self->waiting[SNUG_PACE_AGAIN];
  const SnugPacePacket *oldest = find_oldest (self);

  while (!g_queue_is_empty (again) && ((SnugPacePacket *) again->head->data)->queued < now - AGAIN_AGE)
    drop_first (self, SNUG_PACE_AGAIN);
  /* One that needs no other is worth waiting for. */
  if (oldest != NULL && oldest->queued < now - PICTURE_AGE)
    drop_pictures (self, now, FALSE);
  if (self->bytes[SNUG_PACE_PICTURE] > PICTURE_BYTES)
    drop_pictures (self, now, TRUE);
}

/* Returns: whether that packet may wait: FALSE when it builds on what was dropped. */
static gboolean
admit_picture (SnugPaceQueue *self, gint64 now, SnugPacePacket *packet)
{
  Stream *stream = get_stream (self, packet->stream);

  if (stream == NULL)
    return TRUE;
  /* What waits before it is of no use any more, if that takes long. */
  if (packet->key && snug_pace_queue_get_delay (self) > PICTURE_AGE / 2)
    drop_pictures (self, now, TRUE);
  if (packet->key)
    {
      stream->needs_key = FALSE;
      stream->has_key = TRUE;
      stream->key_frame = packet->frame;
    }
  packet->key = stream->has_key && packet->frame == stream->key_frame;
  if (!stream->needs_key)
    return TRUE;
  note_dropped (self, now, packet);

  return FALSE;
}

void
snug_pace_queue_push (SnugPaceQueue *self, gint64 now, const SnugPacePacket *packet)
{
  SnugPaceClass kind = packet->kind;
  SnugPacePacket *copy = g_new (SnugPacePacket, 1);

  *copy = *packet;
  copy->queued = now;
  if (kind == SNUG_PACE_PICTURE && !admit_picture (self, now, copy))
    {
      self->free_data (copy->data);
      g_free (copy);
      return;
    }
  g_queue_push_tail (&self->waiting[kind], copy);
  self->bytes[kind] += copy->size;
  if (kind == SNUG_PACE_SOUND && self->waiting[kind].length > SOUND_PACKETS)
    drop_first (self, kind);
}

/* --- probes --------------------------------------------------------------------------------------------------- */

static guint64
waiting_bytes (SnugPaceQueue *self)
{
  return self->bytes[SNUG_PACE_AGAIN] + self->bytes[SNUG_PACE_PICTURE];
}

guint
snug_pace_queue_probe (SnugPaceQueue *self, gint64 now, const SnugProbe *probe)
{
  self->probe = *probe;
  self->probe_since = now;
  self->probe_left = probe->bytes;
  self->probing = FALSE;

  return waiting_bytes (self) >= probe->bytes ? 0 : probe->bytes - (guint) waiting_bytes (self);
}

static void
go_on_probing (SnugPaceQueue *self, gint64 now)
{
  if (self->probe_since == 0)
    return;
  if (self->probe_left == 0 || now > self->probe_since + PROBE_LONGEST)
    {
      self->probe_since = 0;
      self->probing = FALSE;
    }
  else if (!self->probing && (waiting_bytes (self) >= self->probe_left || now >= self->probe_since + PROBE_GATHER))
    {
      self->probing = TRUE;
      self->may_send = now;
    }
}

/* --- sending -------------------------------------------------------------------------------------------------- */

static void
charge (SnugPaceQueue *self, gint64 now, const SnugPacePacket *packet)
{
  double rate = self->probing ? (double) self->probe.rate : self->rate * FACTOR;

  self->may_send = MAX (self->may_send, now - BURST) + (gint64) (packet->size * 8.0 * G_USEC_PER_SEC / rate);
  if (packet->kind == SNUG_PACE_SOUND)
    self->may_send = MIN (self->may_send, now + DEBT_MAX);
}

static gboolean
choose (SnugPaceQueue *self, gint64 now, SnugPaceClass *kind)
{
  for (*kind = SNUG_PACE_SOUND; *kind < SNUG_N_PACE_CLASSES; (*kind)++)
    if (!g_queue_is_empty (&self->waiting[*kind]))
      return *kind == SNUG_PACE_SOUND || now >= self->may_send;

  return FALSE;
}

gboolean
snug_pace_queue_pop (SnugPaceQueue *self, gint64 now, SnugPacePacket *packet, guint *probe)
{
  SnugPacePacket *first;
  SnugPaceClass kind;

  drop_late (self, now);
  go_on_probing (self, now);
  if (!choose (self, now, &kind))
    return FALSE;

  first = take (self, kind);
  *packet = *first;
  g_free (first);
  *probe = self->probing ? self->probe.id : 0;
  charge (self, now, packet);
  if (self->probing)
    self->probe_left -= MIN (self->probe_left, packet->size);
  if (kind == SNUG_PACE_PICTURE)
    {
      self->started = TRUE;
      self->started_stream = packet->stream;
      self->started_frame = packet->frame;
    }

  return TRUE;
}

gint64
snug_pace_queue_get_next (SnugPaceQueue *self)
{
  gint64 next = G_MAXINT64;

  if (!g_queue_is_empty (&self->waiting[SNUG_PACE_SOUND]))
    return G_MININT64;
  if (waiting_bytes (self) > 0)
    next = self->may_send;
  if (self->probe_since != 0 && !self->probing)
    next = MIN (next, self->probe_since + PROBE_GATHER);

  return next;
}

gint64
snug_pace_queue_get_delay (SnugPaceQueue *self)
{
  return (gint64) ((double) waiting_bytes (self) * 8 * G_USEC_PER_SEC / self->rate);
}

gboolean
snug_pace_queue_take_dropped (SnugPaceQueue *self, gint64 now)
{
  gboolean needs_key = FALSE;

  for (guint i = 0; i < STREAMS; i++)
    needs_key = needs_key || self->streams[i].needs_key;
  if (!self->dropped && !(needs_key && now > self->told_at + KEY_FRAME_EVERY))
    return FALSE;
  /* One that came now would wait as well. */
  if (now < self->told_at + KEY_FRAME_EVERY && self->told_at != 0)
    return FALSE;
  self->dropped = FALSE;
  self->told_at = now;

  return TRUE;
}

gboolean
snug_pace_queue_was_dropped (SnugPaceQueue *self, gint64 now, guint32 stream, guint16 sequence)
{
  for (guint i = 0; i < STREAMS; i++)
    {
      const Stream *known = &self->streams[i];

      if (known->ssrc == stream && known->dropped_at != 0 && now < known->dropped_at + FORGET_DROPPED)
        return (guint16) (sequence - known->first) <= (guint16) (known->last - known->first);
    }

  return FALSE;
}

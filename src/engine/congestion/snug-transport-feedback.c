/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-transport-feedback.h"

/* Four seconds of 20 Mbit/s; feedback on older ones says nothing about now. */
#define PACKETS 8192
/* Times are kept small by whole periods, so that no feedback can make them overflow. */
#define TIME_MAX ((gint64) 1 << 50)

typedef enum
{
  UNUSED,
  ON_THE_WAY,
  MISSING, /* as a feedback said; it may still come */
  ARRIVED, /* and not told of yet */
  TOLD
} State;

typedef struct
{
  guint64 number; /* its sequence number, counted on */
  gint64 sent;
  gint64 received;
  guint size;
  guint probe;
  State state;
} Packet;

struct _SnugTransportFeedback
{
  Packet packets[PACKETS];
  guint64 next;     /* the number after the last that was sent; 0: none was */
  guint64 settled;  /* everything before it was told of */
  guint64 passed;   /* everything before it was gone past by a feedback */
  gboolean has_time;
  gint64 last_time; /* us, unwrapped */
  GArray *results;
};

SnugTransportFeedback *
snug_transport_feedback_new (void)
{
  SnugTransportFeedback *self = g_new0 (SnugTransportFeedback, 1);

  self->results = g_array_new (FALSE, FALSE, sizeof (SnugPacketResult));
  return self;
}

void
snug_transport_feedback_free (SnugTransportFeedback *self)
{
  g_array_unref (self->results);
  g_free (self);
}

void
snug_transport_feedback_sent (SnugTransportFeedback *self, guint16 sequence, gint64 now, guint size, guint probe)
{
  guint64 number;

  /* The first one may have any number; 65536 keeps what is subtracted from it above zero. */
  if (self->next == 0)
    self->settled = self->passed = self->next = 65536 + (guint64) sequence;
  number = self->next + (guint16) (sequence - (guint16) self->next);
  self->packets[number % PACKETS] = (Packet) {
    .number = number,
    .sent = now,
    .size = size,
    .probe = probe,
    .state = ON_THE_WAY,
  };
  self->next = number + 1;
  if (self->next > self->settled + PACKETS)
    self->settled = self->next - PACKETS;
}

static Packet *
find (SnugTransportFeedback *self, guint16 sequence)
{
  guint16 back;
  Packet *packet;

  if (self->next == 0)
    return NULL;
  back = (guint16) ((guint16) (self->next - 1) - sequence);
  if (back >= PACKETS)
    return NULL;
  packet = &self->packets[(self->next - 1 - back) % PACKETS];

  return packet->number == self->next - 1 - back && packet->state != UNUSED ? packet : NULL;
}

static gint64
unwrap (SnugTransportFeedback *self, gint64 time)
{
  gint64 step;

  time %= SNUG_FEEDBACK_PERIOD;
  if (!self->has_time || self->last_time > TIME_MAX || self->last_time < -TIME_MAX)
    {
      self->has_time = TRUE;
      self->last_time = time;
      return time;
    }
  step = (time - self->last_time % SNUG_FEEDBACK_PERIOD) % SNUG_FEEDBACK_PERIOD;
  if (step >= SNUG_FEEDBACK_PERIOD / 2)
    step -= SNUG_FEEDBACK_PERIOD;
  else if (step < -SNUG_FEEDBACK_PERIOD / 2)
    step += SNUG_FEEDBACK_PERIOD;
  self->last_time += step;

  return self->last_time;
}

static void
tell (SnugTransportFeedback *self, Packet *packet, gint64 received)
{
  SnugPacketResult result = { packet->sent, received, packet->size, packet->probe };

  packet->state = TOLD;
  if (self->results->len < SNUG_PACKET_RESULTS_MAX)
    g_array_append_val (self->results, result);
}

const SnugPacketResult *
snug_transport_feedback_read (SnugTransportFeedback *self,
                              const SnugFeedbackEntry *entries,
                              guint n_entries,
                              guint *n_results)
{
  guint64 reached = 0;

  g_array_set_size (self->results, 0);
  for (guint i = 0; i < n_entries; i++)
    {
      Packet *packet = find (self, entries[i].sequence);

      if (packet == NULL)
        continue;
      if (!entries[i].arrived)
        {
          if (packet->state == ON_THE_WAY)
            packet->state = MISSING;
          continue;
        }
      reached = MAX (reached, packet->number + 1);
      if (packet->state != ON_THE_WAY && packet->state != MISSING)
        continue;
      packet->state = ARRIVED;
      packet->received = unwrap (self, entries[i].time);
    }

  for (guint64 number = self->settled; number < reached; number++)
    {
      Packet *packet = &self->packets[number % PACKETS];

      /* A number that was left out was never sent. */
      if (packet->number != number)
        continue;
      if (packet->state == ARRIVED)
        tell (self, packet, packet->received);
      else if (packet->state == MISSING && number < self->passed)
        tell (self, packet, SNUG_PACKET_LOST);
      else if (packet->state == ON_THE_WAY && number < self->passed)
        packet->state = TOLD;
    }
  self->passed = MAX (self->passed, reached);
  while (self->settled < self->passed
         && (self->packets[self->settled % PACKETS].number != self->settled
             || self->packets[self->settled % PACKETS].state == TOLD))
    self->settled++;

  *n_results = self->results->len;
  return (const SnugPacketResult *) (gconstpointer) self->results->data;
}

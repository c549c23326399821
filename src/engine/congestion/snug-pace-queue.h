/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits to be sent to one peer, and when each packet may leave: sound at once, then what is sent again, then
 * pictures, as fast as the path takes them. Pure: the caller says what time it is, in microseconds and never backwards;
 * one thread at a time.
 *
 * The queue does not grow: pictures that waited too long are dropped, all that stand behind the one that is being
 * sent, and those after them until the next that needs no other.
 */
#pragma once

#include "snug-probe.h"

G_BEGIN_DECLS

typedef enum
{
  SNUG_PACE_SOUND,
  SNUG_PACE_AGAIN, /* retransmissions */
  SNUG_PACE_PICTURE,
  SNUG_N_PACE_CLASSES
} SnugPaceClass;

typedef struct
{
  SnugPaceClass kind;
  guint size;        /* bytes on the wire */
  guint32 stream;    /* SSRC */
  guint32 frame;     /* RTP time: packets of one picture share it */
  guint16 sequence;  /* RTP */
  gboolean key;      /* the first of a picture that needs no other */
  gint64 queued;     /* us; set by the queue */
  gpointer data;
} SnugPacePacket;

typedef struct _SnugPaceQueue SnugPaceQueue;

/* free_data: for packets that are dropped. */
SnugPaceQueue *snug_pace_queue_new (guint64 rate, GDestroyNotify free_data);
void snug_pace_queue_free (SnugPaceQueue *self);
/* Drops everything. */
void snug_pace_queue_clear (SnugPaceQueue *self);

/* bit/s that the path is thought to take. */
void snug_pace_queue_set_rate (SnugPaceQueue *self, guint64 rate);
/* packet->data: (transfer full). */
void snug_pace_queue_push (SnugPaceQueue *self, gint64 now, const SnugPacePacket *packet);
/* FALSE: nothing may leave now. packet->data: (transfer full). probe: what it is part of; 0: none. */
gboolean snug_pace_queue_pop (SnugPaceQueue *self, gint64 now, SnugPacePacket *packet, guint *probe);
/* us: when to call snug_pace_queue_pop() next; G_MAXINT64: when something was pushed. */
gint64 snug_pace_queue_get_next (SnugPaceQueue *self);
/* From now on a probe is sent, as soon as enough waits or in 10 ms with what there is.
 * Returns: bytes that are missing for it. */
guint snug_pace_queue_probe (SnugPaceQueue *self, gint64 now, const SnugProbe *probe);

/* us until all that waits now has left, at the rate of the path. */
gint64 snug_pace_queue_get_delay (SnugPaceQueue *self);
/* Whether pictures were dropped: a key frame is needed. TRUE once, and again every second until one has come. */
gboolean snug_pace_queue_take_dropped (SnugPaceQueue *self, gint64 now);
/* Whether that packet was dropped here lately: nobody need ask for it. */
gboolean snug_pace_queue_was_dropped (SnugPaceQueue *self, gint64 now, guint32 stream, guint16 sequence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugPaceQueue, snug_pace_queue_free)

G_END_DECLS

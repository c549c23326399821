/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-pacer.h"

#include <gst/rtp/gstrtpbuffer.h>

#include "snug-pace-queue.h"
#include "snug-transport-feedback.h"

/* What SRTP, UDP and IPv4 add to an RTP packet. */
#define WIRE_OVERHEAD (10 + 8 + 20)
#define TICK (100 * 1000) /* us */
/* The first picture is to be there soon. If it fills the path's queue, that is told at once. */
#define FIRST_RATE 1000000 /* bit/s */
/* Sent again so that a probe has something to send; before there are so many, there is none. */
#define RECENT_PACKETS 128
#define PROBE_PACKETS 6
#define PAYLOADS 4
/* More are waiting to be sent again than help. */
#define AGAIN_DELAY_MAX (400 * 1000)

typedef struct
{
  guint32 ssrc;
  guint16 sequence;
  guint size;
} Recent;

struct _SnugPacer
{
  GstElement parent_instance;

  GstPad *sink;
  GstPad *src;
  guint sound_payload;
  guint picture_payloads[PAYLOADS];
  guint n_picture_payloads;
  guint8 extension; /* its id */

  /* All below: under the lock. */
  GMutex mutex;
  GCond cond;
  gboolean flushing;
  GstFlowReturn flow;
  gboolean estimating;
  guint64 most;
  guint64 seed;
  SnugBandwidthEstimator *estimator;
  SnugTransportFeedback *feedback;
  SnugPaceQueue *queue;
  gint64 next_tick;
  SnugPacePacket sending; /* on the streaming thread, until it has its number */
  guint sending_probe;
  Recent recent[RECENT_PACKETS];
  guint n_recent;
  guint64 n_dropped;
  GArray *entries; /* of SnugFeedbackEntry */

  SnugRelay *relay; /* nullable */
  SnugRelayFunc changed;
  SnugRelayFunc dropped;
  gboolean posted; /* and not read yet */
};

G_DEFINE_FINAL_TYPE (SnugPacer, snug_pacer, GST_TYPE_ELEMENT)

static GstStaticPadTemplate sink_template
    = GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-rtp"));
static GstStaticPadTemplate src_template
    = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-rtp"));

/* Under the lock. */
static void
post_changed (SnugPacer *self)
{
  if (self->relay == NULL || self->posted)
    return;
  self->posted = TRUE;
  snug_relay_post (self->relay, self->changed, NULL, NULL);
}

/* Under the lock. */
static void
apply_target (SnugPacer *self)
{
  guint64 target = self->estimating ? snug_bandwidth_estimator_get_target (self->estimator) : self->most;
  SnugBandwidthSample sample;

  snug_bandwidth_estimator_get_sample (self->estimator, &sample);
  if (self->estimating && sample.round_trip == 0)
    target = MAX (target, FIRST_RATE);
  snug_pace_queue_set_rate (self->queue, target);
}

/* --- what comes in --------------------------------------------------------------------------------------------- */

/* Whether a picture that needs no other begins here: VP8's payload descriptor and header (RFC 7741, 4.2, 4.3). */
static gboolean
begins_key_frame (const guint8 *payload, gsize size)
{
  gsize at = 1;

  if (size < 1 || (payload[0] & 0x10) == 0 || (payload[0] & 0x07) != 0)
    return FALSE;
  if (payload[0] & 0x80)
    {
      guint8 extensions;

      if (size < 2)
        return FALSE;
      extensions = payload[1];
      at = 2;
      if (extensions & 0x80)
        at += at < size && (payload[at] & 0x80) ? 2 : 1;
      if (extensions & 0x40)
        at++;
      if (extensions & 0x30)
        at++;
    }

  return at < size && (payload[at] & 0x01) == 0;
}

static gboolean
is_picture (SnugPacer *self, guint payload_type)
{
  for (guint i = 0; i < self->n_picture_payloads; i++)
    if (self->picture_payloads[i] == payload_type)
      return TRUE;

  return FALSE;
}

/* buffer: (transfer full). */
static GstFlowReturn
enqueue (SnugPacer *self, GstBuffer *buffer)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  SnugPacePacket packet = { .size = (guint) gst_buffer_get_size (buffer) + WIRE_OVERHEAD, .data = buffer };
  GstFlowReturn flow;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    {
      gst_buffer_unref (buffer);
      return GST_FLOW_OK;
    }
  packet.stream = gst_rtp_buffer_get_ssrc (&rtp);
  packet.frame = gst_rtp_buffer_get_timestamp (&rtp);
  packet.sequence = gst_rtp_buffer_get_seq (&rtp);
  if (gst_rtp_buffer_get_payload_type (&rtp) == self->sound_payload)
    packet.kind = SNUG_PACE_SOUND;
  else if (is_picture (self, gst_rtp_buffer_get_payload_type (&rtp)))
    packet.kind = SNUG_PACE_PICTURE;
  else
    packet.kind = SNUG_PACE_AGAIN;
  if (packet.kind == SNUG_PACE_PICTURE)
    packet.key = begins_key_frame (gst_rtp_buffer_get_payload (&rtp), gst_rtp_buffer_get_payload_len (&rtp));
  gst_rtp_buffer_unmap (&rtp);

  g_mutex_lock (&self->mutex);
  flow = self->flushing ? GST_FLOW_FLUSHING : self->flow;
  if (flow == GST_FLOW_OK)
    {
      snug_pace_queue_push (self->queue, g_get_monotonic_time (), &packet);
      g_cond_signal (&self->cond);
    }
  else
    gst_buffer_unref (buffer);
  g_mutex_unlock (&self->mutex);

  return flow;
}

static GstFlowReturn
on_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  return enqueue (SNUG_PACER (parent), buffer);
}

static GstFlowReturn
on_chain_list (GstPad *pad, GstObject *parent, GstBufferList *list)
{
  GstFlowReturn flow = GST_FLOW_OK;

  for (guint i = 0; i < gst_buffer_list_length (list) && flow == GST_FLOW_OK; i++)
    flow = enqueue (SNUG_PACER (parent), gst_buffer_ref (gst_buffer_list_get (list, i)));
  gst_buffer_list_unref (list);

  return flow;
}

static void
set_flushing (SnugPacer *self, gboolean flushing)
{
  g_mutex_lock (&self->mutex);
  self->flushing = flushing;
  self->flow = GST_FLOW_OK;
  if (flushing)
    snug_pace_queue_clear (self->queue);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* --- what goes out --------------------------------------------------------------------------------------------- */

/* Under the lock. Returns: how many of requests were filled: packets to ask for again, so that the probe is large
 * enough. */
static guint
fill_probe (SnugPacer *self, guint missing, Recent *requests)
{
  guint known = MIN (self->n_recent, RECENT_PACKETS), n = 0;

  while (n < known && missing > 0)
    {
      const Recent *recent = &self->recent[(self->n_recent - 1 - n) % RECENT_PACKETS];

      requests[n++] = *recent;
      missing -= MIN (missing, recent->size);
    }

  return n;
}

/* rtprtxsend, in front of us, makes retransmissions on request; the peer drops what it has already (as browsers do it). */
static void
request_again (SnugPacer *self, const Recent *requests, guint n)
{
  for (guint i = 0; i < n; i++)
    gst_pad_push_event (self->sink,
                        gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
                                              gst_structure_new ("GstRTPRetransmissionRequest", "seqnum", G_TYPE_UINT,
                                                                 (guint) requests[i].sequence, "ssrc", G_TYPE_UINT,
                                                                 requests[i].ssrc, NULL)));
}

/* Under the lock. */
static void
tick (SnugPacer *self, gint64 now)
{
  if (now < self->next_tick)
    return;
  self->next_tick = now + TICK;
  snug_bandwidth_estimator_tick (self->estimator, now);
  apply_target (self);
  post_changed (self);
  if (snug_pace_queue_take_dropped (self->queue, now))
    {
      self->n_dropped++;
      if (self->relay != NULL)
        snug_relay_post (self->relay, self->dropped, NULL, NULL);
    }
}

/* Under the lock. */
static void
note_sending (SnugPacer *self, gint64 now)
{
  if (self->sending.kind == SNUG_PACE_PICTURE)
    self->recent[self->n_recent++ % RECENT_PACKETS]
        = (Recent) { self->sending.stream, self->sending.sequence, self->sending.size };
  snug_bandwidth_estimator_sent (self->estimator, now);
}

static void
on_loop (gpointer user_data)
{
  SnugPacer *self = user_data;
  Recent requests[RECENT_PACKETS];
  guint n_requests = 0;
  GstBuffer *buffer = NULL;
  GstFlowReturn flow;
  SnugProbe probe;
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->mutex);
  if (self->flushing)
    {
      g_mutex_unlock (&self->mutex);
      gst_pad_pause_task (self->src);
      return;
    }
  tick (self, now);
  if (self->estimating && self->n_recent >= PROBE_PACKETS && snug_bandwidth_estimator_next_probe (self->estimator, now, &probe))
    n_requests = fill_probe (self, snug_pace_queue_probe (self->queue, now, &probe), requests);
  if (n_requests == 0 && snug_pace_queue_pop (self->queue, now, &self->sending, &self->sending_probe))
    {
      buffer = self->sending.data;
      note_sending (self, now);
    }
  else if (n_requests == 0)
    {
      gint64 next = MIN (snug_pace_queue_get_next (self->queue), self->next_tick);

      if (next > now)
        g_cond_wait_until (&self->cond, &self->mutex, next);
    }
  g_mutex_unlock (&self->mutex);

  request_again (self, requests, n_requests);
  if (buffer == NULL)
    return;
  flow = gst_pad_push (self->src, buffer);
  if (flow != GST_FLOW_OK)
    {
      g_mutex_lock (&self->mutex);
      self->flow = flow;
      g_mutex_unlock (&self->mutex);
      gst_pad_pause_task (self->src);
    }
}

/* The streaming thread, within the push of on_loop(): only now has the packet its number. */
static GstPadProbeReturn
on_numbered (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugPacer *self = user_data;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gpointer data;
  guint size;

  if (!gst_rtp_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ, &rtp))
    return GST_PAD_PROBE_OK;
  if (gst_rtp_buffer_get_extension_onebyte_header (&rtp, self->extension, 0, &data, &size) && size == 2)
    {
      /* It may stand at an odd address. */
      const guint8 *number = data;

      g_mutex_lock (&self->mutex);
      snug_transport_feedback_sent (self->feedback, (guint16) (number[0] << 8 | number[1]), g_get_monotonic_time (),
                                    self->sending.size, self->sending_probe);
      g_mutex_unlock (&self->mutex);
    }
  gst_rtp_buffer_unmap (&rtp);

  return GST_PAD_PROBE_OK;
}

/* --- what comes back ------------------------------------------------------------------------------------------- */

/* Under the lock. What is not as it should be is left out. */
static void
read_entries (SnugPacer *self, const GstStructure *structure)
{
  const GValue *value = gst_structure_get_value (structure, "packets");
  GValueArray *packets;

  g_array_set_size (self->entries, 0);
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  if (value == NULL || !G_VALUE_HOLDS (value, g_value_array_get_type ()))
    return;
  packets = g_value_get_boxed (value);
  for (guint i = 0; packets != NULL && i < packets->n_values; i++)
    {
      const GValue *item = g_value_array_get_nth (packets, i);
      const GstStructure *packet = GST_VALUE_HOLDS_STRUCTURE (item) ? gst_value_get_structure (item) : NULL;
      SnugFeedbackEntry entry;
      guint64 time;
      guint number;
      gboolean lost;

      if (packet == NULL || !gst_structure_get (packet, "seqnum", G_TYPE_UINT, &number, "lost", G_TYPE_BOOLEAN, &lost,
                                                "remote-ts", G_TYPE_UINT64, &time, NULL))
        continue;
      entry.sequence = (guint16) number;
      entry.arrived = !lost && GST_CLOCK_TIME_IS_VALID (time);
      /* Below zero: deltas that lead back past the start of the reference time. */
      entry.time = (gint64) time / 1000;
      g_array_append_val (self->entries, entry);
    }
  G_GNUC_END_IGNORE_DEPRECATIONS
}

static void
take_feedback (SnugPacer *self, const GstStructure *structure)
{
  gint64 now = g_get_monotonic_time ();
  const SnugPacketResult *results;
  guint n_results;

  g_mutex_lock (&self->mutex);
  read_entries (self, structure);
  results = snug_transport_feedback_read (self->feedback, (SnugFeedbackEntry *) (gpointer) self->entries->data, self->entries->len,
                                          &n_results);
  snug_bandwidth_estimator_feedback (self->estimator, now, results, n_results);
  apply_target (self);
  post_changed (self);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Whether a request for a retransmission is worth answering. */
static gboolean
is_wanted_again (SnugPacer *self, const GstStructure *request)
{
  guint number = 0, ssrc = 0;
  gboolean wanted;

  gst_structure_get (request, "seqnum", G_TYPE_UINT, &number, "ssrc", G_TYPE_UINT, &ssrc, NULL);
  g_mutex_lock (&self->mutex);
  wanted = snug_pace_queue_get_delay (self->queue) < AGAIN_DELAY_MAX
           && !snug_pace_queue_was_dropped (self->queue, g_get_monotonic_time (), ssrc, (guint16) number);
  g_mutex_unlock (&self->mutex);

  return wanted;
}

static gboolean
on_src_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  SnugPacer *self = SNUG_PACER (parent);
  const GstStructure *structure
      = GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_UPSTREAM ? gst_event_get_structure (event) : NULL;

  if (structure != NULL && gst_structure_has_name (structure, "RTPTWCCPackets"))
    {
      take_feedback (self, structure);
      gst_event_unref (event);
      return TRUE;
    }
  if (structure != NULL && gst_structure_has_name (structure, "GstRTPRetransmissionRequest")
      && !is_wanted_again (self, structure))
    {
      gst_event_unref (event);
      return TRUE;
    }

  return gst_pad_event_default (pad, parent, event);
}

static gboolean
on_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  SnugPacer *self = SNUG_PACER (parent);

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START)
    set_flushing (self, TRUE);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    {
      set_flushing (self, FALSE);
      gst_pad_start_task (self->src, on_loop, self, NULL);
    }

  return gst_pad_event_default (pad, parent, event);
}

/* --- the element ----------------------------------------------------------------------------------------------- */

static gboolean
on_activate_sink (GstPad *pad, GstObject *parent, GstPadMode mode, gboolean active)
{
  if (mode != GST_PAD_MODE_PUSH)
    return FALSE;
  if (!active)
    set_flushing (SNUG_PACER (parent), TRUE);

  return TRUE;
}

static gboolean
on_activate_src (GstPad *pad, GstObject *parent, GstPadMode mode, gboolean active)
{
  if (mode != GST_PAD_MODE_PUSH)
    return FALSE;
  set_flushing (SNUG_PACER (parent), !active);

  return active ? gst_pad_start_task (pad, on_loop, parent, NULL) : gst_pad_stop_task (pad);
}

static void
snug_pacer_finalize (GObject *object)
{
  SnugPacer *self = SNUG_PACER (object);

  snug_pace_queue_free (self->queue);
  snug_transport_feedback_free (self->feedback);
  snug_bandwidth_estimator_free (self->estimator);
  g_array_unref (self->entries);
  g_clear_pointer (&self->relay, snug_relay_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (snug_pacer_parent_class)->finalize (object);
}

static void
snug_pacer_class_init (SnugPacerClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = snug_pacer_finalize;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Pacer", "Network/RTP", "Sends at the rate that the path takes",
                                         "Snug");
}

static void
buffer_free (gpointer data)
{
  gst_buffer_unref (data);
}

static void
snug_pacer_init (SnugPacer *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->flushing = TRUE;
  self->estimating = TRUE;
  self->most = SNUG_BITRATE_MAX;
  self->estimator = snug_bandwidth_estimator_new (g_get_monotonic_time ());
  self->feedback = snug_transport_feedback_new ();
  self->queue = snug_pace_queue_new (FIRST_RATE, buffer_free);
  self->entries = g_array_new (FALSE, FALSE, sizeof (SnugFeedbackEntry));

  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, on_chain);
  gst_pad_set_chain_list_function (self->sink, on_chain_list);
  gst_pad_set_event_function (self->sink, on_sink_event);
  gst_pad_set_activatemode_function (self->sink, on_activate_sink);
  GST_PAD_SET_PROXY_CAPS (self->sink);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
  self->src = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_event_function (self->src, on_src_event);
  gst_pad_set_activatemode_function (self->src, on_activate_src);
  GST_PAD_SET_PROXY_CAPS (self->src);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

SnugPacer *
snug_pacer_new (guint extension, guint sound_payload, const guint *picture_payloads, guint n_picture_payloads)
{
  SnugPacer *self = g_object_new (SNUG_TYPE_PACER, NULL);

  g_return_val_if_fail (n_picture_payloads <= PAYLOADS, NULL);

  self->extension = (guint8) extension;
  self->sound_payload = sound_payload;
  self->n_picture_payloads = n_picture_payloads;
  for (guint i = 0; i < n_picture_payloads; i++)
    self->picture_payloads[i] = picture_payloads[i];

  return self;
}

void
snug_pacer_set_estimating (SnugPacer *self, gboolean estimating)
{
  g_return_if_fail (SNUG_IS_PACER (self));

  g_mutex_lock (&self->mutex);
  self->estimating = estimating;
  apply_target (self);
  g_mutex_unlock (&self->mutex);
}

void
snug_pacer_set_seed (SnugPacer *self, guint64 rate)
{
  g_return_if_fail (SNUG_IS_PACER (self));

  g_mutex_lock (&self->mutex);
  self->seed = rate;
  snug_bandwidth_estimator_restart (self->estimator, g_get_monotonic_time (), rate > 0 ? rate : SNUG_BITRATE_START);
  apply_target (self);
  g_mutex_unlock (&self->mutex);
}

void
snug_pacer_set_most (SnugPacer *self, guint64 rate)
{
  g_return_if_fail (SNUG_IS_PACER (self));

  g_mutex_lock (&self->mutex);
  self->most = CLAMP (rate, SNUG_BITRATE_MIN, SNUG_BITRATE_MAX);
  snug_bandwidth_estimator_set_bounds (self->estimator, SNUG_BITRATE_MIN, self->most);
  apply_target (self);
  g_mutex_unlock (&self->mutex);
}

void
snug_pacer_watch (SnugPacer *self, GstPad *pad)
{
  g_return_if_fail (SNUG_IS_PACER (self));
  g_return_if_fail (GST_IS_PAD (pad));

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_numbered, gst_object_ref (self), gst_object_unref);
}

void
snug_pacer_set_relay (SnugPacer *self, SnugRelay *relay, SnugRelayFunc changed, SnugRelayFunc dropped)
{
  g_return_if_fail (SNUG_IS_PACER (self));
  g_return_if_fail (self->relay == NULL);

  g_mutex_lock (&self->mutex);
  self->relay = snug_relay_ref (relay);
  self->changed = changed;
  self->dropped = dropped;
  g_mutex_unlock (&self->mutex);
}

void
snug_pacer_get_report (SnugPacer *self, SnugPacerReport *report)
{
  g_return_if_fail (SNUG_IS_PACER (self));

  g_mutex_lock (&self->mutex);
  self->posted = FALSE;
  snug_bandwidth_estimator_get_sample (self->estimator, &report->estimate);
  if (!self->estimating)
    report->estimate.target = self->most;
  report->queue_delay = snug_pace_queue_get_delay (self->queue);
  report->n_pictures_dropped = self->n_dropped;
  report->seed = self->seed;
  g_mutex_unlock (&self->mutex);
}

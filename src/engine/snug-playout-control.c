/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-playout-control.h"

#include <gst/rtp/gstrtpbuffer.h>

#include "snug-playout-plan.h"
#include "snug-relative-delay.h"
#include "snug-relay.h"

#define UPDATE_MS 200
/* Packets come to the main context so many at once, or after so long. */
#define BATCH_PACKETS 16
#define BATCH_US (100 * 1000)
/* What sound and pictures may exceed: one packet of sound in fifty is concealed, a picture that is late is only late. */
#define AUDIO_PART 0.98
#define VIDEO_PART 0.90
/* A stream of which nothing came for so long has no say. */
#define ACTIVE_US (3 * G_USEC_PER_SEC)
#define SILENT_DBFS (-50.0)

#define AUDIO_CLOCK_RATE 48000
#define VIDEO_CLOCK_RATE 90000

typedef struct
{
  gint64 arrival;
  guint32 timestamp;
  guint8 payload;
} SnugArrivedPacket;

/* What one jitter buffer's thread sees; nobody else touches it. */
typedef struct
{
  SnugRelay *relay;
  GstElement *jitterbuffer; /* borrowed: the probe is on its pad */
  GArray *packets;          /* of SnugArrivedPacket */
} SnugArrivalProbe;

/* On its way to the main context. */
typedef struct
{
  GstElement *jitterbuffer;
  GArray *packets;
} SnugArrivalBatch;

typedef struct
{
  GstElement *jitterbuffer;
  SnugMline mline;
  guint64 n_lost; /* lost or asked for, at the last look */
} SnugBuffered;

struct _SnugPlayoutControl
{
  GObject parent_instance;

  SnugRelay *relay;
  GstElement *rtpbin;
  gulong handler;
  SnugRemoteMedia *remote_media;
  SnugStatsCollector *stats;
  int payloads[SNUG_N_MLINES]; /* -1: none */

  SnugRelativeDelay delays[SNUG_MLINE_DATA];
  gint64 heard[SNUG_MLINE_DATA];
  GArray *buffered; /* of SnugBuffered */
  SnugPlayoutPlan plan;
  guint update_id;
};

G_DEFINE_FINAL_TYPE (SnugPlayoutControl, snug_playout_control, G_TYPE_OBJECT)

static void
batch_free (gpointer data)
{
  SnugArrivalBatch *batch = data;

  gst_object_unref (batch->jitterbuffer);
  g_array_unref (batch->packets);
  g_free (batch);
}

static void
probe_free (gpointer data)
{
  SnugArrivalProbe *probe = data;

  snug_relay_unref (probe->relay);
  g_array_unref (probe->packets);
  g_free (probe);
}

static void
buffered_clear (gpointer data)
{
  gst_clear_object (&((SnugBuffered *) data)->jitterbuffer);
}

/* After which the buffer gives a packet up. When pictures are shown is up to their sinks. */
static guint
get_patience (SnugPlayoutControl *self, SnugMline mline)
{
  return mline == SNUG_MLINE_AUDIO ? self->plan.audio : self->plan.patience;
}

static void
remember_buffer (SnugPlayoutControl *self, GstElement *jitterbuffer, SnugMline mline)
{
  SnugBuffered fresh = { NULL, mline, 0 };

  for (guint i = 0; i < self->buffered->len; i++)
    if (g_array_index (self->buffered, SnugBuffered, i).jitterbuffer == jitterbuffer)
      return;
  fresh.jitterbuffer = gst_object_ref (jitterbuffer);
  g_array_append_val (self->buffered, fresh);
  g_object_set (jitterbuffer, "latency", get_patience (self, mline), NULL);
}

static void
on_packets (gpointer owner, gpointer data)
{
  SnugPlayoutControl *self = owner;
  SnugArrivalBatch *batch = data;

  for (guint i = 0; i < batch->packets->len; i++)
    {
      const SnugArrivedPacket *packet = &g_array_index (batch->packets, SnugArrivedPacket, i);

      for (SnugMline mline = 0; mline < SNUG_MLINE_DATA; mline++)
        if (packet->payload == self->payloads[mline])
          {
            snug_relative_delay_add (&self->delays[mline], packet->timestamp, packet->arrival);
            self->heard[mline] = packet->arrival;
            remember_buffer (self, batch->jitterbuffer, mline);
          }
    }
}

/* The two below run on streaming threads. */
static GstPadProbeReturn
on_packet_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugArrivalProbe *probe = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  SnugArrivedPacket packet = { .arrival = g_get_monotonic_time () };

  /* What is sent again says nothing about the path. */
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_RTP_BUFFER_FLAG_RETRANSMISSION)
      || !gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return GST_PAD_PROBE_OK;
  packet.timestamp = gst_rtp_buffer_get_timestamp (&rtp);
  packet.payload = gst_rtp_buffer_get_payload_type (&rtp);
  gst_rtp_buffer_unmap (&rtp);

  g_array_append_val (probe->packets, packet);
  if (probe->packets->len >= BATCH_PACKETS
      || packet.arrival - g_array_index (probe->packets, SnugArrivedPacket, 0).arrival >= BATCH_US)
    {
      SnugArrivalBatch *batch = g_new0 (SnugArrivalBatch, 1);

      batch->jitterbuffer = gst_object_ref (probe->jitterbuffer);
      batch->packets = probe->packets;
      probe->packets = g_array_new (FALSE, FALSE, sizeof (SnugArrivedPacket));
      snug_relay_post (probe->relay, on_packets, batch, batch_free);
    }

  return GST_PAD_PROBE_OK;
}

static void
on_new_jitterbuffer_cb (GstElement *rtpbin, GstElement *jitterbuffer, guint session, guint ssrc, SnugRelay *relay)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (jitterbuffer, "sink");
  SnugArrivalProbe *probe = g_new0 (SnugArrivalProbe, 1);

  probe->relay = snug_relay_ref (relay);
  probe->jitterbuffer = jitterbuffer;
  probe->packets = g_array_new (FALSE, FALSE, sizeof (SnugArrivedPacket));
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet_cb, probe, probe_free);
}

static gboolean
take_lost (SnugPlayoutControl *self)
{
  gboolean lost = FALSE;

  for (guint i = 0; i < self->buffered->len; i++)
    {
      SnugBuffered *buffered = &g_array_index (self->buffered, SnugBuffered, i);
      g_autoptr (GstStructure) stats = NULL;
      guint64 n_lost = 0, n_asked = 0;

      if (buffered->mline == SNUG_MLINE_AUDIO)
        continue;
      g_object_get (buffered->jitterbuffer, "stats", &stats, NULL);
      if (stats == NULL)
        continue;
      gst_structure_get (stats, "num-lost", G_TYPE_UINT64, &n_lost, "rtx-count", G_TYPE_UINT64, &n_asked, NULL);
      lost = lost || n_lost + n_asked > buffered->n_lost;
      buffered->n_lost = n_lost + n_asked;
    }

  return lost;
}

static gboolean
is_active (SnugPlayoutControl *self, SnugMline mline, gint64 now)
{
  return self->heard[mline] != 0 && now - self->heard[mline] <= ACTIVE_US;
}

/* Milliseconds; 0: nothing comes. */
static guint
get_delay (SnugPlayoutControl *self, SnugMline mline, double part, gint64 now)
{
  if (!is_active (self, mline, now))
    return 0;

  return (guint) (snug_relative_delay_get_quantile (&self->delays[mline], part) / 1000);
}

/* Between the pictures of what shows most of them, in milliseconds; 0: not known. */
static guint
get_video_interval (SnugPlayoutControl *self, gint64 now)
{
  gint64 shortest = 0;

  for (SnugMline mline = SNUG_MLINE_CAMERA; mline <= SNUG_MLINE_SCREEN; mline++)
    {
      gint64 interval = snug_relative_delay_get_interval (&self->delays[mline]);

      if (interval != 0 && is_active (self, mline, now))
        shortest = shortest == 0 ? interval : MIN (shortest, interval);
    }

  return (guint) (shortest / 1000);
}

static void
apply (SnugPlayoutControl *self)
{
  for (guint i = 0; i < self->buffered->len; i++)
    {
      SnugBuffered *buffered = &g_array_index (self->buffered, SnugBuffered, i);

      g_object_set (buffered->jitterbuffer, "latency", get_patience (self, buffered->mline), "rtx-retry-timeout",
                    self->plan.retry > 0 ? (int) self->plan.retry : -1, NULL);
    }
  snug_remote_media_set_audio_latency (self->remote_media, self->plan.audio * GST_MSECOND);
  snug_remote_media_set_video_latency (self->remote_media, self->plan.video * (GstClockTimeDiff) GST_MSECOND);
}

static void
look_at_readiness (SnugPlayoutControl *self, SnugPlayoutSight *sight, gint64 now)
{
  sight->video_base = -G_MAXINT / 2;
  for (SnugMline mline = SNUG_MLINE_CAMERA; mline <= SNUG_MLINE_SCREEN; mline++)
    {
      const SnugRelativeDelay *readiness = snug_remote_media_get_readiness (self->remote_media, mline);

      if (!is_active (self, mline, now))
        continue;
      sight->video_ready = MAX (sight->video_ready, (guint) (snug_relative_delay_get_quantile (readiness, VIDEO_PART) / 1000));
      sight->video_base = MAX (sight->video_base, (int) (snug_relative_delay_get_fastest (readiness) / 1000));
    }
}

static gboolean
on_update (gpointer user_data)
{
  SnugPlayoutControl *self = user_data;
  gint64 now = g_get_monotonic_time ();
  SnugPlayoutSight sight = {
    .audio_delay = get_delay (self, SNUG_MLINE_AUDIO, AUDIO_PART, now),
    .video_delay = MAX (get_delay (self, SNUG_MLINE_CAMERA, VIDEO_PART, now),
                        get_delay (self, SNUG_MLINE_SCREEN, VIDEO_PART, now)),
    .video_interval = get_video_interval (self, now),
    .video_lost = take_lost (self),
    .round_trip = snug_stats_collector_get_round_trip (self->stats),
    .silent = snug_remote_media_get_audio_level (self->remote_media) < SILENT_DBFS,
  };

  look_at_readiness (self, &sight, now);
  if (snug_playout_plan_update (&self->plan, &sight, now))
    {
      g_debug ("Sound is played after %u ms, pictures after %d; a lost packet is waited for %u ms", self->plan.audio,
               self->plan.video, self->plan.patience);
      apply (self);
    }

  return G_SOURCE_CONTINUE;
}

void
snug_playout_control_read_stats (SnugPlayoutControl *self, SnugStatsValues *values)
{
  g_return_if_fail (SNUG_IS_PLAYOUT_CONTROL (self));

  values->audio_playout_seconds = self->plan.audio / 1000.0;
  values->video_playout_seconds = self->plan.video_wish / 1000.0;
}

void
snug_playout_control_stop (SnugPlayoutControl *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PLAYOUT_CONTROL (self));

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->relay, snug_relay_close);
  if (self->handler != 0)
    g_signal_handler_disconnect (self->rtpbin, self->handler);
  self->handler = 0;
  gst_clear_object (&self->rtpbin);
  g_array_set_size (self->buffered, 0);
  g_clear_object (&self->remote_media);
  self->stats = NULL;
}

static void
snug_playout_control_dispose (GObject *object)
{
  snug_playout_control_stop (SNUG_PLAYOUT_CONTROL (object));

  G_OBJECT_CLASS (snug_playout_control_parent_class)->dispose (object);
}

static void
snug_playout_control_finalize (GObject *object)
{
  g_array_unref (SNUG_PLAYOUT_CONTROL (object)->buffered);

  G_OBJECT_CLASS (snug_playout_control_parent_class)->finalize (object);
}

static void
snug_playout_control_class_init (SnugPlayoutControlClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_playout_control_dispose;
  object_class->finalize = snug_playout_control_finalize;
}

static void
snug_playout_control_init (SnugPlayoutControl *self)
{
  self->relay = snug_relay_new (self);
  self->buffered = g_array_new (FALSE, FALSE, sizeof (SnugBuffered));
  g_array_set_clear_func (self->buffered, buffered_clear);
}

SnugPlayoutControl *
snug_playout_control_new (GstElement *webrtcbin,
                          const SnugMlineInfo mlines[SNUG_N_MLINES],
                          SnugRemoteMedia *remote_media,
                          SnugStatsCollector *stats)
{
  SnugPlayoutControl *self;

  g_return_val_if_fail (GST_IS_ELEMENT (webrtcbin), NULL);
  g_return_val_if_fail (SNUG_IS_REMOTE_MEDIA (remote_media), NULL);

  self = g_object_new (SNUG_TYPE_PLAYOUT_CONTROL, NULL);
  self->remote_media = g_object_ref (remote_media);
  self->stats = stats;
  for (SnugMline mline = 0; mline < SNUG_MLINE_DATA; mline++)
    {
      self->payloads[mline] = mlines[mline].present ? mlines[mline].payload : -1;
      snug_relative_delay_init (&self->delays[mline],
                                mline == SNUG_MLINE_AUDIO ? AUDIO_CLOCK_RATE : VIDEO_CLOCK_RATE);
    }
  snug_playout_plan_init (&self->plan, g_get_monotonic_time ());
  apply (self);

  self->rtpbin = gst_bin_get_by_name (GST_BIN (webrtcbin), "rtpbin");
  if (self->rtpbin != NULL)
    self->handler = snug_relay_connect (self->relay, self->rtpbin, "new-jitterbuffer",
                                        G_CALLBACK (on_new_jitterbuffer_cb));
  self->update_id = g_timeout_add (UPDATE_MS, on_update, self);

  return self;
}

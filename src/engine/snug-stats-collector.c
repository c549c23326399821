/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-stats-collector.h"

#include <math.h>
#include <nice/agent.h>

#include "snug-dtls-watch.h"
#include "snug-engine.h"
#include "snug-relay.h"
#include "snug-rtcp-report.h"
#include "snug-stats-reader.h"
#include "snug-webrtcbin.h"

#define RELAY_BY_TCP_PREFERENCE 20
/* Sound, two pictures, and what is sent again of them. Whoever reports on more streams than that makes them up. */
#define MAX_REPORTED_STREAMS 8

/* One stream of ours, as the peer last reported it, and as it was at the last sample. */
typedef struct
{
  guint32 ssrc;
  gint32 lost;
  guint32 highest;
  gint32 sampled_lost;
  guint32 sampled_highest;
} SnugReportedStream;

struct _SnugStatsCollector
{
  GstElement *webrtcbin;
  GstElement *rtpbin;
  SnugRelay *relay;
  GObject *relay_owner; /* stands for us: relays belong to objects */
  SnugDtlsWatch *dtls;
  GPtrArray *jitterbuffers;
  gulong jitterbuffer_handler;
  guint32 audio_ssrc;
  GObject *session; /* once there is one */
  SnugStatsReader *reader;

  /* As last reported by the peer; NAN: never. */
  double round_trip;
  double sent_loss;
  GArray *reported; /* of SnugReportedStream */
};

static void
on_jitterbuffer (gpointer owner, gpointer data)
{
  SnugStatsCollector *self = g_object_get_data (owner, "snug-collector");

  g_ptr_array_add (self->jitterbuffers, gst_object_ref (data));
}

static void
remember_report (SnugStatsCollector *self, const SnugRtcpReport *report)
{
  SnugReportedStream fresh = { report->ssrc, report->packets_lost, report->highest_sequence,
                               report->packets_lost, report->highest_sequence };

  for (guint i = 0; i < self->reported->len; i++)
    {
      SnugReportedStream *stream = &g_array_index (self->reported, SnugReportedStream, i);

      if (stream->ssrc == report->ssrc)
        {
          stream->lost = report->packets_lost;
          stream->highest = report->highest_sequence;
          return;
        }
    }
  if (self->reported->len < MAX_REPORTED_STREAMS)
    g_array_append_val (self->reported, fresh);
}

/* Reports come three times a second and more, each with the loss since the one before: the loss of a sample is that of all
 * streams and all reports since the last sample. With no report in between it stays what it was. */
static void
compute_sent_loss (SnugStatsCollector *self)
{
  gint64 lost = 0, expected = 0;

  for (guint i = 0; i < self->reported->len; i++)
    {
      SnugReportedStream *stream = &g_array_index (self->reported, SnugReportedStream, i);

      lost += MAX (0, (gint64) stream->lost - stream->sampled_lost);
      expected += MAX (0, (gint64) stream->highest - stream->sampled_highest);
      stream->sampled_lost = stream->lost;
      stream->sampled_highest = stream->highest;
    }
  if (expected > 0)
    self->sent_loss = CLAMP ((double) lost / expected, 0.0, 1.0);
}

static void
on_reports (gpointer owner, gpointer data)
{
  SnugStatsCollector *self = g_object_get_data (owner, "snug-collector");
  GArray *reports = data;

  for (guint i = 0; i < reports->len; i++)
    {
      SnugRtcpReport *report = &g_array_index (reports, SnugRtcpReport, i);

      if (!isnan (report->round_trip_seconds))
        self->round_trip = report->round_trip_seconds;
      remember_report (self, report);
    }
}

/* The two below run on streaming threads. */
static void
on_receiving_rtcp_cb (GObject *session, GstBuffer *buffer, SnugRelay *relay)
{
  guint32 arrival = snug_rtcp_report_compact_ntp (g_get_real_time ());
  GArray *reports = g_array_new (FALSE, FALSE, sizeof (SnugRtcpReport));
  GstMapInfo map;

  if (gst_buffer_map (buffer, &map, GST_MAP_READ))
    {
      snug_rtcp_report_parse (map.data, map.size, arrival, reports);
      gst_buffer_unmap (buffer, &map);
    }
  snug_relay_post (relay, on_reports, reports, (GDestroyNotify) g_array_unref);
}

static void
on_new_jitterbuffer_cb (GstElement *rtpbin, GstElement *jitterbuffer, guint session, guint ssrc,
                        SnugRelay *relay)
{
  snug_relay_post (relay, on_jitterbuffer, gst_object_ref (jitterbuffer), gst_object_unref);
}

SnugStatsCollector *
snug_stats_collector_new (GstElement *webrtcbin)
{
  SnugStatsCollector *self = g_new0 (SnugStatsCollector, 1);

  g_return_val_if_fail (GST_IS_ELEMENT (webrtcbin), NULL);

  self->webrtcbin = gst_object_ref (webrtcbin);
  self->reader = snug_stats_reader_new ();
  self->dtls = snug_dtls_watch_new (webrtcbin);
  self->jitterbuffers = g_ptr_array_new_with_free_func (gst_object_unref);
  self->round_trip = self->sent_loss = NAN;
  self->reported = g_array_new (FALSE, FALSE, sizeof (SnugReportedStream));
  self->relay_owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data (self->relay_owner, "snug-collector", self);
  self->relay = snug_relay_new (self->relay_owner);
  self->rtpbin = gst_bin_get_by_name (GST_BIN (webrtcbin), "rtpbin");
  if (self->rtpbin != NULL)
    self->jitterbuffer_handler = snug_relay_connect (self->relay, self->rtpbin, "new-jitterbuffer",
                                                     G_CALLBACK (on_new_jitterbuffer_cb));

  return self;
}

void
snug_stats_collector_free (SnugStatsCollector *self)
{
  if (self == NULL)
    return;

  if (self->jitterbuffer_handler != 0)
    g_signal_handler_disconnect (self->rtpbin, self->jitterbuffer_handler);
  snug_relay_close (self->relay);
  g_object_unref (self->relay_owner);
  snug_dtls_watch_free (self->dtls);
  snug_stats_reader_free (self->reader);
  g_clear_object (&self->session);
  g_ptr_array_unref (self->jitterbuffers);
  g_array_unref (self->reported);
  gst_clear_object (&self->rtpbin);
  gst_clear_object (&self->webrtcbin);
  g_free (self);
}

void
snug_stats_collector_set_audio_ssrc (SnugStatsCollector *self, guint32 ssrc)
{
  g_return_if_fail (self != NULL);

  self->audio_ssrc = ssrc;
}

void
snug_stats_collector_start (SnugStatsCollector *self)
{
  g_return_if_fail (self != NULL);

  if (self->session != NULL)
    return;
  self->session = snug_webrtcbin_dup_rtp_session (self->webrtcbin);
  if (self->session != NULL)
    snug_relay_connect (self->relay, self->session, "on-receiving-rtcp",
                        G_CALLBACK (on_receiving_rtcp_cb));
}

double
snug_stats_collector_get_round_trip (SnugStatsCollector *self)
{
  g_return_val_if_fail (self != NULL, NAN);

  return self->round_trip;
}

static guint64
get_uint64 (const GstStructure *structure, const char *name)
{
  guint64 value = 0;

  gst_structure_get_uint64 (structure, name, &value);

  return value;
}

/* Returns: (transfer full) (nullable). */
static GstStructure *
dup_session_stats (SnugStatsCollector *self)
{
  GstStructure *stats = NULL;

  if (self->session != NULL)
    g_object_get (self->session, "stats", &stats, NULL);

  return stats;
}

static void
read_jitterbuffers (SnugStatsCollector *self, SnugStatsValues *values)
{
  for (guint i = 0; i < self->jitterbuffers->len; i++)
    {
      g_autoptr (GstStructure) stats = NULL;

      g_object_get (self->jitterbuffers->pdata[i], "stats", &stats, NULL);
      if (stats == NULL)
        continue;
      values->received_packets_lost += get_uint64 (stats, "num-lost");
      values->received_packets_repaired += get_uint64 (stats, "rtx-success-count");
    }
}

static const char *
candidate_type_to_string (NiceCandidateType type)
{
  switch (type)
    {
    case NICE_CANDIDATE_TYPE_HOST:
      return "host";
    case NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE:
      return "srflx";
    case NICE_CANDIDATE_TYPE_PEER_REFLEXIVE:
      return "prflx";
    case NICE_CANDIDATE_TYPE_RELAYED:
      return "relay";
    default:
      return "host";
    }
}

static char *
dup_address (const NiceAddress *address)
{
  char text[NICE_ADDRESS_STRING_LEN];

  nice_address_to_string (address, text);

  return g_strdup (text);
}

/* What this machine speaks to what it sends to first. libnice tells how it talks to a relay only by preferring one over
 * UDP to one over TCP: the type preference is the first byte of the priority (RFC 8445, 5.1.2.1). */
static const char *
get_protocol (const NiceCandidate *local)
{
  if (local->type == NICE_CANDIDATE_TYPE_RELAYED)
    return local->priority >> 24 > RELAY_BY_TCP_PREFERENCE ? "udp" : "tcp";

  return local->transport == NICE_CANDIDATE_TRANSPORT_UDP ? "udp" : "tcp";
}

static void
read_path (SnugStatsCollector *self, SnugStatsValues *values)
{
  g_autoptr (GObject) agent = snug_webrtcbin_dup_nice_agent (self->webrtcbin);
  NiceCandidate *local, *remote;

  if (agent == NULL || !nice_agent_get_selected_pair (NICE_AGENT (agent), 1, 1, &local, &remote))
    return;

  values->local_candidate_type = g_strdup (candidate_type_to_string (local->type));
  values->remote_candidate_type = g_strdup (candidate_type_to_string (remote->type));
  values->protocol = g_strdup (get_protocol (local));
  values->local_address = dup_address (&local->addr);
  values->local_port = nice_address_get_port (&local->addr);
  values->remote_address = dup_address (&remote->addr);
  values->remote_port = nice_address_get_port (&remote->addr);
}

void
snug_stats_collector_collect (SnugStatsCollector *self, SnugStatsValues *values)
{
  g_autoptr (GstStructure) session = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL);

  values->time_seconds = snug_engine_get_uptime () / (double) G_USEC_PER_SEC;
  session = dup_session_stats (self);
  snug_stats_reader_read (self->reader, session, self->audio_ssrc, values->time_seconds, values);
  read_jitterbuffers (self, values);
  read_path (self, values);
  values->dtls_version = g_strdup (snug_dtls_watch_get_version (self->dtls));
  values->dtls_cipher = g_strdup (snug_dtls_watch_get_cipher (self->dtls));
  values->srtp_profile = g_strdup (snug_dtls_watch_get_srtp_profile (self->dtls));

  values->round_trip_seconds = self->round_trip;
  compute_sent_loss (self);
  values->sent_loss_fraction = self->sent_loss;
}

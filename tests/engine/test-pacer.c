/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pacer as an element: packets pass in order and in time, feedback stops there, anything may be in it.
 */
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtp/gstrtpbuffer.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-pacer.h"
#include "snug-pipeline.h"

#define EXTENSION 5
#define SOUND 111
#define PICTURE 96

typedef struct
{
  GObject *owner;
  SnugRelay *relay;
  GstElement *pipeline;
  SnugPacer *pacer;
  GstAppSrc *src;
  GstElement *sink;
  guint16 sequence;
  guint32 frame;
  gint64 seen_at[256]; /* of the first ones, in ns; valid below n_seen */
  int n_seen; /* atomic */
  int n_sounds; /* atomic: of them */
  int n_feedback_seen; /* atomic: upstream of the pacer */
  guint n_changed;
  guint n_dropped;
} Fixture;

static void
on_changed (gpointer owner, gpointer data)
{
  Fixture *fixture = g_object_get_data (owner, "fixture");
  SnugPacerReport report;

  fixture->n_changed++;
  snug_pacer_get_report (fixture->pacer, &report);
  g_assert_cmpuint (report.estimate.target, >=, SNUG_BITRATE_MIN);
  g_assert_cmpuint (report.estimate.target, <=, SNUG_BITRATE_MAX);
}

static void
on_dropped (gpointer owner, gpointer data)
{
  Fixture *fixture = g_object_get_data (owner, "fixture");

  fixture->n_dropped++;
}

/* As the RTP session does: numbers the packets. */
static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Fixture *fixture = user_data;
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  guint16 number;
  gpointer data;
  guint size;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  g_assert_true (gst_rtp_buffer_map (buffer, GST_MAP_READWRITE, &rtp));
  g_assert_true (gst_rtp_buffer_get_extension_onebyte_header (&rtp, EXTENSION, 0, &data, &size));
  number = (guint16) g_atomic_int_get (&fixture->n_seen);
  if (number < G_N_ELEMENTS (fixture->seen_at))
    fixture->seen_at[number] = g_get_monotonic_time () * 1000;
  number = GUINT16_TO_BE (number);
  g_atomic_int_inc (&fixture->n_seen);
  memcpy (data, &number, sizeof number);
  if (gst_rtp_buffer_get_payload_type (&rtp) == SOUND)
    g_atomic_int_inc (&fixture->n_sounds);
  gst_rtp_buffer_unmap (&rtp);

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_upstream (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Fixture *fixture = user_data;
  const GstStructure *structure = gst_event_get_structure (GST_PAD_PROBE_INFO_EVENT (info));

  if (structure != NULL && gst_structure_has_name (structure, "RTPTWCCPackets"))
    g_atomic_int_inc (&fixture->n_feedback_seen);

  return GST_PAD_PROBE_OK;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const guint pictures[] = { PICTURE };
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("application/x-rtp");
  g_autoptr (GstPad) sink_pad = NULL;
  g_autoptr (GstPad) src_pad = NULL;

  fixture->owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data (fixture->owner, "fixture", fixture);
  fixture->relay = snug_relay_new (fixture->owner);
  fixture->pipeline = gst_pipeline_new (NULL);
  fixture->src = GST_APP_SRC (snug_pipeline_add (fixture->pipeline, "appsrc", "caps", caps, "format", GST_FORMAT_TIME, NULL));
  fixture->pacer = snug_pacer_new (EXTENSION, SOUND, pictures, 1);
  gst_bin_add (GST_BIN (fixture->pipeline), GST_ELEMENT (fixture->pacer));
  fixture->sink = snug_pipeline_add (fixture->pipeline, "fakesink", "sync", FALSE, "async", FALSE, NULL);
  g_assert_true (gst_element_link_many (GST_ELEMENT (fixture->src), GST_ELEMENT (fixture->pacer), fixture->sink, NULL));
  snug_pacer_set_relay (fixture->pacer, fixture->relay, on_changed, on_dropped);

  sink_pad = gst_element_get_static_pad (fixture->sink, "sink");
  gst_pad_add_probe (sink_pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, fixture, NULL);
  snug_pacer_watch (fixture->pacer, sink_pad);
  src_pad = gst_element_get_static_pad (GST_ELEMENT (fixture->src), "src");
  gst_pad_add_probe (src_pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_upstream, fixture, NULL);
  g_assert_cmpint (gst_element_set_state (fixture->pipeline, GST_STATE_PLAYING), !=, GST_STATE_CHANGE_FAILURE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_element_set_state (fixture->pipeline, GST_STATE_NULL);
  snug_relay_close (fixture->relay);
  gst_object_unref (fixture->pipeline);
  g_object_unref (fixture->owner);
}

static void
push (Fixture *fixture, guint payload_type, guint size, guint32 frame)
{
  /* VP8: the first packet of a key frame, and the others (RFC 7741, 4.2). */
  const guint8 key_frame[] = { frame != fixture->frame ? 0x10 : 0x00, 0x00 };
  GstBuffer *buffer = gst_rtp_buffer_new_allocate (size, 0, 0);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  const guint8 number[2] = { 0, 0 };

  fixture->frame = frame;
  g_assert_true (gst_rtp_buffer_map (buffer, GST_MAP_READWRITE, &rtp));
  gst_rtp_buffer_set_payload_type (&rtp, (guint8) payload_type);
  gst_rtp_buffer_set_ssrc (&rtp, payload_type);
  gst_rtp_buffer_set_seq (&rtp, fixture->sequence++);
  gst_rtp_buffer_set_timestamp (&rtp, frame);
  memcpy (gst_rtp_buffer_get_payload (&rtp), key_frame, MIN (size, sizeof key_frame));
  g_assert_true (gst_rtp_buffer_add_extension_onebyte_header (&rtp, EXTENSION, number, sizeof number));
  gst_rtp_buffer_unmap (&rtp);
  g_assert_cmpint (gst_app_src_push_buffer (fixture->src, buffer), ==, GST_FLOW_OK);
}

static void
add_packet (GValueArray *packets, guint number, gboolean lost, guint64 time)
{
  GValue value = G_VALUE_INIT;
  g_autoptr (GstStructure) packet
      = gst_structure_new ("RTPTWCCPacket", "seqnum", G_TYPE_UINT, number, "lost", G_TYPE_BOOLEAN, lost, "remote-ts",
                           G_TYPE_UINT64, time, NULL);

  g_value_init (&value, GST_TYPE_STRUCTURE);
  gst_value_set_structure (&value, packet);
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  g_value_array_append (packets, &value);
  G_GNUC_END_IGNORE_DEPRECATIONS
  g_value_unset (&value);
}

/* As the RTP session sends it. packets: (transfer full) (nullable). */
static void
send_feedback (Fixture *fixture, GValueArray *packets)
{
  GstStructure *structure = gst_structure_new_empty ("RTPTWCCPackets");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (fixture->pacer), "src");
  GValue value = G_VALUE_INIT;

  if (packets != NULL)
    {
      G_GNUC_BEGIN_IGNORE_DEPRECATIONS
      g_value_init (&value, g_value_array_get_type ());
      G_GNUC_END_IGNORE_DEPRECATIONS
      g_value_take_boxed (&value, packets);
      gst_structure_take_value (structure, "packets", &value);
    }
  else
    gst_structure_set (structure, "packets", G_TYPE_STRING, "nonsense", NULL);
  g_assert_true (gst_pad_send_event (pad, gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, structure)));
}

static GValueArray *
packets_new (void)
{
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  return g_value_array_new (0);
  G_GNUC_END_IGNORE_DEPRECATIONS
}

static void
test_feedback (Fixture *fixture, gconstpointer data)
{
  SnugPacerReport report;
  guint sent = 0;

  for (guint round = 0; round < 20; round++)
    {
      GValueArray *packets = packets_new ();

      for (guint i = 0; i < 5; i++)
        push (fixture, PICTURE, 1000, round);
      snug_await (g_atomic_int_get (&fixture->n_seen) == (int) sent + 5);
      for (guint i = 0; i < 5; i++, sent++)
        add_packet (packets, sent, FALSE, (guint64) fixture->seen_at[sent]);
      send_feedback (fixture, packets);
    }
  snug_await (fixture->n_changed > 5);
  snug_pacer_get_report (fixture->pacer, &report);
  g_assert_cmpint (report.estimate.round_trip, >, 0);
  g_assert_cmpint (g_atomic_int_get (&fixture->n_feedback_seen), ==, 0);

  snug_pacer_set_most (fixture->pacer, 200000);
  snug_pacer_get_report (fixture->pacer, &report);
  g_assert_cmpuint (report.estimate.target, ==, 200000);
}

static void
test_absurd_feedback (Fixture *fixture, gconstpointer data)
{
  static const guint64 times[] = { 0, G_MAXUINT64 - 1, G_MAXINT64, 1, GST_CLOCK_TIME_NONE, 1ULL << 60 };
  SnugPacerReport report;

  send_feedback (fixture, NULL);
  send_feedback (fixture, packets_new ());
  for (guint i = 0; i < 20; i++)
    push (fixture, PICTURE, 500, 1);
  snug_await (g_atomic_int_get (&fixture->n_seen) == 20);
  for (guint round = 0; round < 50; round++)
    {
      GValueArray *packets = packets_new ();

      for (guint i = 0; i < 30; i++)
        add_packet (packets, round % 2 ? i : i * 4099, i % 3 == 0, times[(round + i) % G_N_ELEMENTS (times)]);
      send_feedback (fixture, packets);
      snug_pacer_get_report (fixture->pacer, &report);
      g_assert_cmpuint (report.estimate.target, >=, SNUG_BITRATE_MIN);
      g_assert_cmpuint (report.estimate.target, <=, SNUG_BITRATE_MAX);
    }
}

/* Sound is not behind pictures that wait, and what waits when it ends is no leak and no hang. */
static void
test_sound_first (Fixture *fixture, gconstpointer data)
{
  /* More of one picture than can leave in half a minute. */
  for (guint i = 0; i < 500; i++)
    push (fixture, PICTURE, 15000, 1);
  for (guint i = 0; i < 10; i++)
    push (fixture, SOUND, 100, 2);
  snug_await (g_atomic_int_get (&fixture->n_sounds) == 10);
  g_assert_cmpint (g_atomic_int_get (&fixture->n_seen), <, 500);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));

  g_test_add ("/pacer/feedback", Fixture, NULL, set_up, test_feedback, tear_down);
  g_test_add ("/pacer/absurd-feedback", Fixture, NULL, set_up, test_absurd_feedback, tear_down);
  g_test_add ("/pacer/sound-first", Fixture, NULL, set_up, test_sound_first, tear_down);

  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-webrtcbin.h"

#include <gst/rtp/gstrtpbuffer.h>
#include <gst/webrtc/webrtc.h>
#include <nice/agent.h>

#include "snug-certificate.h"
#include "snug-engine.h"
#include "snug-gst-quirks.h"
#include "snug-pipeline.h"

/* Transport feedback comes with video's marker bits only, so a call with sound alone would have none. */
#define TWCC_FEEDBACK_INTERVAL (50 * GST_MSECOND)
/* Every feedback packet puts the regular report off by one interval. At the defaults (5 s at most, and long at the low
 * bandwidth that is assumed) reports, and with them round trips, would hardly ever be sent. */
#define RTCP_MIN_INTERVAL (300 * GST_MSECOND)
#define RTCP_SESSION_BANDWIDTH 2000000.0

/* Types of records (RFC 5246, 6.2.1); alerts are between the two. */
#define DTLS_CHANGE_CIPHER_SPEC 20
#define DTLS_HANDSHAKE 22
/* On a packet that is another's copy. */
#define FLAG_SECOND GST_BUFFER_FLAG_LAST

/* For giving relays back before closing. One that is dead never answers: libnice, which would ask for half a minute, is
 * told to ask twice, and to be done before we go on. */
#define RELEASE_FIRST_TIMEOUT_MS 100
#define RELEASE_RETRANSMISSIONS 2
#define RELEASE_TIMEOUT_MS 1000

/* One promise of webrtcbin on its way to a task on main. */
typedef struct
{
  GTask *task;
  GstElement *webrtcbin;
  SnugSdpType type;
  GstWebRTCSessionDescription *description; /* what was created */
  char *error;
} SnugPromised;

static void
promised_free (gpointer data)
{
  SnugPromised *promised = data;

  if (promised->description != NULL)
    gst_webrtc_session_description_free (promised->description);
  gst_object_unref (promised->webrtcbin);
  g_clear_object (&promised->task);
  g_free (promised->error);
  g_free (promised);
}

static SnugPromised *
promised_new (GstElement *webrtcbin, GTask *task, SnugSdpType type)
{
  SnugPromised *promised = g_new0 (SnugPromised, 1);

  promised->webrtcbin = gst_object_ref (webrtcbin);
  promised->task = task;
  promised->type = type;

  return promised;
}

/* Runs on webrtcbin's thread. The error is NULL when the promise was kept. */
static void
read_reply (SnugPromised *promised, GstPromise *promise)
{
  const GstStructure *reply;
  g_autoptr (GError) error = NULL;

  if (gst_promise_wait (promise) != GST_PROMISE_RESULT_REPLIED)
    {
      promised->error = g_strdup ("webrtcbin gave no answer");
      return;
    }

  reply = gst_promise_get_reply (promise);
  if (reply != NULL && gst_structure_has_field (reply, "error"))
    {
      gst_structure_get (reply, "error", G_TYPE_ERROR, &error, NULL);
      promised->error = g_strdup (error != NULL ? error->message : "webrtcbin refused");
    }
  else if (reply != NULL && gst_structure_has_field (reply, "offer"))
    {
      gst_structure_get (reply, "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
                         &promised->description, NULL);
    }
  else if (reply != NULL && gst_structure_has_field (reply, "answer"))
    {
      gst_structure_get (reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
                         &promised->description, NULL);
    }
}

static gboolean
on_local_set (gpointer user_data)
{
  SnugPromised *promised = user_data;
  GstWebRTCSessionDescription *description = NULL;

  g_object_get (promised->webrtcbin, "local-description", &description, NULL);
  if (promised->error != NULL || description == NULL)
    g_task_return_new_error (promised->task, SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED,
                             "The local description can't be set: %s",
                             promised->error != NULL ? promised->error : "it is gone");
  else
    g_task_return_pointer (promised->task, gst_sdp_message_as_text (description->sdp), g_free);
  g_clear_pointer (&description, gst_webrtc_session_description_free);

  return G_SOURCE_REMOVE;
}

static void
on_local_set_cb (GstPromise *promise, gpointer user_data)
{
  read_reply (user_data, promise);
  gst_promise_unref (promise);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_local_set, user_data, promised_free);
}

/* One for the process, as webrtcbin's own would be. NULL: webrtcbin has to use its own. */
static const SnugCertificate *
get_certificate (void)
{
  static SnugCertificate *certificate;

  if (certificate == NULL)
    certificate = snug_certificate_new ();

  return certificate;
}

/* webrtcbin takes the fingerprint of all that is in the PEM it was given, and the key is in there, too. */
static void
correct_fingerprints (GstSDPMessage *sdp)
{
  const SnugCertificate *certificate = get_certificate ();
  g_autofree char *text = NULL;

  if (certificate == NULL)
    return;

  text = snug_fingerprint_to_string (&certificate->fingerprint);
  for (guint i = 0; i < gst_sdp_message_medias_len (sdp); i++)
    {
      GstSDPMedia *media = &g_array_index (sdp->medias, GstSDPMedia, i);

      for (guint j = 0; j < gst_sdp_media_attributes_len (media); j++)
        if (g_str_equal (gst_sdp_media_get_attribute (media, j)->key, "fingerprint"))
          {
            GstSDPAttribute attribute;

            gst_sdp_attribute_set (&attribute, "fingerprint", text);
            gst_sdp_media_replace_attribute (media, j, &attribute);
          }
    }
}

static gboolean
on_created (gpointer user_data)
{
  SnugPromised *promised = user_data;

  if (promised->description == NULL)
    {
      g_task_return_new_error (promised->task, SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED,
                               "No description could be made: %s",
                               promised->error != NULL ? promised->error : "no reason was given");
      return G_SOURCE_REMOVE;
    }

  correct_fingerprints (promised->description->sdp);
  g_signal_emit_by_name (
      promised->webrtcbin, "set-local-description", promised->description,
      gst_promise_new_with_change_func (on_local_set_cb,
                                        promised_new (promised->webrtcbin,
                                                      g_steal_pointer (&promised->task),
                                                      promised->type),
                                        NULL));

  return G_SOURCE_REMOVE;
}

static void
on_created_cb (GstPromise *promise, gpointer user_data)
{
  read_reply (user_data, promise);
  gst_promise_unref (promise);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_created, user_data, promised_free);
}

void
snug_webrtcbin_describe_async (GstElement *webrtcbin,
                               SnugSdpType type,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, snug_webrtcbin_describe_async);
  g_signal_emit_by_name (webrtcbin, type == SNUG_SDP_OFFER ? "create-offer" : "create-answer", NULL,
                         gst_promise_new_with_change_func (
                             on_created_cb, promised_new (webrtcbin, task, type), NULL));
}

char *
snug_webrtcbin_describe_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, snug_webrtcbin_describe_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
on_remote_set (gpointer user_data)
{
  SnugPromised *promised = user_data;

  if (promised->error != NULL)
    g_task_return_new_error (promised->task, SNUG_CALL_ERROR, SNUG_CALL_ERROR_BAD_DESCRIPTION,
                             "The description was refused: %s", promised->error);
  else
    g_task_return_boolean (promised->task, TRUE);

  return G_SOURCE_REMOVE;
}

static void
on_remote_set_cb (GstPromise *promise, gpointer user_data)
{
  read_reply (user_data, promise);
  gst_promise_unref (promise);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_remote_set, user_data, promised_free);
}

void
snug_webrtcbin_set_remote_async (GstElement *webrtcbin,
                                 SnugSdpType type,
                                 GstSDPMessage *sdp,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GstWebRTCSessionDescription) description = gst_webrtc_session_description_new (
      type == SNUG_SDP_OFFER ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER, sdp);
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, snug_webrtcbin_set_remote_async);
  g_signal_emit_by_name (webrtcbin, "set-remote-description", description,
                         gst_promise_new_with_change_func (
                             on_remote_set_cb, promised_new (webrtcbin, task, type), NULL));
}

gboolean
snug_webrtcbin_set_remote_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, snug_webrtcbin_set_remote_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

GObject *
snug_webrtcbin_dup_dtls_transport (GstElement *webrtcbin)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  g_autoptr (GObject) end = NULL;
  GObject *transport = NULL;

  g_signal_emit_by_name (webrtcbin, "get-transceiver", 0, &transceiver);
  if (transceiver != NULL)
    g_object_get (transceiver, "sender", &end, NULL);
  else
    g_object_get (webrtcbin, "sctp-transport", &end, NULL);
  if (end != NULL)
    g_object_get (end, "transport", &transport, NULL);

  return transport;
}

char *
snug_webrtcbin_dup_mid (GstElement *webrtcbin)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  char *mid = NULL;

  g_signal_emit_by_name (webrtcbin, "get-transceiver", 0, &transceiver);
  if (transceiver != NULL)
    g_object_get (transceiver, "mid", &mid, NULL);

  return mid;
}

GObject *
snug_webrtcbin_dup_nice_agent (GstElement *webrtcbin)
{
  g_autoptr (GObject) ice = NULL;
  GObject *agent = NULL;

  g_object_get (webrtcbin, "ice-agent", &ice, NULL);
  if (ice != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (ice), "agent") != NULL)
    g_object_get (ice, "agent", &agent, NULL);

  return agent;
}

GObject *
snug_webrtcbin_dup_rtp_session (GstElement *webrtcbin)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtcbin), "rtpbin");
  GObject *session = NULL;

  if (rtpbin != NULL)
    g_signal_emit_by_name (rtpbin, "get-internal-session", 0, &session);

  return session;
}

void
snug_webrtcbin_start_feedback (GstElement *webrtcbin)
{
  g_autoptr (GObject) session = snug_webrtcbin_dup_rtp_session (webrtcbin);

  if (session != NULL)
    g_object_set (session, "twcc-feedback-interval", (guint64) TWCC_FEEDBACK_INTERVAL,
                  "rtcp-min-interval", (guint64) RTCP_MIN_INTERVAL, "bandwidth", RTCP_SESSION_BANDWIDTH, NULL);
}

void
snug_webrtcbin_start_reports (GstElement *webrtcbin)
{
  g_autoptr (GObject) session = snug_webrtcbin_dup_rtp_session (webrtcbin);
  gboolean sent;

  if (session != NULL)
    g_signal_emit_by_name (session, "send-rtcp-full", (guint64) 0, &sent);
}

/* The five below run on any thread, with GStreamer's objects only. */
static void
send_twice (GstPad *pad, GstBuffer *buffer)
{
  GstBuffer *second;
  guint8 type;

  if (GST_BUFFER_FLAG_IS_SET (buffer, FLAG_SECOND) || gst_buffer_extract (buffer, 0, &type, 1) != 1
      || type < DTLS_CHANGE_CIPHER_SPEC || type > DTLS_HANDSHAKE)
    return;

  second = gst_buffer_copy (buffer);
  GST_BUFFER_FLAG_SET (second, FLAG_SECOND);
  gst_pad_push (pad, second);
}

/* What is lost of a handshake is said again after a second, then after two (RFC 6347, 4.2.4.1), and a handshake has some six packets: each of
 * them goes out twice. The other end knows a record that it has had (4.1.2.6). */
static GstPadProbeReturn
on_dtls_packet_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if ((GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0)
    {
      GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);

      for (guint i = 0; i < gst_buffer_list_length (list); i++)
        send_twice (pad, gst_buffer_list_get (list, i));
    }
  else
    {
      send_twice (pad, GST_PAD_PROBE_INFO_BUFFER (info));
    }

  return GST_PAD_PROBE_OK;
}

static void
on_deep_element_added_cb (GstBin *bin, GstBin *sub_bin, GstElement *element, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";
  const SnugCertificate *certificate = user_data;

  /* It would hold every frame back until its time: one frame of delay for nothing in a live pipeline. */
  if (g_str_equal (name, "clocksync"))
    g_object_set (element, "sync", FALSE, NULL);
  /* Its own certificate would be RSA, which newer peers refuse. */
  else if (g_str_equal (name, "dtlssrtpdec") && certificate != NULL)
    g_object_set (element, "pem", certificate->pem, NULL);
  else if (g_str_equal (name, "dtlsenc"))
    {
      g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");

      if (pad != NULL)
        gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_dtls_packet_cb, NULL, NULL);
    }
}

static GstPadProbeReturn
on_first_packet_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_autoptr (GstElement) jitterbuffer = gst_pad_get_parent_element (pad);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  if (jitterbuffer == NULL || !gst_rtp_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ, &rtp))
    return GST_PAD_PROBE_OK;
  g_object_set (jitterbuffer, "do-retransmission",
                gst_rtp_buffer_get_payload_type (&rtp) != GPOINTER_TO_UINT (user_data), NULL);
  gst_rtp_buffer_unmap (&rtp);

  return GST_PAD_PROBE_REMOVE;
}

static void
on_new_jitterbuffer_cb (GstElement *rtpbin, GstElement *jitterbuffer, guint session, guint ssrc,
                        gpointer user_data)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (jitterbuffer, "sink");

  /* The first packet goes through at once instead of waiting for the buffer to fill. And a packet is missed once a later one
   * has come, not when the next is expected: what waits in a queue that grows would be asked for as well, and make it longer. */
  g_object_set (jitterbuffer, "faststart-min-packets", 1, "rtx-next-seqnum", FALSE, NULL);
  /* webrtcbin gives every jitter buffer of a bundle the retransmission setting of the last stream. */
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_first_packet_cb, user_data, NULL);
}

GstElement *
snug_webrtcbin_add (GstElement *pipeline, guint audio_payload)
{
  GstElement *webrtcbin
      = snug_pipeline_add (pipeline, "webrtcbin", "bundle-policy",
                           GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency", SNUG_JITTER_BUFFER_MS, NULL);
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtcbin), "rtpbin");
  g_autoptr (GObject) agent = snug_webrtcbin_dup_nice_agent (webrtcbin);

  g_signal_connect (webrtcbin, "deep-element-added", G_CALLBACK (on_deep_element_added_cb),
                    (gpointer) get_certificate ());
  if (rtpbin != NULL)
    {
      g_signal_connect (rtpbin, "new-jitterbuffer", G_CALLBACK (on_new_jitterbuffer_cb),
                        GUINT_TO_POINTER (audio_payload));
      snug_gst_quirks_name_streams (rtpbin);
    }
  /* A dead path is only ever noticed by asking over it again and again (RFC 7675). And nobody asked us to have ports
   * opened on the router by UPnP, or to announce ourselves on every network for that. */
  if (agent != NULL)
    g_object_set (agent, "keepalive-conncheck", TRUE, "upnp", FALSE, NULL);

  return webrtcbin;
}

/* The two below run on any thread, with GStreamer's objects only. */
static GstElement *
on_request_aux_sender_cb (GstElement *webrtcbin, GObject *transport, SnugPacer *pacer)
{
  /* webrtcbin takes what it is given as floating, and leaks it otherwise. */
  g_object_force_floating (g_object_ref (G_OBJECT (pacer)));

  return GST_ELEMENT (pacer);
}

static void
on_rtpbin_pad_added_cb (GstElement *rtpbin, GstPad *pad, SnugPacer *pacer)
{
  if (g_str_has_prefix (GST_OBJECT_NAME (pad), "send_rtp_src_"))
    snug_pacer_watch (pacer, pad);
}

static void
unref_pacer (gpointer data, GClosure *closure)
{
  gst_object_unref (data);
}

void
snug_webrtcbin_set_pacer (GstElement *webrtcbin, SnugPacer *pacer)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtcbin), "rtpbin");

  g_return_if_fail (SNUG_IS_PACER (pacer));

  g_signal_connect_data (webrtcbin, "request-aux-sender", G_CALLBACK (on_request_aux_sender_cb), gst_object_ref (pacer),
                         unref_pacer, 0);
  if (rtpbin != NULL)
    g_signal_connect_data (rtpbin, "pad-added", G_CALLBACK (on_rtpbin_pad_added_cb), gst_object_ref (pacer), unref_pacer, 0);
}

/* A pipeline that waits for its relays before it goes down. Main context. */
typedef struct
{
  GstElement *pipeline;
  GAsyncReadyCallback callback;
  gpointer user_data;
  guint timeout_id; /* 0: the pipeline is on its way */
} SnugReleasing;

static void
release_done (SnugReleasing *releasing)
{
  snug_pipeline_close_async (g_steal_pointer (&releasing->pipeline), releasing->callback,
                             releasing->user_data);
}

static gboolean
on_release_timeout (gpointer user_data)
{
  SnugReleasing *releasing = user_data;

  releasing->timeout_id = 0;
  g_info ("A relay did not take its allocation back in time");
  release_done (releasing);

  return G_SOURCE_REMOVE;
}

static void
on_agent_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SnugReleasing *releasing = user_data;

  if (releasing->timeout_id != 0)
    {
      g_source_remove (releasing->timeout_id);
      release_done (releasing);
    }
  g_free (releasing);
}

void
snug_webrtcbin_close_async (GstElement *webrtcbin,
                            GstElement *pipeline,
                            gboolean relayed,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GObject) agent = relayed ? snug_webrtcbin_dup_nice_agent (webrtcbin) : NULL;
  SnugReleasing *releasing;

  if (agent == NULL)
    {
      snug_pipeline_close_async (pipeline, callback, user_data);
      return;
    }

  releasing = g_new0 (SnugReleasing, 1);
  releasing->pipeline = pipeline;
  releasing->callback = callback;
  releasing->user_data = user_data;
  releasing->timeout_id = g_timeout_add (RELEASE_TIMEOUT_MS, on_release_timeout, releasing);
  g_object_set (agent, "stun-initial-timeout", RELEASE_FIRST_TIMEOUT_MS, "stun-max-retransmissions",
                RELEASE_RETRANSMISSIONS, NULL);
  nice_agent_close_async (NICE_AGENT (agent), on_agent_closed, releasing);
}

gboolean
snug_webrtcbin_close_finish (GAsyncResult *result, GError **error)
{
  return snug_pipeline_close_finish (result, error);
}

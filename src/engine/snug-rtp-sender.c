/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-rtp-sender.h"

#include <gst/video/video.h>
#include <gst/webrtc/webrtc.h>

#include "snug-engine.h"
#include "snug-pipeline.h"
#include "snug-relay.h"

/* RTP payload with its header, extensions, SRTP tag and UDP/IP stays below an Ethernet frame, and below what
 * tunnels leave of it. */
#define RTP_MTU 1200
/* What may wait for the payloader; it never does for long. */
#define MAX_QUEUED_BYTES (4 * 1024 * 1024)

struct _SnugRtpSender
{
  SnugRelay *relay; /* to the feed; nullable */
  GstAppSrc *src;
  GstElement *payloader;
  guint mtu;
  SnugEncodedFeed *feed; /* nullable */
  guint32 ssrc;
  gboolean started;
};

static void
request_key_frame (gpointer owner, gpointer data)
{
  snug_encoded_feed_request_key_frame (SNUG_ENCODED_FEED (owner));
}

static GstPadProbeReturn
on_upstream_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugRelay *relay = user_data;

  if (gst_video_event_is_force_key_unit (GST_PAD_PROBE_INFO_EVENT (info)))
    snug_relay_post (relay, request_key_frame, NULL, NULL);

  return GST_PAD_PROBE_OK;
}

static GstCaps *
create_codec_preferences (SnugMline mline, const SnugMlineInfo *info, guint32 ssrc)
{
  GstCaps *caps;

  if (mline == SNUG_MLINE_AUDIO)
    caps = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, "audio",
                                "encoding-name", G_TYPE_STRING, "OPUS", "clock-rate", G_TYPE_INT,
                                48000, "encoding-params", G_TYPE_STRING, "2", "useinbandfec",
                                G_TYPE_STRING, "1", NULL);
  else
    caps = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, "video",
                                "encoding-name", G_TYPE_STRING, "VP8", "clock-rate", G_TYPE_INT,
                                90000, NULL);
  gst_caps_set_simple (caps, "payload", G_TYPE_INT, info->payload, "ssrc", G_TYPE_UINT, ssrc, NULL);
  if (info->twcc_id != 0)
    {
      g_autofree char *name = g_strdup_printf ("extmap-%u", info->twcc_id);

      gst_caps_set_simple (caps, name, G_TYPE_STRING, SNUG_TWCC_URI, NULL);
    }

  return caps;
}

static gboolean
set_up_transceiver (GstPad *pad, SnugMline mline, const SnugMlineInfo *info, guint32 ssrc)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  g_autoptr (GstCaps) caps = create_codec_preferences (mline, info, ssrc);

  g_object_get (pad, "transceiver", &transceiver, NULL);
  if (transceiver == NULL)
    return FALSE;

  /* do-nack on audio would make browsers refuse the whole offer. */
  g_object_set (transceiver, "codec-preferences", caps, "do-nack", mline != SNUG_MLINE_AUDIO, NULL);

  return TRUE;
}

SnugRtpSender *
snug_rtp_sender_new (GstElement *pipeline,
                     GstElement *webrtcbin,
                     SnugMline mline,
                     const SnugMlineInfo *info,
                     SnugEncodedFeed *feed,
                     GError **error)
{
  SnugRtpSender *self;
  g_autofree char *pad_name = g_strdup_printf ("sink_%u", info->index);
  g_autoptr (GstPad) webrtc_pad = gst_element_request_pad_simple (webrtcbin, pad_name);
  g_autoptr (GstPad) payloader_pad = NULL;
  g_autoptr (GstPad) src_pad = NULL;
  GstElement *src, *payloader;
  guint32 ssrc;

  do
    ssrc = g_random_int ();
  while (ssrc == 0);

  if (webrtc_pad == NULL || !set_up_transceiver (webrtc_pad, mline, info, ssrc))
    {
      g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED, "webrtcbin gave no %s", pad_name);
      return NULL;
    }

  src = snug_pipeline_add (pipeline, "appsrc", "is-live", TRUE, "format", GST_FORMAT_TIME,
                           "do-timestamp", FALSE, "block", FALSE, "emit-signals", FALSE,
                           "max-bytes", (guint64) MAX_QUEUED_BYTES, "leaky-type",
                           GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
  if (mline == SNUG_MLINE_AUDIO)
    /* dtx: what the encoder makes of suppressed silence is not sent. */
    payloader = snug_pipeline_add (pipeline, "rtpopuspay", "pt", info->payload, "ssrc", ssrc, "mtu",
                                   RTP_MTU, "dtx", TRUE, NULL);
  else
    payloader = snug_pipeline_add (pipeline, "rtpvp8pay", "pt", info->payload, "ssrc", ssrc, "mtu",
                                   RTP_MTU, "picture-id-mode", 2 /* 15 bit */, NULL);
  payloader_pad = gst_element_get_static_pad (payloader, "src");
  if (!gst_element_link (src, payloader) || gst_pad_link (payloader_pad, webrtc_pad) != GST_PAD_LINK_OK)
    {
      g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED, "%s can't be linked", pad_name);
      return NULL;
    }

  self = g_new0 (SnugRtpSender, 1);
  self->src = gst_object_ref (GST_APP_SRC (src));
  self->payloader = gst_object_ref (payloader);
  self->mtu = RTP_MTU;
  self->ssrc = ssrc;
  g_set_object (&self->feed, feed);
  if (feed != NULL && mline != SNUG_MLINE_AUDIO)
    {
      self->relay = snug_relay_new (feed);
      src_pad = gst_element_get_static_pad (src, "src");
      gst_pad_add_probe (src_pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_upstream_event,
                         snug_relay_ref (self->relay), (GDestroyNotify) snug_relay_unref);
    }

  return self;
}

void
snug_rtp_sender_free (SnugRtpSender *self)
{
  if (self == NULL)
    return;

  snug_rtp_sender_stop (self);
  g_clear_pointer (&self->relay, snug_relay_close);
  g_clear_object (&self->feed);
  gst_clear_object (&self->src);
  gst_clear_object (&self->payloader);
  g_free (self);
}

void
snug_rtp_sender_start (SnugRtpSender *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (self != NULL);

  if (self->started || self->feed == NULL)
    return;
  self->started = TRUE;
  snug_encoded_feed_attach (self->feed, self->src);
}

void
snug_rtp_sender_stop (SnugRtpSender *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (self != NULL);

  if (!self->started)
    return;
  self->started = FALSE;
  snug_encoded_feed_detach (self->feed, self->src);
}

void
snug_rtp_sender_set_mtu (SnugRtpSender *self, guint mtu)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (self != NULL);

  mtu = MIN (mtu, RTP_MTU);
  if (self->mtu == mtu)
    return;
  self->mtu = mtu;
  g_object_set (self->payloader, "mtu", mtu, NULL);
}

void
snug_rtp_sender_request_key_frame (SnugRtpSender *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (self != NULL);

  if (self->started)
    snug_encoded_feed_request_key_frame (self->feed);
}

guint32
snug_rtp_sender_get_ssrc (SnugRtpSender *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ssrc;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-gst-quirks.h"

#include <gst/rtp/gstrtpbuffer.h>
#include <stdio.h>

#define VERSION(major, minor, micro) ((guint) (major) << 16 | (minor) << 8 | (micro))

/* Whether a plugin is of version first or later, and before fixed. What is not installed is of no version. */
static gboolean
plugin_is_from (const char *name, guint first, guint fixed)
{
  g_autoptr (GstPlugin) plugin = gst_registry_find_plugin (gst_registry_get (), name);
  guint major = 0, minor = 0, micro = 0, version;

  if (plugin == NULL || sscanf (gst_plugin_get_version (plugin), "%u.%u.%u", &major, &minor, &micro) < 3)
    return FALSE;
  version = VERSION (major, minor, micro);

  return version >= first && version < fixed;
}

/* The streams of one bundle that have been named; used by the one thread that holds the pad's stream lock. */
typedef struct
{
  GArray *ssrcs; /* of guint32 */
} SnugNamedStreams;

static void
named_streams_free (gpointer data)
{
  SnugNamedStreams *named = data;

  g_array_unref (named->ssrcs);
  g_free (named);
}

static gboolean
is_named (SnugNamedStreams *named, guint32 ssrc)
{
  for (guint i = 0; i < named->ssrcs->len; i++)
    if (g_array_index (named->ssrcs, guint32, i) == ssrc)
      return TRUE;
  g_array_append_val (named->ssrcs, ssrc);

  return FALSE;
}

static void
name_stream (GstPad *pad, guint32 ssrc, guint payload)
{
  g_autoptr (GstElement) rtpbin = gst_pad_get_parent_element (pad);
  g_autoptr (GstCaps) current = gst_pad_get_current_caps (pad);
  g_autoptr (GstCaps) negotiated = NULL;
  g_autoptr (GstCaps) caps = NULL;
  int clock_rate;

  g_signal_emit_by_name (rtpbin, "request-pt-map", 0, payload, &negotiated);
  if (current == NULL || negotiated == NULL || gst_caps_is_empty (negotiated)
      || !gst_structure_get_int (gst_caps_get_structure (negotiated, 0), "clock-rate", &clock_rate))
    return;

  caps = gst_caps_copy (current);
  gst_caps_set_simple (caps, "ssrc", G_TYPE_UINT, ssrc, "payload", G_TYPE_INT, (int) payload,
                       "clock-rate", G_TYPE_INT, clock_rate, NULL);
  gst_pad_send_event (pad, gst_event_new_caps (caps));
}

/* Runs on the streaming thread of what is sent. */
static GstPadProbeReturn
on_packet_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugNamedStreams *named = user_data;
  GstBuffer *buffer = NULL;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  guint32 ssrc;
  guint payload;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    {
      GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);

      if (gst_buffer_list_length (list) > 0)
        buffer = gst_buffer_list_get (list, 0);
    }
  else
    {
      buffer = GST_PAD_PROBE_INFO_BUFFER (info);
    }
  if (buffer == NULL || !gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return GST_PAD_PROBE_OK;
  ssrc = gst_rtp_buffer_get_ssrc (&rtp);
  payload = gst_rtp_buffer_get_payload_type (&rtp);
  gst_rtp_buffer_unmap (&rtp);

  if (!is_named (named, ssrc))
    name_stream (pad, ssrc, payload);

  return GST_PAD_PROBE_OK;
}

static void
on_pad_added_cb (GstElement *rtpbin, GstPad *pad, gpointer user_data)
{
  SnugNamedStreams *named;

  if (!g_str_has_prefix (GST_PAD_NAME (pad), "send_rtp_sink"))
    return;
  named = g_new0 (SnugNamedStreams, 1);
  named->ssrcs = g_array_new (FALSE, FALSE, sizeof (guint32));
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet_cb,
                     named, named_streams_free);
}

void
snug_gst_quirks_name_streams (GstElement *rtpbin)
{
  g_return_if_fail (GST_IS_ELEMENT (rtpbin));

  if (plugin_is_from ("rtpmanager", 0, VERSION (1, 22, 3)))
    g_signal_connect (rtpbin, "pad-added", G_CALLBACK (on_pad_added_cb), NULL);
}

void
snug_gst_quirks_keep_channel_bins (GstElement *webrtcbin, GObject *channel)
{
  GPtrArray *bins;

  g_return_if_fail (GST_IS_BIN (webrtcbin));
  g_return_if_fail (G_IS_OBJECT (channel));

  if (!plugin_is_from ("webrtc", VERSION (1, 24, 9), VERSION (1, 28, 3)))
    return;

  bins = g_ptr_array_new_with_free_func (gst_object_unref);
  GST_OBJECT_LOCK (webrtcbin);
  for (GList *l = GST_BIN_CHILDREN (webrtcbin); l != NULL; l = l->next)
    if (g_str_equal (G_OBJECT_TYPE_NAME (l->data), "WebRTCErrorIgnoreBin"))
      g_ptr_array_add (bins, gst_object_ref (l->data));
  GST_OBJECT_UNLOCK (webrtcbin);
  g_object_set_data_full (channel, "snug-bins", bins, (GDestroyNotify) g_ptr_array_unref);
}

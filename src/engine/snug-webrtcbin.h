/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * webrtcbin as Snug wants it: tuned for low delay, descriptions as async calls on main, and the few objects inside it
 * that others need. What it is told, every version up to 1.29 needs; for some alone there is snug-gst-quirks.h. Main
 * context.
 */
#pragma once

#include <gio/gio.h>
#include <gst/sdp/gstsdpmessage.h>

#include "snug-pacer.h"
#include "snug-peer-message.h"

G_BEGIN_DECLS

/* How long a jitter buffer may wait for a packet until the packets have told how long it should: see snug-playout-control.h. */
#define SNUG_JITTER_BUFFER_MS 40

/* Adds one to pipeline, in state NULL. audio_payload: the payload type of sound, for which nothing is sent again.
 * Returns: (transfer none). */
GstElement *snug_webrtcbin_add (GstElement *pipeline, guint audio_payload);

/* Everything that is sent goes through it. Before any pad is requested. */
void snug_webrtcbin_set_pacer (GstElement *webrtcbin, SnugPacer *pacer);

/* Makes the offer, or the answer to the remote description that is set, and sets it as the local one. */
void snug_webrtcbin_describe_async (GstElement *webrtcbin,
                                    SnugSdpType type,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
/* Returns: (transfer full): the SDP; or NULL with SNUG_CALL_ERROR_FAILED. */
char *snug_webrtcbin_describe_finish (GAsyncResult *result, GError **error);

/* sdp: (transfer full). */
void snug_webrtcbin_set_remote_async (GstElement *webrtcbin,
                                      SnugSdpType type,
                                      GstSDPMessage *sdp,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* FALSE with SNUG_CALL_ERROR_BAD_DESCRIPTION. */
gboolean snug_webrtcbin_set_remote_finish (GAsyncResult *result, GError **error);

/* The one DTLS transport, a GstWebRTCDTLSTransport; it exists once the local description is set.
 * Returns: (transfer full) (nullable). */
GObject *snug_webrtcbin_dup_dtls_transport (GstElement *webrtcbin);
/* The mid of the first m-line. Returns: (transfer full) (nullable). */
char *snug_webrtcbin_dup_mid (GstElement *webrtcbin);
/* The NiceAgent. Returns: (transfer full) (nullable). */
GObject *snug_webrtcbin_dup_nice_agent (GstElement *webrtcbin);
/* The RTPSession. Returns: (transfer full) (nullable). */
GObject *snug_webrtcbin_dup_rtp_session (GstElement *webrtcbin);

/* Reports and transport feedback often enough; once connected. */
void snug_webrtcbin_start_feedback (GstElement *webrtcbin);
/* Begins to send reports (RTCP), which otherwise wait for the first packet of a stream: the other side is to hear of us when there is
 * nothing to be seen or heard, too. Once connected. From main only. */
void snug_webrtcbin_start_reports (GstElement *webrtcbin);

/* Gives allocations on relays back (a second at most), then takes the pipeline down as snug_pipeline_close_async() does.
 * pipeline: (transfer full), webrtcbin's. relayed: whether there can be any. */
void snug_webrtcbin_close_async (GstElement *webrtcbin,
                                 GstElement *pipeline,
                                 gboolean relayed,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* As snug_pipeline_close_finish(). */
gboolean snug_webrtcbin_close_finish (GAsyncResult *result, GError **error);

G_END_DECLS

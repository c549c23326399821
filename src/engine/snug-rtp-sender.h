/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One sending m-line of one connection: encoded buffers in, RTP out into webrtcbin. Nothing goes in before
 * snug_rtp_sender_start(). Main context.
 */
#pragma once

#include "snug-encoded-feed.h"
#include "snug-session-description.h"

G_BEGIN_DECLS

typedef struct _SnugRtpSender SnugRtpSender;

/* Adds the elements to pipeline and a sink pad with its transceiver to webrtcbin (state READY or higher). info: payload
 * types and header extensions to use. feed: nullable: an m-line that is there and silent.
 * Returns: (transfer full): or NULL with SNUG_CALL_ERROR_FAILED. */
SnugRtpSender *snug_rtp_sender_new (GstElement *pipeline,
                                    GstElement *webrtcbin,
                                    SnugMline mline,
                                    const SnugMlineInfo *info,
                                    SnugEncodedFeed *feed,
                                    GError **error);
/* Stops. The elements stay with the pipeline. */
void snug_rtp_sender_free (SnugRtpSender *self);

/* The certificate is verified: from now on buffers flow. */
void snug_rtp_sender_start (SnugRtpSender *self);
void snug_rtp_sender_stop (SnugRtpSender *self);

/* Pictures alone: bytes of an RTP packet, and the wish for one that needs no other. */
void snug_rtp_sender_set_mtu (SnugRtpSender *self, guint mtu);
void snug_rtp_sender_request_key_frame (SnugRtpSender *self);

guint32 snug_rtp_sender_get_ssrc (SnugRtpSender *self);

G_END_DECLS

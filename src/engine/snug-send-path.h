/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way out to one peer: the pacer of one connection with what it finds out, and the senders that feed it. It tells
 * the rate control, and does as that one plans. Main context.
 */
#pragma once

#include "snug-file-pace.h"
#include "snug-pacer.h"
#include "snug-rate-control.h"
#include "snug-rtp-sender.h"
#include "snug-session-description.h"
#include "snug-stats-sample.h"

G_BEGIN_DECLS

#define SNUG_TYPE_SEND_PATH (snug_send_path_get_type ())
G_DECLARE_FINAL_TYPE (SnugSendPath, snug_send_path, SNUG, SEND_PATH, GObject)

/* webrtcbin: before it has pads. peer: names who is at the other end, for what is known of an earlier path there.
 * Returns: (transfer full). */
SnugSendPath *snug_send_path_new (GstElement *webrtcbin,
                                  const SnugMlineInfo mlines[SNUG_N_MLINES],
                                  SnugRateControl *control,
                                  const char *peer);
/* sender: borrowed until snug_send_path_stop(). */
void snug_send_path_add_sender (SnugSendPath *self, SnugMline mline, SnugRtpSender *sender);

/* The certificate is verified: everything is sent from now on. feedback: whether the peer gives any (its description names
 * transport-wide sequence numbers). */
void snug_send_path_start (SnugSendPath *self, gboolean feedback);
/* Nothing is heard of it any more. Any number of times. */
void snug_send_path_stop (SnugSendPath *self);

const char *snug_send_path_get_peer (SnugSendPath *self);
/* As last reported by the pacer. Returns: (transfer none). */
const SnugPacerReport *snug_send_path_get_report (SnugSendPath *self);
/* bit/s that it came to when it was last well; 0: it never was. */
guint64 snug_send_path_get_steady_rate (SnugSendPath *self);
gboolean snug_send_path_get_left_behind (SnugSendPath *self);
/* most: bit/s on the wire. mtu: bytes of an RTP packet. left_behind: no pictures for now. */
void snug_send_path_apply (SnugSendPath *self, guint64 most, guint mtu, gboolean left_behind);

/* How sound and pictures fare on it. FALSE: the peer does not tell. */
gboolean snug_send_path_get_load (SnugSendPath *self, SnugPathLoad *load);

void snug_send_path_read_stats (SnugSendPath *self, SnugStatsValues *values);

G_END_DECLS

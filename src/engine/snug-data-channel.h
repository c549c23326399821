/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one data channel of a connection (RFC 8831, RFC 8832), negotiated beforehand with id 1 on both sides, reliable and
 * ordered. Carries peer messages, and pieces of files between them. Nothing is delivered or sent before snug_data_channel_enable(): what comes
 * earlier waits, bounded. Main context.
 *
 * Properties, with notify: "open" (gboolean): enabled, and the channel is open.
 * Signals: "message" (SnugPeerMessage): parsed and checked. What can't be parsed is logged and dropped; "chunk" (GBytes): a
 * binary message, as it came, of bounded size.
 */
#pragma once

#include <gst/gst.h>

#include "snug-peer-message.h"

G_BEGIN_DECLS

#define SNUG_DATA_CHANNEL_ID 1
#define SNUG_DATA_CHANNEL_LABEL "snug"

#define SNUG_TYPE_DATA_CHANNEL (snug_data_channel_get_type ())
G_DECLARE_FINAL_TYPE (SnugDataChannel, snug_data_channel, SNUG, DATA_CHANNEL, GObject)

/* webrtcbin: in state READY or higher. Returns: (transfer full) (nullable): NULL when SCTP is not there. */
SnugDataChannel *snug_data_channel_new (GstElement *webrtcbin);
/* The certificate is verified. */
void snug_data_channel_enable (SnugDataChannel *self);
/* FALSE when the channel is not open or too much waits to be sent (1 MiB). */
gboolean snug_data_channel_send (SnugDataChannel *self, SnugPeerMessage *message);
/* A binary message, no larger than SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES. FALSE when the channel is not open or so much waits (256 KiB)
 * that what is said next would wait too. */
gboolean snug_data_channel_send_chunk (SnugDataChannel *self, GBytes *chunk);
gboolean snug_data_channel_get_open (SnugDataChannel *self);
/* Nothing is emitted any more; the channel is closed in both directions. */
void snug_data_channel_close (SnugDataChannel *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one data channel of a connection (RFC 8831, RFC 8832), reliable and ordered: negotiated beforehand with id 1 on both sides,
 * or opened by one of them. Carries peer messages, and pieces of files between them. Nothing is delivered or sent before
 * snug_data_channel_enable(): what comes earlier waits, bounded. Main context.
 *
 * Who opens a channel of another name, or says something else than peer messages, is another program: with that one plain text
 * is exchanged. It comes out as chat, chat goes to it as its text alone and counts as acknowledged, and nothing else is
 * sent.
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

typedef enum
{
  SNUG_DATA_CHANNEL_NEGOTIATED, /* both sides have it from the start */
  SNUG_DATA_CHANNEL_OPEN,       /* opened in band from here; the other side may be any program */
  SNUG_DATA_CHANNEL_AWAIT       /* the first one that the other side opens */
} SnugDataChannelWay;

#define SNUG_TYPE_DATA_CHANNEL (snug_data_channel_get_type ())
G_DECLARE_FINAL_TYPE (SnugDataChannel, snug_data_channel, SNUG, DATA_CHANNEL, GObject)

/* webrtcbin: in state READY or higher. Returns: (transfer full) (nullable): NULL when SCTP is not there. */
SnugDataChannel *snug_data_channel_new (GstElement *webrtcbin, SnugDataChannelWay way);
/* The certificate is verified. */
void snug_data_channel_enable (SnugDataChannel *self);
/* FALSE when the channel is not open or too much waits to be sent (1 MiB). */
gboolean snug_data_channel_send (SnugDataChannel *self, SnugPeerMessage *message);
/* A binary message, no larger than SNUG_FILE_CHUNK_MESSAGE_MAX_BYTES. FALSE when the channel is not open or so much waits (256 KiB)
 * that what is said next would wait too. */
gboolean snug_data_channel_send_chunk (SnugDataChannel *self, GBytes *chunk);
gboolean snug_data_channel_get_open (SnugDataChannel *self);
/* Whether the other side is another program, which gets plain text. */
gboolean snug_data_channel_get_plain (SnugDataChannel *self);
/* Nothing is emitted any more; the channel is closed in both directions. */
void snug_data_channel_close (SnugDataChannel *self);

G_END_DECLS

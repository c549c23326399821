/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A GIOStream between a WebSocket and its connection that knows what libsoup 3.2 does not tell: it bounds
 * fragmented messages and floods of pings as they come in, keeps one connection from holding the main
 * context, and knows how much of what was queued has really gone out. Main context only.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Why what comes in was refused. */
typedef enum
{
  SNUG_FRAME_REFUSAL_NONE,
  SNUG_FRAME_REFUSAL_TOO_LARGE, /* a message of more bytes, or in more fragments, than allowed */
  SNUG_FRAME_REFUSAL_TOO_MANY   /* pings or pongs without end */
} SnugFrameRefusal;

#define SNUG_TYPE_FRAME_STREAM (snug_frame_stream_get_type ())
G_DECLARE_FINAL_TYPE (SnugFrameStream, snug_frame_stream, SNUG, FRAME_STREAM, GIOStream)

/* base: connected, its next byte that of a frame unless early (nullable) holds some that were already read.
 * max_message: the bytes of one message. Returns: (transfer full).
 *
 * Signal "refused" (int: SnugFrameRefusal): once, from the main context. What comes in after it is dropped;
 * what goes out still goes. */
SnugFrameStream *snug_frame_stream_new (GIOStream *base, GBytes *early, gsize max_message);

/* Payload bytes of the data frames that the connection has taken, since the beginning. */
guint64 snug_frame_stream_get_data_written (SnugFrameStream *self);
/* Payload bytes of pongs that are owed for pings which came in. */
guint64 snug_frame_stream_get_pongs_owed (SnugFrameStream *self);
/* When anything last came in, as g_get_monotonic_time(); when the stream was made, if nothing has. */
gint64 snug_frame_stream_get_last_read (SnugFrameStream *self);

G_END_DECLS

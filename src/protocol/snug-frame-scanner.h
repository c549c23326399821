/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Follows the frames of a WebSocket (RFC 6455, 5.2) as they go by, in one direction: how large the message
 * under way is, how many pieces it comes in, how much of what was queued is out. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pieces of one message, and control frames (ping, pong) a second and at once. */
#define SNUG_FRAGMENTS_MAX 64
#define SNUG_CONTROL_FRAME_RATE 10
#define SNUG_CONTROL_FRAME_BURST 60

/* A value; zero it to start at the beginning of a frame. */
typedef struct
{
  guint8 header[14];
  guint header_size;
  guint64 left;        /* of the current frame's payload */
  gboolean in_payload;
  gboolean in_control;
  guint64 message_size; /* announced so far for the message under way */
  guint n_fragments;    /* of the message under way */
  guint64 largest_message; /* that was ever announced */
  guint most_fragments;    /* that a message ever had */
  guint64 data_bytes;   /* payload of data frames gone by, in all */
  guint64 ping_bytes;   /* payload of pings announced, in all */
  guint64 pong_bytes;   /* payload of pongs announced, in all */
  guint64 n_control_frames;
} SnugFrameScanner;

void snug_frame_scanner_feed (SnugFrameScanner *self, const guint8 *data, gsize size);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The frames of one WebSocket (RFC 6455, 5 to 7) as a server reads and writes them, by libwslay, without I/O:
 * bytes go in, messages come out. Between two messages it holds nothing but its counters.
 */
#pragma once

#include "snug-frame-scanner.h"
#include "snug-token-bucket.h"

G_BEGIN_DECLS

#define SNUG_OPCODE_TEXT 0x1
#define SNUG_OPCODE_BINARY 0x2
#define SNUG_OPCODE_CLOSE 0x8
#define SNUG_OPCODE_PING 0x9
#define SNUG_OPCODE_PONG 0xa

/* Close codes (RFC 6455, 7.4.1). */
#define SNUG_CLOSE_NORMAL 1000
#define SNUG_CLOSE_GOING_AWAY 1001
#define SNUG_CLOSE_PROTOCOL_ERROR 1002
#define SNUG_CLOSE_BAD_TEXT 1007
#define SNUG_CLOSE_POLICY 1008
#define SNUG_CLOSE_TOO_BIG 1009

/* What came of the bytes. */
typedef enum
{
  SNUG_FRAMES_GOOD,
  SNUG_FRAMES_CLOSED,    /* the other side has sent a close frame; there is nothing after it */
  SNUG_FRAMES_BAD_TEXT,  /* a text that is not UTF-8 */
  SNUG_FRAMES_TOO_LARGE, /* a message of more bytes, or in more fragments, than allowed */
  SNUG_FRAMES_TOO_MANY,  /* pings or pongs without end */
  SNUG_FRAMES_MALFORMED  /* against RFC 6455 in any other way */
} SnugFramesResult;

typedef struct
{
  /* A whole message; opcode: SNUG_OPCODE_TEXT (UTF-8) or _BINARY. */
  void (*message) (guint opcode, const guint8 *data, gsize size, gpointer data_of_owner);
  /* Bytes of a pong that is due. */
  void (*write) (const guint8 *data, gsize size, gpointer data_of_owner);
} SnugFramesFuncs;

/* A value. */
typedef struct
{
  struct wslay_event_context *context; /* NULL between messages */
  SnugFrameScanner scanner;
  SnugTokenBucket control_frames;
  guint64 n_control_frames; /* that the bucket has seen */
} SnugServerFrames;

/* now: g_get_monotonic_time(), here and below. */
void snug_server_frames_init (SnugServerFrames *self, gint64 now);
void snug_server_frames_clear (SnugServerFrames *self);

/* What is read from the connection, in pieces of any size. max_message: the bytes of one message over all its
 * fragments. close_code: (out): what to close with, after anything but GOOD; 0: with no code. After that it takes
 * nothing more. */
SnugFramesResult snug_server_frames_feed (SnugServerFrames *self,
                                          const guint8 *data,
                                          gsize size,
                                          gsize max_message,
                                          gint64 now,
                                          const SnugFramesFuncs *funcs,
                                          gpointer data_of_owner,
                                          guint16 *close_code);
/* Whether a message, or a frame, has begun and not ended. */
gboolean snug_server_frames_is_inside (const SnugServerFrames *self);

/* Writes a frame at the end of out, unmasked as a server's is. */
void snug_server_frames_append (GByteArray *out, guint opcode, const void *data, gsize size);
/* The same for a close frame. code: 0 for none. reason: nullable, at most 123 bytes. */
void snug_server_frames_append_close (GByteArray *out, guint16 code, const char *reason);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-frames.h"

#include <string.h>
#include <wslay/wslay.h>

#define CLOSE_REASON_MAX_BYTES 123

/* What a context of libwslay works on while it is fed. */
typedef struct
{
  const guint8 *data;
  gsize size;
  const SnugFramesFuncs *funcs;
  gpointer data_of_owner;
  gboolean discarding; /* what it writes */
  gboolean odd_close;  /* a close frame with half a code */
} Feeding;

/* libwslay gives user data to a context when it is made, and here it is fed by one call after the other. */
static Feeding *feeding;
/* A context has 9 kB, most of them buffers. Between two messages there is nothing in it, so that it goes from one
 * connection to the other. */
static wslay_event_context_ptr spare;

static ssize_t
on_read (wslay_event_context_ptr context, guint8 *buffer, size_t size, int flags, void *data)
{
  gsize n = MIN (size, feeding->size);

  if (n == 0)
    {
      wslay_event_set_error (context, WSLAY_ERR_WOULDBLOCK);
      return -1;
    }
  memcpy (buffer, feeding->data, n);
  feeding->data += n;
  feeding->size -= n;
  return (ssize_t) n;
}

static ssize_t
on_write (wslay_event_context_ptr context, const guint8 *bytes, size_t size, int flags, void *data)
{
  if (!feeding->discarding)
    feeding->funcs->write (bytes, size, feeding->data_of_owner);
  return (ssize_t) size;
}

static void
on_message (wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *data)
{
  if (message->opcode == SNUG_OPCODE_TEXT || message->opcode == SNUG_OPCODE_BINARY)
    {
      /* Pings that came before it, or within it, are answered before it. */
      wslay_event_send (context);
      feeding->funcs->message (message->opcode, message->msg, message->msg_length, feeding->data_of_owner);
    }
  else if (message->opcode == SNUG_OPCODE_CLOSE)
    feeding->odd_close = message->msg_length == 1;
}

static void
make_context (SnugServerFrames *self)
{
  static const struct wslay_event_callbacks callbacks
    = { .recv_callback = on_read, .send_callback = on_write, .on_msg_recv_callback = on_message };

  self->context = g_steal_pointer (&spare);
  if (self->context == NULL && wslay_event_context_server_init (&self->context, &callbacks, NULL) != 0)
    g_error ("Out of memory");
}

void
snug_server_frames_init (SnugServerFrames *self, gint64 now)
{
  memset (self, 0, sizeof *self);
  snug_token_bucket_init (&self->control_frames, SNUG_CONTROL_FRAME_RATE, SNUG_CONTROL_FRAME_BURST, now);
}

void
snug_server_frames_clear (SnugServerFrames *self)
{
  g_clear_pointer (&self->context, wslay_event_context_free);
}

gboolean
snug_server_frames_is_inside (const SnugServerFrames *self)
{
  const SnugFrameScanner *scanner = &self->scanner;

  return scanner->header_size > 0 || scanner->in_payload || scanner->n_fragments > 0;
}

/* What libwslay found. It has its own answer ready by then, which is not sent: the caller may have more to say
 * before it closes. */
static SnugFramesResult
get_result (SnugServerFrames *self, int status, guint16 *close_code)
{
  *close_code = SNUG_CLOSE_PROTOCOL_ERROR;
  if (status != 0 || feeding->odd_close)
    return SNUG_FRAMES_MALFORMED;
  feeding->discarding = wslay_event_get_read_enabled (self->context) == 0;
  wslay_event_send (self->context);
  if (!feeding->discarding)
    return SNUG_FRAMES_GOOD;
  if (wslay_event_get_close_received (self->context))
    {
      *close_code = wslay_event_get_status_code_received (self->context);
      if (*close_code == WSLAY_CODE_NO_STATUS_RCVD)
        *close_code = 0;
      return SNUG_FRAMES_CLOSED;
    }
  *close_code = wslay_event_get_status_code_sent (self->context);
  switch (*close_code)
    {
    case SNUG_CLOSE_BAD_TEXT:
      return SNUG_FRAMES_BAD_TEXT;
    case SNUG_CLOSE_TOO_BIG:
      return SNUG_FRAMES_TOO_LARGE;
    default:
      return SNUG_FRAMES_MALFORMED;
    }
}

/* What libwslay does not bound: it sees an announced length only once there is something of it, and counts neither
 * fragments nor pings. */
static SnugFramesResult
check_bounds (SnugServerFrames *self, const guint8 *data, gsize size, gsize max_message, gint64 now,
              guint16 *close_code)
{
  snug_frame_scanner_feed (&self->scanner, data, size);
  if (self->scanner.largest_message > max_message || self->scanner.most_fragments > SNUG_FRAGMENTS_MAX)
    {
      *close_code = SNUG_CLOSE_TOO_BIG;
      return SNUG_FRAMES_TOO_LARGE;
    }
  for (; self->n_control_frames < self->scanner.n_control_frames; self->n_control_frames++)
    {
      if (!snug_token_bucket_take (&self->control_frames, now))
        {
          *close_code = SNUG_CLOSE_POLICY;
          return SNUG_FRAMES_TOO_MANY;
        }
    }
  return SNUG_FRAMES_GOOD;
}

/**
 * snug_server_frames_feed:
 * @self: the frames of one connection
 * @data: (array length=size): what came
 * @size: its bytes
 * @max_message: the bytes that one message may have
 * @now: g_get_monotonic_time()
 * @funcs: what is called before this returns
 * @data_of_owner: for @funcs
 * @close_code: (out): what to close with
 *
 * Not to be called from within @funcs.
 *
 * Returns: what came of it
 */
SnugFramesResult
snug_server_frames_feed (SnugServerFrames *self,
                         const guint8 *data,
                         gsize size,
                         gsize max_message,
                         gint64 now,
                         const SnugFramesFuncs *funcs,
                         gpointer data_of_owner,
                         guint16 *close_code)
{
  Feeding this_one = { data, size, funcs, data_of_owner, FALSE, FALSE };
  SnugFramesResult result;

  g_return_val_if_fail (feeding == NULL, SNUG_FRAMES_MALFORMED);

  feeding = &this_one;
  if (self->context == NULL)
    make_context (self);
  wslay_event_config_set_max_recv_msg_length (self->context, max_message);
  result = get_result (self, wslay_event_recv (self->context), close_code);
  feeding = NULL;

  if (result == SNUG_FRAMES_GOOD)
    result = check_bounds (self, data, size, max_message, now, close_code);
  if (result == SNUG_FRAMES_GOOD && !snug_server_frames_is_inside (self) && spare == NULL)
    spare = g_steal_pointer (&self->context);
  else if (result != SNUG_FRAMES_GOOD || !snug_server_frames_is_inside (self))
    snug_server_frames_clear (self);
  return result;
}

void
snug_server_frames_append (GByteArray *out, guint opcode, const void *data, gsize size)
{
  guint8 header[10] = { (guint8) (0x80 | opcode) };
  guint n = 2;

  if (size < 126)
    header[1] = (guint8) size;
  else
    {
      guint n_bytes = size <= G_MAXUINT16 ? 2 : 8;

      header[1] = n_bytes == 2 ? 126 : 127;
      for (guint i = 0; i < n_bytes; i++)
        header[n++] = (guint8) ((guint64) size >> 8 * (n_bytes - 1 - i));
    }
  g_byte_array_append (out, header, n);
  g_byte_array_append (out, data, (guint) size);
}

void
snug_server_frames_append_close (GByteArray *out, guint16 code, const char *reason)
{
  guint8 payload[2 + CLOSE_REASON_MAX_BYTES] = { (guint8) (code >> 8), (guint8) code };
  gsize size = reason != NULL ? MIN (strlen (reason), CLOSE_REASON_MAX_BYTES) : 0;

  if (size > 0)
    memcpy (payload + 2, reason, size);
  snug_server_frames_append (out, SNUG_OPCODE_CLOSE, payload, code == 0 ? 0 : 2 + size);
}

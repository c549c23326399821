/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-frame-stream.h"

#include "snug-frame-scanner.h"
#include "snug-token-bucket.h"

#include <string.h>

/* libsoup reads until there is nothing more to read: after so much it must come back later. */
#define TURN_BYTES (64 * 1024)

/* What the stream and its two halves share: a half can outlive the stream in a GSource. */
typedef struct
{
  SnugFrameStream *stream; /* weak: NULL once it is gone */
  GInputStream *base_input;
  GOutputStream *base_output;
  GBytes *early;
  gsize early_used;
  gsize max_message;
  SnugFrameScanner incoming;
  SnugFrameScanner outgoing;
  SnugTokenBucket control_frames;
  guint64 n_control_frames;
  gsize turn;
  gint64 last_read;
  SnugFrameRefusal refusal;
  GSource *refusal_source;
} Shared;

struct _SnugFrameStream
{
  GIOStream parent_instance;

  GIOStream *base;
  GInputStream *input;
  GOutputStream *output;
  Shared *shared;
};

enum
{
  REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SnugFrameStream, snug_frame_stream, G_TYPE_IO_STREAM)

static void
shared_clear (gpointer data)
{
  Shared *shared = data;

  if (shared->refusal_source != NULL)
    g_source_destroy (shared->refusal_source);
  g_clear_pointer (&shared->refusal_source, g_source_unref);
  g_clear_pointer (&shared->early, g_bytes_unref);
  g_clear_object (&shared->base_input);
  g_clear_object (&shared->base_output);
}

static void
shared_release (Shared *shared)
{
  g_rc_box_release_full (shared, shared_clear);
}

static gboolean
on_refused (gpointer data)
{
  Shared *shared = data;

  g_clear_pointer (&shared->refusal_source, g_source_unref);
  if (shared->stream != NULL)
    {
      g_autoptr (SnugFrameStream) stream = g_object_ref (shared->stream);

      g_signal_emit (stream, signals[REFUSED], 0, (int) shared->refusal);
    }
  return G_SOURCE_REMOVE;
}

/* From inside libsoup's read: whoever listens may want to close the WebSocket, so it hears of it later. */
static void
refuse (Shared *shared, SnugFrameRefusal refusal)
{
  shared->refusal = refusal;
  shared->refusal_source = g_idle_source_new ();
  g_source_set_priority (shared->refusal_source, G_PRIORITY_HIGH);
  g_source_set_callback (shared->refusal_source, on_refused, shared, NULL);
  g_source_attach (shared->refusal_source, g_main_context_get_thread_default ());
}

static gboolean
has_early (Shared *shared)
{
  return shared->early != NULL && shared->early_used < g_bytes_get_size (shared->early);
}

static gssize
read_early (Shared *shared, void *buffer, gsize count)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (shared->early, &size);
  gsize n = MIN (count, size - shared->early_used);

  memcpy (buffer, data + shared->early_used, n);
  shared->early_used += n;
  return n;
}

static gssize
would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Later");
  return -1;
}

/* FALSE: what was read goes no further. */
static gboolean
inspect (Shared *shared, const guint8 *data, gsize size)
{
  SnugFrameScanner *scanner = &shared->incoming;

  shared->last_read = g_get_monotonic_time ();
  snug_frame_scanner_feed (scanner, data, size);
  if (scanner->largest_message > shared->max_message
      || scanner->most_fragments > SNUG_FRAGMENTS_MAX)
    {
      refuse (shared, SNUG_FRAME_REFUSAL_TOO_LARGE);
      return FALSE;
    }
  for (; shared->n_control_frames < scanner->n_control_frames; shared->n_control_frames++)
    {
      if (!snug_token_bucket_take (&shared->control_frames, shared->last_read))
        {
          refuse (shared, SNUG_FRAME_REFUSAL_TOO_MANY);
          return FALSE;
        }
    }
  return TRUE;
}

static gssize
shared_read (Shared *shared, void *buffer, gsize count, GError **error)
{
  gssize n;

  /* Only what was read since the last turn of the main context counts: see create_source. */
  if (shared->turn >= TURN_BYTES)
    return would_block (error);

  if (has_early (shared))
    n = read_early (shared, buffer, count);
  else
    n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (shared->base_input),
                                                  buffer, count, NULL, error);
  if (n <= 0)
    return n;
  shared->turn += n;
  if (shared->refusal != SNUG_FRAME_REFUSAL_NONE || !inspect (shared, buffer, n))
    return would_block (error);
  return n;
}

/* The half that reads. */

#define SNUG_TYPE_FRAME_INPUT (snug_frame_input_get_type ())
G_DECLARE_FINAL_TYPE (SnugFrameInput, snug_frame_input, SNUG, FRAME_INPUT, GInputStream)

struct _SnugFrameInput
{
  GInputStream parent_instance;

  Shared *shared;
};

static gboolean
snug_frame_input_is_readable (GPollableInputStream *stream)
{
  Shared *shared = SNUG_FRAME_INPUT (stream)->shared;

  return has_early (shared)
         || g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (shared->base_input));
}

static GSource *
snug_frame_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  Shared *shared = SNUG_FRAME_INPUT (stream)->shared;
  g_autoptr (GSource) base = NULL;

  /* Whoever waits for a source gives the others their turn. */
  shared->turn = 0;
  if (has_early (shared))
    base = g_timeout_source_new (0);
  else
    base = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (shared->base_input),
                                                  NULL);
  return g_pollable_source_new_full (stream, base, cancellable);
}

static gssize
snug_frame_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count,
                                   GError **error)
{
  return shared_read (SNUG_FRAME_INPUT (stream)->shared, buffer, count, error);
}

static void
snug_frame_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = snug_frame_input_is_readable;
  iface->create_source = snug_frame_input_create_source;
  iface->read_nonblocking = snug_frame_input_read_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugFrameInput,
                               snug_frame_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      snug_frame_input_pollable_init))

/* A WebSocket only polls. */
static gssize
snug_frame_input_read (GInputStream *stream,
                       void *buffer,
                       gsize count,
                       GCancellable *cancellable,
                       GError **error)
{
  return shared_read (SNUG_FRAME_INPUT (stream)->shared, buffer, count, error);
}

static void
snug_frame_input_finalize (GObject *object)
{
  shared_release (SNUG_FRAME_INPUT (object)->shared);

  G_OBJECT_CLASS (snug_frame_input_parent_class)->finalize (object);
}

static void
snug_frame_input_class_init (SnugFrameInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = snug_frame_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = snug_frame_input_read;
}

static void
snug_frame_input_init (SnugFrameInput *self)
{
}

/* The half that writes. */

#define SNUG_TYPE_FRAME_OUTPUT (snug_frame_output_get_type ())
G_DECLARE_FINAL_TYPE (SnugFrameOutput, snug_frame_output, SNUG, FRAME_OUTPUT, GOutputStream)

struct _SnugFrameOutput
{
  GOutputStream parent_instance;

  Shared *shared;
};

static gboolean
snug_frame_output_is_writable (GPollableOutputStream *stream)
{
  Shared *shared = SNUG_FRAME_OUTPUT (stream)->shared;

  return g_pollable_output_stream_is_writable (G_POLLABLE_OUTPUT_STREAM (shared->base_output));
}

static GSource *
snug_frame_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  Shared *shared = SNUG_FRAME_OUTPUT (stream)->shared;
  g_autoptr (GSource) base
    = g_pollable_output_stream_create_source (G_POLLABLE_OUTPUT_STREAM (shared->base_output), NULL);

  return g_pollable_source_new_full (stream, base, cancellable);
}

static gssize
snug_frame_output_write_nonblocking (GPollableOutputStream *stream,
                                     const void *buffer,
                                     gsize count,
                                     GError **error)
{
  Shared *shared = SNUG_FRAME_OUTPUT (stream)->shared;
  gssize n = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (shared->base_output),
                                                         buffer, count, NULL, error);

  if (n > 0)
    snug_frame_scanner_feed (&shared->outgoing, buffer, n);
  return n;
}

static void
snug_frame_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = snug_frame_output_is_writable;
  iface->create_source = snug_frame_output_create_source;
  iface->write_nonblocking = snug_frame_output_write_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugFrameOutput,
                               snug_frame_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      snug_frame_output_pollable_init))

static gssize
snug_frame_output_write (GOutputStream *stream,
                         const void *buffer,
                         gsize count,
                         GCancellable *cancellable,
                         GError **error)
{
  return snug_frame_output_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), buffer, count,
                                              error);
}

static void
snug_frame_output_finalize (GObject *object)
{
  shared_release (SNUG_FRAME_OUTPUT (object)->shared);

  G_OBJECT_CLASS (snug_frame_output_parent_class)->finalize (object);
}

static void
snug_frame_output_class_init (SnugFrameOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = snug_frame_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = snug_frame_output_write;
}

static void
snug_frame_output_init (SnugFrameOutput *self)
{
}

/* The stream. */

static GInputStream *
snug_frame_stream_get_input_stream (GIOStream *stream)
{
  return SNUG_FRAME_STREAM (stream)->input;
}

static GOutputStream *
snug_frame_stream_get_output_stream (GIOStream *stream)
{
  return SNUG_FRAME_STREAM (stream)->output;
}

static gboolean
snug_frame_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (SNUG_FRAME_STREAM (stream)->base, cancellable, error);
}

static void
base_closed_cb (GObject *base, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (g_io_stream_close_finish (G_IO_STREAM (base), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Without the thread that GIOStream would use. */
static void
snug_frame_stream_close_async (GIOStream *stream,
                               int io_priority,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, snug_frame_stream_close_async);
  g_io_stream_close_async (SNUG_FRAME_STREAM (stream)->base, io_priority, cancellable,
                           base_closed_cb, task);
}

static gboolean
snug_frame_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
snug_frame_stream_finalize (GObject *object)
{
  SnugFrameStream *self = SNUG_FRAME_STREAM (object);

  self->shared->stream = NULL;
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_object (&self->base);
  shared_release (self->shared);

  G_OBJECT_CLASS (snug_frame_stream_parent_class)->finalize (object);
}

static void
snug_frame_stream_class_init (SnugFrameStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = snug_frame_stream_finalize;
  stream_class->get_input_stream = snug_frame_stream_get_input_stream;
  stream_class->get_output_stream = snug_frame_stream_get_output_stream;
  stream_class->close_fn = snug_frame_stream_close;
  stream_class->close_async = snug_frame_stream_close_async;
  stream_class->close_finish = snug_frame_stream_close_finish;

  /**
   * SnugFrameStream::refused:
   * @self: the stream
   * @refusal: a #SnugFrameRefusal
   *
   * More comes in than may. It is dropped from here on.
   */
  signals[REFUSED] = g_signal_new ("refused",
                                   G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
snug_frame_stream_init (SnugFrameStream *self)
{
}

/**
 * snug_frame_stream_new:
 * @base: a connected stream that can be polled
 * @early: (nullable): bytes of frames that were already read from it
 * @max_message: the bytes that one message may have
 *
 * Returns: (transfer full): a stream for one SoupWebsocketConnection
 */
SnugFrameStream *
snug_frame_stream_new (GIOStream *base, GBytes *early, gsize max_message)
{
  SnugFrameStream *self;
  Shared *shared;

  g_return_val_if_fail (G_IS_IO_STREAM (base), NULL);
  g_return_val_if_fail (G_IS_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (base)), NULL);
  g_return_val_if_fail (G_IS_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (base)), NULL);

  self = g_object_new (SNUG_TYPE_FRAME_STREAM, NULL);
  shared = g_rc_box_new0 (Shared);
  shared->stream = self;
  shared->base_input = g_object_ref (g_io_stream_get_input_stream (base));
  shared->base_output = g_object_ref (g_io_stream_get_output_stream (base));
  shared->early = early != NULL ? g_bytes_ref (early) : NULL;
  shared->max_message = max_message;
  shared->last_read = g_get_monotonic_time ();
  snug_token_bucket_init (&shared->control_frames,
                          SNUG_CONTROL_FRAME_RATE,
                          SNUG_CONTROL_FRAME_BURST,
                          shared->last_read);

  self->base = g_object_ref (base);
  self->shared = shared;
  self->input = g_object_new (SNUG_TYPE_FRAME_INPUT, NULL);
  SNUG_FRAME_INPUT (self->input)->shared = g_rc_box_acquire (shared);
  self->output = g_object_new (SNUG_TYPE_FRAME_OUTPUT, NULL);
  SNUG_FRAME_OUTPUT (self->output)->shared = g_rc_box_acquire (shared);
  return self;
}

guint64
snug_frame_stream_get_data_written (SnugFrameStream *self)
{
  g_return_val_if_fail (SNUG_IS_FRAME_STREAM (self), 0);

  return self->shared->outgoing.data_bytes;
}

guint64
snug_frame_stream_get_pongs_owed (SnugFrameStream *self)
{
  guint64 in, out;

  g_return_val_if_fail (SNUG_IS_FRAME_STREAM (self), 0);

  in = self->shared->incoming.ping_bytes;
  out = self->shared->outgoing.pong_bytes;
  return in > out ? in - out : 0;
}

gint64
snug_frame_stream_get_last_read (SnugFrameStream *self)
{
  g_return_val_if_fail (SNUG_IS_FRAME_STREAM (self), 0);

  return self->shared->last_read;
}

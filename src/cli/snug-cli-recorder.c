/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-recorder.h"

#include "snug-cli-frame-format.h"
#include "snug-cli-writer.h"
#include "snug-sample-tap.h"

/* A third of a second of pictures, two seconds of sound. */
#define MAX_PICTURES 10
#define MAX_SOUNDS 100
/* How long the end of a call waits for a reader. */
#define CLOSE_PATIENCE_MS 500

struct _SnugCliRecorder
{
  SnugMediaKind kind;
  SnugCliWriter *writer;
  SnugPeer *peer; /* nullable */

  SnugCliRecorderFailedFunc failed;
  gpointer user_data;

  /* The writer's thread only; one of them. */
  SnugCliY4m *y4m;
  SnugCliWav *wav;
};

static GBytes *
render (gpointer item, gboolean first, gpointer user_data)
{
  SnugCliRecorder *self = user_data;

  if (self->y4m != NULL)
    return snug_cli_y4m_render (self->y4m, item, first);

  return snug_cli_wav_render (self->wav, item, first);
}

static void
finish (int fd, gpointer user_data)
{
  SnugCliRecorder *self = user_data;

  if (self->wav != NULL)
    snug_cli_wav_finish (self->wav, fd);
}

static void
broken (const GError *error, gpointer user_data)
{
  SnugCliRecorder *self = user_data;

  self->failed (self->kind, error, self->user_data);
}

static void
free_sample (gpointer item)
{
  gst_sample_unref (item);
}

static const SnugCliWriterFuncs writer_funcs = {
  .render = render,
  .finish = finish,
  .free_item = free_sample,
  .broken = broken,
};

SnugCliRecorder *
snug_cli_recorder_new (SnugMediaKind kind,
                       const char *path,
                       SnugCliRecorderFailedFunc failed,
                       gpointer user_data)
{
  SnugCliRecorder *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (failed != NULL, NULL);

  self = g_new0 (SnugCliRecorder, 1);
  self->kind = kind;
  self->failed = failed;
  self->user_data = user_data;
  if (kind == SNUG_MEDIA_VIDEO)
    self->y4m = snug_cli_y4m_new ();
  else
    self->wav = snug_cli_wav_new ();
  self->writer = snug_cli_writer_new_for_path (path,
                                               kind == SNUG_MEDIA_VIDEO ? MAX_PICTURES : MAX_SOUNDS,
                                               &writer_funcs, self);

  return self;
}

void
snug_cli_recorder_push (SnugCliRecorder *self, GstSample *sample)
{
  snug_cli_writer_push (self->writer, gst_sample_ref (sample));
}

/* Streaming thread. */
static void
on_sample (GstSample *sample, gpointer user_data)
{
  snug_cli_recorder_push (user_data, sample);
}

void
snug_cli_recorder_set_peer (SnugCliRecorder *self, SnugPeer *peer)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (peer == NULL || SNUG_IS_PEER (peer));

  if (self->peer == peer)
    return;

  /* When this returns, no streaming thread is in on_sample(). */
  if (self->peer != NULL)
    snug_peer_set_sample_tap (self->peer, self->kind, NULL, NULL, NULL);
  g_set_object (&self->peer, peer);
  if (peer != NULL)
    snug_peer_set_sample_tap (peer, self->kind, on_sample, self, NULL);
}

void
snug_cli_recorder_close (SnugCliRecorder *self, guint64 *n_written, guint64 *n_dropped)
{
  g_return_if_fail (self != NULL);

  snug_cli_recorder_set_peer (self, NULL);
  snug_cli_writer_close (self->writer, CLOSE_PATIENCE_MS);
  snug_cli_writer_get_counts (self->writer, n_written, n_dropped);
}

void
snug_cli_recorder_free (SnugCliRecorder *self)
{
  if (self == NULL)
    return;

  snug_cli_recorder_set_peer (self, NULL);
  snug_cli_writer_free (self->writer);
  snug_cli_y4m_free (self->y4m);
  snug_cli_wav_free (self->wav);
  g_free (self);
}

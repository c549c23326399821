/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mute is certain: whoever decodes what is sent after an unmute hears nothing of what was said before it, not even what an encoder
 * keeps in its memory. The microphone is a FIFO into which somebody shouts, or is silent.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsrc.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snug-engine.h"
#include "snug-test-media.h"

#define RATE 48000
#define BLOCK 480
#define LOUD 12000
#define N_ROUNDS 12
/* Decoded, of full scale 32768: what rounding may leave. */
#define INAUDIBLE 8
#define N_PACKETS 12

typedef struct
{
  char *directory;
  char *path;
  GThread *thread;
  int running; /* atomic */
  int loud;    /* atomic */
} Mouth;

static gpointer
speak (gpointer data)
{
  static const guint8 header[44]
      = "RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data\xff\xff\xff";
  Mouth *mouth = data;
  int fd = open (mouth->path, O_WRONLY);
  gint64 due = g_get_monotonic_time ();
  guint8 end[44];

  memcpy (end, header, sizeof end);
  end[43] = 0xff;
  g_assert_cmpint (write (fd, end, sizeof end), ==, sizeof end);
  while (g_atomic_int_get (&mouth->running))
    {
      gint16 samples[BLOCK];
      gint64 now = g_get_monotonic_time ();

      for (guint i = 0; i < BLOCK; i++)
        samples[i] = g_atomic_int_get (&mouth->loud) ? g_random_int_range (-LOUD, LOUD) : 0;
      if (write (fd, samples, sizeof samples) < 0)
        break;
      due += 10000;
      if (due > now)
        g_usleep (due - now);
    }
  close (fd);

  return NULL;
}

static void
mouth_open (Mouth *self)
{
  self->directory = g_dir_make_tmp ("snug-mute-XXXXXX", NULL);
  self->path = g_build_filename (self->directory, "microphone", NULL);
  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  self->running = self->loud = TRUE;
  self->thread = g_thread_new ("mouth", speak, self);
}

static void
mouth_close (Mouth *self)
{
  g_atomic_int_set (&self->running, FALSE);
  g_thread_join (self->thread);
  g_remove (self->path);
  g_rmdir (self->directory);
  g_free (self->path);
  g_free (self->directory);
}

/* Somebody who hears from here on. */
typedef struct
{
  GstElement *pipeline;
  GstAppSrc *src;
  SnugEncodedFeed *feed;
  int n_packets; /* atomic */
  int loudest;   /* atomic */
} Ear;

static GstPadProbeReturn
on_decoded (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Ear *ear = user_data;
  GstMapInfo map;
  int loudest = g_atomic_int_get (&ear->loudest);

  g_assert_true (gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ));
  for (gsize i = 0; i < map.size / sizeof (gint16); i++)
    loudest = MAX (loudest, ABS (((const gint16 *) (gconstpointer) map.data)[i]));
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  g_atomic_int_set (&ear->loudest, loudest);
  g_atomic_int_inc (&ear->n_packets);

  return GST_PAD_PROBE_OK;
}

static Ear *
ear_new (SnugEncodedFeed *feed)
{
  Ear *ear = g_new0 (Ear, 1);
  g_autoptr (GstElement) src = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  ear->pipeline = gst_parse_launch ("appsrc name=src is-live=true format=time ! opusdec ! fakesink name=sink sync=false",
                                    NULL);
  src = gst_bin_get_by_name (GST_BIN (ear->pipeline), "src");
  sink = gst_bin_get_by_name (GST_BIN (ear->pipeline), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_decoded, ear, NULL);
  gst_element_set_state (ear->pipeline, GST_STATE_PLAYING);
  ear->src = GST_APP_SRC (src);
  ear->feed = g_object_ref (feed);
  snug_encoded_feed_attach (feed, ear->src);

  return ear;
}

static void
ear_free (Ear *ear)
{
  snug_encoded_feed_detach (ear->feed, ear->src);
  gst_element_set_state (ear->pipeline, GST_STATE_NULL);
  gst_object_unref (ear->pipeline);
  g_object_unref (ear->feed);
  g_free (ear);
}

static void
test_memory (void)
{
  Mouth mouth = { 0 };
  g_autofree char *source = NULL;
  SnugLocalMedia *media;

  mouth_open (&mouth);
  source = g_strconcat ("wav:", mouth.path, NULL);
  media = snug_test_media_new ("none", source);
  {
    SnugEncodedFeed *feed = snug_local_media_get_audio_feed (media);
    /* Keeps the encoder at work. */
    g_autoptr (SnugTestListener) listener G_GNUC_UNUSED = snug_test_listener_new (feed);

    for (guint round = 0; round < N_ROUNDS; round++)
      {
        Ear *ear;

        g_atomic_int_set (&mouth.loud, TRUE);
        ear = ear_new (feed);
        snug_await (g_atomic_int_get (&ear->loudest) > LOUD / 2);
        snug_await (snug_local_media_get_audio_level (media) > -30);
        /* In the middle of a word. */
        snug_test_await_time (round * 3 * GST_MSECOND);
        snug_local_media_set_audio_enabled (media, FALSE);
        ear_free (ear);

        ear = ear_new (feed);
        g_atomic_int_set (&mouth.loud, FALSE);
        snug_await (snug_local_media_get_audio_level (media) <= -99);
        g_assert_cmpint (g_atomic_int_get (&ear->n_packets), ==, 0);
        snug_local_media_set_audio_enabled (media, TRUE);
        snug_await (g_atomic_int_get (&ear->n_packets) > N_PACKETS);
        g_assert_cmpint (g_atomic_int_get (&ear->loudest), <=, INAUDIBLE);
        ear_free (ear);
      }
  }
  snug_test_media_await_gone (media);
  mouth_close (&mouth);
}

static void
test_speaking (void)
{
  Mouth mouth = { 0 };
  g_autofree char *source = NULL;
  SnugLocalMedia *media;
  gboolean speaking;

  mouth_open (&mouth);
  source = g_strconcat ("wav:", mouth.path, NULL);
  media = snug_test_media_new ("none", source);
  snug_await (snug_local_media_get_audio_level (media) > -20);
  g_object_get (media, "speaking-while-muted", &speaking, NULL);
  g_assert_false (speaking);

  snug_local_media_set_audio_enabled (media, FALSE);
  snug_await_signal (media, "notify::speaking-while-muted");
  g_object_get (media, "speaking-while-muted", &speaking, NULL);
  g_assert_true (speaking);
  g_atomic_int_set (&mouth.loud, FALSE);
  snug_await_signal (media, "notify::speaking-while-muted");
  g_object_get (media, "speaking-while-muted", &speaking, NULL);
  g_assert_false (speaking);

  /* Turned on, or gone: it is over at once. */
  g_atomic_int_set (&mouth.loud, TRUE);
  snug_await_signal (media, "notify::speaking-while-muted");
  snug_local_media_set_audio_enabled (media, TRUE);
  g_object_get (media, "speaking-while-muted", &speaking, NULL);
  g_assert_false (speaking);
  snug_local_media_set_audio_enabled (media, FALSE);
  snug_await_signal (media, "notify::speaking-while-muted");
  snug_local_media_set_suspended (media, TRUE);
  g_object_get (media, "speaking-while-muted", &speaking, NULL);
  g_assert_false (speaking);

  snug_test_media_await_gone (media);
  mouth_close (&mouth);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  g_assert_true (snug_engine_init (&error));
  g_test_add_func ("/mute/memory", test_memory);
  g_test_add_func ("/mute/speaking", test_speaking);

  return snug_test_run_ticking ();
}

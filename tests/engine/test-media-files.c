/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Local media that captures from files, and from FIFOs whose writers are late, stall, leave and
 * write garbage.
 */
#include "snug-local-media-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-engine.h"
#include "snug-test-media.h"

/* A folder for the length of one test. */
static char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("snug-local-media-XXXXXX", &error);

  g_assert_no_error (error);

  return folder;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
run_pipeline (const char *description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message
      = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* One second: 25 pictures of 192x108 and a tone. */
static char *
make_file (const char *folder)
{
  char *path = g_build_filename (folder, "clip.mkv", NULL);
  g_autofree char *description = g_strdup_printf (
      "videotestsrc num-buffers=25 ! video/x-raw,width=192,height=108,framerate=25/1 ! "
      "vp8enc deadline=1 cpu-used=8 ! mux. "
      "audiotestsrc num-buffers=50 samplesperbuffer=960 volume=0.07 ! audio/x-raw,rate=48000 ! "
      "opusenc ! mux. matroskamux name=mux ! filesink location=%s",
      path);

  run_pipeline (description);

  return path;
}

static void
test_file (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = make_file (folder);
  SnugLocalMedia *media = snug_test_media_new (path, path);

  {
    g_autoptr (SnugTestListener) video
        = snug_test_listener_new (snug_local_media_get_video_feed (media));
    g_autoptr (SnugTestListener) audio
        = snug_test_listener_new (snug_local_media_get_audio_feed (media));

    snug_await (snug_test_listener_get_n_buffers (video) > 1);
    /* Its own size, since it is smaller than what a camera would be scaled to. */
    g_assert_cmpuint (snug_video_feed_get_width (snug_local_media_get_preview (media)), ==, 192);
    snug_test_media_await_level (media, SNUG_TEST_TONE_DBFS);

    /* Three times round: the sound is the shorter one, and does not run ahead. */
    snug_await (snug_test_listener_get_n_buffers (video) > 60
                && snug_test_listener_get_n_buffers (audio) > 100);
    g_assert_true (video->in_order);
    g_assert_true (audio->in_order);
    g_assert_cmpint (ABS (video->worst_age), <, GST_SECOND);
    g_assert_cmpint (ABS (audio->worst_age), <, GST_SECOND);

    /* Off and on: the picture comes back in the middle of the sound's round. */
    snug_local_media_set_video_enabled (media, FALSE);
    snug_await (snug_pipeline_get_n_closing () == 0);
    snug_local_media_set_video_enabled (media, TRUE);
    {
      guint n_buffers = snug_test_listener_get_n_buffers (video);

      snug_await (snug_test_listener_get_n_buffers (video) > n_buffers + 30);
    }
    g_assert_true (video->in_order);
    g_assert_cmpint (ABS (video->worst_age), <, GST_SECOND);
  }
  g_assert_null (snug_local_media_get_video_error (media));
  g_assert_null (snug_local_media_get_audio_error (media));
  snug_test_media_await_gone (media);
  remove_folder (folder);
}

static void
test_bad_file (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *missing = g_build_filename (folder, "missing.webm", NULL);
  g_autofree char *text = g_build_filename (folder, "text.webm", NULL);
  g_autofree char *sound = g_build_filename (folder, "sound.wav", NULL);
  g_autofree char *make_sound
      = g_strdup_printf ("audiotestsrc num-buffers=50 ! wavenc ! filesink location=%s", sound);
  const char *paths[] = { missing, text, sound, folder };
  SnugLocalMedia *media = snug_test_media_new ("none", "test");

  run_pipeline (make_sound);
  g_assert_true (g_file_set_contents (text, "This is no film.", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      snug_test_media_set_sources (media, paths[i], "test");
      snug_await (snug_local_media_get_video_error (media) != NULL);
      g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                      SNUG_MEDIA_ERROR_FILE);
      g_assert_false (snug_local_media_get_video_active (media));
      /* It is the picture's trouble alone. */
      g_assert_null (snug_local_media_get_audio_error (media));
    }

  snug_test_media_set_sources (media, "test", "test");
  g_assert_null (snug_local_media_get_video_error (media));
  snug_await (snug_local_media_get_video_active (media)
              && snug_local_media_get_audio_active (media));

  /* Choosing once more what failed is a second try. */
  snug_test_media_set_sources (media, missing, "test");
  snug_await (snug_local_media_get_video_error (media) != NULL);
  g_free (g_steal_pointer (&missing));
  {
    g_autofree char *path = make_file (folder);

    missing = g_build_filename (folder, "missing.webm", NULL);
    g_assert_cmpint (g_rename (path, missing), ==, 0);
  }
  snug_test_media_set_sources (media, missing, "test");
  snug_await (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));

  snug_test_media_await_gone (media);
  remove_folder (folder);
}

/* What nobody says is sent unless that is suppressed, and from the next moment on. */
static void
test_silence (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *sound = g_build_filename (folder, "silence.wav", NULL);
  g_autofree char *make_sound
      = g_strdup_printf ("audiotestsrc num-buffers=200 wave=silence ! wavenc ! filesink location=%s", sound);
  SnugLocalMedia *media;
  gboolean suppress = TRUE;

  run_pipeline (make_sound);
  media = snug_test_media_new ("none", sound);
  g_object_get (media, "silence-suppression", &suppress, NULL);
  g_assert_false (suppress);
  {
    g_autoptr (SnugTestListener) audio = snug_test_listener_new (snug_local_media_get_audio_feed (media));
    guint n;

    snug_await (snug_test_listener_get_n_buffers (audio) > 30);
    g_assert_cmpuint (snug_test_listener_get_n_empty (audio), ==, 0);
    g_object_set (media, "silence-suppression", TRUE, NULL);
    /* RFC 6716, 2.1.9: after a while, all but one in 400 ms. */
    snug_await (snug_test_listener_get_n_empty (audio) > 30);
    n = snug_test_listener_get_n_buffers (audio);
    g_object_set (media, "silence-suppression", FALSE, NULL);
    snug_await (snug_test_listener_get_n_buffers (audio) > n + 10);
    n = snug_test_listener_get_n_empty (audio);
    snug_await (snug_test_listener_get_n_buffers (audio) > n + 30);
    g_assert_cmpuint (snug_test_listener_get_n_empty (audio), ==, n);
  }
  snug_test_media_await_gone (media);
  remove_folder (folder);
}

static int
open_writer (const char *path)
{
  int fd;

  snug_await ((fd = open (path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) >= 0);

  return fd;
}

static void
write_text (int fd, const char *text)
{
  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
}

static void
write_zeros (int fd, gsize length)
{
  g_autofree char *zeros = g_malloc0 (length);

  g_assert_cmpint (write (fd, zeros, length), ==, length);
}

/* Y, U and V of a picture whose width and height are odd. */
#define PICTURE_BYTES(width, height)                                                               \
  ((gsize) (width) * (height) + 2 * (((width) + 1) / 2) * (((height) + 1) / 2))

static void
test_y4m_fifo (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "picture.y4m", NULL);
  g_autofree char *spec = g_strconcat ("y4m:", path, NULL);
  SnugLocalMedia *media;
  SnugVideoFeed *preview;
  int writer, next_writer;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  /* Nobody writes; an open that waited for that would never come back. */
  media = snug_test_media_new (spec, "test");
  preview = snug_local_media_get_preview (media);
  snug_await (snug_local_media_get_audio_active (media));
  g_assert_false (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));

  {
    g_autoptr (SnugTestListener) video
        = snug_test_listener_new (snug_local_media_get_video_feed (media));
    guint64 n_frames;

    writer = open_writer (path);
    write_text (writer, "YUV4MPEG2 W35 H17 F30:1 Ip C420mpeg2 XA\n");
    /* Each as it comes, in its own size; the first ones may find the pipeline not yet up. */
    snug_await ((write_text (writer, "FRAME\n"), write_zeros (writer, PICTURE_BYTES (35, 17)),
                 snug_test_media_get_n_frames (media) > 0));
    snug_await (snug_video_feed_get_width (preview) == 35);
    g_assert_cmpuint (snug_video_feed_get_height (preview), ==, 17);
    snug_await ((write_text (writer, "FRAME Ip\n"), write_zeros (writer, PICTURE_BYTES (35, 17)),
                 snug_test_listener_get_n_buffers (video) > 2));
    g_assert_cmpint (ABS (video->worst_age), <, GST_SECOND);

    /* One who stalls within a picture and goes, and a second who comes before that. */
    write_text (writer, "FRAME\n");
    write_zeros (writer, 11);
    close (writer);
    /* What was not read yet would be taken for the rest of the picture. */
    snug_test_await_time (500 * GST_MSECOND);
    next_writer = open_writer (path);
    write_text (next_writer, "YUV4MPEG2 W64 H48 F25:1 C420jpeg\nFRAME\n");
    write_zeros (next_writer, PICTURE_BYTES (64, 48));
    snug_await (snug_video_feed_get_width (preview) == 64);
    g_assert_null (snug_local_media_get_video_error (media));

    /* Silence is no error either, and the last picture's time runs out. */
    n_frames = snug_test_media_get_n_frames (media);
    snug_await (!snug_local_media_get_video_active (media));
    g_assert_null (snug_local_media_get_video_error (media));
    write_text (next_writer, "FRAME\n");
    write_zeros (next_writer, PICTURE_BYTES (64, 48));
    snug_await (snug_local_media_get_video_active (media));
    snug_await (snug_test_media_get_n_frames (media) > n_frames);

    write_text (next_writer, "No frame at all.\n");
    snug_await (snug_local_media_get_video_error (media) != NULL);
    g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                    SNUG_MEDIA_ERROR_FILE);
    close (next_writer);
  }

  snug_test_media_await_gone (media);
  remove_folder (folder);
}

static void
test_y4m_file (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "picture.y4m", NULL);
  g_autofree char *spec = g_strconcat ("y4m:", path, NULL);
  g_autofree char *description = g_strdup_printf (
      "videotestsrc num-buffers=5 ! video/x-raw,format=I420,width=64,height=48,framerate=30/1 ! "
      "y4menc ! filesink location=%s",
      path);
  SnugLocalMedia *media;

  run_pipeline (description);
  media = snug_test_media_new (spec, "none");
  {
    g_autoptr (SnugTestListener) video
        = snug_test_listener_new (snug_local_media_get_video_feed (media));

    /* Looped, and no faster than it says. */
    snug_await (snug_test_listener_get_n_buffers (video) > 30);
    g_assert_cmpuint (video->last_pts - video->first_pts, >, 800 * GST_MSECOND);
    g_assert_true (video->in_order);
  }
  snug_test_media_await_gone (media);
  remove_folder (folder);
}

static void
test_bad_raw (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autofree char *video = g_strconcat ("y4m:", path, NULL);
  g_autofree char *audio = g_strconcat ("wav:", path, NULL);
  static const char *const contents[] = {
    "",
    "YUV4MPEG2",
    "YUV4MPEG2 W16 H16\n",
    "YUV4MPEG2 W16 H16\nFRAME\nshort",
    "YUV4MPEG2 W16 H16\nGARBAGE\n",
    "YUV4MPEG2 W16 H16 C444\nFRAME\n",
    "RIFF",
    "RIFF....WAVEfmt ",
    "RIFF....WAVEdata....",
    "neither the one nor the other",
  };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      SnugLocalMedia *media;

      g_assert_true (g_file_set_contents (path, contents[i], -1, NULL));
      media = snug_test_media_new (video, audio);
      snug_await (snug_local_media_get_video_error (media) != NULL
                  && snug_local_media_get_audio_error (media) != NULL);
      g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                      SNUG_MEDIA_ERROR_FILE);
      g_assert_error (snug_local_media_get_audio_error (media), SNUG_MEDIA_ERROR,
                      SNUG_MEDIA_ERROR_FILE);
      snug_test_media_await_gone (media);
    }
  remove_folder (folder);
}

static void
write_wav_header (int fd, guint32 rate)
{
  guint8 header[44] = "RIFF\0\0\0\0WAVEfmt \20\0\0\0\1\0\1\0";

  *(guint32 *) (gpointer) (header + 24) = GUINT32_TO_LE (rate);
  *(guint32 *) (gpointer) (header + 28) = GUINT32_TO_LE (rate * 2);
  header[32] = 2;
  header[34] = 16;
  memcpy (header + 36, "data\377\377\377\377", 8);
  g_assert_cmpint (write (fd, header, sizeof header), ==, sizeof header);
}

/* A square wave at a tenth of full scale: -20 dBFS. */
#define LOUD 3277
#define LOUD_DBFS -20.0
#define SOFT 328
#define SOFT_DBFS -40.0

static void
write_sound (int fd, guint n_samples, gint16 amplitude)
{
  g_autofree gint16 *samples = g_new (gint16, n_samples);
  static guint phase;

  for (guint i = 0; i < n_samples; i++)
    samples[i] = GINT16_TO_LE (phase++ / 50 % 2 == 0 ? amplitude : -amplitude);
  /* A full FIFO is the reader's way to say "later". */
  if (write (fd, samples, n_samples * 2) < 0)
    g_assert_cmpint (errno, ==, EAGAIN);
}

static void
test_wav_fifo (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "sound.wav", NULL);
  g_autofree char *spec = g_strconcat ("wav:", path, NULL);
  SnugLocalMedia *media;
  int writer;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  media = snug_test_media_new ("none", spec);
  {
    g_autoptr (SnugTestListener) audio
        = snug_test_listener_new (snug_local_media_get_audio_feed (media));

    for (guint round = 0; round < 2; round++)
      {
        guint n_buffers = snug_test_listener_get_n_buffers (audio);

        writer = open_writer (path);
        write_wav_header (writer, round == 0 ? 44100 : 16000);
        snug_await ((write_sound (writer, 220, LOUD),
                     snug_test_listener_get_n_buffers (audio) > n_buffers + 20));
        snug_await ((write_sound (writer, 220, LOUD),
                     ABS (snug_local_media_get_audio_level (media) - LOUD_DBFS)
                         < SNUG_TEST_LEVEL_TOLERANCE));
        g_assert_true (snug_local_media_get_audio_active (media));
        g_assert_true (audio->in_order);
        g_assert_cmpint (ABS (audio->worst_age), <, GST_SECOND);

        /* Muted, the meter still shows what the microphone hears. */
        snug_local_media_set_audio_enabled (media, FALSE);
        snug_await ((write_sound (writer, 220, SOFT),
                     ABS (snug_local_media_get_audio_level (media) - SOFT_DBFS)
                         < SNUG_TEST_LEVEL_TOLERANCE));
        snug_local_media_set_audio_enabled (media, TRUE);
        close (writer);
      }
    snug_await (!snug_local_media_get_audio_active (media));
    g_assert_null (snug_local_media_get_audio_error (media));

    writer = open_writer (path);
    write_text (writer, "Good evening, this is no sound.");
    snug_await (snug_local_media_get_audio_error (media) != NULL);
    g_assert_error (snug_local_media_get_audio_error (media), SNUG_MEDIA_ERROR,
                    SNUG_MEDIA_ERROR_FILE);
    close (writer);
  }
  snug_test_media_await_gone (media);
  remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));

  g_test_add_func ("/media-files/file", test_file);
  g_test_add_func ("/media-files/bad-file", test_bad_file);
  g_test_add_func ("/media-files/silence", test_silence);
  g_test_add_func ("/media-files/y4m-fifo", test_y4m_fifo);
  g_test_add_func ("/media-files/y4m-file", test_y4m_file);
  g_test_add_func ("/media-files/wav-fifo", test_wav_fifo);
  g_test_add_func ("/media-files/bad-raw", test_bad_raw);

  return snug_test_run_ticking ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Capture from everything that needs no device, and, within tests/tools/desktop, from virtual ones.
 */
#include "snug-local-media-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-pipeline.h"

/* What the test tone is, and what a meter may be off. */
#define TONE_DBFS -26.1
#define LEVEL_TOLERANCE 1.0

#define TICK_MS 5

/* Somebody who gets what a feed sends. */
typedef struct
{
  GstElement *pipeline;
  SnugEncodedFeed *feed;
  GstAppSrc *src;

  GMutex mutex;
  guint n_buffers;
  guint n_keys;
  gboolean first_is_key;
  gboolean in_order; /* stamps only ever rise */
  GstClockTime first_pts;
  GstClockTime last_pts;
  GstClockTimeDiff worst_age; /* of all: running time on arrival less the stamp */
  char *media_type;
  int width;
} Listener;

static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  Listener *listener = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstStructure *caps = gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  gboolean is_key = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  GstClockTimeDiff age = GST_CLOCK_DIFF (GST_BUFFER_PTS (buffer), snug_pipeline_now ());

  g_mutex_lock (&listener->mutex);
  if (listener->n_buffers == 0)
    {
      listener->first_is_key = is_key;
      listener->in_order = TRUE;
      listener->first_pts = GST_BUFFER_PTS (buffer);
      listener->worst_age = age;
    }
  else if (GST_BUFFER_PTS (buffer) <= listener->last_pts)
    {
      listener->in_order = FALSE;
    }
  if (ABS (age) > ABS (listener->worst_age))
    listener->worst_age = age;
  listener->last_pts = GST_BUFFER_PTS (buffer);
  listener->n_buffers++;
  listener->n_keys += is_key;
  g_free (listener->media_type);
  listener->media_type = g_strdup (gst_structure_get_name (caps));
  gst_structure_get_int (caps, "width", &listener->width);
  g_mutex_unlock (&listener->mutex);

  return GST_FLOW_OK;
}

static Listener *
listener_new (SnugEncodedFeed *feed)
{
  Listener *listener = g_new0 (Listener, 1);
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  GstElement *src, *sink;

  g_mutex_init (&listener->mutex);
  listener->pipeline = snug_pipeline_new ("listener", NULL, NULL);
  src = snug_pipeline_add (listener->pipeline, "appsrc", "is-live", TRUE, "format",
                           GST_FORMAT_TIME, NULL);
  sink = snug_pipeline_add (listener->pipeline, "appsink", "sync", FALSE, "async", FALSE, NULL);
  gst_element_link (src, sink);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, listener, NULL);
  gst_element_set_state (listener->pipeline, GST_STATE_PLAYING);
  listener->src = GST_APP_SRC (src);
  listener->feed = g_object_ref (feed);
  snug_encoded_feed_attach (feed, listener->src);

  return listener;
}

static void
listener_free (Listener *listener)
{
  snug_encoded_feed_detach (listener->feed, listener->src);
  gst_element_set_state (listener->pipeline, GST_STATE_NULL);
  gst_object_unref (listener->pipeline);
  g_object_unref (listener->feed);
  g_free (listener->media_type);
  g_mutex_clear (&listener->mutex);
  g_free (listener);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

static guint
get_n_buffers (Listener *listener)
{
  guint n;

  g_mutex_lock (&listener->mutex);
  n = listener->n_buffers;
  g_mutex_unlock (&listener->mutex);

  return n;
}

static guint
get_n_keys (Listener *listener)
{
  guint n;

  g_mutex_lock (&listener->mutex);
  n = listener->n_keys;
  g_mutex_unlock (&listener->mutex);

  return n;
}

static int
get_width (Listener *listener)
{
  int width;

  g_mutex_lock (&listener->mutex);
  width = listener->width;
  g_mutex_unlock (&listener->mutex);

  return width;
}

static void
set_sources (SnugLocalMedia *media, const char *video, const char *audio)
{
  g_autoptr (SnugMediaSource) video_source
    = snug_media_source_parse (video, SNUG_MEDIA_VIDEO, NULL);
  g_autoptr (SnugMediaSource) audio_source
    = snug_media_source_parse (audio, SNUG_MEDIA_AUDIO, NULL);

  snug_local_media_set_video_source (media, video_source);
  snug_local_media_set_audio_source (media, audio_source);
}

static SnugLocalMedia *
make_media (const char *video, const char *audio)
{
  SnugLocalMedia *media = snug_local_media_new ();

  snug_local_media_set_video_format (media, 320, 180, 30);
  set_sources (media, video, audio);

  return media;
}

/* Drops the last reference, and sees that the pipelines are down, too. */
#define await_gone(media)                                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    snug_await_finalized (media);                                                                  \
    snug_await (snug_pipeline_get_n_closing () == 0);                                              \
  }                                                                                                \
  G_STMT_END

static guint64
get_n_frames (SnugLocalMedia *media)
{
  return snug_video_feed_get_n_frames (snug_local_media_get_preview (media));
}

static void
await_time (GstClockTime length)
{
  GstClockTime end = snug_pipeline_now () + length;

  snug_await (snug_pipeline_now () >= end);
}

#define await_level(media, dbfs)                                                                   \
  snug_await (ABS (snug_local_media_get_audio_level (media) - (dbfs)) < LEVEL_TOLERANCE)

static void
test_finalize (void)
{
  SnugLocalMedia *media = snug_local_media_new ();

  await_gone (media);

  /* Before anything came, and while it comes. */
  media = make_media ("test", "test");
  await_gone (media);
  media = make_media ("test", "test");
  snug_await (snug_local_media_get_video_active (media)
              && snug_local_media_get_audio_active (media));
  await_gone (media);
}

static void
test_defaults (void)
{
  SnugLocalMedia *media = snug_local_media_new ();
  guint width, height;
  double framerate;

  g_assert_true (snug_local_media_get_video_enabled (media));
  g_assert_true (snug_local_media_get_audio_enabled (media));
  g_assert_false (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));
  g_assert_cmpfloat (snug_local_media_get_audio_level (media), ==, -100.0);
  g_assert_cmpint (
    snug_media_source_get_source_type (snug_local_media_get_video_source (media)), ==,
    SNUG_MEDIA_SOURCE_NONE);
  snug_local_media_get_sent_format (media, &width, &height, &framerate);
  g_assert_cmpuint (width, ==, 0);
  snug_local_media_set_video_format (media, 0, 100000, 0);
  snug_local_media_set_video_bitrate (media, 0);
  await_gone (media);
}

static void
test_preview (void)
{
  SnugLocalMedia *media = make_media ("test", "test");
  SnugVideoFeed *preview = snug_local_media_get_preview (media);

  snug_await (snug_video_feed_get_active (preview));
  g_assert_cmpuint (snug_video_feed_get_width (preview), ==, 320);
  g_assert_cmpuint (snug_video_feed_get_height (preview), ==, 180);
  snug_await (snug_local_media_get_video_active (media));
  snug_await (snug_local_media_get_audio_active (media));
  await_level (media, TONE_DBFS);
  snug_await (get_n_frames (media) > 10);

  /* Nobody listened, so nobody worked. */
  g_assert_cmpuint (snug_encoded_feed_get_n_buffers (snug_local_media_get_video_feed (media)), ==,
                    0);
  g_assert_cmpuint (snug_encoded_feed_get_n_buffers (snug_local_media_get_audio_feed (media)), ==,
                    0);
  await_gone (media);
}

static void
test_encoded (void)
{
  SnugLocalMedia *media = make_media ("test", "test");
  guint width, height;
  double framerate;

  {
    g_autoptr (Listener) video = listener_new (snug_local_media_get_video_feed (media));
    g_autoptr (Listener) audio = listener_new (snug_local_media_get_audio_feed (media));
    g_autoptr (Listener) late = NULL;

    snug_await (get_n_buffers (video) > 10 && get_n_buffers (audio) > 20);
    g_assert_cmpstr (video->media_type, ==, "video/x-vp8");
    g_assert_cmpstr (audio->media_type, ==, "audio/x-opus");
    g_assert_true (video->first_is_key);
    g_assert_true (video->in_order);
    g_assert_true (audio->in_order);
    /* Running time on the shared clock, and not long ago. */
    g_assert_cmpint (ABS (video->worst_age), <, GST_SECOND);
    g_assert_cmpint (ABS (audio->worst_age), <, GST_SECOND);

    late = listener_new (snug_local_media_get_video_feed (media));
    snug_await (get_n_buffers (late) > 0);
    g_assert_true (late->first_is_key);
    snug_local_media_get_sent_format (media, &width, &height, &framerate);
    g_assert_cmpuint (width, ==, 320);
    g_assert_cmpuint (height, ==, 180);
  }

  /* The last one gone, the encoder rests. */
  snug_local_media_get_sent_format (media, &width, &height, &framerate);
  g_assert_cmpuint (width, ==, 0);
  await_gone (media);
}

static void
test_key_frame (void)
{
  SnugLocalMedia *media = make_media ("test", "none");

  {
    g_autoptr (Listener) video = listener_new (snug_local_media_get_video_feed (media));
    guint n_keys;

    snug_await (get_n_buffers (video) > 5);
    n_keys = get_n_keys (video);
    snug_encoded_feed_request_key_frame (snug_local_media_get_video_feed (media));
    snug_await (get_n_keys (video) > n_keys);
  }
  await_gone (media);
}

static void
test_mute (void)
{
  SnugLocalMedia *media = make_media ("none", "test");

  {
    SnugEncodedFeed *feed = snug_local_media_get_audio_feed (media);
    g_autoptr (Listener) audio = listener_new (feed);

    for (guint round = 0; round < 10; round++)
      {
        guint n_received = get_n_buffers (audio);
        GstClockTime unmuted;
        guint64 n_buffers;

        snug_await (get_n_buffers (audio) > n_received + 2);
        snug_local_media_set_audio_enabled (media, FALSE);
        n_buffers = snug_encoded_feed_get_n_buffers (feed);
        g_assert_false (snug_local_media_get_audio_active (media));

        /* As long as any queue might be. */
        await_time (150 * GST_MSECOND);
        g_assert_cmpuint (snug_encoded_feed_get_n_buffers (feed), ==, n_buffers);

        unmuted = snug_pipeline_now ();
        snug_local_media_set_audio_enabled (media, TRUE);
        g_assert_true (snug_local_media_get_audio_active (media));
        snug_await (snug_encoded_feed_get_n_buffers (feed) > n_buffers);
        snug_await (get_n_buffers (audio) >= snug_encoded_feed_get_n_buffers (feed));
        g_assert_cmpuint (audio->last_pts, >=, unmuted);
        g_assert_true (audio->in_order);
      }
  }
  await_gone (media);
}

static void
test_camera_off (void)
{
  SnugLocalMedia *media = make_media ("test", "none");
  SnugVideoFeed *preview = snug_local_media_get_preview (media);

  {
    SnugEncodedFeed *feed = snug_local_media_get_video_feed (media);

    for (guint round = 0; round < 3; round++)
      {
        g_autoptr (Listener) video = listener_new (feed);
        guint64 n_buffers, n_frames;
        guint n_keys;

        snug_await (get_n_buffers (video) > 2);
        snug_local_media_set_video_enabled (media, FALSE);
        n_buffers = snug_encoded_feed_get_n_buffers (feed);
        n_keys = get_n_keys (video);
        g_assert_false (snug_local_media_get_video_active (media));
        g_assert_false (snug_video_feed_get_active (preview));

        /* Its pipeline is gone, and with it the light. */
        snug_await (snug_pipeline_get_n_closing () == 0);
        n_frames = get_n_frames (media);
        snug_local_media_set_video_enabled (media, TRUE);
        snug_await (get_n_frames (media) > n_frames + 1);
        snug_await (snug_encoded_feed_get_n_buffers (feed) > n_buffers);
        snug_await (get_n_buffers (video) > n_buffers || get_n_keys (video) > n_keys);
        g_assert_true (video->in_order);
      }
  }
  await_gone (media);
}

/* Faster than a pipeline comes up or goes down. */
static void
test_camera_toggled (void)
{
  SnugLocalMedia *media = make_media ("test", "test");

  for (guint i = 0; i < 41; i++)
    {
      snug_local_media_set_video_enabled (media, i % 2 == 0);
      for (guint j = 0; j < i % 5; j++)
        g_main_context_iteration (NULL, FALSE);
    }
  snug_await (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));
  await_gone (media);
}

static void
test_suspend (void)
{
  SnugLocalMedia *media = make_media ("test", "test");

  snug_await (snug_local_media_get_video_active (media)
              && snug_local_media_get_audio_active (media));
  snug_local_media_set_suspended (media, TRUE);
  g_assert_false (snug_local_media_get_video_active (media));
  g_assert_false (snug_local_media_get_audio_active (media));
  g_assert_cmpfloat (snug_local_media_get_audio_level (media), ==, -100.0);
  snug_await (snug_pipeline_get_n_closing () == 0);
  snug_local_media_set_suspended (media, FALSE);
  snug_await (snug_local_media_get_video_active (media)
              && snug_local_media_get_audio_active (media));
  await_gone (media);
}

static void
test_format (void)
{
  static const guint sizes[][2] = { { 160, 90 }, { 640, 360 }, { 98, 54 } };
  SnugLocalMedia *media = make_media ("test", "none");

  {
    g_autoptr (Listener) video = listener_new (snug_local_media_get_video_feed (media));

    snug_await (get_n_buffers (video) > 2);
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        snug_local_media_set_video_format (media, sizes[i][0], sizes[i][1], 15 * (i + 1));
        snug_local_media_set_video_bitrate (media, 100 * (i + 1));
        snug_await (get_width (video) == (int) sizes[i][0]);
        snug_await (
          snug_video_feed_get_width (snug_local_media_get_preview (media)) == sizes[i][0]);
      }
    g_assert_null (snug_local_media_get_video_error (media));
    g_assert_true (snug_local_media_get_video_active (media));
  }
  await_gone (media);
}

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
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
                                        GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
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
  SnugLocalMedia *media = make_media (path, path);

  {
    g_autoptr (Listener) video = listener_new (snug_local_media_get_video_feed (media));
    g_autoptr (Listener) audio = listener_new (snug_local_media_get_audio_feed (media));

    snug_await (get_n_buffers (video) > 1);
    /* Its own size, since it is smaller than what a camera would be scaled to. */
    g_assert_cmpuint (snug_video_feed_get_width (snug_local_media_get_preview (media)), ==, 192);
    await_level (media, TONE_DBFS);

    /* Three times round: the sound is the shorter one, and does not run ahead. */
    snug_await (get_n_buffers (video) > 60 && get_n_buffers (audio) > 100);
    g_assert_true (video->in_order);
    g_assert_true (audio->in_order);
    g_assert_cmpint (ABS (video->worst_age), <, GST_SECOND);
    g_assert_cmpint (ABS (audio->worst_age), <, GST_SECOND);

    /* Off and on: the picture comes back in the middle of the sound's round. */
    snug_local_media_set_video_enabled (media, FALSE);
    snug_await (snug_pipeline_get_n_closing () == 0);
    snug_local_media_set_video_enabled (media, TRUE);
    {
      guint n_buffers = get_n_buffers (video);

      snug_await (get_n_buffers (video) > n_buffers + 30);
    }
    g_assert_true (video->in_order);
    g_assert_cmpint (ABS (video->worst_age), <, GST_SECOND);
  }
  g_assert_null (snug_local_media_get_video_error (media));
  g_assert_null (snug_local_media_get_audio_error (media));
  await_gone (media);
  remove_folder (folder);
}

static void
test_bad_file (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *missing = g_build_filename (folder, "missing.webm", NULL);
  g_autofree char *text = g_build_filename (folder, "text.webm", NULL);
  g_autofree char *sound = g_build_filename (folder, "sound.wav", NULL);
  g_autofree char *make_sound = g_strdup_printf (
    "audiotestsrc num-buffers=50 ! wavenc ! filesink location=%s", sound);
  const char *paths[] = { missing, text, sound, folder };
  SnugLocalMedia *media = make_media ("none", "test");

  run_pipeline (make_sound);
  g_assert_true (g_file_set_contents (text, "This is no film.", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      set_sources (media, paths[i], "test");
      snug_await (snug_local_media_get_video_error (media) != NULL);
      g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                      SNUG_MEDIA_ERROR_FILE);
      g_assert_false (snug_local_media_get_video_active (media));
      /* It is the picture's trouble alone. */
      g_assert_null (snug_local_media_get_audio_error (media));
    }

  set_sources (media, "test", "test");
  g_assert_null (snug_local_media_get_video_error (media));
  snug_await (snug_local_media_get_video_active (media)
              && snug_local_media_get_audio_active (media));

  /* Choosing once more what failed is a second try. */
  set_sources (media, missing, "test");
  snug_await (snug_local_media_get_video_error (media) != NULL);
  g_free (g_steal_pointer (&missing));
  {
    g_autofree char *path = make_file (folder);

    missing = g_build_filename (folder, "missing.webm", NULL);
    g_assert_cmpint (g_rename (path, missing), ==, 0);
  }
  set_sources (media, missing, "test");
  snug_await (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));

  await_gone (media);
  remove_folder (folder);
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
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
  GstClockTime start;
  int writer, next_writer;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  start = snug_pipeline_now ();
  media = make_media (spec, "test");
  preview = snug_local_media_get_preview (media);
  /* Nobody writes, and nobody waits for that. */
  g_assert_cmpuint (snug_pipeline_now () - start, <, GST_SECOND);
  snug_await (snug_local_media_get_audio_active (media));
  g_assert_false (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));

  {
    g_autoptr (Listener) video = listener_new (snug_local_media_get_video_feed (media));
    guint64 n_frames;

    writer = open_writer (path);
    write_text (writer, "YUV4MPEG2 W35 H17 F30:1 Ip C420mpeg2 XA\n");
    /* Each as it comes, in its own size; the first ones may find the pipeline not yet up. */
    snug_await ((write_text (writer, "FRAME\n"), write_zeros (writer, PICTURE_BYTES (35, 17)),
                 get_n_frames (media) > 0));
    snug_await (snug_video_feed_get_width (preview) == 35);
    g_assert_cmpuint (snug_video_feed_get_height (preview), ==, 17);
    snug_await ((write_text (writer, "FRAME Ip\n"), write_zeros (writer, PICTURE_BYTES (35, 17)),
                 get_n_buffers (video) > 2));
    g_assert_cmpint (ABS (video->worst_age), <, GST_SECOND);

    /* One who stalls within a picture and goes, and a second who comes before that. */
    write_text (writer, "FRAME\n");
    write_zeros (writer, 11);
    close (writer);
    /* What was not read yet would be taken for the rest of the picture. */
    await_time (500 * GST_MSECOND);
    next_writer = open_writer (path);
    write_text (next_writer, "YUV4MPEG2 W64 H48 F25:1 C420jpeg\nFRAME\n");
    write_zeros (next_writer, PICTURE_BYTES (64, 48));
    snug_await (snug_video_feed_get_width (preview) == 64);
    g_assert_null (snug_local_media_get_video_error (media));

    /* Silence is no error either, and the last picture's time runs out. */
    n_frames = get_n_frames (media);
    snug_await (!snug_local_media_get_video_active (media));
    g_assert_null (snug_local_media_get_video_error (media));
    write_text (next_writer, "FRAME\n");
    write_zeros (next_writer, PICTURE_BYTES (64, 48));
    snug_await (snug_local_media_get_video_active (media));
    snug_await (get_n_frames (media) > n_frames);

    write_text (next_writer, "No frame at all.\n");
    snug_await (snug_local_media_get_video_error (media) != NULL);
    g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                    SNUG_MEDIA_ERROR_FILE);
    close (next_writer);
  }

  await_gone (media);
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
  media = make_media (spec, "none");
  {
    g_autoptr (Listener) video = listener_new (snug_local_media_get_video_feed (media));

    /* Looped, and no faster than it says. */
    snug_await (get_n_buffers (video) > 30);
    g_assert_cmpuint (video->last_pts - video->first_pts, >, 800 * GST_MSECOND);
    g_assert_true (video->in_order);
  }
  await_gone (media);
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
      media = make_media (video, audio);
      snug_await (snug_local_media_get_video_error (media) != NULL
                  && snug_local_media_get_audio_error (media) != NULL);
      g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                      SNUG_MEDIA_ERROR_FILE);
      g_assert_error (snug_local_media_get_audio_error (media), SNUG_MEDIA_ERROR,
                      SNUG_MEDIA_ERROR_FILE);
      await_gone (media);
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
  media = make_media ("none", spec);
  {
    g_autoptr (Listener) audio = listener_new (snug_local_media_get_audio_feed (media));

    for (guint round = 0; round < 2; round++)
      {
        guint n_buffers = get_n_buffers (audio);

        writer = open_writer (path);
        write_wav_header (writer, round == 0 ? 44100 : 16000);
        snug_await ((write_sound (writer, 220, LOUD), get_n_buffers (audio) > n_buffers + 20));
        snug_await ((write_sound (writer, 220, LOUD),
                     ABS (snug_local_media_get_audio_level (media) - LOUD_DBFS) < LEVEL_TOLERANCE));
        g_assert_true (snug_local_media_get_audio_active (media));
        g_assert_true (audio->in_order);
        g_assert_cmpint (ABS (audio->worst_age), <, GST_SECOND);

        /* Muted, the meter still shows what the microphone hears. */
        snug_local_media_set_audio_enabled (media, FALSE);
        snug_await ((write_sound (writer, 220, SOFT),
                     ABS (snug_local_media_get_audio_level (media) - SOFT_DBFS) < LEVEL_TOLERANCE));
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
  await_gone (media);
  remove_folder (folder);
}

static void
test_no_device (void)
{
  SnugLocalMedia *media;

  if (g_getenv ("SNUG_DESKTOP") != NULL)
    {
      g_test_skip ("there are devices");
      return;
    }

  media = make_media ("camera:no-such-camera", "mic:no-such-microphone");
  snug_await (snug_local_media_get_video_error (media) != NULL
              && snug_local_media_get_audio_error (media) != NULL);
  g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                  SNUG_MEDIA_ERROR_NO_DEVICE);
  g_assert_error (snug_local_media_get_audio_error (media), SNUG_MEDIA_ERROR,
                  SNUG_MEDIA_ERROR_NO_DEVICE);

  set_sources (media, "test", "test");
  snug_await (snug_local_media_get_video_active (media)
              && snug_local_media_get_audio_active (media));
  g_assert_null (snug_local_media_get_video_error (media));
  await_gone (media);
}

static void
test_devices (void)
{
  SnugLocalMedia *media;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("needs the virtual devices of tests/tools/desktop");
      return;
    }

  media = make_media ("camera", "mic");
  {
    g_autoptr (Listener) video = listener_new (snug_local_media_get_video_feed (media));
    g_autoptr (Listener) audio = listener_new (snug_local_media_get_audio_feed (media));

    snug_await (get_n_buffers (video) > 10 && get_n_buffers (audio) > 50);
    g_assert_true (video->first_is_key);
    g_assert_true (video->in_order);
    g_assert_true (audio->in_order);
    g_assert_cmpint (ABS (video->worst_age), <, GST_SECOND);
    g_assert_cmpint (ABS (audio->worst_age), <, GST_SECOND);
    snug_await (snug_local_media_get_audio_level (media) > -60.0);

    set_sources (media, "camera:snug-camera-2", "mic:snug_microphone");
    {
      guint n_video = get_n_buffers (video), n_audio = get_n_buffers (audio);

      snug_await (get_n_buffers (video) > n_video + 10 && get_n_buffers (audio) > n_audio + 50);
    }
    for (guint i = 0; i < 6; i++)
      {
        snug_local_media_set_video_enabled (media, i % 2 == 1);
        snug_await (snug_local_media_get_video_active (media) == (i % 2 == 1));
      }
    g_assert_null (snug_local_media_get_video_error (media));
    g_assert_null (snug_local_media_get_audio_error (media));
  }
  await_gone (media);
}

static GSubprocess *
plug_in_camera (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  GSubprocess *camera;

  g_shell_parse_argv (
    "gst-launch-1.0 -q videotestsrc is-live=true ! "
    "video/x-raw,format=I420,width=320,height=180,framerate=30/1 ! pipewiresink mode=provide "
    "stream-properties=p,media.class=Video/Source,media.role=Camera,node.name=snug-camera-7",
    NULL, &words, &error);
  g_assert_no_error (error);
  camera = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);

  return camera;
}

static void
unplug_camera (GSubprocess *camera)
{
  g_subprocess_force_exit (camera);
  g_subprocess_wait (camera, NULL, NULL);
  g_object_unref (camera);
}

/* A camera that comes late, freezes, thaws, is unplugged and plugged in again: nobody has to do anything. */
static void
test_hot_plug (void)
{
  SnugLocalMedia *media;
  GSubprocess *camera;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("needs the virtual devices of tests/tools/desktop");
      return;
    }

  media = make_media ("camera:snug-camera-7", "mic");
  snug_await (snug_local_media_get_video_error (media) != NULL);
  g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                  SNUG_MEDIA_ERROR_NO_DEVICE);

  camera = plug_in_camera ();
  snug_await (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));

  g_subprocess_send_signal (camera, SIGSTOP);
  snug_await (snug_local_media_get_video_error (media) != NULL);
  g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                  SNUG_MEDIA_ERROR_NO_FRAMES);
  g_assert_false (snug_local_media_get_video_active (media));
  g_subprocess_send_signal (camera, SIGCONT);
  snug_await (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));

  unplug_camera (camera);
  snug_await (snug_local_media_get_video_error (media) != NULL);
  g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                  SNUG_MEDIA_ERROR_NO_DEVICE);
  /* The sound never noticed. */
  g_assert_true (snug_local_media_get_audio_active (media));
  g_assert_null (snug_local_media_get_audio_error (media));

  camera = plug_in_camera ();
  snug_await (snug_local_media_get_video_active (media));
  unplug_camera (camera);
  await_gone (media);
}

int
main (int argc, char *argv[])
{
  int status;
  guint tick_id;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));
  /* What changes on other threads wakes nobody: awaiting it means looking now and then. */
  tick_id = g_timeout_add (TICK_MS, on_tick, NULL);

  g_test_add_func ("/local-media/finalize", test_finalize);
  g_test_add_func ("/local-media/defaults", test_defaults);
  g_test_add_func ("/local-media/preview", test_preview);
  g_test_add_func ("/local-media/encoded", test_encoded);
  g_test_add_func ("/local-media/key-frame", test_key_frame);
  g_test_add_func ("/local-media/mute", test_mute);
  g_test_add_func ("/local-media/camera-off", test_camera_off);
  g_test_add_func ("/local-media/camera-toggled", test_camera_toggled);
  g_test_add_func ("/local-media/suspend", test_suspend);
  g_test_add_func ("/local-media/format", test_format);
  g_test_add_func ("/local-media/file", test_file);
  g_test_add_func ("/local-media/bad-file", test_bad_file);
  g_test_add_func ("/local-media/y4m-fifo", test_y4m_fifo);
  g_test_add_func ("/local-media/y4m-file", test_y4m_file);
  g_test_add_func ("/local-media/wav-fifo", test_wav_fifo);
  g_test_add_func ("/local-media/bad-raw", test_bad_raw);
  g_test_add_func ("/local-media/no-device", test_no_device);
  g_test_add_func ("/local-media/devices", test_devices);
  g_test_add_func ("/local-media/hot-plug", test_hot_plug);

  status = g_test_run ();
  g_source_remove (tick_id);

  return status;
}

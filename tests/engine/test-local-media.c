/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Local media that captures from the test source, and, within tests/tools/desktop, from virtual
 * devices.
 */
#include "snug-local-media-private.h"

#include <gio/gio.h>

#include "snug-await.h"
#include "snug-fixtures.h"
#include "snug-device-list.h"
#include "snug-engine.h"
#include "snug-test-media.h"

/* Of a stamp that is of the same clock, on a machine that is busy: others are off by hours. */
#define MOST_AGE (5 * GST_SECOND)

static void
test_finalize (void)
{
  SnugLocalMedia *media = snug_local_media_new ();

  snug_test_media_await_gone (media);

  /* Before anything came, and while it comes. */
  media = snug_test_media_new ("test", "test");
  snug_test_media_await_gone (media);
  media = snug_test_media_new ("test", "test");
  snug_await (snug_local_media_get_video_active (media)
              && snug_local_media_get_audio_active (media));
  snug_test_media_await_gone (media);
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
  g_assert_cmpint (snug_media_source_get_source_type (snug_local_media_get_video_source (media)),
                   ==, SNUG_MEDIA_SOURCE_NONE);
  snug_local_media_get_sent_format (media, &width, &height, &framerate);
  g_assert_cmpuint (width, ==, 0);
  snug_local_media_set_video_format (media, 0, 100000, 0);
  snug_local_media_set_video_bitrate (media, 0);
  snug_test_media_await_gone (media);
}

static void
test_preview (void)
{
  SnugLocalMedia *media = snug_test_media_new ("test", "test");
  SnugVideoFeed *preview = snug_local_media_get_preview (media);

  snug_await (snug_video_feed_get_active (preview));
  g_assert_cmpuint (snug_video_feed_get_width (preview), ==, 320);
  g_assert_cmpuint (snug_video_feed_get_height (preview), ==, 180);
  snug_await (snug_local_media_get_video_active (media));
  snug_await (snug_local_media_get_audio_active (media));
  snug_test_media_await_level (media, SNUG_TEST_TONE_DBFS);
  snug_await (snug_test_media_get_n_frames (media) > 10);

  /* Nobody listened, so nobody worked. */
  g_assert_cmpuint (snug_encoded_feed_get_n_buffers (snug_local_media_get_video_feed (media)), ==,
                    0);
  g_assert_cmpuint (snug_encoded_feed_get_n_buffers (snug_local_media_get_audio_feed (media)), ==,
                    0);
  snug_test_media_await_gone (media);
}

static void
test_encoded (void)
{
  SnugLocalMedia *media = snug_test_media_new ("test", "test");
  guint width, height;
  double framerate;

  {
    g_autoptr (SnugTestListener) video
        = snug_test_listener_new (snug_local_media_get_video_feed (media));
    g_autoptr (SnugTestListener) audio
        = snug_test_listener_new (snug_local_media_get_audio_feed (media));
    g_autoptr (SnugTestListener) late = NULL;

    snug_await (snug_test_listener_get_n_buffers (video) > 10
                && snug_test_listener_get_n_buffers (audio) > 20);
    g_assert_cmpstr (video->media_type, ==, "video/x-vp8");
    g_assert_cmpstr (audio->media_type, ==, "audio/x-opus");
    g_assert_true (video->first_is_key);
    g_assert_true (video->in_order);
    g_assert_true (audio->in_order);
    /* Running time on the shared clock, and not long ago. */
    g_assert_cmpint (ABS (video->worst_age), <, MOST_AGE);
    g_assert_cmpint (ABS (audio->worst_age), <, MOST_AGE);

    late = snug_test_listener_new (snug_local_media_get_video_feed (media));
    snug_await (snug_test_listener_get_n_buffers (late) > 0);
    g_assert_true (late->first_is_key);
    snug_local_media_get_sent_format (media, &width, &height, &framerate);
    g_assert_cmpuint (width, ==, 320);
    g_assert_cmpuint (height, ==, 180);
  }

  /* The last one gone, the encoder rests. */
  snug_local_media_get_sent_format (media, &width, &height, &framerate);
  g_assert_cmpuint (width, ==, 0);
  snug_test_media_await_gone (media);
}

static void
test_key_frame (void)
{
  SnugLocalMedia *media = snug_test_media_new ("test", "none");

  {
    g_autoptr (SnugTestListener) video
        = snug_test_listener_new (snug_local_media_get_video_feed (media));
    guint n_keys;

    snug_await (snug_test_listener_get_n_buffers (video) > 5);
    n_keys = snug_test_listener_get_n_keys (video);
    snug_encoded_feed_request_key_frame (snug_local_media_get_video_feed (media));
    snug_await (snug_test_listener_get_n_keys (video) > n_keys);
  }
  snug_test_media_await_gone (media);
}

static void
test_mute (void)
{
  SnugLocalMedia *media = snug_test_media_new ("none", "test");

  {
    SnugEncodedFeed *feed = snug_local_media_get_audio_feed (media);
    g_autoptr (SnugTestListener) audio = snug_test_listener_new (feed);

    for (guint round = 0; round < 10; round++)
      {
        guint n_received = snug_test_listener_get_n_buffers (audio);
        GstClockTime unmuted;
        guint64 n_buffers;

        snug_await (snug_test_listener_get_n_buffers (audio) > n_received + 2);
        snug_local_media_set_audio_enabled (media, FALSE);
        n_buffers = snug_encoded_feed_get_n_buffers (feed);
        g_assert_false (snug_local_media_get_audio_active (media));

        /* As long as any queue might be. */
        snug_test_await_time (150 * GST_MSECOND);
        g_assert_cmpuint (snug_encoded_feed_get_n_buffers (feed), ==, n_buffers);

        unmuted = snug_pipeline_now ();
        snug_local_media_set_audio_enabled (media, TRUE);
        g_assert_true (snug_local_media_get_audio_active (media));
        snug_await (snug_encoded_feed_get_n_buffers (feed) > n_buffers);
        snug_await (snug_test_listener_get_n_buffers (audio)
                    >= snug_encoded_feed_get_n_buffers (feed));
        g_assert_cmpuint (audio->last_pts, >=, unmuted);
        g_assert_true (audio->in_order);
      }
  }
  snug_test_media_await_gone (media);
}

static void
test_camera_off (void)
{
  SnugLocalMedia *media = snug_test_media_new ("test", "none");
  SnugVideoFeed *preview = snug_local_media_get_preview (media);

  {
    SnugEncodedFeed *feed = snug_local_media_get_video_feed (media);

    for (guint round = 0; round < 3; round++)
      {
        g_autoptr (SnugTestListener) video = snug_test_listener_new (feed);
        guint64 n_buffers, n_frames;
        guint n_keys;

        snug_await (snug_test_listener_get_n_buffers (video) > 2);
        snug_local_media_set_video_enabled (media, FALSE);
        n_buffers = snug_encoded_feed_get_n_buffers (feed);
        n_keys = snug_test_listener_get_n_keys (video);
        g_assert_false (snug_local_media_get_video_active (media));
        g_assert_false (snug_video_feed_get_active (preview));

        /* Its pipeline is gone, and with it the light. */
        snug_await (snug_pipeline_get_n_closing () == 0);
        n_frames = snug_test_media_get_n_frames (media);
        snug_local_media_set_video_enabled (media, TRUE);
        snug_await (snug_test_media_get_n_frames (media) > n_frames + 1);
        snug_await (snug_encoded_feed_get_n_buffers (feed) > n_buffers);
        snug_await (snug_test_listener_get_n_buffers (video) > n_buffers
                    || snug_test_listener_get_n_keys (video) > n_keys);
        g_assert_true (video->in_order);
      }
  }
  snug_test_media_await_gone (media);
}

/* Faster than a pipeline comes up or goes down. */
static void
test_camera_toggled (void)
{
  SnugLocalMedia *media = snug_test_media_new ("test", "test");

  for (guint i = 0; i < 41; i++)
    {
      snug_local_media_set_video_enabled (media, i % 2 == 0);
      for (guint j = 0; j < i % 5; j++)
        g_main_context_iteration (NULL, FALSE);
    }
  snug_await (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));
  snug_test_media_await_gone (media);
}

static void
test_suspend (void)
{
  SnugLocalMedia *media = snug_test_media_new ("test", "test");

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
  snug_test_media_await_gone (media);
}

static void
test_format (void)
{
  static const guint sizes[][2] = { { 160, 90 }, { 640, 360 }, { 98, 54 } };
  SnugLocalMedia *media = snug_test_media_new ("test", "none");

  {
    g_autoptr (SnugTestListener) video
        = snug_test_listener_new (snug_local_media_get_video_feed (media));

    snug_await (snug_test_listener_get_n_buffers (video) > 2);
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        snug_local_media_set_video_format (media, sizes[i][0], sizes[i][1], 15 * (i + 1));
        snug_local_media_set_video_bitrate (media, 100 * (i + 1));
        snug_await (snug_test_listener_get_width (video) == (int) sizes[i][0]);
        snug_await (snug_video_feed_get_width (snug_local_media_get_preview (media))
                    == sizes[i][0]);
      }
    g_assert_null (snug_local_media_get_video_error (media));
    g_assert_true (snug_local_media_get_video_active (media));
  }
  snug_test_media_await_gone (media);
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

  media = snug_test_media_new ("camera:no-such-camera", "mic:no-such-microphone");
  snug_await (snug_local_media_get_video_error (media) != NULL
              && snug_local_media_get_audio_error (media) != NULL);
  g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR,
                  SNUG_MEDIA_ERROR_NO_DEVICE);
  g_assert_error (snug_local_media_get_audio_error (media), SNUG_MEDIA_ERROR,
                  SNUG_MEDIA_ERROR_NO_DEVICE);

  snug_test_media_set_sources (media, "test", "test");
  snug_await (snug_local_media_get_video_active (media)
              && snug_local_media_get_audio_active (media));
  g_assert_null (snug_local_media_get_video_error (media));
  snug_test_media_await_gone (media);
}

/* That of the camera that comes and goes, and that of those of tests/tools/desktop. */
#define CAMERA_WIDTH 320
#define OTHER_CAMERA_WIDTH 640

/* A camera of the test's own. */
static GSubprocess *
plug_in_camera (void)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *camera
      /* With an output of its own: whoever reads ours would wait for it if this test ended before it. */
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                          SNUG_SOURCE_DIR "/tests/tools/virtual-media", "camera", "7", G_STRINGIFY (CAMERA_WIDTH), "180", NULL);

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

static void
test_devices (void)
{
  SnugLocalMedia *media;
  GSubprocess *camera;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("needs the virtual devices of tests/tools/desktop");
      return;
    }

  camera = plug_in_camera ();
  media = snug_test_media_new ("camera", "mic");
  {
    g_autoptr (SnugTestListener) video
        = snug_test_listener_new (snug_local_media_get_video_feed (media));
    g_autoptr (SnugTestListener) audio
        = snug_test_listener_new (snug_local_media_get_audio_feed (media));

    snug_await (snug_test_listener_get_n_buffers (video) > 10
                && snug_test_listener_get_n_buffers (audio) > 50);
    g_assert_true (video->first_is_key);
    g_assert_true (video->in_order);
    g_assert_true (audio->in_order);
    g_assert_cmpint (ABS (video->worst_age), <, MOST_AGE);
    g_assert_cmpint (ABS (audio->worst_age), <, MOST_AGE);
    snug_await (snug_local_media_get_audio_level (media) > -60.0);

    snug_test_media_set_sources (media, "camera:snug-camera-2", "mic:snug_microphone");
    {
      guint n_video = snug_test_listener_get_n_buffers (video),
            n_audio = snug_test_listener_get_n_buffers (audio);

      snug_await (snug_test_listener_get_n_buffers (video) > n_video + 10
                  && snug_test_listener_get_n_buffers (audio) > n_audio + 50);
    }

    snug_test_media_set_sources (media, "camera:snug-camera-7", "mic");
    for (guint i = 0; i < 7; i++)
      {
        snug_local_media_set_video_enabled (media, i % 2 == 0);
        snug_await (snug_local_media_get_video_active (media) == (i % 2 == 0));
      }
    g_assert_null (snug_local_media_get_video_error (media));
    g_assert_null (snug_local_media_get_audio_error (media));
  }
  snug_test_media_await_gone (media);
  unplug_camera (camera);
}

static gboolean
shows_width (SnugLocalMedia *media, guint width)
{
  return snug_local_media_get_video_active (media)
         && snug_video_feed_get_width (snug_local_media_get_preview (media)) == width;
}

/* The camera of a call is pulled out: another one takes its place, until it is back. */
static void
test_camera_replaced (void)
{
  SnugLocalMedia *media;
  GSubprocess *camera;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("needs the virtual devices of tests/tools/desktop");
      return;
    }

  camera = plug_in_camera ();
  media = snug_test_media_new ("camera:snug-camera-7", "none");
  snug_local_media_set_video_format (media, 2 * OTHER_CAMERA_WIDTH, 720, 30);
  snug_await (shows_width (media, CAMERA_WIDTH));
  unplug_camera (camera);
  snug_await (shows_width (media, OTHER_CAMERA_WIDTH));
  g_assert_null (snug_local_media_get_video_error (media));

  camera = plug_in_camera ();
  snug_await (shows_width (media, CAMERA_WIDTH));
  unplug_camera (camera);
  snug_test_media_await_gone (media);
}

static char *
run_pactl (const char *arguments)
{
  g_autofree char *command = g_strdup_printf ("pactl %s", arguments);
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status = 0;

  g_spawn_command_line_sync (command, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);

  return g_strstrip (output);
}

/* A headset that is pulled out in the middle of a sentence: the built-in microphone goes on. */
static void
test_headset (void)
{
  SnugLocalMedia *media;
  g_autofree char *module = NULL;
  g_autofree char *unload = NULL;
  g_autofree char *unloaded = NULL;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("needs the virtual devices of tests/tools/desktop");
      return;
    }

  module = run_pactl ("load-module module-remap-source source_name=snug_headset master=snug_voice.monitor");
  unload = g_strdup_printf ("unload-module %s", module);
  media = snug_test_media_new ("none", "mic:snug_headset");
  {
    g_autoptr (SnugTestListener) audio = snug_test_listener_new (snug_local_media_get_audio_feed (media));
    g_autoptr (SnugDeviceList) microphones = snug_device_list_new (SNUG_DEVICE_MICROPHONE);
    guint n_before;

    snug_await (snug_test_listener_get_n_buffers (audio) > 20);
    unloaded = run_pactl (unload);
    snug_await (snug_device_list_find (microphones, "snug_headset") == NULL);
    n_before = snug_test_listener_get_n_buffers (audio);
    snug_await (snug_test_listener_get_n_buffers (audio) > n_before + 50);
    snug_await (snug_local_media_get_audio_active (media));
    g_assert_null (snug_local_media_get_audio_error (media));
  }
  snug_test_media_await_gone (media);
}

/* A camera that comes late, freezes, thaws, is unplugged and plugged in again: nobody has to do
 * anything. */
static void
test_hot_plug (void)
{
  SnugLocalMedia *media;
  GSubprocess *camera;
  SnugDeviceList *cameras;
  GLogLevelFlags fatal;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("needs the virtual devices of tests/tools/desktop");
      return;
    }

  /* Now and then pipewiresrc waits for half a minute for a camera that has gone, and is abandoned
   * with a warning: not our doing, and the next camera does not notice. */
  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  cameras = snug_device_list_new (SNUG_DEVICE_CAMERA);
  /* The one of the test before may not be gone yet for everybody. */
  snug_await (snug_device_list_get_ready (cameras) && snug_device_list_find (cameras, "snug-camera-7") == NULL);
  media = snug_test_media_new ("camera:snug-camera-7", "mic");
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

  /* Another one takes its place, see test_camera_replaced(). */
  unplug_camera (camera);
  snug_await (snug_device_list_find (cameras, "snug-camera-7") == NULL);
  snug_await (snug_local_media_get_video_active (media));
  /* The sound never noticed. */
  g_assert_true (snug_local_media_get_audio_active (media));
  g_assert_null (snug_local_media_get_audio_error (media));

  camera = plug_in_camera ();
  snug_await (snug_local_media_get_video_active (media));
  unplug_camera (camera);
  snug_test_media_await_gone (media);
  g_clear_object (&cameras);
  g_log_set_always_fatal (fatal);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));

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
  g_test_add_func ("/local-media/no-device", test_no_device);
  g_test_add_func ("/local-media/devices", test_devices);
  g_test_add_func ("/local-media/camera-replaced", test_camera_replaced);
  g_test_add_func ("/local-media/headset", test_headset);
  g_test_add_func ("/local-media/hot-plug", test_hot_plug);

  return snug_test_run_ticking ();
}

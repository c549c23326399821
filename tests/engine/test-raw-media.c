/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the Y4M and WAV headers say, and which modes are asked of a camera. What is wrong with a
 * header is the business of the fuzz target and its corpus.
 */
#include "snug-camera-mode.h"
#include "snug-engine.h"
#include "snug-wav.h"
#include "snug-y4m.h"

static void
test_y4m (void)
{
  static const struct
  {
    const char *line;
    guint width, height, rate_n, rate_d;
    gsize frame_bytes;
  } lines[] = {
    { "YUV4MPEG2 W640 H360 F30:1", 640, 360, 30, 1, 345600 },
    { "YUV4MPEG2 W35 H17 F30000:1001 Ip A1:1 C420jpeg XA XB", 35, 17, 30000, 1001, 919 },
    { "YUV4MPEG2  H1  W1 I? F0:0 A0:0 C420paldv", 1, 1, 30, 1, 3 },
    { "YUV4MPEG2 W4096 H4096 F240:1 C420mpeg2", 4096, 4096, 240, 1, 25165824 },
  };
  static const char *const wrong[] = {
    "",
    "YUV4MPEG",
    "YUV4MPEG2",
    "YUV4MPEG2W16 H16",
    "YUV4MPEG2 W16",
    "YUV4MPEG2 W0 H16",
    "YUV4MPEG2 W16 H4097",
    "YUV4MPEG2 W-16 H16",
    "YUV4MPEG2 W16 H16 F30",
    "YUV4MPEG2 W16 H16 F30:0",
    "YUV4MPEG2 W16 H16 F241:1",
    "YUV4MPEG2 W16 H16 C444",
    "YUV4MPEG2 W16 H16 C420p10",
    "YUV4MPEG2 W16 H16 It",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      SnugY4mFormat format;

      snug_y4m_parse_header (lines[i].line, strlen (lines[i].line), &format, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (format.width, ==, lines[i].width);
      g_assert_cmpuint (format.height, ==, lines[i].height);
      g_assert_cmpuint (format.rate_n, ==, lines[i].rate_n);
      g_assert_cmpuint (format.rate_d, ==, lines[i].rate_d);
      g_assert_cmpuint (format.frame_bytes, ==, lines[i].frame_bytes);
    }

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      SnugY4mFormat format;

      g_assert_false (snug_y4m_parse_header (wrong[i], strlen (wrong[i]), &format, &error));
      g_assert_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE);
    }

  g_assert_true (snug_y4m_is_frame ("FRAME", 5));
  g_assert_true (snug_y4m_is_frame ("FRAME Ip", 8));
  g_assert_false (snug_y4m_is_frame ("FRAMES", 6));
  g_assert_false (snug_y4m_is_frame ("FRAM", 4));
}

static void
test_wav (void)
{
  static const guint8 header[] = "RIFF\0\0\0\0WAVE"
                                 "LIST\3\0\0\0abc\0"
                                 "fmt \20\0\0\0\1\0\2\0\104\254\0\0\20\261\2\0\4\0\20\0"
                                 "data\10\0\0\0samples!";
  const gsize samples = sizeof header - 1 - 8;
  SnugWavFormat format;
  gsize length = 0;

  /* However much is there: it is asked for more until the first sample, and never for what is
   * there. */
  for (gsize have = 0; have < sizeof header; have++)
    {
      g_autoptr (GError) error = NULL;
      SnugWavResult result = snug_wav_parse_header (header, have, &format, &length, &error);

      g_assert_no_error (error);
      g_assert_cmpint (result, ==, have < samples ? SNUG_WAV_NEED_MORE : SNUG_WAV_COMPLETE);
      if (have < samples)
        g_assert_cmpuint (length, >, have);
      g_assert_cmpuint (length, <=, samples);
    }
  g_assert_cmpuint (length, ==, samples);
  g_assert_cmpuint (format.rate, ==, 44100);
  g_assert_cmpuint (format.channels, ==, 2);
  g_assert_cmpuint (format.frame_bytes, ==, 4);
  g_assert_cmpuint (format.data_bytes, ==, 8);
}

typedef struct
{
  const char *offered;
  int width, height, rate;
  gboolean allow_jpeg;
  const char *chosen; /* NULL: none */
} Mode;

static void
test_camera_mode (void)
{
  /* A usual USB camera: what is large and raw is slow. */
#define USB                                                                                        \
  "video/x-raw,format=YUY2,width=1280,height=720,framerate=10/1;"                                  \
  "video/x-raw,format=YUY2,width=640,height=480,framerate={30/1,15/1};"                            \
  "image/jpeg,width=1920,height=1080,framerate=30/1;"                                              \
  "image/jpeg,width=1280,height=720,framerate={60/1,30/1}"
#define SQUARE ",pixel-aspect-ratio=1/1"
  static const Mode modes[] = {
    { USB, 1280, 720, 30, TRUE, "image/jpeg,width=1280,height=720,framerate=30/1" },
    { USB, 1280, 720, 30, FALSE, "video/x-raw,width=640,height=480,framerate=30/1" SQUARE },
    { USB, 640, 360, 30, TRUE, "video/x-raw,width=640,height=480,framerate=30/1" SQUARE },
    { USB, 640, 480, 15, TRUE, "video/x-raw,width=640,height=480,framerate=15/1" SQUARE },
    { USB, 1920, 1080, 30, TRUE, "image/jpeg,width=1920,height=1080,framerate=30/1" },
    { "video/x-raw,width=[16,4096],height=[16,4096],framerate=[1/1,60/1]", 1280, 720, 30, TRUE,
      "video/x-raw,width=1280,height=720,framerate=30/1" SQUARE },
    { "video/x-raw(memory:DMABuf),width=1280,height=720,framerate=30/1;"
      "video/x-raw,width=320,height=240,framerate=30/1",
      1280, 720, 30, TRUE, "video/x-raw,width=320,height=240,framerate=30/1" SQUARE },
    /* A virtual camera that says no rate. */
    { "video/x-raw,width=640,height=360", 1280, 720, 30, TRUE, "video/x-raw,width=640,height=360" SQUARE },
    /* A camcorder, and one that would take any shape. */
    { "video/x-raw,width=720,height=576,pixel-aspect-ratio=16/15", 1280, 720, 30, TRUE,
      "video/x-raw,width=720,height=576,pixel-aspect-ratio=16/15" },
    { "video/x-raw,width=640,height=360,pixel-aspect-ratio=[1/2147483647,2147483647/1]", 1280, 720, 30,
      TRUE, "video/x-raw,width=640,height=360" SQUARE },
    { "video/x-h264,width=1280,height=720,framerate=30/1", 1280, 720, 30, TRUE, NULL },
    { "video/x-raw", 1280, 720, 30, TRUE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (GstCaps) offered = gst_caps_from_string (modes[i].offered);
      g_autoptr (GstCaps) wanted = gst_caps_new_simple (
          "video/x-raw", "width", G_TYPE_INT, modes[i].width, "height", G_TYPE_INT, modes[i].height,
          "framerate", GST_TYPE_FRACTION, modes[i].rate, 1, NULL);
      g_autoptr (GstCaps) chosen = snug_camera_mode_choose (offered, wanted, modes[i].allow_jpeg);
      g_autoptr (GstCaps) expected
          = modes[i].chosen != NULL ? gst_caps_from_string (modes[i].chosen) : NULL;

      if (expected == NULL)
        g_assert_null (chosen);
      else
        g_assert_true (chosen != NULL && gst_caps_is_equal (chosen, expected));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));

  g_test_add_func ("/raw-media/y4m", test_y4m);
  g_test_add_func ("/raw-media/wav", test_wav);
  g_test_add_func ("/raw-media/camera-mode", test_camera_mode);

  return g_test_run ();
}

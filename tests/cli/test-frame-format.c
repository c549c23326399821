/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-frame-format.h"

#include <glib/gstdio.h>
#include <gst/video/video.h>
#include <string.h>
#include <unistd.h>

#define FRAME "FRAME\n"

/* A picture of three flat planes, with padding that must not show. */
static GstSample *
make_picture (GstVideoFormat format, guint width, guint height, const char *rate)
{
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstVideoFrame frame;

  gst_video_info_set_format (&info, format, width, height);
  if (rate != NULL)
    {
      GValue value = G_VALUE_INIT;

      g_value_init (&value, GST_TYPE_FRACTION);
      g_assert_true (gst_value_deserialize (&value, rate));
      info.fps_n = gst_value_get_fraction_numerator (&value);
      info.fps_d = gst_value_get_fraction_denominator (&value);
    }
  buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&info), NULL);
  gst_buffer_memset (buffer, 0, 0xee, GST_VIDEO_INFO_SIZE (&info));
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE));
  for (guint plane = 0; plane < GST_VIDEO_FRAME_N_PLANES (&frame); plane++)
    for (gint row = 0; row < GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane); row++)
      memset ((guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, plane)
                  + row * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane),
              100 + plane * 10, GST_VIDEO_FRAME_COMP_WIDTH (&frame, plane));
  gst_video_frame_unmap (&frame);
  caps = gst_video_info_to_caps (&info);

  return gst_sample_new (buffer, caps, NULL, NULL);
}

static void
assert_picture (GBytes *bytes, const char *header, guint width, guint height)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  gsize chroma = (gsize) ((width + 1) / 2) * ((height + 1) / 2);

  g_assert_cmpuint (size, ==, strlen (header) + strlen (FRAME) + width * height + 2 * chroma);
  g_assert_cmpmem (data, strlen (header), header, strlen (header));
  data += strlen (header);
  g_assert_cmpmem (data, strlen (FRAME), FRAME, strlen (FRAME));
  data += strlen (FRAME);
  for (gsize i = 0; i < width * height; i++)
    g_assert_cmpint (ABS (data[i] - 100), <=, 2);
  data += width * height;
  for (gsize i = 0; i < chroma; i++)
    {
      g_assert_cmpint (ABS (data[i] - 110), <=, 2);
      g_assert_cmpint (ABS (data[chroma + i] - 120), <=, 2);
    }
}

static void
test_y4m (void)
{
  g_autoptr (SnugCliY4m) y4m = snug_cli_y4m_new ();
  g_autoptr (GstSample) sample = make_picture (GST_VIDEO_FORMAT_I420, 30, 17, "30000/1001");
  g_autoptr (GBytes) first = snug_cli_y4m_render (y4m, sample, TRUE);
  g_autoptr (GBytes) second = snug_cli_y4m_render (y4m, sample, FALSE);

  /* Odd sides: planes are rounded up, rows are not padded. */
  assert_picture (first, "YUV4MPEG2 W30 H17 F30000:1001 Ip A1:1 C420jpeg\n", 30, 17);
  assert_picture (second, "", 30, 17);
}

static void
test_y4m_no_rate (void)
{
  g_autoptr (SnugCliY4m) y4m = snug_cli_y4m_new ();
  g_autoptr (GstSample) sample = make_picture (GST_VIDEO_FORMAT_I420, 16, 16, "0/1");
  g_autoptr (GBytes) bytes = snug_cli_y4m_render (y4m, sample, TRUE);

  assert_picture (bytes, "YUV4MPEG2 W16 H16 F30:1 Ip A1:1 C420jpeg\n", 16, 16);
}

/* Bigger, smaller, back again, in another format: always the first size. */
static void
test_y4m_size_changes (void)
{
  static const guint sizes[][2] = { { 64, 36 }, { 16, 16 }, { 32, 18 }, { 96, 72 }, { 64, 36 } };
  g_autoptr (SnugCliY4m) y4m = snug_cli_y4m_new ();
  g_autoptr (GstSample) first = make_picture (GST_VIDEO_FORMAT_I420, 32, 18, "30/1");
  g_autoptr (GBytes) first_bytes = snug_cli_y4m_render (y4m, first, TRUE);
  g_autoptr (GstSample) other = make_picture (GST_VIDEO_FORMAT_Y42B, 32, 18, "30/1");
  g_autoptr (GBytes) other_bytes = NULL;

  assert_picture (first_bytes, "YUV4MPEG2 W32 H18 F30:1 Ip A1:1 C420jpeg\n", 32, 18);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GstSample) sample
          = make_picture (GST_VIDEO_FORMAT_I420, sizes[i][0], sizes[i][1], "30/1");
      g_autoptr (GBytes) bytes = snug_cli_y4m_render (y4m, sample, FALSE);

      g_test_message ("%ux%u", sizes[i][0], sizes[i][1]);
      assert_picture (bytes, "", 32, 18);
    }
  other_bytes = snug_cli_y4m_render (y4m, other, FALSE);
  assert_picture (other_bytes, "", 32, 18);

  /* A new reader: the same header. */
  g_clear_pointer (&other_bytes, g_bytes_unref);
  other_bytes = snug_cli_y4m_render (y4m, other, TRUE);
  assert_picture (other_bytes, "YUV4MPEG2 W32 H18 F30:1 Ip A1:1 C420jpeg\n", 32, 18);
}

static GstSample *
make_sound (guint channels, guint rate, const char *format, const gint16 *values, gsize n)
{
  g_autoptr (GstCaps) caps
      = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, format, "layout",
                             G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, rate, "channels",
                             G_TYPE_INT, channels, NULL);
  g_autoptr (GstBuffer) buffer
      = gst_buffer_new_memdup (values, n * sizeof *values);

  return gst_sample_new (buffer, caps, NULL, NULL);
}

static void
test_wav (void)
{
  static const gint16 stereo[] = { 1, -1, 300, -300 };
  static const guint8 header[]
      = { 'R', 'I', 'F', 'F', 0xff, 0xff, 0xff, 0xff, 'W', 'A', 'V', 'E', 'f', 'm', 't', ' ',
          16,  0,   0,   0,   1,    0,    2,    0,    0x80, 0xbb, 0, 0, 0, 0xee, 2, 0,
          4,   0,   16,  0,   'd',  'a',  't',  'a',  0xff, 0xff, 0xff, 0xff };
  static const gint16 mono[] = { 7, 8 };
  static const gint16 doubled[] = { 7, 7, 8, 8 };
  g_autoptr (SnugCliWav) wav = snug_cli_wav_new ();
  g_autoptr (GstSample) sample = make_sound (2, 48000, "S16LE", stereo, 4);
  g_autoptr (GstSample) mono_sample = make_sound (1, 48000, "S16LE", mono, 2);
  g_autoptr (GBytes) bytes = snug_cli_wav_render (wav, sample, TRUE);
  g_autoptr (GBytes) mono_bytes = snug_cli_wav_render (wav, mono_sample, FALSE);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpuint (size, ==, 44 + sizeof stereo);
  g_assert_cmpmem (data, 44, header, sizeof header);
  g_assert_cmpmem (data + 44, size - 44, stereo, sizeof stereo);

  /* Mono in a stereo stream. */
  data = g_bytes_get_data (mono_bytes, &size);
  g_assert_cmpmem (data, size, doubled, sizeof doubled);
}

/* Stereo in a mono stream. */
static void
test_wav_mono (void)
{
  static const gint16 mono[] = { 7, 8 };
  static const gint16 stereo[] = { 100, 200, -32768, -32768 };
  static const gint16 mixed[] = { 150, -32768 };
  g_autoptr (SnugCliWav) wav = snug_cli_wav_new ();
  g_autoptr (GstSample) mono_sample = make_sound (1, 48000, "S16LE", mono, 2);
  g_autoptr (GstSample) stereo_sample = make_sound (2, 48000, "S16LE", stereo, 4);
  g_autoptr (GBytes) first = snug_cli_wav_render (wav, mono_sample, FALSE);
  g_autoptr (GBytes) second = snug_cli_wav_render (wav, stereo_sample, FALSE);
  gsize size;
  const guint8 *data = g_bytes_get_data (first, &size);

  g_assert_cmpmem (data, size, mono, sizeof mono);
  data = g_bytes_get_data (second, &size);
  g_assert_cmpmem (data, size, mixed, sizeof mixed);
}

static void
test_not_raw (void)
{
  static const gint16 values[] = { 1, 2, 3, 4 };
  g_autoptr (SnugCliY4m) y4m = snug_cli_y4m_new ();
  g_autoptr (SnugCliWav) wav = snug_cli_wav_new ();
  g_autoptr (GstSample) empty = gst_sample_new (NULL, NULL, NULL, NULL);
  g_autoptr (GstSample) sound = make_sound (2, 48000, "S16LE", values, 4);
  g_autoptr (GstSample) other_rate = make_sound (2, 44100, "S16LE", values, 4);
  g_autoptr (GstSample) other_format = make_sound (2, 48000, "S16BE", values, 4);
  g_autoptr (GstSample) picture = make_picture (GST_VIDEO_FORMAT_I420, 16, 16, NULL);
  g_autoptr (GBytes) first = NULL;

  g_assert_null (snug_cli_y4m_render (y4m, empty, TRUE));
  g_assert_null (snug_cli_y4m_render (y4m, sound, TRUE));
  g_assert_null (snug_cli_wav_render (wav, empty, TRUE));
  g_assert_null (snug_cli_wav_render (wav, picture, TRUE));
  g_assert_null (snug_cli_wav_render (wav, other_format, TRUE));
  first = snug_cli_wav_render (wav, sound, TRUE);
  g_assert_nonnull (first);
  g_assert_null (snug_cli_wav_render (wav, other_rate, FALSE));
}

static void
test_wav_finish (void)
{
  static const gint16 values[] = { 1, 2, 3, 4 };
  g_autoptr (SnugCliWav) wav = snug_cli_wav_new ();
  g_autoptr (GstSample) sound = make_sound (2, 48000, "S16LE", values, 4);
  g_autoptr (GBytes) bytes = snug_cli_wav_render (wav, sound, TRUE);
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  int pipe_fds[2];
  gsize size;
  int fd = g_file_open_tmp ("snug-wav-XXXXXX", &path, NULL);

  g_assert_cmpint (write (fd, g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes)), ==,
                   g_bytes_get_size (bytes));
  snug_cli_wav_finish (wav, fd);
  close (fd);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_cmpuint (size, ==, 44 + sizeof values);
  g_assert_cmpuint (GST_READ_UINT32_LE (contents + 4), ==, 36 + sizeof values);
  g_assert_cmpuint (GST_READ_UINT32_LE (contents + 40), ==, sizeof values);
  g_assert_cmpmem (contents + 44, size - 44, values, sizeof values);
  g_unlink (path);

  /* No way back in a pipe. */
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  snug_cli_wav_finish (wav, pipe_fds[1]);
  close (pipe_fds[0]);
  close (pipe_fds[1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  g_test_add_func ("/cli/frame-format/y4m", test_y4m);
  g_test_add_func ("/cli/frame-format/y4m-no-rate", test_y4m_no_rate);
  g_test_add_func ("/cli/frame-format/y4m-size-changes", test_y4m_size_changes);
  g_test_add_func ("/cli/frame-format/wav", test_wav);
  g_test_add_func ("/cli/frame-format/wav-mono", test_wav_mono);
  g_test_add_func ("/cli/frame-format/not-raw", test_not_raw);
  g_test_add_func ("/cli/frame-format/wav-finish", test_wav_finish);

  return g_test_run ();
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-frame-format.h"

#include <gst/audio/audio.h>
#include <gst/video/video.h>
#include <string.h>
#include <unistd.h>

/* A stream that does not say how many pictures a second it has. Readers that keep to their own clock don't mind. */
#define FALLBACK_FRAMERATE 30

#define WAV_HEADER_BYTES 44
#define WAV_BITS 16

struct _SnugCliY4m
{
  /* Of the first picture. */
  gboolean known;
  guint width, height;
  gint rate_n, rate_d;

  /* For a picture that is different. */
  GstVideoInfo converter_in;
  GstVideoConverter *converter;
  GstVideoInfo converter_out;
};

SnugCliY4m *
snug_cli_y4m_new (void)
{
  return g_new0 (SnugCliY4m, 1);
}

void
snug_cli_y4m_free (SnugCliY4m *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->converter, gst_video_converter_free);
  g_free (self);
}

static void
append_planes (GByteArray *bytes, const GstVideoFrame *frame)
{
  for (guint plane = 0; plane < 3; plane++)
    {
      const guint8 *data = GST_VIDEO_FRAME_PLANE_DATA (frame, plane);
      gint stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);
      guint width = GST_VIDEO_FRAME_COMP_WIDTH (frame, plane);
      guint height = GST_VIDEO_FRAME_COMP_HEIGHT (frame, plane);

      for (guint row = 0; row < height; row++)
        g_byte_array_append (bytes, data + (gssize) row * stride, width);
    }
}

/* Returns: (transfer full) (nullable): the picture as the first one was. */
static GstBuffer *
convert_picture (SnugCliY4m *self, const GstVideoInfo *info, GstVideoFrame *in)
{
  g_autoptr (GstBuffer) buffer = NULL;
  GstVideoFrame out;

  if (self->converter == NULL || !gst_video_info_is_equal (info, &self->converter_in))
    {
      g_clear_pointer (&self->converter, gst_video_converter_free);
      gst_video_info_set_format (&self->converter_out, GST_VIDEO_FORMAT_I420, self->width,
                                 self->height);
      /* It converts no rates, and says so when they differ. */
      self->converter_out.fps_n = info->fps_n;
      self->converter_out.fps_d = info->fps_d;
      self->converter_in = *info;
      self->converter = gst_video_converter_new (info, &self->converter_out, NULL);
      if (self->converter == NULL)
        return NULL;
    }

  buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&self->converter_out), NULL);
  if (!gst_video_frame_map (&out, &self->converter_out, buffer, GST_MAP_WRITE))
    return NULL;
  gst_video_converter_frame (self->converter, in, &out);
  gst_video_frame_unmap (&out);

  return g_steal_pointer (&buffer);
}

static gboolean
append_picture (SnugCliY4m *self, GByteArray *bytes, const GstVideoInfo *info, GstBuffer *buffer)
{
  g_autoptr (GstBuffer) converted = NULL;
  GstVideoFrame frame;
  gboolean same = GST_VIDEO_INFO_FORMAT (info) == GST_VIDEO_FORMAT_I420
                  && (guint) GST_VIDEO_INFO_WIDTH (info) == self->width
                  && (guint) GST_VIDEO_INFO_HEIGHT (info) == self->height;

  if (!gst_video_frame_map (&frame, info, buffer, GST_MAP_READ))
    return FALSE;

  if (same)
    append_planes (bytes, &frame);
  else
    converted = convert_picture (self, info, &frame);
  gst_video_frame_unmap (&frame);
  if (same)
    return TRUE;

  if (converted == NULL
      || !gst_video_frame_map (&frame, &self->converter_out, converted, GST_MAP_READ))
    return FALSE;
  append_planes (bytes, &frame);
  gst_video_frame_unmap (&frame);

  return TRUE;
}

GBytes *
snug_cli_y4m_render (SnugCliY4m *self, GstSample *sample, gboolean header)
{
  GstCaps *caps = gst_sample_get_caps (sample);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  g_autoptr (GByteArray) bytes = NULL;
  GstVideoInfo info;

  if (caps == NULL || buffer == NULL || !gst_video_info_from_caps (&info, caps))
    return NULL;

  if (!self->known)
    {
      self->known = TRUE;
      self->width = GST_VIDEO_INFO_WIDTH (&info);
      self->height = GST_VIDEO_INFO_HEIGHT (&info);
      self->rate_n = GST_VIDEO_INFO_FPS_N (&info);
      self->rate_d = GST_VIDEO_INFO_FPS_D (&info);
      if (self->rate_n <= 0 || self->rate_d <= 0)
        {
          self->rate_n = FALLBACK_FRAMERATE;
          self->rate_d = 1;
        }
    }

  bytes = g_byte_array_sized_new (256 + self->width * self->height * 2);
  if (header)
    {
      g_autofree char *line
          = g_strdup_printf ("YUV4MPEG2 W%u H%u F%d:%d Ip A1:1 C420jpeg\n", self->width,
                             self->height, self->rate_n, self->rate_d);

      g_byte_array_append (bytes, (const guint8 *) line, strlen (line));
    }
  g_byte_array_append (bytes, (const guint8 *) "FRAME\n", 6);
  if (!append_picture (self, bytes, &info, buffer))
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

struct _SnugCliWav
{
  gboolean known;
  guint rate;
  guint channels;
};

SnugCliWav *
snug_cli_wav_new (void)
{
  return g_new0 (SnugCliWav, 1);
}

void
snug_cli_wav_free (SnugCliWav *self)
{
  g_free (self);
}

static void
put_header (const SnugCliWav *self, guint32 data_bytes, guint8 header[WAV_HEADER_BYTES])
{
  guint frame_bytes = self->channels * WAV_BITS / 8;

  memcpy (header, "RIFF", 4);
  GST_WRITE_UINT32_LE (header + 4,
                       data_bytes > G_MAXUINT32 - 36 ? G_MAXUINT32 : data_bytes + 36);
  memcpy (header + 8, "WAVEfmt ", 8);
  GST_WRITE_UINT32_LE (header + 16, 16);
  GST_WRITE_UINT16_LE (header + 20, 1); /* PCM */
  GST_WRITE_UINT16_LE (header + 22, self->channels);
  GST_WRITE_UINT32_LE (header + 24, self->rate);
  GST_WRITE_UINT32_LE (header + 28, self->rate * frame_bytes);
  GST_WRITE_UINT16_LE (header + 32, frame_bytes);
  GST_WRITE_UINT16_LE (header + 34, WAV_BITS);
  memcpy (header + 36, "data", 4);
  GST_WRITE_UINT32_LE (header + 40, data_bytes);
}

/* In as many channels as the first sound had: a decoder may change its mind. */
static void
append_samples (const SnugCliWav *self,
                GByteArray *bytes,
                const guint8 *data,
                gsize n_frames,
                guint channels)
{
  if (channels == self->channels)
    {
      g_byte_array_append (bytes, data, n_frames * channels * sizeof (gint16));
      return;
    }

  for (gsize i = 0; i < n_frames; i++)
    {
      const guint8 *frame = data + i * channels * sizeof (gint16);
      gint32 sum = 0;
      guint8 mixed[sizeof (gint16)];

      for (guint channel = 0; channel < channels; channel++)
        sum += (gint16) GST_READ_UINT16_LE (frame + channel * sizeof (gint16));
      GST_WRITE_UINT16_LE (mixed, (guint16) (gint16) (sum / (gint32) channels));
      for (guint channel = 0; channel < self->channels; channel++)
        g_byte_array_append (bytes, mixed, sizeof mixed);
    }
}

GBytes *
snug_cli_wav_render (SnugCliWav *self, GstSample *sample, gboolean header)
{
  GstCaps *caps = gst_sample_get_caps (sample);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  g_autoptr (GByteArray) bytes = NULL;
  GstAudioInfo info;
  GstMapInfo map;

  if (caps == NULL || buffer == NULL || !gst_audio_info_from_caps (&info, caps)
      || GST_AUDIO_INFO_FORMAT (&info) != GST_AUDIO_FORMAT_S16LE
      || GST_AUDIO_INFO_LAYOUT (&info) != GST_AUDIO_LAYOUT_INTERLEAVED)
    return NULL;

  if (!self->known)
    {
      self->known = TRUE;
      self->rate = GST_AUDIO_INFO_RATE (&info);
      self->channels = GST_AUDIO_INFO_CHANNELS (&info);
    }
  if ((guint) GST_AUDIO_INFO_RATE (&info) != self->rate)
    return NULL;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return NULL;
  bytes = g_byte_array_sized_new (WAV_HEADER_BYTES + map.size * 2);
  if (header)
    {
      guint8 data[WAV_HEADER_BYTES];

      put_header (self, G_MAXUINT32, data);
      g_byte_array_append (bytes, data, sizeof data);
    }
  append_samples (self, bytes, map.data, map.size / GST_AUDIO_INFO_BPF (&info),
                  GST_AUDIO_INFO_CHANNELS (&info));
  gst_buffer_unmap (buffer, &map);

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

void
snug_cli_wav_finish (SnugCliWav *self, int fd)
{
  off_t end = lseek (fd, 0, SEEK_END);
  guint8 header[WAV_HEADER_BYTES];

  if (!self->known || end < WAV_HEADER_BYTES || end - WAV_HEADER_BYTES > (off_t) G_MAXUINT32)
    return;

  put_header (self, end - WAV_HEADER_BYTES, header);
  if (pwrite (fd, header, sizeof header, 0) != (gssize) sizeof header)
    g_debug ("The length of a WAV file could not be written");
}

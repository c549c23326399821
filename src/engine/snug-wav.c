/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-wav.h"

#include "snug-engine.h"

#define RIFF_BYTES 12
#define CHUNK_HEADER_BYTES 8
#define FORMAT_BYTES 16
#define FORMAT_EXTENSIBLE_BYTES 26 /* as far as the first two bytes of the sub-format */
#define TAG_PCM 1
#define TAG_EXTENSIBLE 0xfffe
#define SAMPLE_BITS 16
/* Programs that stream write 0, or the largest number they can think of. */
#define ENDLESS_FROM 0x7fff0000u

static guint
read_16 (const guint8 *data)
{
  return data[0] | data[1] << 8;
}

static guint32
read_32 (const guint8 *data)
{
  return read_16 (data) | (guint32) read_16 (data + 2) << 16;
}

static gboolean
parse_format (const guint8 *chunk, guint32 length, SnugWavFormat *format, GError **error)
{
  guint tag, bits;

  if (length < FORMAT_BYTES)
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "WAV: the format is too short");
      return FALSE;
    }

  tag = read_16 (chunk);
  if (tag == TAG_EXTENSIBLE && length >= FORMAT_EXTENSIBLE_BYTES)
    tag = read_16 (chunk + 24);
  format->channels = read_16 (chunk + 2);
  format->rate = read_32 (chunk + 4);
  bits = read_16 (chunk + 14);
  format->frame_bytes = format->channels * SAMPLE_BITS / 8;

  if (tag == TAG_PCM && bits == SAMPLE_BITS && format->channels >= 1
      && format->channels <= SNUG_WAV_CHANNELS_MAX && format->rate >= SNUG_WAV_RATE_MIN
      && format->rate <= SNUG_WAV_RATE_MAX)
    return TRUE;

  g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE,
               "WAV: format %u, %u bits, %u channels at %u Hz is not supported", tag, bits,
               format->channels, format->rate);
  return FALSE;
}

/* wanted: what data must reach for more to be said. */
static SnugWavResult
need (gsize wanted, gsize *length_out, GError **error)
{
  if (wanted > SNUG_WAV_HEADER_MAX)
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "WAV: the header is too long");
      return SNUG_WAV_INVALID;
    }

  *length_out = wanted;
  return SNUG_WAV_NEED_MORE;
}

SnugWavResult
snug_wav_parse_header (const guint8 *data,
                       gsize length,
                       SnugWavFormat *format,
                       gsize *length_out,
                       GError **error)
{
  gsize offset = RIFF_BYTES;

  g_return_val_if_fail (data != NULL || length == 0, SNUG_WAV_INVALID);
  g_return_val_if_fail (format != NULL && length_out != NULL, SNUG_WAV_INVALID);

  memset (format, 0, sizeof *format);

  if (length < RIFF_BYTES)
    return need (RIFF_BYTES, length_out, error);
  if (memcmp (data, "RIFF", 4) != 0 || memcmp (data + 8, "WAVE", 4) != 0)
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "No WAV header");
      return SNUG_WAV_INVALID;
    }

  while (TRUE)
    {
      const guint8 *chunk = data + offset;
      guint32 chunk_bytes;

      if (length - offset < CHUNK_HEADER_BYTES)
        return need (offset + CHUNK_HEADER_BYTES, length_out, error);
      chunk_bytes = read_32 (chunk + 4);

      if (memcmp (chunk, "data", 4) == 0)
        {
          if (format->rate == 0)
            {
              g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE,
                           "WAV: samples come before their format");
              return SNUG_WAV_INVALID;
            }
          format->data_bytes
              = chunk_bytes == 0 || chunk_bytes >= ENDLESS_FROM ? SNUG_WAV_ENDLESS : chunk_bytes;
          *length_out = offset + CHUNK_HEADER_BYTES;
          return SNUG_WAV_COMPLETE;
        }

      /* Chunks are padded to an even length. */
      if ((guint64) length - offset < CHUNK_HEADER_BYTES + (guint64) chunk_bytes + chunk_bytes % 2)
        {
          guint64 wanted = offset + CHUNK_HEADER_BYTES + (guint64) chunk_bytes + chunk_bytes % 2;

          return need (MIN (wanted, SNUG_WAV_HEADER_MAX + 1), length_out, error);
        }
      if (memcmp (chunk, "fmt ", 4) == 0
          && !parse_format (chunk + CHUNK_HEADER_BYTES, chunk_bytes, format, error))
        return SNUG_WAV_INVALID;
      offset += CHUNK_HEADER_BYTES + chunk_bytes + chunk_bytes % 2;
    }
}

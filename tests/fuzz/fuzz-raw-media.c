/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The headers of Y4M and WAV, as whatever program writes into a FIFO. Linked with their parsers
 * alone.
 */
#include "fuzz.h"

#include "snug-engine.h"
#include "snug-wav.h"
#include "snug-y4m.h"

static void
try_y4m (const guint8 *data, gsize size)
{
  const char *line = (const char *) data;
  g_autoptr (GError) error = NULL;
  SnugY4mFormat format;

  snug_y4m_is_frame (line, size);
  if (!snug_y4m_parse_header (line, size, &format, &error))
    {
      g_assert_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE);
      return;
    }

  g_assert_true (snug_y4m_is_header (line, size));
  g_assert_cmpuint (format.width, >, 0);
  g_assert_cmpuint (format.width, <=, SNUG_Y4M_SIZE_MAX);
  g_assert_cmpuint (format.height, >, 0);
  g_assert_cmpuint (format.height, <=, SNUG_Y4M_SIZE_MAX);
  g_assert_cmpuint (format.rate_n, >, 0);
  g_assert_cmpuint (format.rate_d, >, 0);
  g_assert_cmpuint (format.rate_n / format.rate_d, <=, SNUG_Y4M_RATE_MAX);
  g_assert_cmpuint (format.frame_bytes, ==,
                    format.width * format.height + 2 * format.chroma_width * format.chroma_height);
}

/* As the reader does it: never a byte more than was asked for. */
static void
try_wav (const guint8 *data, gsize size)
{
  gsize have = 0;

  while (TRUE)
    {
      /* On the heap, so that one byte too far is seen. */
      g_autofree guint8 *part = have > 0 ? g_memdup2 (data, have) : NULL;
      g_autoptr (GError) error = NULL;
      SnugWavFormat format;
      gsize length;

      switch (snug_wav_parse_header (part, have, &format, &length, &error))
        {
        case SNUG_WAV_INVALID:
          g_assert_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE);
          return;
        case SNUG_WAV_NEED_MORE:
          g_assert_cmpuint (length, >, have);
          g_assert_cmpuint (length, <=, SNUG_WAV_HEADER_MAX);
          if (length > size)
            return;
          have = length;
          break;
        case SNUG_WAV_COMPLETE:
        default:
          g_assert_cmpuint (length, ==, have);
          g_assert_cmpuint (format.rate, >=, SNUG_WAV_RATE_MIN);
          g_assert_cmpuint (format.rate, <=, SNUG_WAV_RATE_MAX);
          g_assert_cmpuint (format.channels, >=, 1);
          g_assert_cmpuint (format.channels, <=, SNUG_WAV_CHANNELS_MAX);
          g_assert_cmpuint (format.frame_bytes, ==, format.channels * 2);
          return;
        }
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  try_y4m (data, size);
  try_wav (data, size);

  return 0;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The header of a WAV file, the format in which other programs hand over sound through a FIFO. Pure. 16-bit
 * PCM, mono or stereo.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Everything before the samples must fit in this. */
#define SNUG_WAV_HEADER_MAX 65536
#define SNUG_WAV_RATE_MIN 1000
#define SNUG_WAV_RATE_MAX 192000
#define SNUG_WAV_CHANNELS_MAX 2
/* What a program writes that does not know how long the sound will be. */
#define SNUG_WAV_ENDLESS G_MAXUINT64

typedef struct
{
  guint rate;         /* Hz */
  guint channels;
  guint frame_bytes;  /* one sample of each channel */
  guint64 data_bytes; /* or SNUG_WAV_ENDLESS */
} SnugWavFormat;

typedef enum
{
  SNUG_WAV_INVALID,
  SNUG_WAV_NEED_MORE,
  SNUG_WAV_COMPLETE
} SnugWavResult;

/* data: from the first byte. length_out: when COMPLETE, where the samples begin; when NEED_MORE, up to where
 * data must reach for the next look, never more than SNUG_WAV_HEADER_MAX. INVALID with SNUG_MEDIA_ERROR_FILE. */
SnugWavResult snug_wav_parse_header (const guint8 *data,
                                     gsize length,
                                     SnugWavFormat *format,
                                     gsize *length_out,
                                     GError **error);

G_END_DECLS

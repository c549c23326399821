/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The headers of YUV4MPEG2, the format in which other programs hand over pictures through a FIFO: one line for the
 * stream, one for each frame. Pure. 8-bit 4:2:0, progressive.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Longest header line that is read, without its line feed. */
#define SNUG_Y4M_LINE_MAX 256
#define SNUG_Y4M_SIZE_MAX 4096 /* pixels, each way */
#define SNUG_Y4M_RATE_MAX 240  /* pictures a second */

typedef struct
{
  guint width;       /* pixels */
  guint height;      /* pixels */
  guint rate_n;      /* pictures a second, as a fraction; 30 when the header does not say */
  guint rate_d;
  guint chroma_width;
  guint chroma_height;
  gsize frame_bytes; /* of one picture: Y, then U, then V, without padding */
} SnugY4mFormat;

/* line: not terminated, without its line feed. FALSE with SNUG_MEDIA_ERROR_FILE. */
gboolean snug_y4m_parse_header (const char *line, gsize length, SnugY4mFormat *format, GError **error);

/* Whether the line opens a stream, or a frame; FRAME may carry parameters, which say nothing we need. */
gboolean snug_y4m_is_header (const char *line, gsize length);
gboolean snug_y4m_is_frame (const char *line, gsize length);

G_END_DECLS

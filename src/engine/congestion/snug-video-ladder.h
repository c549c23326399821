/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How large and how often pictures are sent with a given rate: fewer of them that are worth looking at rather than all
 * of them blurred. What moves gives up size first, what is read gives up frequency first. Pure: the caller says what
 * time it is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint width;  /* pixels, even */
  guint height;
  guint framerate;
} SnugVideoFormat;

typedef enum
{
  SNUG_VIDEO_MOTION,
  SNUG_VIDEO_TEXT
} SnugVideoContent;

/* A value; zeroed: the full format. */
typedef struct
{
  SnugVideoContent content;
  guint rung;         /* 0: the full format */
  gint64 started_at;  /* us; 0: not yet */
  gint64 short_since; /* us: the rate is too low for the rung; 0: it is not */
  gint64 ample_since; /* us: the rate is enough for a better one; 0: it is not */
} SnugVideoLadder;

/* rate: bit/s of the encoder. full: the best there is. format: what to send now. Goes down after a second of too little
 * (soon when it is not even half of it), and up after three of enough. Returns: whether the rung is another. */
gboolean snug_video_ladder_step (SnugVideoLadder *self,
                                 gint64 now,
                                 guint64 rate,
                                 const SnugVideoFormat *full,
                                 SnugVideoFormat *format);
gboolean snug_video_format_equal (const SnugVideoFormat *a, const SnugVideoFormat *b);
/* Whether an encoder is worth being told: less at once, more in steps. */
gboolean snug_video_ladder_is_other_rate (guint64 before, guint64 rate);
/* ms that should lie between two key frames on request. */
guint snug_video_ladder_get_key_frame_interval (guint64 rate);
/* bit/s from which on pictures of that format are worth looking at. */
guint64 snug_video_ladder_get_least (SnugVideoContent content, const SnugVideoFormat *format);

G_END_DECLS

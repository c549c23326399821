/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether anything still comes from a peer, told from when something last did. Two sides that live hear of each other several
 * times a second, if only by RTCP reports, so that silence has a meaning. Pure: the time is given, in microseconds of any
 * clock that goes on.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From the last arrival on, for a peer that is known to report often ("reconnect" in its hello)... */
#define SNUG_PATH_INTERRUPTED_US (2 * G_USEC_PER_SEC)
#define SNUG_PATH_LOST_US (4 * G_USEC_PER_SEC)
/* ...and for one that is not: a browser with nothing to send reports on its sound every five seconds. */
#define SNUG_PATH_PATIENCE 4

/**
 * SnugPathState:
 * @SNUG_PATH_LIVE: something came a moment ago
 * @SNUG_PATH_INTERRUPTED: nothing for long enough to say so
 * @SNUG_PATH_LOST: nothing for long enough to look for another path
 */
typedef enum
{
  SNUG_PATH_LIVE,
  SNUG_PATH_INTERRUPTED,
  SNUG_PATH_LOST
} SnugPathState;

typedef struct
{
  gint64 heard;
  gint64 looked;
  gboolean prompt; /* reports often */
} SnugPathWatch;

/* As if something had just come. */
void snug_path_watch_init (SnugPathWatch *self, gint64 now);
/* Whether the peer reports often; not at first. */
void snug_path_watch_set_prompt (SnugPathWatch *self, gboolean prompt);
/* Something came. One in the past or the future counts as it should: never back, never later than the next look. */
void snug_path_watch_hear (SnugPathWatch *self, gint64 when);
/* To be asked every SNUG_PATH_LOOK_US or so. When nobody has looked for long, nobody could have heard either (the process or
 * the computer stood still): then the silence counts from now. */
SnugPathState snug_path_watch_look (SnugPathWatch *self, gint64 now);
#define SNUG_PATH_LOOK_US (G_USEC_PER_SEC / 4)

G_END_DECLS

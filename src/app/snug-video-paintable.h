/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A GdkPaintable over a SnugVideoFeed: the newest picture, drawn without a copy, mirrored on request.
 *
 * Properties: "feed" (SnugVideoFeed, nullable); "mirrored" (gboolean); "rendering" (gboolean): somebody draws
 * this paintable now, so the feed shall convert pictures.
 */
#pragma once

#include "snug-video-feed.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_VIDEO_PAINTABLE (snug_video_paintable_get_type ())
G_DECLARE_FINAL_TYPE (SnugVideoPaintable, snug_video_paintable, SNUG, VIDEO_PAINTABLE, GObject)

SnugVideoPaintable *snug_video_paintable_new (void);
/* feed: (nullable). */
void snug_video_paintable_set_feed (SnugVideoPaintable *self, SnugVideoFeed *feed);
SnugVideoFeed *snug_video_paintable_get_feed (SnugVideoPaintable *self);
void snug_video_paintable_set_mirrored (SnugVideoPaintable *self, gboolean mirrored);
void snug_video_paintable_set_rendering (SnugVideoPaintable *self, gboolean rendering);

/* Whether the last picture stays when no more come, until others do; FALSE at first: a stream that ended leaves none standing. */
void snug_video_paintable_set_holding (SnugVideoPaintable *self, gboolean holding);
gboolean snug_video_paintable_has_picture (SnugVideoPaintable *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The half of a video feed that streaming threads may hold: a SnugVideoFeed itself lives and dies on the main
 * context, so a pipeline gets the core instead, which outlives the feed if it must.
 */
#pragma once

#include <gst/app/gstappsink.h>

#include "snug-video-feed.h"

G_BEGIN_DECLS

typedef struct _SnugVideoFeedCore SnugVideoFeedCore;

/* Returns: (transfer full). Main context. */
SnugVideoFeedCore *snug_video_feed_ref_core (SnugVideoFeed *self);

/* Any thread. */
SnugVideoFeedCore *snug_video_feed_core_ref (SnugVideoFeedCore *self);
void snug_video_feed_core_unref (SnugVideoFeedCore *self);
/* Nothing happens once the feed is gone. sample: (transfer none). Any thread. */
void snug_video_feed_core_push (SnugVideoFeedCore *self, GstSample *sample);

/* Every sample that comes to sink goes to the feed, on sink's streaming thread. Main context. */
void snug_video_feed_connect_sink (SnugVideoFeed *self, GstAppSink *sink);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugVideoFeedCore, snug_video_feed_core_unref)

G_END_DECLS

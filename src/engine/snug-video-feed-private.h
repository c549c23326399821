/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a pipeline gets at a video feed.
 */
#pragma once

#include <gst/app/gstappsink.h>

#include "snug-video-feed-core.h"

G_BEGIN_DECLS

/* Returns: (transfer full). Main context. */
SnugVideoFeedCore *snug_video_feed_ref_core (SnugVideoFeed *self);

/* Every sample that comes to sink goes to the feed, on sink's streaming thread. Main context. */
void snug_video_feed_connect_sink (SnugVideoFeed *self, GstAppSink *sink);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the encoder's side of an encoded feed uses.
 */
#pragma once

#include <gst/app/gstappsink.h>

#include "snug-encoded-feed.h"

G_BEGIN_DECLS

/* How much of the time before its stamp a packet may hold: Opus looks 6.5 ms ahead and is stamped as if it did not. */
#define SNUG_ENCODED_FEED_LOOK_BACK (10 * GST_MSECOND)

/* The gate of mute and camera-off; open at first. When the call with FALSE returns, nothing is being pushed and
 * nothing will be. After TRUE only buffers pass that are stamped with now or later: what an encoder still
 * held stays behind. Main context. */
void snug_encoded_feed_set_open (SnugEncodedFeed *self, gboolean open);

/* Every sample that comes to sink goes to the feed, on sink's streaming thread, which holds not the feed but
 * the half of it that threads share. Main context. */
void snug_encoded_feed_connect_sink (SnugEncodedFeed *self, GstAppSink *sink);

G_END_DECLS

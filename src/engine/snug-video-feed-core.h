/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The half of a video feed that streaming threads may hold: the mailbox itself, and the conversion of what is put
 * into it. A SnugVideoFeed lives and dies on the main context; its core is reference-counted, may be dropped by
 * any thread, and outlives the feed if it must.
 */
#pragma once

#include "snug-video-feed.h"

G_BEGIN_DECLS

/* A picture from the network says itself how large it is; beyond this, each way, it is not taken. */
#define SNUG_VIDEO_FEED_SIZE_MAX 8192

typedef struct _SnugVideoFeedCore SnugVideoFeedCore;

typedef struct
{
  gboolean active;
  guint width;
  guint height;
  gboolean has_new_frame; /* one that has not been fetched */
  guint64 n_frames;
  guint64 n_dropped;
} SnugVideoFeedState;

/* Any thread. */
SnugVideoFeedCore *snug_video_feed_core_ref (SnugVideoFeedCore *self);
void snug_video_feed_core_unref (SnugVideoFeedCore *self);
/* Nothing happens once the core is closed. sample: (transfer none). Any thread. */
void snug_video_feed_core_push (SnugVideoFeedCore *self, GstSample *sample);
void snug_video_feed_core_get_state (SnugVideoFeedCore *self, SnugVideoFeedState *state);

/* For the feed, on the main context. source: made ready whenever the state has changed or there is a new frame. */
SnugVideoFeedCore *snug_video_feed_core_new (GSource *source);
void snug_video_feed_core_close (SnugVideoFeedCore *self);
void snug_video_feed_core_set_rendering (SnugVideoFeedCore *self, gboolean rendering);
SnugVideoFrame *snug_video_feed_core_ref_frame (SnugVideoFeedCore *self);
void snug_video_feed_core_reset (SnugVideoFeedCore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugVideoFeedCore, snug_video_feed_core_unref)

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The latest picture of one stream: a mailbox between a streaming thread that puts samples in and the
 * main context that draws. Only the newest picture is kept; nobody waits.
 *
 * Properties (main context, notify): "active" (gboolean): a picture has come and the stream has not been
 * reset since; "width", "height" (guint, pixels, of the latest picture).
 * Signal: "frame": a new picture can be fetched. At most once per main loop iteration.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* One picture in memory: 8-bit B, G, R, A with A = 255. Reference-counted, immutable. */
typedef struct
{
  gatomicrefcount ref_count;
  guint width;  /* pixels */
  guint height; /* pixels */
  gsize stride; /* bytes */
  GBytes *bytes;
} SnugVideoFrame;
SnugVideoFrame *snug_video_frame_ref (SnugVideoFrame *self);
void snug_video_frame_unref (SnugVideoFrame *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugVideoFrame, snug_video_frame_unref)

#define SNUG_TYPE_VIDEO_FEED (snug_video_feed_get_type ())
G_DECLARE_FINAL_TYPE (SnugVideoFeed, snug_video_feed, SNUG, VIDEO_FEED, GObject)

SnugVideoFeed *snug_video_feed_new (void);

/* Whether anybody draws: only then are pictures converted (on the streaming thread) and ::frame emitted.
 * Counted: each TRUE wants one FALSE. Main context. */
void snug_video_feed_set_rendering (SnugVideoFeed *self, gboolean rendering);

/* The latest picture. Returns: (transfer full) (nullable). Main context. */
SnugVideoFrame *snug_video_feed_ref_frame (SnugVideoFeed *self);

gboolean snug_video_feed_get_active (SnugVideoFeed *self);
guint snug_video_feed_get_width (SnugVideoFeed *self);
guint snug_video_feed_get_height (SnugVideoFeed *self);
/* Pictures put in so far, and of those replaced before they were fetched. Any thread. */
guint64 snug_video_feed_get_n_frames (SnugVideoFeed *self);
guint64 snug_video_feed_get_n_dropped (SnugVideoFeed *self);

/* The stream ended or its camera was turned off: the last picture is forgotten. Main context. */
void snug_video_feed_reset (SnugVideoFeed *self);

/* A raw video sample (I420 or any format GStreamer converts). Any thread; (transfer none). */
void snug_video_feed_push (SnugVideoFeed *self, GstSample *sample);

G_END_DECLS

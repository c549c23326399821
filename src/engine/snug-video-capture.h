/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A picture being captured: source -> at most so large and so often -> preview feed, and -> VP8 -> encoded feed.
 * Nothing is encoded while nobody listens. Main context.
 */
#pragma once

#include "snug-capture.h"
#include "snug-encoded-feed.h"
#include "snug-video-feed.h"
#include "snug-video-ladder.h"

G_BEGIN_DECLS

#define SNUG_TYPE_VIDEO_CAPTURE (snug_video_capture_get_type ())
G_DECLARE_FINAL_TYPE (SnugVideoCapture, snug_video_capture, SNUG, VIDEO_CAPTURE, SnugCapture)

/* Starts at once. Returns: (transfer full). */
SnugVideoCapture *snug_video_capture_new (const SnugMediaSource *source,
                                          const SnugVideoFormat *format,
                                          guint bits_per_second,
                                          SnugVideoFeed *preview,
                                          SnugEncodedFeed *encoded);

/* Takes effect without a restart. A picture is made smaller to fit, keeping its shape, and never larger. */
void snug_video_capture_set_format (SnugVideoCapture *self, const SnugVideoFormat *format);
/* What may be sent; called several times a second. What is sent becomes smaller and less frequent when it has to
 * (snug-video-ladder.h), the preview stays as it is. hold: nothing is encoded for the moment. */
void snug_video_capture_set_rate (SnugVideoCapture *self, guint bits_per_second, gboolean hold);
/* FALSE: the preview goes on and the encoder rests. */
void snug_video_capture_set_encoding (SnugVideoCapture *self, gboolean encoding);
void snug_video_capture_force_key_frame (SnugVideoCapture *self);
/* Of what goes into the encoder; 0 when nothing does. */
void snug_video_capture_get_size (SnugVideoCapture *self, guint *width, guint *height);

G_END_DECLS

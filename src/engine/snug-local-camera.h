/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The camera's half of the local media: opened while it is wanted, its preview, and what is sent of it. Main context.
 *
 * Properties, with notify: "active" (gboolean): pictures come, and may leave; "error" (GError, nullable, domain
 * SNUG_MEDIA_ERROR): why not, although wanted.
 */
#pragma once

#include "snug-encoded-feed.h"
#include "snug-media-source.h"
#include "snug-video-feed.h"
#include "snug-video-ladder.h"

G_BEGIN_DECLS

#define SNUG_TYPE_LOCAL_CAMERA (snug_local_camera_get_type ())
G_DECLARE_FINAL_TYPE (SnugLocalCamera, snug_local_camera, SNUG, LOCAL_CAMERA, GObject)

/* Source NONE, enabled, 1280x720 at 30, at most 2500 kbit/s. Returns: (transfer full). */
SnugLocalCamera *snug_local_camera_new (void);

/* The old camera is let go of before the new one is opened. FALSE: it is the one that is set already; if that failed, it
 * is tried once more. */
gboolean snug_local_camera_set_source (SnugLocalCamera *self, const SnugMediaSource *source);
const SnugMediaSource *snug_local_camera_get_source (SnugLocalCamera *self);
/* When this returns after FALSE, no picture leaves any more; the camera is let go of within moments. */
void snug_local_camera_set_enabled (SnugLocalCamera *self, gboolean enabled);
gboolean snug_local_camera_get_enabled (SnugLocalCamera *self);
void snug_local_camera_set_suspended (SnugLocalCamera *self, gboolean suspended);

/* As snug_local_media_set_video_format(). */
void snug_local_camera_set_format (SnugLocalCamera *self, guint width, guint height, guint framerate);
/* The most that it may be sent with, 30 to 20000 kbit/s. */
void snug_local_camera_set_most (SnugLocalCamera *self, guint kbit_per_second);
/* bit/s that it is worth: 0 while nothing is sent of it. */
guint64 snug_local_camera_get_wish (SnugLocalCamera *self);
/* What may be sent now. hold: nothing for the moment. */
void snug_local_camera_set_rate (SnugLocalCamera *self, guint64 bits_per_second, gboolean hold);
/* The size and rate that is really being encoded now; 0 when nothing is. */
void snug_local_camera_get_sent_format (SnugLocalCamera *self, guint *width, guint *height, double *framerate);

gboolean snug_local_camera_get_active (SnugLocalCamera *self);
const GError *snug_local_camera_get_error (SnugLocalCamera *self);
/* Both live as long as the object and never change. Returns: (transfer none). */
SnugEncodedFeed *snug_local_camera_get_feed (SnugLocalCamera *self);
SnugVideoFeed *snug_local_camera_get_preview (SnugLocalCamera *self);

G_END_DECLS

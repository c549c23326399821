/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A screen being captured: source -> picture hold -> as large as the mode wants -> VP8 -> encoded feed. Nothing is encoded
 * while nobody listens. Main context.
 */
#pragma once

#include "snug-capture.h"
#include "snug-encoded-feed.h"
#include "snug-screen-mode.h"
#include "snug-video-ladder.h"

G_BEGIN_DECLS

#define SNUG_TYPE_SCREEN_CAPTURE (snug_screen_capture_get_type ())
G_DECLARE_FINAL_TYPE (SnugScreenCapture, snug_screen_capture, SNUG, SCREEN_CAPTURE, SnugCapture)

/* Starts at once. Returns: (transfer full). */
SnugScreenCapture *snug_screen_capture_new (const SnugMediaSource *source,
                                            SnugScreenMode mode,
                                            guint bits_per_second,
                                            SnugEncodedFeed *encoded);

/* Each takes effect without a restart. */
void snug_screen_capture_set_mode (SnugScreenCapture *self, SnugScreenMode mode);
/* What may be sent; called several times a second. Pictures are sent less often or smaller when it has to be. hold: none
 * for the moment. */
void snug_screen_capture_set_rate (SnugScreenCapture *self, guint bits_per_second, gboolean hold);
void snug_screen_capture_set_frozen (SnugScreenCapture *self, gboolean frozen);
void snug_screen_capture_set_encoding (SnugScreenCapture *self, gboolean encoding);
/* At once, also when nothing changes on the screen. */
void snug_screen_capture_force_key_frame (SnugScreenCapture *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a call takes from the local media; not for app and command line.
 */
#pragma once

#include "snug-encoded-feed.h"
#include "snug-local-media.h"
#include "snug-local-voice.h"
#include "snug-local-screen.h"
#include "snug-rate-control.h"
#include "snug-sample-tap.h"

G_BEGIN_DECLS

/* Both live as long as the local media and never change. Returns: (transfer none). */
SnugEncodedFeed *snug_local_media_get_audio_feed (SnugLocalMedia *self);
SnugEncodedFeed *snug_local_media_get_video_feed (SnugLocalMedia *self);

/* Lives as long as the local media. Returns: (transfer none). */
SnugLocalScreen *snug_local_media_get_screen (SnugLocalMedia *self);

/* What decides on the encoders' rates. Lives as long as the local media. Returns: (transfer none). */
SnugRateControl *snug_local_media_get_rate_control (SnugLocalMedia *self);

/* The size and rate that is really being encoded now; 0 when nothing is. */
void snug_local_media_get_sent_format (SnugLocalMedia *self, guint *width, guint *height, double *framerate);

/* The microphone's sound. Returns: (transfer none). */
SnugLocalVoice *snug_local_media_get_voice (SnugLocalMedia *self);

G_END_DECLS

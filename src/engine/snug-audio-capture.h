/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A sound being captured: source -> 48 kHz mono -> meter -> gate -> Opus -> encoded feed. Main context.
 *
 * Signal: "level" (double): dBFS, -100 to 0, every 50 ms.
 */
#pragma once

#include "snug-capture.h"
#include "snug-encoded-feed.h"

G_BEGIN_DECLS

#define SNUG_TYPE_AUDIO_CAPTURE (snug_audio_capture_get_type ())
G_DECLARE_FINAL_TYPE (SnugAudioCapture, snug_audio_capture, SNUG, AUDIO_CAPTURE, SnugCapture)

/* Starts at once. Returns: (transfer full). */
SnugAudioCapture *snug_audio_capture_new (const SnugMediaSource *source, SnugEncodedFeed *encoded);

/* FALSE: the meter goes on and no sample reaches the encoder. */
void snug_audio_capture_set_encoding (SnugAudioCapture *self, gboolean encoding);

G_END_DECLS

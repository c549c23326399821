/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A sound being captured: source -> 48 kHz mono -> echo canceller (microphones only) -> meter, tap -> mute -> gate -> Opus -> encoded
 * feed. Main context.
 *
 * Signal: "level" (double): dBFS, -100 to 0, every 50 ms.
 */
#pragma once

#include "snug-capture.h"
#include "snug-encoded-feed.h"
#include "snug-sample-tap-private.h"
#include "snug-voice-filter.h"

G_BEGIN_DECLS

#define SNUG_TYPE_AUDIO_CAPTURE (snug_audio_capture_get_type ())
G_DECLARE_FINAL_TYPE (SnugAudioCapture, snug_audio_capture, SNUG, AUDIO_CAPTURE, SnugCapture)

/* Starts at once. reference: (nullable): what the speaker plays. Returns: (transfer full). */
SnugAudioCapture *snug_audio_capture_new (const SnugMediaSource *source,
                                          const SnugVoiceProcessing *voice,
                                          SnugEchoReference *reference,
                                          SnugEncodedFeed *encoded,
                                          SnugSampleTap *tap);

/* From now on; a microphone goes on without a gap. */
void snug_audio_capture_set_voice (SnugAudioCapture *self, const SnugVoiceProcessing *voice);

/* reference: (nullable). */
void snug_audio_capture_set_echo_reference (SnugAudioCapture *self, SnugEchoReference *reference);
/* FALSE: no echo was found so far. Nanoseconds from when a sound was to be heard until it was. */
gboolean snug_audio_capture_get_echo_delay (SnugAudioCapture *self, gint64 *delay);

/* The meter goes on in any case. encoding: FALSE: nothing reaches the encoder; muted: it gets silence. */
void snug_audio_capture_set_encoding (SnugAudioCapture *self, gboolean encoding, gboolean muted);

/* bits_per_second: of Opus; loss: percent of packets it is to expect lost. Takes effect without a restart. */
void snug_audio_capture_set_rate (SnugAudioCapture *self, guint bits_per_second, guint loss);
/* While nobody speaks the encoder gives packets that hold nothing, which are not sent (RFC 6716, 2.1.9). FALSE at first. Takes
 * effect without a restart. */
void snug_audio_capture_set_silence_suppression (SnugAudioCapture *self, gboolean suppress);

G_END_DECLS

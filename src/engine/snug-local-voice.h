/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What local media keep of the microphone's sound from one capture to the next: what is done to it, what the speaker plays
 * meanwhile, who else wants to hear it, and whether somebody speaks although muted. Main context.
 */
#pragma once

#include "snug-audio-capture.h"

G_BEGIN_DECLS

typedef struct _SnugLocalVoice SnugLocalVoice;

SnugLocalVoice *snug_local_voice_new (void);
void snug_local_voice_free (SnugLocalVoice *self);

/* Returns: (transfer full): a capture that goes by all of it from now on; the one before does so no more. */
SnugAudioCapture *snug_local_voice_open (SnugLocalVoice *self, const SnugMediaSource *source, SnugEncodedFeed *encoded);
/* That capture is being closed. */
void snug_local_voice_forget (SnugLocalVoice *self, SnugAudioCapture *capture);

const SnugVoiceProcessing *snug_local_voice_get_processing (SnugLocalVoice *self);
void snug_local_voice_set_processing (SnugLocalVoice *self, const SnugVoiceProcessing *processing);

/* Whether silence is not sent. Returns: whether that is new. */
gboolean snug_local_voice_set_silence_suppression (SnugLocalVoice *self, gboolean suppress);
gboolean snug_local_voice_get_silence_suppression (SnugLocalVoice *self);

/* What this side plays, and the microphone may hear; a call sets it to that of its audio output. reference: (nullable). */
void snug_local_voice_set_echo_reference (SnugLocalVoice *self, SnugEchoReference *reference);
/* FALSE: no echo was found so far. Nanoseconds from when a sound was to be heard until it was. */
gboolean snug_local_voice_get_echo_delay (SnugLocalVoice *self, gint64 *delay);

/* Whoever wants the microphone's sound as it would be sent (48 kHz mono S16), muted or not: one at a time, see
 * snug_peer_set_sample_tap(). For what stays on this machine. */
void snug_local_voice_set_tap (SnugLocalVoice *self, SnugSampleTapFunc func, gpointer user_data, GDestroyNotify destroy);

/* The meter says so. level: dBFS. Returns: whether somebody speaks although muted. */
gboolean snug_local_voice_hear (SnugLocalVoice *self, double level, gboolean muted);

G_END_DECLS

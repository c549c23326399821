/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes out of the mix: for the echo canceller, and for tests.
 */
#pragma once

#include "snug-audio-output.h"
#include "snug-echo-reference.h"

G_BEGIN_DECLS

/* The mixer, whose source pad can be probed. Returns: (transfer none) (nullable): NULL while there is no input; another
 * one after each start and change of device. */
GstElement *snug_audio_output_get_mixer (SnugAudioOutput *self);

/* What is about to be heard, from whichever speaker. Returns: (transfer none): lives as long as the output and never changes. */
SnugEchoReference *snug_audio_output_get_echo_reference (SnugAudioOutput *self);

G_END_DECLS

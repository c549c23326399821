/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests: what comes out of the mix.
 */
#pragma once

#include "snug-audio-output.h"

G_BEGIN_DECLS

/* The mixer, whose source pad can be probed. Returns: (transfer none) (nullable): NULL while there is no input; another
 * one after each start and change of device. */
GstElement *snug_audio_output_get_mixer (SnugAudioOutput *self);

G_END_DECLS

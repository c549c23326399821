/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a level element says, as one number. Any thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The lowest level that is told apart, in dBFS. */
#define SNUG_AUDIO_LEVEL_SILENCE -100.0

/* The loudest channel's RMS level in dBFS, SNUG_AUDIO_LEVEL_SILENCE to 0. FALSE when message is not from a level
 * element. */
gboolean snug_audio_level_parse (GstMessage *message, double *level);

G_END_DECLS

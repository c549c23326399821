/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plays a piece of sound that is in memory, mixed into what this side hears: so it passes the echo canceller, and is in no
 * recording of what others say. Main context.
 */
#pragma once

#include "snug-audio-output.h"

G_BEGIN_DECLS

#define SNUG_CLIP_RATE 48000

typedef struct _SnugClipPlayer SnugClipPlayer;

/* Called once the last sample was heard; may free the player. */
typedef void (*SnugClipPlayerFunc) (gpointer user_data);

/* Starts at once. samples: 48 kHz mono S16 in the machine's byte order. Returns: (transfer full). */
SnugClipPlayer *snug_clip_player_new (SnugAudioOutput *output,
                                      GBytes *samples,
                                      SnugClipPlayerFunc done,
                                      gpointer user_data);
/* Falls silent if it still plays; done is not called any more. */
void snug_clip_player_free (SnugClipPlayer *self);
/* How far it is, 0 to 1. */
double snug_clip_player_get_progress (SnugClipPlayer *self);

G_END_DECLS

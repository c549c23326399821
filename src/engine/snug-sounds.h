/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The short sounds of the app itself, played through the chosen speaker. They go through the same mix as everybody's voice, so
 * that the echo canceller knows them and nobody else hears them, and they are in no recording. Main context.
 *
 * Property, with notify: "enabled" (gboolean, writable, TRUE at first): off falls silent at once.
 */
#pragma once

#include "snug-audio-output.h"

G_BEGIN_DECLS

typedef enum
{
  SNUG_SOUND_JOIN,
  SNUG_SOUND_LEAVE,
  SNUG_SOUND_MESSAGE
} SnugSound;
#define SNUG_N_SOUNDS (SNUG_SOUND_MESSAGE + 1)

#define SNUG_TYPE_SOUNDS (snug_sounds_get_type ())
G_DECLARE_FINAL_TYPE (SnugSounds, snug_sounds, SNUG, SOUNDS, GObject)

/* Returns: (transfer full). */
SnugSounds *snug_sounds_new (SnugAudioOutput *output);
/* Nothing when turned off, and when the same sound is still playing: ten people who come at once make one sound. */
void snug_sounds_play (SnugSounds *self, SnugSound sound);
void snug_sounds_set_enabled (SnugSounds *self, gboolean enabled);
gboolean snug_sounds_get_enabled (SnugSounds *self);
gboolean snug_sounds_is_playing (SnugSounds *self, SnugSound sound);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "Test my sound": records three seconds of the microphone as others would hear it, and plays them through the chosen speaker.
 * A microphone that is muted is recorded all the same: nothing leaves this machine. Main context.
 *
 * Properties, with notify: "state" (SnugSoundTestState); "progress" (double, 0 to 1, of the recording, then of the playing);
 * "level" (double, dBFS, -100 to 0: of what is recorded); "error" (GError, nullable, domain SNUG_MEDIA_ERROR: why FAILED).
 */
#pragma once

#include "snug-audio-output.h"
#include "snug-local-media.h"

G_BEGIN_DECLS

/**
 * SnugSoundTestState:
 * @SNUG_SOUND_TEST_IDLE: not begun, or cancelled
 * @SNUG_SOUND_TEST_RECORDING: listens to the microphone
 * @SNUG_SOUND_TEST_PLAYING: plays what it recorded
 * @SNUG_SOUND_TEST_DONE: everything was played
 * @SNUG_SOUND_TEST_FAILED: #SnugSoundTest:error says why
 */
typedef enum
{
  SNUG_SOUND_TEST_IDLE,
  SNUG_SOUND_TEST_RECORDING,
  SNUG_SOUND_TEST_PLAYING,
  SNUG_SOUND_TEST_DONE,
  SNUG_SOUND_TEST_FAILED
} SnugSoundTestState;

#define SNUG_TYPE_SOUND_TEST_STATE (snug_sound_test_state_get_type ())
GType snug_sound_test_state_get_type (void);

#define SNUG_TYPE_SOUND_TEST (snug_sound_test_get_type ())
G_DECLARE_FINAL_TYPE (SnugSoundTest, snug_sound_test, SNUG, SOUND_TEST, GObject)

/* Returns: (transfer full). */
SnugSoundTest *snug_sound_test_new (SnugLocalMedia *media, SnugAudioOutput *output);
/* From any state: begins anew. */
void snug_sound_test_start (SnugSoundTest *self);
/* Stops recording or playing; IDLE. What was recorded is forgotten. */
void snug_sound_test_cancel (SnugSoundTest *self);

SnugSoundTestState snug_sound_test_get_state (SnugSoundTest *self);
double snug_sound_test_get_progress (SnugSoundTest *self);
double snug_sound_test_get_level (SnugSoundTest *self);
const GError *snug_sound_test_get_error (SnugSoundTest *self);

G_END_DECLS

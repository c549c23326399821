/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether somebody speaks, from the levels of a meter: with hysteresis, and without being fooled by a click or by the pauses
 * of speech. Pure: the time is an argument. A plain struct; zero-initialize and call snug_speech_detector_init().
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SnugSpeechDetectorConfig:
 * @on_dbfs: a level from here on up is loud
 * @off_dbfs: a level below is quiet; what is between the two is as it was before
 * @pause: quiet for longer than this ends an utterance; microseconds
 * @onset: an utterance of at least this length is speech; microseconds
 * @hold: quiet for this long ends speech; microseconds
 */
typedef struct
{
  double on_dbfs;
  double off_dbfs;
  gint64 pause;
  gint64 onset;
  gint64 hold;
} SnugSpeechDetectorConfig;

typedef struct
{
  const SnugSpeechDetectorConfig *config;
  gboolean loud;
  gboolean speaking;
  gboolean uttering;
  gint64 utterance_start; /* valid while uttering */
  gint64 last_loud;       /* valid while uttering or speaking */
} SnugSpeechDetector;

/* config: (transfer none): outlives the detector. */
void snug_speech_detector_init (SnugSpeechDetector *self, const SnugSpeechDetectorConfig *config);
/* Forgets what was heard; nobody speaks. */
void snug_speech_detector_reset (SnugSpeechDetector *self);
/* now: microseconds, never less than before; level: dBFS, NaN counts as silence. Returns: whether somebody speaks now. */
gboolean snug_speech_detector_update (SnugSpeechDetector *self, gint64 now, double level);

G_END_DECLS

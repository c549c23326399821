/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-speech-detector.h"

void
snug_speech_detector_init (SnugSpeechDetector *self, const SnugSpeechDetectorConfig *config)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (config != NULL && config->off_dbfs <= config->on_dbfs);

  *self = (SnugSpeechDetector){ .config = config };
}

void
snug_speech_detector_reset (SnugSpeechDetector *self)
{
  g_return_if_fail (self != NULL);

  snug_speech_detector_init (self, self->config);
}

gboolean
snug_speech_detector_update (SnugSpeechDetector *self, gint64 now, double level)
{
  const SnugSpeechDetectorConfig *config;

  g_return_val_if_fail (self != NULL && self->config != NULL, FALSE);

  /* Not the other way round: a NaN is neither, and must be quiet. */
  config = self->config;
  self->loud = level >= (self->loud ? config->off_dbfs : config->on_dbfs);

  if (self->loud)
    {
      if (!self->uttering || now - self->last_loud > config->pause)
        self->utterance_start = now;
      self->uttering = TRUE;
      self->last_loud = now;
      /* Decided in loud moments only, so that a click and the quiet after it are never speech. */
      if (now - self->utterance_start >= config->onset)
        self->speaking = TRUE;
    }
  else
    {
      if (self->uttering && now - self->last_loud > config->pause)
        self->uttering = FALSE;
      if (self->speaking && now - self->last_loud >= config->hold)
        self->speaking = FALSE;
    }

  return self->speaking;
}

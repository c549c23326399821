/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-local-voice.h"

#include "snug-speech-detector.h"

/* Who is muted and speaks: long enough that it is not a cough, and said until it is clearly over. */
static const SnugSpeechDetectorConfig muted_speech = {
  .on_dbfs = -42.0,
  .off_dbfs = -48.0,
  .pause = 300 * 1000,
  .onset = 600 * 1000,
  .hold = 2000 * 1000,
};

struct _SnugLocalVoice
{
  SnugAudioCapture *capture; /* NULL: none; not referenced */
  SnugVoiceProcessing processing;
  gboolean silence_suppression;
  SnugEchoReference *reference; /* NULL: nothing is played */
  SnugSampleTap *tap;
  SnugSpeechDetector detector;
};

SnugLocalVoice *
snug_local_voice_new (void)
{
  SnugLocalVoice *self = g_new0 (SnugLocalVoice, 1);

  self->processing = (SnugVoiceProcessing){ TRUE, TRUE, TRUE };
  self->tap = snug_sample_tap_new ();
  snug_speech_detector_init (&self->detector, &muted_speech);

  return self;
}

void
snug_local_voice_free (SnugLocalVoice *self)
{
  g_return_if_fail (self != NULL);

  snug_sample_tap_unref (self->tap);
  g_clear_pointer (&self->reference, snug_echo_reference_unref);
  g_free (self);
}

SnugAudioCapture *
snug_local_voice_open (SnugLocalVoice *self, const SnugMediaSource *source, SnugEncodedFeed *encoded)
{
  g_return_val_if_fail (self != NULL, NULL);

  self->capture
      = snug_audio_capture_new (source, &self->processing, self->reference, encoded, self->tap);
  snug_audio_capture_set_silence_suppression (self->capture, self->silence_suppression);

  return self->capture;
}

void
snug_local_voice_forget (SnugLocalVoice *self, SnugAudioCapture *capture)
{
  g_return_if_fail (self != NULL);

  if (self->capture == capture)
    self->capture = NULL;
}

const SnugVoiceProcessing *
snug_local_voice_get_processing (SnugLocalVoice *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->processing;
}

void
snug_local_voice_set_processing (SnugLocalVoice *self, const SnugVoiceProcessing *processing)
{
  g_return_if_fail (self != NULL);

  self->processing = *processing;
  if (self->capture != NULL)
    snug_audio_capture_set_voice (self->capture, processing);
}

gboolean
snug_local_voice_set_silence_suppression (SnugLocalVoice *self, gboolean suppress)
{
  g_return_val_if_fail (self != NULL, FALSE);

  suppress = suppress != FALSE;
  if (self->silence_suppression == suppress)
    return FALSE;
  self->silence_suppression = suppress;
  if (self->capture != NULL)
    snug_audio_capture_set_silence_suppression (self->capture, suppress);

  return TRUE;
}

gboolean
snug_local_voice_get_silence_suppression (SnugLocalVoice *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->silence_suppression;
}

void
snug_local_voice_set_echo_reference (SnugLocalVoice *self, SnugEchoReference *reference)
{
  g_return_if_fail (self != NULL);

  if (reference != NULL)
    snug_echo_reference_ref (reference);
  g_clear_pointer (&self->reference, snug_echo_reference_unref);
  self->reference = reference;
  if (self->capture != NULL)
    snug_audio_capture_set_echo_reference (self->capture, reference);
}

gboolean
snug_local_voice_get_echo_delay (SnugLocalVoice *self, gint64 *delay)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->capture != NULL && snug_audio_capture_get_echo_delay (self->capture, delay);
}

void
snug_local_voice_set_tap (SnugLocalVoice *self,
                          SnugSampleTapFunc func,
                          gpointer user_data,
                          GDestroyNotify destroy)
{
  g_return_if_fail (self != NULL);

  snug_sample_tap_set (self->tap, func, user_data, destroy);
}

gboolean
snug_local_voice_hear (SnugLocalVoice *self, double level, gboolean muted)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (muted)
    return snug_speech_detector_update (&self->detector, g_get_monotonic_time (), level);

  snug_speech_detector_reset (&self->detector);

  return FALSE;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-speaker-choice.h"

#include <math.h>

#include "snug-speech-detector.h"

/* Over which loudness is compared, in microseconds. */
#define SMOOTHING 1000000.0
#define QUIETEST -60.0

static const SnugSpeechDetectorConfig config = {
  .on_dbfs = -45.0,
  .off_dbfs = -50.0,
  .pause = 600 * 1000,
  .onset = SNUG_SPEAKER_ONSET,
  .hold = 1000 * 1000,
};

typedef struct
{
  gconstpointer person;
  SnugSpeechDetector detector;
  gint64 time;
  double loudness; /* dBFS, smoothed */
} SnugSpeaker;

struct _SnugSpeakerChoice
{
  GArray *speakers; /* SnugSpeaker, in the order they came */
  gconstpointer chosen;
  gint64 chosen_time;
};

SnugSpeakerChoice *
snug_speaker_choice_new (void)
{
  SnugSpeakerChoice *self = g_new0 (SnugSpeakerChoice, 1);

  self->speakers = g_array_new (FALSE, TRUE, sizeof (SnugSpeaker));

  return self;
}

void
snug_speaker_choice_free (SnugSpeakerChoice *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->speakers);
  g_free (self);
}

static SnugSpeaker *
find (SnugSpeakerChoice *self, gconstpointer person)
{
  for (guint i = 0; i < self->speakers->len; i++)
    {
      SnugSpeaker *speaker = &g_array_index (self->speakers, SnugSpeaker, i);

      if (speaker->person == person)
        return speaker;
    }

  return NULL;
}

static SnugSpeaker *
add (SnugSpeakerChoice *self, gconstpointer person, gint64 now)
{
  SnugSpeaker speaker = { .person = person, .time = now, .loudness = QUIETEST };

  snug_speech_detector_init (&speaker.detector, &config);
  g_array_append_val (self->speakers, speaker);

  return &g_array_index (self->speakers, SnugSpeaker, self->speakers->len - 1);
}

void
snug_speaker_choice_set_level (SnugSpeakerChoice *self,
                               gconstpointer person,
                               gint64 now,
                               double level)
{
  SnugSpeaker *speaker;
  double weight;

  g_return_if_fail (self != NULL);
  g_return_if_fail (person != NULL);

  speaker = find (self, person);
  if (speaker == NULL)
    speaker = add (self, person, now);

  weight = 1.0 - exp (-(now - speaker->time) / SMOOTHING);
  level = isnan (level) ? QUIETEST : CLAMP (level, QUIETEST, 0.0);
  speaker->loudness += weight * (level - speaker->loudness);
  speaker->time = now;
  snug_speech_detector_update (&speaker->detector, now, level);
}

void
snug_speaker_choice_remove (SnugSpeakerChoice *self, gconstpointer person)
{
  g_return_if_fail (self != NULL);

  if (self->chosen == person)
    self->chosen = NULL;
  for (guint i = 0; i < self->speakers->len; i++)
    if (g_array_index (self->speakers, SnugSpeaker, i).person == person)
      {
        g_array_remove_index (self->speakers, i);
        return;
      }
}

static SnugSpeaker *
find_loudest_other (SnugSpeakerChoice *self)
{
  SnugSpeaker *loudest = NULL;

  for (guint i = 0; i < self->speakers->len; i++)
    {
      SnugSpeaker *speaker = &g_array_index (self->speakers, SnugSpeaker, i);

      if (speaker->person != self->chosen && speaker->detector.speaking
          && (loudest == NULL || speaker->loudness > loudest->loudness))
        loudest = speaker;
    }

  return loudest;
}

gconstpointer
snug_speaker_choice_choose (SnugSpeakerChoice *self, gint64 now)
{
  SnugSpeaker *chosen, *other;

  g_return_val_if_fail (self != NULL, NULL);

  chosen = self->chosen != NULL ? find (self, self->chosen) : NULL;
  if (chosen != NULL && now - self->chosen_time < SNUG_SPEAKER_STAY)
    return self->chosen;

  other = find_loudest_other (self);
  if (other == NULL)
    return self->chosen;
  if (chosen != NULL && chosen->detector.speaking
      && other->loudness < chosen->loudness + SNUG_SPEAKER_MARGIN)
    return self->chosen;

  self->chosen = other->person;
  self->chosen_time = now;

  return self->chosen;
}

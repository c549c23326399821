/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-chime.h"

#include <math.h>

#define RATE 48000.0
#define TWO_PI 6.283185307179586
/* A note that begins at once clicks. */
#define ATTACK_SECONDS 0.004
/* ln (1000): falls by 60 dB. */
#define SIXTY_DB 6.907755278982137

/* Like a wooden bar: besides the note itself little more than the fourth partial, which dies away faster. */
static const struct
{
  double ratio;
  double share;
  double decay;
} partials[] = { { 1.0, 0.84, 1.0 }, { 4.0, 0.12, 3.0 }, { 10.0, 0.04, 8.0 } };

static double
note_at (const SnugChimeNote *note, double time)
{
  double value = 0;

  if (time <= 0 || time >= note->seconds)
    return 0;

  for (gsize i = 0; i < G_N_ELEMENTS (partials); i++)
    {
      double hertz = note->hertz * partials[i].ratio;

      if (hertz < RATE / 2)
        value += partials[i].share * exp (-SIXTY_DB * partials[i].decay * time / note->seconds)
                 * sin (TWO_PI * hertz * time);
    }

  return note->peak * value * MIN (time / ATTACK_SECONDS, 1.0);
}

GBytes *
snug_chime_render (const SnugChimeNote *notes, gsize n_notes)
{
  double seconds = 0;
  gsize n_samples;
  gint16 *samples;

  g_return_val_if_fail (notes != NULL || n_notes == 0, NULL);

  for (gsize i = 0; i < n_notes; i++)
    seconds = MAX (seconds, notes[i].start + notes[i].seconds);
  n_samples = ceil (seconds * RATE);
  samples = g_new (gint16, n_samples);

  for (gsize s = 0; s < n_samples; s++)
    {
      double value = 0;

      for (gsize i = 0; i < n_notes; i++)
        value += note_at (&notes[i], s / RATE - notes[i].start);
      samples[s] = lrint (CLAMP (value, -1.0, 1.0) * G_MAXINT16);
    }

  return g_bytes_new_take (samples, n_samples * sizeof (gint16));
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of sound: something as like speech as an echo canceller, a noise suppressor and a detector of speech need it, and what is
 * measured of it. Syllables with formants, hissing beginnings, pauses; the same for the same seed.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SNUG_TEST_SPEECH_RATE 48000

/* hertz: how high the voice is; peak: of full scale. Returns: (transfer full): 48 kHz mono S16. */
GBytes *snug_test_speech_new (guint32 seed, double hertz, double peak, double seconds);

/* Mean level of n samples, dBFS; -120 for none. */
double snug_test_speech_level (const gint16 *samples, gsize n);

/* How much of reference is in n samples: the gain in dB with which it is there at the lags (0 to max_lag samples) where it fits
 * best, and how alike the two are then, 0 to 1. */
typedef struct
{
  double gain;
  double likeness;
} SnugTestLikeness;
SnugTestLikeness snug_test_speech_compare (const gint16 *samples, const gint16 *reference, gsize n, gsize max_lag);

G_END_DECLS

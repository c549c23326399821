/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who of several people is the one to show large, by who speaks. Pure: the time is an argument, people are pointers that are
 * only compared.
 *
 *   - Whoever has spoken for SNUG_SPEAKER_ONSET, with no more than the pauses of speech, may become it.
 *   - It stays for SNUG_SPEAKER_STAY at least, and longer when nobody else speaks.
 *   - While it still speaks itself, only somebody clearly louder takes its place.
 *   - When it leaves, the next who speaks does not have to wait for the stay.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Microseconds. */
#define SNUG_SPEAKER_ONSET (1500 * G_GINT64_CONSTANT (1000))
#define SNUG_SPEAKER_STAY (3000 * G_GINT64_CONSTANT (1000))
/* How much louder, in dB, somebody who interrupts must be. */
#define SNUG_SPEAKER_MARGIN 6.0

typedef struct _SnugSpeakerChoice SnugSpeakerChoice;

SnugSpeakerChoice *snug_speaker_choice_new (void);
void snug_speaker_choice_free (SnugSpeakerChoice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugSpeakerChoice, snug_speaker_choice_free)

/* How loud somebody is, some ten times a second. now: microseconds, never less than before; level: dBFS. Whoever is new is
 * added. */
void snug_speaker_choice_set_level (SnugSpeakerChoice *self, gconstpointer person, gint64 now, double level);
/* Somebody has left. */
void snug_speaker_choice_remove (SnugSpeakerChoice *self, gconstpointer person);
/* Returns: (nullable): the one to show large now; NULL until somebody has spoken. */
gconstpointer snug_speaker_choice_choose (SnugSpeakerChoice *self, gint64 now);

G_END_DECLS

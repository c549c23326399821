/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long after it was to be played a sound comes back through the microphone. What the sound server knows of its devices is
 * not always true (Bluetooth, HDMI, a virtual machine), and an echo canceller finds an echo only near where it looks for it.
 *
 * An adaptive filter (NLMS) at 4 kHz is trained to make the near end from the far end; the delay is where it has its peak. That
 * peak has to stand out and to stay where it is for a while before it is believed. Pure: no clock, no thread, no I/O.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An echo is looked for from this long before its time (stamps are not exact) to this long after, in nanoseconds. */
#define SNUG_ECHO_DELAY_MIN (-20 * G_GINT64_CONSTANT (1000000))
#define SNUG_ECHO_DELAY_MAX (380 * G_GINT64_CONSTANT (1000000))

typedef struct _SnugEchoDelay SnugEchoDelay;

SnugEchoDelay *snug_echo_delay_new (void);
void snug_echo_delay_free (SnugEchoDelay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugEchoDelay, snug_echo_delay_free)

/* What is going to be played. samples: 48 kHz S16, interleaved; time: of the first, in nanoseconds on any clock that both ends
 * share; before the near end of the same time is pushed. */
void snug_echo_delay_push_far (SnugEchoDelay *self, const gint16 *samples, gsize n_frames, guint n_channels, guint64 time);
/* What the microphone heard: 48 kHz mono. */
void snug_echo_delay_push_near (SnugEchoDelay *self, const gint16 *samples, gsize n_frames, guint64 time);
/* Nanoseconds. FALSE: not known, so far or any more. */
gboolean snug_echo_delay_get (SnugEchoDelay *self, gint64 *delay);

G_END_DECLS

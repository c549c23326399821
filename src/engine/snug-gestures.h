/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What one remote person shows without a word: a raised hand, that they are typing, reactions. More of it than
 * SNUG_GESTURE_RATE is dropped. Main context.
 *
 * Properties, with notify: "hand-raised", "typing" (gboolean; the latter is over by itself after SNUG_TYPING_SECONDS).
 * Signal: "reaction" (char *emoji).
 */
#pragma once

#include "snug-peer-message.h"

G_BEGIN_DECLS

#define SNUG_TYPE_GESTURES (snug_gestures_get_type ())
G_DECLARE_FINAL_TYPE (SnugGestures, snug_gestures, SNUG, GESTURES, GObject)

/* Returns: (transfer full). */
SnugGestures *snug_gestures_new (void);

/* A TYPING, HAND or REACTION. now: g_get_monotonic_time(). */
void snug_gestures_receive (SnugGestures *self, SnugPeerMessage *message, gint64 now);
/* What was being typed has come, or nothing will. */
void snug_gestures_end_typing (SnugGestures *self);
/* Ends what is over by now; a timer calls it. */
void snug_gestures_expire (SnugGestures *self, gint64 now);

gboolean snug_gestures_get_hand_raised (SnugGestures *self);
gboolean snug_gestures_get_typing (SnugGestures *self);

G_END_DECLS

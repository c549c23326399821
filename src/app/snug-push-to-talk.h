/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A microphone that is on as long as a key is held. Main context.
 *
 * Property, with notify: "talking" (gboolean, read-only): it is on for that reason.
 */
#pragma once

#include "snug-local-media.h"

G_BEGIN_DECLS

/* By which the desktop remembers the key that works from any window. */
#define SNUG_PUSH_TO_TALK_ID "push-to-talk"

#define SNUG_TYPE_PUSH_TO_TALK (snug_push_to_talk_get_type ())
G_DECLARE_FINAL_TYPE (SnugPushToTalk, snug_push_to_talk, SNUG, PUSH_TO_TALK, GObject)

/* Returns: (transfer full). */
SnugPushToTalk *snug_push_to_talk_new (SnugLocalMedia *media);
/* Turns the microphone on, unless it is. Presses of a key that repeats itself are one. */
void snug_push_to_talk_press (SnugPushToTalk *self);
/* Turns it off again, if a press has turned it on. keep: it stays on. */
void snug_push_to_talk_release (SnugPushToTalk *self, gboolean keep);
gboolean snug_push_to_talk_get_talking (SnugPushToTalk *self);

G_END_DECLS

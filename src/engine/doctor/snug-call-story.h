/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What one call went through, kept for the case that it fails: the stages that it reached, when, and how long each took; every candidate of both sides;
 * every pair that was tried, and how it ended; errors. It only watches. No names and no messages are in it. Main context.
 */
#pragma once

#include "snug-call.h"

G_BEGIN_DECLS

#define SNUG_TYPE_CALL_STORY (snug_call_story_get_type ())
G_DECLARE_FINAL_TYPE (SnugCallStory, snug_call_story, SNUG, CALL_STORY, GObject)

/* The lines that are kept; later ones are not. */
#define SNUG_CALL_STORY_LINES_MAX 400

/* call: not yet joined. Returns: (transfer full). */
SnugCallStory *snug_call_story_new (SnugCall *call);
/* The call is over, or is let go of; what was seen stays. Any number of times. */
void snug_call_story_end (SnugCallStory *self);
/* Returns: (transfer full): in English and with addresses, one a line with its time: the stages, then all the rest. */
GStrv snug_call_story_list (SnugCallStory *self);

G_END_DECLS

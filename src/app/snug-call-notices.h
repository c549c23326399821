/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which notice the stage shows: watches a call and its media, picks the most pressing thing, one at a time.
 */
#pragma once

#include "snug-call.h"
#include "snug-notice.h"

G_BEGIN_DECLS

#define SNUG_TYPE_CALL_NOTICES (snug_call_notices_get_type ())
G_DECLARE_FINAL_TYPE (SnugCallNotices, snug_call_notices, SNUG, CALL_NOTICES, GObject)

/* Both are referenced. Returns: (transfer full): drop it and the notice is taken away. */
SnugCallNotices *snug_call_notices_new (SnugCall *call, SnugNotice *notice);
/* A key holds the microphone on. */
void snug_call_notices_set_talking (SnugCallNotices *self, gboolean talking);

G_END_DECLS

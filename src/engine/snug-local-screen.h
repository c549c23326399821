/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The picture of a screen that this side sends: captured once and encoded once for all peers. Owned by the local media and driven by
 * SnugScreenShare. Main context.
 *
 * Properties, with notify: "active" (gboolean): a picture has come, and leaves; "error" (GError, nullable, domain
 * SNUG_MEDIA_ERROR): why not, although there is a source.
 */
#pragma once

#include "snug-encoded-feed.h"
#include "snug-media-source.h"
#include "snug-screen-mode.h"

G_BEGIN_DECLS

#define SNUG_TYPE_LOCAL_SCREEN (snug_local_screen_get_type ())
G_DECLARE_FINAL_TYPE (SnugLocalScreen, snug_local_screen, SNUG, LOCAL_SCREEN, GObject)

/* Source NONE, mode TEXT. Returns: (transfer full). */
SnugLocalScreen *snug_local_screen_new (void);

/* When this returns after NONE, no picture leaves any more; the source is let go of within moments. */
void snug_local_screen_set_source (SnugLocalScreen *self, const SnugMediaSource *source);
void snug_local_screen_set_mode (SnugLocalScreen *self, SnugScreenMode mode);
/* When this returns after TRUE, the picture stays as it is. */
void snug_local_screen_set_frozen (SnugLocalScreen *self, gboolean frozen);
/* bit/s that it is worth: 0 while nothing is shared. */
guint64 snug_local_screen_get_wish (SnugLocalScreen *self);
/* What may be sent. hold: nothing for the moment. */
void snug_local_screen_set_rate (SnugLocalScreen *self, guint64 bits_per_second, gboolean hold);

gboolean snug_local_screen_get_active (SnugLocalScreen *self);
const GError *snug_local_screen_get_error (SnugLocalScreen *self);
/* Lives as long as the object and never changes. Returns: (transfer none). */
SnugEncodedFeed *snug_local_screen_get_feed (SnugLocalScreen *self);

G_END_DECLS

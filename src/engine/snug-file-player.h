/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plays the picture or the sound of a media file into an appsrc, at its own pace, again and again. Picture and
 * sound of one file are two players that share a time line, so that they stay together however often they
 * loop. Main context.
 */
#pragma once

#include <gst/app/gstappsrc.h>

#include "snug-media-source.h"
#include "snug-relay.h"

G_BEGIN_DECLS

#define SNUG_TYPE_FILE_PLAYER (snug_file_player_get_type ())
G_DECLARE_FINAL_TYPE (SnugFilePlayer, snug_file_player, SNUG, FILE_PLAYER, GObject)

/* Starts at once. error_func: posted through relay with a GError (SNUG_MEDIA_ERROR) when the file can't be read or
 * has nothing of that kind. Returns: (transfer full): drop it to stop. */
SnugFilePlayer *snug_file_player_new (SnugMediaKind kind,
                                      const char *path,
                                      GstAppSrc *target,
                                      SnugRelay *relay,
                                      SnugRelayFunc error_func);

G_END_DECLS

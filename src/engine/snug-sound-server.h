/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the sound server, PulseAudio or PipeWire in its place, takes for those who name no device. GStreamer's device provider
 * subscribes to other events (up to 1.29): it learns of another default only when a device comes or goes. Main context.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Properties, with notify: "default-source", "default-sink" (string, nullable). A server that is not there, or goes, is tried again
 * every few seconds. */
#define SNUG_TYPE_SOUND_SERVER (snug_sound_server_get_type ())
G_DECLARE_FINAL_TYPE (SnugSoundServer, snug_sound_server, SNUG, SOUND_SERVER, GObject)

/* The one that all share. Returns: (transfer full). */
SnugSoundServer *snug_sound_server_get (void);

/* The server's own names, those of pulsesrc and pulsesink; a source may be the monitor of a sink. Returns: (transfer none)
 * (nullable): NULL when it has none, or is not known yet. */
const char *snug_sound_server_get_default_source (SnugSoundServer *self);
const char *snug_sound_server_get_default_sink (SnugSoundServer *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What this side sends: camera and microphone, captured once and encoded once for all peers, with the
 * preview and the meter that the lobby shows. It lives before, during and after a call. Main context.
 *
 * Properties, all with notify:
 *   "video-source", "audio-source" (SnugMediaSource): where picture and sound come from. Writable any time.
 *   "video-enabled", "audio-enabled" (gboolean, writable): what the person wants. Video off stops the camera;
 *     audio off keeps the meter running but lets no sample out.
 *   "video-active", "audio-active" (gboolean): frames or samples really come, and may leave.
 *   "video-error", "audio-error" (GError, nullable, domain SNUG_MEDIA_ERROR): why not, although wanted.
 *   "audio-level" (double, dBFS, -100 to 0): the microphone's level, some 20 times a second, muted or not.
 *   "echo-cancellation", "noise-suppression", "gain-control" (gboolean, writable, TRUE at first): what is done to a microphone's
 *     sound, from now on, in a call too. Files and test signals are sent as they are. The system's volume is never touched.
 *   "silence-suppression" (gboolean, writable, FALSE at first): while nobody speaks only 2.5 packets of sound a second are sent
 *     (Opus DTX, RFC 6716, 2.1.9). The others then hear no noise of the room.
 *   "upload-limit" (guint, writable, 0 at first): kbit/s of sound and pictures, with all headers, to all others together; 0: what
 *     the paths take. Sound and a small picture are sent in any case.
 *   "voice-processing-available" (gboolean): whether the elements for that are installed; never changes.
 *   "speaking-while-muted" (gboolean): speech is heard although "audio-enabled" is FALSE.
 *   "preview" (SnugVideoFeed): the camera's picture, not mirrored.
 */
#pragma once

#include "snug-media-source.h"
#include "snug-video-feed.h"

G_BEGIN_DECLS

#define SNUG_TYPE_LOCAL_MEDIA (snug_local_media_get_type ())
G_DECLARE_FINAL_TYPE (SnugLocalMedia, snug_local_media, SNUG, LOCAL_MEDIA, GObject)

/* Both sources NONE, both enabled, 1280x720 at 30, at most 2500 kbit/s. Returns: (transfer full). */
SnugLocalMedia *snug_local_media_new (void);

void snug_local_media_set_video_source (SnugLocalMedia *self, const SnugMediaSource *source);
void snug_local_media_set_audio_source (SnugLocalMedia *self, const SnugMediaSource *source);
const SnugMediaSource *snug_local_media_get_video_source (SnugLocalMedia *self);
const SnugMediaSource *snug_local_media_get_audio_source (SnugLocalMedia *self);
void snug_local_media_set_video_enabled (SnugLocalMedia *self, gboolean enabled);
void snug_local_media_set_audio_enabled (SnugLocalMedia *self, gboolean enabled);
gboolean snug_local_media_get_video_enabled (SnugLocalMedia *self);
gboolean snug_local_media_get_audio_enabled (SnugLocalMedia *self);
gboolean snug_local_media_get_video_active (SnugLocalMedia *self);
gboolean snug_local_media_get_audio_active (SnugLocalMedia *self);
const GError *snug_local_media_get_video_error (SnugLocalMedia *self);
const GError *snug_local_media_get_audio_error (SnugLocalMedia *self);
double snug_local_media_get_audio_level (SnugLocalMedia *self);
SnugVideoFeed *snug_local_media_get_preview (SnugLocalMedia *self);

/* The size and rate the camera is scaled to. width, height: 16 to 4096 pixels, made even; framerate: 1 to 60. */
void snug_local_media_set_video_format (SnugLocalMedia *self, guint width, guint height, guint framerate);
/* The most that the picture may take, 30 to 20000 kbit/s; it takes less where the paths to the others carry less. */
void snug_local_media_set_video_bitrate (SnugLocalMedia *self, guint kbit_per_second);

/* Lets go of camera and microphone, as when no window is shown. FALSE takes them again. */
void snug_local_media_set_suspended (SnugLocalMedia *self, gboolean suspended);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes from one person on one connection: a receive branch for each RTP m-line, built beforehand, linked when
 * webrtcbin shows the pad, and shut until the peer's certificate is verified. Main context.
 *
 * Property, with notify: "audio-level" (double, dBFS, -100 to 0).
 * Signal: "first-frame" (SnugMediaKind): the first decoded sound, camera picture or screen of this connection, and the first
 * after snug_remote_media_await_frames().
 */
#pragma once

#include "snug-audio-output.h"
#include "snug-sample-tap-private.h"
#include "snug-relative-delay.h"
#include "snug-session-description.h"
#include "snug-video-feed.h"

G_BEGIN_DECLS

#define SNUG_TYPE_REMOTE_MEDIA (snug_remote_media_get_type ())
G_DECLARE_FINAL_TYPE (SnugRemoteMedia, snug_remote_media, SNUG, REMOTE_MEDIA, GObject)

/* Where everything goes; all borrowed for the length of the call to snug_remote_media_new(), which takes its own
 * references. */
typedef struct
{
  SnugAudioOutput *audio_output;
  SnugVideoFeed *camera_feed;
  SnugVideoFeed *screen_feed;
  SnugSampleTap *audio_tap;
  SnugSampleTap *camera_tap;
} SnugRemoteMediaSinks;

/* Builds the branches in pipeline. mlines: which m-line of webrtcbin's descriptions is which. Returns: (transfer full). */
SnugRemoteMedia *snug_remote_media_new (GstElement *pipeline,
                                        GstElement *webrtcbin,
                                        const SnugMlineInfo mlines[SNUG_N_MLINES],
                                        const SnugRemoteMediaSinks *sinks);
/* The certificate is verified: lets everything through. */
void snug_remote_media_open (SnugRemoteMedia *self);
/* Whatever comes next of each kind is a first frame. */
void snug_remote_media_await_frames (SnugRemoteMedia *self);
/* Nothing is heard, shown or emitted any more. The pipeline still has to be taken down. */
void snug_remote_media_close (SnugRemoteMedia *self);
/* For the owner of the pipeline: an element's message that may be ours. */
void snug_remote_media_handle_message (SnugRemoteMedia *self, GstMessage *message);

double snug_remote_media_get_audio_level (SnugRemoteMedia *self);
/* How long after its time stamp a sample may come and still be heard; see snug_audio_output_set_input_latency(). */
void snug_remote_media_set_audio_latency (SnugRemoteMedia *self, GstClockTime latency);
/* How long after its time stamp a picture is shown, in nanoseconds, or before it; later ones at once. */
void snug_remote_media_set_video_latency (SnugRemoteMedia *self, GstClockTimeDiff latency);
/* When pictures are decoded, after their time stamps. Borrowed. */
const SnugRelativeDelay *snug_remote_media_get_readiness (SnugRemoteMedia *self, SnugMline mline);
/* volume: 0 to 1.5, linear. */
void snug_remote_media_set_volume (SnugRemoteMedia *self, double volume);

G_END_DECLS

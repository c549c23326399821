/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What this side hears: every peer's sound mixed into one stream to one speaker. Main context, except where noted.
 *
 * Properties, with notify: "device" (string, nullable, writable): a speaker's #SnugDevice:id, NULL for the
 * default one; "error" (GError, nullable, domain SNUG_MEDIA_ERROR): why nothing is heard. The mix goes on at its pace
 * then, to nowhere; setting the device, or the next first input, tries the speaker again.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define SNUG_TYPE_AUDIO_OUTPUT (snug_audio_output_get_type ())
G_DECLARE_FINAL_TYPE (SnugAudioOutput, snug_audio_output, SNUG, AUDIO_OUTPUT, GObject)

/* silent: mix at the right pace, but to nowhere (tests, headless callers). Returns: (transfer full). */
SnugAudioOutput *snug_audio_output_new (gboolean silent);
void snug_audio_output_set_device (SnugAudioOutput *self, const char *device_id);
const char *snug_audio_output_get_device (SnugAudioOutput *self);
const GError *snug_audio_output_get_error (SnugAudioOutput *self);

/* A new input of the mix: an appsrc that takes 48 kHz S16LE mono or stereo with running-time stamps. The pipeline starts with the
 * first input and stops with the last. Returns: (transfer full): push samples to it from any thread. */
GstElement *snug_audio_output_add_input (SnugAudioOutput *self);
/* How long after its time stamp a sample of this input may come at the latest and still be heard: the latency of its
 * jitter buffer. The mix waits that long, and SNUG_AUDIO_OUTPUT_LATENCY for good measure. May change any time; a change
 * is heard. SNUG_AUDIO_OUTPUT_DEFAULT_INPUT_LATENCY before the first call. */
#define SNUG_AUDIO_OUTPUT_DEFAULT_INPUT_LATENCY (80 * GST_MSECOND)
#define SNUG_AUDIO_OUTPUT_LATENCY (20 * GST_MSECOND)
void snug_audio_output_set_input_latency (SnugAudioOutput *self, GstElement *input, GstClockTime latency);
/* input: as add_input() returned it; not used afterwards. */
void snug_audio_output_remove_input (SnugAudioOutput *self, GstElement *input);
/* volume: 0.0 to 1.5, linear. */
void snug_audio_output_set_input_volume (SnugAudioOutput *self, GstElement *input, double volume);

G_END_DECLS

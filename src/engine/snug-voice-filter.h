/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is done to a microphone's sound before it is sent: echo cancellation, noise suppression, automatic gain, by webrtcdsp,
 * which reads its settings only when it starts. So a change puts a new one in its place, while the pad before it is blocked.
 * Main context, except where noted.
 */
#pragma once

#include "snug-echo-reference.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean echo_cancellation;
  gboolean noise_suppression;
  gboolean gain_control; /* digital; no volume of the system is ever changed */
} SnugVoiceProcessing;

#define SNUG_TYPE_VOICE_FILTER (snug_voice_filter_get_type ())
G_DECLARE_FINAL_TYPE (SnugVoiceFilter, snug_voice_filter, SNUG, VOICE_FILTER, GObject)

/* Whether webrtcdsp and webrtcechoprobe are installed. Without them a filter lets everything pass as it is. */
gboolean snug_voice_filter_is_available (void);

/* Links before, which gives 48 kHz mono S16, with after; both are in pipeline already, which is not PLAYING yet.
 * reference: (nullable). Returns: (transfer full). */
SnugVoiceFilter *snug_voice_filter_new (GstElement *pipeline,
                                        GstElement *before,
                                        GstElement *after,
                                        const SnugVoiceProcessing *processing,
                                        SnugEchoReference *reference);
/* From the next buffer on; nothing is lost, and the filter learns anew. */
void snug_voice_filter_set_processing (SnugVoiceFilter *self, const SnugVoiceProcessing *processing);
/* reference: (nullable). */
void snug_voice_filter_set_reference (SnugVoiceFilter *self, SnugEchoReference *reference);
/* The pipeline is on its way down: nothing is changed in it any more. */
void snug_voice_filter_close (SnugVoiceFilter *self);
/* FALSE: no echo was found so far. Nanoseconds from when a sound was to be heard until it was. */
gboolean snug_voice_filter_get_echo_delay (SnugVoiceFilter *self, gint64 *delay);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is done to a microphone's sound before it is sent: echo cancellation, noise suppression, automatic gain, by webrtcdsp.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean echo_cancellation;
  gboolean noise_suppression;
  gboolean gain_control; /* digital; no volume of the system is ever changed */
} SnugVoiceProcessing;

/* Whether webrtcdsp and webrtcechoprobe are installed. */
gboolean snug_voice_filter_is_available (void);

G_END_DECLS

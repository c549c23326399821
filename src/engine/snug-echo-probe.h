/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The far end for one webrtcdsp: a webrtcechoprobe that always exists, whatever the speaker does, and that is told of a sound so
 * that its echo lies where the canceller looks. The canceller of Debian 12 (webrtc-audio-processing 0.3) finds echoes that come
 * 5 to 50 ms after the stamp, and nothing else; newer ones look further. So the stamps follow the delay that is measured.
 * Main context, except where noted.
 */
#pragma once

#include "snug-echo-reference.h"

G_BEGIN_DECLS

typedef struct _SnugEchoProbe SnugEchoProbe;

/* Returns: (transfer full) (nullable): NULL when the element is not installed. */
SnugEchoProbe *snug_echo_probe_new (void);
/* Any thread: whoever listens to a microphone holds one. */
SnugEchoProbe *snug_echo_probe_ref (SnugEchoProbe *self);
void snug_echo_probe_unref (SnugEchoProbe *self);

/* For webrtcdsp's "probe". One canceller at a time may have it. */
const char *snug_echo_probe_get_name (SnugEchoProbe *self);
/* reference: (nullable): set to NULL by the owner in the end. */
void snug_echo_probe_set_reference (SnugEchoProbe *self, SnugEchoReference *reference);

/* What the microphone heard, before it is processed: 48 kHz mono S16 in the machine's byte order, with running time. Streaming
 * thread. */
void snug_echo_probe_push_near (SnugEchoProbe *self, GstBuffer *buffer, GstClockTime time);
/* FALSE: no echo was found so far. Nanoseconds from when a sound was to be heard until it was. Any thread. */
gboolean snug_echo_probe_get_delay (SnugEchoProbe *self, gint64 *delay);

G_END_DECLS

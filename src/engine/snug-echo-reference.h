/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the speaker is about to play, for whoever cancels its echo. The audio output pushes, voice filters listen; it outlives
 * every pipeline of either side, so that a change of speaker or microphone needs nobody's notice. Reference-counted, locked
 * inside like a feed.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define SNUG_ECHO_REFERENCE_RATE 48000
#define SNUG_ECHO_REFERENCE_CHANNELS 2

typedef struct _SnugEchoReference SnugEchoReference;

/* buffer: (transfer none): 48 kHz stereo S16 in the machine's byte order; time: running time on the shared clock at which its
 * first sample is heard. On a streaming thread; must return at once. */
typedef void (*SnugEchoReferenceFunc) (GstBuffer *buffer, GstClockTime time, gpointer user_data);

SnugEchoReference *snug_echo_reference_new (void);
SnugEchoReference *snug_echo_reference_ref (SnugEchoReference *self);
void snug_echo_reference_unref (SnugEchoReference *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugEchoReference, snug_echo_reference_unref)

/* Any thread, some milliseconds before time. */
void snug_echo_reference_push (SnugEchoReference *self, GstBuffer *buffer, GstClockTime time);

/* user_data tells listeners apart. Main context. */
void snug_echo_reference_add_listener (SnugEchoReference *self, SnugEchoReferenceFunc func, gpointer user_data);
/* When this returns the function is not running and won't be called again. Main context. */
void snug_echo_reference_remove_listener (SnugEchoReference *self, gpointer user_data);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes what one remote person sends, frame by frame as it is decoded: pictures as YUV4MPEG2, sound as WAV. The size of the
 * first picture is the size of all; others are scaled to it. A reader that stalls loses frames and holds up nothing.
 */
#pragma once

#include "snug-peer.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _SnugCliRecorder SnugCliRecorder;

/* The path can't be written; the recorder goes on and drops everything. Main context. */
typedef void (*SnugCliRecorderFailedFunc) (SnugMediaKind kind, const GError *error, gpointer user_data);

/* Returns: (transfer full). */
SnugCliRecorder *snug_cli_recorder_new (SnugMediaKind kind,
                                        const char *path,
                                        SnugCliRecorderFailedFunc failed,
                                        gpointer user_data);
/* Whom to record from now on; NULL: nobody. */
void snug_cli_recorder_set_peer (SnugCliRecorder *self, SnugPeer *peer);
/* Finishes the file, in bounded time. The counts are of frames. */
void snug_cli_recorder_close (SnugCliRecorder *self, guint64 *n_written, guint64 *n_dropped);
void snug_cli_recorder_free (SnugCliRecorder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliRecorder, snug_cli_recorder_free)

/* For tests: one more sample, as from a peer. Any thread. */
void snug_cli_recorder_push (SnugCliRecorder *self, GstSample *sample);

G_END_DECLS

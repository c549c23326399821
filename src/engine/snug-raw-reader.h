/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads Y4M pictures or WAV sound from a file or a FIFO on a thread of its own and hands them to an appsrc as they
 * come, stamped with the running time at which they came. A FIFO is waited for, writer after writer; a file is
 * looped at its own pace. Main context.
 */
#pragma once

#include <gst/app/gstappsrc.h>

#include "snug-media-source.h"
#include "snug-relay.h"

G_BEGIN_DECLS

typedef struct _SnugRawReader SnugRawReader;

/* Starts at once; opening happens on the thread. error_func: posted through relay with a GError (SNUG_MEDIA_ERROR_FILE) when
 * the path can't be read or what comes is not what it should be; that ends the reading. Returns: (transfer full). */
SnugRawReader *snug_raw_reader_new (SnugMediaKind kind,
                                    const char *path,
                                    GstAppSrc *target,
                                    SnugRelay *relay,
                                    SnugRelayFunc error_func);
/* Returns at once; nothing more is pushed once the thread has noticed. */
void snug_raw_reader_close (SnugRawReader *self);

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The head of a capture pipeline: the elements, and what runs beside them, that bring a SnugMediaSource's raw
 * picture or sound into it, stamped with running time on the shared clock. Main context.
 */
#pragma once

#include <gst/gst.h>

#include "snug-device-list.h"
#include "snug-media-source.h"
#include "snug-relay.h"

G_BEGIN_DECLS

typedef struct _SnugCaptureSource SnugCaptureSource;

/* Whether the element that opens cameras or microphones is installed. FALSE with SNUG_MEDIA_ERROR_MISSING_PLUGIN. */
gboolean snug_capture_source_can_open (SnugMediaKind kind, GError **error);

/* Adds the source to pipeline and links it to next. device: for a DEVICE; NULL for the default microphone. caps: what is
 * wanted of a source that has a choice, one fixed structure. error_func: posted through relay, with a GError as data, for what does not come as a message on the pipeline's bus.
 * Returns: (transfer full): or NULL with SNUG_MEDIA_ERROR. */
SnugCaptureSource *snug_capture_source_new (const SnugMediaSource *source,
                                            SnugMediaKind kind,
                                            SnugDevice *device,
                                            GstCaps *caps,
                                            GstElement *pipeline,
                                            GstElement *next,
                                            SnugRelay *relay,
                                            SnugRelayFunc error_func,
                                            GError **error);
/* Stops what runs beside the pipeline; its elements go with it. */
void snug_capture_source_free (SnugCaptureSource *self);

/* Something else is wanted; a source without a choice ignores it. */
void snug_capture_source_set_caps (SnugCaptureSource *self, GstCaps *caps);

/* What an error message of such a pipeline means to a person. Returns: (transfer full): SNUG_MEDIA_ERROR. */
GError *snug_capture_source_error_from_message (const SnugMediaSource *source, GstMessage *message);
/* The same for a pipeline that refused to start, whose message may still wait on its bus. */
GError *snug_capture_source_error_from_bus (const SnugMediaSource *source, GstElement *pipeline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCaptureSource, snug_capture_source_free)

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bringing a pipeline up on a worker: opening a device or a file takes as long as the sound service or the disk
 * likes. Main context.
 */
#pragma once

#include <gst/gst.h>

#include "snug-relay.h"

G_BEGIN_DECLS

typedef struct _SnugPipelineStart SnugPipelineStart;

/* failed: posted through relay when the pipeline refuses; a message on its bus, which comes before, says more.
 * Returns: (transfer full). */
SnugPipelineStart *snug_pipeline_start_new (GstElement *pipeline,
                                            GstState state,
                                            SnugRelay *relay,
                                            SnugRelayFunc failed);
/* Before snug_pipeline_close_async(): whatever the worker is doing, the pipeline ends in NULL. */
void snug_pipeline_start_cancel (SnugPipelineStart *self);
/* Whether the worker is through; until then closing would have to wait for it. */
gboolean snug_pipeline_start_is_done (SnugPipelineStart *self);

G_END_DECLS

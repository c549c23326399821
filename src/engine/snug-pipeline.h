/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all pipelines of one process have in common: one clock and base time, so that time stamps mean the same
 * in each; a bus watch on main; and closing that can't hang the app. Main context.
 */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* An error (GST_MESSAGE_ERROR) or any element, state or device message, on main. LATENCY is answered before. */
typedef void (*SnugPipelineMessageFunc) (gpointer owner, GstMessage *message);

/* An empty pipeline on the shared clock and base time. owner: a GObject, held weakly; handler is called on main
 * while both live. Returns: (transfer full): a GstPipeline, not floating. */
GstElement *snug_pipeline_new (const char *name, SnugPipelineMessageFunc handler, gpointer owner);

/* The running time now, on the shared clock: what a live source stamps its buffers with. Any thread. */
GstClockTime snug_pipeline_now (void);

/* Takes the pipeline down: the handler is silenced at once, set_state (NULL) runs on a worker, and after 5 s it
 * is reported and abandoned. pipeline: (transfer full) (nullable). */
void snug_pipeline_close_async (GstElement *pipeline, GAsyncReadyCallback callback, gpointer user_data);
/* TRUE: it is down; FALSE with SNUG_CALL_ERROR_FAILED: abandoned. */
gboolean snug_pipeline_close_finish (GAsyncResult *result, GError **error);
/* Pipelines being closed now; tests and main() wait for 0. */
guint snug_pipeline_get_n_closing (void);

/* Makes an element that snug_engine_init() has found, sets properties (name, value, ..., NULL) as
 * g_object_set() does and adds it to the bin. Returns: (transfer none). */
GstElement *snug_pipeline_add (GstElement *bin, const char *factory, const char *first_property, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-pipeline-start.h"

struct _SnugPipelineStart
{
  gatomicrefcount ref_count;
  GstElement *pipeline;
  GstState state;
  SnugRelay *relay;
  SnugRelayFunc failed;
  int cancelled; /* atomic */
  int done;      /* atomic */
};

static void
unref (SnugPipelineStart *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  gst_object_unref (self->pipeline);
  snug_relay_unref (self->relay);
  g_free (self);
}

static gpointer
start_in_thread (gpointer user_data)
{
  SnugPipelineStart *self = user_data;
  GstStateChangeReturn result = GST_STATE_CHANGE_SUCCESS;

  if (!g_atomic_int_get (&self->cancelled))
    result = gst_element_set_state (self->pipeline, self->state);

  /* Whoever closes sets the state to NULL, too, after cancelling: whichever of the two is last,
   * NULL it is. */
  if (g_atomic_int_get (&self->cancelled))
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  else if (result == GST_STATE_CHANGE_FAILURE)
    snug_relay_post (self->relay, self->failed, NULL, NULL);
  g_atomic_int_set (&self->done, TRUE);
  unref (self);

  return NULL;
}

SnugPipelineStart *
snug_pipeline_start_new (GstElement *pipeline,
                         GstState state,
                         SnugRelay *relay,
                         SnugRelayFunc failed)
{
  SnugPipelineStart *self;

  g_return_val_if_fail (GST_IS_PIPELINE (pipeline), NULL);

  self = g_new0 (SnugPipelineStart, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->pipeline = gst_object_ref (pipeline);
  self->state = state;
  self->relay = snug_relay_ref (relay);
  self->failed = failed;
  g_atomic_ref_count_inc (&self->ref_count);
  g_thread_unref (g_thread_new ("snug-start", start_in_thread, self));

  return self;
}

void
snug_pipeline_start_cancel (SnugPipelineStart *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_int_set (&self->cancelled, TRUE);
  unref (self);
}

gboolean
snug_pipeline_start_is_done (SnugPipelineStart *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_atomic_int_get (&self->done);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-picture-hold.h"

#include "snug-picture-crop.h"
#include "snug-pipeline.h"

/* How often an unchanged picture follows itself at full pace, and then. */
#define REFINEMENTS 8
#define REPEAT_INTERVAL GST_SECOND

struct _SnugPictureHold
{
  gatomicrefcount ref_count;

  GMutex mutex;
  GstAppSrc *src;     /* NULL once closed */
  GstSample *newest;  /* what came last */
  GstSample *shown;   /* what was handed on last */
  gboolean is_frozen; /* newest is kept for later */
  guint n_repeats;    /* of shown */
  GstClockTime last;  /* running time at which something was handed on */

  GstClock *clock;
  GstClockID tick; /* main only */
};

static SnugPictureHold *
hold_ref (SnugPictureHold *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
hold_unref (gpointer data)
{
  SnugPictureHold *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->newest, gst_sample_unref);
  g_clear_pointer (&self->shown, gst_sample_unref);
  gst_clear_object (&self->src);
  gst_object_unref (self->clock);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* With the mutex held. */
static gboolean
has_new (SnugPictureHold *self)
{
  return self->newest != NULL && self->newest != self->shown && (!self->is_frozen || self->shown == NULL);
}

/* With the mutex held. */
static void
hand_on (SnugPictureHold *self)
{
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstSample) sample = NULL;
  GstClockTime now = snug_pipeline_now ();

  if (has_new (self))
    {
      g_clear_pointer (&self->shown, gst_sample_unref);
      self->shown = gst_sample_ref (self->newest);
      self->n_repeats = 0;
    }
  else
    {
      self->n_repeats++;
    }
  if (self->shown == NULL || self->src == NULL)
    return;

  /* Never two at the same moment, as the encoder counts. */
  if (GST_CLOCK_TIME_IS_VALID (self->last) && now < self->last + GST_MSECOND)
    now = self->last + GST_MSECOND;
  self->last = now;
  buffer = gst_buffer_copy (gst_sample_get_buffer (self->shown));
  GST_BUFFER_PTS (buffer) = now;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
  sample = gst_sample_new (buffer, gst_sample_get_caps (self->shown), NULL, NULL);
  gst_app_src_push_sample (self->src, sample);
}

/* The clock's thread. */
static gboolean
on_tick (GstClock *clock, GstClockTime time, GstClockID id, gpointer user_data)
{
  SnugPictureHold *self = user_data;

  g_mutex_lock (&self->mutex);
  if (has_new (self)
      || (self->shown != NULL
          && (self->n_repeats < REFINEMENTS || snug_pipeline_now () >= self->last + REPEAT_INTERVAL)))
    hand_on (self);
  g_mutex_unlock (&self->mutex);

  return TRUE;
}

/* Streaming thread. */
static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  SnugPictureHold *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);
  g_autoptr (GstSample) part = NULL;

  if (sample == NULL || gst_sample_get_buffer (sample) == NULL || gst_sample_get_caps (sample) == NULL)
    return GST_FLOW_OK;

  part = snug_picture_crop (sample);
  if (part == NULL)
    return GST_FLOW_OK;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->newest, gst_sample_unref);
  self->newest = g_steal_pointer (&part);
  g_mutex_unlock (&self->mutex);

  return GST_FLOW_OK;
}

static void
stop_ticking (SnugPictureHold *self)
{
  if (self->tick == NULL)
    return;

  gst_clock_id_unschedule (self->tick);
  g_clear_pointer (&self->tick, gst_clock_id_unref);
}

SnugPictureHold *
snug_picture_hold_new (GstAppSink *sink, GstAppSrc *src, guint framerate)
{
  SnugPictureHold *self = g_new0 (SnugPictureHold, 1);
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->src = gst_object_ref (src);
  self->last = GST_CLOCK_TIME_NONE;
  self->clock = gst_system_clock_obtain ();
  gst_app_sink_set_callbacks (sink, &callbacks, hold_ref (self), hold_unref);
  snug_picture_hold_set_framerate (self, framerate);

  return self;
}

void
snug_picture_hold_close (SnugPictureHold *self)
{
  g_return_if_fail (self != NULL);

  stop_ticking (self);
  g_mutex_lock (&self->mutex);
  gst_clear_object (&self->src);
  g_mutex_unlock (&self->mutex);
  hold_unref (self);
}

void
snug_picture_hold_set_framerate (SnugPictureHold *self, guint framerate)
{
  GstClockTime interval;

  g_return_if_fail (self != NULL);
  g_return_if_fail (framerate > 0);

  stop_ticking (self);
  interval = GST_SECOND / framerate;
  self->tick
      = gst_clock_new_periodic_id (self->clock, gst_clock_get_time (self->clock) + interval, interval);
  gst_clock_id_wait_async (self->tick, on_tick, hold_ref (self), hold_unref);
}

void
snug_picture_hold_set_frozen (SnugPictureHold *self, gboolean frozen)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  self->is_frozen = frozen;
  g_mutex_unlock (&self->mutex);
}

void
snug_picture_hold_repeat (SnugPictureHold *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  hand_on (self);
  g_mutex_unlock (&self->mutex);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-voice-filter.h"

#include "snug-echo-probe.h"
#include "snug-engine.h"
#include "snug-relay.h"

struct _SnugVoiceFilter
{
  GObject parent_instance;

  SnugRelay *relay;
  GstElement *pipeline; /* NULL once closed */
  GstElement *before;
  GstElement *after;
  GstElement *dsp; /* NULL: nothing is to be done, or can be */
  SnugEchoProbe *probe;

  SnugVoiceProcessing processing;
  SnugVoiceProcessing applied;
  gulong block_id; /* 0: no change is under way */
};

G_DEFINE_FINAL_TYPE (SnugVoiceFilter, snug_voice_filter, G_TYPE_OBJECT)

static gboolean
element_exists (const char *name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);

  return factory != NULL;
}

gboolean
snug_voice_filter_is_available (void)
{
  return element_exists ("webrtcdsp") && element_exists ("webrtcechoprobe");
}

static gboolean
is_same (const SnugVoiceProcessing *a, const SnugVoiceProcessing *b)
{
  return a->echo_cancellation == b->echo_cancellation
         && a->noise_suppression == b->noise_suppression && a->gain_control == b->gain_control;
}

/* Returns: (transfer floating) (nullable). */
static GstElement *
make_dsp (SnugVoiceFilter *self)
{
  const SnugVoiceProcessing *processing = &self->processing;
  GstElement *dsp;

  if (self->probe == NULL
      || !(processing->echo_cancellation || processing->noise_suppression
           || processing->gain_control))
    return NULL;

  dsp = gst_element_factory_make ("webrtcdsp", NULL);
  g_object_set (dsp, "probe", snug_echo_probe_get_name (self->probe), "echo-cancel",
                processing->echo_cancellation, "noise-suppression", processing->noise_suppression,
                "gain-control", processing->gain_control, NULL);
  gst_util_set_object_arg (G_OBJECT (dsp), "noise-suppression-level", "high");

  return dsp;
}

static void
insert (SnugVoiceFilter *self)
{
  self->applied = self->processing;
  self->dsp = make_dsp (self);
  if (self->dsp == NULL)
    {
      gst_element_link (self->before, self->after);
      return;
    }

  gst_bin_add (GST_BIN (self->pipeline), self->dsp);
  gst_element_link_many (self->before, self->dsp, self->after, NULL);
}

static void
take_out (SnugVoiceFilter *self)
{
  GstElement *dsp = g_steal_pointer (&self->dsp);

  if (dsp == NULL)
    {
      gst_element_unlink (self->before, self->after);
      return;
    }

  gst_element_unlink_many (self->before, dsp, self->after, NULL);
  gst_element_set_state (dsp, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self->pipeline), dsp);
}

static void
unblock (SnugVoiceFilter *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->before, "src");

  gst_pad_remove_probe (pad, self->block_id);
  self->block_id = 0;
}

/* The microphone's thread waits before the filter. */
static void
on_blocked (gpointer owner, gpointer data)
{
  SnugVoiceFilter *self = owner;

  if (self->pipeline == NULL || self->block_id == 0)
    return;

  if (!is_same (&self->processing, &self->applied))
    {
      take_out (self);
      insert (self);
      if (self->dsp != NULL)
        gst_element_sync_state_with_parent (self->dsp);
    }
  unblock (self);
}

/* Streaming thread. */
static GstPadProbeReturn
on_block (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  snug_relay_post (user_data, on_blocked, NULL, NULL);

  return GST_PAD_PROBE_OK;
}

/* Streaming thread. */
static GstPadProbeReturn
on_near (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;

  if (event == NULL)
    return GST_PAD_PROBE_OK;

  gst_event_parse_segment (event, &segment);
  snug_echo_probe_push_near (
      user_data, buffer,
      gst_segment_to_running_time (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer)));

  return GST_PAD_PROBE_OK;
}

static void
listen_to_near (SnugVoiceFilter *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->before, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_near, snug_echo_probe_ref (self->probe),
                     (GDestroyNotify) snug_echo_probe_unref);
}

static void
snug_voice_filter_dispose (GObject *object)
{
  SnugVoiceFilter *self = SNUG_VOICE_FILTER (object);

  snug_voice_filter_close (self);
  g_clear_pointer (&self->relay, snug_relay_close);

  G_OBJECT_CLASS (snug_voice_filter_parent_class)->dispose (object);
}

static void
snug_voice_filter_class_init (SnugVoiceFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = snug_voice_filter_dispose;
}

static void
snug_voice_filter_init (SnugVoiceFilter *self)
{
  self->relay = snug_relay_new (self);
}

SnugVoiceFilter *
snug_voice_filter_new (GstElement *pipeline,
                       GstElement *before,
                       GstElement *after,
                       const SnugVoiceProcessing *processing,
                       SnugEchoReference *reference)
{
  SnugVoiceFilter *self;

  g_return_val_if_fail (GST_IS_PIPELINE (pipeline), NULL);
  g_return_val_if_fail (snug_engine_is_main_thread (), NULL);

  self = g_object_new (SNUG_TYPE_VOICE_FILTER, NULL);
  self->pipeline = gst_object_ref (pipeline);
  self->before = gst_object_ref (before);
  self->after = gst_object_ref (after);
  self->processing = *processing;
  if (snug_voice_filter_is_available ())
    {
      self->probe = snug_echo_probe_new ();
      snug_echo_probe_set_reference (self->probe, reference);
      listen_to_near (self);
    }
  insert (self);

  return self;
}

void
snug_voice_filter_set_processing (SnugVoiceFilter *self, const SnugVoiceProcessing *processing)
{
  g_autoptr (GstPad) pad = NULL;

  g_return_if_fail (SNUG_IS_VOICE_FILTER (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  self->processing = *processing;
  if (self->pipeline == NULL || self->block_id != 0 || is_same (processing, &self->applied))
    return;

  pad = gst_element_get_static_pad (self->before, "src");
  self->block_id
      = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, on_block,
                           snug_relay_ref (self->relay), (GDestroyNotify) snug_relay_unref);
}

void
snug_voice_filter_set_reference (SnugVoiceFilter *self, SnugEchoReference *reference)
{
  g_return_if_fail (SNUG_IS_VOICE_FILTER (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  if (self->probe != NULL)
    snug_echo_probe_set_reference (self->probe, reference);
}

void
snug_voice_filter_close (SnugVoiceFilter *self)
{
  g_return_if_fail (SNUG_IS_VOICE_FILTER (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  if (self->pipeline == NULL)
    return;

  if (self->block_id != 0)
    unblock (self);
  if (self->probe != NULL)
    snug_echo_probe_set_reference (self->probe, NULL);
  g_clear_pointer (&self->probe, snug_echo_probe_unref);
  gst_clear_object (&self->before);
  gst_clear_object (&self->after);
  gst_clear_object (&self->pipeline);
}

gboolean
snug_voice_filter_get_echo_delay (SnugVoiceFilter *self, gint64 *delay)
{
  g_return_val_if_fail (SNUG_IS_VOICE_FILTER (self), FALSE);

  return self->probe != NULL && snug_echo_probe_get_delay (self->probe, delay);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   appsrc (one an input) ─┐
 *   appsrc ────────────────┼─ audiomixer ─ caps ─ audioconvert ─ audioresample ─ speaker, or a sink that keeps the pace
 *   ...                   ─┘
 *
 * The mixer is live: it is driven by the shared clock, and whoever has nothing when the time is up is not heard in that
 * block. It can stall nobody. A sink that fails takes the mixer with it, so that the whole pipeline is built anew around
 * another one; the inputs, which their owners hold, move over.
 */
#include "snug-audio-output-private.h"

#include <gst/app/gstappsrc.h>
#include <gst/audio/audio.h>

#include "snug-device-list.h"
#include "snug-engine.h"
#include "snug-pipeline.h"

#define MIX_CAPS "audio/x-raw, format=" GST_AUDIO_NE (S16) ", layout=interleaved, rate=48000, channels=2"

/* What an input keeps when the mixer does not take it; older samples go first. */
#define INPUT_QUEUE_TIME (200 * GST_MSECOND)
/* A stamp this far off is a mistake. Letting it through would make the mixer wait for it, or hurry through the past. */
#define INPUT_MAX_AGE (5 * GST_SECOND)
#define INPUT_MAX_AHEAD (2 * GST_SECOND)

/* The speaker's own buffer, in microseconds. */
#define SPEAKER_BUFFER_TIME 40000
#define SPEAKER_LATENCY_TIME 10000

/* How often a pipeline without a speaker is built again after an error, before it is left alone. */
#define MAX_SILENT_FAILURES 3

typedef struct
{
  GstElement *source;
  GstPad *mixer_pad; /* NULL while unplugged */
  double volume;
} SnugAudioInput;

/* Before the speaker: knows how long it takes from there until a sample is heard. Of one pipeline. */
typedef struct
{
  SnugEchoReference *reference;
  GMutex mutex;
  GstClockTime latency; /* NONE: not known yet */
} SnugEchoTap;

struct _SnugAudioOutput
{
  GObject parent_instance;

  SnugEchoReference *echo_reference;

  gboolean silent;
  char *device;
  GError *error;
  guint n_silent_failures;

  GPtrArray *inputs; /* SnugAudioInput */

  GstElement *pipeline; /* NULL while there is no input */
  GAsyncQueue *unplugged; /* GstPad: sinks that the mixer's thread has yet to give back */
  /* Borrowed from the pipeline. */
  GstElement *mixer;
  GstElement *speaker; /* NULL: it plays to nowhere */
};

typedef enum
{
  PROP_DEVICE = 1,
  PROP_ERROR
} SnugAudioOutputProperty;
#define N_PROPERTIES (PROP_ERROR + 1)

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (SnugAudioOutput, snug_audio_output, G_TYPE_OBJECT)

static void start (SnugAudioOutput *self);

/* error: (transfer full) (nullable). */
static void
take_error (SnugAudioOutput *self, GError *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static SnugAudioInput *
find_input (SnugAudioOutput *self, GstElement *source)
{
  for (guint i = 0; i < self->inputs->len; i++)
    {
      SnugAudioInput *input = g_ptr_array_index (self->inputs, i);

      if (input->source == source)
        return input;
    }

  return NULL;
}

/* Streaming thread. */
static GstPadProbeReturn
check_stamp_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstClockTime stamp = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));
  GstClockTime now = snug_pipeline_now ();

  if (!GST_CLOCK_TIME_IS_VALID (stamp) || stamp + INPUT_MAX_AGE < now
      || stamp > now + INPUT_MAX_AHEAD)
    return GST_PAD_PROBE_DROP;

  return GST_PAD_PROBE_OK;
}

static void
plug (SnugAudioOutput *self, SnugAudioInput *input)
{
  g_autoptr (GstPad) source_pad = gst_element_get_static_pad (input->source, "src");

  g_assert (input->mixer_pad == NULL);

  gst_bin_add (GST_BIN (self->pipeline), input->source);
  input->mixer_pad = gst_element_request_pad_simple (self->mixer, "sink_%u");
  g_object_set (input->mixer_pad, "volume", input->volume, NULL);
  gst_pad_link (source_pad, input->mixer_pad);
  gst_element_set_locked_state (input->source, FALSE);
  gst_element_sync_state_with_parent (input->source);
}

static void
unplug (SnugAudioOutput *self, SnugAudioInput *input)
{
  if (input->mixer_pad == NULL)
    return;

  /* In this order: the mixer lets go of the input's thread, which then ends, and only then the link goes. The other
   * way round the thread would find no link and report an error, or be waited for while it waits for its turn. Locked,
   * so that a pipeline that is just starting does not start the source again in between. */
  gst_element_set_locked_state (input->source, TRUE);
  gst_pad_set_active (input->mixer_pad, FALSE);
  gst_element_set_state (input->source, GST_STATE_NULL);
  g_async_queue_push (self->unplugged, g_steal_pointer (&input->mixer_pad));
  gst_bin_remove (GST_BIN (self->pipeline), input->source);
}

/* Streaming thread of the mixer, after a round. Around each sink that it mixes, gst_audio_aggregator_mix_buffer() (1.22) lets go of
 * all locks for a moment, and holds neither the sink nor its place in the list: one that another thread gives back just then is
 * used after it is gone. */
static GstPadProbeReturn
release_unplugged_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GAsyncQueue *unplugged = user_data;
  GstPad *sink;

  while ((sink = g_async_queue_try_pop (unplugged)) != NULL)
    {
      g_autoptr (GstElement) mixer = gst_pad_get_parent_element (sink);

      gst_element_release_request_pad (mixer, sink);
      gst_object_unref (sink);
    }

  return GST_PAD_PROBE_OK;
}

static void
input_free (gpointer data)
{
  SnugAudioInput *input = data;

  g_assert (input->mixer_pad == NULL);
  gst_clear_object (&input->source);
  g_free (input);
}

static GError *
error_from_message (GstMessage *message, gboolean starting)
{
  g_autoptr (GError) cause = NULL;
  SnugMediaError code = starting ? SNUG_MEDIA_ERROR_NO_DEVICE : SNUG_MEDIA_ERROR_FAILED;

  if (message == NULL)
    return g_error_new (SNUG_MEDIA_ERROR, code, "The speaker can't be opened");

  gst_message_parse_error (message, &cause, NULL);
  if (g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY))
    code = SNUG_MEDIA_ERROR_BUSY;
  else if (g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    code = SNUG_MEDIA_ERROR_DENIED;
  else if (g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND))
    code = SNUG_MEDIA_ERROR_NO_DEVICE;

  return g_error_new (SNUG_MEDIA_ERROR, code, "The speaker does not work: %s", cause->message);
}

static void
stop (SnugAudioOutput *self)
{
  if (self->pipeline == NULL)
    return;

  for (guint i = 0; i < self->inputs->len; i++)
    unplug (self, g_ptr_array_index (self->inputs, i));

  /* Those that are left go with the mixer. */
  g_clear_pointer (&self->unplugged, g_async_queue_unref);
  self->mixer = NULL;
  self->speaker = NULL;
  snug_pipeline_close_async (g_steal_pointer (&self->pipeline), NULL, NULL);
}

static gboolean
is_input_message (SnugAudioOutput *self, GstMessage *message)
{
  GstObject *source = GST_MESSAGE_SRC (message);

  return GST_IS_ELEMENT (source) && find_input (self, GST_ELEMENT (source)) != NULL;
}

static void
on_message (gpointer owner, GstMessage *message)
{
  SnugAudioOutput *self = owner;
  gboolean had_speaker;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return;

  /* An input that sends what can't be mixed harms only itself. */
  if (is_input_message (self, message))
    {
      g_debug ("Audio output: an input failed");
      /* An error of any element ends a change of state that is still going on. */
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
      return;
    }

  had_speaker = !self->silent && self->error == NULL;
  if (!had_speaker && ++self->n_silent_failures > MAX_SILENT_FAILURES)
    {
      g_debug ("Audio output: the mix failed too often");
      stop (self);
      return;
    }

  stop (self);
  take_error (self, error_from_message (message, FALSE));
  if (self->inputs->len > 0 && self->pipeline == NULL)
    start (self);
}

/* Returns: (transfer none) (nullable). */
static GstElement *
add_sink (SnugAudioOutput *self, gboolean speaker)
{
  GstElement *sink;

  if (!speaker)
    return snug_pipeline_add (self->pipeline, "fakesink",
                              "sync", TRUE,
                              "enable-last-sample", FALSE,
                              NULL);

  sink = gst_element_factory_make ("pulsesink", NULL);
  if (sink == NULL)
    return NULL;

  /* The clock is everybody's, not the sound card's. What the card gains or loses against it is made up for in steps
   * of a few milliseconds ("skew"): resampling would do the same with worse sound in this sink. */
  g_object_set (sink,
                "client-name", "Snug",
                "device", self->device,
                "provide-clock", FALSE,
                "buffer-time", (gint64) SPEAKER_BUFFER_TIME,
                "latency-time", (gint64) SPEAKER_LATENCY_TIME,
                "enable-last-sample", FALSE,
                NULL);
  gst_util_set_object_arg (G_OBJECT (sink), "slave-method", "skew");
  gst_util_set_object_arg (G_OBJECT (sink), "stream-properties", "props, media.role=phone");
  gst_bin_add (GST_BIN (self->pipeline), sink);

  return sink;
}

static void
echo_tap_free (gpointer data)
{
  SnugEchoTap *tap = data;

  snug_echo_reference_unref (tap->reference);
  g_mutex_clear (&tap->mutex);
  g_free (tap);
}

/* Whoever sets the latency: main, or a streaming thread. */
static void
take_latency (SnugEchoTap *tap, GstEvent *event)
{
  GstClockTime latency;

  if (GST_EVENT_TYPE (event) != GST_EVENT_LATENCY)
    return;

  gst_event_parse_latency (event, &latency);
  g_mutex_lock (&tap->mutex);
  tap->latency = latency;
  g_mutex_unlock (&tap->mutex);
}

/* Streaming thread, but for the latency. */
static GstPadProbeReturn
on_speaker_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugEchoTap *tap = user_data;
  g_autoptr (GstEvent) event = NULL;
  const GstSegment *segment;
  GstClockTime latency, time;

  if (info->type & GST_PAD_PROBE_TYPE_EVENT_UPSTREAM)
    {
      take_latency (tap, GST_PAD_PROBE_INFO_EVENT (info));
      return GST_PAD_PROBE_OK;
    }

  g_mutex_lock (&tap->mutex);
  latency = tap->latency;
  g_mutex_unlock (&tap->mutex);
  event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  if (event == NULL || !GST_CLOCK_TIME_IS_VALID (latency))
    return GST_PAD_PROBE_OK;

  gst_event_parse_segment (event, &segment);
  time = gst_segment_to_running_time (segment, GST_FORMAT_TIME,
                                      GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)));
  if (GST_CLOCK_TIME_IS_VALID (time))
    snug_echo_reference_push (tap->reference, GST_PAD_PROBE_INFO_BUFFER (info), time + latency);

  return GST_PAD_PROBE_OK;
}

static void
add_echo_tap (SnugAudioOutput *self, GstElement *element)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");
  SnugEchoTap *tap = g_new0 (SnugEchoTap, 1);

  tap->reference = snug_echo_reference_ref (self->echo_reference);
  g_mutex_init (&tap->mutex);
  tap->latency = GST_CLOCK_TIME_NONE;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
                     on_speaker_cb, tap, echo_tap_free);
}

static gboolean
build (SnugAudioOutput *self, gboolean speaker, GError **error)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (MIX_CAPS);
  g_autoptr (GstPad) mixer_pad = NULL;
  GstElement *filter, *convert, *resample, *sink;

  self->pipeline = snug_pipeline_new ("audio-output", on_message, self);
  /* Starts with the first sample that comes, not at running time 0, which is long ago. */
  self->mixer = gst_element_factory_make_full ("audiomixer",
                                               "latency", (guint64) SNUG_AUDIO_OUTPUT_LATENCY,
                                               "ignore-inactive-pads", TRUE,
                                               "force-live", TRUE,
                                               "start-time-selection", 1 /* first */,
                                               NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->mixer);
  self->unplugged = g_async_queue_new_full (gst_object_unref);
  mixer_pad = gst_element_get_static_pad (self->mixer, "src");
  gst_pad_add_probe (mixer_pad, GST_PAD_PROBE_TYPE_BUFFER, release_unplugged_cb, g_async_queue_ref (self->unplugged),
                     (GDestroyNotify) g_async_queue_unref);
  filter = snug_pipeline_add (self->pipeline, "capsfilter", "caps", caps, NULL);
  convert = snug_pipeline_add (self->pipeline, "audioconvert", NULL, NULL);
  resample = snug_pipeline_add (self->pipeline, "audioresample", NULL, NULL);
  sink = add_sink (self, speaker);
  if (sink == NULL)
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_MISSING_PLUGIN,
                   "The element \"pulsesink\" is not installed");
      return FALSE;
    }

  self->speaker = speaker ? sink : NULL;
  add_echo_tap (self, filter);
  gst_element_link_many (self->mixer, filter, convert, resample, sink, NULL);

  for (guint i = 0; i < self->inputs->len; i++)
    plug (self, g_ptr_array_index (self->inputs, i));

  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
      g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

      g_propagate_error (error, error_from_message (message, TRUE));
      return FALSE;
    }

  return TRUE;
}

static void
start (SnugAudioOutput *self)
{
  g_assert (self->pipeline == NULL);

  if (!self->silent && self->error == NULL)
    {
      GError *error = NULL;

      if (build (self, TRUE, &error))
        return;

      stop (self);
      take_error (self, error);
      if (self->pipeline != NULL || self->inputs->len == 0)
        return;
    }

  if (!build (self, FALSE, NULL))
    {
      g_warning ("The audio mix can't be started");
      stop (self);
    }
}

static void
snug_audio_output_dispose (GObject *object)
{
  SnugAudioOutput *self = SNUG_AUDIO_OUTPUT (object);

  stop (self);
  if (self->inputs != NULL)
    g_ptr_array_set_size (self->inputs, 0);

  G_OBJECT_CLASS (snug_audio_output_parent_class)->dispose (object);
}

static void
snug_audio_output_finalize (GObject *object)
{
  SnugAudioOutput *self = SNUG_AUDIO_OUTPUT (object);

  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->echo_reference, snug_echo_reference_unref);
  g_clear_pointer (&self->device, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_audio_output_parent_class)->finalize (object);
}

static void
snug_audio_output_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugAudioOutput *self = SNUG_AUDIO_OUTPUT (object);

  switch ((SnugAudioOutputProperty) prop_id)
    {
    case PROP_DEVICE:
      g_value_set_string (value, self->device);
      break;

    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_audio_output_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  SnugAudioOutput *self = SNUG_AUDIO_OUTPUT (object);

  switch ((SnugAudioOutputProperty) prop_id)
    {
    case PROP_DEVICE:
      snug_audio_output_set_device (self, g_value_get_string (value));
      break;

    case PROP_ERROR:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_audio_output_class_init (SnugAudioOutputClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_audio_output_dispose;
  object_class->finalize = snug_audio_output_finalize;
  object_class->get_property = snug_audio_output_get_property;
  object_class->set_property = snug_audio_output_set_property;

  properties[PROP_DEVICE]
      = g_param_spec_string ("device", NULL, NULL, NULL,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
snug_audio_output_init (SnugAudioOutput *self)
{
  self->inputs = g_ptr_array_new_with_free_func (input_free);
  self->echo_reference = snug_echo_reference_new ();
}

SnugAudioOutput *
snug_audio_output_new (gboolean silent)
{
  SnugAudioOutput *self = g_object_new (SNUG_TYPE_AUDIO_OUTPUT, NULL);

  self->silent = silent;

  return self;
}

/* A sound server moves a stream to another of its speakers without a gap; of one that is not there it would say nothing. */
static gboolean
move_to_device (SnugAudioOutput *self)
{
  g_autoptr (SnugDeviceList) speakers = NULL;

  if (self->speaker == NULL || self->device == NULL || self->error != NULL)
    return FALSE;

  speakers = snug_device_list_new (SNUG_DEVICE_SPEAKER);
  if (!snug_device_list_get_ready (speakers)
      || snug_device_list_find (speakers, self->device) == NULL)
    return FALSE;

  g_object_set (self->speaker, "device", self->device, NULL);

  return TRUE;
}

void
snug_audio_output_set_device (SnugAudioOutput *self, const char *device_id)
{
  gboolean changed, restart;

  g_return_if_fail (SNUG_IS_AUDIO_OUTPUT (self));

  changed = g_strcmp0 (self->device, device_id) != 0;
  /* The same device again: worth another try when it did not work. */
  restart = changed || self->error != NULL;
  if (!restart)
    return;

  if (changed)
    {
      g_free (self->device);
      self->device = g_strdup (device_id);
    }

  if (!self->silent && !move_to_device (self))
    {
      stop (self);
      take_error (self, NULL);
      if (self->inputs->len > 0 && self->pipeline == NULL)
        start (self);
    }

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEVICE]);
}

const char *
snug_audio_output_get_device (SnugAudioOutput *self)
{
  g_return_val_if_fail (SNUG_IS_AUDIO_OUTPUT (self), NULL);

  return self->device;
}

const GError *
snug_audio_output_get_error (SnugAudioOutput *self)
{
  g_return_val_if_fail (SNUG_IS_AUDIO_OUTPUT (self), NULL);

  return self->error;
}

SnugEchoReference *
snug_audio_output_get_echo_reference (SnugAudioOutput *self)
{
  g_return_val_if_fail (SNUG_IS_AUDIO_OUTPUT (self), NULL);

  return self->echo_reference;
}

GstElement *
snug_audio_output_get_mixer (SnugAudioOutput *self)
{
  g_return_val_if_fail (SNUG_IS_AUDIO_OUTPUT (self), NULL);

  return self->mixer;
}

GstElement *
snug_audio_output_add_input (SnugAudioOutput *self)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (MIX_CAPS);
  g_autoptr (GstPad) pad = NULL;
  SnugAudioInput *input;

  g_return_val_if_fail (SNUG_IS_AUDIO_OUTPUT (self), NULL);

  input = g_new0 (SnugAudioInput, 1);
  input->volume = 1.0;
  input->source = gst_object_ref_sink (gst_element_factory_make ("appsrc", NULL));
  g_object_set (input->source,
                "caps", caps,
                "format", GST_FORMAT_TIME,
                "is-live", TRUE,
                "min-latency", (gint64) SNUG_AUDIO_OUTPUT_DEFAULT_INPUT_LATENCY,
                "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM,
                "max-time", (guint64) INPUT_QUEUE_TIME,
                "max-bytes", (guint64) 0,
                NULL);
  pad = gst_element_get_static_pad (input->source, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, check_stamp_cb, NULL, NULL);
  g_ptr_array_add (self->inputs, input);

  if (self->pipeline != NULL)
    {
      plug (self, input);
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
    }
  else
    {
      if (self->inputs->len == 1)
        {
          self->n_silent_failures = 0;
          take_error (self, NULL);
        }
      start (self);
    }

  return gst_object_ref (input->source);
}

void
snug_audio_output_remove_input (SnugAudioOutput *self, GstElement *input)
{
  SnugAudioInput *found;

  g_return_if_fail (SNUG_IS_AUDIO_OUTPUT (self));
  g_return_if_fail (GST_IS_ELEMENT (input));

  found = find_input (self, input);
  if (found == NULL)
    return;

  unplug (self, found);
  g_ptr_array_remove (self->inputs, found);
  if (self->inputs->len == 0)
    stop (self);
}

void
snug_audio_output_set_input_volume (SnugAudioOutput *self, GstElement *input, double volume)
{
  SnugAudioInput *found;

  g_return_if_fail (SNUG_IS_AUDIO_OUTPUT (self));
  g_return_if_fail (GST_IS_ELEMENT (input));

  found = find_input (self, input);
  if (found == NULL)
    return;

  found->volume = CLAMP (volume, 0.0, 1.5);
  if (found->mixer_pad != NULL)
    g_object_set (found->mixer_pad, "volume", found->volume, NULL);
}

void
snug_audio_output_set_input_latency (SnugAudioOutput *self, GstElement *input, GstClockTime latency)
{
  g_return_if_fail (SNUG_IS_AUDIO_OUTPUT (self));
  g_return_if_fail (GST_IS_ELEMENT (input));
  g_return_if_fail (GST_CLOCK_TIME_IS_VALID (latency));

  /* Says so on the bus when it changes, and the pipeline asks everybody again. */
  if (find_input (self, input) != NULL)
    g_object_set (input, "min-latency", (gint64) latency, NULL);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-capture.h"

#include "snug-capture-source.h"
#include "snug-device-list.h"
#include "snug-engine.h"
#include "snug-pipeline-start.h"
#include "snug-pipeline.h"

#define WATCH_INTERVAL_MS 500
/* How long a source may be silent before it counts as dead. */
#define SILENCE_MAX_MS 3000
/* How long a silent device is waited for before it is opened anew: at first, and after many times.
 */
#define PATIENCE_MIN_MS 5000
#define PATIENCE_MAX_MS 40000

/* What the streaming thread counts and main watches. */
typedef struct
{
  gatomicrefcount ref_count;
  SnugRelay *relay;
  int n_buffers; /* atomic; wraps */
  int waiting;   /* atomic: main wants to hear of the next buffer */
} SnugCaptureCounter;

typedef struct
{
  SnugMediaSource *source;
  SnugRelay *relay;
  SnugDeviceList *devices; /* NULL: no device is wanted */
  SnugDevice *device;      /* NULL: none in use, or the default microphone */
  gboolean chosen_was_used; /* the device that the source names */
  gboolean has_substitute;  /* another one is in use in its place */
  GstElement *pipeline;
  SnugCaptureSource *head;
  SnugPipelineStart *start;
  SnugCaptureCounter *counter;
  guint watch_id;
  int seen_buffers;
  guint silent_ms;
  guint patience_ms;
  gboolean closed;
  gboolean retrying; /* the last attempt is being closed */
  gboolean active;
  GError *error;
} SnugCapturePrivate;

typedef enum
{
  PROP_ACTIVE = 1,
  PROP_ERROR
} SnugCaptureProperty;

static GParamSpec *properties[PROP_ERROR + 1];

/* By SnugMediaKind. */
static const char *const pipeline_names[] = { "video-capture", "audio-capture", "screen-capture" };

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SnugCapture, snug_capture, G_TYPE_OBJECT)

static void
counter_unref (gpointer data)
{
  SnugCaptureCounter *counter = data;

  if (!g_atomic_ref_count_dec (&counter->ref_count))
    return;

  snug_relay_unref (counter->relay);
  g_free (counter);
}

static void
set_active (SnugCapture *self, gboolean active)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  if (priv->active == active)
    return;

  priv->active = active;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

/* error: (transfer full) (nullable) */
static void
set_error (SnugCapture *self, GError *error)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  if (priv->error == NULL && error == NULL)
    return;

  g_clear_error (&priv->error);
  priv->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
close_done_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree gpointer *closure = user_data;
  SnugRelay *relay = closure[0];

  snug_pipeline_close_finish (result, NULL);
  if (closure[1] != NULL)
    snug_relay_post (relay, (SnugRelayFunc) closure[1], NULL, NULL);
  snug_relay_unref (relay);
}

static void
take_down (SnugCapture *self, GAsyncReadyCallback callback, gpointer user_data)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  g_clear_handle_id (&priv->watch_id, g_source_remove);
  g_clear_pointer (&priv->head, snug_capture_source_free);
  g_clear_pointer (&priv->start, snug_pipeline_start_cancel);
  if (priv->pipeline != NULL || callback != NULL)
    snug_pipeline_close_async (g_steal_pointer (&priv->pipeline), callback, user_data);
}

/* error: (transfer full) */
static void
fail (SnugCapture *self, GError *error)
{
  take_down (self, NULL, NULL);
  set_active (self, FALSE);
  set_error (self, error);
}

/* done: posted through relay once everything is let go of. */
static void
take_down_then (SnugCapture *self, SnugRelay *relay, SnugRelayFunc done)
{
  gpointer *closure = g_new0 (gpointer, 2);

  closure[0] = snug_relay_ref (relay);
  closure[1] = (gpointer) done;
  take_down (self, close_done_cb, closure);
}

void
snug_capture_close (SnugCapture *self, SnugRelay *relay, SnugRelayFunc done)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  g_return_if_fail (SNUG_IS_CAPTURE (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  priv->closed = TRUE;
  take_down_then (self, relay, done);
  set_active (self, FALSE);
}

static void
on_flowing (gpointer owner, gpointer data)
{
  SnugCapture *self = owner;
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  if (priv->pipeline == NULL)
    return;

  priv->silent_ms = 0;
  priv->patience_ms = PATIENCE_MIN_MS;
  set_error (self, NULL);
  set_active (self, TRUE);
}

/* Streaming thread. */
static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugCaptureCounter *counter = user_data;

  g_atomic_int_inc (&counter->n_buffers);
  if (g_atomic_int_compare_and_exchange (&counter->waiting, TRUE, FALSE))
    snug_relay_post (counter->relay, on_flowing, NULL, NULL);

  return GST_PAD_PROBE_OK;
}

static void begin (SnugCapture *self);

static void
on_taken_down (gpointer owner, gpointer data)
{
  SnugCapture *self = owner;
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  priv->retrying = FALSE;
  if (!priv->closed)
    begin (self);
}

static gboolean
on_watch (gpointer user_data)
{
  SnugCapture *self = user_data;
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);
  gboolean sparse = SNUG_CAPTURE_GET_CLASS (self)->sparse;
  int n_buffers = g_atomic_int_get (&priv->counter->n_buffers);

  if (n_buffers != priv->seen_buffers || (sparse && n_buffers != 0))
    {
      priv->seen_buffers = n_buffers;
      priv->silent_ms = 0;
      return G_SOURCE_CONTINUE;
    }

  priv->silent_ms += WATCH_INTERVAL_MS;
  if (priv->silent_ms < SILENCE_MAX_MS)
    return G_SOURCE_CONTINUE;

  g_atomic_int_set (&priv->counter->waiting, TRUE);
  set_active (self, FALSE);
  /* A FIFO whose writer does nothing is no error. */
  if (priv->devices == NULL && !sparse)
    return G_SOURCE_CONTINUE;

  if (priv->error == NULL)
    set_error (self, g_error_new (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_FRAMES,
                                  "The device gave nothing for %d s", SILENCE_MAX_MS / 1000));
  if (priv->devices == NULL)
    return G_SOURCE_CONTINUE;
  if (priv->silent_ms < priv->patience_ms || !snug_pipeline_start_is_done (priv->start))
    return G_SOURCE_CONTINUE;

  /* A camera that hangs may come back when it is opened anew. */
  priv->patience_ms = MIN (priv->patience_ms * 2, PATIENCE_MAX_MS);
  priv->retrying = TRUE;
  priv->watch_id = 0;
  take_down_then (self, priv->relay, on_taken_down);

  return G_SOURCE_REMOVE;
}

static void
on_message (gpointer owner, GstMessage *message)
{
  SnugCapture *self = owner;
  SnugCaptureClass *klass = SNUG_CAPTURE_GET_CLASS (self);
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  if (priv->pipeline == NULL)
    return;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    fail (self, snug_capture_source_error_from_message (priv->source, message));
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    fail (self, g_error_new (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FAILED, "The source has ended"));
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT && klass->message != NULL)
    klass->message (self, message);
}

static void
on_source_error (gpointer owner, gpointer data)
{
  SnugCapture *self = owner;
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  if (priv->pipeline != NULL)
    fail (self, g_error_copy (data));
}

static void
on_start_failed (gpointer owner, gpointer data)
{
  SnugCapture *self = owner;
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  if (priv->pipeline != NULL)
    fail (self, snug_capture_source_error_from_bus (priv->source, priv->pipeline));
}

/* The device that the source names now, or the default one. One that was in use and has gone is replaced by the next: nobody
 * is lost in the middle of a call. One that never was there is not: it may look at something else. NULL: see error; or, without
 * one, the sound server's own default, which follows what the person chooses there. */
static SnugDevice *
find_device (SnugCapture *self, GError **error)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);
  const char *id = snug_media_source_get_value (priv->source);
  SnugDevice *usual = snug_device_list_get_default (priv->devices);
  SnugDevice *device = usual;

  if (id != NULL)
    device = snug_device_list_find (priv->devices, id);
  if (id != NULL && device != NULL)
    priv->chosen_was_used = TRUE;
  priv->has_substitute = device == NULL && usual != NULL && priv->chosen_was_used;
  if (priv->has_substitute)
    device = usual;
  if (device == NULL && snug_device_list_get_error (priv->devices) != NULL)
    {
      g_propagate_error (error, g_error_copy (snug_device_list_get_error (priv->devices)));
      return NULL;
    }
  if (device == NULL && !snug_capture_source_can_open (SNUG_CAPTURE_GET_CLASS (self)->kind, error))
    return NULL;
  if (device == NULL)
    g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE,
                 id != NULL ? "The device “%s” is not there" : "There is no device%s",
                 id != NULL ? id : "");
  else if ((id == NULL || priv->has_substitute) && SNUG_CAPTURE_GET_CLASS (self)->kind == SNUG_MEDIA_AUDIO)
    device = NULL;

  return device != NULL ? g_object_ref (device) : NULL;
}

static void
watch_buffers (SnugCapture *self, GstElement *element)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");
  SnugCaptureCounter *counter = g_new0 (SnugCaptureCounter, 1);

  g_atomic_ref_count_init (&counter->ref_count);
  counter->relay = snug_relay_ref (priv->relay);
  counter->waiting = TRUE;
  g_clear_pointer (&priv->counter, counter_unref);
  priv->counter = counter;
  g_atomic_ref_count_inc (&counter->ref_count);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, counter, counter_unref);

  priv->seen_buffers = 0;
  priv->silent_ms = 0;
  priv->watch_id = g_timeout_add (WATCH_INTERVAL_MS, on_watch, self);
}

static void
begin (SnugCapture *self)
{
  SnugCaptureClass *klass = SNUG_CAPTURE_GET_CLASS (self);
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);
  g_autoptr (GstCaps) caps = klass->get_source_caps (self);
  g_autoptr (GError) error = NULL;
  GstElement *next;

  g_clear_object (&priv->device);
  if (priv->devices != NULL)
    priv->device = find_device (self, &error);
  if (error != NULL)
    {
      set_error (self, g_steal_pointer (&error));
      return;
    }

  priv->pipeline = snug_pipeline_new (
      pipeline_names[klass->kind], on_message, self);
  next = klass->build (self, priv->pipeline);
  priv->head = snug_capture_source_new (priv->source, klass->kind, priv->device, caps,
                                        priv->pipeline, next, priv->relay, on_source_error, &error);
  if (priv->head == NULL)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }

  watch_buffers (self, next);

  priv->start
      = snug_pipeline_start_new (priv->pipeline, GST_STATE_PLAYING, priv->relay, on_start_failed);
}

static gboolean
has_lost_device (SnugCapture *self)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  return priv->device != NULL
         && snug_device_list_find (priv->devices, snug_device_get_id (priv->device)) == NULL;
}

static gboolean
is_chosen_back (SnugCapture *self)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  return priv->has_substitute
         && snug_device_list_find (priv->devices, snug_media_source_get_value (priv->source)) != NULL;
}

static void
on_devices_changed (SnugCapture *self)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  if (priv->closed || priv->retrying || !snug_device_list_get_ready (priv->devices))
    return;

  if (priv->pipeline != NULL && (has_lost_device (self) || is_chosen_back (self)))
    {
      g_info ("The device in use was unplugged, or the chosen one is back");
      /* The next one is opened when the last one has been let go of. */
      priv->retrying = TRUE;
      take_down_then (self, priv->relay, on_taken_down);
      set_active (self, FALSE);
      return;
    }
  if (priv->pipeline == NULL)
    begin (self);
}

void
snug_capture_start (SnugCapture *self, const SnugMediaSource *source)
{
  SnugCaptureClass *klass = SNUG_CAPTURE_GET_CLASS (self);
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  g_return_if_fail (priv->source == NULL);

  priv->source = snug_media_source_copy (source);
  if (snug_media_source_get_source_type (source) != SNUG_MEDIA_SOURCE_DEVICE)
    {
      begin (self);
      return;
    }

  priv->devices = snug_device_list_new (klass->kind == SNUG_MEDIA_VIDEO ? SNUG_DEVICE_CAMERA
                                                                        : SNUG_DEVICE_MICROPHONE);
  g_signal_connect_object (priv->devices, "items-changed", G_CALLBACK (on_devices_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (priv->devices, "notify::ready", G_CALLBACK (on_devices_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (priv->devices, "notify::error", G_CALLBACK (on_devices_changed), self,
                           G_CONNECT_SWAPPED);
  on_devices_changed (self);
  snug_device_list_retry (priv->devices);
}

void
snug_capture_update_source_caps (SnugCapture *self)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  if (priv->head != NULL)
    {
      g_autoptr (GstCaps) caps = SNUG_CAPTURE_GET_CLASS (self)->get_source_caps (self);

      snug_capture_source_set_caps (priv->head, caps);
    }
}

static void
snug_capture_dispose (GObject *object)
{
  SnugCapture *self = SNUG_CAPTURE (object);
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  g_warn_if_fail (snug_engine_is_main_thread ());

  take_down (self, NULL, NULL);
  if (priv->devices != NULL)
    g_signal_handlers_disconnect_by_data (priv->devices, self);
  g_clear_object (&priv->devices);
  g_clear_object (&priv->device);
  g_clear_pointer (&priv->relay, snug_relay_close);

  G_OBJECT_CLASS (snug_capture_parent_class)->dispose (object);
}

static void
snug_capture_finalize (GObject *object)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (SNUG_CAPTURE (object));

  g_clear_pointer (&priv->counter, counter_unref);
  g_clear_pointer (&priv->source, snug_media_source_free);
  g_clear_error (&priv->error);

  G_OBJECT_CLASS (snug_capture_parent_class)->finalize (object);
}

static void
snug_capture_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (SNUG_CAPTURE (object));

  switch ((SnugCaptureProperty) prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, priv->active);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, priv->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_capture_class_init (SnugCaptureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = snug_capture_dispose;
  object_class->finalize = snug_capture_finalize;
  object_class->get_property = snug_capture_get_property;

  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_capture_init (SnugCapture *self)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  priv->relay = snug_relay_new (self);
  priv->patience_ms = PATIENCE_MIN_MS;
}

gboolean
snug_capture_get_active (SnugCapture *self)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  g_return_val_if_fail (SNUG_IS_CAPTURE (self), FALSE);

  return priv->active;
}

const GError *
snug_capture_get_error (SnugCapture *self)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  g_return_val_if_fail (SNUG_IS_CAPTURE (self), NULL);

  return priv->error;
}

const SnugMediaSource *
snug_capture_get_source (SnugCapture *self)
{
  SnugCapturePrivate *priv = snug_capture_get_instance_private (self);

  g_return_val_if_fail (SNUG_IS_CAPTURE (self), NULL);

  return priv->source;
}

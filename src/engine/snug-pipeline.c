/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-pipeline.h"

#include "snug-engine.h"
#include "snug-relay.h"

#define CLOSE_TIMEOUT_SECONDS 10
#define LATENCY_RETRY_MS 20
#define LATENCY_RETRY_KEY "snug-latency-retry"

typedef struct
{
  SnugPipelineMessageFunc handler;
  GWeakRef owner;
} SnugPipelineWatch;

/* One pipeline on its way down. Main context, but for the pipeline, which is the worker's. */
typedef struct
{
  GstElement *pipeline;
  GTask *task; /* NULL once it has returned */
  guint timeout_id;
} SnugPipelineClosing;

static guint n_closing;

static void answer_latency (GstElement *pipeline);

static GstClockTime
get_base_time (GstClock *clock)
{
  static gsize initialized;
  static GstClockTime base_time;

  if (g_once_init_enter (&initialized))
    {
      base_time = gst_clock_get_time (clock);
      g_once_init_leave (&initialized, 1);
    }

  return base_time;
}

GstClockTime
snug_pipeline_now (void)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  GstClockTime base_time = get_base_time (clock);

  return gst_clock_get_time (clock) - base_time;
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  SnugPipelineWatch *watch = user_data;
  g_autoptr (GObject) owner = g_weak_ref_get (&watch->owner);

  if (owner != NULL && watch->handler != NULL)
    watch->handler (owner, message);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_latency_retry (gpointer user_data)
{
  GstElement *pipeline = user_data;

  g_object_set_data (G_OBJECT (pipeline), LATENCY_RETRY_KEY, NULL);
  answer_latency (pipeline);

  return G_SOURCE_REMOVE;
}

/* Telling the sinks takes the lock that a change of state holds, and a worker that brings up a source which does not
 * answer holds it for half a minute. */
static void
answer_latency (GstElement *pipeline)
{
  if (g_object_get_data (G_OBJECT (pipeline), LATENCY_RETRY_KEY) != NULL)
    return;

  if (GST_STATE_TRYLOCK (pipeline))
    {
      gst_bin_recalculate_latency (GST_BIN (pipeline));
      GST_STATE_UNLOCK (pipeline);
      return;
    }

  g_object_set_data (G_OBJECT (pipeline), LATENCY_RETRY_KEY, GINT_TO_POINTER (TRUE));
  g_timeout_add_full (G_PRIORITY_DEFAULT, LATENCY_RETRY_MS, on_latency_retry, gst_object_ref (pipeline),
                      gst_object_unref);
}

static gboolean
on_pipeline_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    {
      g_autoptr (GstObject) source = gst_object_ref (GST_MESSAGE_SRC (message));

      /* Without an answer the sinks never learn of the jitter buffer and nothing is buffered at all. */
      while (source != NULL && !GST_IS_PIPELINE (source))
        {
          GstObject *parent = gst_object_get_parent (source);

          gst_object_unref (source);
          source = parent;
        }
      if (source != NULL)
        answer_latency (GST_ELEMENT (source));
    }

  return on_bus_message (bus, message, user_data);
}

static void
watch_free (gpointer data)
{
  SnugPipelineWatch *watch = data;

  g_weak_ref_clear (&watch->owner);
  g_free (watch);
}

GstElement *
snug_pipeline_new (const char *name, SnugPipelineMessageFunc handler, gpointer owner)
{
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new (name));
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));
  SnugPipelineWatch *watch = g_new0 (SnugPipelineWatch, 1);

  SNUG_ASSERT_MAIN_THREAD ();
  gst_pipeline_use_clock (GST_PIPELINE (pipeline), clock);
  gst_element_set_start_time (pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (pipeline, get_base_time (clock));

  watch->handler = handler;
  g_weak_ref_init (&watch->owner, owner);
  gst_bus_add_watch_full (bus, G_PRIORITY_DEFAULT, on_pipeline_bus_message, watch, watch_free);

  return pipeline;
}

static void
closing_return (SnugPipelineClosing *closing, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&closing->task);

  g_clear_handle_id (&closing->timeout_id, g_source_remove);
  n_closing--;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
on_close_timeout (gpointer user_data)
{
  SnugPipelineClosing *closing = user_data;

  closing->timeout_id = 0;
  g_warning ("A pipeline did not stop within %d s and is abandoned", CLOSE_TIMEOUT_SECONDS);
  closing_return (closing, g_error_new (SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED,
                                        "A pipeline did not stop within %d s",
                                        CLOSE_TIMEOUT_SECONDS));

  return G_SOURCE_REMOVE;
}

static gboolean
on_close_done (gpointer user_data)
{
  SnugPipelineClosing *closing = user_data;

  if (closing->task != NULL)
    closing_return (closing, NULL);
  g_free (closing);

  return G_SOURCE_REMOVE;
}

static void
stop_element (const GValue *item, gpointer user_data)
{
  GstElement *element = g_value_get_object (item);

  if (gst_element_set_state (element, GST_STATE_NULL) == GST_STATE_CHANGE_FAILURE)
    g_info ("%s does not stop", GST_OBJECT_NAME (element));
}

static gpointer
close_in_thread (gpointer user_data)
{
  SnugPipelineClosing *closing = user_data;

  /* A bin leaves the others as they are once one of its elements does not go along, and none may be running when it is let go. */
  if (gst_element_set_state (closing->pipeline, GST_STATE_NULL) == GST_STATE_CHANGE_FAILURE)
    {
      g_autoptr (GstIterator) elements = gst_bin_iterate_elements (GST_BIN (closing->pipeline));

      while (gst_iterator_foreach (elements, stop_element, NULL) == GST_ITERATOR_RESYNC)
        gst_iterator_resync (elements);
      gst_element_set_state (closing->pipeline, GST_STATE_NULL);
    }
  gst_clear_object (&closing->pipeline);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_close_done, closing, NULL);

  return NULL;
}

void
snug_pipeline_close_async (GstElement *pipeline, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (GstBus) bus = NULL;
  SnugPipelineClosing *closing;

  SNUG_ASSERT_MAIN_THREAD ();
  g_task_set_source_tag (task, snug_pipeline_close_async);
  n_closing++;

  closing = g_new0 (SnugPipelineClosing, 1);
  closing->pipeline = pipeline;
  closing->task = g_steal_pointer (&task);

  if (pipeline == NULL)
    {
      g_idle_add_full (G_PRIORITY_DEFAULT, on_close_done, closing, NULL);
      return;
    }

  g_return_if_fail (GST_IS_PIPELINE (pipeline));

  bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));
  gst_bus_remove_watch (bus);
  gst_bus_set_flushing (bus, TRUE);

  closing->timeout_id = g_timeout_add_seconds (CLOSE_TIMEOUT_SECONDS, on_close_timeout, closing);
  g_thread_unref (g_thread_new ("snug-close", close_in_thread, closing));
}

gboolean
snug_pipeline_close_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, snug_pipeline_close_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

guint
snug_pipeline_get_n_closing (void)
{
  return n_closing;
}

GstElement *
snug_pipeline_add (GstElement *bin, const char *factory, const char *first_property, ...)
{
  GstElement *element = gst_element_factory_make (factory, NULL);
  va_list args;

  /* snug_engine_init() has made sure that it exists. */
  g_assert (element != NULL);

  va_start (args, first_property);
  g_object_set_valist (G_OBJECT (element), first_property, args);
  va_end (args);
  gst_bin_add (GST_BIN (bin), element);

  return element;
}

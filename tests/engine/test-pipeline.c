/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a pipeline comes to its end.
 */
#include <gst/base/gstbasesink.h>

#include "snug-await.h"
#include "snug-pipeline.h"
#include "snug-test-call.h"

/* Does not want to stop when it is asked for the first time. */
typedef struct
{
  GstBaseSink parent_instance;
  gboolean asked;
} StubbornSink;
typedef GstBaseSinkClass StubbornSinkClass;

GType stubborn_sink_get_type (void);
G_DEFINE_TYPE (StubbornSink, stubborn_sink, GST_TYPE_BASE_SINK)

static GstStateChangeReturn
stubborn_sink_change_state (GstElement *element, GstStateChange change)
{
  StubbornSink *self = (StubbornSink *) element;

  if (change == GST_STATE_CHANGE_PAUSED_TO_READY && !self->asked)
    {
      self->asked = TRUE;
      return GST_STATE_CHANGE_FAILURE;
    }
  return GST_ELEMENT_CLASS (stubborn_sink_parent_class)->change_state (element, change);
}

static void
stubborn_sink_class_init (StubbornSinkClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  gst_element_class_add_pad_template (element_class,
                                      gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_CAPS_ANY));
  gst_element_class_set_static_metadata (element_class, "Stubborn sink", "Sink", "Stops when asked twice", "Snug");
  element_class->change_state = stubborn_sink_change_state;
}

static void
stubborn_sink_init (StubbornSink *self)
{
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (snug_pipeline_close_finish (result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
on_message (gpointer owner, GstMessage *message)
{
}

/* One that does not go along leaves nobody running: GStreamer would say so, and that is fatal here. */
static void
test_stubborn (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  GstElement *pipeline = snug_pipeline_new ("stubborn", on_message, owner);
  GstElement *source = snug_pipeline_add (pipeline, "fakesrc", "is-live", TRUE, NULL);
  GstElement *sink = g_object_new (stubborn_sink_get_type (), NULL);
  gboolean closed = FALSE;

  gst_bin_add (GST_BIN (pipeline), sink);
  g_assert_true (gst_element_link (source, sink));
  g_assert_cmpint (gst_element_set_state (pipeline, GST_STATE_PLAYING), !=, GST_STATE_CHANGE_FAILURE);
  gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);

  snug_pipeline_close_async (pipeline, on_closed, &closed);
  snug_await (closed);
  g_assert_cmpuint (snug_pipeline_get_n_closing (), ==, 0);
}

int
main (int argc, char *argv[])
{
  snug_test_init (&argc, &argv);

  g_test_add_func ("/pipeline/stubborn", test_stubborn);

  return snug_test_run ();
}

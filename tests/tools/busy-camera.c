/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plugin of GStreamer in the place of its Video4Linux one, with one camera that another program has: whoever opens it is told
 * what v4l2src tells then. PipeWire gives a camera to everybody who wants it, so there it can't be made.
 */
#include <gst/base/gstpushsrc.h>
#include <gst/gst.h>

#define PACKAGE "snug-tests"
#define CAPS "video/x-raw, format=(string)I420, width=(int)640, height=(int)360, framerate=(fraction)30/1"

static GstStaticPadTemplate template = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS));

G_DECLARE_FINAL_TYPE (BusySource, busy_source, BUSY, SOURCE, GstPushSrc)

struct _BusySource
{
  GstPushSrc parent_instance;
};

G_DEFINE_FINAL_TYPE (BusySource, busy_source, GST_TYPE_PUSH_SRC)

static gboolean
busy_source_start (GstBaseSrc *source)
{
  GST_ELEMENT_ERROR (source, RESOURCE, BUSY, ("Device '/dev/video0' is busy"),
                     ("Call to S_FMT failed: Device or resource busy"));
  return FALSE;
}

static void
busy_source_class_init (BusySourceClass *klass)
{
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass), &template);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Busy camera", "Source/Video", "Is never free", "Snug");
  GST_BASE_SRC_CLASS (klass)->start = busy_source_start;
}

static void
busy_source_init (BusySource *self)
{
}

G_DECLARE_FINAL_TYPE (BusyDevice, busy_device, BUSY, DEVICE, GstDevice)

struct _BusyDevice
{
  GstDevice parent_instance;
};

G_DEFINE_FINAL_TYPE (BusyDevice, busy_device, GST_TYPE_DEVICE)

static GstElement *
busy_device_create_element (GstDevice *device, const char *name)
{
  return gst_element_factory_make ("v4l2src", name);
}

static void
busy_device_class_init (BusyDeviceClass *klass)
{
  GST_DEVICE_CLASS (klass)->create_element = busy_device_create_element;
}

static void
busy_device_init (BusyDevice *self)
{
}

G_DECLARE_FINAL_TYPE (BusyProvider, busy_provider, BUSY, PROVIDER, GstDeviceProvider)

struct _BusyProvider
{
  GstDeviceProvider parent_instance;
};

G_DEFINE_FINAL_TYPE (BusyProvider, busy_provider, GST_TYPE_DEVICE_PROVIDER)

static GList *
busy_provider_probe (GstDeviceProvider *provider)
{
  GstCaps *caps = gst_caps_from_string (CAPS);
  GstStructure *properties = gst_structure_new ("v4l2deviceprovider", "device.path", G_TYPE_STRING, "/dev/video0", NULL);
  GstDevice *device = g_object_new (busy_device_get_type (), "display-name", "Busy camera", "device-class", "Video/Source", "caps",
                                    caps, "properties", properties, NULL);

  gst_caps_unref (caps);
  gst_structure_free (properties);
  return g_list_prepend (NULL, gst_object_ref_sink (device));
}

/* It is there from the start, and stays. */
static gboolean
busy_provider_start (GstDeviceProvider *provider)
{
  GList *devices = busy_provider_probe (provider);

  gst_device_provider_device_add (provider, devices->data);
  g_list_free_full (devices, gst_object_unref);
  return TRUE;
}

static void
busy_provider_stop (GstDeviceProvider *provider)
{
}

static void
busy_provider_class_init (BusyProviderClass *klass)
{
  GstDeviceProviderClass *provider_class = GST_DEVICE_PROVIDER_CLASS (klass);

  provider_class->probe = busy_provider_probe;
  provider_class->start = busy_provider_start;
  provider_class->stop = busy_provider_stop;
  gst_device_provider_class_set_static_metadata (provider_class, "Busy camera", "Source/Video", "One that is never free", "Snug");
}

static void
busy_provider_init (BusyProvider *self)
{
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  return gst_element_register (plugin, "v4l2src", GST_RANK_PRIMARY, busy_source_get_type ())
         && gst_device_provider_register (plugin, "v4l2deviceprovider", GST_RANK_PRIMARY, busy_provider_get_type ());
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, busycamera, "A camera that is never free", plugin_init, "1", "GPL", "snug",
                   "snug")

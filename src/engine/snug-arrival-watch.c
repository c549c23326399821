/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-arrival-watch.h"

/* What the streaming threads write, shared with the probes. In milliseconds since the watch began, because there is no
 * atomic integer of 64 bits on every machine; 0: nothing yet. */
typedef struct
{
  gint64 began;
  guint last; /* atomic */
  SnugRelay *relay;
  SnugRelayFunc first;
} SnugArrivals;

struct _SnugArrivalWatch
{
  GstElement *webrtcbin;
  gulong handler;
  SnugArrivals *arrivals;
};

static void
clear_arrivals (gpointer data)
{
  snug_relay_unref (((SnugArrivals *) data)->relay);
}

static void
release_arrivals (gpointer arrivals)
{
  g_atomic_rc_box_release_full (arrivals, clear_arrivals);
}

static void
release_arrivals_closure (gpointer arrivals, GClosure *closure)
{
  release_arrivals (arrivals);
}

/* The two below run on any thread, with GStreamer's objects only. */
static GstPadProbeReturn
on_packet_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugArrivals *arrivals = user_data;

  guint now = (guint) ((g_get_monotonic_time () - arrivals->began) / 1000) + 1;

  if (g_atomic_int_compare_and_exchange (&arrivals->last, 0, now))
    snug_relay_post (arrivals->relay, arrivals->first, NULL, NULL);
  else
    g_atomic_int_set (&arrivals->last, now);

  return GST_PAD_PROBE_OK;
}

static void
on_deep_element_added_cb (GstBin *bin, GstBin *sub_bin, GstElement *element, gpointer user_data)
{
  static const char *const names[] = { "rtp_src", "rtcp_src" };
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory == NULL || !g_str_equal (GST_OBJECT_NAME (factory), "dtlssrtpdec"))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GstPad) pad = gst_element_get_static_pad (element, names[i]);

      if (pad != NULL)
        gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet_cb,
                           g_atomic_rc_box_acquire (user_data), release_arrivals);
    }
}

SnugArrivalWatch *
snug_arrival_watch_new (GstElement *webrtcbin, SnugRelay *relay, SnugRelayFunc first)
{
  SnugArrivalWatch *self;

  g_return_val_if_fail (GST_IS_ELEMENT (webrtcbin), NULL);

  self = g_new0 (SnugArrivalWatch, 1);
  self->webrtcbin = gst_object_ref (webrtcbin);
  self->arrivals = g_atomic_rc_box_new0 (SnugArrivals);
  self->arrivals->began = g_get_monotonic_time ();
  self->arrivals->relay = snug_relay_ref (relay);
  self->arrivals->first = first;
  self->handler
      = g_signal_connect_data (webrtcbin, "deep-element-added", G_CALLBACK (on_deep_element_added_cb),
                               g_atomic_rc_box_acquire (self->arrivals), release_arrivals_closure, 0);

  return self;
}

void
snug_arrival_watch_free (SnugArrivalWatch *self)
{
  g_return_if_fail (self != NULL);

  g_signal_handler_disconnect (self->webrtcbin, self->handler);
  gst_object_unref (self->webrtcbin);
  release_arrivals (self->arrivals);
  g_free (self);
}

gint64
snug_arrival_watch_get_last (SnugArrivalWatch *self)
{
  guint last;

  g_return_val_if_fail (self != NULL, 0);

  last = g_atomic_int_get (&self->arrivals->last);

  return last == 0 ? 0 : self->arrivals->began + 1000 * (gint64) (last - 1);
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-dtls-watch.h"

#include "snug-dtls-hello.h"

/* GstDtlsSrtpCipher and GstDtlsSrtpAuth, of a header that is not installed. */
#define SRTP_CIPHER_AES_128_ICM 1
#define SRTP_AUTH_HMAC_SHA1_32 1
#define SRTP_AUTH_HMAC_SHA1_80 2

/* What the streaming threads write: the ServerHello's two numbers in one, 0 before. Shared with the probes. */
typedef struct
{
  guint agreed; /* atomic */
} SnugDtlsSight;

struct _SnugDtlsWatch
{
  GstElement *webrtcbin;
  gulong handler;
  SnugDtlsSight *sight;
  const char *cipher;       /* static, once looked up */
  const char *srtp_profile; /* static, once looked up */
};

static void
release_sight (gpointer sight)
{
  g_atomic_rc_box_release (sight);
}

static void
release_sight_closure (gpointer sight, GClosure *closure)
{
  g_atomic_rc_box_release (sight);
}

/* The three below run on any thread, with GStreamer's objects only. */
static void
look_at (GstBuffer *buffer, SnugDtlsSight *sight)
{
  SnugDtlsHello hello;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  if (snug_dtls_hello_find (map.data, map.size, &hello))
    g_atomic_int_set (&sight->agreed, (guint) hello.version << 16 | hello.cipher_suite);
  gst_buffer_unmap (buffer, &map);
}

static GstPadProbeReturn
on_datagram_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  SnugDtlsSight *sight = user_data;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    {
      GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);

      for (guint i = 0; i < gst_buffer_list_length (list); i++)
        look_at (gst_buffer_list_get (list, i), sight);
    }
  else
    look_at (GST_PAD_PROBE_INFO_BUFFER (info), sight);

  return g_atomic_int_get (&sight->agreed) != 0 ? GST_PAD_PROBE_REMOVE : GST_PAD_PROBE_OK;
}

static void
on_deep_element_added_cb (GstBin *bin, GstBin *sub_bin, GstElement *element, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";
  /* One of the two sides says hello as the server. */
  const char *pad_name = g_str_equal (name, "dtlsdec") ? "sink" : g_str_equal (name, "dtlsenc") ? "src" : NULL;
  g_autoptr (GstPad) pad = NULL;

  if (pad_name == NULL)
    return;
  pad = gst_element_get_static_pad (element, pad_name);
  if (pad != NULL)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_datagram_cb,
                       g_atomic_rc_box_acquire (user_data), release_sight);
}

SnugDtlsWatch *
snug_dtls_watch_new (GstElement *webrtcbin)
{
  SnugDtlsWatch *self = g_new0 (SnugDtlsWatch, 1);

  g_return_val_if_fail (GST_IS_ELEMENT (webrtcbin), NULL);

  self->webrtcbin = gst_object_ref (webrtcbin);
  self->sight = g_atomic_rc_box_new0 (SnugDtlsSight);
  self->handler = g_signal_connect_data (webrtcbin, "deep-element-added", G_CALLBACK (on_deep_element_added_cb),
                                         g_atomic_rc_box_acquire (self->sight), release_sight_closure, 0);

  return self;
}

void
snug_dtls_watch_free (SnugDtlsWatch *self)
{
  if (self == NULL)
    return;

  g_signal_handler_disconnect (self->webrtcbin, self->handler);
  gst_object_unref (self->webrtcbin);
  g_atomic_rc_box_release (self->sight);
  g_free (self);
}

const char *
snug_dtls_watch_get_version (SnugDtlsWatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return snug_dtls_hello_get_version_name ((guint16) (g_atomic_int_get (&self->sight->agreed) >> 16));
}

const char *
snug_dtls_watch_get_cipher (SnugDtlsWatch *self)
{
  guint agreed;

  g_return_val_if_fail (self != NULL, NULL);

  agreed = g_atomic_int_get (&self->sight->agreed);
  if (self->cipher == NULL && agreed != 0)
    self->cipher = snug_dtls_hello_get_cipher_name ((guint16) (agreed & 0xFFFF));

  return self->cipher;
}

static const char *
read_srtp_profile (GstElement *decoder)
{
  guint cipher = 0, auth = 0;

  g_object_get (decoder, "srtp-cipher", &cipher, "srtp-auth", &auth, NULL);
  if (cipher != SRTP_CIPHER_AES_128_ICM)
    return NULL;
  if (auth == SRTP_AUTH_HMAC_SHA1_80)
    return "AES_128_CM_HMAC_SHA1_80";
  return auth == SRTP_AUTH_HMAC_SHA1_32 ? "AES_128_CM_HMAC_SHA1_32" : NULL;
}

const char *
snug_dtls_watch_get_srtp_profile (SnugDtlsWatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->srtp_profile == NULL && g_atomic_int_get (&self->sight->agreed) != 0)
    {
      GstIterator *decoders = gst_bin_iterate_all_by_element_factory_name (GST_BIN (self->webrtcbin), "dtlsdec");
      GValue item = G_VALUE_INIT;

      while (self->srtp_profile == NULL && gst_iterator_next (decoders, &item) == GST_ITERATOR_OK)
        {
          self->srtp_profile = read_srtp_profile (g_value_get_object (&item));
          g_value_unset (&item);
        }
      gst_iterator_free (decoders);
    }

  return self->srtp_profile;
}

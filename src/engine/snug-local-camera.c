/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-local-camera.h"

#include "snug-encoded-feed-private.h"
#include "snug-engine.h"
#include "snug-relay.h"
#include "snug-video-capture.h"

#define DEFAULT_WIDTH 1280
#define DEFAULT_HEIGHT 720
#define DEFAULT_FRAMERATE 30
#define DEFAULT_KBIT_PER_SECOND 2500
#define SIZE_MIN 16
#define SIZE_MAX_PIXELS 4096
#define FRAMERATE_MAX 60
#define KBIT_PER_SECOND_MIN 30
#define KBIT_PER_SECOND_MAX 20000

struct _SnugLocalCamera
{
  GObject parent_instance;

  SnugRelay *relay;
  SnugMediaSource *source;
  gboolean enabled;
  gboolean suspended;
  SnugVideoFormat format;
  SnugVideoFormat opened_format; /* what the camera was asked for when it was opened */
  guint kbit_per_second;         /* at most */
  guint64 bits_per_second;       /* now; 0: not planned yet */
  gboolean hold;
  SnugVideoFeed *preview;
  SnugEncodedFeed *encoded;

  SnugVideoCapture *capture; /* NULL: not wanted, or the one before is still closing */
  gboolean closing;

  /* As last notified. */
  gboolean active;
  GError *error;
};

typedef enum
{
  PROP_ACTIVE = 1,
  PROP_ERROR,
  N_PROPS
} SnugLocalCameraProperty;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SnugLocalCamera, snug_local_camera, G_TYPE_OBJECT)

static void update (SnugLocalCamera *self);

static gboolean
same_error (const GError *a, const GError *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return a->code == b->code && g_str_equal (a->message, b->message);
}

/* What the two properties that follow from the capture say now. */
static void
update_state (SnugLocalCamera *self)
{
  SnugCapture *capture = self->capture != NULL ? SNUG_CAPTURE (self->capture) : NULL;
  gboolean flowing = capture != NULL && snug_capture_get_active (capture);
  const GError *error = capture != NULL ? snug_capture_get_error (capture) : NULL;

  g_object_freeze_notify (G_OBJECT (self));
  if (self->active != (flowing && self->enabled))
    {
      self->active = flowing && self->enabled;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
    }
  if (!same_error (self->error, error))
    {
      g_clear_error (&self->error);
      self->error = error != NULL ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  if (!flowing)
    snug_video_feed_reset (self->preview);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
update_encoding (SnugLocalCamera *self)
{
  /* The gate behind the encoder is what makes it certain that nothing leaves; what stands before it saves the work. */
  snug_encoded_feed_set_open (self->encoded, self->enabled && !self->suspended);
  if (self->capture != NULL)
    snug_video_capture_set_encoding (self->capture, snug_encoded_feed_has_listeners (self->encoded) && self->enabled);
}

static void
on_closed (gpointer owner, gpointer data)
{
  SnugLocalCamera *self = owner;

  self->closing = FALSE;
  update (self);
}

static void
close_capture (SnugLocalCamera *self)
{
  g_autoptr (SnugVideoCapture) capture = g_steal_pointer (&self->capture);

  g_signal_handlers_disconnect_by_data (capture, self);
  self->closing = TRUE;
  snug_capture_close (SNUG_CAPTURE (capture), self->relay, on_closed);
}

static void
open_capture (SnugLocalCamera *self)
{
  self->opened_format = self->format;
  self->capture = snug_video_capture_new (self->source, &self->format, self->kbit_per_second * 1000, self->preview,
                                          self->encoded);
  if (self->bits_per_second > 0)
    snug_video_capture_set_rate (self->capture, (guint) self->bits_per_second, self->hold);
  g_signal_connect_swapped (self->capture, "notify::active", G_CALLBACK (update_state), self);
  g_signal_connect_swapped (self->capture, "notify::error", G_CALLBACK (update_state), self);
}

/* Brings what is there to what is wanted. */
static void
update (SnugLocalCamera *self)
{
  gboolean wanted = !self->suspended && self->enabled
                    && snug_media_source_get_source_type (self->source) != SNUG_MEDIA_SOURCE_NONE;

  if (self->capture != NULL
      && (!wanted
          || !snug_media_source_equal (snug_capture_get_source (SNUG_CAPTURE (self->capture)), self->source)))
    close_capture (self);
  /* A camera can't be opened before it has been let go of. */
  if (wanted && self->capture == NULL && !self->closing)
    open_capture (self);

  update_encoding (self);
  update_state (self);
}

static void
on_key_frame (SnugLocalCamera *self)
{
  if (self->capture != NULL)
    snug_video_capture_force_key_frame (self->capture);
}

static void
snug_local_camera_dispose (GObject *object)
{
  SnugLocalCamera *self = SNUG_LOCAL_CAMERA (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  if (self->capture != NULL)
    {
      /* The feed may have other holders, who must not see it trickle on. */
      snug_encoded_feed_set_open (self->encoded, FALSE);
      close_capture (self);
    }
  if (self->encoded != NULL)
    g_signal_handlers_disconnect_by_data (self->encoded, self);
  g_clear_pointer (&self->relay, snug_relay_close);

  G_OBJECT_CLASS (snug_local_camera_parent_class)->dispose (object);
}

static void
snug_local_camera_finalize (GObject *object)
{
  SnugLocalCamera *self = SNUG_LOCAL_CAMERA (object);

  g_clear_pointer (&self->source, snug_media_source_free);
  g_clear_object (&self->preview);
  g_clear_object (&self->encoded);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_local_camera_parent_class)->finalize (object);
}

static void
snug_local_camera_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugLocalCamera *self = SNUG_LOCAL_CAMERA (object);

  switch ((SnugLocalCameraProperty) prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->active);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_local_camera_class_init (SnugLocalCameraClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = snug_local_camera_dispose;
  object_class->finalize = snug_local_camera_finalize;
  object_class->get_property = snug_local_camera_get_property;

  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_local_camera_init (SnugLocalCamera *self)
{
  self->relay = snug_relay_new (self);
  self->source = snug_media_source_new (SNUG_MEDIA_SOURCE_NONE, NULL);
  self->enabled = TRUE;
  self->format = (SnugVideoFormat) { DEFAULT_WIDTH, DEFAULT_HEIGHT, DEFAULT_FRAMERATE };
  self->kbit_per_second = DEFAULT_KBIT_PER_SECOND;
  self->preview = snug_video_feed_new ();
  self->encoded = snug_encoded_feed_new ();
  g_signal_connect_swapped (self->encoded, "listeners-changed", G_CALLBACK (update_encoding), self);
  g_signal_connect_swapped (self->encoded, "key-frame", G_CALLBACK (on_key_frame), self);
}

SnugLocalCamera *
snug_local_camera_new (void)
{
  return g_object_new (SNUG_TYPE_LOCAL_CAMERA, NULL);
}

gboolean
snug_local_camera_set_source (SnugLocalCamera *self, const SnugMediaSource *source)
{
  gboolean is_same;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_val_if_fail (SNUG_IS_LOCAL_CAMERA (self), FALSE);
  g_return_val_if_fail (source != NULL, FALSE);

  is_same = snug_media_source_equal (self->source, source);
  if (is_same && self->error == NULL)
    return FALSE;
  if (is_same && self->capture != NULL)
    close_capture (self);
  if (!is_same)
    {
      snug_media_source_free (self->source);
      self->source = snug_media_source_copy (source);
    }
  update (self);

  return !is_same;
}

const SnugMediaSource *
snug_local_camera_get_source (SnugLocalCamera *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_CAMERA (self), NULL);

  return self->source;
}

void
snug_local_camera_set_enabled (SnugLocalCamera *self, gboolean enabled)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_CAMERA (self));

  self->enabled = enabled;
  update (self);
}

gboolean
snug_local_camera_get_enabled (SnugLocalCamera *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_CAMERA (self), FALSE);

  return self->enabled;
}

void
snug_local_camera_set_suspended (SnugLocalCamera *self, gboolean suspended)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_CAMERA (self));

  self->suspended = suspended;
  update (self);
}

void
snug_local_camera_set_format (SnugLocalCamera *self, guint width, guint height, guint framerate)
{
  SnugVideoFormat format = {
    .width = CLAMP (width, SIZE_MIN, SIZE_MAX_PIXELS) & ~1u,
    .height = CLAMP (height, SIZE_MIN, SIZE_MAX_PIXELS) & ~1u,
    .framerate = CLAMP (framerate, 1, FRAMERATE_MAX),
  };

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_CAMERA (self));

  if (snug_video_format_equal (&format, &self->format))
    return;
  self->format = format;
  if (self->capture == NULL)
    return;

  /* Less than the camera gives is a matter of scaling; for more it may have another mode. */
  if (snug_media_source_get_source_type (self->source) == SNUG_MEDIA_SOURCE_DEVICE
      && (format.width > self->opened_format.width || format.height > self->opened_format.height
          || format.framerate > self->opened_format.framerate))
    {
      close_capture (self);
      update (self);
      return;
    }

  snug_video_capture_set_format (self->capture, &format);
}

void
snug_local_camera_set_most (SnugLocalCamera *self, guint kbit_per_second)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_CAMERA (self));

  self->kbit_per_second = CLAMP (kbit_per_second, KBIT_PER_SECOND_MIN, KBIT_PER_SECOND_MAX);
}

guint64
snug_local_camera_get_wish (SnugLocalCamera *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_CAMERA (self), 0);

  return self->active ? (guint64) self->kbit_per_second * 1000 : 0;
}

void
snug_local_camera_set_rate (SnugLocalCamera *self, guint64 bits_per_second, gboolean hold)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_CAMERA (self));

  self->bits_per_second = MIN (bits_per_second, (guint64) self->kbit_per_second * 1000);
  self->hold = hold;
  snug_encoded_feed_set_key_frame_interval (self->encoded, snug_video_ladder_get_key_frame_interval (self->bits_per_second));
  if (self->capture != NULL)
    snug_video_capture_set_rate (self->capture, (guint) self->bits_per_second, hold);
}

void
snug_local_camera_get_sent_format (SnugLocalCamera *self, guint *width, guint *height, double *framerate)
{
  double rate;

  g_return_if_fail (SNUG_IS_LOCAL_CAMERA (self));

  rate = snug_encoded_feed_get_rate (self->encoded);
  *width = *height = 0;
  *framerate = 0.0;
  if (self->active)
    {
      snug_video_capture_get_size (self->capture, width, height);
      *framerate = *width > 0 ? rate : 0.0;
    }
}

gboolean
snug_local_camera_get_active (SnugLocalCamera *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_CAMERA (self), FALSE);

  return self->active;
}

const GError *
snug_local_camera_get_error (SnugLocalCamera *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_CAMERA (self), NULL);

  return self->error;
}

SnugEncodedFeed *
snug_local_camera_get_feed (SnugLocalCamera *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_CAMERA (self), NULL);

  return self->encoded;
}

SnugVideoFeed *
snug_local_camera_get_preview (SnugLocalCamera *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_CAMERA (self), NULL);

  return self->preview;
}

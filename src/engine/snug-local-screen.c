/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-local-screen.h"

#include "snug-encoded-feed-private.h"
#include "snug-engine.h"
#include "snug-relay.h"
#include "snug-screen-capture.h"

/* bit/s: more is not seen. */
#define MOST 2500000

struct _SnugLocalScreen
{
  GObject parent_instance;

  SnugRelay *relay;
  SnugMediaSource *source;
  SnugScreenMode mode;
  gboolean frozen;
  guint64 bits_per_second;
  gboolean hold;
  SnugEncodedFeed *encoded;

  SnugScreenCapture *capture; /* NULL: no source, or the one before is still closing */
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
} SnugLocalScreenProperty;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SnugLocalScreen, snug_local_screen, G_TYPE_OBJECT)

static void update (SnugLocalScreen *self);

static gboolean
has_source (SnugLocalScreen *self)
{
  return snug_media_source_get_source_type (self->source) != SNUG_MEDIA_SOURCE_NONE;
}

static void
update_encoding (SnugLocalScreen *self)
{
  snug_encoded_feed_set_open (self->encoded, has_source (self));
  if (self->capture != NULL)
    snug_screen_capture_set_encoding (self->capture, snug_encoded_feed_has_listeners (self->encoded));
}

static void
update_state (SnugLocalScreen *self)
{
  SnugCapture *capture = self->capture != NULL ? SNUG_CAPTURE (self->capture) : NULL;
  gboolean active = capture != NULL && snug_capture_get_active (capture);
  const GError *error = capture != NULL ? snug_capture_get_error (capture) : NULL;

  g_object_freeze_notify (G_OBJECT (self));
  if (self->active != active)
    {
      self->active = active;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
    }
  if ((self->error == NULL) != (error == NULL)
      || (error != NULL && !g_error_matches (self->error, error->domain, error->code)))
    {
      g_clear_error (&self->error);
      self->error = error != NULL ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
on_closed (gpointer owner, gpointer data)
{
  SnugLocalScreen *self = owner;

  self->closing = FALSE;
  update (self);
}

static void
close_capture (SnugLocalScreen *self)
{
  g_autoptr (SnugScreenCapture) capture = g_steal_pointer (&self->capture);

  g_signal_handlers_disconnect_by_data (capture, self);
  self->closing = TRUE;
  snug_capture_close (SNUG_CAPTURE (capture), self->relay, on_closed);
}

static void
open_capture (SnugLocalScreen *self)
{
  self->capture
      = snug_screen_capture_new (self->source, self->mode, (guint) self->bits_per_second, self->encoded);
  snug_screen_capture_set_rate (self->capture, (guint) self->bits_per_second, self->hold);
  snug_screen_capture_set_frozen (self->capture, self->frozen);
  g_signal_connect_swapped (self->capture, "notify::active", G_CALLBACK (update_state), self);
  g_signal_connect_swapped (self->capture, "notify::error", G_CALLBACK (update_state), self);
}

/* Brings what is there to what is wanted. */
static void
update (SnugLocalScreen *self)
{
  if (self->capture != NULL
      && !snug_media_source_equal (snug_capture_get_source (SNUG_CAPTURE (self->capture)), self->source))
    close_capture (self);
  if (has_source (self) && self->capture == NULL && !self->closing)
    open_capture (self);

  update_encoding (self);
  update_state (self);
}

static void
on_key_frame (SnugLocalScreen *self)
{
  if (self->capture != NULL)
    snug_screen_capture_force_key_frame (self->capture);
}

static void
snug_local_screen_dispose (GObject *object)
{
  SnugLocalScreen *self = SNUG_LOCAL_SCREEN (object);

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

  G_OBJECT_CLASS (snug_local_screen_parent_class)->dispose (object);
}

static void
snug_local_screen_finalize (GObject *object)
{
  SnugLocalScreen *self = SNUG_LOCAL_SCREEN (object);

  g_clear_pointer (&self->source, snug_media_source_free);
  g_clear_object (&self->encoded);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_local_screen_parent_class)->finalize (object);
}

static void
snug_local_screen_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugLocalScreen *self = SNUG_LOCAL_SCREEN (object);

  switch ((SnugLocalScreenProperty) prop_id)
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
snug_local_screen_class_init (SnugLocalScreenClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = snug_local_screen_dispose;
  object_class->finalize = snug_local_screen_finalize;
  object_class->get_property = snug_local_screen_get_property;

  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_local_screen_init (SnugLocalScreen *self)
{
  self->relay = snug_relay_new (self);
  self->source = snug_media_source_new (SNUG_MEDIA_SOURCE_NONE, NULL);
  self->bits_per_second = MOST;
  self->encoded = snug_encoded_feed_new ();
  snug_encoded_feed_set_open (self->encoded, FALSE);
  g_signal_connect_swapped (self->encoded, "listeners-changed", G_CALLBACK (update_encoding), self);
  g_signal_connect_swapped (self->encoded, "key-frame", G_CALLBACK (on_key_frame), self);
}

SnugLocalScreen *
snug_local_screen_new (void)
{
  return g_object_new (SNUG_TYPE_LOCAL_SCREEN, NULL);
}

void
snug_local_screen_set_source (SnugLocalScreen *self, const SnugMediaSource *source)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_SCREEN (self));
  g_return_if_fail (source != NULL);

  if (snug_media_source_equal (self->source, source))
    return;

  snug_media_source_free (self->source);
  self->source = snug_media_source_copy (source);
  update (self);
}

void
snug_local_screen_set_mode (SnugLocalScreen *self, SnugScreenMode mode)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_SCREEN (self));

  if (self->mode == mode)
    return;

  self->mode = mode;
  if (self->capture != NULL)
    snug_screen_capture_set_mode (self->capture, mode);
}

void
snug_local_screen_set_frozen (SnugLocalScreen *self, gboolean frozen)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_SCREEN (self));

  self->frozen = frozen;
  if (self->capture != NULL)
    snug_screen_capture_set_frozen (self->capture, frozen);
}

guint64
snug_local_screen_get_wish (SnugLocalScreen *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_SCREEN (self), 0);

  return self->active ? MOST : 0;
}

void
snug_local_screen_set_rate (SnugLocalScreen *self, guint64 bits_per_second, gboolean hold)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_LOCAL_SCREEN (self));

  self->bits_per_second = MIN (bits_per_second, MOST);
  self->hold = hold;
  snug_encoded_feed_set_key_frame_interval (self->encoded, snug_video_ladder_get_key_frame_interval (self->bits_per_second));
  if (self->capture != NULL)
    snug_screen_capture_set_rate (self->capture, (guint) self->bits_per_second, hold);
}

gboolean
snug_local_screen_get_active (SnugLocalScreen *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_SCREEN (self), FALSE);

  return self->active;
}

const GError *
snug_local_screen_get_error (SnugLocalScreen *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_SCREEN (self), NULL);

  return self->error;
}

SnugEncodedFeed *
snug_local_screen_get_feed (SnugLocalScreen *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_SCREEN (self), NULL);

  return self->encoded;
}

/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-screen-share.h"

#include <gst/gst.h>

#include "snug-engine.h"
#include "snug-local-media-private.h"
#include "snug-portal.h"
#include "snug-relay.h"
#include "snug-screen-cast.h"

struct _SnugScreenShare
{
  GObject parent_instance;

  SnugLocalMedia *local_media;
  SnugLocalScreen *screen; /* the local media's */
  SnugScreenShareWay way;
  SnugScreenCast *cast; /* NULL: not by way of the portal, or not now */
  GCancellable *probe;  /* NULL: nobody has asked yet */

  SnugScreenShareState state;
  GError *error;
  SnugScreenMode mode;
  gboolean available;
  char *restore_token;
};

typedef enum
{
  PROP_STATE = 1,
  PROP_ERROR,
  PROP_MODE,
  PROP_AVAILABLE,
  PROP_RESTORE_TOKEN,
  N_PROPS
} SnugScreenShareProperty;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SnugScreenShare, snug_screen_share, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SnugScreenShareState, snug_screen_share_state,
                    G_DEFINE_ENUM_VALUE (SNUG_SCREEN_SHARE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (SNUG_SCREEN_SHARE_ASKING, "asking"),
                    G_DEFINE_ENUM_VALUE (SNUG_SCREEN_SHARE_SHARING, "sharing"),
                    G_DEFINE_ENUM_VALUE (SNUG_SCREEN_SHARE_PAUSED, "paused"))

static void end (SnugScreenShare *self, GError *error);

static void
notify (SnugScreenShare *self, SnugScreenShareProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_state (SnugScreenShare *self, SnugScreenShareState state)
{
  if (self->state == state)
    return;
  self->state = state;
  notify (self, PROP_STATE);
}

/* error: (transfer full) (nullable) */
static void
set_error (SnugScreenShare *self, GError *error)
{
  if (self->error == NULL && error == NULL)
    return;
  g_clear_error (&self->error);
  self->error = error;
  notify (self, PROP_ERROR);
}

static void
on_cast_closed (SnugScreenShare *self)
{
  end (self, g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FAILED, "The system ended the share"));
}

static void
close_cast (SnugScreenShare *self)
{
  g_autoptr (SnugScreenCast) cast = g_steal_pointer (&self->cast);

  if (cast == NULL)
    return;
  g_signal_handlers_disconnect_by_data (cast, self);
  snug_screen_cast_close (cast);
}

/* error: (transfer full) (nullable): NULL: as the person wanted. */
static void
end (SnugScreenShare *self, GError *error)
{
  g_autoptr (SnugMediaSource) none = snug_media_source_new (SNUG_MEDIA_SOURCE_NONE, NULL);

  g_object_freeze_notify (G_OBJECT (self));
  set_state (self, SNUG_SCREEN_SHARE_OFF);
  set_error (self, error);
  snug_local_screen_set_source (self->screen, none);
  snug_local_screen_set_frozen (self->screen, FALSE);
  close_cast (self);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
on_screen_active (SnugScreenShare *self)
{
  if (self->state == SNUG_SCREEN_SHARE_ASKING && snug_local_screen_get_active (self->screen))
    set_state (self, SNUG_SCREEN_SHARE_SHARING);
}

static void
on_screen_error (SnugScreenShare *self)
{
  const GError *error = snug_local_screen_get_error (self->screen);

  if (self->state != SNUG_SCREEN_SHARE_OFF && error != NULL)
    end (self, g_error_copy (error));
}

/* A Wayland session's X server shows windows, not the screen. */
static gboolean
has_x11 (void)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("ximagesrc");
  const char *display = g_getenv ("DISPLAY");
  const char *wayland = g_getenv ("WAYLAND_DISPLAY");

  return factory != NULL && !snug_portal_is_sandboxed () && display != NULL && *display != '\0'
         && (wayland == NULL || *wayland == '\0')
         && g_strcmp0 (g_getenv ("XDG_SESSION_TYPE"), "wayland") != 0;
}

static void
capture (SnugScreenShare *self, SnugMediaSourceType type)
{
  g_autoptr (SnugMediaSource) source = snug_media_source_new (type, NULL);

  snug_local_screen_set_source (self->screen, source);
}

/* What a portal says, as a person is told. Returns: (transfer full) (nullable): NULL: it is what the person wanted. */
static GError *
explain (const GError *error)
{
  SnugMediaError code = SNUG_MEDIA_ERROR_FAILED;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    code = SNUG_MEDIA_ERROR_NO_DEVICE;
  else if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
    code = SNUG_MEDIA_ERROR_DENIED;

  return g_error_new (SNUG_MEDIA_ERROR, code, "The screen can't be shared: %s", error->message);
}

static void
on_cast_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugScreenShare) self = user_data;
  SnugScreenCast *cast = SNUG_SCREEN_CAST (source);
  g_autofree char *restore_token = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugPipewireNode) node = snug_screen_cast_start_finish (cast, result, &restore_token, &error);
  g_autoptr (SnugMediaSource) media_source = NULL;

  /* Stopped in the meantime, and perhaps begun anew. */
  if (self->cast != cast)
    return;
  if (node != NULL)
    {
      snug_screen_share_set_restore_token (self, restore_token);
      media_source = snug_media_source_new_for_node (node);
      snug_local_screen_set_source (self->screen, media_source);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) && self->way == SNUG_SCREEN_SHARE_AUTO
           && has_x11 ())
    {
      close_cast (self);
      capture (self, SNUG_MEDIA_SOURCE_X11);
    }
  else
    {
      end (self, explain (error));
    }
}

static void
ask (SnugScreenShare *self, const char *parent_window)
{
  self->cast = snug_screen_cast_new ();
  g_signal_connect_swapped (self->cast, "closed", G_CALLBACK (on_cast_closed), self);
  snug_screen_cast_start_async (self->cast, parent_window, self->restore_token, on_cast_started,
                                g_object_ref (self));
}

static void
set_available (SnugScreenShare *self, gboolean available)
{
  if (self->available == available)
    return;
  self->available = available;
  notify (self, PROP_AVAILABLE);
}

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugScreenShare) self = user_data;

  set_available (self, snug_screen_cast_probe_finish (result) || has_x11 ());
}

/* Asking starts the desktop's portals, which a call that shares nothing has no need of. */
static void
probe (SnugScreenShare *self)
{
  if (self->probe != NULL || self->screen == NULL)
    return;
  self->probe = g_cancellable_new ();
  snug_screen_cast_probe_async (self->probe, on_probed, g_object_ref (self));
}

void
snug_screen_share_start (SnugScreenShare *self, const char *parent_window)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_SCREEN_SHARE (self));

  if (self->state != SNUG_SCREEN_SHARE_OFF)
    return;

  set_error (self, NULL);
  set_state (self, SNUG_SCREEN_SHARE_ASKING);
  if (self->way == SNUG_SCREEN_SHARE_TEST)
    capture (self, SNUG_MEDIA_SOURCE_TEST);
  else if (self->way == SNUG_SCREEN_SHARE_X11)
    capture (self, SNUG_MEDIA_SOURCE_X11);
  else
    ask (self, parent_window);
}

void
snug_screen_share_stop (SnugScreenShare *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_SCREEN_SHARE (self));

  if (self->state != SNUG_SCREEN_SHARE_OFF)
    end (self, NULL);
}

void
snug_screen_share_set_paused (SnugScreenShare *self, gboolean paused)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_SCREEN_SHARE (self));

  if (self->state != SNUG_SCREEN_SHARE_SHARING && self->state != SNUG_SCREEN_SHARE_PAUSED)
    return;

  snug_local_screen_set_frozen (self->screen, paused);
  set_state (self, paused ? SNUG_SCREEN_SHARE_PAUSED : SNUG_SCREEN_SHARE_SHARING);
}

static void
snug_screen_share_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugScreenShare *self = SNUG_SCREEN_SHARE (object);

  switch ((SnugScreenShareProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_MODE:
      g_value_set_enum (value, self->mode);
      break;
    case PROP_AVAILABLE:
      g_value_set_boolean (value, snug_screen_share_get_available (self));
      break;
    case PROP_RESTORE_TOKEN:
      g_value_set_string (value, self->restore_token);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_screen_share_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugScreenShare *self = SNUG_SCREEN_SHARE (object);

  switch ((SnugScreenShareProperty) prop_id)
    {
    case PROP_MODE:
      snug_screen_share_set_mode (self, g_value_get_enum (value));
      break;
    case PROP_RESTORE_TOKEN:
      snug_screen_share_set_restore_token (self, g_value_get_string (value));
      break;
    case PROP_STATE:
    case PROP_ERROR:
    case PROP_AVAILABLE:
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_screen_share_dispose (GObject *object)
{
  SnugScreenShare *self = SNUG_SCREEN_SHARE (object);

  if (self->screen != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->screen, self);
      if (self->state != SNUG_SCREEN_SHARE_OFF)
        end (self, NULL);
    }
  if (self->probe != NULL)
    g_cancellable_cancel (self->probe);
  g_clear_object (&self->screen);
  g_clear_object (&self->local_media);

  G_OBJECT_CLASS (snug_screen_share_parent_class)->dispose (object);
}

static void
snug_screen_share_finalize (GObject *object)
{
  SnugScreenShare *self = SNUG_SCREEN_SHARE (object);

  g_clear_object (&self->probe);
  g_clear_error (&self->error);
  g_free (self->restore_token);

  G_OBJECT_CLASS (snug_screen_share_parent_class)->finalize (object);
}

static void
snug_screen_share_class_init (SnugScreenShareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags write = read | G_PARAM_WRITABLE;

  object_class->get_property = snug_screen_share_get_property;
  object_class->set_property = snug_screen_share_set_property;
  object_class->dispose = snug_screen_share_dispose;
  object_class->finalize = snug_screen_share_finalize;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_SCREEN_SHARE_STATE,
                                              SNUG_SCREEN_SHARE_OFF, read);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, read);
  properties[PROP_MODE]
      = g_param_spec_enum ("mode", NULL, NULL, SNUG_TYPE_SCREEN_MODE, SNUG_SCREEN_TEXT, write);
  properties[PROP_AVAILABLE] = g_param_spec_boolean ("available", NULL, NULL, FALSE, read);
  properties[PROP_RESTORE_TOKEN] = g_param_spec_string ("restore-token", NULL, NULL, NULL, write);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_screen_share_init (SnugScreenShare *self)
{
  self->available = has_x11 ();
}

SnugScreenShare *
snug_screen_share_new (SnugLocalMedia *local_media)
{
  SnugScreenShare *self;

  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (local_media), NULL);

  self = g_object_new (SNUG_TYPE_SCREEN_SHARE, NULL);
  self->local_media = g_object_ref (local_media);
  self->screen = g_object_ref (snug_local_media_get_screen (local_media));
  g_signal_connect_swapped (self->screen, "notify::active", G_CALLBACK (on_screen_active), self);
  g_signal_connect_swapped (self->screen, "notify::error", G_CALLBACK (on_screen_error), self);

  return self;
}

void
snug_screen_share_set_way (SnugScreenShare *self, SnugScreenShareWay way)
{
  g_return_if_fail (SNUG_IS_SCREEN_SHARE (self));

  self->way = way;
}

void
snug_screen_share_set_mode (SnugScreenShare *self, SnugScreenMode mode)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_SCREEN_SHARE (self));
  g_return_if_fail (mode == SNUG_SCREEN_TEXT || mode == SNUG_SCREEN_MOTION);

  if (self->mode == mode)
    return;
  self->mode = mode;
  snug_local_screen_set_mode (self->screen, mode);
  notify (self, PROP_MODE);
}

void
snug_screen_share_set_restore_token (SnugScreenShare *self, const char *restore_token)
{
  g_return_if_fail (SNUG_IS_SCREEN_SHARE (self));

  if (restore_token != NULL && *restore_token == '\0')
    restore_token = NULL;
  if (g_strcmp0 (self->restore_token, restore_token) == 0)
    return;
  g_free (self->restore_token);
  self->restore_token = g_strdup (restore_token);
  notify (self, PROP_RESTORE_TOKEN);
}

SnugScreenShareState
snug_screen_share_get_state (SnugScreenShare *self)
{
  g_return_val_if_fail (SNUG_IS_SCREEN_SHARE (self), SNUG_SCREEN_SHARE_OFF);

  return self->state;
}

const GError *
snug_screen_share_get_error (SnugScreenShare *self)
{
  g_return_val_if_fail (SNUG_IS_SCREEN_SHARE (self), NULL);

  return self->error;
}

SnugScreenMode
snug_screen_share_get_mode (SnugScreenShare *self)
{
  g_return_val_if_fail (SNUG_IS_SCREEN_SHARE (self), SNUG_SCREEN_TEXT);

  return self->mode;
}

gboolean
snug_screen_share_get_available (SnugScreenShare *self)
{
  g_return_val_if_fail (SNUG_IS_SCREEN_SHARE (self), FALSE);

  probe (self);

  return self->available;
}

const char *
snug_screen_share_get_restore_token (SnugScreenShare *self)
{
  g_return_val_if_fail (SNUG_IS_SCREEN_SHARE (self), NULL);

  return self->restore_token;
}

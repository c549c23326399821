/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-sound-server.h"

#include <pulse/glib-mainloop.h>
#include <pulse/pulseaudio.h>

#include "snug-engine.h"

#define RETRY_SECONDS 5

struct _SnugSoundServer
{
  GObject parent_instance;

  pa_glib_mainloop *mainloop;
  pa_context *context; /* NULL: none between two tries */
  char *default_source;
  char *default_sink;
  guint retry_id;
};

typedef enum
{
  PROP_DEFAULT_SOURCE = 1,
  PROP_DEFAULT_SINK
} SnugSoundServerProperty;

static GParamSpec *properties[PROP_DEFAULT_SINK + 1];

/* What snug_sound_server_get() hands out, while anybody holds it. */
static SnugSoundServer *shared;

G_DEFINE_FINAL_TYPE (SnugSoundServer, snug_sound_server, G_TYPE_OBJECT)

static void
set_name (SnugSoundServer *self, char **name, const char *value, SnugSoundServerProperty prop)
{
  if (value != NULL && *value == '\0')
    value = NULL;
  if (g_strcmp0 (*name, value) == 0)
    return;

  g_free (*name);
  *name = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop]);
}

static void
on_server_info (pa_context *context, const pa_server_info *info, void *user_data)
{
  SnugSoundServer *self = user_data;

  if (info == NULL)
    return;

  g_object_ref (self);
  set_name (self, &self->default_source, info->default_source_name, PROP_DEFAULT_SOURCE);
  set_name (self, &self->default_sink, info->default_sink_name, PROP_DEFAULT_SINK);
  g_object_unref (self);
}

/* Nobody waits for an operation: its answer is the callback's, or does not come, when the connection is lost. */
static void
forget_operation (pa_operation *operation)
{
  if (operation != NULL)
    pa_operation_unref (operation);
}

static void
ask (SnugSoundServer *self)
{
  forget_operation (pa_context_get_server_info (self->context, on_server_info, self));
}

static void
on_event (pa_context *context, pa_subscription_event_type_t type, uint32_t index, void *user_data)
{
  ask (user_data);
}

/* Not in a callback of the context: frees it. */
static void
drop_context (SnugSoundServer *self)
{
  if (self->context == NULL)
    return;

  pa_context_set_state_callback (self->context, NULL, NULL);
  pa_context_set_subscribe_callback (self->context, NULL, NULL);
  pa_context_disconnect (self->context);
  g_clear_pointer (&self->context, pa_context_unref);
}

static void begin (SnugSoundServer *self);

static gboolean
on_retry (gpointer user_data)
{
  SnugSoundServer *self = user_data;

  self->retry_id = 0;
  drop_context (self);
  begin (self);

  return G_SOURCE_REMOVE;
}

static void
try_again_later (SnugSoundServer *self)
{
  if (self->retry_id == 0)
    self->retry_id = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
}

static void
on_state (pa_context *context, void *user_data)
{
  SnugSoundServer *self = user_data;
  pa_context_state_t state = pa_context_get_state (context);

  if (state == PA_CONTEXT_READY)
    {
      forget_operation (pa_context_subscribe (context, PA_SUBSCRIPTION_MASK_SERVER, NULL, NULL));
      ask (self);
    }
  else if (!PA_CONTEXT_IS_GOOD (state))
    {
      /* What it said last stands until there is one that says more. */
      try_again_later (self);
    }
}

static void
begin (SnugSoundServer *self)
{
  self->context = pa_context_new (pa_glib_mainloop_get_api (self->mainloop), g_get_prgname ());
  if (self->context == NULL)
    {
      try_again_later (self);
      return;
    }

  pa_context_set_state_callback (self->context, on_state, self);
  pa_context_set_subscribe_callback (self->context, on_event, self);
  if (pa_context_connect (self->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0)
    try_again_later (self);
}

static void
snug_sound_server_dispose (GObject *object)
{
  SnugSoundServer *self = SNUG_SOUND_SERVER (object);

  g_warn_if_fail (snug_engine_is_main_thread ());

  if (shared == self)
    shared = NULL;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  drop_context (self);

  G_OBJECT_CLASS (snug_sound_server_parent_class)->dispose (object);
}

static void
snug_sound_server_finalize (GObject *object)
{
  SnugSoundServer *self = SNUG_SOUND_SERVER (object);

  pa_glib_mainloop_free (self->mainloop);
  g_free (self->default_source);
  g_free (self->default_sink);

  G_OBJECT_CLASS (snug_sound_server_parent_class)->finalize (object);
}

static void
snug_sound_server_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugSoundServer *self = SNUG_SOUND_SERVER (object);

  switch ((SnugSoundServerProperty) prop_id)
    {
    case PROP_DEFAULT_SOURCE:
      g_value_set_string (value, self->default_source);
      break;
    case PROP_DEFAULT_SINK:
      g_value_set_string (value, self->default_sink);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_sound_server_class_init (SnugSoundServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = snug_sound_server_dispose;
  object_class->finalize = snug_sound_server_finalize;
  object_class->get_property = snug_sound_server_get_property;

  properties[PROP_DEFAULT_SOURCE] = g_param_spec_string ("default-source", NULL, NULL, NULL, flags);
  properties[PROP_DEFAULT_SINK] = g_param_spec_string ("default-sink", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_sound_server_init (SnugSoundServer *self)
{
  self->mainloop = pa_glib_mainloop_new (NULL);
}

SnugSoundServer *
snug_sound_server_get (void)
{
  g_return_val_if_fail (snug_engine_is_main_thread (), NULL);

  if (shared != NULL)
    return g_object_ref (shared);

  shared = g_object_new (SNUG_TYPE_SOUND_SERVER, NULL);
  begin (shared);

  return shared;
}

const char *
snug_sound_server_get_default_source (SnugSoundServer *self)
{
  g_return_val_if_fail (SNUG_IS_SOUND_SERVER (self), NULL);

  return self->default_source;
}

const char *
snug_sound_server_get_default_sink (SnugSoundServer *self)
{
  g_return_val_if_fail (SNUG_IS_SOUND_SERVER (self), NULL);

  return self->default_sink;
}

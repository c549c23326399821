/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-push-to-talk.h"

enum
{
  PROP_TALKING = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugPushToTalk
{
  GObject parent_instance;

  SnugLocalMedia *media;
  gboolean talking;
};

G_DEFINE_FINAL_TYPE (SnugPushToTalk, snug_push_to_talk, G_TYPE_OBJECT)

static void
set_talking (SnugPushToTalk *self, gboolean talking)
{
  if (self->talking == talking)
    return;
  self->talking = talking;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TALKING]);
}

/* Somebody turned the microphone off in the meantime: the release has nothing to undo. */
static void
on_audio_enabled (SnugPushToTalk *self)
{
  if (!snug_local_media_get_audio_enabled (self->media))
    set_talking (self, FALSE);
}

static void
snug_push_to_talk_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TALKING:
      g_value_set_boolean (value, SNUG_PUSH_TO_TALK (object)->talking);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_push_to_talk_dispose (GObject *object)
{
  SnugPushToTalk *self = SNUG_PUSH_TO_TALK (object);

  /* Nobody is heard because an object went away. */
  if (self->media != NULL)
    snug_push_to_talk_release (self, FALSE);
  g_clear_object (&self->media);
  G_OBJECT_CLASS (snug_push_to_talk_parent_class)->dispose (object);
}

static void
snug_push_to_talk_class_init (SnugPushToTalkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_push_to_talk_get_property;
  object_class->dispose = snug_push_to_talk_dispose;
  properties[PROP_TALKING] = g_param_spec_boolean ("talking", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_push_to_talk_init (SnugPushToTalk *self)
{
}

SnugPushToTalk *
snug_push_to_talk_new (SnugLocalMedia *media)
{
  SnugPushToTalk *self;

  g_return_val_if_fail (SNUG_IS_LOCAL_MEDIA (media), NULL);

  self = g_object_new (SNUG_TYPE_PUSH_TO_TALK, NULL);
  self->media = g_object_ref (media);
  g_signal_connect_object (media, "notify::audio-enabled", G_CALLBACK (on_audio_enabled), self, G_CONNECT_SWAPPED);
  return self;
}

void
snug_push_to_talk_press (SnugPushToTalk *self)
{
  g_return_if_fail (SNUG_IS_PUSH_TO_TALK (self));

  if (self->talking || snug_local_media_get_audio_enabled (self->media))
    return;
  snug_local_media_set_audio_enabled (self->media, TRUE);
  set_talking (self, TRUE);
}

void
snug_push_to_talk_release (SnugPushToTalk *self, gboolean keep)
{
  g_return_if_fail (SNUG_IS_PUSH_TO_TALK (self));

  if (!self->talking)
    return;
  set_talking (self, FALSE);
  if (!keep)
    snug_local_media_set_audio_enabled (self->media, FALSE);
}

gboolean
snug_push_to_talk_get_talking (SnugPushToTalk *self)
{
  g_return_val_if_fail (SNUG_IS_PUSH_TO_TALK (self), FALSE);
  return self->talking;
}

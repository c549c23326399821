/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-sounds.h"

#include "snug-chime.h"
#include "snug-clip-player.h"
#include "snug-engine.h"

/* Soft: well below a voice. */
static const SnugChimeNote join_notes[] = {
  { .hertz = 523.25, .start = 0.0, .seconds = 0.45, .peak = 0.14 },
  { .hertz = 783.99, .start = 0.12, .seconds = 0.55, .peak = 0.14 },
};
static const SnugChimeNote leave_notes[] = {
  { .hertz = 783.99, .start = 0.0, .seconds = 0.45, .peak = 0.12 },
  { .hertz = 523.25, .start = 0.12, .seconds = 0.55, .peak = 0.12 },
};
static const SnugChimeNote message_notes[] = {
  { .hertz = 1046.5, .start = 0.0, .seconds = 0.3, .peak = 0.1 },
};

static const struct
{
  const SnugChimeNote *notes;
  gsize n_notes;
} chimes[SNUG_N_SOUNDS] = {
  [SNUG_SOUND_JOIN] = { join_notes, G_N_ELEMENTS (join_notes) },
  [SNUG_SOUND_LEAVE] = { leave_notes, G_N_ELEMENTS (leave_notes) },
  [SNUG_SOUND_MESSAGE] = { message_notes, G_N_ELEMENTS (message_notes) },
};

typedef struct
{
  GBytes *samples;        /* NULL: not needed so far */
  SnugClipPlayer *player; /* NULL: not playing */
} SnugSoundSlot;

struct _SnugSounds
{
  GObject parent_instance;

  SnugAudioOutput *output;
  gboolean enabled;
  SnugSoundSlot slots[SNUG_N_SOUNDS];
};

typedef enum
{
  PROP_ENABLED = 1
} SnugSoundsProperty;

static GParamSpec *properties[PROP_ENABLED + 1];

G_DEFINE_FINAL_TYPE (SnugSounds, snug_sounds, G_TYPE_OBJECT)

static void
on_done (gpointer user_data)
{
  SnugSoundSlot *slot = user_data;

  g_clear_pointer (&slot->player, snug_clip_player_free);
}

static void
stop_all (SnugSounds *self)
{
  for (guint i = 0; i < SNUG_N_SOUNDS; i++)
    g_clear_pointer (&self->slots[i].player, snug_clip_player_free);
}

static void
snug_sounds_dispose (GObject *object)
{
  SnugSounds *self = SNUG_SOUNDS (object);

  stop_all (self);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (snug_sounds_parent_class)->dispose (object);
}

static void
snug_sounds_finalize (GObject *object)
{
  SnugSounds *self = SNUG_SOUNDS (object);

  for (guint i = 0; i < SNUG_N_SOUNDS; i++)
    g_clear_pointer (&self->slots[i].samples, g_bytes_unref);

  G_OBJECT_CLASS (snug_sounds_parent_class)->finalize (object);
}

static void
snug_sounds_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugSounds *self = SNUG_SOUNDS (object);

  switch ((SnugSoundsProperty) prop_id)
    {
    case PROP_ENABLED:
      g_value_set_boolean (value, self->enabled);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_sounds_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugSounds *self = SNUG_SOUNDS (object);

  switch ((SnugSoundsProperty) prop_id)
    {
    case PROP_ENABLED:
      snug_sounds_set_enabled (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_sounds_class_init (SnugSoundsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_sounds_dispose;
  object_class->finalize = snug_sounds_finalize;
  object_class->get_property = snug_sounds_get_property;
  object_class->set_property = snug_sounds_set_property;

  properties[PROP_ENABLED]
      = g_param_spec_boolean ("enabled", NULL, NULL, TRUE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_sounds_init (SnugSounds *self)
{
  self->enabled = TRUE;
}

SnugSounds *
snug_sounds_new (SnugAudioOutput *output)
{
  SnugSounds *self;

  g_return_val_if_fail (SNUG_IS_AUDIO_OUTPUT (output), NULL);

  self = g_object_new (SNUG_TYPE_SOUNDS, NULL);
  self->output = g_object_ref (output);

  return self;
}

void
snug_sounds_play (SnugSounds *self, SnugSound sound)
{
  SnugSoundSlot *slot;

  g_return_if_fail (SNUG_IS_SOUNDS (self));
  g_return_if_fail ((guint) sound < SNUG_N_SOUNDS);
  g_return_if_fail (snug_engine_is_main_thread ());

  slot = &self->slots[sound];
  if (!self->enabled || slot->player != NULL)
    return;

  if (slot->samples == NULL)
    slot->samples = snug_chime_render (chimes[sound].notes, chimes[sound].n_notes);
  slot->player = snug_clip_player_new (self->output, slot->samples, on_done, slot);
}

void
snug_sounds_set_enabled (SnugSounds *self, gboolean enabled)
{
  g_return_if_fail (SNUG_IS_SOUNDS (self));
  g_return_if_fail (snug_engine_is_main_thread ());

  enabled = enabled != FALSE;
  if (self->enabled == enabled)
    return;

  self->enabled = enabled;
  if (!enabled)
    stop_all (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENABLED]);
}

gboolean
snug_sounds_get_enabled (SnugSounds *self)
{
  g_return_val_if_fail (SNUG_IS_SOUNDS (self), FALSE);

  return self->enabled;
}

gboolean
snug_sounds_is_playing (SnugSounds *self, SnugSound sound)
{
  g_return_val_if_fail (SNUG_IS_SOUNDS (self), FALSE);
  g_return_val_if_fail ((guint) sound < SNUG_N_SOUNDS, FALSE);

  return self->slots[sound].player != NULL;
}

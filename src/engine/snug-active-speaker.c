/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-active-speaker.h"

#include "snug-engine.h"
#include "snug-speaker-choice.h"

/* As often as the levels change. */
#define INTERVAL_MS 100

struct _SnugActiveSpeaker
{
  GObject parent_instance;

  GListModel *peers;
  GPtrArray *known; /* SnugPeer, as the list had them last */
  SnugSpeakerChoice *choice;
  SnugPeer *peer;
  guint timeout_id; /* 0: there is nobody */
};

typedef enum
{
  PROP_PEER = 1
} SnugActiveSpeakerProperty;

static GParamSpec *properties[PROP_PEER + 1];

G_DEFINE_FINAL_TYPE (SnugActiveSpeaker, snug_active_speaker, G_TYPE_OBJECT)

static void
update_peer (SnugActiveSpeaker *self, gint64 now)
{
  gconstpointer chosen = snug_speaker_choice_choose (self->choice, now);

  if (g_set_object (&self->peer, (SnugPeer *) chosen))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PEER]);
}

static gboolean
on_tick (gpointer user_data)
{
  SnugActiveSpeaker *self = user_data;
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < self->known->len; i++)
    {
      SnugPeer *peer = g_ptr_array_index (self->known, i);

      snug_speaker_choice_set_level (self->choice, peer, now, snug_peer_get_audio_level (peer));
    }
  update_peer (self, now);

  return G_SOURCE_CONTINUE;
}

static void
on_peers_changed (SnugActiveSpeaker *self, guint position, guint n_removed, guint n_added)
{
  for (guint i = 0; i < n_removed; i++)
    snug_speaker_choice_remove (self->choice, g_ptr_array_index (self->known, position + i));
  if (n_removed > 0)
    g_ptr_array_remove_range (self->known, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (self->known, position + i, g_list_model_get_item (self->peers, position + i));

  if (self->known->len == 0)
    g_clear_handle_id (&self->timeout_id, g_source_remove);
  else if (self->timeout_id == 0)
    self->timeout_id = g_timeout_add (INTERVAL_MS, on_tick, self);
  update_peer (self, g_get_monotonic_time ());
}

static void
snug_active_speaker_dispose (GObject *object)
{
  SnugActiveSpeaker *self = SNUG_ACTIVE_SPEAKER (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (self->peers != NULL)
    g_signal_handlers_disconnect_by_data (self->peers, self);
  g_clear_object (&self->peers);
  g_ptr_array_set_size (self->known, 0);
  g_clear_object (&self->peer);

  G_OBJECT_CLASS (snug_active_speaker_parent_class)->dispose (object);
}

static void
snug_active_speaker_finalize (GObject *object)
{
  SnugActiveSpeaker *self = SNUG_ACTIVE_SPEAKER (object);

  g_ptr_array_unref (self->known);
  snug_speaker_choice_free (self->choice);

  G_OBJECT_CLASS (snug_active_speaker_parent_class)->finalize (object);
}

static void
snug_active_speaker_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugActiveSpeaker *self = SNUG_ACTIVE_SPEAKER (object);

  switch ((SnugActiveSpeakerProperty) prop_id)
    {
    case PROP_PEER:
      g_value_set_object (value, self->peer);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_active_speaker_class_init (SnugActiveSpeakerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_active_speaker_dispose;
  object_class->finalize = snug_active_speaker_finalize;
  object_class->get_property = snug_active_speaker_get_property;

  properties[PROP_PEER]
      = g_param_spec_object ("peer", NULL, NULL, SNUG_TYPE_PEER,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
snug_active_speaker_init (SnugActiveSpeaker *self)
{
  self->known = g_ptr_array_new_with_free_func (g_object_unref);
  self->choice = snug_speaker_choice_new ();
}

SnugActiveSpeaker *
snug_active_speaker_new (GListModel *peers)
{
  SnugActiveSpeaker *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (peers), NULL);
  g_return_val_if_fail (snug_engine_is_main_thread (), NULL);

  self = g_object_new (SNUG_TYPE_ACTIVE_SPEAKER, NULL);
  self->peers = g_object_ref (peers);
  g_signal_connect_swapped (peers, "items-changed", G_CALLBACK (on_peers_changed), self);
  on_peers_changed (self, 0, 0, g_list_model_get_n_items (peers));

  return self;
}

SnugPeer *
snug_active_speaker_get_peer (SnugActiveSpeaker *self)
{
  g_return_val_if_fail (SNUG_IS_ACTIVE_SPEAKER (self), NULL);

  return self->peer;
}

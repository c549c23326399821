/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-gestures.h"

#include "snug-token-bucket.h"

struct _SnugGestures
{
  GObject parent_instance;

  gboolean hand_raised;
  gint64 typing_until; /* 0: not typing */
  guint typing_id;

  SnugTokenBucket bucket;
  gboolean filled;
  gboolean flooded; /* said in the log */
};

G_DEFINE_FINAL_TYPE (SnugGestures, snug_gestures, G_TYPE_OBJECT)

typedef enum
{
  PROP_HAND_RAISED = 1,
  PROP_TYPING,
  N_PROPS
} SnugGesturesProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_REACTION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
on_typing_timeout (gpointer user_data)
{
  SnugGestures *self = user_data;

  self->typing_id = 0;
  snug_gestures_end_typing (self);

  return G_SOURCE_REMOVE;
}

static void
receive_typing (SnugGestures *self, gint64 now)
{
  gboolean was_typing = snug_gestures_get_typing (self);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_until = now + SNUG_TYPING_SECONDS * G_USEC_PER_SEC;
  self->typing_id = g_timeout_add_seconds (SNUG_TYPING_SECONDS, on_typing_timeout, self);
  if (!was_typing)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPING]);
}

void
snug_gestures_end_typing (SnugGestures *self)
{
  g_return_if_fail (SNUG_IS_GESTURES (self));

  g_clear_handle_id (&self->typing_id, g_source_remove);
  if (!snug_gestures_get_typing (self))
    return;
  self->typing_until = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPING]);
}

void
snug_gestures_expire (SnugGestures *self, gint64 now)
{
  g_return_if_fail (SNUG_IS_GESTURES (self));

  if (now >= self->typing_until)
    snug_gestures_end_typing (self);
}

static gboolean
take_token (SnugGestures *self, gint64 now)
{
  if (!self->filled)
    snug_token_bucket_init (&self->bucket, SNUG_GESTURE_RATE, SNUG_GESTURE_BURST, now);
  self->filled = TRUE;
  if (snug_token_bucket_take (&self->bucket, now))
    return TRUE;

  if (!self->flooded)
    g_info ("Somebody sends more reactions, hands and typing notices than allowed; these are dropped");
  self->flooded = TRUE;

  return FALSE;
}

void
snug_gestures_receive (SnugGestures *self, SnugPeerMessage *message, gint64 now)
{
  g_return_if_fail (SNUG_IS_GESTURES (self));
  g_return_if_fail (message != NULL);

  if (!take_token (self, now))
    return;

  if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_REACTION)
    g_signal_emit (self, signals[SIGNAL_REACTION], 0, snug_peer_message_get_emoji (message));
  else if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_TYPING)
    {
      if (snug_peer_message_get_active (message))
        receive_typing (self, now);
      else
        snug_gestures_end_typing (self);
    }
  else if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_HAND
           && self->hand_raised != snug_peer_message_get_active (message))
    {
      self->hand_raised = snug_peer_message_get_active (message);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAND_RAISED]);
    }
}

static void
snug_gestures_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugGestures *self = SNUG_GESTURES (object);

  switch ((SnugGesturesProperty) prop_id)
    {
    case PROP_HAND_RAISED:
      g_value_set_boolean (value, self->hand_raised);
      break;
    case PROP_TYPING:
      g_value_set_boolean (value, snug_gestures_get_typing (self));
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_gestures_finalize (GObject *object)
{
  SnugGestures *self = SNUG_GESTURES (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);

  G_OBJECT_CLASS (snug_gestures_parent_class)->finalize (object);
}

static void
snug_gestures_class_init (SnugGesturesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_gestures_get_property;
  object_class->finalize = snug_gestures_finalize;

  properties[PROP_HAND_RAISED] = g_param_spec_boolean ("hand-raised", NULL, NULL, FALSE, flags);
  properties[PROP_TYPING] = g_param_spec_boolean ("typing", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_REACTION] = g_signal_new ("reaction", SNUG_TYPE_GESTURES, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
snug_gestures_init (SnugGestures *self)
{
}

SnugGestures *
snug_gestures_new (void)
{
  return g_object_new (SNUG_TYPE_GESTURES, NULL);
}

gboolean
snug_gestures_get_hand_raised (SnugGestures *self)
{
  g_return_val_if_fail (SNUG_IS_GESTURES (self), FALSE);

  return self->hand_raised;
}

gboolean
snug_gestures_get_typing (SnugGestures *self)
{
  g_return_val_if_fail (SNUG_IS_GESTURES (self), FALSE);

  return self->typing_until != 0;
}
